// Why something is in the state that it is in, what was tried, and what would change it: for people
// who wait, from what the store holds, so also of what is gone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/store.h"

namespace batchyard::explain {

struct Reason {
  std::string code;     // for programs: "WaitsForSlots"; of an error: the API's code
  std::string message;  // what is so, with names and figures
  std::string cure;     // what would change it; empty: nothing needs to
  std::string entity;   // what it is about, where that is another one: "pool/p1"
};

// What comes by itself.
struct Upcoming {
  Time time;
  std::string what;
};

// A part of a way that took time, or still does.
struct Phase {
  std::string what;
  Time from;
  std::optional<Time> until;  // nothing: it goes on
};

struct Explanation {
  std::string entity;  // "task/j1/t1"
  std::string state;   // the API's word; "gone" when it is not there any more
  std::optional<Time> since;
  std::string summary;  // one sentence
  std::vector<Reason> reasons;
  std::vector<Upcoming> next;
  std::vector<Phase> phases;                 // of a node's way to its first task
  std::vector<engine::EventRecord> history;  // the last events, the newest first
};

// The kinds that can be explained.
inline constexpr engine::EntityKind explained_kinds[] = {
    engine::EntityKind::pool, engine::EntityKind::node, engine::EntityKind::job,
    engine::EntityKind::task, engine::EntityKind::schedule};

// ResourceNotFound when there is no such entity, and no event of one is kept.
Result<Explanation> explain(engine::StoreReader& store, const engine::EntityKey& key, Time now);

}  // namespace batchyard::explain
