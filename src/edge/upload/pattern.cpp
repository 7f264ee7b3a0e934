#include "edge/upload/pattern.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace batchyard::edge {

namespace {

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

std::optional<std::string> value_of(std::string_view name,
                                    const std::vector<std::string>& environment) {
  for (const std::string& variable : environment) {
    if (variable.size() > name.size() && variable.starts_with(name) && variable[name.size()] == '=')
      return variable.substr(name.size() + 1);
  }
  return std::nullopt;
}

// The variable that starts at the front of `text`: its name, and how long it is written.
struct Written {
  std::string_view name;
  std::size_t length = 0;
};
std::optional<Written> variable_at(std::string_view text) {
  const char closing = text.starts_with("${") ? '}' : text.front() == '%' ? '%' : 0;
  const std::size_t start = text.starts_with("${") ? 2 : 1;
  std::size_t end = start;
  while (end < text.size() &&
         (is_name_letter(text[end]) || (closing != 0 && text[end] != closing && text[end] != '/')))
    ++end;
  if (end == start || (closing != 0 && (end >= text.size() || text[end] != closing)))
    return std::nullopt;
  return Written{text.substr(start, end - start), closing != 0 ? end + 1 : end};
}

// How many bytes the character at the front has.
std::size_t character_at(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
    ++length;
  return text.empty() ? 0 : length;
}

// A set at the front of the pattern.
struct Set {
  bool negated = false;
  std::vector<std::pair<std::string_view, std::string_view>> ranges;
  std::size_t length = 0;  // with its brackets; 0: there is no set
};
Set set_at(std::string_view pattern) {
  Set set;
  if (!pattern.starts_with('[')) return set;
  std::size_t at = 1;
  if (at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^')) {
    set.negated = true;
    ++at;
  }
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    const std::string_view low = pattern.substr(at, character_at(pattern.substr(at)));
    at += low.size();
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      const std::string_view high = pattern.substr(at + 1, character_at(pattern.substr(at + 1)));
      set.ranges.emplace_back(low, high);
      at += 1 + high.size();
    } else {
      set.ranges.emplace_back(low, low);
    }
  }
  if (at < pattern.size()) set.length = at + 1;  // else nothing closes it, and '[' is a letter
  return set;
}

bool holds(const Set& set, std::string_view character) {
  const auto in = [&](const auto& range) {
    return character.size() == range.first.size() && character.size() == range.second.size()
               ? range.first <= character && character <= range.second
               : character == range.first || character == range.second;
  };
  return std::ranges::any_of(set.ranges, in) != set.negated;
}

// "abc[*]" stands for one name: an escape is no wildcard. Nothing when there is a wildcard.
std::optional<std::string> plain_text(std::string_view part) {
  std::string text;
  while (!part.empty()) {
    if (part.front() == '*' || part.front() == '?') return std::nullopt;
    const Set set = set_at(part);
    if (set.length != 0) {
      if (set.negated || set.ranges.size() != 1 || set.ranges[0].first != set.ranges[0].second)
        return std::nullopt;
      text += set.ranges[0].first;
      part.remove_prefix(set.length);
    } else {
      text += part.front();
      part.remove_prefix(1);
    }
  }
  return text;
}

bool matches_rest(std::string_view pattern, std::string_view name) {
  std::string_view after_star;
  std::string_view star_at;
  bool starred = false;
  while (!name.empty()) {
    const std::size_t length = character_at(name);
    const Set set = pattern.empty() ? Set() : set_at(pattern);
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      starred = true;
      after_star = pattern;
      star_at = name;
    } else if (set.length != 0 && holds(set, name.substr(0, length))) {
      pattern.remove_prefix(set.length);
      name.remove_prefix(length);
    } else if (!pattern.empty() && set.length == 0 &&
               (pattern.front() == '?' || pattern.starts_with(name.substr(0, length)))) {
      pattern.remove_prefix(pattern.front() == '?' ? 1 : length);
      name.remove_prefix(length);
    } else if (starred) {  // the star takes one more
      star_at.remove_prefix(character_at(star_at));
      name = star_at;
      pattern = after_star;
    } else {
      return false;
    }
  }
  while (pattern.starts_with('*')) pattern.remove_prefix(1);
  return pattern.empty();
}

// "a/./b//c" and ".." resolved by the text; nothing when it leads above the start.
std::optional<std::vector<std::string>> floors_of(const std::string& path) {
  std::vector<std::string> floors;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      floors.emplace_back(part);
    } else {
      if (floors.empty()) return std::nullopt;
      floors.pop_back();
    }
  }
  return floors;
}

}  // namespace

std::string expand_variables(std::string_view text, const std::vector<std::string>& environment) {
  std::string whole;
  while (!text.empty()) {
    if (text.front() == '$' || text.front() == '%') {
      const std::optional<Written> variable = variable_at(text);
      const std::optional<std::string> value =
          variable ? value_of(variable->name, environment) : std::nullopt;
      if (value) {
        whole += *value;
        text.remove_prefix(variable->length);
        continue;
      }
    }
    whole += text.front();
    text.remove_prefix(1);
  }
  return whole;
}

std::optional<Pattern> parse_pattern(const std::string& text, const std::string& root,
                                     const std::string& directory) {
  std::string path = directory + "/" + text;
  if (text.starts_with('/')) {
    if (text != root && !text.starts_with(root + "/")) return std::nullopt;
    path = text.substr(root.size());
  }
  const std::optional<std::vector<std::string>> floors = floors_of(path);
  if (!floors || floors->empty()) return std::nullopt;
  Pattern pattern;
  for (const std::string& floor : *floors) {
    const std::optional<std::string> plain = plain_text(floor);
    if (plain && pattern.parts.empty())
      pattern.fixed += (pattern.fixed.empty() ? "" : "/") + *plain;
    else
      pattern.parts.push_back(floor);
  }
  if (!pattern.parts.empty() && pattern.parts.back() == any_directories)
    pattern.parts.emplace_back("*");
  return pattern;
}

bool matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.') && !pattern.starts_with("[.]"))
    return false;
  return matches_rest(pattern, name);
}

}  // namespace batchyard::edge
