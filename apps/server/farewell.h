// A node that is to be given back first hands over what its completed tasks have written
// (edge/archive), on a thread of its own: nothing else waits for it. Also removes what is kept of
// tasks that are deleted, or are past their retention time.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "edge/archive/archive.h"
#include "engine/store.h"

namespace batchyard::server {

struct FarewellOptions {
  std::string data_dir;
  // Where the files of a node lie on this machine: its root directory.
  std::function<std::string(const PoolId&, const NodeId&)> directory_of;
  std::function<Time()> now;  // the service's clock, which retention goes by
};

class Farewell {
 public:
  static Result<std::unique_ptr<Farewell>> open(FarewellOptions options,
                                                engine::StoreReader& store);
  ~Farewell();

  edge::Archive& archive() { return *archive_; }

  // `then` gives the node back. After the server has ended it is not called any more: the next one
  // asks again.
  void node_leaves(const PoolId& pool, const NodeId& node, std::function<void()> then);
  void forget(const JobId& job, const TaskId& task);
  void stop();

 private:
  Farewell(FarewellOptions options, engine::StoreReader& store,
           std::unique_ptr<edge::Archive> archive);
  void loop();
  void keep_all(const PoolId& pool, const NodeId& node);
  void keep_task(const PoolId& pool, const NodeId& node, const std::string& job,
                 const std::string& task, const std::string& directory);
  bool is_wanted(const protocol::RunKey& run) const;

  FarewellOptions options_;
  engine::StoreReader& store_;
  std::unique_ptr<edge::Archive> archive_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> actions_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
