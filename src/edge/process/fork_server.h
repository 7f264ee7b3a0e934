// Makes shims: a process of the shim's program that copies itself for each order. Starting the
// program anew for each costs more than the commands of many tasks.
#pragma once

#include <string>

#include "edge/process/shim_order.h"

namespace batchyard::edge {

// For one thread.
class ForkServer {
 public:
  explicit ForkServer(std::string program) : program_(std::move(program)) {}
  ~ForkServer() { end(); }  // the shims go on
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  // The shim's pidfd, readable once it has ended, or why there is none (an errno). A shim that has
  // already ended may have neither: its record tells.
  struct Made {
    int handle = -1;
    int error = 0;
  };
  Made make(const ShimOrder& order);

 private:
  int launch();
  void end();

  std::string program_;
  int socket_ = -1;
  int pid_ = -1;
};

}  // namespace batchyard::edge
