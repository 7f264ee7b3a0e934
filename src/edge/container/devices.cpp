#include "edge/container/devices.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr const char* library_directories[] = {"/usr/lib/x86_64-linux-gnu",
                                               "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/lib",
                                               "/usr/local/nvidia/lib64"};
constexpr const char* driver_libraries[] = {"libcuda.so.1", "libnvidia-ml.so.1",
                                            "libnvidia-ptxjitcompiler.so.1"};

bool can_read(const std::string& path) {
  return access(path.c_str(), R_OK) == 0;
}

void add_driver_files(ContainerJob& job) {
  const auto once = [&](const std::string& source) {
    const std::string target = "/usr/lib/x86_64-linux-gnu/" + fs::path(source).filename().string();
    if (std::ranges::find(job.files, target, &ContainerFile::target) == job.files.end())
      job.files.push_back({source, target});
  };
  for (const char* library : driver_libraries) {
    for (const char* directory : library_directories) {
      if (const std::string path = std::string(directory) + "/" + library; can_read(path))
        once(path);
    }
  }
  for (const char* program : {"/usr/bin/nvidia-smi", "/usr/local/nvidia/bin/nvidia-smi"}) {
    if (can_read(program) && std::ranges::find(job.files, "/usr/bin/nvidia-smi",
                                               &ContainerFile::target) == job.files.end())
      job.files.push_back({program, "/usr/bin/nvidia-smi"});
  }
}

}  // namespace

void add_gpus(const std::vector<std::string>& gpus, const protocol::Probe& probe,
              ContainerJob& job) {
  const auto is_meant = [&](const protocol::Gpu& gpu) {
    const auto named = [&](const std::string& id) {
      return std::ranges::find(gpus, id) != gpus.end();
    };
    return named(gpu.uuid) || std::ranges::any_of(gpu.mig, [&](const protocol::MigDevice& mig) {
             return named(mig.uuid);
           });
  };
  if (probe.gpu_containers == "cdi") {
    for (const std::string& gpu : gpus) job.devices.push_back("nvidia.com/gpu=" + gpu);
    return;
  }
  bool nvidia = false;
  for (const protocol::Gpu& gpu : probe.gpus) {
    if (!is_meant(gpu) || gpu.minor < 0) continue;
    nvidia = nvidia || gpu.vendor == "nvidia";
    job.devices.push_back(gpu.vendor == "amd" ? fmt::format("/dev/dri/card{}", gpu.minor)
                                              : fmt::format("/dev/nvidia{}", gpu.minor));
  }
  for (const char* file : {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"}) {
    if (nvidia && can_read(file)) job.devices.emplace_back(file);
  }
  if (nvidia) return add_driver_files(job);
  if (!job.devices.empty() && can_read("/dev/kfd")) job.devices.emplace_back("/dev/kfd");
}

void add_stand_ins(const std::string& directory, ContainerJob& job) {
  job.files.push_back({directory + "/bin/nvidia-smi", "/usr/bin/nvidia-smi"});
  job.files.push_back(
      {directory + "/lib/libnvidia-ml.so.1", "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"});
  // The whole directory: the state in it is replaced when it changes.
  const bool there = std::ranges::any_of(job.mounts, [&](const ContainerMount& mount) {
    return directory.starts_with(mount.source + "/");
  });
  if (!there) job.mounts.push_back({directory, true});
}

void add_fabrics(const protocol::Probe& probe, ContainerJob& job) {
  if (probe.rdma_files.empty()) return;
  job.devices.insert(job.devices.end(), probe.rdma_files.begin(), probe.rdma_files.end());
  job.locks_memory = probe.memlock < 0;
}

}  // namespace batchyard::edge
