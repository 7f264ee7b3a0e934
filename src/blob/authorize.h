// Who may do what: the account's key may do all, a signature what it grants, and nobody in
// particular may read what a container gives to the public.
#pragma once

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "blob/address.h"
#include "blob/entities.h"
#include "blob/operation.h"

namespace batchyard::blob {

struct Caller {
  bool by_key = false;
  bool creates_only = false;  // may write a blob, but over none that is there
};

// `container`: the addressed one, if it is there.
Result<Caller> authorize(const Account& account, const HttpRequest& request, const Address& address,
                         Operation operation, const Container* container, Time now);

}  // namespace batchyard::blob
