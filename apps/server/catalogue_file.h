// An operator's file of sizes and images, laid over the built-in catalogue.
#pragma once

#include <string>

#include "base/result.h"
#include "catalogue/catalogue.h"

namespace batchyard::server {

// The built-in one alone when `path` is empty.
Result<Catalogue> open_catalogue(const std::string& path);

}  // namespace batchyard::server
