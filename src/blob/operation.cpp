#include "blob/operation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/text.h"
#include "blob/codes.h"

namespace batchyard::blob {

namespace {

constexpr OperationFacts facts[] = {
    {Operation::list_containers, "List Containers", 's', "l", "", false, Body::none},
    {Operation::get_service_properties, "Get Blob Service Properties", 's', "r", "", false,
     Body::none},
    {Operation::set_service_properties, "Set Blob Service Properties", 's', "w", "", true,
     Body::text},
    {Operation::get_account_information, "Get Account Information", '*', "rwdlacup", "racwdl",
     false, Body::none},
    {Operation::submit_batch, "Blob Batch", '*', "rwdlacup", "racwdlt", true, Body::text},
    {Operation::create_container, "Create Container", 'c', "cw", "", true, Body::none},
    {Operation::get_container, "Get Container Properties", 'c', "r", "", false, Body::none},
    {Operation::delete_container, "Delete Container", 'c', "d", "", true, Body::none},
    {Operation::get_container_acl, "Get Container ACL", 'c', "", "", false, Body::none},
    {Operation::set_container_acl, "Set Container ACL", 'c', "", "", true, Body::text},
    {Operation::set_container_metadata, "Set Container Metadata", 'c', "w", "", true, Body::none},
    {Operation::lease_container, "Lease Container", 'c', "wd", "", true, Body::none},
    {Operation::list_blobs, "List Blobs", 'c', "l", "l", false, Body::none},
    {Operation::put_blob, "Put Blob", 'o', "wc", "wc", true, Body::piece},
    {Operation::put_blob_from_url, "Put Blob From URL", 'o', "wc", "wc", true, Body::none},
    {Operation::copy_blob, "Copy Blob", 'o', "wc", "wc", true, Body::none},
    {Operation::abort_copy, "Abort Copy Blob", 'o', "w", "w", true, Body::none},
    {Operation::get_blob, "Get Blob", 'o', "r", "r", false, Body::none},
    {Operation::get_blob_properties, "Get Blob Properties", 'o', "r", "r", false, Body::none},
    {Operation::delete_blob, "Delete Blob", 'o', "d", "d", true, Body::none},
    {Operation::set_blob_properties, "Set Blob Properties", 'o', "w", "w", true, Body::none},
    {Operation::set_blob_metadata, "Set Blob Metadata", 'o', "w", "w", true, Body::none},
    {Operation::set_blob_tier, "Set Blob Tier", 'o', "w", "w", true, Body::none},
    {Operation::lease_blob, "Lease Blob", 'o', "wd", "wd", true, Body::none},
    {Operation::put_block, "Put Block", 'o', "w", "w", true, Body::piece},
    {Operation::put_block_from_url, "Put Block From URL", 'o', "w", "w", true, Body::none},
    {Operation::put_block_list, "Put Block List", 'o', "w", "w", true, Body::text},
    {Operation::get_block_list, "Get Block List", 'o', "r", "r", false, Body::none},
};

enum class Level { account, container, blob };

// A line for each way to ask: `has_source` for x-ms-copy-source.
struct Route {
  Level level;
  std::string_view verbs;  // with a space after each
  std::string_view restype;
  std::string_view comp;
  Operation operation;
};

constexpr Route routes[] = {
    {Level::account, "GET ", "", "list", Operation::list_containers},
    {Level::account, "GET ", "service", "properties", Operation::get_service_properties},
    {Level::account, "PUT ", "service", "properties", Operation::set_service_properties},
    {Level::account, "GET HEAD ", "account", "properties", Operation::get_account_information},
    {Level::account, "POST ", "", "batch", Operation::submit_batch},
    // The SDK for JavaScript takes the account in the path for a container.
    {Level::account, "POST ", "container", "batch", Operation::submit_batch},
    {Level::container, "PUT ", "container", "", Operation::create_container},
    {Level::container, "GET HEAD ", "container", "", Operation::get_container},
    {Level::container, "GET HEAD ", "container", "metadata", Operation::get_container},
    {Level::container, "DELETE ", "container", "", Operation::delete_container},
    {Level::container, "GET HEAD ", "container", "acl", Operation::get_container_acl},
    {Level::container, "PUT ", "container", "acl", Operation::set_container_acl},
    {Level::container, "PUT ", "container", "metadata", Operation::set_container_metadata},
    {Level::container, "PUT ", "container", "lease", Operation::lease_container},
    {Level::container, "GET ", "container", "list", Operation::list_blobs},
    {Level::container, "POST ", "container", "batch", Operation::submit_batch},
    {Level::container, "GET HEAD ", "account", "properties", Operation::get_account_information},
    {Level::blob, "PUT ", "", "", Operation::put_blob},
    {Level::blob, "GET ", "", "", Operation::get_blob},
    {Level::blob, "HEAD ", "", "", Operation::get_blob_properties},
    {Level::blob, "DELETE ", "", "", Operation::delete_blob},
    {Level::blob, "GET HEAD ", "", "metadata", Operation::get_blob_properties},
    {Level::blob, "PUT ", "", "properties", Operation::set_blob_properties},
    {Level::blob, "PUT ", "", "metadata", Operation::set_blob_metadata},
    {Level::blob, "PUT ", "", "tier", Operation::set_blob_tier},
    {Level::blob, "PUT ", "", "lease", Operation::lease_blob},
    {Level::blob, "PUT ", "", "block", Operation::put_block},
    {Level::blob, "PUT ", "", "blocklist", Operation::put_block_list},
    {Level::blob, "GET ", "", "blocklist", Operation::get_block_list},
    {Level::blob, "PUT ", "", "copy", Operation::abort_copy},
    {Level::blob, "GET HEAD ", "account", "properties", Operation::get_account_information},
};

Level level_of(const Address& address) {
  if (address.container.empty()) return Level::account;
  return address.blob.empty() ? Level::container : Level::blob;
}

// What Azure has and this storage has not, so that nobody takes it for done.
Result<> check_features(const HttpRequest& request, const Address& address) {
  static constexpr std::string_view absent[] = {
      "snapshot", "versionid", "undelete", "incrementalcopy", "appendblock",         "page",
      "pagelist", "tags",      "query",    "expiry",          "userdelegationkey",   "stats",
      "blobs",    "rename",    "seal",     "legalhold",       "immutabilitypolicies"};
  const std::string comp = fold(address.parameter("comp"));
  for (const std::string_view one : absent) {
    const bool as_parameter = (one == "snapshot" || one == "versionid") && address.has(one) &&
                              !address.parameter(one).empty();
    if (comp == one || as_parameter)
      return refused("FeatureNotSupported",
                     fmt::format("It serves containers and block blobs, without '{}'.", one));
  }
  const std::string_view type = request.header("x-ms-blob-type");
  if (!type.empty() && !same_folded(type, "BlockBlob"))
    return refused("FeatureNotSupported",
                   fmt::format("x-ms-blob-type is {}; this storage has block blobs alone.", type));
  static constexpr std::string_view headers[] = {"x-ms-encryption-key",
                                                 "x-ms-encryption-scope",
                                                 "x-ms-if-tags",
                                                 "x-ms-tags",
                                                 "x-ms-immutability-policy-until-date",
                                                 "x-ms-legal-hold",
                                                 "x-ms-copy-source-authorization",
                                                 "x-ms-source-if-tags",
                                                 "x-ms-expiry-time"};
  for (const std::string_view name : headers) {
    if (!request.header(name).empty())
      return refused("UnsupportedHeader",
                     fmt::format("This storage cannot do what {} asks for.", name),
                     {{"HeaderName", std::string(name)}});
  }
  return Done();
}

}  // namespace

const OperationFacts& facts_of(Operation operation) {
  const auto found = std::ranges::find(facts, operation, &OperationFacts::operation);
  check(found != std::end(facts), "every operation has its facts");
  return *found;
}

Result<Operation> operation_of(const HttpRequest& request, const Address& address) {
  TRY(check_features(request, address));
  const Level level = level_of(address);
  const std::string restype = fold(address.parameter("restype"));
  const std::string comp = fold(address.parameter("comp"));
  const std::string verb = request.method + " ";
  bool known = false;
  for (const Route& route : routes) {
    if (route.level != level || route.restype != restype || route.comp != comp) continue;
    known = true;
    if (!route.verbs.contains(verb)) continue;
    const bool from_url = !request.header("x-ms-copy-source").empty();
    if (route.operation == Operation::put_blob && from_url)
      return request.header("x-ms-blob-type").empty() ? Operation::copy_blob
                                                      : Operation::put_blob_from_url;
    if (route.operation == Operation::put_block && from_url) return Operation::put_block_from_url;
    return route.operation;
  }
  if (known)
    return refused("UnsupportedHttpVerb", fmt::format("{} is not served there.", request.method));
  if (level == Level::container && restype.empty() && comp.empty())
    return refused("ResourceNotFound",
                   "A container is meant by restype=container; the root container has no blobs.");
  return refused("InvalidQueryParameterValue",
                 fmt::format("restype='{}' and comp='{}' name no operation there.",
                             readable(restype, 40), readable(comp, 40)));
}

}  // namespace batchyard::blob
