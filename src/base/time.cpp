#include "base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "base/text.h"

namespace batchyard {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array day_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view unlimited_text = "P10675199DT2H48M5.4775807S";
constexpr std::int64_t unlimited_days = 10675199;

// Reads a text from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool word(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  // Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (text_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char letter : text_.substr(0, digits)) {
      if (letter < '0' || letter > '9') return std::nullopt;
      value = value * 10 + (letter - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }
  // One to eighteen digits.
  std::optional<std::int64_t> digits() {
    const std::size_t count = std::min(text_.find_first_not_of("0123456789"), text_.size());
    if (count == 0 || count > 18) return std::nullopt;
    const std::optional<std::int64_t> value = parse_integer(text_.substr(0, count));
    text_.remove_prefix(count);
    return value;
  }
  // What follows a decimal point, in milliseconds.
  std::optional<int> fraction() {
    const std::size_t count = std::min(text_.find_first_not_of("0123456789"), text_.size());
    if (count == 0 || count > 9) return std::nullopt;
    int value = 0;
    for (std::size_t at = 0; at < 3; ++at) value = value * 10 + (at < count ? text_[at] - '0' : 0);
    text_.remove_prefix(count);
    return value;
  }
  std::optional<char> letter() {
    if (text_.empty()) return std::nullopt;
    const char first = text_.front();
    text_.remove_prefix(1);
    return first;
  }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

std::optional<Time> make_time(int year, int month, int day, int hour, int minute, int second,
                              int millisecond) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Time(std::chrono::sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) +
              seconds(second) + Duration(millisecond));
}

std::string with_fraction(std::int64_t whole_seconds, std::int64_t milliseconds, int width) {
  std::string text = fmt::format("{:0{}}", whole_seconds, width);
  if (milliseconds == 0) return text;
  text += fmt::format(".{:03}", milliseconds);
  while (text.back() == '0') text.pop_back();
  return text;
}

struct Parts {
  std::chrono::year_month_day date;
  unsigned weekday;
  std::int64_t hour, minute, second, millisecond;
};

Parts parts_of(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const std::int64_t rest = (time - day).count();
  return {std::chrono::year_month_day(day),
          std::chrono::weekday(day).c_encoding(),
          rest / 3'600'000,
          rest / 60'000 % 60,
          rest / 1000 % 60,
          rest % 1000};
}

std::optional<Duration> read_offset(Reader& reader) {
  if (reader.word("Z") || reader.word("z")) return Duration(0);
  const std::optional<char> sign = reader.letter();
  if (sign != '+' && sign != '-') return std::nullopt;
  const auto hour = reader.number(2);
  reader.word(":");
  const auto minute = reader.number(2);
  if (!hour || !minute) return std::nullopt;
  const Duration offset = hours(*hour) + minutes(*minute);
  return sign == '+' ? offset : -offset;
}

int month_of(std::string_view name) {
  const auto* found = std::ranges::find_if(
      month_names, [&](const char* known) { return same_folded(known, name); });
  return found == month_names.end() ? 0 : static_cast<int>(found - month_names.begin()) + 1;
}

// The length of one unit; 0 for an unknown letter. M is a month before the T and a minute after it.
std::int64_t unit_of(char letter, bool after_t) {
  constexpr std::int64_t day = 86'400'000;
  switch (letter) {
    case 'Y':
      return after_t ? 0 : 365 * day;
    case 'M':
      return after_t ? 60'000 : 30 * day;
    case 'W':
      return after_t ? 0 : 7 * day;
    case 'D':
      return after_t ? 0 : day;
    case 'H':
      return after_t ? 3'600'000 : 0;
    case 'S':
      return after_t ? 1000 : 0;
    default:
      return 0;
  }
}

}  // namespace

std::string to_iso8601(Time time) {
  const Parts parts = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{}Z", static_cast<int>(parts.date.year()),
                     static_cast<unsigned>(parts.date.month()),
                     static_cast<unsigned>(parts.date.day()), parts.hour, parts.minute,
                     with_fraction(parts.second, parts.millisecond, 2));
}

std::string to_rfc1123(Time time) {
  const Parts parts = parts_of(time);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names[parts.weekday],
                     static_cast<unsigned>(parts.date.day()),
                     month_names[static_cast<unsigned>(parts.date.month()) - 1],
                     static_cast<int>(parts.date.year()), parts.hour, parts.minute, parts.second);
}

std::optional<Time> parse_iso8601(std::string_view text) {
  Reader reader(text);
  const auto year = reader.number(4);
  if (!year || !reader.word("-")) return std::nullopt;
  const auto month = reader.number(2);
  if (!month || !reader.word("-")) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  if (reader.done()) return make_time(*year, *month, *day, 0, 0, 0, 0);
  if (!reader.word("T") && !reader.word("t") && !reader.word(" ")) return std::nullopt;
  const auto hour = reader.number(2);
  if (!hour || !reader.word(":")) return std::nullopt;
  const auto minute = reader.number(2);
  if (!minute) return std::nullopt;
  std::optional<int> second = 0;
  std::optional<int> millisecond = 0;
  if (reader.word(":")) {
    second = reader.number(2);
    if (reader.word(".")) millisecond = reader.fraction();
  }
  if (!second || !millisecond) return std::nullopt;
  const std::optional<Duration> offset = reader.done() ? Duration(0) : read_offset(reader);
  const std::optional<Time> time =
      make_time(*year, *month, *day, *hour, *minute, *second, *millisecond);
  if (!offset || !time || !reader.done()) return std::nullopt;
  return *time - *offset;
}

std::optional<Time> parse_http_date(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  Reader reader(trim(text.substr(comma + 1)));
  const auto day = reader.number(2);
  if (!day || (!reader.word(" ") && !reader.word("-"))) return std::nullopt;
  const int month = month_of(reader.rest().substr(0, 3));
  if (month == 0 || !reader.word(reader.rest().substr(0, 3)) ||
      (!reader.word(" ") && !reader.word("-")))
    return std::nullopt;
  const std::size_t year_digits = std::min(reader.rest().find(' '), reader.rest().size());
  std::optional<int> year =
      year_digits == 2 || year_digits == 4 ? reader.number(year_digits) : std::nullopt;
  if (!year || !reader.word(" ")) return std::nullopt;
  if (year_digits == 2) year = *year + (*year < 70 ? 2000 : 1900);
  const auto hour = reader.number(2);
  if (!hour || !reader.word(":")) return std::nullopt;
  const auto minute = reader.number(2);
  if (!minute || !reader.word(":")) return std::nullopt;
  const auto second = reader.number(2);
  if (!second || !reader.word(" GMT") || !reader.done()) return std::nullopt;
  return make_time(*year, month, *day, *hour, *minute, *second, 0);
}

std::optional<Duration> parse_duration(std::string_view text) {
  Reader reader(trim(text));
  if (!reader.word("P") || reader.done()) return std::nullopt;
  std::int64_t total = 0;
  bool after_t = false;
  bool any = false;
  std::int64_t larger =
      std::numeric_limits<std::int64_t>::max();  // units come in falling order, each once
  bool endless = false;
  while (!reader.done()) {
    if (!after_t && reader.word("T")) {
      after_t = true;
      any = false;
      continue;
    }
    const std::optional<std::int64_t> count = reader.digits();
    std::optional<int> fraction = 0;
    const bool pointed = count && reader.word(".");
    if (pointed) fraction = reader.fraction();
    const std::optional<char> letter = reader.letter();
    const std::int64_t unit = letter ? unit_of(*letter, after_t) : 0;
    if (!count || !fraction || unit == 0 || unit >= larger || (pointed && *letter != 'S'))
      return std::nullopt;
    larger = unit;
    any = true;
    std::int64_t part = 0;
    endless = endless || __builtin_mul_overflow(*count, unit, &part) ||
              __builtin_add_overflow(total, part + *fraction, &total);
  }
  if (!any) return std::nullopt;
  return endless || total >= unlimited_days * 86'400'000 ? unlimited : Duration(total);
}

std::string to_iso8601(Duration duration) {
  if (duration == unlimited) return std::string(unlimited_text);
  const std::int64_t total = duration.count();
  if (total == 0) return "PT0S";
  std::string text = "P";
  if (const std::int64_t whole_days = total / 86'400'000) text += fmt::format("{}D", whole_days);
  const std::int64_t rest = total % 86'400'000;
  if (rest == 0) return text;
  text += 'T';
  if (const std::int64_t hour = rest / 3'600'000) text += fmt::format("{}H", hour);
  if (const std::int64_t minute = rest / 60'000 % 60) text += fmt::format("{}M", minute);
  if (rest % 60'000 != 0) text += with_fraction(rest / 1000 % 60, rest % 1000, 1) + "S";
  return text;
}

Time later(Time time, Duration duration) {
  return duration > Time::max() - time ? Time::max() : time + duration;
}

}  // namespace batchyard
