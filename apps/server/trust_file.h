// The file of issuers that an installation trusts beside itself (--trust).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edge/issuers/issuer_keeper.h"

namespace batchyard::server {

// [{"issuer", "audiences", "keysFile", "caFile"}]; empty without a path. The error names the file,
// the property and the value.
Result<std::vector<edge::TrustedIssuer>> open_trust(const std::string& path);

}  // namespace batchyard::server
