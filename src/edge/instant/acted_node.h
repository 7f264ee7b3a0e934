// A node that acts: the real core of an agent (src/node) whose processes are acted out on the clock
// and whose files lie in memory. One thread uses all nodes of a fleet.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "edge/clock/clock.h"
#include "edge/instant/act.h"
#include "edge/instant/memory_files.h"
#include "node/node.h"

namespace batchyard::instant {

// What the nodes of a fleet share.
class Stage {
 public:
  Stage(const edge::Clock& clock, std::function<void(PoolId, NodeId, protocol::FromAgent)> say)
      : clock_(clock), say_(std::move(say)) {}

  Time now() const { return clock_.now(); }
  void say(const PoolId& pool, const NodeId& node, protocol::FromAgent message) {
    say_(pool, node, std::move(message));
  }

  // How often the command of that name has run before. Forgotten with the task.
  std::size_t count_run(const std::string& name);
  void forget_runs(const std::string& prefix);

 private:
  const edge::Clock& clock_;
  std::function<void(PoolId, NodeId, protocol::FromAgent)> say_;
  std::map<std::string, std::size_t> runs_;
};

class ActedNode : public node::Ports {
 public:
  ActedNode(Stage& stage, node::Identity identity);

  void join();
  void receive(const protocol::ToAgent& message);
  protocol::FileAnswer answer(const protocol::FileRequest& request);
  // Everything whose time has come.
  void act();
  Time next_deadline() const;

  MemoryFiles& files() { return files_; }
  // Directories of tasks in the order that they were made, oldest first.
  std::deque<std::string>& task_directories() { return task_directories_; }
  // A run that has ended here, and until when its files are to be read.
  struct Ended {
    protocol::RunKey run;
    Time kept_until;
  };
  std::map<std::string, Ended>& ended_runs() { return ended_runs_; }  // by directory

  void start_process(const node::ProcessOrder& order) override;
  void end_process(const std::string& id) override;
  void end_tree(const std::string&) override {}
  void forget_process(const std::string& id) override { processes_.erase(id); }
  Result<> make_task_directory(const std::string& path, const node::User& user) override;
  void put_secret(const std::string& path, const std::string& bytes,
                  const node::User& user) override;
  // Nobody looks for accounts and mounts on a simulated node.
  Result<> set_accounts(const std::vector<protocol::Account>&) override { return Done(); }
  Result<> mount(const std::string&) override { return Done(); }
  void remove(const std::string& path) override;
  void fetch(const node::FetchOrder& order) override;
  void upload(const node::UploadOrder& order) override;
  void end_upload(const std::string&) override {}  // it is over at once
  void deploy(const node::DeployOrder& order) override;
  void keep_record(const std::string&, const std::string&) override {}
  void drop_record(const std::string&) override {}
  void send(protocol::FromAgent message) override;
  std::vector<std::string> open_gang(const std::string&, const protocol::Gang&, std::int32_t,
                                     const node::ProcessOrder&) override {
    return {};
  }
  void close_gang(const std::string&) override {}
  std::string end_of(const std::string& path) override;

 private:
  struct Process {
    node::ProcessOrder order;
    Act act;
    Time started;
    bool ended = false;
  };
  struct Fetched {
    std::string id;
    Result<> outcome;
  };
  void end(const std::string& id, node::ProcessEnd end);

  Stage& stage_;
  PoolId pool_;
  NodeId id_;
  MemoryFiles files_;
  std::deque<std::string> task_directories_;
  std::map<std::string, Ended> ended_runs_;
  std::map<std::string, Process> processes_;
  std::multimap<Time, std::string> ends_;                       // of processes
  std::deque<std::pair<std::string, node::ProcessEnd>> ended_;  // and to be told
  std::deque<Fetched> fetched_;
  std::deque<Fetched> uploaded_;
  std::deque<std::string> deployed_;  // directories of packages
  std::unique_ptr<node::Node> core_;
};

}  // namespace batchyard::instant
