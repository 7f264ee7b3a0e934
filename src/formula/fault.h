// What is wrong with a formula, and where: every refusal of this folder is one of these.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace batchyard::formula {

struct Fault {
  std::size_t at = 0;  // offset into the formula's text
  std::string message;
  bool stop = false;  // nothing is wrong: the formula itself asked to end here
};

template <class T>
using Checked = std::expected<T, Fault>;

std::unexpected<Fault> wrong(std::size_t at, std::string message);

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;  // in characters
};
Place place_of(std::string_view formula, std::size_t at);

// "line 2, column 5: …", then the line and a caret below the place.
std::string show(std::string_view formula, const Fault& fault);

// "; did you mean 'max'?" when one of the candidates is close to `name`; otherwise nothing.
std::string suggestion(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace batchyard::formula
