// The SharedKey scheme of the storage: what of a request is signed with the account's key.
#pragma once

#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "blob/address.h"

namespace batchyard::blob {

// AuthenticationFailed when the signature, the account or the time is another one.
Result<> check_shared_key(const Account& account, const HttpRequest& request,
                          const Address& address, Time now);

// Adds x-ms-date and Authorization; Content-Length must be among the headers if there is a body.
void sign(const Account& account, HttpRequest& request, Time now);

}  // namespace batchyard::blob
