// The node's hardware as its agent sees it: the machine's facts as far as they are the node's, the
// stand-ins of what is emulated, and looking again without keeping tasks waiting.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "apps/agent/agent.h"
#include "apps/agent/queue.h"
#include "base/time.h"
#include "edge/process/shim_order.h"
#include "node/ports.h"
#include "protocol/hardware.h"

namespace batchyard::agent {

class Hardware {
 public:
  // `on_probed` is called on a thread of its own.
  Hardware(const AgentOptions& options, std::function<void(protocol::Probe)> on_probed);
  ~Hardware();

  // At once: without what takes a moment to find out.
  protocol::Probe first_look();
  // Hardware that can fail is looked at after every run, and while the server listens with every
  // report of use; versions of what is installed once, when the node is at work.
  void begin(Time now);
  void run_ended() { run_ended_ = true; }
  void tick(Time now, bool linked);
  Time next_look() const { return next_look_; }
  // Now; once when asked often.
  void look_again();
  // What the stand-ins show from now on; they are put in place if need be.
  void show(const std::string& text) const;
  // Keeps a command from GPUs that are not its, where the kernel can; what limit() says of it.
  void confine(const node::ProcessOrder& order, edge::ShimOrder& shim) const;
  void release(const std::string& id) const;
  const std::string& limit() const { return limit_; }
  // The last that was seen.
  protocol::Probe probe() const;

 private:
  protocol::Probe look(bool with_versions) const;

  AgentOptions options_;
  std::function<void(protocol::Probe)> on_probed_;
  std::int64_t errors_since_;
  std::string limit_;  // "cgroup"; empty: there is none
  mutable std::mutex mutex_;
  protocol::Probe last_;
  bool asked_ = false;
  bool run_ended_ = false;
  Time next_look_;
  Queue work_;
  std::thread thread_;
};

}  // namespace batchyard::agent
