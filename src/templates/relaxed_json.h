// Templates as people write them: JSON with comments, with texts over several lines, and, where
// `az` puts one into its request, with a name that has no quotes.
#pragma once

#include <string>
#include <string_view>

namespace batchyard::templates {

// The same as plain JSON. What is no JSON otherwise stays so, for who reads it to refuse.
std::string plain_json(std::string_view relaxed);

}  // namespace batchyard::templates
