#include "arm/principal.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "base/text.h"

namespace batchyard::arm {

namespace json = boost::json;

std::string foreign_object(std::string_view issuer, std::string_view subject) {
  return fmt::format("{}#{}", issuer, subject);
}

Principal principal_of(const Record& record) {
  const json::object body = object_of(record.body);
  return {.client = record.name,
          .object = text_at(body, "object"),
          .name = text_at(body, "name"),
          .digest = text_at(body, "digest")};
}

Record record_of(const Principal& principal) {
  const json::object body{
      {"object", principal.object}, {"name", principal.name}, {"digest", principal.digest}};
  Record record;
  record.kind = RecordKind::principal;
  record.name = principal.client;
  record.body = json::serialize(body);
  return record;
}

Record record_of(const Assignment& assignment) {
  Record record;
  record.kind = RecordKind::assignment;
  record.parent = assignment.principal;
  record.name = fmt::format("{}@{}", facts_of(assignment.role).word, fold(assignment.scope));
  record.body = json::serialize(
      json::object{{"role", facts_of(assignment.role).word}, {"scope", assignment.scope}});
  return record;
}

}  // namespace batchyard::arm
