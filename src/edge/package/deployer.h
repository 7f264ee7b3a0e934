// Application packages of a node: fetched from the service, compared with their digest, unpacked. A
// few at a time, on threads of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/transfer/transfer.h"
#include "node/ports.h"

namespace batchyard::edge {

struct DeployerOptions {
  std::string root;           // of the node
  std::string service;        // https://host:port
  std::string authorization;  // the node's: what the Authorization header says
  std::string ca_file;        // trusted beside the system's authorities; may be empty
  std::string boot;           // of the machine: what an earlier one has left may not be whole
  unsigned threads = 2;
};

class Deployer {
 public:
  // Called on one of the deployer's threads. Kind::not_found: the service has it no longer;
  // Kind::invalid: the archive is refused.
  using OnDeployed = std::function<void(const std::string& directory, Result<> outcome)>;

  Deployer(DeployerOptions options, OnDeployed on_deployed);
  ~Deployer();  // what is under way is called off

  void deploy(node::DeployOrder order);

 private:
  void loop();
  Result<> perform(const node::DeployOrder& order, Transfer& transfer);
  Result<> fetch(const node::DeployOrder& order, Transfer& transfer, const std::string& path);
  Result<> fetch_once(const node::DeployOrder& order, Transfer& transfer, int file, bool& again);
  Result<> unpack(const node::DeployOrder& order, const std::string& path);
  bool is_there(const node::DeployOrder& order) const;
  std::string beside(const node::DeployOrder& order, std::string_view suffix) const;
  std::string mark_of(const node::DeployOrder& order) const;

  DeployerOptions options_;
  OnDeployed on_deployed_;
  Halt halt_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<node::DeployOrder> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace batchyard::edge
