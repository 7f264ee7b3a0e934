#include "edge/instant/instant_fleet.h"

#include <fmt/format.h>

#include <algorithm>

namespace batchyard::instant {

namespace {

// Of the files of all nodes and what is kept of others; beyond it the oldest tasks' directories go,
// as by retention.
constexpr std::int64_t files_bytes_max = 256LL << 20;

std::string address_of(std::uint32_t number) {
  return fmt::format("10.{}.{}.{}", 64 + (number >> 16) % 64, (number >> 8) % 256, number % 256);
}

}  // namespace

InstantFleet::InstantFleet(const edge::Clock& clock, edge::Load& load,
                           engine::FleetListener& listener,
                           std::function<void(PoolId, NodeId, protocol::FromAgent)> say)
    : clock_(clock),
      load_(load),
      listener_(listener),
      stage_(clock, std::move(say)),
      thread_([this] { loop(); }) {}

InstantFleet::~InstantFleet() {
  stop();
}

void InstantFleet::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void InstantFleet::post(Action action) {
  load_.add();
  const std::lock_guard lock(mutex_);
  actions_.push_back(std::move(action));
  if (actions_.size() == 1) work_.notify_one();
}

void InstantFleet::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto ready = [this] { return stopping_ || !actions_.empty(); };
    if (const std::optional<Duration> wait = clock_.until(next_deadline_))
      work_.wait_for(lock, *wait, ready);
    else
      work_.wait(lock, ready);
    if (stopping_) return;
    std::deque<Action> actions = std::exchange(actions_, {});
    lock.unlock();
    for (Action& action : actions) action();
    act_until_now();
    drop_oldest_files();
    lock.lock();
    next_deadline_ = std::min(kept_.next_deadline(),
                              deadlines_.empty() ? Time::max() : deadlines_.begin()->first);
    load_.done(static_cast<std::int64_t>(actions.size()));
  }
}

void InstantFleet::act_until_now() {
  while (!deadlines_.empty() && deadlines_.begin()->first <= clock_.now()) {
    const auto member = members_.find(deadlines_.begin()->second);
    member->second.node->act();
    refresh(member);
  }
  kept_.drop_due(clock_.now());
}

void InstantFleet::forget_deadline(const Place& place, const Member& member) {
  if (member.deadline != Time::max()) deadlines_.erase({member.deadline, place});
}

void InstantFleet::refresh(Members::iterator member) {
  Member& one = member->second;
  bytes_ += one.node->files().bytes() - one.bytes;
  one.bytes = one.node->files().bytes();
  forget_deadline(member->first, one);
  one.deadline = one.node->next_deadline();
  if (one.deadline != Time::max()) deadlines_.insert({one.deadline, member->first});
}

// Of a node that goes, or whose disk is wiped.
void InstantFleet::keep_files(ActedNode& node) {
  for (const auto& [directory, ended] : node.ended_runs()) {
    if (ended.kept_until > clock_.now())
      kept_.keep(ended.run, node.files().take(directory), ended.kept_until);
  }
}

void InstantFleet::drop_oldest_files() {
  while (bytes_ + kept_.bytes() > files_bytes_max) {
    if (!kept_.empty()) {
      kept_.drop_oldest();
      continue;
    }
    const auto fullest = std::ranges::max_element(
        members_, {}, [](const auto& entry) { return entry.second.bytes; });
    std::deque<std::string>& directories = fullest->second.node->task_directories();
    if (directories.empty()) return;
    // A tenth at once, so that this is not done for every task.
    for (std::size_t count = directories.size() / 10 + 1; count > 0; --count) {
      fullest->second.node->files().remove(directories.front());
      directories.pop_front();
    }
    refresh(fullest);
  }
}

node::Identity InstantFleet::identity_of(const engine::NodeOrder& order) {
  node::Identity identity;
  identity.pool = order.pool;
  identity.node = order.node;
  identity.token = order.token;
  identity.incarnation = edge::random_guid();
  identity.ip_address = address_of(++last_address_);
  identity.host_name = order.node.text();
  identity.launch_endpoint = identity.ip_address + ":0";
  identity.root = "/mnt/batch/tasks";
  identity.probe.os = "simulated";
  identity.promise = order.promise;
  identity.emulates = true;
  identity.windows = order.windows;
  return identity;
}

// A node of a new life has what was on its disk, unless that was to go.
void InstantFleet::start(Members::iterator member, const engine::NodeOrder& order) {
  Member& one = member->second;
  node::Identity identity = identity_of(order);
  const engine::NodeMade made{.pool = order.pool,
                              .node = order.node,
                              .ip_address = identity.ip_address,
                              .host_name = identity.host_name,
                              .isolated = true,
                              .life = order.life};
  const std::unique_ptr<ActedNode> before = std::move(one.node);
  one.node = std::make_unique<ActedNode>(stage_, std::move(identity));
  if (before && one.image >= order.image) {
    one.node->files() = std::move(before->files());
    one.node->task_directories() = std::move(before->task_directories());
    one.node->ended_runs() = std::move(before->ended_runs());
  } else if (before) {
    keep_files(*before);
  }
  one.life = order.life;
  one.image = std::max(one.image, order.image);
  {
    const std::lock_guard lock(mutex_);
    known_.insert(member->first);
  }
  listener_.made(made);
}

void InstantFleet::make(engine::NodeOrder order) {
  post([this, order = std::move(order)] {
    const Place place(order.pool, order.node);
    const auto [member, is_new] = members_.emplace(place, Member());
    if (is_new || member->second.life < order.life) start(member, order);
    member->second.node->join();
    refresh(member);
  });
}

void InstantFleet::unmake(PoolId pool, NodeId node) {
  post([this, pool = std::move(pool), node = std::move(node)] {
    const Place place(pool, node);
    if (const auto member = members_.find(place); member != members_.end()) {
      forget_deadline(place, member->second);
      bytes_ -= member->second.bytes;
      keep_files(*member->second.node);
      members_.erase(member);
      const std::lock_guard lock(mutex_);
      known_.erase(place);
    }
    listener_.unmade(pool, node);
  });
}

// Its files are its disk, and come back with it.
void InstantFleet::lose(PoolId pool, NodeId node) {
  post([this, place = Place(std::move(pool), std::move(node))] {
    const auto member = members_.find(place);
    if (member == members_.end()) return;
    --member->second.life;  // the same order starts it anew
    listener_.failed(
        place.first, place.second,
        Error{Kind::internal, "NodeLost", "The node has died.", {}, "a fault that was asked for"});
  });
}

void InstantFleet::restart_agent(PoolId pool, NodeId node) {
  post([this, place = Place(std::move(pool), std::move(node))] {
    if (const auto member = members_.find(place); member != members_.end())
      member->second.node->join();
  });
}

bool InstantFleet::tell(const PoolId& pool, const NodeId& node, const protocol::ToAgent& message) {
  const Place place(pool, node);
  {
    const std::lock_guard lock(mutex_);
    if (!known_.contains(place)) return false;
  }
  post([this, place, message] {
    const auto member = members_.find(place);
    if (member == members_.end()) return;
    member->second.node->receive(message);
    refresh(member);
  });
  return true;
}

void InstantFleet::ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request,
                       OnFile done) {
  post([this, place = Place(pool, node), request = std::move(request),
        done = std::move(done)]() mutable {
    const auto member = members_.find(place);
    if (member == members_.end())
      return done(fail(Kind::conflict, "OperationInvalidForCurrentState",
                       fmt::format("The node {} is not there any more.", place.second.text())));
    done(member->second.node->answer(request));
    refresh(member);
  });
}

void InstantFleet::ask_kept(const protocol::RunKey& run, protocol::FileRequest request,
                            OnFile done) {
  post([this, run, request = std::move(request), done = std::move(done)]() mutable {
    done(kept_.answer(run, request));
  });
}

void InstantFleet::forget_kept(JobId job, TaskId task) {
  post([this, job = std::move(job), task = std::move(task)] { kept_.forget(job, task); });
}

Time InstantFleet::next_deadline() {
  const std::lock_guard lock(mutex_);
  return next_deadline_;
}

void InstantFleet::clock_moved() {
  post([] {});
}

}  // namespace batchyard::instant
