// The emulated GPUs that this process may see, read from the text that the node's agent keeps
// (hardware/emulate.h says what is in it). Without the C++ library: one reader is a library that is
// loaded into anybody's program.
#pragma once

namespace emulated {

constexpr int gpus_max = 64;
constexpr int text_max = 96;

struct Gpu {
  char uuid[text_max];
  char name[text_max];
  char bus[text_max];
  char ecc[text_max];
  long long memory_mib;
  unsigned long long corrected;
  unsigned long long uncorrected;
  int index;  // among those of the node
  int minor;
  bool lost;  // the driver cannot reach it any more
};

struct State {
  bool there;  // false: nothing is emulated here
  char driver[text_max];
  char cuda[text_max];
  char fault[256];  // why no GPU can be looked at; empty: they can
  Gpu gpus[gpus_max];
  int count;
};

// By BATCHYARD_HARDWARE, else beside the program. NVIDIA_VISIBLE_DEVICES says which are seen.
void read_state(State& state);

}  // namespace emulated
