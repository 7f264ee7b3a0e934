#include "edge/registry/sqlite_registry.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <functional>

#include "edge/seal/sealed_file.h"
#include "testing/memory_registry.h"

namespace batchyard::edge {
namespace {

using arm::PutCondition;
using arm::Record;
using arm::RecordKind;

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "registry-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file() const { return path_ + "/registry.db"; }

 private:
  std::string path_;
};

std::shared_ptr<const Seal> registry_seal() {
  return std::make_shared<const Seal>(std::vector{std::string(seal_key_size, 'k')}, "the test");
}

Record record(RecordKind kind, std::string parent, std::string name, std::string body) {
  return {.kind = kind,
          .parent = std::move(parent),
          .name = std::move(name),
          .body = std::move(body),
          .version = 0,
          .modified = Time(Duration(7))};
}

// What every registry does.
void expect_contract(arm::Registry& registry) {
  EXPECT_FALSE(*registry.read(RecordKind::account, {}, "a"));
  const Record first = **registry.put(record(RecordKind::account, {}, "Beta", "{}"),
                                      {.absent = true, .version = {}});
  EXPECT_GT(first.version, 0);
  EXPECT_FALSE(*registry.put(record(RecordKind::account, {}, "BETA", "{}"),
                             {.absent = true, .version = {}}));
  EXPECT_EQ((*registry.read(RecordKind::account, {}, "bETa"))->name, "Beta");
  EXPECT_EQ((*registry.read(RecordKind::account, {}, "beta"))->modified, Time(Duration(7)));
  EXPECT_FALSE(*registry.read(RecordKind::group, {}, "beta"));
  EXPECT_FALSE(*registry.read(RecordKind::account, "p", "beta"));

  const Record second = **registry.put(record(RecordKind::account, {}, "BETA", "{\"x\":1}"),
                                       {.absent = false, .version = first.version});
  EXPECT_GT(second.version, first.version);
  EXPECT_EQ(second.name, "Beta");  // as it was first
  EXPECT_FALSE(*registry.put(record(RecordKind::account, {}, "beta", "{}"),
                             {.absent = false, .version = first.version}));
  EXPECT_EQ((*registry.read(RecordKind::account, {}, "beta"))->body, "{\"x\":1}");
  EXPECT_FALSE(*registry.put(record(RecordKind::account, {}, "none", "{}"),
                             {.absent = false, .version = 1}));

  ASSERT_TRUE(*registry.put(record(RecordKind::account, {}, "alpha", "{}"), {}));
  ASSERT_TRUE(*registry.put(record(RecordKind::assignment, "p", "one", "{}"), {}));
  const std::vector<Record> all = *registry.list(RecordKind::account, {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "alpha");
  EXPECT_EQ(all[1].name, "Beta");
  EXPECT_EQ(registry.list(RecordKind::assignment, "P")->size(), 1u);
  EXPECT_TRUE(*registry.erase(RecordKind::account, {}, "BETA"));
  EXPECT_FALSE(*registry.erase(RecordKind::account, {}, "beta"));
  // What comes again is newer than all that was.
  EXPECT_GT((*registry.put(record(RecordKind::account, {}, "beta", "{}"), {}))->version,
            second.version);
}

TEST(RegistryTest, OnDisk) {
  const Folder folder;
  expect_contract(**SqliteRegistry::open(folder.file(), registry_seal()));
}

TEST(RegistryTest, InMemory) {
  testing::MemoryRegistry registry;
  expect_contract(registry);
}

TEST(RegistryTest, IsThereAfterAStart) {
  const Folder folder;
  std::int64_t version = 0;
  {
    const auto registry = *SqliteRegistry::open(folder.file(), registry_seal());
    version = (*registry->put(record(RecordKind::group, {}, "g", "{\"a\":\"ä\"}"), {}))->version;
    ASSERT_TRUE(*registry->put(record(RecordKind::group, {}, "h", "{}"), {}));
    ASSERT_TRUE(*registry->erase(RecordKind::group, {}, "h"));
  }
  const auto registry = *SqliteRegistry::open(folder.file(), registry_seal());
  EXPECT_EQ((*registry->read(RecordKind::group, {}, "g"))->body, "{\"a\":\"ä\"}");
  EXPECT_EQ((*registry->read(RecordKind::group, {}, "g"))->version, version);
  EXPECT_GT((*registry->put(record(RecordKind::group, {}, "i", "{}"), {}))->version, version + 1);
}

TEST(RegistryTest, BodiesAreSealedOnDiskAlsoThoseFromBeforeThereWasAKey) {
  const Folder folder;
  const auto plain = [&] {
    std::string all;
    for (const char* part : {"", "-wal"}) all += bytes_of_file(folder.file() + part);
    return all.contains("s3cret");
  };
  {
    const auto registry = *SqliteRegistry::open(folder.file(), registry_seal());
    ASSERT_TRUE(*registry->put(record(RecordKind::principal, "p", "One", "s3cret"), {}));
    EXPECT_FALSE(plain());
  }
  {
    const Connection file = *open_connection(folder.file());
    ASSERT_TRUE(execute(file.get(),
                        "UPDATE record SET body = 's3cret'; UPDATE fact SET value = 1 WHERE name "
                        "= 'schema_version'"));
    EXPECT_TRUE(plain());
  }
  const auto registry = *SqliteRegistry::open(folder.file(), registry_seal());
  EXPECT_FALSE(plain());
  EXPECT_EQ((*registry->read(RecordKind::principal, "P", "one"))->body, "s3cret");
}

}  // namespace
}  // namespace batchyard::edge
