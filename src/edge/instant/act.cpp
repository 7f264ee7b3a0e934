#include "edge/instant/act.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>

#include "base/text.h"

namespace batchyard::instant {

namespace {

std::optional<std::string> variable(const std::vector<std::string>& environment,
                                    const std::string& name) {
  const std::string start = name + "=";
  for (const std::string& one : environment) {
    if (one.starts_with(start)) return one.substr(start.size());
  }
  return std::nullopt;
}

std::unexpected<Error> unreadable(const std::string& name, std::string_view value,
                                  std::string_view cure) {
  return fail(Kind::invalid, "CommandLaunchFailed",
              fmt::format("{} is '{}': {}", name, value, cure));
}

// This run's value of a list.
std::string value_of(std::string_view list, std::size_t run) {
  const std::vector<std::string_view> values = split(list, ',');
  return std::string(trim(values[std::min(run, values.size() - 1)]));
}

Result<std::map<std::string, std::string>> files_of(const std::string& name,
                                                    const std::string& text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  std::map<std::string, std::string> files;
  if (error || !value.is_object())
    return unreadable(name, text, R"(give a JSON object of texts: {"out.txt": "42"})");
  for (const auto& member : value.get_object()) {
    const std::string_view path = member.key();
    const std::vector<std::string_view> parts = split(path, '/');
    const bool leads_out = std::ranges::any_of(
        parts, [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
    if (leads_out || !member.value().is_string())
      return unreadable(name, path,
                        "give texts, under paths that stay below the working directory");
    files.emplace(path, member.value().get_string());
  }
  return files;
}

}  // namespace

Result<Act> read_act(const std::vector<std::string>& environment,
                     const std::vector<std::string>& arguments, bool coordination,
                     std::size_t run) {
  const std::string prefix =
      coordination ? "BATCHYARD_SIM_COORDINATION_" : std::string("BATCHYARD_SIM_");
  Act act;
  const auto read = [&](const char* what) { return variable(environment, prefix + what); };
  if (const std::optional<std::string> text = read("DURATION")) {
    const std::optional<Duration> duration = parse_duration(value_of(*text, run));
    if (!duration)
      return unreadable(prefix + "DURATION", *text, "give an ISO 8601 duration, PT5S, or a list");
    act.duration = *duration;
  }
  if (const std::optional<std::string> text = read("EXIT_CODE")) {
    const std::optional<std::int64_t> code = parse_integer(value_of(*text, run));
    if (!code || *code < INT32_MIN || *code > INT32_MAX)
      return unreadable(prefix + "EXIT_CODE", *text, "give a whole number, or a list");
    act.exit_code = static_cast<std::int32_t>(*code);
  }
  if (const std::optional<std::string> text = read("START_FAILURE")) {
    const std::string word = fold(value_of(*text, run));
    if (word != "none" && word != "notfound" && word != "launch")
      return unreadable(prefix + "START_FAILURE", *text, "give none, notfound, launch, or a list");
    if (word != "none") act.start_error = word == "notfound" ? ENOENT : EACCES;
  }
  act.out = read("STDOUT").value_or(coordination ? std::string() : join(arguments, " ") + "\n");
  act.error = read("STDERR").value_or("");
  if (const std::optional<std::string> text = read("FILES"))
    act.files = TRY(files_of(prefix + "FILES", *text));
  return act;
}

}  // namespace batchyard::instant
