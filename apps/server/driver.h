// The engine's thread: takes the commands that wait together, gives them to the engine with the
// time, and comes back when a deadline passes.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

namespace batchyard::server {

class Driver : public engine::Inbox, public engine::FleetListener {
 public:
  // `on_broken` is called once, from the engine's thread, when a commit has failed: the process
  // must end.
  Driver(engine::Store& store, engine::EffectSink& sink, std::function<void(Error)> on_broken);
  ~Driver() override;

  // Loads the state and starts the thread.
  Result<> start();
  // Decides what was submitted until now, then ends the thread. Later commands are answered
  // ServerBusy.
  void stop();

  void submit(engine::Command command, engine::OnDone done) override;

  void made(engine::NodeMade node) override;
  void failed(PoolId pool, NodeId node, Error error) override;
  void unmade(PoolId pool, NodeId node) override;

 private:
  void run();
  bool wait_for_work(std::vector<engine::Submission>& batch);

  engine::Engine engine_;
  std::function<void(Error)> on_broken_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::vector<engine::Submission> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
