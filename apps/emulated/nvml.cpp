// A stand-in for libnvidia-ml.so.1 on nodes whose GPUs are emulated: the calls that monitoring
// tools and frameworks make to see which GPUs there are. Names, numbers and layouts are those of
// NVIDIA's public interface; calls that are not here are missing in the library, as in an old
// driver.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/emulated/state.h"

#define NVML extern "C" __attribute__((visibility("default"))) Status

namespace {

enum Status : int {
  success = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  not_found = 6,
  insufficient_size = 7,
  gpu_is_lost = 15,
  version_mismatch = 18
};

using Device = emulated::Gpu*;

struct Memory {
  unsigned long long total, free, used;
};
struct Utilization {
  unsigned int gpu, memory;
};
struct Pci {
  char short_id[16];
  unsigned int domain, bus, device, device_id, subsystem_id;
  char id[32];
};

emulated::State state;
int users = 0;

Status copy_text(const char* from, char* to, unsigned int size) {
  if (to == nullptr) return invalid_argument;
  if (strlen(from) >= size) return insufficient_size;
  strcpy(to, from);
  return success;
}

// Of a handle that is given to a call.
Status check(const Device device) {
  if (users == 0) return uninitialized;
  const bool ours = device >= state.gpus && device < state.gpus + state.count;
  if (!ours) return invalid_argument;
  return device->lost ? gpu_is_lost : success;
}

Status find(bool (*is)(const emulated::Gpu&, const char*), const char* what, Device* device) {
  if (users == 0) return uninitialized;
  if (what == nullptr || device == nullptr) return invalid_argument;
  for (int number = 0; number < state.count; ++number) {
    if (!is(state.gpus[number], what)) continue;
    *device = &state.gpus[number];
    return (*device)->lost ? gpu_is_lost : success;
  }
  return not_found;
}

template <class T>
Status give(const Device device, T* to, T value) {
  if (const Status status = check(device); status != success) return status;
  if (to == nullptr) return invalid_argument;
  *to = value;
  return success;
}

}  // namespace

NVML nvmlInit_v2() {
  if (users == 0) read_state(state);
  if (!state.there) return not_found;
  if (*state.fault != 0) return version_mismatch;
  ++users;
  return success;
}
NVML nvmlInit() {
  return nvmlInit_v2();
}
NVML nvmlInitWithFlags(unsigned int) {
  return nvmlInit_v2();
}
NVML nvmlShutdown() {
  if (users == 0) return uninitialized;
  --users;
  return success;
}

extern "C" __attribute__((visibility("default"))) const char* nvmlErrorString(Status status) {
  switch (status) {
    case success:
      return "Success";
    case uninitialized:
      return "Uninitialized";
    case invalid_argument:
      return "Invalid Argument";
    case not_supported:
      return "Not Supported";
    case not_found:
      return "Not Found";
    case insufficient_size:
      return "Insufficient Size";
    case gpu_is_lost:
      return "GPU is lost";
    case version_mismatch:
      return "Driver/library version mismatch";
  }
  return "Unknown Error";
}

NVML nvmlSystemGetDriverVersion(char* text, unsigned int size) {
  return users == 0 ? uninitialized : copy_text(state.driver, text, size);
}
NVML nvmlSystemGetNVMLVersion(char* text, unsigned int size) {
  char version[emulated::text_max + 16];
  snprintf(version, sizeof version, "12.%s", state.driver);
  return users == 0 ? uninitialized : copy_text(version, text, size);
}
NVML nvmlSystemGetCudaDriverVersion(int* version) {
  if (version == nullptr) return invalid_argument;
  const char* point = strchr(state.cuda, '.');
  *version = atoi(state.cuda) * 1000 + (point == nullptr ? 0 : atoi(point + 1) * 10);
  return success;
}
NVML nvmlSystemGetCudaDriverVersion_v2(int* version) {
  return nvmlSystemGetCudaDriverVersion(version);
}

NVML nvmlDeviceGetCount_v2(unsigned int* count) {
  if (users == 0) return uninitialized;
  if (count == nullptr) return invalid_argument;
  *count = static_cast<unsigned int>(state.count);
  return success;
}
NVML nvmlDeviceGetCount(unsigned int* count) {
  return nvmlDeviceGetCount_v2(count);
}
NVML nvmlDeviceGetHandleByIndex_v2(unsigned int index, Device* device) {
  if (users == 0) return uninitialized;
  if (device == nullptr || index >= static_cast<unsigned int>(state.count)) return invalid_argument;
  *device = &state.gpus[index];
  return (*device)->lost ? gpu_is_lost : success;
}
NVML nvmlDeviceGetHandleByIndex(unsigned int index, Device* device) {
  return nvmlDeviceGetHandleByIndex_v2(index, device);
}
NVML nvmlDeviceGetHandleByUUID(const char* uuid, Device* device) {
  return find(
      [](const emulated::Gpu& gpu, const char* what) { return strcmp(gpu.uuid, what) == 0; }, uuid,
      device);
}
NVML nvmlDeviceGetHandleByPciBusId_v2(const char* bus, Device* device) {
  return find(
      [](const emulated::Gpu& gpu, const char* what) {
        return strcasecmp(gpu.bus, what) == 0 || strcasecmp(gpu.bus + 4, what) == 0;
      },
      bus, device);
}
NVML nvmlDeviceGetHandleByPciBusId(const char* bus, Device* device) {
  return nvmlDeviceGetHandleByPciBusId_v2(bus, device);
}

NVML nvmlDeviceGetName(Device device, char* text, unsigned int size) {
  const Status status = check(device);
  return status != success ? status : copy_text(device->name, text, size);
}
NVML nvmlDeviceGetUUID(Device device, char* text, unsigned int size) {
  const Status status = check(device);
  return status != success ? status : copy_text(device->uuid, text, size);
}
NVML nvmlDeviceGetIndex(Device device, unsigned int* index) {
  if (const Status status = check(device); status != success) return status;
  return give(device, index, static_cast<unsigned int>(device - state.gpus));
}
NVML nvmlDeviceGetMinorNumber(Device device, unsigned int* minor) {
  if (const Status status = check(device); status != success) return status;
  return give(device, minor, static_cast<unsigned int>(device->minor));
}
NVML nvmlDeviceGetMemoryInfo(Device device, Memory* memory) {
  if (const Status status = check(device); status != success) return status;
  const unsigned long long bytes = static_cast<unsigned long long>(device->memory_mib) << 20;
  return give(device, memory, Memory{bytes, bytes, 0});
}
NVML nvmlDeviceGetPciInfo_v3(Device device, Pci* pci) {
  if (const Status status = check(device); status != success) return status;
  Pci info{};
  sscanf(device->bus, "%x:%x:%x", &info.domain, &info.bus, &info.device);
  snprintf(info.short_id, sizeof info.short_id, "%.12s", device->bus + 4);
  snprintf(info.id, sizeof info.id, "%.31s", device->bus);
  info.device_id = 0x10de;
  return give(device, pci, info);
}
NVML nvmlDeviceGetUtilizationRates(Device device, Utilization* rates) {
  return give(device, rates, Utilization{0, 0});
}
NVML nvmlDeviceGetTemperature(Device device, int, unsigned int* degrees) {
  return give(device, degrees, 30U);
}
NVML nvmlDeviceGetPowerUsage(Device device, unsigned int* milliwatts) {
  return give(device, milliwatts, 25'000U);
}
NVML nvmlDeviceGetEccMode(Device device, int* current, int* pending) {
  if (const Status status = give(device, current, 1); status != success) return status;
  return give(device, pending, 1);
}
// 0: corrected, 1: uncorrected.
NVML nvmlDeviceGetTotalEccErrors(Device device, int kind, int, unsigned long long* count) {
  if (const Status status = check(device); status != success) return status;
  return give(device, count, kind == 0 ? device->corrected : device->uncorrected);
}
NVML nvmlDeviceGetMigMode(Device device, unsigned int*, unsigned int*) {
  const Status status = check(device);
  return status != success ? status : not_supported;
}
NVML nvmlDeviceGetComputeRunningProcesses_v3(Device device, unsigned int* count, void*) {
  return give(device, count, 0U);
}
