// What is sealed opens with its key, in its place and unchanged; a key file is its owner's alone;
// and changing the key may be cut off anywhere.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.h"
#include "edge/registry/sqlite_registry.h"
#include "edge/seal/key_file.h"
#include "edge/seal/sealed_file.h"
#include "edge/secrets/open_seal.h"
#include "edge/secrets/rotation.h"
#include "edge/store/sqlite_store.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

class Yard {
 public:
  Yard() {
    std::string pattern = fs::temp_directory_path() / "secrets-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Yard() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::string key_file() const { return default_key_file(path_); }

 private:
  std::string path_;
};

Seal seal_of(char letter) {
  return Seal({std::string(seal_key_size, letter)}, "the test");
}

std::string code_of(const auto& result) {
  return result ? "" : result.error().code;
}

TEST(SealTest, OpensWithItsKeyInItsPlaceUnchanged) {
  const Seal seal = seal_of('a');
  const std::string sealed = seal.seal("task/j/t", "hunter2");
  EXPECT_TRUE(is_sealed(sealed));
  EXPECT_EQ(sealed.size(), 7 + sealed_overhead);
  EXPECT_FALSE(sealed.contains("hunter2"));
  EXPECT_EQ(*seal.open("task/j/t", sealed), "hunter2");
  EXPECT_EQ(code_of(seal.open("task/j/u", sealed)), "SealBroken");
  EXPECT_EQ(code_of(seal_of('b').open("task/j/t", sealed)), "KeyFileWrong");
  for (std::size_t at = sealed_overhead - 28; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(code_of(seal.open("task/j/t", changed)), "SealBroken") << at;
  }
  EXPECT_EQ(*seal.open("task/j/t", seal.seal("task/j/t", "")), "");
}

TEST(SealTest, WhatWasNeverSealedIsReadAsItIs) {
  EXPECT_EQ(*seal_of('a').open("account", "plain"), "plain");
  EXPECT_EQ(*seal_of('a').open("account", ""), "");
}

TEST(SealTest, NoTwoAreSealedAlike) {
  const Seal seal = seal_of('a');
  std::set<std::string> all;
  for (int count = 0; count < 1000; ++count) all.insert(seal.seal("p", "same").substr(10, 12));
  all.insert(seal_of('a').seal("p", "same").substr(10, 12));
  EXPECT_EQ(all.size(), 1001U);
}

TEST(KeyFileTest, IsMadeOnceForItsOwnerAlone) {
  const Yard yard;
  ASSERT_TRUE(make_key_file(yard.key_file()));
  const auto first = read_key_file(yard.key_file());
  ASSERT_TRUE(first);
  ASSERT_TRUE(make_key_file(yard.key_file()));
  EXPECT_EQ(*read_key_file(yard.key_file()), *first);
  struct stat facts{};
  ASSERT_EQ(stat(yard.key_file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(yard.path()), {}), 1);
}

TEST(KeyFileTest, IsRefusedWhenOthersCanReadItOrItIsNone) {
  const Yard yard;
  ASSERT_TRUE(make_key_file(yard.key_file()));
  for (const mode_t mode : {0640, 0604, 0660}) {
    ASSERT_EQ(chmod(yard.key_file().c_str(), mode), 0);
    const auto refused = read_key_file(yard.key_file());
    ASSERT_EQ(code_of(refused), "KeyFileUnusable") << mode;
    EXPECT_TRUE(refused.error().message.contains("chmod 600")) << refused.error().message;
  }
  for (const char* text : {"", "# nothing\n", "hunter2\n", "aGk=\n"}) {
    ASSERT_TRUE(write_key_file(yard.key_file(), {}));
    std::ofstream(yard.key_file()) << text;
    const auto refused = read_key_file(yard.key_file());
    EXPECT_EQ(code_of(refused), "KeyFileUnusable") << text;
    EXPECT_FALSE(refused.error().message.contains("hunter2"));
  }
  EXPECT_EQ(code_of(read_key_file(yard.path())), "KeyFileUnusable");
}

TEST(KeyFileTest, IsNotMadeAnewWhereSomethingIsSealed) {
  const Yard yard;
  const auto seal = open_seal(yard.path(), yard.key_file());
  ASSERT_TRUE(seal);
  ASSERT_TRUE(write_sealed_file(yard.path(), account_file, "keys", **seal));
  fs::rename(yard.key_file(), yard.path() + "/elsewhere");
  EXPECT_EQ(code_of(open_seal(yard.path(), yard.key_file())), "KeyFileMissing");
  EXPECT_FALSE(fs::exists(yard.key_file()));
  EXPECT_TRUE(open_seal(yard.path(), yard.path() + "/elsewhere"));
  ASSERT_TRUE(make_key_file(yard.key_file()));
  EXPECT_EQ(code_of(open_seal(yard.path(), yard.key_file())), "KeyFileWrong");
}

// Two accounts with a pool each, a registry and every file.
constexpr int pools = 3;

void fill(const Yard& yard) {
  const auto seal = std::move(*open_seal(yard.path(), yard.key_file()));
  fs::create_directories(yard.path() + "/accounts/other");
  fs::create_directories(yard.path() + "/tls");
  for (const std::string& directory : {yard.path(), yard.path() + "/accounts/other"}) {
    const auto store = std::move(*SqliteStore::open(directory, seal));
    engine::Batch batch;
    for (int at = 0; at < pools; ++at)
      batch.puts.push_back({.key = {engine::EntityKind::pool, "", fmt::format("p{}", at)},
                            .version = at + 1,
                            .modified = {},
                            .spec = "hunter2",
                            .status = "{}",
                            .state = "active"});
    ASSERT_TRUE(store->commit(batch));
    ASSERT_TRUE(write_sealed_file(directory, account_file, "hunter2", *seal));
  }
  for (const std::string_view file : sealed_files)
    ASSERT_TRUE(write_sealed_file(yard.path(), file, "hunter2", *seal));
  const auto registry = std::move(*SqliteRegistry::open(yard.path() + "/registry.db", seal));
  arm::Record record;
  record.name = "one";
  record.body = "hunter2";
  ASSERT_TRUE(*registry->put(record, {}));
}

// Everything opens with the key file as it lies there, and is what it was.
void expect_whole(const Yard& yard) {
  const auto opened = open_seal(yard.path(), yard.key_file());
  ASSERT_TRUE(opened) << opened.error().message;
  for (const std::string& directory : {yard.path(), yard.path() + "/accounts/other"}) {
    const auto store = SqliteStore::open(directory, *opened);
    ASSERT_TRUE(store) << store.error().message;
    const auto page = (*store)->list({.kind = engine::EntityKind::pool});
    ASSERT_TRUE(page) << page.error().message;
    ASSERT_EQ(page->rows.size(), std::size_t{pools});
    for (const engine::Row& row : page->rows) EXPECT_EQ(row.spec, "hunter2");
  }
  for (const std::string_view file : sealed_files)
    EXPECT_EQ((*opened)->open(file, bytes_of_file(fmt::format("{}/{}", yard.path(), file))),
              "hunter2");
  const auto registry = SqliteRegistry::open(yard.path() + "/registry.db", *opened);
  ASSERT_TRUE(registry);
  EXPECT_EQ((*(*registry)->read(arm::RecordKind::group, {}, "one"))->body, "hunter2");
}

// The id of the key from before is nowhere any more, in no free page of a store either.
void expect_forgotten(const Yard& yard, const std::string& old_key) {
  const std::string id = Seal({old_key}, "").seal("", "").substr(2, 8);
  for (const fs::directory_entry& file : fs::recursive_directory_iterator(yard.path())) {
    if (!file.is_regular_file()) continue;
    const std::string bytes = bytes_of_file(file.path());
    EXPECT_FALSE(bytes.contains(id)) << file.path();
    EXPECT_FALSE(bytes.contains(base64_encode(old_key))) << file.path();
  }
}

TEST(RotationTest, MayBeCutOffBehindEverythingThatIsWritten) {
  int stops = 0;
  for (int writes = 1; stops == writes - 1; ++writes) {
    const Yard yard;
    fill(yard);
    const std::string old_key = read_key_file(yard.key_file())->front();
    int left = writes;
    const auto done = rotate_key(yard.path(), yard.key_file(), [&] { return --left > 0; });
    ASSERT_TRUE(done) << done.error().message;
    if (!*done) ++stops;
    expect_whole(yard);
    if (!*done) {
      EXPECT_EQ(read_key_file(yard.key_file())->size(), 2U);
      ASSERT_TRUE(*rotate_key(yard.path(), yard.key_file()));
      expect_whole(yard);
    }
    EXPECT_EQ(read_key_file(yard.key_file())->size(), 1U);
    expect_forgotten(yard, old_key);
  }
  // The key file, 4 files, rows and pages of two stores, the other account's file, the registry.
  EXPECT_EQ(stops, 11);
}

TEST(RotationTest, IsRefusedWhileAServiceUsesTheDirectory) {
  const Yard yard;
  fill(yard);
  const auto seal = std::move(*open_seal(yard.path(), yard.key_file()));
  const auto store = std::move(*SqliteStore::open(yard.path(), seal));
  const std::string before = bytes_of_file(yard.key_file());
  EXPECT_EQ(code_of(rotate_key(yard.path(), yard.key_file())), "DataDirectoryInUse");
  EXPECT_EQ(bytes_of_file(yard.key_file()), before);
}

}  // namespace
}  // namespace batchyard::edge
