// Changing the key of an installation: everything that is sealed is sealed anew. It may be cut off
// anywhere; until it is through, the key file has both keys, and the next call goes on.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/store/reseal.h"

namespace batchyard::edge {

// Of a data directory that no service uses. `go_on` is called behind everything that is written;
// false when it stopped. Afterwards the key from before opens nothing.
Result<bool> rotate_key(
    const std::string& data_dir, const std::string& key_file,
    const GoOn& go_on = [] { return true; });

}  // namespace batchyard::edge
