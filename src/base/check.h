// Our own mistakes. A check stays on in release builds: a broken invariant stops the process,
// because everything that was acknowledged is on disk and a restart is safe, while going on with a
// wrong state is not.
#pragma once

#include <source_location>
#include <string_view>

namespace batchyard {

// Ends the process with the place and the text on standard error. Never returns.
[[noreturn]] void fail_check(std::string_view what, std::source_location where);

inline void check(bool holds, std::string_view what,
                  std::source_location where = std::source_location::current()) {
  if (!holds) [[unlikely]]
    fail_check(what, where);
}

}  // namespace batchyard
