// Runs one container from its order to its end, in the foreground: brings the image, runs it in the
// node's network, and writes down what became of it. SIGTERM ends the container.
#pragma once

#include <string>

#include "edge/container/container_job.h"

namespace batchyard::edge {

// `batchyard container FILE`: the file is the job as JSON. The exit code for the shim: the
// command's own.
int container_main(int argument_count, char** arguments);

// What is left of a container whose program was killed, or of all of an earlier life of the node
// (no name).
void remove_containers(const std::string& store, const std::string& name);

}  // namespace batchyard::edge
