#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace batchyard {

void fail_check(std::string_view what, std::source_location where) {
  std::fprintf(stderr, "batchyard: check failed at %s:%u: %.*s\n", where.file_name(), where.line(),
               static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace batchyard
