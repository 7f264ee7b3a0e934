// The store's contract, kept by the embedded store and by the one in memory that the simulated
// world uses; and what only the embedded store promises: everything is there after it was opened
// again.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "edge/seal/sealed_file.h"
#include "edge/store/seal_sql.h"
#include "edge/store/sqlite_store.h"
#include "edge/store/statement.h"
#include "testing/memory_store.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using engine::Batch;
using engine::EntityKey;
using engine::EntityKind;
using engine::FieldPlace;
using engine::FilterNode;
using engine::FilterVerb;
using engine::Query;

class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "by-store-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::shared_ptr<const Seal> test_seal(char letter = 'k') {
  return std::make_shared<const Seal>(std::vector{std::string(seal_key_size, letter)}, "the test");
}

// Everything that lies in the directory, the log of the store among it.
std::string all_bytes(const std::string& directory) {
  std::string all;
  for (const fs::directory_entry& file : fs::directory_iterator(directory))
    all += bytes_of_file(file.path());
  return all;
}

EntityKey task(const std::string& id, const std::string& job = "job") {
  return {.kind = EntityKind::task, .parent = job, .id = id};
}

engine::Put put(const EntityKey& key, std::int64_t version, std::optional<std::string> spec,
                const std::string& status = "{}", const std::string& state = "active",
                bool live = true) {
  return {.key = key,
          .version = version,
          .modified = Time(Duration(version)),
          .spec = std::move(spec),
          .status = status,
          .state = state,
          .live = live};
}

FilterNode compare(FieldPlace place, const std::string& path, FilterVerb verb,
                   engine::FilterLiteral literal) {
  return {.verb = verb,
          .field = {.place = place, .path = path},
          .literal = std::move(literal),
          .children = {}};
}

FilterNode combine(FilterVerb verb, std::vector<FilterNode> children) {
  return {.verb = verb, .field = {}, .literal = {}, .children = std::move(children)};
}

class StoreContract : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) {
      store_ = std::make_unique<batchyard::testing::MemoryStore>();
      return;
    }
    Result<std::unique_ptr<SqliteStore>> opened = SqliteStore::open(directory_.path(), test_seal());
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
  }
  void commit(std::vector<engine::Put> puts) {
    Batch batch;
    batch.puts = std::move(puts);
    ASSERT_TRUE(store_->commit(batch));
  }
  std::vector<std::string> ids(const Query& query) {
    std::vector<std::string> ids;
    const Result<engine::Page> page = store_->list(query);
    EXPECT_TRUE(page);
    if (!page) return ids;
    for (const engine::Row& row : page->rows) ids.push_back(row.key.id);
    return ids;
  }
  std::vector<std::string> matching(const FilterNode& filter) {
    Query query;
    query.kind = EntityKind::task;
    query.parent = "job";
    query.filter = &filter;
    return ids(query);
  }
  std::vector<std::string> loaded() {
    std::vector<std::string> ids;
    EXPECT_TRUE(store_->load([&](const engine::LoadedRow& row) { ids.emplace_back(row.id); }));
    return ids;
  }

  Directory directory_;
  std::unique_ptr<engine::Store> store_;
};

using Ids = std::vector<std::string>;

TEST_P(StoreContract, ARowIsReadAsItWasPut) {
  commit({put(task("t1"), 3, R"({"id":"t1"})", R"({"exit_code":1})")});
  const Result<std::optional<engine::Row>> row = store_->read(task("T1", "JOB"));
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->key.id, "t1");
  EXPECT_EQ((*row)->version, 3);
  EXPECT_EQ((*row)->modified, Time(Duration(3)));
  EXPECT_EQ((*row)->spec, R"({"id":"t1"})");
  EXPECT_EQ((*row)->status, R"({"exit_code":1})");
}

TEST_P(StoreContract, WhatIsNotThereIsNothingAndNoError) {
  const Result<std::optional<engine::Row>> row = store_->read(task("t1"));
  ASSERT_TRUE(row);
  EXPECT_FALSE(*row);
}

TEST_P(StoreContract, APutWithoutSpecKeepsItAndTheFirstSpelling) {
  commit({put(task("Task"), 1, R"({"a":1})")});
  commit({put(task("TASK"), 2, std::nullopt, R"({"b":2})")});
  const Result<std::optional<engine::Row>> row = store_->read(task("task"));
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->key.id, "Task");
  EXPECT_EQ((*row)->version, 2);
  EXPECT_EQ((*row)->spec, R"({"a":1})");
  EXPECT_EQ((*row)->status, R"({"b":2})");
}

TEST_P(StoreContract, ErasesAndEmpties) {
  commit({put(task("t1"), 1, "{}"), put(task("t2"), 2, "{}"), put(task("t3", "other"), 3, "{}")});
  Batch batch;
  batch.erased = {task("T1")};
  ASSERT_TRUE(store_->commit(batch));
  EXPECT_EQ(loaded(), (Ids{"t2", "t3"}));
  Batch second;
  second.emptied = {{.kind = EntityKind::job, .parent = "", .id = "job"}};
  ASSERT_TRUE(store_->commit(second));
  EXPECT_EQ(loaded(), (Ids{"t3"}));
}

TEST_P(StoreContract, LoadsLiveRowsOnlyPoolsFirst) {
  commit({put(task("t2"), 1, "{}"), put(task("t1"), 2, "{}"),
          put(task("done"), 3, "{}", "{}", "completed", false),
          put({.kind = EntityKind::job, .parent = "", .id = "job"}, 4, "{}"),
          put({.kind = EntityKind::pool, .parent = "", .id = "pool"}, 5, "{}")});
  EXPECT_EQ(loaded(), (Ids{"pool", "job", "t2", "t1"}));
}

TEST_P(StoreContract, ListsInTheOrderOfIdsPageByPage) {
  commit({put(task("b"), 1, "{}"), put(task("C"), 2, "{}"), put(task("a"), 3, "{}"),
          put(task("x", "other"), 4, "{}")});
  Query query;
  query.kind = EntityKind::task;
  query.parent = "job";
  query.limit = 2;
  const Result<engine::Page> page = store_->list(query);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next, "b");
  EXPECT_EQ(ids(query), (Ids{"a", "b"}));
  query.after = "B";
  const Result<engine::Page> last = store_->list(query);
  ASSERT_TRUE(last);
  EXPECT_FALSE(last->next);
  EXPECT_EQ(ids(query), (Ids{"C"}));
}

TEST_P(StoreContract, AFilteredPageLooksAtSoManyRowsAndNoMore) {
  std::vector<engine::Put> puts;
  for (int number = 10; number < 30; ++number)
    puts.push_back(put(task(std::to_string(number)), number, "{}",
                       fmt::format(R"({{"exit_code":{}}})", number),
                       number % 2 == 0 ? "active" : "completed"));
  commit(std::move(puts));
  const FilterNode late =
      compare(FieldPlace::status, "exit_code", FilterVerb::ge, std::int64_t{25});
  Query query;
  query.kind = EntityKind::task;
  query.parent = "job";
  query.filter = &late;
  query.looked_at_max = 8;
  Ids found;
  std::vector<std::size_t> sizes;
  do {
    const Result<engine::Page> page = store_->list(query);
    ASSERT_TRUE(page);
    for (const engine::Row& row : page->rows) found.push_back(row.key.id);
    sizes.push_back(page->rows.size());
    query.after = page->next.value_or("");
  } while (!query.after.empty());
  EXPECT_EQ(found, (Ids{"25", "26", "27", "28", "29"}));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{0, 1, 4}));

  const FilterNode both =
      combine(FilterVerb::both,
              {compare(FieldPlace::state, "", FilterVerb::eq, std::string("Completed")), late});
  query.filter = &both;
  query.looked_at_max = 100;
  EXPECT_EQ(ids(query), (Ids{"25", "27", "29"}));
}

TEST_P(StoreContract, FiltersByStateAndByMembers) {
  commit({put(task("a1"), 1, R"({"displayName":"First"})", R"({"exit_code":0})", "completed"),
          put(task("a2"), 2, R"({"displayName":"second"})", R"({"exit_code":3})", "completed"),
          put(task("b_1"), 3, "{}", R"({"facts":{"pool":"P"}})")});
  EXPECT_EQ(matching(compare(FieldPlace::state, "", FilterVerb::eq, "COMPLETED")),
            (Ids{"a1", "a2"}));
  EXPECT_EQ(matching(compare(FieldPlace::spec, "displayName", FilterVerb::eq, "first")),
            (Ids{"a1"}));
  EXPECT_EQ(matching(compare(FieldPlace::status, "exit_code", FilterVerb::gt, std::int64_t{0})),
            (Ids{"a2"}));
  EXPECT_EQ(matching(compare(FieldPlace::status, "facts.pool", FilterVerb::eq, "p")), (Ids{"b_1"}));
}

// The underscore and the per cent sign are letters like others.
TEST_P(StoreContract, StartsWithTakesItsTextAsItIs) {
  commit({put(task("b_1"), 1, "{}"), put(task("bx1"), 2, "{}")});
  EXPECT_EQ(matching(compare(FieldPlace::id, "", FilterVerb::starts_with, "B_")), (Ids{"b_1"}));
  EXPECT_EQ(matching(compare(FieldPlace::id, "", FilterVerb::starts_with, "%")), Ids{});
}

TEST_P(StoreContract, AMissingMemberIsUnequalToEverything) {
  commit({put(task("has"), 1, "{}", R"({"exit_code":1})"), put(task("lacks"), 2, "{}")});
  const auto code = [](FilterVerb verb, std::int64_t number) {
    return compare(FieldPlace::status, "exit_code", verb, number);
  };
  EXPECT_EQ(matching(code(FilterVerb::ne, 1)), (Ids{"lacks"}));
  EXPECT_EQ(matching(code(FilterVerb::lt, 5)), (Ids{"has"}));
  EXPECT_EQ(matching(combine(FilterVerb::negation, {code(FilterVerb::lt, 5)})), (Ids{"lacks"}));
}

TEST_P(StoreContract, CombinesConditions) {
  commit({put(task("a"), 1, "{}", "{}", "active"), put(task("b"), 2, "{}", "{}", "running"),
          put(task("c"), 3, "{}", "{}", "running")});
  const FilterNode running = compare(FieldPlace::state, "", FilterVerb::eq, "running");
  const FilterNode late = compare(FieldPlace::id, "", FilterVerb::ge, "C");
  const FilterNode first = compare(FieldPlace::id, "", FilterVerb::eq, "a");
  EXPECT_EQ(matching(combine(FilterVerb::both, {running, late})), (Ids{"c"}));
  EXPECT_EQ(matching(combine(FilterVerb::either, {first, late})), (Ids{"a", "c"}));
  EXPECT_EQ(matching(combine(FilterVerb::both, {running, combine(FilterVerb::negation, {late})})),
            (Ids{"b"}));
}

// As many as a request has room for.
TEST_P(StoreContract, TakesThousandsOfConditions) {
  commit({put(task("a"), 1, "{}"), put(task("id4999"), 2, "{}"), put(task("z"), 3, "{}")});
  std::vector<FilterNode> equal, unequal;
  for (int at = 0; at < 5'000; ++at) {
    const std::string id = "id" + std::to_string(at);
    equal.push_back(compare(FieldPlace::id, "", FilterVerb::eq, id));
    unequal.push_back(compare(FieldPlace::id, "", FilterVerb::ne, id));
  }
  EXPECT_EQ(matching(combine(FilterVerb::either, std::move(equal))), (Ids{"id4999"}));
  EXPECT_EQ(matching(combine(FilterVerb::both, std::move(unequal))), (Ids{"a", "z"}));
}

// A quote in a value must stay a value.
TEST_P(StoreContract, AValueIsNeverPartOfTheQuery) {
  commit({put(task("a"), 1, "{}")});
  EXPECT_EQ(matching(compare(FieldPlace::id, "", FilterVerb::eq, "' OR '1'='1")), Ids{});
}

TEST_P(StoreContract, TellsTheLastEventsFirst) {
  Batch batch;
  for (int number = 1; number <= 3; ++number)
    batch.events.push_back({.when = Time(Duration(number)),
                            .entity = number == 2 ? "pool/p" : "task/j/t",
                            .what = "Event" + std::to_string(number),
                            .detail = ""});
  ASSERT_TRUE(store_->commit(batch));
  const auto words = [&](std::string_view entity, std::size_t limit) {
    std::vector<std::string> told;
    const Result<std::vector<engine::EventRecord>> events = store_->events(entity, limit);
    EXPECT_TRUE(events);
    if (events)
      for (const engine::EventRecord& event : *events) told.push_back(event.what);
    return told;
  };
  EXPECT_EQ(words("", 10), (Ids{"Event3", "Event2", "Event1"}));
  EXPECT_EQ(words("task/j/t", 10), (Ids{"Event3", "Event1"}));
  EXPECT_EQ(words("", 1), (Ids{"Event3"}));
}

engine::EventRecord event(int number, const std::string& entity) {
  return {.when = Time(Duration(number)),
          .entity = entity,
          .what = "Event" + std::to_string(number),
          .detail = "why",
          .by = "user",
          .state = "running",
          .previous = "active",
          .version = number};
}

TEST_P(StoreContract, EventsAfterAPositionComeInTheirOrder) {
  Batch batch;
  batch.events = {event(1, "task/j/t1"), event(2, "pool/p"), event(3, "task/j/t2")};
  ASSERT_TRUE(store_->commit(batch));
  const Result<engine::EventPage> all = store_->events_after({.after = 1, .entities = {}});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->events.size(), 2U);
  EXPECT_EQ(all->events[0].number, 2);
  EXPECT_EQ(all->events[0].entity, "pool/p");
  EXPECT_EQ(all->events[1].what, "Event3");
  EXPECT_EQ(all->events[1].detail, "why");
  EXPECT_EQ(all->events[1].by, "user");
  EXPECT_EQ(all->events[1].state, "running");
  EXPECT_EQ(all->events[1].previous, "active");
  EXPECT_EQ(all->events[1].version, 3);
  EXPECT_EQ(all->oldest, 1);
  EXPECT_EQ(all->newest, 3);
  EXPECT_EQ(all->seen, 3);

  const Result<engine::EventPage> first =
      store_->events_after({.entities = {"TASK/j/"}, .limit = 1});
  ASSERT_TRUE(first);
  ASSERT_EQ(first->events.size(), 1U);
  EXPECT_EQ(first->seen, 1);
  // What was looked at in vain is passed.
  const Result<engine::EventPage> none = store_->events_after({.entities = {"pool/q"}, .scan = 2});
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->events.empty());
  EXPECT_EQ(none->seen, 2);
  EXPECT_EQ(none->newest, 3);
}

TEST_P(StoreContract, AnEmptyHistoryHasNoPositions) {
  const Result<engine::EventPage> page = store_->events_after({});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->events.empty());
  EXPECT_EQ(page->oldest, 1);
  EXPECT_EQ(page->newest, 0);
  EXPECT_EQ(page->seen, 0);
}

TEST_P(StoreContract, ThePastIsToldByTheEventsThatKeptAStatusAndTheSpecsThatHeld) {
  for (const int number : {1, 2, 3}) {
    Batch batch;
    batch.puts = {put(task("t"), number, number == 2 ? std::nullopt : std::optional("{\"n\":1}"),
                      "{\"s\":" + std::to_string(number) + "}")};
    if (number == 3) batch.puts.front().spec = R"({"n":3})";
    batch.puts.front().event = 0;
    batch.events = {event(number, "task/job/t")};
    ASSERT_TRUE(store_->commit(batch));
  }
  Batch erasing;
  erasing.events = {event(4, "task/job/t")};
  erasing.erased = {task("t")};
  ASSERT_TRUE(store_->commit(erasing));

  const auto at = [&](int number) {
    return *store_->past(task("T", "JOB"), Time(Duration(number)));
  };
  EXPECT_FALSE(at(0).kept);
  ASSERT_TRUE(at(2).kept && at(2).row);
  EXPECT_EQ(at(2).kept->status, R"({"s":2})");
  EXPECT_EQ(at(2).kept->version, 2);
  EXPECT_EQ(at(2).kept->when, Time(Duration(2)));
  EXPECT_EQ(at(2).row->spec, R"({"n":1})");
  EXPECT_EQ(at(2).row->key.id, "t");
  EXPECT_EQ(at(3).row->spec, R"({"n":3})");
  EXPECT_FALSE(at(4).row);
  EXPECT_FALSE(at(2).trimmed);
  EXPECT_EQ(at(2).oldest, Time(Duration(1)));
}

TEST_P(StoreContract, WhatLayInAnErasedEntityHasAPast) {
  commit({put(task("t"), 1, R"({"n":1})", R"({"s":1})")});
  Batch emptying;
  emptying.events = {event(5, "job/job")};
  emptying.emptied = {{.kind = EntityKind::job, .parent = "", .id = "job"}};
  ASSERT_TRUE(store_->commit(emptying));
  const engine::Past past = *store_->past(task("t"), Time(Duration(4)));
  ASSERT_TRUE(past.row);
  EXPECT_EQ(past.row->status, R"({"s":1})");
  EXPECT_FALSE(store_->past(task("t"), Time(Duration(5)))->row);
}

TEST_P(StoreContract, KeepsTheLastVersion) {
  EXPECT_EQ(store_->last_version(), 0);
  Batch batch;
  batch.puts = {put(task("a"), 5, "{}")};
  batch.last_version = 9;
  ASSERT_TRUE(store_->commit(batch));
  EXPECT_EQ(store_->last_version(), 9);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Bool(),
                         [](const ::testing::TestParamInfo<bool>& which) {
                           return which.param ? "Sqlite" : "Memory";
                         });

TEST(SqliteStoreTest, EverythingIsThereAfterItWasOpenedAgain) {
  const Directory directory;
  for (const bool first : {true, false}) {
    Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(directory.path(), test_seal());
    ASSERT_TRUE(store);
    if (first) {
      Batch batch;
      batch.puts = {put(task("a"), 5, R"({"x":1})")};
      batch.last_version = 5;
      ASSERT_TRUE((*store)->commit(batch));
    } else {
      const Result<std::optional<engine::Row>> row = (*store)->read(task("a"));
      ASSERT_TRUE(row && *row);
      EXPECT_EQ((*row)->spec, R"({"x":1})");
      EXPECT_EQ((*store)->last_version(), 5);
    }
  }
}

TEST(SqliteStoreTest, ADeletedCertificateLeavesNoKeyInThePast) {
  const Directory directory;
  const Result<std::unique_ptr<SqliteStore>> store =
      SqliteStore::open(directory.path(), test_seal());
  ASSERT_TRUE(store);
  const engine::EntityKey key{EntityKind::certificate, "", "sha1-00"};
  Batch batch;
  batch.puts = {put(key, 1, R"({"data":"the key","password":"p","publicData":"open"})")};
  batch.puts.front().event = 0;
  batch.events = {event(1, "certificate/sha1-00")};
  ASSERT_TRUE((*store)->commit(batch));
  Batch erasing;
  erasing.erased = {key};
  erasing.events = {event(3, "certificate/sha1-00")};
  ASSERT_TRUE((*store)->commit(erasing));
  const Result<engine::Past> past = (*store)->past(key, Time(Duration(2)));
  ASSERT_TRUE(past && past->row);
  EXPECT_EQ(past->row->spec, R"({"publicData":"open"})");
}

// Files of the first form have events that kept neither state nor status.
TEST(SqliteStoreTest, EventsOfAnEarlierFormAreRead) {
  const Directory directory;
  {
    const Result<Connection> old = open_connection(directory.path() + "/batchyard.db");
    ASSERT_TRUE(old);
    ASSERT_TRUE(execute(old->get(),
                        "CREATE TABLE event (number INTEGER PRIMARY KEY AUTOINCREMENT, moment "
                        "INTEGER NOT NULL, entity TEXT NOT NULL, what TEXT NOT NULL, detail TEXT "
                        "NOT NULL); INSERT INTO event (moment, entity, what, detail) VALUES (7, "
                        "'pool/p', 'PoolAdded', '')"));
  }
  const Result<std::unique_ptr<SqliteStore>> store =
      SqliteStore::open(directory.path(), test_seal());
  ASSERT_TRUE(store) << store.error().message;
  const Result<engine::EventPage> page = (*store)->events_after({});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->events.size(), 1U);
  EXPECT_EQ(page->events.front().what, "PoolAdded");
  EXPECT_EQ(page->events.front().state, "");
}

const EntityKey sealed_job{EntityKind::job, "", "J"};

Batch with_secrets() {
  Batch batch;
  batch.puts = {put(task("t"), 1, R"({"displayName":"d","sas":"s3cret"})"),
                put(sealed_job, 2, "{}", R"({"state":"active","plan":"s3cret"})")};
  batch.puts[1].event = 0;
  batch.events = {event(2, "job/J")};
  return batch;
}

TEST(SqliteStoreTest, WhatIsSetIsSealedOnDisk) {
  const Directory directory;
  const auto store = std::move(*SqliteStore::open(directory.path(), test_seal()));
  ASSERT_TRUE(store->commit(with_secrets()));
  Batch later;
  later.puts = {put(task("t"), 3, R"({"displayName":"e","sas":"s3cret"})")};
  later.erased = {sealed_job};
  later.events = {event(4, "job/J")};
  ASSERT_TRUE(store->commit(later));
  EXPECT_EQ(all_bytes(directory.path()).find("s3cret"), std::string::npos);
  const Result<engine::Past> past = store->past(task("T"), Time(Duration(2)));
  ASSERT_TRUE(past && past->row);
  EXPECT_EQ(past->row->spec, R"({"displayName":"d","sas":"s3cret"})");
  const Result<engine::Past> job = store->past(sealed_job, Time(Duration(3)));
  ASSERT_TRUE(job && job->kept);
  EXPECT_EQ(job->kept->status, R"({"state":"active","plan":"s3cret"})");
}

TEST(SqliteStoreTest, SealedStatusesAreFiltered) {
  const Directory directory;
  const auto store = std::move(*SqliteStore::open(directory.path(), test_seal()));
  ASSERT_TRUE(store->commit(with_secrets()));
  for (const char* wanted : {"active", "other"}) {
    const FilterNode filter =
        compare(FieldPlace::status, "state", FilterVerb::eq, std::string(wanted));
    const Result<engine::Page> page =
        store->list({.kind = EntityKind::job, .parent = "", .filter = &filter});
    ASSERT_TRUE(page);
    EXPECT_EQ(page->rows.size(), wanted == std::string("active") ? 1U : 0U);
  }
}

// As a store without a seal has left it: the same rows, not sealed, and the form before.
void undo_seal(const std::string& directory) {
  const Connection file = std::move(*open_connection(directory + "/batchyard.db"));
  ASSERT_TRUE(teach_seal(file.get(), test_seal()));
  ASSERT_TRUE(execute(
      file.get(),
      "UPDATE entity SET spec = unsealed(kind, parent, id, spec), status = unsealed(kind, parent, "
      "id, status); UPDATE event SET status = unsealed(entity, status); UPDATE fact SET value = 1 "
      "WHERE name = 'schema_version'"));
}

TEST(SqliteStoreTest, AStoreFromBeforeThereWasAKeyIsSealedWhenItIsOpened) {
  const Directory directory;
  ASSERT_TRUE((*SqliteStore::open(directory.path(), test_seal()))->commit(with_secrets()));
  undo_seal(directory.path());
  ASSERT_NE(all_bytes(directory.path()).find("s3cret"), std::string::npos);
  const auto store = std::move(*SqliteStore::open(directory.path(), test_seal()));
  EXPECT_EQ(all_bytes(directory.path()).find("s3cret"), std::string::npos);
  const Result<std::optional<engine::Row>> row = store->read(task("t"));
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->spec, R"({"displayName":"d","sas":"s3cret"})");
}

TEST(SqliteStoreTest, AStoreOfAnotherKeyIsRefusedAndLeftAsItIs) {
  const Directory directory;
  ASSERT_TRUE((*SqliteStore::open(directory.path(), test_seal()))->commit(with_secrets()));
  const auto refused = SqliteStore::open(directory.path(), test_seal('o'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "KeyFileWrong");
  EXPECT_TRUE(SqliteStore::open(directory.path(), test_seal()));
}

TEST(SqliteStoreTest, ADirectoryIsUsedByOneServiceOnly) {
  const Directory directory;
  const Result<std::unique_ptr<SqliteStore>> first =
      SqliteStore::open(directory.path(), test_seal());
  ASSERT_TRUE(first);
  const Result<std::unique_ptr<SqliteStore>> second =
      SqliteStore::open(directory.path(), test_seal());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message, "");
}

TEST(SqliteStoreTest, ADirectoryThatCannotBeMadeIsRefused) {
  EXPECT_FALSE(SqliteStore::open("/proc/nowhere", test_seal()));
}

// Else the log would grow for as long as the service lives, and the next start read it all.
TEST(SqliteStoreTest, TheLogDoesNotGrowWithoutEnd) {
  const Directory directory;
  const auto store = std::move(*SqliteStore::open(directory.path(), test_seal()));
  const std::string spec(10'000, 'a');
  std::int64_t version = 0;
  // Commits go on until it has begun anew; how long that takes is another thread's.
  const auto log_size = [&] { return fs::file_size(directory.path() + "/batchyard.db-wal"); };
  const auto written = [&] { return static_cast<std::uintmax_t>(version) * spec.size(); };
  constexpr std::int64_t rows_max = 40'000;
  do {
    Batch batch;
    for (int count = 0; count < 100; ++count, ++version)
      batch.puts.push_back(put(task(fmt::format("t{:08}", version)), version + 1, spec));
    ASSERT_TRUE(store->commit(batch));
  } while (written() < 2 * log_size() && version < rows_max);
  EXPECT_GE(written(), 2 * log_size());
}

}  // namespace
}  // namespace batchyard::edge
