// Small files that are there whole or not at all, also after the machine's power failed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::server {

// For its owner alone (0600).
Result<> write_whole_file(const std::string& path, std::string_view text);

}  // namespace batchyard::server
