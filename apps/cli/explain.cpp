#include "apps/cli/explain.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "apps/cli/exit_code.h"
#include "apps/cli/kinds.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view explained_kinds[] = {"pool", "node", "job", "task", "schedule"};

std::string member_text(const json::value& entity, std::string_view name) {
  const json::value* found = entity.as_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// "task/j1/t1" as the words that explain it.
std::string command_for(const std::string& entity) {
  std::string words = "batchyard explain";
  for (const std::string_view part : split(entity, '/')) words += " " + std::string(part);
  return words;
}

void print_reason(const json::value& reason) {
  fmt::print("{} {}\n", paint(member_text(reason, "code"), Colour::bold),
             member_text(reason, "message"));
  if (const std::string cure = member_text(reason, "cure"); !cure.empty())
    fmt::print("  {} {}\n", paint("cure:", Colour::green), cure);
  if (const std::string entity = member_text(reason, "entity"); !entity.empty())
    fmt::print("  {} {}\n", paint("see:", Colour::dim), command_for(entity));
}

void print_explanation(const json::value& explanation) {
  fmt::print("{}\n", member_text(explanation, "summary"));
  const json::object& members = explanation.as_object();
  if (const json::array& reasons = members.at("reasons").as_array(); !reasons.empty()) {
    fmt::print("\n");
    for (const json::value& reason : reasons) print_reason(reason);
  }
  if (const json::array& next = members.at("next").as_array(); !next.empty()) {
    fmt::print("\n{}\n", paint("What comes by itself", Colour::bold));
    for (const json::value& one : next)
      fmt::print("  {}  {}\n", member_text(one, "time"), member_text(one, "what"));
  }
  if (const json::value* phases = members.if_contains("phases")) {
    Table way{.head = {"ON ITS WAY", "FROM", "TOOK"}, .rows = {}};
    for (const json::value& phase : phases->as_array()) {
      const std::string took = member_text(phase, "took");
      way.rows.push_back({member_text(phase, "what"), member_text(phase, "from"),
                          took.empty() ? "goes on" : took});
    }
    fmt::print("\n{}", way.text());
  }
  Table table{.head = {"WHEN", "WHAT", "STATE", "BY", "DETAIL"}, .rows = {}, .state_column = 2};
  for (const json::value& event : members.at("history").as_array())
    table.rows.push_back({member_text(event, "time"), member_text(event, "what"),
                          member_text(event, "state"), member_text(event, "by"),
                          member_text(event, "detail")});
  if (!table.rows.empty()) fmt::print("\n{}", table.text());
}

}  // namespace

int explain(ApiClient& api, const std::string& kind_name, const std::vector<std::string>& names,
            Output output) {
  const Listing* kind = find_kind(kind_name);
  if (kind == nullptr ||
      std::ranges::find(explained_kinds, kind->singular) == std::end(explained_kinds)) {
    fmt::print(stderr,
               "batchyard: '{}' cannot be explained: give pool POOL, node POOL NODE, job JOB, task "
               "JOB TASK or schedule SCHEDULE\n",
               kind_name);
    return ExitCode::usage;
  }
  if (names.size() != parents_of(*kind) + 1) {
    fmt::print(stderr, "batchyard: give {}\n", usage_of(*kind));
    return ExitCode::usage;
  }
  std::string path = "/batchyard/explain/" + std::string(kind->singular);
  for (const std::string& name : names) path += "/" + percent_encode(name);
  const Result<json::value> explanation = api.get(path);
  if (!explanation) return report(explanation.error());
  if (output == Output::json)
    fmt::print("{}\n", json::serialize(*explanation));
  else
    print_explanation(*explanation);
  return ExitCode::done;
}

}  // namespace batchyard::cli
