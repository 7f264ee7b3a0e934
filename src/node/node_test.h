// A node's core against ports that only remember, for the tests of this folder.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "node/node.h"

namespace batchyard::node {

using namespace std::chrono_literals;

inline const Time start = Time(Duration(1'000'000));

class RememberedPorts : public Ports {
 public:
  void start_process(const ProcessOrder& order) override { started.push_back(order); }
  void end_process(const std::string& id) override { ended.push_back(id); }
  void end_tree(const std::string& mark) override { trees.push_back(mark); }
  void forget_process(const std::string&) override {}
  Result<> make_task_directory(const std::string& path, const User&) override {
    if (full) return fail(Kind::internal, "DiskFull", "The node's disk is full.");
    directories.push_back(path);
    return Done();
  }
  void remove(const std::string& path) override { removed.push_back(path); }
  void put_secret(const std::string& path, const std::string& bytes, const User&) override {
    secrets[path] = bytes;
  }
  Result<> set_accounts(const std::vector<protocol::Account>& wanted) override {
    accounts = wanted;
    return Done();
  }
  Result<> mount(const std::string& mounts) override {
    mounted.push_back(mounts);
    if (no_mounts) return fail(Kind::internal, "MountConfigurationError", "no such share");
    return Done();
  }
  void fetch(const FetchOrder& order) override { fetches.push_back(order); }
  void upload(const UploadOrder& order) override { uploads.push_back(order); }
  void end_upload(const std::string& id) override { uploads_ended.push_back(id); }
  void deploy(const DeployOrder& order) override { deployments.push_back(order); }
  void keep_record(const std::string& name, const std::string& text) override {
    records[name] = text;
  }
  void drop_record(const std::string& name) override { records.erase(name); }
  void send(protocol::FromAgent message) override { sent.push_back(std::move(message)); }
  std::vector<std::string> open_gang(const std::string& mark, const protocol::Gang&, std::int32_t,
                                     const ProcessOrder&) override {
    gangs.push_back(mark);
    return {"LAUNCHER=ours"};
  }
  void close_gang(const std::string& mark) override { std::erase(gangs, mark); }

  bool full = false;
  bool no_mounts = false;
  std::map<std::string, std::string> secrets;
  std::vector<protocol::Account> accounts;
  std::vector<std::string> mounted;
  std::vector<ProcessOrder> started;
  std::vector<std::string> ended, trees, directories, removed, gangs;
  std::vector<FetchOrder> fetches;
  std::vector<UploadOrder> uploads;
  std::vector<std::string> uploads_ended;
  std::vector<DeployOrder> deployments;
  std::map<std::string, std::string> records;
  std::vector<protocol::FromAgent> sent;

  template <class Message>
  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        sent, [](const auto& one) { return std::holds_alternative<Message>(one); }));
  }
  std::vector<protocol::RunEnd> ends() const {
    std::vector<protocol::RunEnd> ends;
    for (const protocol::FromAgent& message : sent) {
      if (const auto* said = std::get_if<protocol::RunEnded>(&message)) ends.push_back(said->end);
    }
    return ends;
  }
};

inline protocol::RunTask order(const std::string& spec, std::int64_t attempt = 1) {
  protocol::RunTask order;
  order.key = {JobId::trusted("job"), TaskId::trusted("task"), attempt};
  order.spec = spec;
  return order;
}

inline protocol::RunTask gang_order(const std::string& spec, std::int32_t member) {
  protocol::RunTask task = order(spec);
  task.gang.emplace();
  task.gang->member = member;
  task.gang->members.resize(2);
  return task;
}

inline ProcessEnd exited(std::int32_t code) {
  ProcessEnd end;
  end.exit_code = code;
  end.started = start;
  end.ended = start + 1s;
  return end;
}

class NodeTest : public ::testing::Test {
 protected:
  NodeTest() : node_(Identity{}, ports_) {}

  std::vector<protocol::RunEnd> ends() const { return ports_.ends(); }
  std::size_t members_ready() const {
    return static_cast<std::size_t>(std::ranges::count_if(ports_.sent, [](const auto& message) {
      return std::holds_alternative<protocol::MemberReady>(message);
    }));
  }
  std::string last_failure() const {
    const std::vector<protocol::RunEnd> all = ends();
    return all.empty() || !all.back().failure ? "" : all.back().failure->code;
  }

  RememberedPorts ports_;
  Node node_;
};

}  // namespace batchyard::node
