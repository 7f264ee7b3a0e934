// `batchyard image`: root file systems that nodes boot, and what Marketplace images are bound to.
#pragma once

#include <string>

#include "apps/cli/api_client.h"
#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct ImageOptions {
  std::string name;  // or a whole id, /subscriptions/…/images/NAME
  std::string from;  // a directory, a tar file, or container:REFERENCE
  std::string agent;
  std::string pool;
  std::string node;  // empty: the pool's only one
  bool whole = false;
  std::string reference;  // of a binding: PUBLISHER/OFFER/SKU[/VERSION] or *
  std::string to;
};

int import_image(ApiClient& api, const ImageOptions& options);
int capture_image(ApiClient& api, const ImageOptions& options);
int list_images(ApiClient& api, Output output);
int remove_image(ApiClient& api, const ImageOptions& options);
int bind_image(ApiClient& api, const ImageOptions& options);
int unbind_image(ApiClient& api, const ImageOptions& options);

}  // namespace batchyard::cli
