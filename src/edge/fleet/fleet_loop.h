// The local fleet's one thread: takes orders, watches every node's first process and report, and
// tells the listener. All members but the queue belong to that thread.
#pragma once

#include <poll.h>

#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "edge/fleet/node_in_hand.h"
#include "edge/fleet/sweeper.h"

namespace batchyard::fleet {

class FleetLoop {
 public:
  FleetLoop(LocalFleetOptions options, bool isolated, engine::FleetListener& listener);
  ~FleetLoop();

  using Order = std::move_only_function<void(FleetLoop&)>;
  // From any thread; run on the loop's. Dropped once the fleet is stopping.
  void post(Order order);
  // No order after this one is taken.
  void post_last(Order order);

  void adopt(std::vector<engine::NodeOrder> wanted);
  void make(engine::NodeOrder order);
  void unmake(const PoolId& pool, const NodeId& node);
  void restart_agent(const PoolId& pool, const NodeId& node);
  void lose(const PoolId& pool, const NodeId& node);
  // `done` is set once no node is left.
  void stop(std::promise<void> done);

 private:
  struct PoolInHand {
    std::uint32_t number = 0;
    std::optional<Hub> hub;
    PoolHosts hosts;
    std::map<NodeId, NodeInHand> nodes;
  };

  void run();
  bool run_orders();
  void wait();
  void watch(NodeInHand& node, bool process_ended, bool report_ready);
  void look_at_deadlines();

  void find_earlier_nodes();
  bool take_up(NodeRecord record);
  Result<> build(engine::NodeOrder& order);
  void take_over(NodeInHand& node, engine::NodeOrder order);
  Result<> write_agent(NodeInHand& node);
  void read_report(NodeInHand& node);
  void on_report(NodeInHand& node);
  void end(NodeInHand& node, Ending ending);
  void on_ended(NodeInHand& node);
  void tell_failed(const PoolId& pool, const NodeId& node, Error error);
  // Removes what is left of a node whose first process has ended, and the pool's hub with its last
  // node.
  void clear(const NodeRecord& record);

  PoolInHand& pool_in_hand(const PoolId& pool);
  NodeInHand* find(const PoolId& pool, const NodeId& node);
  BuildSite site_of(PoolInHand& pool) const;
  // So many GPUs of the machine that no node has; none when there are fewer and the rest can be
  // emulated.
  std::vector<std::string> free_gpus(std::int32_t wanted) const;
  Result<std::uint32_t> free_host_number(const PoolInHand& pool) const;

  const LocalFleetOptions options_;
  const bool isolated_;
  engine::FleetListener& listener_;
  const FleetDirectory directory_;
  const std::string installation_;
  Sweeper sweeper_;
  std::map<PoolId, PoolInHand> pools_;
  std::optional<std::promise<void>> stopping_;

  std::mutex mutex_;
  std::vector<Order> queue_;
  bool closed_ = false;  // takes no more orders
  bool leave_ = false;   // the thread ends, nodes go on
  Descriptor wake_;
  std::thread thread_;
};

}  // namespace batchyard::fleet
