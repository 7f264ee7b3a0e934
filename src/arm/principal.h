// A service principal or a managed identity, as the registry keeps it.
#pragma once

#include <string>

#include "arm/access.h"
#include "arm/registry.h"

namespace batchyard::arm {

struct Principal {
  std::string client;  // what it logs in as: its application's id
  std::string object;  // what roles are given to
  std::string name;    // for people
  std::string digest;  // of its secret; empty: it has none, and cannot log in with one
};

// The object id of somebody whom another issuer vouches for: no id of ours looks like it.
std::string foreign_object(std::string_view issuer, std::string_view subject);

Principal principal_of(const Record& record);
Record record_of(const Principal& principal);
// One role for one scope is there once.
Record record_of(const Assignment& assignment);

}  // namespace batchyard::arm
