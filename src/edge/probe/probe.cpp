#include "edge/probe/probe.h"

#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

std::string os_name() {
  std::ifstream file("/etc/os-release");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("PRETTY_NAME=")) return line.substr(13, line.size() - 14);
  }
  return "Linux";
}

// "Model: NVIDIA H200" and the driver's version, as the driver tells them without any library.
std::vector<protocol::Gpu> gpus() {
  std::string driver;
  std::ifstream version("/proc/driver/nvidia/version");
  for (std::string word; version >> word;) {
    if (driver.empty() && word.find('.') != std::string::npos &&
        word.find_first_not_of("0123456789.") == std::string::npos)
      driver = word;
  }
  std::vector<protocol::Gpu> found;
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    std::ifstream file(entry.path() / "information");
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("Model:"))
        found.push_back({.name = std::string(trim(std::string_view(line).substr(6))),
                         .driver = driver,
                         .memory = 0});
    }
  }
  return found;
}

std::vector<std::string> names_in(const char* directory) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored))
    names.push_back(entry.path().filename());
  return names;
}

// By their libraries' names: no program is run, so that a probe costs nothing.
std::vector<std::string> mpis() {
  std::vector<std::string> found;
  if (access("/usr/bin/mpirun.openmpi", X_OK) == 0 || access("/usr/bin/ompi_info", X_OK) == 0)
    found.emplace_back("Open MPI");
  if (access("/usr/bin/mpiexec.hydra", X_OK) == 0 || access("/usr/bin/mpirun.mpich", X_OK) == 0)
    found.emplace_back("MPICH");
  return found;
}

}  // namespace

protocol::Probe probe_machine() {
  protocol::Probe probe;
  probe.os = os_name();
  utsname kernel{};
  uname(&kernel);
  probe.kernel = kernel.release;
  probe.cpus = static_cast<std::int32_t>(sysconf(_SC_NPROCESSORS_ONLN));
  struct sysinfo memory{};
  sysinfo(&memory);
  probe.memory = static_cast<std::int64_t>(memory.totalram) * memory.mem_unit;
  probe.gpus = gpus();
  probe.rdma_devices = names_in("/sys/class/infiniband");
  probe.mpi = mpis();
  return probe;
}

}  // namespace batchyard::edge
