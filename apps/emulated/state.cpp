#include "apps/emulated/state.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <initializer_list>

namespace emulated {

namespace {

constexpr int file_max = 64 << 10;

void copy(char* to, const char* from, unsigned long size) {
  snprintf(to, size, "%s", from);
}

// Cuts a line at its tabs; gives how many parts there are.
int cut(char* line, char** parts, int parts_max) {
  int count = 0;
  for (char* at = line; at != nullptr && count < parts_max; ++count) {
    parts[count] = at;
    at = strchr(at, '\t');
    if (at != nullptr) *at++ = 0;
  }
  return count;
}

// In a list like "GPU-1,GPU-2" or "0,2".
bool is_listed(const char* list, const Gpu& gpu) {
  char number[16];
  snprintf(number, sizeof number, "%d", gpu.index);
  while (*list != 0) {
    const unsigned long length = strcspn(list, ",");
    for (const char* name :
         {static_cast<const char*>(gpu.uuid), static_cast<const char*>(number)}) {
      if (strlen(name) == length && strncmp(list, name, length) == 0) return true;
    }
    list += length + (list[length] == ',' ? 1 : 0);
  }
  return false;
}

bool is_seen(const Gpu& gpu) {
  const char* visible = getenv("NVIDIA_VISIBLE_DEVICES");
  return visible == nullptr || strcmp(visible, "all") == 0 || is_listed(visible, gpu);
}

void read_gpu(char** parts, State& state) {
  Gpu gpu{};
  gpu.index = atoi(parts[1]);
  copy(gpu.uuid, parts[2], sizeof gpu.uuid);
  copy(gpu.name, parts[3], sizeof gpu.name);
  copy(gpu.bus, parts[4], sizeof gpu.bus);
  gpu.memory_mib = atoll(parts[5]);
  copy(gpu.ecc, parts[6], sizeof gpu.ecc);
  gpu.corrected = strtoull(parts[7], nullptr, 10);
  gpu.uncorrected = strtoull(parts[8], nullptr, 10);
  gpu.lost = parts[9][0] == '1';
  gpu.minor = atoi(parts[10]);
  if (state.count < gpus_max && is_seen(gpu)) state.gpus[state.count++] = gpu;
}

void read_line(char* line, State& state) {
  char* parts[12];
  const int count = cut(line, parts, 12);
  if (count == 2 && strcmp(parts[0], "driver") == 0)
    copy(state.driver, parts[1], sizeof state.driver);
  if (count == 2 && strcmp(parts[0], "cuda") == 0) copy(state.cuda, parts[1], sizeof state.cuda);
  if (count == 2 && strcmp(parts[0], "fault") == 0) copy(state.fault, parts[1], sizeof state.fault);
  if (count == 11 && strcmp(parts[0], "gpu") == 0) read_gpu(parts, state);
}

int open_state() {
  if (const char* named = getenv("BATCHYARD_HARDWARE")) return open(named, O_RDONLY | O_CLOEXEC);
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 16);
  if (length <= 0) return -1;
  path[length] = 0;
  for (int step = 0; step < 2; ++step) {
    char* slash = strrchr(path, '/');
    if (slash == nullptr) return -1;
    *slash = 0;
  }
  strcat(path, "/state");
  return open(path, O_RDONLY | O_CLOEXEC);
}

}  // namespace

void read_state(State& state) {
  memset(&state, 0, sizeof state);
  const int file = open_state();
  if (file < 0) return;
  static char text[file_max];
  ssize_t have = 0;
  while (have < file_max - 1) {
    const ssize_t got = read(file, text + have, static_cast<unsigned long>(file_max - 1 - have));
    if (got <= 0) break;
    have += got;
  }
  close(file);
  text[have] = 0;
  state.there = true;
  for (char* line = text; line != nullptr && *line != 0;) {
    char* end = strchr(line, '\n');
    if (end != nullptr) *end++ = 0;
    read_line(line, state);
    line = end;
  }
}

}  // namespace emulated
