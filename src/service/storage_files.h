// What of a task's resource files and output files can be checked before it runs.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::service {

// Whether the account has a storage of its own (--auto-storage-url), and where the built-in one is,
// which takes nodes for who they are (identityReference); empty without it.
struct StorageFacts {
  bool auto_storage = false;
  std::string own_url{};
};

// `owner[list]` of canonical JSON: of a task, a start task, multi-instance settings.
Result<> check_resource_files(const boost::json::object& owner, std::string_view list,
                              const StorageFacts& storage);
Result<> check_output_files(const boost::json::object& task, const StorageFacts& storage);

}  // namespace batchyard::service
