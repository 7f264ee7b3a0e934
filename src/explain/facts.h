// What the explanations read: rows of the store with their status, and how they are told.
#pragma once

#include <fmt/format.h>

#include <boost/describe/enum_to_string.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/described_json.h"
#include "engine/store.h"
#include "explain/explanation.h"
#include "model/schedule_status.h"
#include "model/status.h"

namespace batchyard::explain {

// A named entity and its status.
template <class Status>
struct Known {
  std::string id;
  Status status;
};

class Facts {
 public:
  Facts(engine::StoreReader& store, Time now) : now_(now), store_(store) {}

  template <class Status>
  Result<std::optional<Status>> find(engine::EntityKind kind, const std::string& parent,
                                     const std::string& id) const {
    const std::optional<engine::Row> row = TRY(store_.read({kind, parent, id}));
    if (!row) return std::optional<Status>();
    return std::optional<Status>(TRY(from_json<Status>(row->status)));
  }

  // Those that lie in the parent, in the order of their ids; with a state, only those in it.
  template <class Status>
  Result<std::vector<Known<Status>>> list(engine::EntityKind kind,
                                          const std::optional<std::string>& parent,
                                          std::size_t limit, const std::string& state = {}) const {
    const engine::FilterNode in_state{.verb = engine::FilterVerb::eq,
                                      .field = {engine::FieldPlace::state, {}},
                                      .literal = state,
                                      .children = {}};
    engine::Query query{.kind = kind,
                        .parent = parent,
                        .filter = state.empty() ? nullptr : &in_state,
                        .after = {},
                        .limit = limit};
    const engine::Page page = TRY(store_.list(query));
    std::vector<Known<Status>> found;
    for (const engine::Row& row : page.rows)
      found.push_back({row.key.id, TRY(from_json<Status>(row.status))});
    return found;
  }

  Result<std::vector<engine::EventRecord>> events(const engine::EntityKey& key,
                                                  std::size_t limit) const {
    return store_.events(engine::name_of(key), limit);
  }
  engine::StoreReader& store() const { return store_; }
  Time now() const { return now_; }

 private:
  Time now_;
  engine::StoreReader& store_;
};

template <class State>
std::string word(State state) {
  return boost::describe::enum_to_string(state, "?");
}

// "1 node", "3 nodes".
inline std::string counted(std::int64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

// What is wrong with a start, preparation or release task, or with a run of a task.
Reason reason_of(const Failure& failure, const std::string& entity = {});
Reason reason_of(const ResizeError& error);
Reason reason_of(const NodeError& error, const std::string& node);

// Each in its own file.
Result<> explain_pool(const Facts& facts, const std::string& id, const PoolStatus& pool,
                      Explanation& to);
void explain_node(const std::string& pool, const std::string& id, const NodeStatus& node,
                  Explanation& to);
Result<> explain_job(const Facts& facts, const std::string& id, const JobStatus& job,
                     Explanation& to);
Result<> explain_task(const Facts& facts, const std::string& job, const std::string& id,
                      const TaskStatus& task, Explanation& to);
Result<> explain_schedule(const Facts& facts, const std::string& id, const ScheduleStatus& schedule,
                          Explanation& to);

// ---- shared by pools, jobs and tasks

// Why the node takes no task, and whether it will by itself; nothing: it can take one.
struct Hindrance {
  Reason reason;
  bool passes = false;
};
std::optional<Hindrance> hindrance_of(const std::string& pool, const Known<NodeStatus>& node);

// Why the pool has no more nodes than it has: its resize, its errors, its targets.
std::vector<Reason> shortage_of(const std::string& id, const PoolStatus& pool);

// Why the job's tasks cannot start, whichever they are; empty: nothing of the job is in the way.
std::vector<Reason> brakes_of(const std::string& id, const JobStatus& job);

}  // namespace batchyard::explain
