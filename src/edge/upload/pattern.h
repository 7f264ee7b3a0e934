// File patterns of output files: which names they match, and where in the node they look.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchyard::edge {

// $NAME, ${NAME} and %NAME% become the value; unknown names stay as they are. `environment` has
// NAME=value.
std::string expand_variables(std::string_view text, const std::vector<std::string>& environment);

struct Pattern {
  std::string fixed;               // relative to the root, plain: the file, or where to look
  std::vector<std::string> parts;  // below that, one for each floor; none: `fixed` is the file
};

// `text` is relative to `directory` (itself relative to `root`), or absolute. Nothing when it leads
// out of the root.
std::optional<Pattern> parse_pattern(const std::string& text, const std::string& root,
                                     const std::string& directory);

// `*` any characters, `?` one, `[abc]`, `[a-c]`, `[!abc]`; a set of one character is that
// character. A leading dot is matched by a dot alone.
bool matches(std::string_view pattern, std::string_view name);

// Part of a pattern that stands for any number of directories.
inline constexpr std::string_view any_directories = "**";

}  // namespace batchyard::edge
