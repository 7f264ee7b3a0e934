// A path of what clients need around the contract: of the management plane's routing alone.
#pragma once

#include <string_view>

#include "arm/management.h"

namespace batchyard::arm {

// Braces stand for any one part.
struct Management::Place {
  std::string_view method;
  std::string_view path;
  Handler handler;
  Verb verb = Verb::read;
  Guard guard = Guard::resource;
};

}  // namespace batchyard::arm
