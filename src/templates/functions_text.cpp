// Functions of texts. Lengths and places count as Azure counts them, in units of UTF-16.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/hash.h"
#include "templates/syntax.h"
#include "templates/text_units.h"

namespace batchyard::templates {

namespace {

namespace json = boost::json;
using Value = Result<json::value>;

constexpr std::int64_t text_max = 1 << 20;  // bytes of one that is put together

Result<> check_size(const Arguments& given, const std::string& text) {
  if (text.size() <= static_cast<std::size_t>(text_max)) return Done();
  return given.refused(fmt::format("the text has more than {} bytes", text_max));
}

std::u16string wide(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? first : first & (0xff >> (length + 1));
    for (std::size_t more = 1; more < length && at + more < text.size(); ++more)
      point = (point << 6) | (static_cast<unsigned char>(text[at + more]) & 0x3f);
    at += length;
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10));
      units += static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff));
    }
  }
  return units;
}

// Half of a letter of two units is a '?'.
std::string narrow(std::u16string_view units) {
  std::string text;
  for (std::size_t at = 0; at < units.size(); ++at) {
    char32_t point = units[at];
    const bool high = point >= 0xd800 && point < 0xdc00;
    if (high && at + 1 < units.size() && units[at + 1] >= 0xdc00 && units[at + 1] < 0xe000)
      point = 0x10000 + ((point - 0xd800) << 10) + (units[++at] - 0xdc00);
    else if (point >= 0xd800 && point < 0xe000)
      point = '?';
    if (point < 0x80) {
      text += static_cast<char>(point);
      continue;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    text += static_cast<char>(((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more)));
    for (int left = more - 1; left >= 0; --left)
      text += static_cast<char>(0x80 | ((point >> (6 * left)) & 0x3f));
  }
  return text;
}

std::string upper(std::string text) {
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

Value texts_joined(const Arguments& given, std::string_view separator) {
  std::string all;
  for (std::size_t at = 0; at < given.size(); ++at)
    all += (at == 0 ? "" : std::string(separator)) + TRY(given.text(at));
  TRY(check_size(given, all));
  return json::value(all);
}

Value concat(const Arguments& given) {
  if (given[0].is_array()) {
    json::array all;
    for (std::size_t at = 0; at < given.size(); ++at) {
      for (json::value& one : TRY(given.list(at))) all.push_back(std::move(one));
    }
    return all;
  }
  std::string all;
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (given[at].is_array() || given[at].is_object() || given[at].is_null())
      return given.refused(at, "a string, an int or a bool");
    all += plain(given[at]);
    TRY(check_size(given, all));
  }
  return json::value(all);
}

// "{0}" is the first value behind the pattern; "{{" and "}}" are braces.
Value format(const Arguments& given) {
  const std::string pattern = TRY(given.text(0));
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const std::string_view rest = std::string_view(pattern).substr(at);
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      text += pattern[at++];
    } else if (pattern[at] == '{') {
      const std::size_t end = rest.find('}');
      const std::optional<std::int64_t> number =
          end == std::string_view::npos ? std::nullopt : parse_integer(rest.substr(1, end - 1));
      if (!number)
        return given.refused(
            "the pattern has more than numbers in its braces. Only {0}, {1} and so on are served; "
            "padLeft() gives a number leading zeros");
      if (*number < 0 || *number >= static_cast<std::int64_t>(given.size()) - 1)
        return given.refused(fmt::format("the pattern asks for value {{{}}}, and there are {}",
                                         *number, given.size() - 1));
      text += plain(given[static_cast<std::size_t>(*number) + 1]);
      TRY(check_size(given, text));
      at += end;
    } else if (pattern[at] == '}') {
      return given.refused("the pattern has a '}' without a '{'. Write '}}' for the letter");
    } else {
      text += pattern[at];
    }
  }
  return json::value(text);
}

Value replace(const Arguments& given) {
  const std::string text = TRY(given.text(0));
  const std::string old = TRY(given.text(1));
  const std::string with = TRY(given.text(2));
  if (old.empty()) return given.refused("the text to replace is empty");
  std::string replaced;
  std::size_t at = 0;
  for (std::size_t found = text.find(old); found != std::string::npos; found = text.find(old, at)) {
    replaced += text.substr(at, found - at) + with;
    TRY(check_size(given, replaced));
    at = found + old.size();
  }
  return json::value(replaced + text.substr(at));
}

Value split_text(const Arguments& given) {
  const std::string text = TRY(given.text(0));
  std::vector<std::string> separators;
  if (given[1].is_array()) {
    for (const json::value& one : given[1].get_array()) {
      if (!one.is_string()) return given.refused(1, "a string or an array of strings");
      separators.emplace_back(one.get_string());
    }
  } else {
    separators.push_back(TRY(given.text(1)));
  }
  json::array parts;
  std::string part;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::ranges::find_if(separators, [&](const std::string& one) {
      return !one.empty() && std::string_view(text).substr(at).starts_with(one);
    });
    if (found == separators.end()) {
      part += text[at++];
      continue;
    }
    parts.emplace_back(std::exchange(part, {}));
    at += found->size();
  }
  parts.emplace_back(part);
  return parts;
}

Value join_texts(const Arguments& given) {
  std::string all;
  const std::string separator = TRY(given.text(1));
  bool first = true;
  for (const json::value& one : TRY(given.list(0))) {
    all += (std::exchange(first, false) ? "" : separator) + plain(one);
    TRY(check_size(given, all));
  }
  return json::value(all);
}

Value substring(const Arguments& given) {
  const std::u16string text = wide(TRY(given.text(0)));
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t start = TRY(given.number(1));
  const std::int64_t length = given.size() == 3 ? TRY(given.number(2)) : size - start;
  if (start < 0 || start > size || length < 0 || length > size - start)
    return given.refused(
        fmt::format("the text has {} characters, and {} from place {} are asked "
                    "for",
                    size, length, start));
  return json::value(narrow(std::u16string_view(text).substr(static_cast<std::size_t>(start),
                                                             static_cast<std::size_t>(length))));
}

Value pad_left(const Arguments& given) {
  if (!given[0].is_string() && !given[0].is_int64()) return given.refused(0, "a string or an int");
  const std::u16string text = wide(plain(given[0]));
  const std::int64_t total = TRY(given.number(1));
  const std::u16string with = given.size() == 3 ? wide(TRY(given.text(2))) : u" ";
  if (with.size() != 1) return given.refused(2, "one letter");
  if (total < 0 || total > text_max)
    return given.refused(fmt::format("the length {} is not within 0 and {}", total, text_max));
  std::u16string padded;
  while (padded.size() + text.size() < static_cast<std::size_t>(total)) padded += with;
  return json::value(narrow(padded + text));
}

std::int64_t place_of(std::u16string_view text, std::size_t found) {
  return found == std::u16string_view::npos || found > text.size()
             ? -1
             : static_cast<std::int64_t>(found);
}

// The relative part begins behind the base's last slash.
Value uri(const Arguments& given) {
  const std::string base = TRY(given.text(0));
  const std::string relative = TRY(given.text(1));
  const std::size_t scheme = base.find("://");
  if (scheme == std::string::npos) return given.refused(0, "an address with a scheme");
  const std::size_t slash = base.rfind('/');
  const bool has_path = slash >= scheme + 3;
  return json::value((has_path ? base.substr(0, slash) : base) + '/' +
                     (relative.starts_with('/') ? relative.substr(1) : relative));
}

Value base64_to_text(const Arguments& given) {
  const std::optional<std::string> text = base64_decode(TRY(given.text(0)));
  if (!text || !is_plain_utf8(*text)) return given.refused("it is no base64 of a text");
  return json::value(*text);
}

Value base64_to_json(const Arguments& given) {
  const std::optional<std::string> text = base64_decode(TRY(given.text(0)));
  boost::system::error_code error;
  json::value value = json::parse(text.value_or(""), error);
  if (error) return given.refused("it is no base64 of JSON");
  return value;
}

Value uri_decoded(const Arguments& given) {
  const std::optional<std::string> text = percent_decode(TRY(given.text(0)));
  if (!text || !is_plain_utf8(*text)) return given.refused("the text is not encoded for a URI");
  return json::value(*text);
}

constexpr Function functions_of_texts[] = {
    {"concat", 1, any_number, Needs::arguments, concat},
    {"format", 1, any_number, Needs::arguments, format},
    {"uniqueString", 1, any_number, Needs::arguments,
     [](const Arguments& given) -> Value {
       const json::value all = TRY(texts_joined(given, "-"));
       return json::value(unique_string(std::string_view(all.get_string())));
     }},
    {"guid", 1, any_number, Needs::arguments,
     [](const Arguments& given) -> Value {
       const json::value all = TRY(texts_joined(given, "-"));
       return json::value(name_guid(std::string_view(all.get_string())));
     }},
    {"toLower", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Value { return json::value(fold(TRY(given.text(0)))); }},
    {"toUpper", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Value { return json::value(upper(TRY(given.text(0)))); }},
    {"trim", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Value { return json::value(trim(TRY(given.text(0)))); }},
    {"replace", 3, 3, Needs::arguments, replace},
    {"split", 2, 2, Needs::arguments, split_text},
    {"join", 2, 2, Needs::arguments, join_texts},
    {"substring", 2, 3, Needs::arguments, substring},
    {"padLeft", 2, 3, Needs::arguments, pad_left},
    {"startsWith", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Value {
       return json::value(fold(TRY(given.text(0))).starts_with(fold(TRY(given.text(1)))));
     }},
    {"endsWith", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Value {
       return json::value(fold(TRY(given.text(0))).ends_with(fold(TRY(given.text(1)))));
     }},
    {"base64", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Value {
       return json::value(base64_encode(TRY(given.text(0))));
     }},
    {"base64ToString", 1, 1, Needs::arguments, base64_to_text},
    {"base64ToJson", 1, 1, Needs::arguments, base64_to_json},
    {"uri", 2, 2, Needs::arguments, uri},
    {"uriComponent", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Value {
       return json::value(percent_encode(TRY(given.text(0))));
     }},
    {"uriComponentToString", 1, 1, Needs::arguments, uri_decoded},
};

}  // namespace

std::span<const Function> text_functions() {
  return functions_of_texts;
}

// Of texts and lists alike: what `length`, `take`, `skip`, `first`, `last` and `indexOf` mean.
std::int64_t text_length(std::string_view text) {
  return static_cast<std::int64_t>(wide(text).size());
}

std::string text_part(std::string_view text, std::size_t from, std::size_t count) {
  return narrow(std::u16string_view(wide(text)).substr(from, count));
}

std::int64_t text_place(std::string_view text, std::string_view part, bool from_the_end) {
  const std::u16string all = wide(fold(text));
  const std::u16string sought = wide(fold(part));
  return place_of(all, from_the_end ? all.rfind(sought) : all.find(sought));
}

}  // namespace batchyard::templates
