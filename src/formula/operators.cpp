#include "formula/operators.h"

#include <fmt/format.h>

#include <cmath>

#include "base/result.h"

namespace batchyard::formula {

namespace {

// About nine thousand years either way, so that no sum of two overflows.
constexpr std::int64_t ticks_max = std::int64_t{1} << 61;

template <class T>
bool is(const Value& value) {
  return std::holds_alternative<T>(value);
}

std::string side(Operator verb, std::string_view which) {
  return fmt::format("the {} side of '{}'", which, symbol_of(verb));
}

Checked<double> compute(Operator verb, double left, double right, std::size_t at) {
  double result = 0;
  switch (verb) {
    case Operator::add:
      result = left + right;
      break;
    case Operator::subtract:
      result = left - right;
      break;
    case Operator::multiply:
      result = left * right;
      break;
    default:
      if (right == 0) return wrong(at, fmt::format("{} is divided by zero", left));
      result = left / right;
  }
  if (!std::isfinite(result)) return wrong(at, "the result is too large for a number");
  return result;
}

Checked<std::int64_t> bounded(std::int64_t ticks, std::size_t at) {
  if (ticks > ticks_max || ticks < -ticks_max)
    return wrong(at, "the result lies thousands of years away");
  return ticks;
}

std::unexpected<Fault> no_such(Operator verb, const Value& left, const Value& right,
                               std::size_t at) {
  if (is<std::string>(left) || is<std::string>(right))
    return wrong(at, fmt::format("'{}' does nothing with texts: here stand {} and {}",
                                 symbol_of(verb), kind_of(left), kind_of(right)));
  std::string cure;
  if (verb == Operator::subtract && is<Timestamp>(left) && is<Interval>(right))
    cure = "; add the negative interval instead: time + (-1 * interval)";
  else if (is<Timestamp>(left) && is<Timestamp>(right))
    cure = "; timestamps can be subtracted and compared";
  else if (is_number(left) && is<Vector>(right) && verb != Operator::divide)
    cure = "; put the vector first";
  return wrong(at, fmt::format("there is no '{}' for {} and {}{}", symbol_of(verb), kind_of(left),
                               kind_of(right), cure));
}

Checked<Value> vectors(Operator verb, const Vector& left, const Value& right, std::size_t at) {
  Vector out;
  const auto* other = std::get_if<Vector>(&right);
  if (other != nullptr && other->size() != left.size() && other->size() != 1)
    return wrong(at, fmt::format("'{}' needs two vectors of one length; here are {} and {}",
                                 symbol_of(verb), kind_of(Value(left)), kind_of(right)));
  const bool each = other != nullptr && other->size() == left.size();
  const double one = each ? 0 : TRY(number_of(right, at, side(verb, "right")));
  for (std::size_t i = 0; i < left.size(); ++i)
    out.push_back(TRY(compute(verb, left[i], each ? (*other)[i] : one, at)));
  return Value(std::move(out));
}

Checked<Value> with_times(Operator verb, const Value& left, const Value& right, std::size_t at) {
  const auto* interval = std::get_if<Interval>(&left);
  const auto* other = std::get_if<Interval>(&right);
  const bool additive = verb == Operator::add || verb == Operator::subtract;
  if (interval != nullptr && other != nullptr && additive) {
    const std::int64_t sign = verb == Operator::add ? 1 : -1;
    return Value(Interval{TRY(bounded(interval->ticks + sign * other->ticks, at))});
  }
  const auto* from = std::get_if<Timestamp>(&left);
  const auto* to = std::get_if<Timestamp>(&right);
  if (verb == Operator::add && interval != nullptr && to != nullptr)
    return Value(Timestamp{TRY(bounded(interval->ticks + to->ticks, at))});
  if (verb == Operator::add && from != nullptr && other != nullptr)
    return Value(Timestamp{TRY(bounded(from->ticks + other->ticks, at))});
  if (verb == Operator::subtract && from != nullptr && to != nullptr)
    return Value(Interval{TRY(bounded(from->ticks - to->ticks, at))});
  if (interval != nullptr && is_number(right) && !additive) {
    const double factor = TRY(number_of(right, at, side(verb, "right")));
    if (verb == Operator::multiply) return Value(TRY(scaled(*interval, factor, at)));
    if (factor == 0) return wrong(at, "a time interval is divided by zero");
    return Value(TRY(scaled(*interval, 1 / factor, at)));
  }
  if (other != nullptr && is_number(left) && verb == Operator::multiply)
    return Value(TRY(scaled(*other, TRY(number_of(left, at, side(verb, "left"))), at)));
  return no_such(verb, left, right, at);
}

Checked<Value> arithmetic(Operator verb, const Value& left, const Value& right, std::size_t at) {
  if (is<Interval>(left) || is<Interval>(right) || is<Timestamp>(left) || is<Timestamp>(right))
    return with_times(verb, left, right, at);
  const bool number_left = is_number(left);
  const bool number_right = is_number(right);
  if (const auto* vector = std::get_if<Vector>(&left);
      vector != nullptr && (is<Vector>(right) || number_right)) {
    // A single value meets a longer vector as a number, for which the table has no operator.
    if (number_left && is<Vector>(right) && !number_right) return no_such(verb, left, right, at);
    return vectors(verb, *vector, right, at);
  }
  if (!number_left || !number_right) return no_such(verb, left, right, at);
  return Value(TRY(compute(verb, TRY(number_of(left, at, side(verb, "left"))),
                           TRY(number_of(right, at, side(verb, "right"))), at)));
}

template <class T>
bool holds(Operator verb, const T& left, const T& right) {
  switch (verb) {
    case Operator::less:
      return left < right;
    case Operator::less_equal:
      return left <= right;
    case Operator::greater:
      return left > right;
    case Operator::greater_equal:
      return left >= right;
    case Operator::equal:
      return left == right;
    default:
      return left != right;
  }
}

template <class T>
std::optional<bool> compared(Operator verb, const Value& left, const Value& right) {
  if (!is<T>(left) || !is<T>(right)) return std::nullopt;
  return holds(verb, std::get<T>(left), std::get<T>(right));
}

Checked<Value> comparison(Operator verb, const Value& left, const Value& right, std::size_t at) {
  std::optional<bool> found = compared<std::string>(verb, left, right);
  if (!found) found = compared<Timestamp>(verb, left, right);
  if (!found) found = compared<Interval>(verb, left, right);
  const bool equality = verb == Operator::equal || verb == Operator::not_equal;
  if (!found && equality && is<Option>(left) && is<Option>(right))
    found = (std::get<Option>(left) == std::get<Option>(right)) == (verb == Operator::equal);
  if (!found && is_number(left) && is_number(right))
    found = holds(verb, TRY(number_of(left, at, "")), TRY(number_of(right, at, "")));
  if (!found)
    return wrong(at, fmt::format("'{}' compares two values of one type; here are {} and {}",
                                 symbol_of(verb), kind_of(left), kind_of(right)));
  return Value(*found ? 1.0 : 0.0);
}

}  // namespace

Checked<Interval> scaled(Interval interval, double factor, std::size_t at) {
  const double ticks = static_cast<double>(interval.ticks) * factor;
  if (!(std::abs(ticks) <= static_cast<double>(ticks_max)))
    return wrong(at, "the time interval is thousands of years long");
  return Interval{std::llround(ticks)};
}

Checked<Value> apply(Operator verb, const Value& left, const Value& right, std::size_t at) {
  return verb <= Operator::divide ? arithmetic(verb, left, right, at)
                                  : comparison(verb, left, right, at);
}

Checked<Value> apply(Operator verb, const Value& operand, std::size_t at) {
  if (const auto* interval = std::get_if<Interval>(&operand);
      interval != nullptr && verb == Operator::minus)
    return Value(Interval{-interval->ticks});
  if (!is_number(operand))
    return wrong(at, fmt::format("there is no '{}' for {}", symbol_of(verb), kind_of(operand)));
  const double number = TRY(number_of(operand, at, "the operand"));
  return Value(verb == Operator::minus ? -number : (number == 0 ? 1.0 : 0.0));
}

}  // namespace batchyard::formula
