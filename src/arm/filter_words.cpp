#include "arm/filter_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "arm/codes.h"
#include "base/text.h"
#include "base/time.h"

namespace batchyard::arm {

namespace {

constexpr std::string_view datetime = "datetime";
constexpr std::string_view operators[] = {"and", "or", "not", "eq",         "ne",   "lt",
                                          "le",  "gt", "ge",  "startswith", "null", datetime};

bool is_name_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '/' || letter == '_';
}

std::unexpected<Error> unknown_name(std::string_view text, std::string_view name,
                                    std::span<const FilterWord> words) {
  std::string known;
  for (const FilterWord& word : words)
    known += (known.empty() ? "" : ", ") + std::string(word.theirs);
  return refuse("InvalidQueryParameterValue",
                fmt::format("The value '{}' of the query parameter '$filter' is not valid: '{}' is "
                            "nothing to filter by. There are: {}.",
                            text, name, known));
}

// A text of the filter between its quotes, as the data plane writes it.
std::string value_of(const FilterWord* word, const std::string& value) {
  const std::string quoted = "'" + value + "'";
  if (word == nullptr) return quoted;
  for (const FilterWord::Value& known : word->values)
    if (same_folded(known.theirs, value)) return std::string(known.ours);
  if (word->sort == FilterWord::Sort::folded) return fold(quoted);
  if (word->sort != FilterWord::Sort::time) return quoted;
  // A day is its first moment.
  const bool day = value.size() == std::size("2026-11-24") - 1;
  return fmt::format("datetime'{}{}'", value, day ? "T00:00:00Z" : "");
}

}  // namespace

Result<std::string> to_data_filter(std::string_view text, std::span<const FilterWord> words) {
  std::string filter;
  const FilterWord* word = nullptr;  // the property that was named last
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\'') {
      const std::size_t end = text.find('\'', at + 1);
      if (end == std::string_view::npos)
        return refuse("InvalidQueryParameterValue",
                      fmt::format("The value '{}' of the query parameter '$filter' is not valid: a "
                                  "text in it has no end. Close it with a quotation mark.",
                                  text));
      // The word before a time's text is written with it.
      if (filter.ends_with(datetime)) filter.resize(filter.size() - datetime.size());
      filter += value_of(word, std::string(text.substr(at + 1, end - at - 1)));
      at = end + 1;
    } else if (is_name_letter(text[at])) {
      std::size_t end = at;
      while (end < text.size() && is_name_letter(text[end])) ++end;
      const std::string_view name = text.substr(at, end - at);
      at = end;
      const auto found = std::ranges::find(words, name, &FilterWord::theirs);
      if (found != words.end()) {
        word = &*found;
        filter += word->ours;
        continue;
      }
      const auto known = [&](std::string_view one) { return same_folded(one, name); };
      if (std::ranges::none_of(operators, known)) return unknown_name(text, name, words);
      const auto null = [&](const FilterWord::Value& one) { return one.theirs == name; };
      const bool has_null =
          name == "null" && word != nullptr && std::ranges::any_of(word->values, null);
      filter += has_null ? std::string(std::ranges::find_if(word->values, null)->ours) : fold(name);
    } else {
      filter += text[at++];
    }
  }
  return filter;
}

}  // namespace batchyard::arm
