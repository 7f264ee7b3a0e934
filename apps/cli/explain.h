// `explain`: why is it in this state, and what would change it?
#pragma once

#include "apps/cli/inspect.h"

namespace batchyard::cli {

int explain(ApiClient& api, const std::string& kind, const std::vector<std::string>& names,
            Output output);

}  // namespace batchyard::cli
