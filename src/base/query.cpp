#include "base/query.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard {

std::map<std::string, std::string> parse_query(std::string_view target) {
  std::map<std::string, std::string> query;
  const std::size_t start = target.find('?');
  if (start == std::string_view::npos) return query;
  for (const std::string_view part : split(target.substr(start + 1), '&')) {
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name = fold(percent_decode(part.substr(0, equals)).value_or(""));
    std::string raw(equals < part.size() ? part.substr(equals + 1) : std::string_view());
    for (char& letter : raw) letter = letter == '+' ? ' ' : letter;
    query.emplace(name, percent_decode(raw).value_or(raw));
  }
  return query;
}

}  // namespace batchyard
