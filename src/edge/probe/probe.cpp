#include "edge/probe/probe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "edge/probe/nvidia.h"
#include "edge/probe/said.h"
#include "edge/probe/sysfs.h"
#include "edge/probe/versions.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr const char* driver_directory = "/proc/driver/nvidia";
constexpr std::size_t kernel_log_max = std::size_t{4} << 20;

std::string whole_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string os_name(const std::string& process) {
  const std::string root = process.empty() ? std::string() : process + "/root";
  std::ifstream file(root + "/etc/os-release");
  if (!file) file.open(root + "/usr/lib/os-release");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("PRETTY_NAME=")) return line.substr(13, line.size() - 14);
  }
  return "Linux";
}

// What is in it now; it is no error when it may not be read.
std::string kernel_log() {
  std::string log;
  const int file = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return log;
  char record[8192];
  while (log.size() < kernel_log_max) {
    const ssize_t got = read(file, record, sizeof record);
    if (got < 0 && (errno == EPIPE || errno == EINTR)) continue;  // some were overwritten meanwhile
    if (got <= 0) break;
    log.append(record, static_cast<std::size_t>(got));
    log += '\n';
  }
  close(file);
  return log;
}

// As far as the driver tells without any program.
void read_driver(protocol::Probe& probe) {
  const std::string driver = driver_version(whole_file(std::string(driver_directory) + "/version"));
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(std::string(driver_directory) + "/gpus", ignored)) {
    protocol::Gpu gpu = read_information(whole_file(entry.path() / "information"));
    gpu.driver = driver;
    probe.gpus.push_back(std::move(gpu));
  }
}

bool read_smi(const ProbeOptions& options, protocol::Probe& probe) {
  const ProgramSaid document = said_by("nvidia-smi", {"-q", "-x"}, said_time_max, options.process);
  if (document.code == 0 && read_smi_document(document.out, probe)) return true;
  if (document.late)
    probe.gpu_fault = fmt::format("nvidia-smi did not answer within {} s", said_time_max.count());
  else if (document.code > 0)
    probe.gpu_fault = smi_complaint(document.out);
  if (document.code != 0) return false;
  const ProgramSaid table = said_by(
      "nvidia-smi", {std::string("--query-gpu=") + smi_columns, "--format=csv,noheader,nounits"},
      said_time_max, options.process);
  return table.code == 0 && read_smi_table(table.out, probe);
}

// An image's own program is asked also where the kernel tells of no driver; that it finds none then
// is no fault.
bool asks_image(const ProbeOptions& options) {
  return !options.process.empty() && !program_path("nvidia-smi", options.process).empty();
}

void read_nvidia(const ProbeOptions& options, protocol::Probe& probe) {
  std::error_code ignored;
  const bool has_driver =
      fs::exists(driver_directory, ignored) || fs::exists("/dev/nvidiactl", ignored);
  if (!has_driver && !asks_image(options)) return;
  if (!read_smi(options, probe)) read_driver(probe);
  if (!has_driver && probe.gpus.empty()) probe.gpu_fault.clear();
  for (protocol::Gpu& gpu : probe.gpus) {
    if (gpu.bus.size() > 4) gpu.numa = numa_of("", gpu.bus.substr(4));
  }
  if (!probe.gpus.empty()) read_xids(kernel_log(), options.errors_since, probe);
  for (const char* file : {"/etc/cdi/nvidia.yaml", "/etc/cdi/nvidia.json",
                           "/var/run/cdi/nvidia.yaml", "/var/run/cdi/nvidia.json"}) {
    if (fs::exists(file, ignored)) probe.gpu_containers = "cdi";
  }
  if (probe.gpu_containers.empty() && !probe.gpus.empty() && fs::exists("/dev/nvidiactl", ignored))
    probe.gpu_containers = "files";
}

void add_named(std::vector<std::string>& names, std::string name) {
  if (!name.empty() && std::ranges::find(names, name) == names.end())
    names.push_back(std::move(name));
}

// By their programs' names; no program is run.
void read_names(const ProbeOptions& options, protocol::Probe& probe) {
  const auto is_there = [&](const char* name) {
    return !program_path(name, options.process).empty();
  };
  if (is_there("ompi_info")) probe.mpi.emplace_back("Open MPI");
  if (is_there("mpichversion") || is_there("mpirun.mpich")) probe.mpi.emplace_back("MPICH");
  if (!program_path("podman").empty()) probe.containers = "podman";
}

void read_versions(const ProbeOptions& options, protocol::Probe& probe) {
  const auto said = [&](const char* name, std::vector<std::string> words) {
    return said_by(name, std::move(words), said_time_max, options.process);
  };
  add_named(probe.mpi, open_mpi_version(said("ompi_info", {"--version"}).out));
  const ProgramSaid mpich = said("mpichversion", {});
  add_named(probe.mpi, mpich_version(mpich.out));
  const ProgramSaid hydra = said("mpiexec.hydra", {"--version"});
  if (mpich.code < 0 || hydra.out.contains("Intel(R)"))
    add_named(probe.mpi, hydra_version(hydra.out));
  probe.containers = podman_version(said_by("podman", {"--version"}).out);
  probe.transports = providers(said("fi_info", {"-l"}).out);
  for (std::string& name : transports(said("ucx_info", {"-d"}).out))
    add_named(probe.transports, std::move(name));
}

void read_system(const ProbeOptions& options, protocol::Probe& probe) {
  probe.os = os_name(options.process);
  utsname kernel{};
  uname(&kernel);
  probe.kernel = kernel.release;
  probe.cpus = static_cast<std::int32_t>(sysconf(_SC_NPROCESSORS_ONLN));
  struct sysinfo memory{};
  sysinfo(&memory);
  probe.memory = static_cast<std::int64_t>(memory.totalram) * memory.mem_unit;
  struct statvfs space{};
  if (statvfs(options.directory.c_str(), &space) == 0) {
    probe.disk = static_cast<std::int64_t>(space.f_blocks * space.f_frsize);
    probe.disk_free = static_cast<std::int64_t>(space.f_bavail * space.f_frsize);
  }
  timex state{};
  if (adjtimex(&state) >= 0)
    probe.clock = (state.status & STA_UNSYNC) != 0 ? "free" : "synchronised";
  rlimit locked{};
  getrlimit(RLIMIT_MEMLOCK, &locked);
  probe.memlock =
      locked.rlim_max == RLIM_INFINITY ? -1 : static_cast<std::int64_t>(locked.rlim_max);
}

}  // namespace

std::int64_t machine_uptime() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

protocol::Probe probe_machine(const ProbeOptions& options) {
  protocol::Probe probe;
  read_system(options, probe);
  read_nvidia(options, probe);
  read_amd("", probe);
  read_fabrics("", probe);
  options.with_versions ? read_versions(options, probe) : read_names(options, probe);
  return probe;
}

}  // namespace batchyard::edge
