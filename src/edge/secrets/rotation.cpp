#include "edge/secrets/rotation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "edge/registry/sqlite_registry.h"
#include "edge/seal/key_file.h"
#include "edge/seal/sealed_file.h"
#include "edge/secrets/open_seal.h"
#include "edge/store/sqlite_store.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;
using SealPart = std::shared_ptr<const Seal>;

// The directories of the other accounts, those of removed ones that are not yet gone among them.
std::vector<std::string> other_accounts(const std::string& data_dir) {
  std::vector<std::string> directories;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(data_dir + "/accounts", none)) {
    if (fs::exists(entry.path() / "batchyard.db", none)) directories.push_back(entry.path());
  }
  return directories;
}

Result<bool> reseal_files(const std::string& directory, const Seal& seal, const GoOn& go_on) {
  for (const std::string_view name : sealed_files) {
    const std::string held = bytes_of_file(fmt::format("{}/{}", directory, name));
    if (held.empty() || seal.is_current(held)) continue;
    TRY(read_sealed_file(directory, name, seal));
    if (!go_on()) return false;
  }
  return true;
}

Result<bool> reseal_account(const std::string& directory, const SealPart& seal, const GoOn& go_on) {
  if (!TRY(reseal_files(directory, *seal, go_on))) return false;
  return reseal_store(directory, seal, go_on);
}

Result<bool> reseal_everything(const std::string& data_dir, const SealPart& seal,
                               const GoOn& go_on) {
  if (!TRY(reseal_account(data_dir, seal, go_on))) return false;
  for (const std::string& directory : other_accounts(data_dir)) {
    const std::unique_ptr<SqliteStore> held = TRY(SqliteStore::open(directory, seal));
    if (!TRY(reseal_account(directory, seal, go_on))) return false;
  }
  const std::string registry_file = data_dir + "/registry.db";
  if (access(registry_file.c_str(), F_OK) != 0) return true;
  const std::unique_ptr<SqliteRegistry> registry = TRY(SqliteRegistry::open(registry_file, seal));
  TRY(registry->reseal());
  return go_on();
}

}  // namespace

Result<bool> rotate_key(const std::string& data_dir, const std::string& key_file,
                        const GoOn& go_on) {
  const SealPart before = TRY(open_seal(data_dir, key_file));
  // Held to the end: no service starts meanwhile.
  const std::unique_ptr<SqliteStore> held = TRY(SqliteStore::open(data_dir, before));
  std::vector<std::string> keys = TRY(read_key_file(key_file));
  if (keys.size() == 1) {
    keys.insert(keys.begin(), new_seal_key());
    TRY(write_key_file(key_file, keys));
    if (!go_on()) return false;
  }
  const auto seal = std::make_shared<const Seal>(keys, key_file);
  if (!TRY(reseal_everything(data_dir, seal, go_on))) return false;
  TRY(write_key_file(key_file, {keys.front()}));
  return true;
}

}  // namespace batchyard::edge
