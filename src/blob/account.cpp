#include "blob/account.h"

#include "blob/codes.h"
#include "blob/handlers.h"
#include "blob/limits.h"
#include "blob/listing.h"
#include "blob/xml.h"

namespace batchyard::blob {

Result<Answer> list_containers(const Call& call, Rows& rows) {
  const ListQuery query = TRY(list_query(call.admitted.address));
  std::vector<ContainerRow> page =
      TRY(rows.containers(std::max(query.prefix, query.from), query.limit + 1));
  std::erase_if(page, [&](const ContainerRow& row) { return !row.name.starts_with(query.prefix); });
  std::string next;
  if (std::ssize(page) > query.limit) {
    next = page.back().name;
    page.pop_back();
  }
  return Answer{.body = containers_xml(query, page, next, call.endpoint, call.now)};
}

Result<Answer> get_service_properties(const Call&, Rows& rows) {
  std::string xml = TRY(rows.service_properties());
  if (xml.empty()) xml = default_service_properties();
  return Answer{.body = std::move(xml)};
}

Result<Answer> set_service_properties(const Call& call, Rows& rows) {
  TRY(check_service_properties(call.request.body));
  TRY(rows.put_service_properties(call.request.body));
  return Answer{.status = 202};
}

Result<Answer> get_account_information(const Call&, Rows&) {
  return Answer{.headers = {{"x-ms-sku-name", "Standard_LRS"},
                            {"x-ms-account-kind", "StorageV2"},
                            {"x-ms-is-hns-enabled", "false"}}};
}

}  // namespace batchyard::blob
