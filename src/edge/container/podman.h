// podman as the service uses it: for one node, with a store, a configuration and an environment of
// its own. Nothing of it is in the task's hands.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace batchyard::edge {

class Podman {
 public:
  // The store is made when it is not there.
  explicit Podman(std::string store);

  struct Surroundings {
    int out = -1;  // descriptors; -1: ours
    int error = -1;
    std::string network{};   // a namespace to enter first; empty: ours
    bool own_group = false;  // signals to our process group do not reach it
  };
  pid_t start(std::vector<std::string> words, const Surroundings& around) const;
  // Its exit code, and the end of what it said on either.
  struct Said {
    int code = 0;
    std::string text;
  };
  Said run(std::vector<std::string> words, const std::string& network = {}) const;

  const std::string& store() const { return store_; }

  static constexpr int not_run = 125;  // the code of its own failures

 private:
  std::string store_;
  std::vector<std::string> environment_;
};

// Whether containers can be run on this machine; else why not, with the cure. Runs one: `trial` is
// a static program that ends with trial_code.
std::string why_no_containers(const std::string& store, const std::string& trial);

// Only its user reads it; written anew.
bool write_private(const std::string& path, const std::string& text);

}  // namespace batchyard::edge
