// Texts as lists of UTF-16 units, as Azure's functions count them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace batchyard::templates {

std::int64_t text_length(std::string_view text);
std::string text_part(std::string_view text, std::size_t from, std::size_t count);
// -1 when it is not there; without regard to the case of letters.
std::int64_t text_place(std::string_view text, std::string_view part, bool from_the_end);

}  // namespace batchyard::templates
