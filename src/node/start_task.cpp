// The pool's start task on this node: before the tasks, with retries of its own, again whenever the
// node starts anew.
#include <fmt/format.h>

#include "base/described_json.h"
#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::StartTaskPhase;

namespace {

struct StartRecord {
  protocol::RunStartTask order;
  protocol::StartTaskReport report;
  std::int32_t tries = 0;
};
BOOST_DESCRIBE_STRUCT(StartRecord, (), (order, report, tries))

constexpr const char* record_name = "start-task";

}  // namespace

void Node::keep_start_task() {
  ports_.keep_record(record_name, to_json(StartRecord{start_task_->order, start_task_->report,
                                                      start_task_->tries}));
}

void Node::restore_start_task(const std::string& text) {
  const Result<StartRecord> record = from_json<StartRecord>(text);
  if (!record) return;
  start_task_ = std::make_unique<StartTask>();
  start_task_->order = record->order;
  start_task_->spec = read_spec(record->order.spec, "startup");
  start_task_->report = record->report;
  start_task_->tries = record->tries;
}

void Node::resume_start_task(bool alive, Time now) {
  if (!start_task_ || start_task_->report.phase != StartTaskPhase::running) return;
  if (alive)
    start_task_->process = record_name;
  else
    start_task_try(now);
}

void Node::run_start_task(const protocol::RunStartTask& order, Time now) {
  if (start_task_ && start_task_->report.generation == order.generation) {
    ports_.send(protocol::StartTaskChanged{start_task_->report});
    return;
  }
  start_task_ = std::make_unique<StartTask>();
  start_task_->order = order;
  start_task_->spec = read_spec(order.spec, "startup");
  start_task_->report.generation = order.generation;
  start_task_->report.phase = StartTaskPhase::running;
  start_task_->report.end.started = now;
  start_task_try(now);
  if (start_task_->report.phase == StartTaskPhase::running)
    ports_.send(protocol::StartTaskChanged{start_task_->report});
}

void Node::start_task_try(Time now) {
  ++start_task_->tries;
  start_task_->fetch_failure.reset();
  keep_start_task();
  if (const Result<> made = ports_.make_task_directory("startup", start_task_->spec.user); !made)
    return start_task_failed({.failure = protocol::Failure{protocol::FailureCategory::servererror,
                                                           made.error().code,
                                                           made.error().message,
                                                           {}},
                              .started = now,
                              .ended = now},
                             false, now);
  int number = 0;
  std::vector<FetchOrder> orders;
  for (const Spec::File& file : start_task_->spec.files) {
    const std::string id = fmt::format("start-task-file{}", number++);
    start_task_->fetching.insert(id);
    orders.push_back(fetch_order(id, file, "startup/wd", start_task_->spec.user));
  }
  for (const FetchOrder& order : orders) ports_.fetch(order);
  if (orders.empty()) start_task_fetched(now);
}

void Node::start_task_fetched(Time now) {
  StartTask& task = *start_task_;
  if (task.fetch_failure) return start_task_failed(*task.fetch_failure, false, now);
  std::optional<std::vector<std::string>> words = split_command_line(task.spec.command_line);
  if (!words || words->empty())
    return start_task_failed(
        {.failure = protocol::Failure{protocol::FailureCategory::usererror,
                                      "CommandLaunchFailed",
                                      "The specified command could not be launched",
                                      {}},
         .started = now,
         .ended = now},
        false, now);
  ProcessOrder order;
  order.id = record_name;
  order.arguments = *std::move(words);
  order.environment = common_environment();
  const std::string wd = identity_.root + "/startup/wd";
  set_variable(order.environment, "AZ_BATCH_TASK_DIR", identity_.root + "/startup");
  set_variable(order.environment, "AZ_BATCH_TASK_WORKING_DIR", wd);
  set_variable(order.environment, "AZ_BATCH_CERTIFICATES_DIR", identity_.root + "/startup/certs");
  set_variable(order.environment, "HOME", wd);
  for (const protocol::NameValue& setting : task.spec.environment)
    set_variable(order.environment, setting.name, setting.value);
  order.directory = "startup/wd";
  order.out = "startup/stdout.txt";
  order.error = "startup/stderr.txt";
  order.user = task.spec.user;
  task.process = record_name;
  ports_.start_process(order);
}

void Node::start_task_ended(const ProcessEnd& end, Time now) {
  protocol::RunEnd outcome = end_of(end, start_task_->spec.command_line);
  if (outcome.failure)
    return start_task_failed(std::move(outcome),
                             end.exit_code.has_value() || end.signal.has_value(), now);
  start_task_->report.phase = StartTaskPhase::succeeded;
  start_task_->report.end = std::move(outcome);
  keep_start_task();
  ports_.send(protocol::StartTaskChanged{start_task_->report});
}

void Node::start_task_failed(protocol::RunEnd end, bool may_retry, Time now) {
  StartTask& task = *start_task_;
  task.report.end = std::move(end);
  if (may_retry && (task.spec.retries < 0 || task.tries <= task.spec.retries)) {
    ++task.report.retry_count;
    task.report.last_retry = now;
    ports_.send(protocol::StartTaskChanged{task.report});
    return start_task_try(now);
  }
  task.report.phase = StartTaskPhase::failed;
  keep_start_task();
  ports_.send(protocol::StartTaskChanged{task.report});
}

}  // namespace batchyard::node
