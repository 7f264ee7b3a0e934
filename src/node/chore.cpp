// What a node runs beside the runs, with retries of its own: the pool's start task, a job's
// preparation task before the first of the job's tasks here, its release task after the last.
#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::Failure;
using protocol::FailureCategory;
using protocol::JobTaskKind;
using protocol::StartTaskPhase;

namespace {

struct ChoreRecord {
  protocol::RunJobTask order;
  protocol::StartTaskReport report;
  std::int32_t tries = 0;
  Time tried;
};
BOOST_DESCRIBE_STRUCT(ChoreRecord, (), (order, report, tries, tried))

constexpr std::string_view start_task_name = "start-task";
constexpr std::string_view job_task_start = "job-task-";
// What a release task may take, whatever it says.
constexpr Duration release_max = std::chrono::minutes(15);

std::unique_ptr<Chore> make_chore(const protocol::RunJobTask& order) {
  auto chore = std::make_unique<Chore>();
  chore->order = order;
  const std::string own_key =
      order.job.empty() ? "startup" : order.job.text() + "/" + order.task.text();
  chore->spec = read_spec(order.spec, own_key);
  if (order.kind == JobTaskKind::release)
    chore->spec.wall_clock = std::min(chore->spec.wall_clock, release_max);
  return chore;
}

protocol::RunEnd not_started(Failure failure, Time now) {
  return {.exit_code = std::nullopt, .failure = std::move(failure), .started = now, .ended = now};
}

}  // namespace

std::string Chore::name() const {
  return is_start_task() ? std::string(start_task_name)
                         : fmt::format("{}{}", job_task_start, order.generation);
}

std::string Chore::directory() const {
  return is_start_task() ? "startup" : Node::directory_of(order.job, order.task);
}

bool Node::is_chore(std::string_view record) {
  return record == start_task_name || record.starts_with(job_task_start);
}

Chore* Node::find_chore(const JobId& job, JobTaskKind kind) {
  const auto found = chores_.find({job, kind});
  return found == chores_.end() ? nullptr : found->second.get();
}

void Node::keep(const Chore& chore) {
  ports_.keep_record(chore.name(),
                     to_json(ChoreRecord{chore.order, chore.report, chore.tries, chore.tried}));
}

void Node::tell(const Chore& chore) {
  if (chore.is_start_task())
    ports_.send(protocol::StartTaskChanged{chore.report});
  else
    ports_.send(protocol::JobTaskChanged{{chore.order.job, chore.order.kind, chore.report}});
}

void Node::restore_chore(const std::string& name, const std::string& text) {
  const Result<ChoreRecord> record = from_json<ChoreRecord>(text);
  if (!record) return ports_.drop_record(name);
  std::unique_ptr<Chore> chore = make_chore(record->order);
  chore->report = record->report;
  chore->tries = record->tries;
  chore->tried = record->tried;
  chores_[{record->order.job, record->order.kind}] = std::move(chore);
}

void Node::bury_chore(const std::string& text, Time now) {
  const Result<ChoreRecord> record = from_json<ChoreRecord>(text);
  if (!record || record->order.job.empty()) return;
  const std::unique_ptr<Chore> chore = make_chore(record->order);
  retention_.keep(chore->directory(), later(now, chore->spec.retention));
}

void Node::resume_chore(Chore& chore, bool alive, Time now) {
  if (chore.report.phase != StartTaskPhase::running) return;
  if (alive) {
    chore.process = chore.name();
    return;
  }
  --chore.tries;  // it never began
  try_chore(chore, now);
}

void Node::run_chore(const protocol::RunJobTask& order, Time now) {
  if (fault_ && order.job.empty()) return;  // the node must start anew first
  if (images_awaited_ && order.job.empty()) {
    start_task_waits_ = order;
    return;
  }
  Chore* known = find_chore(order.job, order.kind);
  if (known != nullptr && known->report.generation == order.generation) return tell(*known);
  if (known != nullptr && known->is_busy()) {
    known->next = order;
    return end_chore(
        *known, {.code = "TaskEnded", .message = "A newer attempt was started.", .details = {}},
        now);
  }
  begin_chore(order, now);
}

void Node::begin_chore(const protocol::RunJobTask& order, Time now) {
  std::unique_ptr<Chore>& place = chores_[{order.job, order.kind}];
  if (place) ports_.drop_record(place->name());
  place = make_chore(order);
  Chore& chore = *place;
  chore.report.generation = order.generation;
  chore.report.phase = StartTaskPhase::running;
  chore.report.end.started = now;
  retention_.drop(chore.directory());
  try_chore(chore, now);
  if (chore.report.phase == StartTaskPhase::running) tell(chore);
}

void Node::try_chore(Chore& chore, Time now) {
  ++chore.tries;
  chore.tried = now;
  chore.fetch_failure.reset();
  keep(chore);
  if (!find_account(chore.spec.user))
    return chore_failed(chore, not_started(no_account(chore.spec.user), now), false, now);
  if (const Result<> made = ports_.make_task_directory(chore.directory(), chore.spec.user); !made)
    return chore_failed(
        chore,
        not_started({FailureCategory::servererror, made.error().code, made.error().message, {}},
                    now),
        false, now);
  put_certificates(chore.directory(), chore.spec.user,
                   chore.is_start_task() ? &protocol::Certificate::for_start_task
                                         : &protocol::Certificate::for_tasks);
  int number = 0;
  std::vector<FetchOrder> orders;
  for (const Spec::File& file : chore.spec.files) {
    const std::string id = fmt::format("{}-file{}", chore.name(), number++);
    chore.fetching.insert(id);
    orders.push_back(fetch_order(id, file, chore.directory() + "/wd", chore.spec.user));
  }
  await_pool_packages(chore);
  for (const FetchOrder& order : orders) ports_.fetch(order);
  if (chore.fetching.empty()) chore_fetched(chore, now);
}

void Node::chore_fetched(Chore& chore, Time now) {
  if (chore.ending) return chore_failed(chore, not_started(*chore.ending, now), false, now);
  if (chore.fetch_failure) return chore_failed(chore, *chore.fetch_failure, false, now);
  std::optional<std::vector<std::string>> words = words_of(chore.spec.command_line);
  if (!words || (words->empty() && !chore.spec.container))
    return chore_failed(chore,
                        not_started({FailureCategory::usererror,
                                     "CommandLaunchFailed",
                                     "The specified command could not be launched",
                                     {}},
                                    now),
                        false, now);
  ProcessOrder order;
  order.id = chore.name();
  order.arguments = *std::move(words);
  order.environment = environment_of(chore);
  order.directory = chore.directory() + "/wd";
  order.out = chore.directory() + "/stdout.txt";
  order.error = chore.directory() + "/stderr.txt";
  order.user = chore.spec.user;
  if (std::optional<Failure> none = put_in_container(order, chore.spec.container, chore.directory(),
                                                     chore.order.preparation, chore.order.job))
    return chore_failed(chore, not_started(*std::move(none), now), false, now);
  chore.process = order.id;
  ports_.start_process(order);
}

void Node::chore_ended(Chore& chore, const ProcessEnd& end, Time now) {
  protocol::RunEnd outcome = end_of(end, chore.spec.command_line);
  if (!outcome.failure && chore.is_start_task() && start_task_is_to_fail())
    outcome.failure =
        Failure{FailureCategory::usererror,
                "FailureExitCode",
                "The task exited with an exit code representing a failure",
                {{"Message", "It succeeded; this failure was injected (batchyard fault)."}}};
  if (chore.ending) outcome.failure = chore.ending;
  if (outcome.failure)
    return chore_failed(chore, std::move(outcome),
                        end.exit_code.has_value() || end.signal.has_value(), now);
  chore.report.phase = StartTaskPhase::succeeded;
  chore.report.end = std::move(outcome);
  close_chore(chore, now);
}

void Node::chore_failed(Chore& chore, protocol::RunEnd end, bool may_retry, Time now) {
  chore.report.end = std::move(end);
  const bool tries_left = chore.spec.retries < 0 || chore.tries <= chore.spec.retries;
  if (may_retry && tries_left && !chore.ending && chore.order.kind != JobTaskKind::release) {
    ++chore.report.retry_count;
    chore.report.last_retry = now;
    tell(chore);
    return try_chore(chore, now);
  }
  chore.report.phase = StartTaskPhase::failed;
  close_chore(chore, now);
}

void Node::close_chore(Chore& chore, Time now) {
  keep(chore);
  // A preparation's files are there for the job's tasks: their time runs from the job's end.
  if (chore.order.kind == JobTaskKind::release)
    retention_.keep(chore.directory(), later(now, chore.spec.retention));
  tell(chore);
  if (!chore.next) return;
  const protocol::RunJobTask next = *std::move(chore.next);
  begin_chore(next, now);
}

void Node::end_chore(Chore& chore, const Failure& why, Time now) {
  if (chore.report.phase != StartTaskPhase::running) return tell(chore);
  if (!chore.ending) chore.ending = why;
  if (!chore.process.empty()) return ports_.end_process(chore.process);
  std::erase_if(chore.fetching, is_package);
  if (chore.fetching.empty()) chore_failed(chore, not_started(*chore.ending, now), false, now);
}

void Node::end_job_task(const protocol::EndJobTask& order, Time now) {
  Chore* chore = find_chore(order.job, order.kind);
  if (chore != nullptr && chore->report.generation == order.generation)
    end_chore(*chore, order.failure, now);
}

void Node::forget_job(const protocol::ForgetJob& order, Time now) {
  for (const JobTaskKind kind : {JobTaskKind::preparation, JobTaskKind::release}) {
    const Chore* chore = order.job.empty() ? nullptr : find_chore(order.job, kind);
    if (chore == nullptr) continue;
    if (!chore->process.empty()) ports_.end_process(chore->process);
    if (kind == JobTaskKind::preparation)
      retention_.keep(chore->directory(), later(now, chore->spec.retention));
    ports_.drop_record(chore->name());
    chores_.erase({order.job, kind});
  }
}

void Node::end_late_chores(Time now) {
  for (auto& [key, chore] : chores_) {
    if (chore->ending || chore->deadline() > now) continue;
    end_chore(*chore,
              {.code = "TaskEnded",
               .message = fmt::format(
                   "The task was ended because it ran longer than its maxWallClockTime of {}",
                   to_iso8601(chore->spec.wall_clock)),
               .details = {}},
              now);
  }
}

}  // namespace batchyard::node
