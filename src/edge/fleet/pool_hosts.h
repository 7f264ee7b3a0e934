// The /etc/hosts that all nodes of a pool share: the machine's own lines, then every node. It is
// one file that is bound into the nodes, so it is changed in place, by single writes that no reader
// sees half done: a line is appended, or struck out by its first character.
#pragma once

#include <string>

#include "base/result.h"

namespace batchyard::fleet {

class PoolHosts {
 public:
  explicit PoolHosts(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  Result<> create();  // unless it is there
  Result<> add(const std::string& address, const std::string& name);
  Result<> strike(const std::string& address);

 private:
  std::string path_;
};

}  // namespace batchyard::fleet
