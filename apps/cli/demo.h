// `demo`: the main job from start to result: a pool of three STANDARD_H16r nodes whose start task
// must succeed, and a multi-instance task that runs an MPI program over them, launched without ssh.
#pragma once

#include <string>

namespace batchyard::cli {

struct DemoOptions {
  std::string
      mpi_program;  // copied to the nodes as a common resource would be: it lies where they see it
  std::string data_dir;  // empty: a temporary one, removed at the end
};
int demo(const DemoOptions& options);

}  // namespace batchyard::cli
