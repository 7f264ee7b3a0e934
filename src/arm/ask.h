// An account's data plane, asked for JSON in the newest version that it speaks.
#pragma once

#include <boost/json/array.hpp>
#include <functional>
#include <string>

#include "arm/account_host.h"

namespace batchyard::arm {

// The whole of a list, over all its pages. `target` is path and query without the version:
// "/pools?$select=id". The error is the account's own.
using OnList = std::move_only_function<void(Result<boost::json::array>)>;
void list_of(AccountHost& accounts, const std::string& account, std::string target, OnList done);

}  // namespace batchyard::arm
