#include "formula/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"
#include "formula/names.h"

namespace batchyard::formula {

namespace {

constexpr std::size_t shown_max = 76;  // of a long line, this much around the place

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues_character(byte); }));
}

// How many letters must be changed, added or left out to make one of the other, in lower case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, corner + 1});
    }
  }
  return row.back();
}

}  // namespace

std::unexpected<Fault> wrong(std::size_t at, std::string message) {
  return std::unexpected(Fault{at, std::move(message), false});
}

Place place_of(std::string_view formula, std::size_t at) {
  const std::string_view before = formula.substr(0, std::min(at, formula.size()));
  const std::size_t start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return {.line = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
          .column = 1 + characters(before.substr(start))};
}

std::string show(std::string_view formula, const Fault& fault) {
  const Place place = place_of(formula, fault.at);
  const std::size_t at = std::min(fault.at, formula.size());
  std::size_t start = formula.substr(0, at).rfind('\n');
  start = start == formula.npos ? 0 : start + 1;
  std::size_t end = std::min(formula.find('\n', at), formula.size());
  if (at - start > shown_max / 2) start = at - shown_max / 2;
  if (end - start > shown_max) end = start + shown_max;
  // Neither end may cut through a character.
  while (start < at && continues_character(formula[start])) ++start;
  while (end < formula.size() && end > at && continues_character(formula[end])) --end;
  std::string line(formula.substr(start, end - start));
  std::ranges::replace_if(
      line, [](char byte) { return static_cast<unsigned char>(byte) < 0x20; }, ' ');
  return fmt::format("line {}, column {}: {}\n{}\n{}^", place.line, place.column, fault.message,
                     line, std::string(characters(formula.substr(start, at - start)), ' '));
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t far = distance(fold(name), fold(candidate));
    if (far < least) {
      least = far;
      best = candidate;
    }
  }
  if (best.empty()) return {};
  return fmt::format("; did you mean '{}{}'?", find_service_name(best) != nullptr ? "$" : "", best);
}

}  // namespace batchyard::formula
