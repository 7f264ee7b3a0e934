// What the resource id of an image looks like.
#pragma once

#include <string_view>

namespace batchyard::preflight {

// "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/images/NAME", or the same with
// "/galleries/GALLERY/images/NAME" and perhaps "/versions/VERSION" at its end.
bool is_image_id(std::string_view id);

}  // namespace batchyard::preflight
