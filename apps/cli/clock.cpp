#include "apps/cli/clock.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"

namespace batchyard::cli {

int clock(ApiClient& api, const ClockOptions& options) {
  constexpr const char* path = "/batchyard/clock";
  boost::json::object move;
  if (!options.advance.empty()) move["advance"] = options.advance;
  if (!options.to.empty()) move["to"] = options.to;
  const Result<boost::json::value> reading = move.empty() ? api.get(path) : api.post(path, move);
  if (!reading) return report(reading.error());
  fmt::print("{} {}\n", std::string_view(reading->at("now").as_string()),
             std::string_view(reading->at("mode").as_string()));
  return ExitCode::done;
}

}  // namespace batchyard::cli
