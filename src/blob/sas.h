// Shared access signatures: of the account, and of one container or blob, with or without a stored
// policy.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "blob/address.h"
#include "blob/entities.h"
#include "blob/operation.h"

namespace batchyard::blob {

// Which permissions the signature gives for what the address names.
struct Grant {
  std::string permissions;
  bool of_account = false;
};

struct SasCall {
  const Address& address;
  Operation operation;
  std::string_view scheme;  // "http" or "https"
  std::string_view peer;    // the caller's address
};

bool has_sas(const Address& address);

// The container's policy that the signature refers to; empty when it refers to none.
std::string_view policy_of(const Address& address);

// `container` is the one addressed, if there is one. AuthenticationFailed for what is not signed
// rightly or not valid now; Authorization… for what it does not allow.
Result<Grant> check_sas(const Account& account, const SasCall& call, const Container* container,
                        Time now);

// The query of a signature of the account for blobs. `permissions` and `types` are its letters.
struct AccountSas {
  std::string permissions;
  std::string types = "sco";
  Time expiry;
};
std::string make_account_sas(const Account& account, const AccountSas& wanted);

// The query of a signature for a container, or for a blob of it.
struct ServiceSas {
  std::string container;
  std::string blob;
  std::string permissions;
  Time expiry;
  std::string policy;  // then permissions and expiry may be left to it
};
std::string make_service_sas(const Account& account, const ServiceSas& wanted);

}  // namespace batchyard::blob
