// What a template deploys, where it is deployed, and what it asks meanwhile.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "templates/evaluate.h"

namespace batchyard::templates {

inline constexpr std::size_t parameters_max = 256;  // as published
inline constexpr std::size_t variables_max = 512;   // as Azure allows at most
inline constexpr std::size_t outputs_max = 64;
inline constexpr std::size_t resources_max = 800;

// What a template may ask of where it is deployed.
struct Facts {
  std::string subscription;  // GUID
  std::string tenant;        // GUID
  std::string group;         // its name
  boost::json::object resource_group;
  boost::json::object subscription_entity;
  boost::json::object tenant_entity;
  boost::json::object environment;
  boost::json::object deployment;
  Time now;
  std::function<std::string()> new_guid;
};

struct Resource {
  std::string where;        // "$.resources[0]"
  std::string symbol;       // of a template with symbolic names; "pools[1]" in a loop
  std::string loop;         // its copy loop
  std::string type;         // "Microsoft.Batch/batchAccounts/pools"
  std::string name;         // "account/pool"
  std::string api_version;  // empty where an existing one has none
  std::string id;
  bool existing = false;           // only referred to
  bool skipped = false;            // by its condition
  std::vector<std::size_t> after;  // which ones go before, by their places in the order
  std::vector<Loop> loops;
  const boost::json::object* source = nullptr;
};

// What must be asked of a resource before an expression comes to something.
struct Question {
  bool lists_keys = false;
  std::string id;
  std::string api_version;
  // In small letters.
  std::string key() const { return fold((lists_keys ? "list " : "get ") + id + " " + api_version); }
};

}  // namespace batchyard::templates
