// `batchyard extension`: scripts that run VM extensions of pools on their nodes.
#pragma once

#include <string>

#include "apps/cli/api_client.h"
#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct ExtensionOptions {
  std::string name;    // PUBLISHER/TYPE
  std::string script;  // a file; -: what comes in
  bool reboots = false;
};

int register_extension(ApiClient& api, const ExtensionOptions& options);
int list_extensions(ApiClient& api, Output output);
int remove_extension(ApiClient& api, const ExtensionOptions& options);

}  // namespace batchyard::cli
