#include "testing/sim_node.h"

#include <fmt/format.h>

#include "base/text.h"
#include "node/extensions.h"

namespace batchyard::testing {

namespace {

// "run-<job>-<task>-<attempt>-main": the ids of simulated tasks have no dash; those of jobs that a
// schedule has made do.
struct ProcessName {
  protocol::RunKey key;
  std::string run;
  bool application = false;
  bool start_task = false;
};

ProcessName parse(const std::string& process) {
  const std::vector<std::string_view> parts = split(process, '-');
  const std::size_t count = parts.size();
  if (count < 5 || !parse_integer(parts[count - 2]))
    return {.key = {}, .run = {}, .application = false, .start_task = true};
  const std::string_view job(parts[1].begin(), parts[count - 4].end());
  return {.key = {JobId::trusted(job), TaskId::trusted(parts[count - 3]),
                  *parse_integer(parts[count - 2])},
          .run = process.substr(0, process.rfind('-')),
          .application = parts[count - 1] == "main",
          .start_task = false};
}

// The job and the kind of a job task are told by the environment of its process.
std::string value_of(const node::ProcessOrder& order, std::string_view name) {
  const std::string start = std::string(name) + "=";
  for (const std::string& variable : order.environment) {
    if (variable.starts_with(start)) return variable.substr(start.size());
  }
  return {};
}

bool is_extension(const std::string& process) {
  return process.starts_with("extension-");
}

JobId job_of(const node::ProcessOrder& order) {
  return JobId::trusted(value_of(order, "AZ_BATCH_JOB_ID"));
}

bool is_release(const node::ProcessOrder& order) {
  return value_of(order, "AZ_BATCH_TASK_ID") == "jobrelease";
}

}  // namespace

SimNode::SimNode(SimNodeWorld world, PoolId of, NodeId name, std::string incarnation,
                 std::function<void(protocol::FromAgent)> send)
    : pool(std::move(of)),
      id(std::move(name)),
      world_(world),
      incarnation_(std::move(incarnation)),
      send_(std::move(send)) {}

SimNode::~SimNode() {
  *alive_ = false;
}

void SimNode::send(protocol::FromAgent message) {
  send_(std::move(message));
}

void SimNode::start_agent() {
  world_.trace.note(world_.clock.now(), "agent up " + id.text());
  node::Identity identity;
  identity.pool = pool;
  identity.node = id;
  identity.incarnation = incarnation_;
  identity.ip_address = "10.0.0.4";
  identity.root = "/mnt/batch/tasks";
  identity.promise = sim_promise;
  identity.emulates = true;
  agent_ = std::make_unique<node::Node>(std::move(identity), *this);
  const std::map<std::string, std::string> records = records_;
  for (const auto& [name, text] : records) agent_->restore(name, text, world_.clock.now());
  std::vector<std::string> known;
  for (const auto& [name, process] : processes_) known.push_back(name);
  agent_->resume(known, world_.clock.now());
  for (const std::string& name : known) tell(name);
}

void SimNode::kill_agent() {
  world_.trace.note(world_.clock.now(), "agent killed " + id.text());
  agent_.reset();
  uploads_.clear();
  deployments_.clear();
}

void SimNode::crash() {
  world_.trace.note(world_.clock.now(), "node crashed " + id.text());
  world_.checks.node_crashed(id);
  disturb_runs();
  *alive_ = false;
  agent_.reset();
}

void SimNode::disturb_runs() const {
  for (const auto& [name, process] : processes_) world_.checks.run_disturbed(parse(name).key);
  for (const auto& [run, seat] : seats_) world_.checks.run_disturbed(parse(run + "-main").key);
}

void SimNode::receive(const protocol::ToAgent& message) {
  if (const auto* order = std::get_if<protocol::RunTask>(&message)) {
    const std::string run = fmt::format("run-{}-{}-{}", fold(order->key.job.text()),
                                        fold(order->key.task.text()), order->key.attempt);
    seats_[run] = order->gang ? std::pair(order->gang->member,
                                          static_cast<std::int32_t>(order->gang->members.size()))
                              : std::pair(0, 1);
  }
  agent_->on_message(message, world_.clock.now());
}

void SimNode::tick() {
  if (agent_) agent_->tick(world_.clock.now());
}

// A command line is `sim MILLISECONDS CODE`.
void SimNode::start_process(const node::ProcessOrder& order) {
  const ProcessName name = parse(order.id);
  Process& process = processes_[order.id];
  process = {.number = ++last_process_,
             .order = order,
             .started = world_.clock.now(),
             .ended = false,
             .end = {}};
  world_.trace.note(world_.clock.now(), "process " + order.id + " on " + id.text());
  const std::string needed = world_.checks.package_of(name.key);
  if (!has_packages(order) || (!needed.empty() && value_of(order, needed).empty()))
    world_.checks.package_missing(order.id, id);
  if (!name.start_task) {
    world_.checks.check_extended(name.key, pool, id);
    world_.checks.check_container(name.key, order.container.has_value(), images_there_);
    const auto [member, members] = seats_[name.run];
    if (name.application && members > 1) world_.checks.application_started(name.key, members);
    world_.checks.process_started(name.key, name.application ? member : member + 1000, id.text());
    world_.checks.task_ran(name.key.job, id, incarnation_);
  } else if (is_release(order)) {
    world_.checks.release_started(job_of(order), id);
  }
  const bool timed = order.arguments.size() == 3;
  const bool fetches = order.container && order.container->image.empty();
  const bool extends = is_extension(order.id);
  const Duration lasts(timed                ? *parse_integer(order.arguments[1])
                       : fetches || extends ? world_.random.between(1, 10'000)
                                            : 5);
  std::int32_t code = timed ? static_cast<std::int32_t>(*parse_integer(order.arguments[2])) : 0;
  if (!name.start_task && world_.random.once_in(world_.task_fails)) code = 7;
  if ((fetches || extends) && world_.random.once_in(4 * world_.task_fails)) code = 125;
  if (extends && code == 0 && value_of(order, "BATCHYARD_EXTENSION_RUN") == "1" &&
      world_.random.once_in(4))
    code = node::restart_wanted_code;
  world_.clock.after(lasts,
                     [this, alive = alive_, process_id = order.id, number = process.number, code] {
                       if (*alive) ends(process_id, number, code, false);
                     });
}

void SimNode::end_process(const std::string& process) {
  const auto found = processes_.find(process);
  if (found == processes_.end()) return;
  world_.clock.after(Duration(world_.random.between(0, 50)),
                     [this, alive = alive_, process, number = found->second.number] {
                       if (*alive) ends(process, number, 143, true);
                     });
}

void SimNode::ends(const std::string& process_id, std::int64_t number, std::int32_t code,
                   bool killed) {
  const auto found = processes_.find(process_id);
  if (found == processes_.end() || found->second.number != number || found->second.ended) return;
  Process& process = found->second;
  process.ended = true;
  process.end.started = process.started;
  process.end.ended = world_.clock.now();
  if (killed)
    process.end.signal = 15;
  else
    process.end.exit_code = code;
  const bool fetched = process.order.container && process.order.container->image.empty();
  if (fetched && code == 0) images_there_ = true;
  const ProcessName name = parse(process_id);
  if (!name.start_task) {
    const std::int32_t member = seats_[name.run].first;
    world_.checks.process_ended(name.key, member, code);
    if (!name.application) world_.checks.coordination_ended(name.key, member, code);
  } else if (is_extension(process_id)) {
    if (process.end.exit_code == 0)
      world_.checks.extension_succeeded(id, value_of(process.order, "BATCHYARD_EXTENSION_NAME"));
  } else if (!is_release(process.order)) {
    world_.checks.preparation_ended(job_of(process.order), incarnation_, code);
  }
  world_.trace.note(world_.clock.now(), fmt::format("ended {} with {}", process_id, code));
  tell(process_id);
}

// Packages come sooner or later; one that is there already, at once.
void SimNode::deploy(const node::DeployOrder& order) {
  const std::int64_t number = deployments_[order.directory] = ++last_process_;
  const bool there = packages_.contains(order.directory);
  world_.clock.after(Duration(there ? 0 : world_.random.between(1, 3000)),
                     [this, alive = alive_, directory = order.directory, number] {
                       if (*alive) deployed(directory, number);
                     });
}

void SimNode::deployed(const std::string& directory, std::int64_t number) {
  const auto found = deployments_.find(directory);
  if (found == deployments_.end() || found->second != number) return;
  deployments_.erase(found);
  packages_.insert(directory);
  world_.trace.note(world_.clock.now(), "deployed " + directory + " on " + id.text());
  agent_->on_deployed(directory, Done(), world_.clock.now());
}

// Every package that its environment names.
bool SimNode::has_packages(const node::ProcessOrder& order) const {
  constexpr std::string_view root = "=/mnt/batch/tasks/";
  for (const std::string& variable : order.environment) {
    if (!variable.starts_with("AZ_BATCH_APP_PACKAGE_")) continue;
    const std::size_t value = variable.find(root);
    if (value == std::string::npos || !packages_.contains(variable.substr(value + root.size())))
      return false;
  }
  return true;
}

// Most uploads are short; some go on for longer than a lost link is borne.
void SimNode::upload(const node::UploadOrder& order) {
  const std::int64_t number = uploads_[order.id] = ++last_process_;
  world_.trace.note(world_.clock.now(), "upload " + order.id + " on " + id.text());
  const Duration lasts(world_.random.between(1, world_.random.once_in(8) ? 400'000 : 4000));
  world_.clock.after(lasts, [this, alive = alive_, upload = order.id, number] {
    if (*alive) uploaded(upload, number, true);
  });
}

void SimNode::end_upload(const std::string& upload) {
  const auto found = uploads_.find(upload);
  if (found == uploads_.end()) return;
  world_.clock.after(Duration(world_.random.between(0, 3000)),
                     [this, alive = alive_, upload, number = found->second] {
                       if (*alive) uploaded(upload, number, false);
                     });
}

void SimNode::uploaded(const std::string& upload, std::int64_t number, bool whole) {
  const auto found = uploads_.find(upload);
  if (found == uploads_.end() || found->second != number) return;
  uploads_.erase(found);
  if (whole) world_.checks.uploaded(parse(upload + "-main").key);
  agent_->on_uploaded(upload,
                      whole ? Result<>(Done()) : fail(Kind::busy, "FileUploadMiscError", ""),
                      world_.clock.now());
}

void SimNode::tell(const std::string& process_id) {
  const auto found = processes_.find(process_id);
  if (!agent_ || found == processes_.end() || !found->second.ended) return;
  const node::ProcessEnd end = found->second.end;
  agent_->on_process_ended(process_id, end, world_.clock.now());
}

}  // namespace batchyard::testing
