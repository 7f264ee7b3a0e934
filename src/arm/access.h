// Who may do what: roles that are given to a principal for a scope.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard::arm {

enum class Plane { management, data };
enum class Verb { read, write };  // listing keys is writing: who has them may do everything

enum class Role { owner, contributor, reader, data_contributor, data_reader };

struct RoleFacts {
  Role role;
  std::string_view name;  // as published: "Owner", "Azure Batch Data Contributor"
  std::string_view word;  // on our command line: "owner", "data-contributor"
  std::string_view id;    // the published GUID, or ours where none is published
};
const RoleFacts& facts_of(Role role);
// By name, word or GUID, in any case of letters.
std::optional<Role> role_named(std::string_view text);

// A scope is a resource's id, "/subscriptions/…/resourceGroups/…", or "/" for all there is; what is
// given for one holds for all below it.
struct Assignment {
  std::string principal;  // its object id
  Role role = Role::reader;
  std::string scope;
};

// What is judged is what the handlers see: the parts of a path, decoded. A part with a slash in it
// is left as it is: no name has one, and it must not pass for two parts.
std::string resource_of(std::string_view path);

// Whether that resource is the scope or lies below it.
bool lies_in(std::string_view resource, std::string_view scope);

// Who may give roles to others: its owners alone.
bool owns(const std::vector<Assignment>& assignments, std::string_view principal,
          std::string_view resource);

bool may(const std::vector<Assignment>& assignments, std::string_view principal, Plane plane,
         Verb verb, std::string_view resource);

}  // namespace batchyard::arm
