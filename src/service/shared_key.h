// Where a request is authenticated: the SharedKey scheme. Clients differ in what they sign
// (contract: wire conventions, section 1), so a signature is good when it fits any of a few
// candidate strings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"

namespace batchyard::service {

struct Account {
  std::string name;
  std::vector<std::string> keys;  // base64; the primary and the secondary
  std::string secret = {};        // seals the tokens of tasks; empty: none is accepted
};

// AuthenticationFailed, or InvalidAuthenticationInfo for a header that cannot be read. `now` judges
// the time stamp: a request may be 15 minutes off.
Result<> authenticate(const Account& account, const HttpRequest& request, Time now);

// Adds ocp-date and Authorization. The body's length must be final.
void sign(const Account& account, HttpRequest& request, Time now);

// The refusal of a request that says not, or not rightly, who sent it.
std::unexpected<Error> unauthenticated(std::string detail);

}  // namespace batchyard::service
