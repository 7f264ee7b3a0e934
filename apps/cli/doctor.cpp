#include "apps/cli/doctor.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"
#include "edge/container/podman.h"
#include "edge/fleet/abilities.h"
#include "edge/probe/probe.h"

namespace batchyard::cli {

namespace {

namespace fs = std::filesystem;

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const std::string_view directory : split(path == nullptr ? "/usr/bin:/bin" : path, ':')) {
    const std::string candidate = std::string(directory) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

fleet::Ability program(const std::string& what, const std::vector<std::string>& names,
                       const std::string& cure) {
  for (const std::string& name : names) {
    if (const std::string path = find_program(name); !path.empty()) return {what, true, path, ""};
  }
  return {what, false, "not found in PATH: " + join(names, ", "), cure};
}

std::string seen_of(const protocol::Gpu& gpu) {
  std::string text =
      fmt::format("{}, {} MiB, driver {}, {}", gpu.name, gpu.memory >> 20, gpu.driver, gpu.uuid);
  if (gpu.numa >= 0) text += fmt::format(", NUMA {}", gpu.numa);
  if (!gpu.ecc.empty())
    text += fmt::format(", ECC {} ({} corrected, {} not)", fold(gpu.ecc), gpu.ecc_corrected,
                        gpu.ecc_uncorrected);
  for (const std::int32_t xid : gpu.xids) text += fmt::format(", XID {}", xid);
  if (!gpu.mig.empty()) text += fmt::format(", {} MIG devices", gpu.mig.size());
  return text;
}

std::vector<fleet::Ability> gpus(const protocol::Probe& probe) {
  std::vector<fleet::Ability> seen;
  if (!probe.gpu_fault.empty())
    seen.push_back({"GPU driver", false, probe.gpu_fault,
                    "restart the machine after a driver was installed; else see `nvidia-smi`"});
  for (const protocol::Gpu& gpu : probe.gpus)
    seen.push_back({fmt::format("GPU {}", seen.size()), true, seen_of(gpu), ""});
  if (seen.empty())
    return {{"GPUs", false, "none with a driver",
             "without GPUs, GPU sizes are emulated; nodes say so"}};
  if (!probe.cuda.empty()) seen.push_back({"CUDA", true, "up to " + probe.cuda, ""});
  if (!probe.gpus.empty())
    seen.push_back({"GPUs in containers", !probe.gpu_containers.empty(),
                    probe.gpu_containers.empty()    ? "no way to give them"
                    : probe.gpu_containers == "cdi" ? "through CDI"
                                                    : "by device files and the driver's libraries",
                    "install the NVIDIA Container Toolkit; nvidia-ctk cdi generate "
                    "--output=/etc/cdi/nvidia.yaml"});
  return seen;
}

std::vector<fleet::Ability> fabrics(const protocol::Probe& probe) {
  std::vector<fleet::Ability> seen;
  for (const protocol::Fabric& port : probe.fabrics)
    seen.push_back({fmt::format("{}:{}", port.device, port.port), port.state == "ACTIVE",
                    fmt::format("{} {}, {}, partitions {}", port.layer, port.state, port.rate,
                                join(port.pkeys, " ")),
                    "look at the cable, the switch and the subnet manager"});
  if (seen.empty())
    seen.push_back({"RDMA devices", false, "nothing in /sys/class/infiniband",
                    "without RDMA, MPI uses TCP between the nodes"});
  if (!probe.transports.empty())
    seen.push_back({"libfabric and UCX", true, join(probe.transports, " "), ""});
  return seen;
}

std::vector<fleet::Ability> mpis(const protocol::Probe& probe) {
  std::vector<fleet::Ability> seen;
  for (const std::string& mpi : probe.mpi) seen.push_back({"MPI", true, mpi, ""});
  if (seen.empty())
    seen.push_back(
        {"MPI", false, "none found", "apt-get install openmpi-bin, or mpich, or Intel MPI"});
  seen.push_back(
      program("MPI compiler", {"mpicc"}, "apt-get install libopenmpi-dev, to build programs"));
  return seen;
}

fleet::Ability memory_lock() {
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  const bool enough = limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= (64U << 20);
  return {
      "locked memory", enough,
      limit.rlim_max == RLIM_INFINITY ? "unlimited" : fmt::format("{} KiB", limit.rlim_max >> 10),
      enough ? ""
             : "RDMA needs it; raise `memlock` in /etc/security/limits.conf, or the container's "
               "ulimit"};
}

// Where podman can run a container, one is run.
fleet::Ability containers() {
  std::error_code ignored;
  const fs::path store = fs::temp_directory_path() / fmt::format("batchyard-doctor-{}", ::getpid());
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const std::string why = edge::why_no_containers(store, program.parent_path() / "batchyard-shim");
  fs::remove_all(store, ignored);
  // "what is wrong: its cure"
  const std::size_t colon = why.rfind(": ");
  if (why.empty()) return {"podman", true, "runs containers", ""};
  return {"podman", false, why.substr(0, colon),
          colon == std::string::npos ? "run as root" : why.substr(colon + 2)};
}

void show(const std::string& title, const std::vector<fleet::Ability>& abilities) {
  fmt::print("{}\n", paint(title, Colour::bold));
  for (const fleet::Ability& ability : abilities) {
    fmt::print("  {} {:<29} {}\n",
               ability.there ? paint("yes", Colour::green) : paint("no ", Colour::yellow),
               ability.name, ability.finding);
    if (!ability.there && !ability.cure.empty())
      fmt::print("      {:<29} {}\n", "", paint("→ " + ability.cure, Colour::dim));
  }
}

}  // namespace

int doctor() {
  const fleet::FleetAbilities abilities = fleet::probe();
  show("Nodes on this machine", abilities.all());
  const protocol::Probe probe = edge::probe_machine({});
  show("MPI", mpis(probe));
  show("GPUs", gpus(probe));
  std::vector<fleet::Ability> fabric = fabrics(probe);
  fabric.push_back(memory_lock());
  show("Fabric", fabric);
  show("Clock", {{"clock", probe.clock == "synchronised",
                  probe.clock == "free" ? "nothing keeps it in time" : probe.clock,
                  "start a time service: chrony, systemd-timesyncd"}});
  show("Containers", {containers()});
  fmt::print("\n{}\n", abilities.isolated_nodes()
                           ? "Nodes get a network, file system view and process ids of their own."
                           : "Nodes are plain processes here: one pool can see another's. Run as "
                             "root on a kernel with namespaces to isolate them.");
  return ExitCode::done;
}

}  // namespace batchyard::cli
