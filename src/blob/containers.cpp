#include <fmt/format.h>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/handlers.h"
#include "blob/lease.h"
#include "blob/listing.h"
#include "blob/xml.h"

namespace batchyard::blob {

namespace {

// Set Container Metadata and ACL keep out who has no lease, if they name one; deletes always.
Result<ContainerRow> found_as_wished(const Call& call, Rows& rows) {
  ContainerRow row = TRY(need_container(call, rows));
  TRY(check_conditions(call.request, Standing{row.container.etag, row.container.modified},
                       facts_of(call.admitted.operation).writes));
  TRY(check_lease_named(row.container.lease, call.request.header("x-ms-lease-id"),
                        Leased::container, call.now));
  return row;
}

Result<std::string> access_of(const HttpRequest& request) {
  const std::string access = fold(request.header("x-ms-blob-public-access"));
  if (access.empty() || access == "blob" || access == "container") return access;
  return bad_header("x-ms-blob-public-access", access,
                    "give blob or container, or leave it out for none");
}

void tell_container(Headers& headers, const Container& container, Time now) {
  tell_standing(headers, container.etag, container.modified);
  tell_metadata(headers, container.metadata);
  tell_lease(headers, container.lease, now);
  if (!container.access.empty()) headers.push_back({"x-ms-blob-public-access", container.access});
  headers.push_back({"x-ms-has-immutability-policy", "false"});
  headers.push_back({"x-ms-has-legal-hold", "false"});
}

Result<Answer> changed(const Call& call, ContainerRow row, Rows& rows, int status) {
  row.container.etag = call.etag;
  row.container.modified = call.now;
  TRY(rows.put_container(row.name, row.container));
  Answer answer{.status = status};
  tell_standing(answer.headers, row.container.etag, row.container.modified);
  return answer;
}

}  // namespace

Result<Answer> create_container(const Call& call, Rows& rows) {
  if (TRY(rows.container(call.admitted.address.container)))
    return refused("ContainerAlreadyExists");
  ContainerRow row{.name = call.admitted.address.container};
  row.container.access = TRY(access_of(call.request));
  row.container.metadata = TRY(metadata_of(call.request));
  return changed(call, std::move(row), rows, 201);
}

Result<Answer> get_container(const Call& call, Rows& rows) {
  const ContainerRow row = TRY(found_as_wished(call, rows));
  Answer answer;
  tell_container(answer.headers, row.container, call.now);
  return answer;
}

Result<Answer> delete_container(const Call& call, Rows& rows) {
  const ContainerRow row = TRY(found_as_wished(call, rows));
  TRY(check_lease(row.container.lease, call.request.header("x-ms-lease-id"), Leased::container,
                  call.now));
  TRY(rows.remove_container(row));
  return Answer{.status = 202};
}

Result<Answer> get_container_acl(const Call& call, Rows& rows) {
  const ContainerRow row = TRY(found_as_wished(call, rows));
  Answer answer;
  tell_standing(answer.headers, row.container.etag, row.container.modified);
  if (!row.container.access.empty())
    answer.headers.push_back({"x-ms-blob-public-access", row.container.access});
  if (call.request.method == "GET") answer.body = policies_xml(row.container.policies);
  return answer;
}

Result<Answer> set_container_acl(const Call& call, Rows& rows) {
  ContainerRow row = TRY(found_as_wished(call, rows));
  row.container.access = TRY(access_of(call.request));
  row.container.policies = TRY(parse_policies(call.request.body));
  return changed(call, std::move(row), rows, 200);
}

Result<Answer> set_container_metadata(const Call& call, Rows& rows) {
  ContainerRow row = TRY(found_as_wished(call, rows));
  row.container.metadata = TRY(metadata_of(call.request));
  return changed(call, std::move(row), rows, 200);
}

Result<Answer> lease_container(const Call& call, Rows& rows) {
  ContainerRow row = TRY(need_container(call, rows));
  TRY(check_conditions(call.request, Standing{row.container.etag, row.container.modified}, true));
  const LeaseAnswer lease =
      TRY(change_lease(row.container.lease, call.request, call.guid, call.now));
  TRY(rows.put_container(row.name, row.container));
  Answer answer{.status = lease.status};
  tell_standing(answer.headers, row.container.etag, row.container.modified);
  if (!lease.id.empty()) answer.headers.push_back({"x-ms-lease-id", lease.id});
  if (lease.seconds_left >= 0)
    answer.headers.push_back({"x-ms-lease-time", std::to_string(lease.seconds_left)});
  return answer;
}

Result<Answer> list_blobs(const Call& call, Rows& rows) {
  const ContainerRow container = TRY(need_container(call, rows));
  const ListQuery query = TRY(list_query(call.admitted.address));
  const std::unique_ptr<Cursor> cursor = TRY(rows.blobs(container.number, query.uncommitted));
  const ListPage page = TRY(list_page(*cursor, query));
  return Answer{.body = blobs_xml(query, page, call.endpoint, container.name, call.now)};
}

}  // namespace batchyard::blob
