#include "node/node.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "model/directories.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::RunEnd;
using protocol::RunPhase;

namespace {

RunEnd ended_now(std::optional<protocol::Failure> failure, Time now) {
  return {.exit_code = std::nullopt, .failure = std::move(failure), .started = {}, .ended = now};
}

}  // namespace

Node::Node(Identity identity, Ports& ports)
    : identity_(std::move(identity)), ports_(ports), retention_(ports) {
  look_again();
}
Node::~Node() = default;

std::string Node::directory_of(const JobId& job, const TaskId& task) {
  if (job.empty()) return "";
  return task.empty() ? job_directory(job) : job_directory(job) + "/" + task.text();
}

Run* Node::find(const protocol::RunKey& key) {
  const auto found = runs_.find(key);
  return found == runs_.end() ? nullptr : found->second.get();
}

protocol::Hello Node::hello() const {
  protocol::Hello hello;
  hello.pool = identity_.pool;
  hello.node = identity_.node;
  hello.token = identity_.token;
  hello.incarnation = identity_.incarnation;
  hello.agent_version = "0.1.0";
  hello.ip_address = identity_.ip_address;
  hello.host_name = identity_.host_name;
  hello.launch_endpoint = identity_.launch_endpoint;
  hello.probe = probe_;
  for (const auto& [key, chore] : chores_) {
    if (chore->is_start_task())
      hello.start_task = chore->report;
    else
      hello.job_tasks.push_back({key.first, key.second, chore->report});
  }
  for (const auto& [key, run] : runs_)
    hello.runs.push_back(
        {.key = key, .phase = run->phase, .member = run->member(), .end = run->end});
  return hello;
}

void Node::on_message(const protocol::ToAgent& message, Time now) {
  if (holds(message)) return;
  if (const auto* welcome = std::get_if<protocol::Welcome>(&message)) {
    welcome_ = *welcome;
    share_.set(share_devices(machine_), welcome_.task_slots);
  } else if (const auto* start = std::get_if<protocol::RunStartTask>(&message))
    start_task_ordered(*start, now);
  else if (const auto* task = std::get_if<protocol::RunTask>(&message))
    start_run(*task, now);
  else if (const auto* application = std::get_if<protocol::RunApplication>(&message))
    start_application(*application, now);
  else if (const auto* end = std::get_if<protocol::EndRun>(&message))
    end_as_told(*end, now);
  else if (const auto* done = std::get_if<protocol::Forget>(&message))
    forget(*done, now);
  else if (const auto* files = std::get_if<protocol::RemoveFiles>(&message))
    remove_files(*files);
  else if (const auto* job_task = std::get_if<protocol::RunJobTask>(&message))
    run_chore(*job_task, now);
  else if (const auto* end_of_job = std::get_if<protocol::EndJobTask>(&message))
    end_job_task(*end_of_job, now);
  else if (const auto* job = std::get_if<protocol::ForgetJob>(&message))
    forget_job(*job, now);
  else if (const auto* change = std::get_if<protocol::ChangeRun>(&message))
    change_run(*change);
  else if (const auto* wishes = std::get_if<protocol::SetUpNode>(&message))
    set_up(*wishes, now);
  else if (const auto* users = std::get_if<protocol::SetUsers>(&message))
    set_users(*users);
  else if (const auto* upload = std::get_if<protocol::MayUpload>(&message))
    may_upload(*upload);
  else if (const auto* packages = std::get_if<protocol::DeployPackages>(&message))
    deploy_pool_packages(*packages);
  else if (const auto* faults = std::get_if<protocol::SetFaults>(&message))
    set_faults(*faults);
}

// An older attempt of the same task must not go on beside a newer one.
void Node::drop_stale(const protocol::RunKey& key) {
  for (auto& [other, run] : runs_) {
    if (other.job == key.job && other.task == key.task && other.attempt < key.attempt &&
        run->phase != RunPhase::ended)
      end_as_told({.key = other,
                   .failure = protocol::Failure{.code = "TaskEnded",
                                                .message = "A newer attempt was started.",
                                                .details = {}}},
                  Time());
  }
}

void Node::start_run(const protocol::RunTask& order, Time now) {
  // What was prepared for it is gone; the server has heard so, or will, by the Hello.
  if (!order.incarnation.empty() && order.incarnation != identity_.incarnation) return;
  if (Run* known = find(order.key)) {
    if (known->phase == RunPhase::ended)
      ports_.send(protocol::RunEnded{known->order.key, known->member(), known->end});
    return;
  }
  drop_stale(order.key);
  auto made = std::make_unique<Run>();
  made->order = order;
  made->spec = read_spec(order.spec, order.key.job.text() + "/" + order.key.task.text());
  made->started = now;
  Run& run = *made;
  runs_[order.key] = std::move(made);
  retention_.drop(run.directory());
  if (!find_account(run.spec.user))
    return finish(run, ended_now(no_account(run.spec.user), now), now);
  if (const Result<> directory = ports_.make_task_directory(run.directory(), run.spec.user);
      !directory)
    return finish(run,
                  ended_now(protocol::Failure{protocol::FailureCategory::servererror,
                                              directory.error().code,
                                              directory.error().message,
                                              {}},
                            now),
                  now);
  put_certificates(run.directory(), run.spec.user, &protocol::Certificate::for_tasks);
  prepare(run, now);
}

// Downloads what the next command needs: a gang's common files before its coordination, else the
// task's own; and its packages, before the first.
void Node::prepare(Run& run, Time now) {
  const bool common = run.is_gang() && !run.application_ordered;
  const std::string directory = run.directory() + (common ? "" : "/wd");
  int number = 0;
  std::vector<FetchOrder> orders;
  for (const Spec::File& file : common ? run.spec.common_files : run.spec.files) {
    const std::string id = fmt::format("{}-file{}{}", run.name(), common ? "c" : "r", number++);
    run.fetching.insert(id);
    orders.push_back(fetch_order(id, file, directory, run.spec.user));
  }
  await_packages(run, now);
  for (const FetchOrder& order : orders) ports_.fetch(order);
  if (run.fetching.empty()) prepared(run, now);
}

void Node::on_fetched(const std::string& id, const Result<>& outcome, Time now) {
  for (auto& [key, chore] : chores_) {
    if (chore->fetching.erase(id) == 0) continue;
    if (!outcome && !chore->fetch_failure)
      chore->fetch_failure = ended_now(fetch_failure_of(outcome.error()), now);
    if (chore->fetching.empty()) chore_fetched(*chore, now);
    return;
  }
  for (auto& [key, run] : runs_) {
    if (run->fetching.erase(id) == 0) continue;
    if (!outcome && !run->fetch_failure)
      run->fetch_failure = ended_now(fetch_failure_of(outcome.error()), now);
    if (run->fetching.empty()) prepared(*run, now);
    return;
  }
}

void Node::prepared(Run& run, Time now) {
  if (run.ending)
    return finish(run, run.coordination.value_or(ended_now(run.ending_for, now)), now);
  if (run.fetch_failure) return finish(run, *run.fetch_failure, now);
  if (!run.is_gang() || run.application_ordered)
    return launch(run, run.spec.command_line, false, now);
  if (!run.spec.coordination.empty()) return launch(run, run.spec.coordination, true, now);
  run.coordination = RunEnd{.exit_code = 0, .failure = {}, .started = now, .ended = now};
  become_ready(run);
}

void Node::become_ready(Run& run) {
  run.phase = RunPhase::ready;
  keep(run);
  ports_.send(protocol::MemberReady{run.order.key, run.member(), *run.coordination});
}

ProcessOrder Node::rank_template(const Run& run) const {
  ProcessOrder order;
  order.id = run.name();
  order.environment = environment_of(run);
  order.directory = run.directory() + "/wd";
  order.user = run.spec.user;
  add_devices(order, run);
  return order;
}

std::optional<std::vector<std::string>> Node::words_of(const std::string& command_line) const {
  if (!identity_.windows) return split_command_line(command_line);
  const std::string_view whole = trim(command_line);
  if (whole.empty()) return std::vector<std::string>();
  return std::vector<std::string>{std::string(whole)};
}

void Node::launch(Run& run, const std::string& command_line, bool coordination, Time now) {
  std::optional<std::vector<std::string>> words = words_of(command_line);
  if (!words || (words->empty() && !run.spec.container)) {
    return finish(
        run,
        ended_now(
            protocol::Failure{
                protocol::FailureCategory::usererror,
                "CommandLaunchFailed",
                "The specified command could not be launched",
                {{"Message",
                  fmt::format("a quote is left open, or there is no word, in: {}", command_line)}}},
            now),
        now);
  }
  grant(run);
  ProcessOrder order = rank_template(run);
  order.id = run.name() + (coordination ? "-coordination" : "-main");
  order.arguments = *std::move(words);
  if (std::optional<protocol::Failure> none = put_in_container(
          order, run.spec.container, run.directory(), run.order.preparation, run.order.key.job))
    return finish(run, ended_now(std::move(none), now), now);
  order.out = run.directory() + "/stdout.txt";
  order.error = run.directory() + "/stderr.txt";
  order.keep_tree = run.is_gang() && !order.container;
  // A container has its own programs, and nothing of a launcher that the node could lend it.
  if (run.is_gang() && !order.container) {
    for (const std::string& variable :
         ports_.open_gang(run.name(), *run.order.gang, welcome_.cores, rank_template(run))) {
      const std::size_t equals = variable.find('=');
      set_variable(order.environment, variable.substr(0, equals), variable.substr(equals + 1));
    }
  }
  run.process = order.id;
  run.phase = coordination ? RunPhase::coordinating : RunPhase::running;
  run.application_started = !coordination;
  if (run.started == Time()) run.started = now;
  keep(run);
  ports_.start_process(order);
}

void Node::start_application(const protocol::RunApplication& order, Time now) {
  Run* run = find(order.key);
  if (run == nullptr || run->phase != RunPhase::ready || run->application_ordered || run->ending ||
      !run->is_primary())
    return;
  run->application_ordered = true;
  prepare(*run, now);
}

void Node::on_process_ended(const std::string& id, const ProcessEnd& end, Time now) {
  for (auto& [key, chore] : chores_) {
    if (chore->process != id) continue;
    chore->process.clear();
    ports_.forget_process(id);
    return chore_ended(*chore, end, now);
  }
  if (id == images_process) images_came(end, now);
  if (!id.empty() && id == extending_.process) extension_ended(end, now);
  for (auto& [key, run] : runs_) {
    if (run->process == id) {
      run->process.clear();
      return process_ended(*run, end, now);
    }
  }
  ports_.forget_process(id);
}

void Node::process_ended(Run& run, const ProcessEnd& end, Time now) {
  const bool coordination = run.phase == RunPhase::coordinating;
  const std::string id = run.name() + (coordination ? "-coordination" : "-main");
  RunEnd outcome = end_of(end, coordination ? run.spec.coordination : run.spec.command_line);
  if (outcome.ended == Time()) outcome.ended = now;
  if (run.ending && run.ending_for) outcome.failure = run.ending_for;
  if (coordination && !outcome.failure) {
    run.coordination = outcome;
    ports_.forget_process(id);
    if (run.ending) return finish(run, outcome, now);
    return become_ready(run);
  }
  coordination ? finish(run, std::move(outcome), now) : command_ended(run, std::move(outcome), now);
  ports_.forget_process(id);
}

void Node::finish(Run& run, RunEnd end, Time now) {
  run.phase = RunPhase::ended;
  share_.take_back(run.name());
  run.end = std::move(end);
  run.end.kept_until = later(now, run.spec.retention);
  if (run.is_gang()) {
    ports_.close_gang(run.name());
    ports_.end_tree(run.name());
  }
  keep(run);
  retention_.keep(run.directory(), later(now, run.spec.retention));
  ports_.send(protocol::RunEnded{run.order.key, run.member(), run.end});
}

void Node::end_as_told(const protocol::EndRun& order, Time now) {
  if (Run* run = find(order.key)) run->ended_by_server = true;
  end_run(order, now);
}

void Node::end_run(const protocol::EndRun& order, Time now) {
  Run* run = find(order.key);
  if (run == nullptr) {
    ports_.send(protocol::RunEnded{order.key, 0, ended_now(order.failure, now)});
    return;
  }
  if (run->phase == RunPhase::ended) {
    ports_.send(protocol::RunEnded{run->order.key, run->member(), run->end});
    return;
  }
  if (!run->ending) {
    run->ending = true;
    run->ending_for = order.failure;
  }
  if (run->phase == RunPhase::uploading) return end_upload(*run, order.failure, now);
  if (!run->process.empty()) return ports_.end_process(run->process);
  // Packages may serve others, too: this one waits for them no longer.
  std::erase_if(run->fetching, is_package);
  if (!run->fetching.empty()) return;  // goes on in prepared()
  RunEnd end = run->coordination.value_or(ended_now(order.failure, now));
  if (run->ending_for) end.failure = run->ending_for;
  finish(*run, std::move(end), now);
}

void Node::forget(const protocol::Forget& order, Time) {
  Run* run = find(order.key);
  if (run == nullptr || run->phase != RunPhase::ended) return;
  ports_.drop_record(run->name());
  runs_.erase(order.key);
}

void Node::remove_files(const protocol::RemoveFiles& order) {
  const auto busy = [&](const auto& entry) {
    return entry.first.job == order.job && (order.task.empty() || entry.first.task == order.task) &&
           entry.second->phase != RunPhase::ended;
  };
  if (std::ranges::any_of(runs_, busy)) return;
  retention_.drop(directory_of(order.job, order.task));
  ports_.remove(directory_of(order.job, order.task));
}

}  // namespace batchyard::node
