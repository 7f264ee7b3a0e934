// What Batchyard has beside the API: paths under /batchyard/, signed like every other.
#include <fmt/format.h>

#include "api/operations.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

// '*' stands for any verb, or any one part of a path; "**", at a path's end, for any parts, at
// least one.
struct Service::Extension {
  std::string_view method;
  std::string_view path;
  Handler handler;
};

// The first that fits is taken.
std::span<const Service::Extension> Service::extensions() {
  static constexpr Extension all[] = {
      {"GET", "/batchyard/events", &Service::follow_events},
      {"GET", "/batchyard/history/**", &Service::show_past},
      {"GET", "/batchyard/explain/**", &Service::explain_entity},
      {"GET", "/batchyard/clock", &Service::read_clock},
      {"POST", "/batchyard/clock", &Service::move_clock},
      {"*", "/batchyard/applications", &Service::operate_packages},
      {"*", "/batchyard/applications/**", &Service::operate_packages},
      {"*", "/batchyard/uploads", &Service::operate_packages},
      {"*", "/batchyard/uploads/**", &Service::operate_packages},
      {"*", "/batchyard/extensions", &Service::operate_handlers},
      {"*", "/batchyard/extensions/**", &Service::operate_handlers},
      {"*", "/batchyard/images", &Service::operate_images},
      {"*", "/batchyard/images/**", &Service::operate_images},
      {"*", "/batchyard/bindings", &Service::operate_images},
      {"*", "/batchyard/bindings/**", &Service::operate_images},
      {"GET", "/batchyard/pools/*/findings", &Service::show_findings},
      {"*", "/batchyard/pools/*/faults", &Service::operate_hardware},
      {"*", "/batchyard/pools/*/faults/**", &Service::operate_hardware},
      {"*", "/batchyard/pools/*/hardware", &Service::operate_hardware},
      {"*", "/batchyard/pools/*/*/*/hardware", &Service::operate_hardware},
      {"*", "/batchyard/jobs/*/*/*/hardware", &Service::operate_hardware},
      {"*", "/batchyard/pools/**", &Service::operate},
      {"*", "/batchyard/whole/**", &Service::operate_whole},
  };
  return all;
}

namespace {

bool fits(std::string_view pattern, std::string_view path) {
  const std::vector<std::string_view> wanted = split(pattern, '/');
  const std::vector<std::string_view> given = split(path, '/');
  const bool open_end = wanted.back() == "**";
  if (open_end ? given.size() < wanted.size() : given.size() != wanted.size()) return false;
  for (std::size_t at = 0; at < wanted.size() - (open_end ? 1 : 0); ++at) {
    if (wanted[at] != "*" && wanted[at] != given[at]) return false;
  }
  return true;
}

}  // namespace

std::vector<Service::RouteFacts> Service::routes() {
  std::vector<RouteFacts> all;
  for (const Extension& one : extensions())
    all.push_back({std::string(one.method), std::string(one.path)});
  for (const api::OperationFacts& one : api::operations())
    all.push_back({std::string(one.method), std::string(one.path)});
  return all;
}

void Service::extension(Call call) {
  const std::string_view path = call.raw_path();
  // Their answers are in the newest version's words unless the caller names one.
  call.version = api::newest;
  if (const std::string_view named = call.query_value("api-version"); !named.empty()) {
    const Result<api::Version> version = api::parse_version(named);
    if (!version) return answer_error(call, version.error());
    call.version = *version;
  }
  for (const Extension& one : extensions()) {
    if ((one.method == "*" || one.method == call.request.method) && fits(one.path, path))
      return (this->*one.handler)(std::move(call));
  }
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
