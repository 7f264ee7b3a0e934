// Who is known, and with which roles: paths of our own below /batchyard/principals, for owners of
// the installation (docs/management.md).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t principal_name_max = 120;  // bytes

json::object entity_of(const Principal& principal, const std::vector<Assignment>& assignments) {
  json::array roles;
  for (const Assignment& one : assignments)
    roles.push_back(json::object{{"role", facts_of(one.role).word}, {"scope", one.scope}});
  return {{"clientId", principal.client},
          {"objectId", principal.object},
          {"name", principal.name},
          {"hasSecret", !principal.digest.empty()},
          {"roles", std::move(roles)}};
}

Result<json::object> body_object(const Call& call) {
  json::value body = TRY(api::parse_body(call.request.body));
  if (body.is_object()) return std::move(body.get_object());
  return refuse("InvalidRequestContent",
                "The request content was invalid: a JSON object is expected.");
}

// A role and its scope, as a body names them.
Result<Assignment> assignment_of(const json::object& body, const std::string& principal,
                                 const std::string& subscription) {
  const std::string text = text_at(body, "role");
  const std::optional<Role> role = role_named(text);
  if (!role)
    return refuse("InvalidRequestContent",
                  fmt::format("The role '{}' is none of: owner, contributor, reader, "
                              "data-contributor, data-reader.",
                              text));
  const std::string given = text_at(body, "scope");
  std::string_view scope = given;
  while (scope.size() > 1 && scope.ends_with('/')) scope.remove_suffix(1);
  // A role for what cannot be here would be one for nothing, and nobody would see why.
  if (given != "/" && !lies_in(scope, "/subscriptions/" + subscription))
    return refuse(
        "InvalidRequestContent",
        fmt::format("The scope '{}' is no resource id of this installation. Give \"/\" for "
                    "everything, or an id that begins with /subscriptions/{}.",
                    given, subscription));
  return Assignment{principal, *role, std::string(scope)};
}

}  // namespace

Result<Principal> Management::principal_named(std::string_view text) const {
  for (const Record& record : TRY(ports_.registry->list(RecordKind::principal, {}))) {
    Principal principal = principal_of(record);
    if (same_folded(principal.client, text) || principal.name == text) return principal;
  }
  return arm::refuse(
      "PrincipalNotFound",
      fmt::format("Nobody is known as '{}'. `batchyard identity list` shows who is.", text));
}

// What is made again under the same name is another thing, for others.
Result<> Management::forget_roles_in(std::string_view scope) {
  for (const Record& principal : TRY(ports_.registry->list(RecordKind::principal, {}))) {
    const std::string object = principal_of(principal).object;
    for (const Record& record : TRY(ports_.registry->list(RecordKind::assignment, object))) {
      if (lies_in(text_at(object_of(record.body), "scope"), scope))
        TRY(ports_.registry->erase(RecordKind::assignment, object, record.name));
    }
  }
  return Done();
}

void Management::list_principals(Call call) {
  const auto list = [&]() -> Result<json::array> {
    json::array values;
    for (const Record& record : TRY(ports_.registry->list(RecordKind::principal, {}))) {
      const Principal principal = principal_of(record);
      values.push_back(entity_of(principal, TRY(assignments_of(principal.object))));
    }
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

// Whom another issuer vouches for, if the body says so: "issuer" and "subject".
Result<std::string> Management::foreign_in(const json::object& body) const {
  const std::string issuer = text_at(body, "issuer");
  const std::string subject = text_at(body, "subject");
  if (issuer.empty() && subject.empty()) return std::string();
  if (subject.empty())
    return arm::refuse("InvalidRequestContent",
                       "The property 'subject' is missing: give what the issuer's tokens have as "
                       "'oid', or as 'sub' where they have none.");
  std::string trusted;
  const auto issuers = ports_.issuers();
  for (std::size_t at = 1; at < issuers->size(); ++at) {
    if ((*issuers)[at].name() == issuer) return foreign_object(issuer, subject);
    trusted += (trusted.empty() ? "" : ", ") + (*issuers)[at].name();
  }
  return arm::refuse(
      "InvalidRequestContent",
      fmt::format("The issuer '{}' is not trusted, or its keys cannot be had. Trusted are: {}. "
                  "`batchyard serve --trust FILE` says whom to trust (docs/management.md).",
                  issuer, trusted.empty() ? "none" : trusted));
}

// Its secret is shown once, here.
void Management::add_principal(Call call) {
  const auto add = [&]() -> Result<json::object> {
    const json::object body = TRY(body_object(call));
    const std::string name = text_at(body, "name");
    if (name.empty() || name.size() > principal_name_max)
      return arm::refuse("InvalidRequestContent",
                         fmt::format("The name '{}' is not valid: 1 to {} bytes are allowed.", name,
                                     principal_name_max));
    const std::string foreign = TRY(foreign_in(body));
    for (const Record& record : TRY(ports_.registry->list(RecordKind::principal, {}))) {
      const Principal other = principal_of(record);
      if (!foreign.empty() && other.object == foreign)
        return arm::refuse("PrincipalExists",
                           fmt::format("The subject '{}' is known already, as '{}'.",
                                       text_at(body, "subject"), other.name));
      if (other.name == name || same_folded(other.client, name))
        return arm::refuse("PrincipalExists",
                           fmt::format("Somebody is known as '{}' already. Choose another name, or "
                                       "`batchyard identity remove {}` first.",
                                       name, name));
    }
    const std::string secret = foreign.empty() ? ports_.new_secret() : std::string();
    const Principal principal{.client = ports_.new_guid(),
                              .object = foreign.empty() ? ports_.new_guid() : foreign,
                              .name = name,
                              .digest = secret.empty() ? std::string() : ports_.digest(secret)};
    std::vector<Assignment> assignments;
    if (body.contains("role")) {
      assignments.push_back(TRY(assignment_of(body, principal.object, site_.subscription)));
      TRY(ports_.registry->put(record_of(assignments.front()), {}));
    }
    TRY(ports_.registry->put(record_of(principal), {}));
    json::object entity = entity_of(principal, assignments);
    if (!secret.empty()) entity["secret"] = secret;
    entity["tenantId"] = site_.tenant;
    return entity;
  };
  const Result<json::object> entity = add();
  if (!entity) return answer_error(call, entity.error());
  answer_json(call, *entity, 201, {{"Cache-Control", "no-store"}});
}

void Management::remove_principal(Call call) {
  const auto remove = [&]() -> Result<> {
    const Principal principal = TRY(principal_named(call.parameters.at(0)));
    if (principal.object == call.caller.principal)
      return arm::refuse("PrincipalInUse",
                         "Whoever asks cannot remove themselves. Log in as another owner.");
    for (const Record& record :
         TRY(ports_.registry->list(RecordKind::assignment, principal.object)))
      TRY(ports_.registry->erase(RecordKind::assignment, principal.object, record.name));
    TRY(ports_.registry->erase(RecordKind::principal, {}, principal.client));
    return Done();
  };
  if (const Result<> done = remove(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

void Management::assign_role(Call call) {
  const auto assign = [&]() -> Result<> {
    const Principal principal = TRY(principal_named(call.parameters.at(0)));
    const json::object body = TRY(body_object(call));
    const Assignment assignment = TRY(assignment_of(body, principal.object, site_.subscription));
    TRY(ports_.registry->put(record_of(assignment), {}));
    return Done();
  };
  if (const Result<> done = assign(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

void Management::withdraw_role(Call call) {
  const auto withdraw = [&]() -> Result<> {
    const Principal principal = TRY(principal_named(call.parameters.at(0)));
    const json::object body = TRY(body_object(call));
    const Assignment assignment = TRY(assignment_of(body, principal.object, site_.subscription));
    if (principal.object == call.caller.principal && assignment.role == Role::owner &&
        assignment.scope == "/")
      return arm::refuse("PrincipalInUse",
                         "Whoever asks cannot give up the role of owner: the last one could not be "
                         "made again. Log in as another owner.");
    const Record record = record_of(assignment);
    if (!TRY(ports_.registry->erase(record.kind, record.parent, record.name)))
      return arm::refuse(
          "RoleAssignmentNotFound",
          fmt::format("'{}' does not have that role for that scope. `batchyard identity "
                      "list` shows the roles there are.",
                      principal.name));
    return Done();
  };
  if (const Result<> done = withdraw(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

}  // namespace batchyard::arm
