#include "preflight/image_id.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace batchyard::preflight {

bool is_image_id(std::string_view id) {
  static const std::vector<std::vector<std::string_view>> forms = {
      {"", "subscriptions", "*", "resourcegroups", "*", "providers", "microsoft.compute", "images",
       "*"},
      {"", "subscriptions", "*", "resourcegroups", "*", "providers", "microsoft.compute",
       "galleries", "*", "images", "*"},
      {"", "subscriptions", "*", "resourcegroups", "*", "providers", "microsoft.compute",
       "galleries", "*", "images", "*", "versions", "*"}};
  const std::vector<std::string_view> parts = split(id, '/');
  return std::ranges::any_of(forms, [&](const std::vector<std::string_view>& form) {
    return std::ranges::equal(form, parts, [](std::string_view wanted, std::string_view part) {
      return wanted == "*" ? !part.empty() : same_folded(wanted, part);
    });
  });
}

}  // namespace batchyard::preflight
