// Output files: when a run's command has ended, what its task wants kept is uploaded, but only
// after the server has said that no other attempt can be under way. An agent that has lost the
// server for so long that the server may start another attempt stops; it asks again when the link
// is back.
#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::RunEnd;
using protocol::RunPhase;

namespace {

bool applies(Spec::UploadCondition condition, const RunEnd& end) {
  switch (condition) {
    case Spec::UploadCondition::success:
      return !end.failure;
    case Spec::UploadCondition::failure:
      return end.failure.has_value();
    case Spec::UploadCondition::completion:
      break;
  }
  return true;
}

// Only what a command has left behind: nothing when it was never started.
std::vector<UploadOrder::Output> outputs_of(const Run& run, const RunEnd& end) {
  std::vector<UploadOrder::Output> outputs;
  if (!end.exit_code || !run.is_primary()) return outputs;
  for (const Spec::Output& output : run.spec.outputs) {
    if (applies(output.condition, end)) outputs.push_back(output.what);
  }
  return outputs;
}

}  // namespace

void Node::command_ended(Run& run, RunEnd end, Time now) {
  // What the server has ended is deleted, terminated, or runs elsewhere already.
  if (run.ended_by_server || outputs_of(run, end).empty()) return finish(run, std::move(end), now);
  run.phase = RunPhase::uploading;
  run.ending = false;  // by its own time limit: the end has come
  run.end = std::move(end);
  keep(run);
  want_upload(run);
}

void Node::want_upload(Run& run) {
  ports_.send(protocol::UploadWanted{run.order.key, run.member()});
}

void Node::may_upload(const protocol::MayUpload& order) {
  Run* run = find(order.key);
  if (run == nullptr || run->phase != RunPhase::uploading || run->uploading || run->ending) return;
  run->uploading = true;
  ports_.upload({.id = run->name(),
                 .directory = run->directory(),
                 .outputs = outputs_of(*run, run->end),
                 .environment = environment_of(*run),
                 .user = run->spec.user});
}

void Node::on_uploaded(const std::string& id, const Result<>& outcome, Time now) {
  for (auto& [key, run] : runs_) {
    if (!run->uploading || run->name() != id) continue;
    run->uploading = false;
    if (run->ending) return end_upload(*run, run->ending_for, now);
    if (std::exchange(run->upload_stopped, false) && !outcome) {
      if (!unlinked_since_) want_upload(*run);
      return;
    }
    RunEnd end = run->end;
    if (!outcome && !end.failure) end.failure = upload_failure_of(outcome.error());
    return finish(*run, std::move(end), now);
  }
}

void Node::end_upload(Run& run, const std::optional<protocol::Failure>& why, Time now) {
  if (run.uploading) return ports_.end_upload(run.name());
  RunEnd end = run.end;
  if (why) end.failure = why;
  finish(run, std::move(end), now);
}

void Node::on_link(bool up, Time now) {
  if (up)
    unlinked_since_.reset();
  else if (!unlinked_since_)
    unlinked_since_ = now;
}

void Node::stop_uploads(Time now) {
  if (!unlinked_since_ || later(*unlinked_since_, upload_alone_max) > now) return;
  for (auto& [key, run] : runs_) {
    if (run->uploading && !std::exchange(run->upload_stopped, true)) ports_.end_upload(run->name());
  }
}

}  // namespace batchyard::node
