// What Batchyard has beside the API: paths under /batchyard/, signed like every other.
#include <fmt/format.h>

#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

void Service::extension(Call call) {
  const std::string_view path = call.raw_path();
  // Their answers are in the newest version's words unless the caller names one.
  call.version = api::newest;
  if (const std::string_view named = call.query_value("api-version"); !named.empty()) {
    const Result<api::Version> version = api::parse_version(named);
    if (!version) return answer_error(call, version.error());
    call.version = *version;
  }
  if (call.request.method == "GET" && path == "/batchyard/events")
    return follow_events(std::move(call));
  if (call.request.method == "GET" && path.starts_with("/batchyard/history/"))
    return show_past(std::move(call));
  if (call.request.method == "GET" && path.starts_with("/batchyard/explain/"))
    return explain_entity(std::move(call));
  if (path == "/batchyard/clock") {
    if (call.request.method == "GET") return read_clock(std::move(call));
    if (call.request.method == "POST") return move_clock(std::move(call));
  }
  if (path == "/batchyard/applications" || path.starts_with("/batchyard/applications/") ||
      path == "/batchyard/uploads" || path.starts_with("/batchyard/uploads/"))
    return operate_packages(std::move(call));
  const std::string_view folder = split(path, '/')[2];
  if (folder == "extensions") return operate_handlers(std::move(call));
  if (folder == "images" || folder == "bindings") return operate_images(std::move(call));
  if (call.request.method == "GET" && path.starts_with("/batchyard/pools/") &&
      path.ends_with("/findings") && split(path, '/').size() == 5)
    return show_findings(std::move(call));
  if (path.starts_with(whole_path)) return operate_whole(std::move(call));
  const std::vector<std::string_view> parts = split(path, '/');
  const bool of_hardware = parts.size() > 4 && (parts[2] == "pools" || parts[2] == "jobs") &&
                           (parts[4] == "faults" || (parts.size() == 5 && parts[4] == "hardware") ||
                            (parts.size() == 7 && parts[6] == "hardware"));
  if (of_hardware) return operate_hardware(std::move(call));
  if (path.starts_with("/batchyard/pools/")) return operate(std::move(call));
  answer_error(
      call, refusal("InvalidUri",
                    fmt::format("The requested URI does not represent any resource on the server: "
                                "{} {}. Under /batchyard/ there are GET events, GET "
                                "history/KIND/ID (docs/events.md), GET explain/KIND/ID "
                                "(docs/explain.md), GET and POST clock "
                                "(docs/testing.md), GET pools/ID/findings (docs/lint.md), POST "
                                "pools/ID/nodes/ID/preempt, "
                                "applications and uploads (docs/operate.md), images and bindings "
                                "(docs/images.md), extensions (docs/extensions.md), "
                                "pools/ID/faults, and GET hardware of pools, nodes and tasks "
                                "(docs/hardware.md).",
                                call.request.method, path))
                .error());
}

}  // namespace batchyard::service
