// What each operator does with values of each type.
#pragma once

#include "formula/syntax.h"
#include "formula/value.h"

namespace batchyard::formula {

// Every binary operator but && and ||, which may leave their right side alone.
Checked<Value> apply(Operator verb, const Value& left, const Value& right, std::size_t at);
Checked<Value> apply(Operator verb, const Value& operand, std::size_t at);

// A product or quotient that no interval can hold is a fault.
Checked<Interval> scaled(Interval interval, double factor, std::size_t at);

}  // namespace batchyard::formula
