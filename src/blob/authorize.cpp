#include "blob/authorize.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/sas.h"
#include "blob/shared_key.h"

namespace batchyard::blob {

namespace {

bool is_public(Operation operation, const Container* container) {
  if (container == nullptr || container->access.empty()) return false;
  switch (operation) {
    case Operation::get_blob:
    case Operation::get_blob_properties:
    case Operation::get_block_list:
      return true;
    case Operation::list_blobs:
    case Operation::get_container:
      return container->access == "container";
    default:
      return false;
  }
}

Result<Caller> by_sas(const Account& account, const HttpRequest& request, const Address& address,
                      Operation operation, const Container* container, Time now) {
  const SasCall call{address, operation, request.scheme, request.peer};
  const Grant grant = TRY(check_sas(account, call, container, now));
  const OperationFacts& facts = facts_of(operation);
  const std::string_view wanted =
      grant.of_account ? facts.account_permissions : facts.service_permissions;
  const bool allowed =
      std::ranges::any_of(wanted, [&](char letter) { return grant.permissions.contains(letter); });
  if (!allowed)
    return refused("AuthorizationPermissionMismatch",
                   wanted.empty()
                       ? fmt::format("{} needs the account's key.", facts.name)
                       : fmt::format("{} needs one of '{}', and the signature gives '{}'.",
                                     facts.name, wanted, grant.permissions));
  return Caller{.creates_only = wanted == "wc" && !grant.permissions.contains('w')};
}

}  // namespace

Result<Caller> authorize(const Account& account, const HttpRequest& request, const Address& address,
                         Operation operation, const Container* container, Time now) {
  if (!same_folded(address.account, account.name))
    return refused("AuthenticationFailed",
                   fmt::format("This endpoint serves the account {}: a path begins with /{}/.",
                               account.name, account.name));
  // Clients make such a header of a user's name in the URL; the signature there is what counts.
  const bool of_url = same_folded(request.header("Authorization").substr(0, 6), "Basic ");
  if (!request.header("Authorization").empty() && !(of_url && has_sas(address))) {
    TRY(check_shared_key(account, request, address, now));
    return Caller{.by_key = true};
  }
  if (has_sas(address)) return by_sas(account, request, address, operation, container, now);
  if (is_public(operation, container)) return Caller{};
  if (!facts_of(operation).writes && container == nullptr && !address.container.empty())
    return refused("ResourceNotFound");  // Azure tells strangers no more, and so do we
  return refused("NoAuthenticationInformation");
}

}  // namespace batchyard::blob
