#include "apps/cli/secrets_commands.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/up.h"
#include "edge/secrets/open_seal.h"
#include "edge/secrets/rotation.h"

namespace batchyard::cli {

namespace {

struct SecretsWords {
  std::string data_dir;
  std::string key_file;
};

Result<> rotate(SecretsWords words) {
  if (words.data_dir.empty()) words.data_dir = default_data_dir();
  if (words.key_file.empty()) words.key_file = edge::default_key_file(words.data_dir);
  std::error_code none;
  if (!std::filesystem::exists(words.data_dir + "/batchyard.db", none))
    return fail(Kind::invalid, "",
                fmt::format("there is no data directory {}. Give --data-dir that of the service.",
                            words.data_dir));
  TRY(edge::rotate_key(words.data_dir, words.key_file));
  fmt::print(
      "{} is sealed under a new key, which is in {}. Keep a copy; the old one opens nothing "
      "any more.\n",
      words.data_dir, words.key_file);
  return Done();
}

}  // namespace

void add_secrets_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<SecretsWords>();
  CLI::App* parent =
      program.add_subcommand("secrets", "the key that seals a data directory (docs/security.md)");
  parent->require_subcommand(1);
  CLI::App* command = parent->add_subcommand(
      "rotate",
      "seal everything under a new key, while the service is down; what was cut off goes "
      "on");
  command->add_option("--data-dir", words->data_dir,
                      "of the service (default: " + default_data_dir() + ")");
  command->add_option("--key-file", words->key_file,
                      "where the key lies (default: `key` in the data directory)");
  command->callback([words, &code] {
    const Result<> done = rotate(*words);
    code = done ? static_cast<int>(ExitCode::done) : report(done.error());
  });
}

}  // namespace batchyard::cli
