#include "apps/cli/extension_commands.h"

#include <memory>

#include "apps/cli/extension.h"
#include "apps/cli/on_service.h"

namespace batchyard::cli {

namespace {

constexpr const char* extension_footer = R"(Examples:
  batchyard extension register Contoso/LicenceClient --script licence.sh         run as root before a pool's start task
  batchyard extension register Microsoft.HpcCompute/NvidiaGpuDriverLinux --script driver.sh --reboots
  batchyard up --install-drivers                                                 has handlers of its own for drivers)";

struct ExtensionWords {
  Connection connection;
  ExtensionOptions options;
  std::string output = "table";
};

}  // namespace

void add_extension_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<ExtensionWords>();
  CLI::App* parent = program.add_subcommand(
      "extension", "what runs VM extensions of pools on their nodes (docs/extensions.md)");
  parent->require_subcommand(1);
  parent->footer(extension_footer);

  CLI::App* add = parent->add_subcommand("register", "a script for a publisher and type");
  add->add_option("--script", words->options.script, "a file; - reads what comes in")->required();
  add->add_flag("--reboots", words->options.reboots,
                "the node starts anew once the script has succeeded");
  CLI::App* remove = parent->add_subcommand("remove", "the script of a publisher and type");
  for (CLI::App* command : {add, remove})
    command->add_option("extension", words->options.name, "PUBLISHER/TYPE, as pools name it")
        ->required();
  on_service(*add, words->connection, code,
             [words](ApiClient& api) { return register_extension(api, words->options); });
  on_service(*remove, words->connection, code,
             [words](ApiClient& api) { return remove_extension(api, words->options); });

  CLI::App* list = parent->add_subcommand("list", "all of them");
  list->add_option("-o,--output", words->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  on_service(*list, words->connection, code, [words](ApiClient& api) {
    return list_extensions(api, words->output == "json" ? Output::json : Output::table);
  });
}

}  // namespace batchyard::cli
