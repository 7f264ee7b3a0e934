// A node of a simulated world: the real core of an agent, with processes, files and records acted
// out. Processes and records outlive the agent, and nothing outlives the node.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/node.h"
#include "testing/random.h"
#include "testing/sim_checks.h"
#include "testing/sim_clock.h"
#include "testing/sim_trace.h"

namespace batchyard::testing {

struct SimNodeWorld {
  SimClock& clock;
  Random& random;
  SimTrace& trace;
  SimChecks& checks;
  const std::uint64_t& task_fails;  // once in so many commands
};

class SimNode : public node::Ports {
 public:
  SimNode(SimNodeWorld world, PoolId pool, NodeId node, std::string incarnation,
          std::function<void(protocol::FromAgent)> send);
  ~SimNode() override;

  const PoolId pool;
  const NodeId id;
  bool connected = false;
  std::int64_t life = 0;    // of the order that it was made for
  std::int64_t link = 0;    // counts its links: what an earlier one carried is lost
  Time last_up, last_down;  // frames of one link arrive in order

  bool agent_alive() const { return agent_ != nullptr; }
  void start_agent();
  void kill_agent();
  // All of its processes are gone, and nobody is told.
  void crash();
  // The server may give what runs here to other nodes.
  void disturb_runs() const;
  protocol::Hello hello() {
    agent_->on_link(true, world_.clock.now());
    return agent_->hello();
  }
  void link_lost() {
    if (agent_) agent_->on_link(false, world_.clock.now());
  }
  void receive(const protocol::ToAgent& message);
  void tick();

  void start_process(const node::ProcessOrder& order) override;
  void end_process(const std::string& process) override;
  void end_tree(const std::string&) override {}
  void forget_process(const std::string& process) override { processes_.erase(process); }
  Result<> make_task_directory(const std::string&, const node::User&) override { return Done(); }
  void put_secret(const std::string&, const std::string&, const node::User&) override {}
  Result<> set_accounts(const std::vector<protocol::Account>&) override { return Done(); }
  Result<> mount(const std::string&) override { return Done(); }
  void remove(const std::string&) override {}
  void fetch(const node::FetchOrder&) override {}
  void upload(const node::UploadOrder& order) override;
  void end_upload(const std::string& upload) override;
  void deploy(const node::DeployOrder& order) override;
  void keep_record(const std::string& name, const std::string& text) override {
    records_[name] = text;
  }
  void drop_record(const std::string& name) override { records_.erase(name); }
  void send(protocol::FromAgent message) override;
  std::vector<std::string> open_gang(const std::string&, const protocol::Gang&, std::int32_t,
                                     const node::ProcessOrder&) override {
    return {};
  }
  void close_gang(const std::string&) override {}

 private:
  struct Process {
    std::int64_t number = 0;
    node::ProcessOrder order;
    Time started;
    bool ended = false;
    node::ProcessEnd end;
  };
  void ends(const std::string& process, std::int64_t number, std::int32_t code, bool killed);
  void tell(const std::string& process);
  void uploaded(const std::string& id, std::int64_t number, bool whole);
  void deployed(const std::string& directory, std::int64_t number);
  bool has_packages(const node::ProcessOrder& order) const;

  SimNodeWorld world_;
  std::string incarnation_;
  std::function<void(protocol::FromAgent)> send_;
  std::unique_ptr<node::Node> agent_;
  std::map<std::string, Process> processes_;
  std::map<std::string, std::string> records_;
  std::map<std::string, std::int64_t> uploads_;      // under way, by id: they end with the agent
  bool images_there_ = false;                        // those of its pool
  std::set<std::string> packages_;                   // directories that are there
  std::map<std::string, std::int64_t> deployments_;  // under way: they end with the agent
  std::map<std::string, std::pair<std::int32_t, std::int32_t>> seats_;  // member and size, by run
  std::int64_t last_process_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is still to happen here
};

}  // namespace batchyard::testing
