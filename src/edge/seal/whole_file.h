// Small files that are there whole or not at all, also after the machine's power failed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::edge {

// For its owner alone (0600).
Result<> write_whole_file(const std::string& path, std::string_view text);
// What was made, renamed or linked beside it is durable then.
bool sync_directory_of(const std::string& path);

}  // namespace batchyard::edge
