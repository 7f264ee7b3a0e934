// What somebody's roles allow, as the registry has them at this moment.
#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "arm/management.h"

namespace batchyard::arm {

namespace json = boost::json;

bool Management::may_change(const Call& call) const {
  const Result<std::vector<Assignment>> assignments = assignments_of(call.caller.principal);
  return assignments && may(*assignments, call.caller.principal, Plane::management, Verb::write,
                            resource_of(call.path()));
}

Result<Management::DataRights> Management::data_rights(const std::string& account,
                                                       std::string_view token) const {
  Call call;
  call.now = ports_.now();
  call.request.headers.push_back({"Authorization", "Bearer " + std::string(token)});
  const identity::Claims claims = TRY(claims_of(call, Plane::data));
  const std::optional<Record> record = TRY(ports_.registry->read(RecordKind::account, {}, account));
  const std::string group = record ? text_at(object_of(record->body), "group") : std::string();
  const std::string id = account_id(group, account);
  const std::vector<Assignment> assignments = TRY(assignments_of(claims.object));
  return DataRights{may(assignments, claims.object, Plane::data, Verb::read, id),
                    may(assignments, claims.object, Plane::data, Verb::write, id)};
}

Result<std::vector<Assignment>> Management::assignments_of(std::string_view principal) const {
  std::vector<Assignment> assignments;
  for (const Record& record : TRY(ports_.registry->list(RecordKind::assignment, principal))) {
    const json::object body = object_of(record.body);
    const std::optional<Role> role = role_named(text_at(body, "role"));
    if (role) assignments.push_back({std::string(principal), *role, text_at(body, "scope")});
  }
  return assignments;
}

}  // namespace batchyard::arm
