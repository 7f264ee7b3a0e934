#include "edge/fleet/fleet_loop.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/check.h"
#include "edge/fleet/limits.h"
#include "edge/fleet/node_group.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// Tells the cgroups of services with different data directories apart.
std::string installation_name(const std::string& data_directory) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char letter : data_directory)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211u;
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[hash >> shift & 15];
  return text;
}

Error lost(std::string message) {
  return Error{Kind::internal, "NodeLost", std::move(message), {}, std::string()};
}

}  // namespace

FleetLoop::FleetLoop(LocalFleetOptions options, bool isolated, engine::FleetListener& listener)
    : options_(std::move(options)),
      isolated_(isolated),
      listener_(listener),
      directory_(options_.data_directory),
      installation_(installation_name(options_.data_directory)),
      sweeper_(directory_.trash()),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  check(wake_.is_open(), "an eventfd for the fleet");
  thread_ = std::thread([this] { run(); });
}

FleetLoop::~FleetLoop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    leave_ = true;
  }
  ::eventfd_write(wake_.number(), 1);
  thread_.join();
}

void FleetLoop::post(Order order) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    queue_.push_back(std::move(order));
  }
  ::eventfd_write(wake_.number(), 1);
}

void FleetLoop::post_last(Order order) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    queue_.push_back(std::move(order));
    closed_ = true;
  }
  ::eventfd_write(wake_.number(), 1);
}

void FleetLoop::run() {
  find_earlier_nodes();
  while (run_orders()) {
    if (stopping_ && pools_.empty()) {
      stopping_->set_value();
      stopping_.reset();
    }
    wait();
    look_at_deadlines();
  }
}

bool FleetLoop::run_orders() {
  std::vector<Order> orders;
  {
    const std::lock_guard lock(mutex_);
    if (leave_) return false;
    orders.swap(queue_);
  }
  for (Order& order : orders) order(*this);
  return true;
}

void FleetLoop::wait() {
  std::vector<pollfd> watched{{wake_.number(), POLLIN, 0}};
  std::vector<std::pair<PoolId, NodeId>> nodes;
  bool deadlines = false;
  for (auto& [pool_id, pool] : pools_) {
    for (auto& [node_id, node] : pool.nodes) {
      const Building* building = std::get_if<Building>(&node.state);
      watched.push_back({node.process.handle.number(), POLLIN, 0});
      watched.push_back({building != nullptr ? building->report.number() : -1, POLLIN, 0});
      nodes.emplace_back(pool_id, node_id);
      deadlines = deadlines || !std::holds_alternative<Up>(node.state);
    }
  }
  ::poll(watched.data(), watched.size(), deadlines ? 500 : -1);
  if (watched[0].revents != 0) {
    eventfd_t count = 0;
    ::eventfd_read(wake_.number(), &count);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool ended = watched[1 + 2 * i].revents != 0;
    const bool reported = watched[2 + 2 * i].revents != 0;
    NodeInHand* node = find(nodes[i].first, nodes[i].second);
    if (node != nullptr && (ended || reported)) watch(*node, ended, reported);
  }
}

void FleetLoop::watch(NodeInHand& node, bool process_ended, bool report_ready) {
  if (report_ready || process_ended) read_report(node);
  if (process_ended)
    on_ended(node);
  else if (report_ready)
    on_report(node);
}

void FleetLoop::look_at_deadlines() {
  const Clock::time_point now = Clock::now();
  for (auto& [pool_id, pool] : pools_) {
    for (auto& [node_id, node] : pool.nodes) {
      if (const Building* building = std::get_if<Building>(&node.state);
          building != nullptr && now >= building->deadline)
        end(node, {.failure = lost("The node was not built within " +
                                   std::to_string(build_time_max.count()) + " seconds.")});
      if (const Ending* ending = std::get_if<Ending>(&node.state);
          ending != nullptr && now >= ending->deadline)
        signal_init(node.process, SIGKILL);
    }
  }
}

void FleetLoop::stop(std::promise<void> done) {
  for (auto& [pool_id, pool] : pools_) {
    for (auto& [node_id, node] : pool.nodes) end(node, {.silent = true});
  }
  stopping_ = std::move(done);
}

// ---- orders
// ---------------------------------------------------------------------------------------------------------

void FleetLoop::adopt(std::vector<engine::NodeOrder> wanted) {
  std::set<std::string> kept;
  for (engine::NodeOrder& order : wanted) {
    kept.insert(directory_.node(order.pool, order.node));
    make(std::move(order));
  }
  for (auto& [pool_id, pool] : pools_) {
    for (auto& [node_id, node] : pool.nodes) {
      if (!kept.contains(directory_.node(pool_id, node_id))) end(node, {.silent = true});
    }
  }
  // The files of the ones just ended are free to go: a mount keeps what it needs until its
  // namespace is gone.
  for (const std::string& directory : directory_.node_directories()) {
    if (!kept.contains(directory)) sweeper_.throw_away(directory);
  }
  directory_.remove_empty_pools();
}

void FleetLoop::make(engine::NodeOrder order) {
  if (order.windows)
    return tell_failed(
        order.pool, order.node,
        fail(Kind::invalid, "AllocationFailed",
             "The pool's nodes are Windows, and the machines of this installation are Linux: its "
             "definition is kept, and no node can be allocated. Give a Linux image, or try it with "
             "simulated nodes (--instant).")
            .error());
  NodeInHand* node = find(order.pool, order.node);
  if (node == nullptr) {
    if (const Result<> built = build(order); !built)
      tell_failed(order.pool, order.node, built.error());
  } else if (Ending* ending = std::get_if<Ending>(&node->state)) {
    ending->again = std::move(order);
  } else if (order.life > node->record.life) {
    // It ends for a new life: nobody has lost it.
    end(*node, {.silent = true, .again = std::move(order)});
  } else if (std::holds_alternative<Building>(node->state)) {
    node->order = std::move(order);
  } else {
    take_over(*node, std::move(order));
  }
}

void FleetLoop::unmake(const PoolId& pool, const NodeId& node_id) {
  if (NodeInHand* node = find(pool, node_id)) {
    end(*node, {});
    return;
  }
  sweeper_.throw_away(directory_.node(pool, node_id));
  directory_.remove_empty_pools();
  listener_.unmade(pool, node_id);
}

void FleetLoop::restart_agent(const PoolId& pool, const NodeId& node_id) {
  if (const NodeInHand* node = find(pool, node_id);
      node != nullptr && std::holds_alternative<Up>(node->state))
    signal_init(node->process, SIGHUP);
}

void FleetLoop::lose(const PoolId& pool, const NodeId& node_id) {
  if (const NodeInHand* node = find(pool, node_id)) signal_init(node->process, SIGKILL);
}

// ---- a node's life
// --------------------------------------------------------------------------------------------------

Result<> FleetLoop::build(engine::NodeOrder& order) {
  PoolInHand& pool = pool_in_hand(order.pool);
  NodeRecord record;
  record.pool = order.pool;
  record.node = order.node;
  record.isolated = isolated_;
  record.pool_number = pool.number;
  record.life = order.life;
  record.image = std::max(order.image, directory_.image_of(order.pool, order.node));
  if (directory_.image_of(order.pool, order.node) < order.image)
    sweeper_.throw_away(directory_.node(order.pool, order.node));
  Result<NodeInHand> node = [&]() -> Result<NodeInHand> {
    if (pool.number >= pools_max)
      return fail(Kind::internal, "NodeNotMade",
                  "This machine already holds " + std::to_string(pools_max) + " pools.");
    if (isolated_ && !pool.hub) pool.hub = TRY(Hub::make());
    record.host_number = TRY(free_host_number(pool));
    record.gpus = free_gpus(order.promise.gpus);
    return begin_node(site_of(pool), order, record);
  }();
  if (!node) {
    record.cgroup.clear();
    clear(record);
    return std::unexpected(std::move(node).error());
  }
  pool.nodes.emplace(node->record.node, std::move(*node));
  return Done{};
}

void FleetLoop::take_over(NodeInHand& node, engine::NodeOrder order) {
  node.order = std::move(order);
  const Result<bool> changed = write_agent_files(site_of(pool_in_hand(node.record.pool)), node);
  if (!changed) {
    end(node, {.failure = changed.error()});
    return;
  }
  if (*changed) signal_init(node.process, SIGHUP);
  listener_.made({.pool = node.record.pool,
                  .node = node.record.node,
                  .ip_address = node.record.ip_address,
                  .host_name = node.record.host_name,
                  .isolated = node.record.isolated,
                  .life = node.record.life});
}

void FleetLoop::read_report(NodeInHand& node) {
  Building* building = std::get_if<Building>(&node.state);
  if (building == nullptr) return;
  char buffer[1024];
  for (ssize_t count = ::read(building->report.number(), buffer, sizeof buffer);
       count > 0 && building->text.size() < report_length_max;
       count = ::read(building->report.number(), buffer, sizeof buffer))
    building->text.append(buffer, static_cast<std::size_t>(count));
}

void FleetLoop::on_report(NodeInHand& node) {
  const Building* building = std::get_if<Building>(&node.state);
  if (building == nullptr || building->text.empty()) return;
  if (building->text != "ok") {
    end(node, {.failure = lost("The node could not be built: " + building->text + ".")});
    return;
  }
  node.state = Up{};
  node.record.made = true;
  if (const Result<> recorded = directory_.write(node.record); !recorded) {
    end(node, {.failure = recorded.error()});
    return;
  }
  take_over(node, node.order);
}

void FleetLoop::end(NodeInHand& node, Ending ending) {
  if (Ending* already = std::get_if<Ending>(&node.state)) {
    // The later wish counts; a new order that waited for this end is void.
    already->failure = std::move(ending.failure);
    already->silent = ending.silent;
    already->again.reset();
    return;
  }
  // A plain node's first process first ends its tree, because no PID namespace does it.
  signal_init(node.process, node.record.isolated ? SIGKILL : SIGTERM);
  ending.deadline = Clock::now() + end_time_max;
  node.state = std::move(ending);
}

void FleetLoop::on_ended(NodeInHand& node) {
  const std::string how = reap_init(node.process);
  const NodeRecord record = node.record;
  NodeState state = std::move(node.state);
  Ending ending;
  if (const Building* building = std::get_if<Building>(&state))
    ending.failure =
        lost("The node could not be built: " +
             (building->text.empty() || building->text == "ok" ? "its first process " + how
                                                               : building->text) +
             ".");
  else if (std::holds_alternative<Up>(state))
    ending.failure = lost("The node has crashed: its first process " + how + ".");
  else
    ending = std::move(std::get<Ending>(state));

  pool_in_hand(record.pool).nodes.erase(record.node);
  if (!ending.failure && !ending.silent)
    sweeper_.throw_away(directory_.node(record.pool, record.node));
  clear(record);
  if (ending.failure)
    tell_failed(record.pool, record.node, *ending.failure);
  else if (!ending.silent)
    listener_.unmade(record.pool, record.node);
  if (ending.again) make(std::move(*ending.again));
}

void FleetLoop::tell_failed(const PoolId& pool, const NodeId& node, Error error) {
  if (error.cause.empty()) error.cause = error.message;
  listener_.failed(pool, node, std::move(error));
}

void FleetLoop::clear(const NodeRecord& record) {
  if (const Result<> ended = end_node_group(record.cgroup); !ended) {
    // It stays on record: the next start of the service tries again.
    return;
  }
  directory_.forget(record);
  const auto pool = pools_.find(record.pool);
  if (pool == pools_.end()) return;
  if (pool->second.hub && !record.port.empty()) pool->second.hub->drop_port(record.port);
  if (record.isolated && !record.ip_address.empty()) {
    if (const Result<> struck = pool->second.hosts.strike(record.ip_address); !struck) {
      // A name that leads nowhere harms nobody; the line goes when the address is given again.
    }
  }
  if (pool->second.nodes.empty()) {
    pools_.erase(pool);
    directory_.remove_empty_pools();
  }
}

}  // namespace batchyard::fleet
