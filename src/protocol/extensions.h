// VM extensions: what runs on a node before anything else does, and what became of it.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace batchyard::protocol {

// One of the pool's, with the script that its handler is here.
struct Extension {
  std::string name;
  std::string publisher;
  std::string type;
  std::vector<std::string> after;  // names of those that come first
  std::string settings;            // JSON texts; empty: there are none
  std::string protected_settings;
  std::string script;                 // empty: nobody has registered its handler
  bool reboots = false;               // the node starts anew once it has succeeded
  std::vector<std::string> installs;  // "cuda", "grid", "rdma"; empty: not known
};
BOOST_DESCRIBE_STRUCT(Extension, (),
                      (name, publisher, type, after, settings, protected_settings, script, reboots,
                       installs))

// `restarting`: it has asked for the node to start anew, and runs again then. `notrun`: its handler
// was not registered.
enum class ExtensionState { waiting, running, restarting, succeeded, failed, notrun };
BOOST_DESCRIBE_ENUM(ExtensionState, waiting, running, restarting, succeeded, failed, notrun)

struct ExtensionReport {
  std::string name;
  std::string publisher;
  std::string type;
  ExtensionState state = ExtensionState::waiting;
  std::int32_t runs = 0;
  std::optional<std::int32_t> exit_code;  // of the last run
  std::string output;                     // the ends of what it has said…
  std::string error;                      // …and of what it has complained of
  Time started;
  Time ended;
};
BOOST_DESCRIBE_STRUCT(ExtensionReport, (),
                      (name, publisher, type, state, runs, exit_code, output, error, started,
                       ended))

// `restart`: the node is to start anew before the next one.
enum class ExtensionsPhase { running, restart, done };
BOOST_DESCRIBE_ENUM(ExtensionsPhase, running, restart, done)

// Agent to server: at each step, and again after every SetUpNode.
struct ExtensionsChanged {
  std::vector<ExtensionReport> reports;
  ExtensionsPhase phase = ExtensionsPhase::running;
};
BOOST_DESCRIBE_STRUCT(ExtensionsChanged, (), (reports, phase))

}  // namespace batchyard::protocol
