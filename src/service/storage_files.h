// What of a task's resource files and output files can be checked before it runs.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "base/result.h"

namespace batchyard::service {

// Whether the account has a storage of its own (--auto-storage-url).
struct StorageFacts {
  bool auto_storage = false;
};

// `owner[list]` of canonical JSON: of a task, a start task, multi-instance settings.
Result<> check_resource_files(const boost::json::object& owner, std::string_view list,
                              const StorageFacts& storage);
Result<> check_output_files(const boost::json::object& task);

}  // namespace batchyard::service
