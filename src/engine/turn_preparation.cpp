// What a job's preparation and release tasks do on its nodes, as events and rows.
#include "base/described_json.h"
#include "engine/event_detail.h"
#include "engine/turn.h"

namespace batchyard::engine {

namespace {

// A row without a specification of its own.
Put put_of(const JobRecord& job, Preparation& preparation) {
  return {.key = {EntityKind::preparation, job.id.text(), preparation.node->id.text()},
          .version = preparation.version,
          .modified = preparation.status.modified,
          .spec = "{}",
          .status = to_json(preparation.status),
          .state = state_of(preparation.status),
          .event = std::exchange(preparation.told.event, -1)};
}

}  // namespace

void Turn::touch(JobRecord& job, Preparation& preparation, std::string_view what) {
  preparation.version = next_version();
  preparation.status.modified = now;
  const NodeId& node = preparation.node->id;
  if (!what.empty())
    record(preparation.told, state_of(preparation.status),
           {.entity = name_of({EntityKind::preparation, job.id.text(), node.text()}),
            .what = std::string(what),
            .detail = detail_of(preparation.status),
            .version = preparation.version});
  if (!std::exchange(preparation.changed, true)) preparations_.emplace_back(&job, node);
}

void Turn::close(const JobRecord& job, Preparation& preparation) {
  Put put = put_of(job, preparation);
  put.version = next_version();
  put.live = false;
  batch_.puts.push_back(std::move(put));
}

void Turn::put_preparations() {
  for (const auto& [job, node] : std::exchange(preparations_, {})) {
    const auto found = job->preparations.find(node);
    if (found == job->preparations.end() || !std::exchange(found->second.changed, false)) continue;
    batch_.puts.push_back(put_of(*job, found->second));
  }
}

}  // namespace batchyard::engine
