#include "arm/access.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard::arm {

namespace {

constexpr RoleFacts roles[] = {
    {Role::owner, "Owner", "owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
    {Role::contributor, "Contributor", "contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
    {Role::reader, "Reader", "reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
    {Role::data_contributor, "Azure Batch Data Contributor", "data-contributor",
     "6aaa78f1-f7de-44ca-8722-c64a23943cae"},
    {Role::data_reader, "Azure Batch Data Reader", "data-reader",
     "5b1b9b3a-6d5c-4d57-9b0c-9f0a4d3f7c21"},
};

// Reading accounts tells clients where the data is; those who may use the data may do that.
bool allows(Role role, Plane plane, Verb verb) {
  switch (role) {
    case Role::owner:
    case Role::contributor:
      return true;
    case Role::reader:
      return verb == Verb::read;
    case Role::data_contributor:
      return plane == Plane::data || verb == Verb::read;
    case Role::data_reader:
      return verb == Verb::read;
  }
  return false;
}

}  // namespace

std::string resource_of(std::string_view path) {
  std::string resource;
  for (const std::string_view part : split(path.substr(1), '/')) {
    const std::optional<std::string> decoded = percent_decode(part);
    resource += '/';
    resource += decoded && !decoded->contains('/') ? std::string_view(*decoded) : part;
  }
  return resource;
}

bool lies_in(std::string_view resource, std::string_view scope) {
  while (scope.ends_with('/')) scope.remove_suffix(1);
  return resource.size() >= scope.size() && same_folded(resource.substr(0, scope.size()), scope) &&
         (resource.size() == scope.size() || resource[scope.size()] == '/');
}

const RoleFacts& facts_of(Role role) {
  return *std::ranges::find(roles, role, &RoleFacts::role);
}

std::optional<Role> role_named(std::string_view text) {
  for (const RoleFacts& facts : roles) {
    if (same_folded(text, facts.name) || same_folded(text, facts.word) ||
        same_folded(text, facts.id))
      return facts.role;
  }
  return std::nullopt;
}

bool owns(const std::vector<Assignment>& assignments, std::string_view principal,
          std::string_view resource) {
  return std::ranges::any_of(assignments, [&](const Assignment& one) {
    return same_folded(one.principal, principal) && one.role == Role::owner &&
           lies_in(resource, one.scope);
  });
}

bool may(const std::vector<Assignment>& assignments, std::string_view principal, Plane plane,
         Verb verb, std::string_view resource) {
  return std::ranges::any_of(assignments, [&](const Assignment& one) {
    return same_folded(one.principal, principal) && allows(one.role, plane, verb) &&
           lies_in(resource, one.scope);
  });
}

}  // namespace batchyard::arm
