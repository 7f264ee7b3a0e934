// How large a formula may be.
#pragma once

#include <cstddef>

namespace batchyard::formula {

inline constexpr std::size_t length_max = 8192;     // characters (source: autoscale documentation)
inline constexpr std::size_t statements_max = 100;  // (same source)
// Of brackets and signs; ours: the parser goes into each.
inline constexpr int nesting_max = 100;
inline constexpr int depth_max = 400;  // of nesting; ours: evaluation must fit a thread's stack

}  // namespace batchyard::formula
