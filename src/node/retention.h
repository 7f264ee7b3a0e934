// What is kept of ended tasks, and until when: directories that may go once their time has passed.
// Every entry has a record of its own, so that it survives the agent and the node's restarts.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/ports.h"

namespace batchyard::node {

class Retention {
 public:
  explicit Retention(Ports& ports) : ports_(ports) {}

  // Below the root; a later call for the same directory wins. `unlimited` keeps it for good.
  void keep(const std::string& directory, Time until);
  // The directory is in use again, or was removed with all that it holds.
  void drop(const std::string& directory);

  // Whether a record is one of ours, and what an earlier agent wrote there.
  static bool owns(std::string_view record);
  void restore(const std::string& record, const std::string& text);

  // Those whose time has come; they are dropped.
  std::vector<std::string> take_due(Time now);
  Time next_deadline() const { return by_time_.empty() ? Time::max() : by_time_.begin()->first; }

 private:
  void forget(const std::string& directory);

  Ports& ports_;
  std::map<std::string, Time> kept_;
  std::set<std::pair<Time, std::string>> by_time_;
};

}  // namespace batchyard::node
