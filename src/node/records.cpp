// What an agent keeps of its runs, and how the next one goes on with them.
#include <algorithm>

#include "base/described_json.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::RunEnd;
using protocol::RunPhase;

namespace {

// What survives an agent: everything that the next one cannot find out otherwise.
struct Record {
  protocol::RunTask order;
  RunPhase phase = RunPhase::preparing;
  bool application_started = false;
  std::optional<RunEnd> coordination;
  RunEnd end;
  Time started;  // the wall clock limit goes on counting from here
  std::optional<protocol::Grant> grant{};
};
BOOST_DESCRIBE_STRUCT(Record, (),
                      (order, phase, application_started, coordination, end, started, grant))

}  // namespace

void Node::keep(const Run& run) {
  ports_.keep_record(run.name(),
                     to_json(Record{run.order, run.phase, run.application_started, run.coordination,
                                    run.end, run.started, run.grant}));
}

void Node::restore(const std::string& name, const std::string& text, Time) {
  if (is_chore(name)) return restore_chore(name, text);
  if (Retention::owns(name)) return retention_.restore(name, text);
  if (name == "set-up") return restore_set_up(text);
  if (name == "packages") return restore_pool_packages(text);
  if (name == "faults") return restore_faults(text);
  const Result<Record> record = from_json<Record>(text);
  if (!record) return ports_.drop_record(name);
  auto run = std::make_unique<Run>();
  run->order = record->order;
  run->spec =
      read_spec(run->order.spec, run->order.key.job.text() + "/" + run->order.key.task.text());
  run->phase = record->phase;
  run->application_started = run->application_ordered = record->application_started;
  run->coordination = record->coordination;
  run->end = record->end;
  run->started = record->started;
  run->grant = record->grant;
  if (run->grant && run->phase != RunPhase::ended)
    share_.give_again(run->name(), run->grant->gpus, run->order.slots);
  runs_[run->order.key] = std::move(run);
}

void Node::bury(const std::string& name, const std::string& text, Time now) {
  if (name == "set-up" || name == "packages" || name == "faults") return;
  if (Retention::owns(name)) return retention_.restore(name, text);
  if (is_chore(name)) return bury_chore(text, now);
  const Result<Record> record = from_json<Record>(text);
  if (!record) return;
  const protocol::RunKey& key = record->order.key;
  retention_.keep(directory_of(key.job, key.task),
                  later(now, read_spec(record->order.spec, "").retention));
}

void Node::resume(const std::vector<std::string>& alive, Time now) {
  await_pool_packages();
  const auto lives = [&](const std::string& id) {
    return std::ranges::find(alive, id) != alive.end();
  };
  for (auto& [key, run] : runs_) {
    // What uploads is asked for by the next Hello.
    if (run->phase >= RunPhase::uploading) continue;
    find_account(run->spec.user);
    if (run->is_gang() && !run->spec.container)
      ports_.open_gang(run->name(), *run->order.gang, welcome_.cores, rank_template(*run));
    const std::string id = run->name() + (run->application_started ? "-main" : "-coordination");
    if (lives(id)) {
      run->process = id;
    } else if (run->phase == RunPhase::preparing || run->phase == RunPhase::coordinating ||
               run->phase == RunPhase::running) {
      // The agent ended between its record and the start of the process: nothing has run yet.
      if (run->is_gang() && !run->is_primary() && run->phase == RunPhase::running) continue;
      if (run->application_started) run->application_started = false;
      run->phase = RunPhase::preparing;
      prepare(*run, now);
    }
  }
  resume_extensions(alive, now);
  resume_images(lives(images_process));
  for (auto& [key, chore] : chores_) {
    find_account(chore->spec.user);
    resume_chore(*chore, lives(chore->name()), now);
  }
}

}  // namespace batchyard::node
