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

fleet::Ability directory_with_entries(const std::string& what, const std::string& path,
                                      const std::string& cure) {
  std::error_code error;
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error))
    names.push_back(entry.path().filename());
  if (names.empty()) return {what, false, "nothing in " + path, cure};
  return {what, true, join(names, ", "), ""};
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
    fmt::print("  {} {:<20} {}\n",
               ability.there ? paint("yes", Colour::green) : paint("no ", Colour::yellow),
               ability.name, ability.finding);
    if (!ability.there && !ability.cure.empty())
      fmt::print("      {:<20} {}\n", "", paint("→ " + ability.cure, Colour::dim));
  }
}

}  // namespace

int doctor() {
  const fleet::FleetAbilities abilities = fleet::probe();
  show("Nodes on this machine", abilities.all());
  show("MPI",
       {program("Open MPI", {"mpirun.openmpi", "mpirun"}, "apt-get install openmpi-bin"),
        program("MPICH", {"mpiexec.hydra", "mpirun.mpich"}, "apt-get install mpich"),
        program("MPI compiler", {"mpicc"}, "apt-get install libopenmpi-dev, to build programs")});
  show("GPUs and fabric",
       {directory_with_entries("NVIDIA GPUs", "/proc/driver/nvidia/gpus",
                               "without GPUs, GPU sizes are emulated; nodes say so"),
        directory_with_entries("RDMA devices", "/sys/class/infiniband",
                               "without RDMA, MPI uses TCP between the nodes"),
        memory_lock()});
  show("Containers", {containers()});
  fmt::print("\n{}\n", abilities.isolated_nodes()
                           ? "Nodes get a network, file system view and process ids of their own."
                           : "Nodes are plain processes here: one pool can see another's. Run as "
                             "root on a kernel with namespaces to isolate them.");
  return ExitCode::done;
}

}  // namespace batchyard::cli
