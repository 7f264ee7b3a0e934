#include "base/result.h"

#include <fmt/format.h>

#include "base/error_codes.h"

namespace batchyard {

std::unexpected<Error> bad_property(std::string property, std::string value, std::string reason) {
  std::string message =
      fmt::format("The value '{}' of property '{}' is not valid: {}", value, property, reason);
  return refusal("InvalidPropertyValue", std::move(message),
                 {{"PropertyName", std::move(property)},
                  {"PropertyValue", std::move(value)},
                  {"Reason", std::move(reason)}});
}

}  // namespace batchyard
