// The store port: is it durable, and what matches this query? It never interprets: `spec` and
// `status` are JSON texts. One contract test suite (testing/store_contract.h) runs against every
// implementation.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/filter.h"

namespace batchyard::engine {

// The order is that of loading; stored rows hold the numbers, so new kinds come last.
enum class EntityKind : std::uint8_t {
  pool,
  node,
  job,
  task,
  schedule,
  certificate,
  preparation,
  application,
  package
};
inline constexpr EntityKind entity_kinds[] = {
    EntityKind::pool,        EntityKind::node,        EntityKind::job,
    EntityKind::task,        EntityKind::schedule,    EntityKind::certificate,
    EntityKind::preparation, EntityKind::application, EntityKind::package};

// What lies in what: nodes in their pool, tasks and preparations (what a job's preparation and
// release tasks did on a node; the id is the node's) in their job, packages in their application.
constexpr bool lies_in(EntityKind child, EntityKind parent) {
  if (child == EntityKind::node) return parent == EntityKind::pool;
  if (child == EntityKind::package) return parent == EntityKind::application;
  return (child == EntityKind::task || child == EntityKind::preparation) &&
         parent == EntityKind::job;
}

// `parent` is the id of what it lies in; empty where it lies in nothing. Ids compare without regard
// to case and keep the spelling of the first write.
struct EntityKey {
  EntityKind kind = EntityKind::pool;
  std::string parent;
  std::string id;
};

// As events name it: "pool/p1", "task/j1/t1".
std::string name_of(const EntityKey& key);
std::string_view word_of(EntityKind kind);

struct Row {
  EntityKey key;
  // Another one when it is another thing (Turn::touch), not when its states change; rises, and is
  // never the same twice for one key.
  std::int64_t version = 0;
  Time modified;
  std::string spec;    // what the user sent, canonical JSON
  std::string status;  // what the service knows (model/status.h), JSON
};

struct Put {
  EntityKey key;
  std::int64_t version = 0;
  Time modified;
  std::optional<std::string> spec;  // nothing: as it was
  std::string status;
  std::string state;        // the API's word, for filters: "active"
  bool live = true;         // load() gives live rows only: completed tasks are not
  std::int64_t event = -1;  // place in Batch::events of the one that keeps this status; -1: none
};

// A record of what happened, for those who follow and for views of the past. Never read by the
// engine.
struct EventRecord {
  Time when;
  std::string entity;        // "pool/p1", "task/j1/t1"
  std::string what;          // "TaskCompleted"
  std::string detail;        // short text, may be empty
  std::string by;            // who brought it about: user, agent, fleet, clock, scheduler
  std::string state;         // of the entity after it, the API's word; empty when it is gone
  std::string previous;      // the state that was left; empty: the state is as it was
  std::int64_t version = 0;  // of the entity after it; 0 when it is gone
  std::int64_t number = 0;   // its position, rising with every event: given by the store
};

// The events after a position, of all entities or of some.
struct EventQuery {
  std::int64_t after = 0;
  std::vector<std::string> entities;  // "task/j1/t1", or "task/j1/" for everything below; none: all
  std::size_t limit = 500;            // given at most
  std::size_t scan = 20'000;          // looked at at most
};
// Whether an event of that entity is asked for.
bool concerns(const EventQuery& query, std::string_view entity);

struct EventPage {
  std::vector<EventRecord> events;
  std::int64_t seen = 0;    // where to go on
  std::int64_t oldest = 0;  // position of the oldest event that is kept; newest + 1 when none is
  std::int64_t newest = 0;
};

// What is known of an entity at an instant, in pieces: the store does not put them together.
struct Past {
  // The row whose spec held then. Its status is a later one; its key has the entity's spelling.
  std::optional<Row> row;
  // The status that the last event until then kept, with the version and the time of that event.
  struct Kept {
    std::string status;
    std::int64_t version = 0;
    Time when;
  };
  std::optional<Kept> kept;
  Time oldest;           // of the oldest event that is kept
  bool trimmed = false;  // there were older ones
};

// How much of the past is kept; the oldest goes first.
inline constexpr std::int64_t events_kept = 500'000;
inline constexpr std::int64_t specs_kept = 100'000;            // that were replaced or erased
inline constexpr std::int64_t specs_kept_of_emptied = 10'000;  // of what lay in one erased entity

struct Batch {
  std::vector<Put> puts;
  std::vector<EntityKey> erased;  // after the puts
  std::vector<EntityKey>
      emptied;  // everything that lies in this: the tasks of a job, the nodes of a pool
  std::vector<EventRecord> events;
  std::int64_t last_version = 0;  // kept for last_version(), also when every row is gone
  bool empty() const { return puts.empty() && erased.empty() && emptied.empty() && events.empty(); }
};

// Views into the store's memory, valid during the call only.
struct LoadedRow {
  EntityKind kind;
  std::string_view parent, id, status;
  std::int64_t version;
};

struct Query {
  EntityKind kind = EntityKind::pool;
  std::optional<std::string> parent;   // nothing: of any parent
  const FilterNode* filter = nullptr;  // fields are given as FilterField places (engine/filter.h)
  std::string after;  // lists ids after this one, in the order of ids (without regard to case)
  std::size_t limit = 1000;
  std::size_t looked_at_max = 5'000;  // rows that one filtered page looks at, found or not
};

// A page of a filtered list may be short, or empty, and still have a next one: so it takes no
// longer than any other page, however few rows of a million match.
struct Page {
  std::vector<Row> rows;
  std::optional<std::string> next;  // Query::after of the next page; nothing: this is the last
};

// Reads, from any thread; they see whole commits only.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  virtual Result<std::optional<Row>> read(const EntityKey& key) = 0;
  virtual Result<Page> list(const Query& query) = 0;
  // The last events first, of one entity ("" for all).
  virtual Result<std::vector<EventRecord>> events(std::string_view entity, std::size_t limit) = 0;
  // The first events after a position, in their order.
  virtual Result<EventPage> events_after(const EventQuery& query) = 0;
  virtual Result<Past> past(const EntityKey& key, Time at) = 0;
};

class Store : public StoreReader {
 public:
  // All or nothing, durable when it returns. The engine's thread only. An error of a full disk has
  // the code "DiskFull".
  virtual Result<> commit(const Batch& batch) = 0;
  // Every live row, in the order of their first write: pools, then nodes, jobs, tasks.
  virtual Result<> load(const std::function<void(const LoadedRow&)>& each) = 0;
  // Batch::last_version of the last commit that had one; 0 in a new store.
  virtual Result<std::int64_t> last_version() = 0;
};

}  // namespace batchyard::engine
