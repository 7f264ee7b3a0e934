#include "edge/instant/acted_node.h"

#include <algorithm>
#include <cerrno>

#include "base/text.h"

namespace batchyard::instant {

namespace {

constexpr std::size_t runs_counted_max = 100'000;

// A start task that fails and may be tried for ever must not do so at one instant.
constexpr Duration chore_retry_min = std::chrono::seconds(1);

// Start tasks, and jobs' preparation and release tasks: each node runs its own.
bool is_chore(const std::string& process) {
  return !process.starts_with("run-");
}

// What is the same for every attempt of a command.
std::string command_name(const node::ProcessOrder& order, const std::string& place) {
  std::string job, task;
  for (const std::string& one : order.environment) {
    if (one.starts_with("AZ_BATCH_JOB_ID=")) job = fold(one.substr(16));
    if (one.starts_with("AZ_BATCH_TASK_ID=")) task = fold(one.substr(17));
  }
  if (job.empty()) return place + "/" + order.id;
  if (is_chore(order.id)) return job + "/" + task + "/" + place;
  return job + "/" + task + (order.id.ends_with("-coordination") ? "/coordination" : "/main");
}

// A host of a reserved name stands for what cannot be had.
bool is_missing(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return false;
  const std::string host =
      fold(url.substr(start + 3, url.find_first_of("/:?", start + 3) - start - 3));
  return host == "invalid" || host.ends_with(".invalid");
}

}  // namespace

std::size_t Stage::count_run(const std::string& name) {
  if (runs_.size() > runs_counted_max) runs_.clear();
  return runs_[name]++;
}

void Stage::forget_runs(const std::string& prefix) {
  runs_.erase(runs_.lower_bound(prefix + "/"), runs_.lower_bound(prefix + "0"));
}

ActedNode::ActedNode(Stage& stage, node::Identity identity)
    : stage_(stage), pool_(identity.pool), id_(identity.node) {
  for (const char* name :
       {"shared", "startup", "workitems", "volatile", "applications", "fsmounts"})
    files_.make_directory(name, stage_.now());
  core_ = std::make_unique<node::Node>(std::move(identity), *this);
}

void ActedNode::join() {
  send(core_->hello());
}

void ActedNode::send(protocol::FromAgent message) {
  if (const auto* ended = std::get_if<protocol::RunEnded>(&message); ended && ended->member == 0)
    ended_runs_[node::Node::directory_of(ended->key.job, ended->key.task)] = {
        ended->key, ended->end.kept_until};
  stage_.say(pool_, id_, std::move(message));
}

void ActedNode::receive(const protocol::ToAgent& message) {
  if (const auto* files = std::get_if<protocol::RemoveFiles>(&message))
    stage_.forget_runs(fold(files->job.text()) +
                       (files->task.empty() ? "" : "/" + fold(files->task.text())));
  core_->on_message(message, stage_.now());
}

protocol::FileAnswer ActedNode::answer(const protocol::FileRequest& request) {
  return files_.answer(request, node::Node::directory_of(request.job, request.task));
}

// What ends or comes within the core's own calls is told afterwards: the core is not called from
// within itself.
void ActedNode::act() {
  const Time now = stage_.now();
  while (!fetched_.empty() || !uploaded_.empty() || !deployed_.empty() || !ended_.empty() ||
         (!ends_.empty() && ends_.begin()->first <= now)) {
    if (!fetched_.empty()) {
      const Fetched one = std::move(fetched_.front());
      fetched_.pop_front();
      core_->on_fetched(one.id, one.outcome, now);
    } else if (!uploaded_.empty()) {
      const Fetched one = std::move(uploaded_.front());
      uploaded_.pop_front();
      core_->on_uploaded(one.id, one.outcome, now);
    } else if (!deployed_.empty()) {
      const std::string directory = std::move(deployed_.front());
      deployed_.pop_front();
      core_->on_deployed(directory, Done(), now);
    } else if (!ended_.empty()) {
      const auto [id, told] = std::move(ended_.front());
      ended_.pop_front();
      core_->on_process_ended(id, told, now);
    } else {
      const std::string id = ends_.begin()->second;
      ends_.erase(ends_.begin());
      const auto found = processes_.find(id);
      if (found == processes_.end() || found->second.ended) continue;
      const Act& act = found->second.act;
      for (const auto& [path, text] : act.files)
        files_.write(found->second.order.directory + "/" + path, text, now);
      end(id, {.exit_code = act.exit_code});
    }
  }
  core_->tick(now);
}

Time ActedNode::next_deadline() const {
  if (!fetched_.empty() || !uploaded_.empty() || !deployed_.empty() || !ended_.empty())
    return Time::min();
  const Time own = ends_.empty() ? Time::max() : ends_.begin()->first;
  return std::min(own, core_->next_deadline());
}

void ActedNode::end(const std::string& id, node::ProcessEnd end) {
  Process& process = processes_.at(id);
  process.ended = true;
  end.started = process.started;
  end.ended = stage_.now();
  ended_.emplace_back(id, end);
}

void ActedNode::start_process(const node::ProcessOrder& order) {
  const Time now = stage_.now();
  // Images are there at once.
  if (order.container && order.container->image.empty()) {
    processes_[order.id] = {.order = order, .act = {}, .started = now};
    return end(order.id, {.exit_code = 0});
  }
  const bool coordination = order.id.ends_with("-coordination");
  const std::size_t run =
      stage_.count_run(command_name(order, fold(pool_.text() + "/" + id_.text())));
  Result<Act> act = read_act(order.environment, order.arguments, coordination, run);
  Process& process = processes_[order.id];
  process = {.order = order, .act = {}, .started = now};
  if (!act) {
    files_.write(order.error, act.error().message + "\n", now);
    return end(order.id, {.error = EINVAL});
  }
  process.act = *std::move(act);
  if (process.act.start_error)
    return end(order.id,
               {.error = process.act.start_error, .not_found = process.act.start_error == ENOENT});
  files_.write(order.out, process.act.out, now);
  files_.write(order.error, process.act.error, now);
  Duration duration = process.act.duration;
  if (is_chore(order.id) && run > 0) duration = std::max(duration, chore_retry_min);
  ends_.emplace(later(now, duration), order.id);
}

void ActedNode::end_process(const std::string& id) {
  const auto found = processes_.find(id);
  if (found == processes_.end() || found->second.ended) return;
  std::erase_if(ends_, [&](const auto& entry) { return entry.second == id; });
  end(id, {.signal = 15});
}

Result<> ActedNode::make_task_directory(const std::string& path, const node::User&) {
  files_.make_directory(path + "/wd", stage_.now());
  if (path.starts_with("workitems/")) task_directories_.push_back(path);
  return Done();
}

void ActedNode::put_secret(const std::string& path, const std::string& bytes, const node::User&) {
  files_.write(path, bytes, stage_.now());
}

std::string ActedNode::end_of(const std::string& path) {
  constexpr std::int64_t most = 64 << 10;
  const protocol::FileAnswer answer =
      files_.answer({.verb = protocol::FileVerb::read, .path = path, .length = most}, "");
  return base64_decode(answer.data_base64).value_or("");
}

void ActedNode::remove(const std::string& path) {
  files_.remove(path);
  // The directory itself, and what lies below it when it is a job's.
  ended_runs_.erase(path);
  ended_runs_.erase(ended_runs_.lower_bound(path + "/"), ended_runs_.lower_bound(path + "0"));
}

void ActedNode::fetch(const node::FetchOrder& order) {
  if (is_missing(order.url)) {
    fetched_.push_back({order.id, fail(Kind::not_found, "BlobNotFound",
                                       "The simulated node has no access to " + order.url +
                                           ": hosts below .invalid are never there.")});
    return;
  }
  files_.write(order.path, "simulated: " + order.url + "\n", stage_.now());
  fetched_.push_back({order.id, Done()});
}

// The archive stays where it is; the directory has a name of what would be there.
void ActedNode::deploy(const node::DeployOrder& order) {
  files_.make_directory(order.directory, stage_.now());
  files_.write(order.directory + "/simulated.txt", "simulated: " + order.sha256 + "\n",
               stage_.now());
  deployed_.push_back(order.directory);
}

// Nothing is sent; hosts below .invalid are never there.
void ActedNode::upload(const node::UploadOrder& order) {
  Result<> outcome = Done();
  for (const node::UploadOrder::Output& output : order.outputs) {
    const bool missing = is_missing(output.container_url);
    files_.write(order.directory + (missing ? "/fileuploaderr.txt" : "/fileuploadout.txt"),
                 "simulated: " + output.pattern + "\n", stage_.now());
    if (missing)
      outcome = fail(Kind::not_found, "FileUploadContainerNotFound",
                     "The simulated node has no access to the container of " + output.pattern +
                         ": hosts below .invalid are never there.");
  }
  uploaded_.push_back({order.id, std::move(outcome)});
}

}  // namespace batchyard::instant
