// A command to be run in a container, as the agent writes it down for the program that runs it
// (`batchyard container`), and what that program tells when it has ended. Both lie in the agent's
// own directory, for registries have passwords.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "protocol/messages.h"

namespace batchyard::edge {

struct ContainerMount {
  std::string source;  // the same path inside
  bool read_only = false;
};
BOOST_DESCRIBE_STRUCT(ContainerMount, (), (source, read_only))

// A file of the machine, at another place inside; read only.
struct ContainerFile {
  std::string source;
  std::string target;
};
BOOST_DESCRIBE_STRUCT(ContainerFile, (), (source, target))

struct ContainerJob {
  std::string name;  // of the container; unique in the store
  std::string image;
  std::string options;               // containerRunOptions
  bool admin = false;                // …of a task that runs as administrator
  std::vector<std::string> command;  // empty: the image's own
  std::vector<std::string> environment;
  std::string working_directory;  // empty: the image's own
  std::vector<ContainerMount> mounts;
  std::vector<std::string> fetch;  // without an image: these are brought here, nothing is run
  std::vector<protocol::Registry> registries;
  std::int64_t uid = -1;  // -1: as the agent
  std::int64_t gid = -1;
  std::string out;  // standard output and error go to the end of these files
  std::string error;
  std::string network;  // a network namespace; empty: the agent's
  std::string store;    // where this node's images and containers are kept
  std::string trial;    // a static program that ends with trial_code when it is told nothing
  std::string outcome;  // the file to be written at the end
  std::vector<std::string> devices;  // "/dev/nvidia0", "nvidia.com/gpu=GPU-…"
  std::vector<ContainerFile> files;
  bool locks_memory = false;  // for RDMA: as much as the agent may
};
BOOST_DESCRIBE_STRUCT(ContainerJob, (),
                      (name, image, options, admin, command, environment, working_directory, mounts,
                       fetch, registries, uid, gid, out, error, network, store, trial, outcome,
                       devices, files, locks_memory))

struct ContainerOutcome {
  std::optional<protocol::Failure> failure;  // nothing: the command was run
  std::optional<protocol::ContainerInfo> container;
};
BOOST_DESCRIBE_STRUCT(ContainerOutcome, (), (failure, container))

// What batchyard-shim ends with without an order.
inline constexpr int trial_code = 120;

// The words of `podman create` after it; neither environment nor a registry's password is among
// them. ContainerInvalidImage, ContainerInvalidSettings.
Result<std::vector<std::string>> create_arguments(const ContainerJob& job,
                                                  const std::string& environment_file);

// The variables as lines of an environment file, and those that no line can hold.
struct EnvironmentFile {
  std::string lines;
  std::vector<std::string> others;
};
EnvironmentFile environment_file(const std::vector<std::string>& environment);

// The words of `podman pull` after it. ContainerInvalidImage.
Result<std::vector<std::string>> pull_arguments(const std::string& image,
                                                const std::string& authentication_file);

// podman's authentication file: the first of each registry's entries counts.
std::string authentication_text(const std::vector<protocol::Registry>& registries);

// What podman's complaint about a pull means: ContainerInvalidRegistry or ContainerInvalidImage.
protocol::Failure pull_failure(const std::string& image, const std::string& complaint);

}  // namespace batchyard::edge
