#include "api/schema.h"

#include <algorithm>

namespace batchyard::api {

const Member* ModelSchema::find(std::string_view member) const {
  const auto found = std::ranges::lower_bound(members, member, {}, &Member::name);
  return found != members.end() && found->name == member ? &*found : nullptr;
}

}  // namespace batchyard::api
