// `batchyard app`: applications and their packages, which pools and tasks refer to.
#pragma once

#include <optional>
#include <string>

#include "apps/cli/api_client.h"
#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct AppOptions {
  std::string id;
  std::string version;
  std::string file;
  std::optional<std::string> display_name;
  std::optional<std::string> default_version;  // empty: none
  std::optional<bool> allow_updates;
  bool activates = true;
};

int create_app(ApiClient& api, const AppOptions& options);
// Makes the application if need be, sends the archive, and activates it.
int upload_app(ApiClient& api, const AppOptions& options);
int activate_app(ApiClient& api, const AppOptions& options);
int list_apps(ApiClient& api, Output output);
int show_app(ApiClient& api, const AppOptions& options, Output output);
int set_app(ApiClient& api, const AppOptions& options);
// One version, or the application once it has none.
int delete_app(ApiClient& api, const AppOptions& options);

}  // namespace batchyard::cli
