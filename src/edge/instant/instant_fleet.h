// The simulated fleet: nodes are there at once, and tasks are acted out on the service's clock with
// no process started (docs/testing.md). Its nodes need no link: the service's messages are handed
// to them here.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/id.h"
#include "edge/clock/clock.h"
#include "edge/clock/load.h"
#include "edge/instant/acted_node.h"
#include "edge/instant/kept_files.h"
#include "engine/fleet.h"
#include "protocol/messages.h"

namespace batchyard::instant {

using OnFile = std::move_only_function<void(Result<protocol::FileAnswer>)>;

class InstantFleet : public engine::Fleet {
 public:
  // `say` carries what the nodes say to the service. It and the listener are called on the fleet's
  // thread, and must outlive it.
  InstantFleet(const edge::Clock& clock, edge::Load& load, engine::FleetListener& listener,
               std::function<void(PoolId, NodeId, protocol::FromAgent)> say);
  ~InstantFleet() override;
  // Orders that come later are ignored.
  void stop();

  void make(engine::NodeOrder order) override;
  void unmake(PoolId pool, NodeId node) override;
  void lose(PoolId pool, NodeId node) override;
  void restart_agent(PoolId pool, NodeId node) override;

  // False when there is no such node.
  bool tell(const PoolId& pool, const NodeId& node, const protocol::ToAgent& message);
  void ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request, OnFile done);
  // Of a run whose node is gone.
  void ask_kept(const protocol::RunKey& run, protocol::FileRequest request, OnFile done);
  // What is kept of a task, or of the whole job when `task` is empty, is not wanted any more.
  void forget_kept(JobId job, TaskId task);

  // The next instant at which a node does something by itself; Time::max() for never.
  Time next_deadline();
  // Looks at the clock again: it was moved.
  void clock_moved();

 private:
  using Place = std::pair<PoolId, NodeId>;
  struct Member {
    std::unique_ptr<ActedNode> node;
    Time deadline = Time::max();  // its entry in `deadlines_`
    std::int64_t bytes = 0;       // of its files, as counted
    std::int64_t life = 0;        // of the order that it was made for
    std::int64_t image = 0;       // …and that its files belong to
  };
  using Members = std::map<Place, Member>;
  using Action = std::move_only_function<void()>;

  void post(Action action);
  void loop();
  void act_until_now();
  void refresh(Members::iterator member);
  void start(Members::iterator member, const engine::NodeOrder& order);
  void keep_files(ActedNode& node);
  void drop_oldest_files();
  void forget_deadline(const Place& place, const Member& member);
  node::Identity identity_of(const engine::NodeOrder& order);

  const edge::Clock& clock_;
  edge::Load& load_;
  engine::FleetListener& listener_;
  Stage stage_;
  // The fleet's thread alone.
  Members members_;
  std::set<std::pair<Time, Place>> deadlines_;
  std::int64_t bytes_ = 0;  // of the files of all nodes
  KeptFiles kept_;
  std::uint32_t last_address_ = 0;

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Action> actions_;
  std::set<Place> known_;  // places that can be told something
  Time next_deadline_ = Time::max();
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::instant
