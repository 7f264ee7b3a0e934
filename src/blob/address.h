// Which account, container and blob a request is about, and its query: read from the target as it
// was received.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"

namespace batchyard::blob {

struct Parameter {
  std::string name;  // lower case, decoded
  std::string value;
};

struct Address {
  std::string raw_path;  // as received: signatures cover it
  std::string account;
  std::string container;  // empty: the account itself
  std::string blob;       // decoded; empty: the container itself
  std::vector<Parameter> query;

  // The first of that name, compared as it was lowered; empty when there is none.
  std::string_view parameter(std::string_view name) const;
  bool has(std::string_view name) const;
};

// /ACCOUNT/container/blob, or /container/blob on the host ACCOUNT.blob.… of that account. Names are
// checked by check_names().
Result<Address> address_of(std::string_view target, std::string_view host,
                           std::string_view account);
// Container and blob by the storage's rules.
Result<> check_names(const Address& address);

}  // namespace batchyard::blob
