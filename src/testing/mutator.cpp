#include "testing/mutator.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "base/text.h"

namespace batchyard::testing {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t changes_max = 4;
constexpr std::size_t piece_max = 64;
constexpr std::size_t repeats_max = 400;

// What readers stumble over.
constexpr std::string_view stumbling_blocks[] = {""sv,
                                                 "\0"sv,
                                                 "\xFF\xFE"sv,
                                                 "\xC0\x80"sv,
                                                 "\xEF\xBB\xBF"sv,
                                                 "\r\n\r\n"sv,
                                                 "%00"sv,
                                                 "%"sv,
                                                 "%2e%2e%2f"sv,
                                                 "../"sv,
                                                 "null"sv,
                                                 "true"sv,
                                                 "{}"sv,
                                                 "[]"sv,
                                                 "\"\""sv,
                                                 "''"sv,
                                                 "\\u0000"sv,
                                                 "\\ud800"sv,
                                                 "-1"sv,
                                                 "0"sv,
                                                 "-0"sv,
                                                 "1e999"sv,
                                                 "-1e999"sv,
                                                 "2147483648"sv,
                                                 "-2147483649"sv,
                                                 "9223372036854775807"sv,
                                                 "9223372036854775808"sv,
                                                 "-9223372036854775808"sv,
                                                 "18446744073709551616"sv,
                                                 "99999999999999999999999999999999"sv,
                                                 "P99999999999999999999D"sv,
                                                 "-PT1S"sv,
                                                 "0000-00-00T00:00:00Z"sv,
                                                 "9999-12-31T23:59:59.9999999Z"sv,
                                                 "bytes=0-18446744073709551615"sv,
                                                 "*"sv,
                                                 ","sv,
                                                 "="sv,
                                                 "("sv,
                                                 ")"sv};

}  // namespace

void Mutator::change(std::string& text) {
  const std::size_t at = random_.below(text.size() + 1);
  const std::size_t piece = std::min<std::size_t>(random_.below(piece_max), text.size() - at);
  switch (random_.below(8)) {
    case 0:  // a bit
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random_.below(8)));
      break;
    case 1:  // the end is missing
      text.resize(at);
      break;
    case 2:  // a piece is missing
      text.erase(at, piece);
      break;
    case 3: {  // a piece again and again
      const std::string again = text.substr(at, piece);
      for (std::size_t times = random_.below(repeats_max); times > 0; --times)
        text.insert(at, again);
      break;
    }
    case 4: {  // goes on as another one does
      const std::string& other = any();
      text = text.substr(0, at) + other.substr(random_.below(other.size() + 1));
      break;
    }
    case 5:
    case 6: {
      const std::string_view block = stumbling_blocks[random_.below(std::size(stumbling_blocks))];
      text.replace(at, random_.once_in(2) ? 0 : piece, block);
      break;
    }
    default:  // any byte
      text.insert(at, 1, static_cast<char>(random_.below(256)));
  }
  if (text.size() > mutated_max) text.resize(mutated_max);
}

std::string Mutator::changed(std::string text) {
  for (std::size_t times = random_.below(changes_max) + 1; times > 0; --times) change(text);
  return text;
}

namespace {

namespace json = boost::json;

constexpr std::int64_t odd_numbers[] = {0,
                                        -1,
                                        1,
                                        2,
                                        7,
                                        INT32_MAX,
                                        INT32_MIN,
                                        INT64_MAX,
                                        INT64_MIN,
                                        1'000'000,
                                        -62135596800'000,
                                        253402300799'999};

// All values at and below.
void collect(json::value& value, std::vector<json::value*>& into) {
  into.push_back(&value);
  if (value.is_array()) {
    for (json::value& one : value.get_array()) collect(one, into);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) collect(member.value(), into);
  }
}

void bend(json::value& value, Random& random) {
  if (value.is_number()) {
    value = odd_numbers[random.below(std::size(odd_numbers))];
  } else if (value.is_bool()) {
    value = !value.get_bool();
  } else if (value.is_string()) {
    const std::string_view block = stumbling_blocks[random.below(std::size(stumbling_blocks))];
    if (random.once_in(2)) value.get_string().clear();
    if (is_plain_utf8(block)) value.get_string().append(block);
  } else if (value.is_array() && !value.get_array().empty()) {
    const json::value again = value.get_array()[random.below(value.get_array().size())];
    if (random.once_in(2)) value.get_array().clear();
    value.get_array().push_back(again);
  } else if (value.is_object() && !value.get_object().empty()) {
    json::object& object = value.get_object();
    object.erase(object.begin() + static_cast<std::ptrdiff_t>(random.below(object.size())));
  }
}

}  // namespace

std::string Mutator::bent(const std::string& text) {
  boost::system::error_code error;
  json::value whole = json::parse(text, error);
  if (error) return text;
  for (std::size_t times = random_.below(changes_max) + 1; times > 0; --times) {
    std::vector<json::value*> values;
    collect(whole, values);
    bend(*values[random_.below(values.size())], random_);
  }
  return json::serialize(whole);
}

std::string Mutator::next() {
  return changed(any());
}

std::string nested(std::string_view open, std::string_view midst, std::string_view close,
                   std::size_t count) {
  std::string text;
  text.reserve(count * (open.size() + close.size()) + midst.size());
  for (std::size_t at = 0; at < count; ++at) text += open;
  text += midst;
  for (std::size_t at = 0; at < count; ++at) text += close;
  return text;
}

}  // namespace batchyard::testing
