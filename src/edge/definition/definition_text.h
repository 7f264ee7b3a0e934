// The text of a file that defines pools, JSON or YAML: its value, the line of each part, and how a
// JSON Patch is written into it. YAML keeps its comments: only what changes is rewritten.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::edge {

inline constexpr std::size_t definition_max = std::size_t{4} << 20;  // bytes of a file

struct DefinitionText {
  boost::json::value value;
  bool yaml = false;
  bool commented = false;            // JSON with comments, which nothing here can keep
  std::map<std::string, int> lines;  // of JSON pointers, from 1

  // Of the part, or of the nearest one around it.
  int line_of(std::string_view pointer) const;
};

Result<DefinitionText> read_definition(std::string_view text);

// The text with a step of a patch made. An error when it must be done by hand.
Result<std::string> patched(std::string_view text, const boost::json::object& step);

// JSON as people read it.
std::string indented(const boost::json::value& value);

}  // namespace batchyard::edge
