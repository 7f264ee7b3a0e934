#include "apps/agent/hardware.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "apps/agent/say.h"
#include "base/text.h"
#include "edge/files/node_files.h"
#include "edge/probe/probe.h"
#include "edge/probe/usage.h"
#include "edge/process/device_group.h"
#include "model/directories.h"

namespace batchyard::agent {

namespace {

namespace fs = std::filesystem;

constexpr Duration first_pause = std::chrono::seconds(5);

// The first look of a life of the node says from when on errors count; later agents go by it.
std::int64_t errors_since(const AgentOptions& options) {
  const std::string path = options.state_directory + "/hardware-since";
  std::string incarnation;
  std::int64_t since = 0;
  if (std::ifstream(path) >> incarnation >> since && incarnation == options.incarnation)
    return since;
  since = edge::machine_uptime();
  static_cast<void>(
      edge::keep_file(path, options.incarnation + " " + std::to_string(since) + "\n"));
  return since;
}

void put_in_place(const std::string& from, const std::string& to) {
  std::error_code error;
  if (fs::exists(to, error)) return;
  fs::create_directories(fs::path(to).parent_path(), error);
  fs::copy_file(from, to, error);
  if (error) say("cannot put " + to + " in place: " + error.message());
  chmod(to.c_str(), 0755);
}

}  // namespace

Hardware::Hardware(const AgentOptions& options, std::function<void(protocol::Probe)> on_probed)
    : options_(options), on_probed_(std::move(on_probed)), errors_since_(errors_since(options)) {
  constexpr const char* trial = "trial";
  if (!edge::make_device_group(options_.cgroup, trial, {}).empty()) limit_ = "cgroup";
  edge::drop_device_group(options_.cgroup, trial);
  thread_ = std::thread([this] {
    while (true) {
      for (Queue::Action& action : work_.take(Time::max())) {
        if (!action) return;
        action();
      }
    }
  });
}

Hardware::~Hardware() {
  work_.post({});
  thread_.join();
}

protocol::Probe Hardware::look(bool with_versions) const {
  protocol::Probe probe = edge::probe_machine({.directory = options_.root_directory,
                                               .errors_since = errors_since_,
                                               .process = options_.own_root ? "/proc/1" : "",
                                               .with_versions = with_versions});
  if (options_.gpus == "all") {
    // A broken driver is no matter of nodes whose GPUs are emulated.
    if (options_.emulates && probe.gpus.empty()) probe.gpu_fault.clear();
    return probe;
  }
  const std::vector<std::string_view> own = split(options_.gpus, ',');
  std::erase_if(probe.gpus, [&](const protocol::Gpu& gpu) {
    return std::ranges::find(own, std::string_view(gpu.uuid)) == own.end();
  });
  // A driver that is broken is no matter of nodes without GPUs.
  if (own.size() == 1 && own.front().empty() && options_.emulates) probe.gpu_fault.clear();
  return probe;
}

// Emulated GPUs have no files, and real ones are not theirs.
void Hardware::confine(const node::ProcessOrder& order, edge::ShimOrder& shim) const {
  if (!order.devices || limit_.empty()) return;
  const std::set<std::int32_t> none;
  const std::string group = edge::make_device_group(
      options_.cgroup, order.id, order.devices->emulated ? none : order.devices->minors);
  if (group.empty()) return say("cannot keep " + order.id + " from other tasks' GPUs");
  shim.group = group + "/cgroup.procs";
}

void Hardware::release(const std::string& id) const {
  if (!limit_.empty()) edge::drop_device_group(options_.cgroup, id);
}

protocol::Probe Hardware::first_look() {
  protocol::Probe probe = look(false);
  const std::lock_guard lock(mutex_);
  last_ = probe;
  return probe;
}

void Hardware::begin(Time now) {
  next_look_ = later(now, first_pause);
}

void Hardware::tick(Time now, bool linked) {
  const protocol::Probe seen = probe();
  const bool can_fail = !seen.gpus.empty() || !seen.fabrics.empty() || !seen.gpu_fault.empty();
  const bool due = linked && now >= next_look_;
  if (due) next_look_ = can_fail ? later(now, edge::usage_pause) : Time::max();
  if ((std::exchange(run_ended_, false) && can_fail) || due) look_again();
}

void Hardware::look_again() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(asked_, true)) return;
  }
  work_.post([this] {
    {
      const std::lock_guard lock(mutex_);
      asked_ = false;
    }
    protocol::Probe probe = look(true);
    // Free space changes all the time, and is told by every report of use.
    probe.disk_free -= probe.disk_free % (std::int64_t{1} << 30);
    {
      const std::lock_guard lock(mutex_);
      last_ = probe;
    }
    on_probed_(std::move(probe));
  });
}

protocol::Probe Hardware::probe() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void Hardware::show(const std::string& text) const {
  const std::string directory = options_.root_directory + "/" + hardware_directory;
  put_in_place(options_.program_directory + "/batchyard-nvidia-smi", directory + "/bin/nvidia-smi");
  put_in_place(options_.program_directory + "/libbatchyard-nvml.so",
               directory + "/lib/libnvidia-ml.so.1");
  const std::string state = directory + "/state";
  if (const Result<> kept = edge::keep_file(state, text); !kept) say(kept.error().message);
  chmod(directory.c_str(), 0755);
  chmod(state.c_str(), 0644);
}

}  // namespace batchyard::agent
