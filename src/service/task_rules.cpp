#include "service/task_rules.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// Of the ids together, and of the ranges together, as they are stored.
constexpr std::size_t dependencies_length_max = 64'000;
// Not documented: as many as an application has.
constexpr std::size_t task_packages_max = 40;

const json::object* object_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

const json::array& list_at(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* found = object.if_contains(name);
  return found == nullptr ? none : found->get_array();
}

std::int32_t number_at(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::int32_t>();
}

// `start` and `end` of an element of `list`.
Result<TaskRange> range_at(const json::object& object, std::string_view list, std::size_t index) {
  const TaskRange range{number_at(object, "start"), number_at(object, "end")};
  if (range.first > range.last)
    return bad_property(fmt::format("{}[{}].end", list, index), std::to_string(range.last),
                        fmt::format("It must not be less than start, which is {}.", range.first));
  return range;
}

Result<std::optional<DependsOn>> depends_on(const json::object& task) {
  const json::object* given = object_at(task, "dependsOn");
  if (given == nullptr) return std::nullopt;
  DependsOn on;
  std::size_t length = 0;
  std::set<std::string> seen;
  for (const json::value& id : list_at(*given, "taskIds")) {
    const std::string_view text = id.get_string();
    TRY(check_id(text, fmt::format("dependsOn.taskIds[{}]", on.ids.size())));
    length += text.size() + 1;
    if (seen.insert(fold(text)).second) on.ids.emplace_back(text);
  }
  if (length > dependencies_length_max)
    return refusal(
        "TaskDependencyListTooLong",
        fmt::format("The ids that the task depends on have {} characters in all; at most "
                    "{} are allowed. Use taskIdRanges, or a task in between.",
                    length, dependencies_length_max),
        {{"PropertyName", "dependsOn.taskIds"}});
  length = 0;
  for (const json::value& one : list_at(*given, "taskIdRanges")) {
    on.ranges.push_back(
        TRY(range_at(one.get_object(), "dependsOn.taskIdRanges", on.ranges.size())));
    length += fmt::formatted_size("{}-{},", on.ranges.back().first, on.ranges.back().last);
  }
  if (length > dependencies_length_max)
    return refusal("TaskDependencyRangesTooLong",
                   fmt::format("The ranges that the task depends on have {} characters in all; at "
                               "most {} are allowed. Use wider ranges, or a task in between.",
                               length, dependencies_length_max),
                   {{"PropertyName", "dependsOn.taskIdRanges"}});
  if (on.ids.empty() && on.ranges.empty()) return std::nullopt;
  return on;
}

ExitOptions options_of(const json::object& options) {
  ExitOptions read;
  if (const json::value* action = options.if_contains("jobAction"))
    read.job_action =
        same_folded(std::string_view(action->get_string()), "terminate") ? JobAction::terminate
        : same_folded(std::string_view(action->get_string()), "disable") ? JobAction::disable
                                                                         : JobAction::none;
  if (const json::value* action = options.if_contains("dependencyAction"))
    read.satisfies = same_folded(std::string_view(action->get_string()), "satisfy");
  return read;
}

std::optional<ExitOptions> options_at(const json::object& object, std::string_view name) {
  const json::object* options = object_at(object, name);
  return options == nullptr ? std::nullopt : std::optional(options_of(*options));
}

Result<std::optional<ExitRules>> exit_rules(const json::object& task) {
  const json::object* given = object_at(task, "exitConditions");
  if (given == nullptr || given->empty()) return std::nullopt;
  ExitRules rules;
  for (const json::value& one : list_at(*given, "exitCodes")) {
    const json::object& code = one.get_object();
    const std::int32_t number = number_at(code, "code");
    rules.codes.push_back({number, number, options_of(code.at("exitOptions").get_object())});
  }
  std::size_t index = 0;
  for (const json::value& one : list_at(*given, "exitCodeRanges")) {
    const json::object& codes = one.get_object();
    const TaskRange range = TRY(range_at(codes, "exitConditions.exitCodeRanges", index++));
    rules.codes.push_back(
        {range.first, range.last, options_of(codes.at("exitOptions").get_object())});
  }
  rules.pre_processing = options_at(*given, "preProcessingError");
  rules.file_upload = options_at(*given, "fileUploadError");
  rules.otherwise = options_at(*given, "default");
  return rules;
}

// A node's affinity id and a task's say the same: which node.
std::string affinity(const json::object& task) {
  static constexpr std::string_view prefix = "TVM:";
  const json::object* given = object_at(task, "affinityInfo");
  const json::value* id = given == nullptr ? nullptr : given->if_contains("affinityId");
  if (id == nullptr) return {};
  const std::string_view text = id->get_string();
  return text.starts_with(prefix) ? std::string(text.substr(prefix.size())) : std::string();
}

Result<std::vector<PackageReference>> packages(const json::object& task) {
  std::vector<PackageReference> references;
  const json::array& list = list_at(task, "applicationPackageReferences");
  if (list.size() > task_packages_max)
    return bad_property(
        "applicationPackageReferences", std::to_string(list.size()),
        fmt::format("A task can refer to at most {} application packages.", task_packages_max));
  for (const json::value& one : list) {
    const json::value* version = one.get_object().if_contains("version");
    references.push_back(
        {ApplicationId::trusted(std::string_view(one.at("applicationId").as_string())),
         PackageVersion::trusted(version == nullptr ? std::string_view()
                                                    : std::string_view(version->as_string()))});
  }
  return references;
}

}  // namespace

Result<std::optional<TaskRules>> task_rules_of(const json::object& task) {
  TaskRules rules;
  rules.depends_on = TRY(depends_on(task));
  rules.exits = TRY(exit_rules(task));
  rules.affinity = affinity(task);
  rules.packages = TRY(packages(task));
  if (!rules.depends_on && !rules.exits && rules.affinity.empty() && rules.packages.empty())
    return std::nullopt;
  return rules;
}

}  // namespace batchyard::service
