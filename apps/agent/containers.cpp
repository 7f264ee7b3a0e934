#include "apps/agent/containers.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/described_json.h"
#include "base/id.h"
#include "edge/container/container_run.h"
#include "edge/container/devices.h"
#include "edge/container/podman.h"
#include "model/directories.h"

namespace batchyard::agent {

namespace {

namespace fs = std::filesystem;

// Longer than `batchyard container` needs to end its container.
constexpr long grace_ms = 15'000;

// podman takes fewer letters than an id has.
std::string container_name(const std::string& id) {
  return fmt::format("batchyard-{:016x}", folded_hash(id));
}

}  // namespace

Containers::Containers(const AgentOptions& options)
    : options_(options), store_(options.state_directory + "/c") {}

std::string Containers::record_of(const std::string& id, const char* ending) const {
  return fmt::format("{}/orders/{}{}", store_, container_name(id), ending);
}

edge::ShimOrder Containers::contain(const node::ProcessOrder& order, const protocol::Probe& probe,
                                    edge::ShimOrder shim) const {
  std::error_code ignored;
  fs::create_directories(store_ + "/orders", ignored);
  chmod(store_.c_str(), 0700);
  const node::ContainerOrder& container = *order.container;
  const std::string& root = options_.root_directory;
  edge::ContainerJob job;
  job.name = container_name(order.id);
  job.image = container.image;
  job.options = container.options;
  job.admin = order.user.admin;
  job.command = order.arguments;
  job.environment = order.environment;
  if (!container.image_directory) job.working_directory = shim.directory;
  for (const node::ContainerOrder::Mount& mount : container.mounts)
    job.mounts.push_back({mount.path.empty() ? root : root + "/" + mount.path, mount.read_only});
  if (order.devices && order.devices->emulated)
    edge::add_stand_ins(root + "/" + hardware_directory, job);
  else if (order.devices)
    edge::add_gpus(order.devices->gpus, probe, job);
  if (!container.image.empty()) edge::add_fabrics(probe, job);
  job.fetch = container.fetch;
  job.registries = container.registries;
  job.uid = shim.uid;
  job.gid = shim.gid;
  job.out = std::exchange(shim.out, {});
  job.error = std::exchange(shim.error, {});
  job.network = std::exchange(shim.network, {});
  job.store = store_;
  job.trial = options_.program_directory + "/batchyard-shim";
  job.outcome = record_of(order.id, ".outcome");
  unlink(job.outcome.c_str());
  const std::string written = record_of(order.id, ".order");
  edge::write_private(written, to_json(job));
  // The machine's podman runs it, in the machine's view.
  shim.view.clear();
  shim.arguments = {options_.program_directory + "/batchyard", "container", written};
  shim.environment.clear();
  for (const char* name : {"http_proxy", "https_proxy", "no_proxy", "LD_LIBRARY_PATH"}) {
    if (const char* value = getenv(name))
      shim.environment.push_back(fmt::format("{}={}", name, value));
  }
  shim.directory = "/";
  shim.uid = shim.gid = -1;
  shim.grace_ms = grace_ms;
  return shim;
}

bool Containers::tell(const std::string& id, node::ProcessEnd& end) const {
  std::error_code ignored;
  if (!fs::exists(record_of(id, ".order"), ignored)) return false;
  std::stringstream text;
  text << std::ifstream(record_of(id, ".outcome")).rdbuf();
  Result<edge::ContainerOutcome> outcome = from_json<edge::ContainerOutcome>(text.str());
  if (!outcome) return true;
  end.container_failure = std::move(outcome->failure);
  end.container = std::move(outcome->container);
  // The code is podman's then.
  if (end.container_failure) end.exit_code.reset();
  return false;
}

void Containers::forget(const std::string& id) const {
  for (const char* ending : {".order", ".outcome"}) unlink(record_of(id, ending).c_str());
}

void Containers::remove(const std::string& id) const {
  edge::remove_containers(store_, id.empty() ? std::string() : container_name(id));
}

}  // namespace batchyard::agent
