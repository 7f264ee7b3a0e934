#include "api/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::api {

namespace {

// The parts of a path template: "/jobs/{jobId}/files/{filePath}" is jobs, {jobId}, files,
// {filePath}.
template <class Name>
struct Route {
  const Facts<Name>* facts;
  std::vector<std::string_view> parts;
  bool takes_rest;
};

template <class Name>
std::vector<Route<Name>> routes_of(std::span<const Facts<Name>> operations) {
  std::vector<Route<Name>> made;
  for (const Facts<Name>& facts : operations)
    made.push_back({&facts, split(facts.path.substr(1), '/'), facts.path.ends_with("{filePath}")});
  return made;
}

// "(thumbprintAlgorithm={a},thumbprint={b})" and the like: the parts between the braces of the
// template.
bool match_part(std::string_view pattern, std::string_view part,
                std::vector<std::string>& parameters) {
  while (true) {
    const std::size_t open = pattern.find('{');
    const std::string_view fixed = pattern.substr(0, open);
    if (part.size() < fixed.size() || !same_folded(part.substr(0, fixed.size()), fixed))
      return false;
    part.remove_prefix(fixed.size());
    if (open == std::string_view::npos) return part.empty();
    const std::size_t close = pattern.find('}', open);
    pattern.remove_prefix(close + 1);
    const std::size_t end = pattern.empty() ? part.size() : part.find(pattern.front());
    if (end == std::string_view::npos || end == 0) return false;
    std::optional<std::string> decoded = percent_decode(part.substr(0, end));
    if (!decoded) return false;
    parameters.push_back(*std::move(decoded));
    part.remove_prefix(end);
  }
}

template <class Name>
bool match_route(const Route<Name>& route, const std::vector<std::string_view>& parts,
                 std::string_view path, std::vector<std::string>& parameters) {
  const std::size_t count = route.parts.size();
  if (route.takes_rest ? parts.size() < count : parts.size() != count) return false;
  const std::size_t fixed = route.takes_rest ? count - 1 : count;
  for (std::size_t at = 0; at < fixed; ++at) {
    if (!match_part(route.parts[at], parts[at], parameters)) return false;
  }
  if (!route.takes_rest) return true;
  const std::string_view rest =
      path.substr(static_cast<std::size_t>(parts[fixed].data() - path.data()));
  std::optional<std::string> decoded = percent_decode(rest);
  if (!decoded || decoded->empty()) return false;
  parameters.push_back(*std::move(decoded));
  return true;
}

template <class Name>
std::optional<MatchOf<Name>> match_of(const std::vector<Route<Name>>& routes,
                                      std::string_view method, std::string_view raw_path) {
  if (!raw_path.starts_with('/')) return std::nullopt;
  const std::vector<std::string_view> parts = split(raw_path.substr(1), '/');
  bool path_known = false;
  std::vector<std::string> parameters;
  for (const Route<Name>& route : routes) {
    if (path_known && route.facts->method != method) continue;
    parameters.clear();
    if (!match_route(route, parts, raw_path, parameters)) continue;
    if (route.facts->method == method) return MatchOf<Name>{route.facts, std::move(parameters)};
    path_known = true;
  }
  return path_known ? std::optional<MatchOf<Name>>(MatchOf<Name>()) : std::nullopt;
}

std::optional<Version> find_version(std::span<const VersionFacts> versions, std::string_view text) {
  const auto found = std::ranges::find(versions, text, &VersionFacts::text);
  if (found == versions.end()) return std::nullopt;
  return Version{found->shape, found->old_slots};
}

}  // namespace

Result<Version> parse_version(std::string_view text) {
  if (text.empty())
    return refusal(
        "MissingRequiredQueryParameter",
        "A query parameter that's mandatory for this request is not specified: api-version.",
        {{"QueryParameterName", "api-version"},
         {"Reason",
          fmt::format("Add api-version, for example api-version={}.", versions().back().text)}});
  if (const std::optional<Version> found = find_version(versions(), text)) return *found;
  std::string known;
  for (const VersionFacts& version : versions())
    known += (known.empty() ? "" : ", ") + std::string(version.text);
  return refusal("UnsupportedRequestVersion",
                 "The specified api-version is not supported. Use one of: " + known + ".",
                 {{"QueryParameterName", "api-version"},
                  {"QueryParameterValue", std::string(text)},
                  {"Reason", "Supported versions: " + known}});
}

std::optional<Version> find_arm_version(std::string_view text) {
  return find_version(arm_versions(), text);
}

const Member* member_named(const ModelSchema& schema, Version version, std::string_view name) {
  if (version.old_slots && name == new_slots_name) return nullptr;
  const Member* member =
      schema.find(version.old_slots && name == old_slots_name ? new_slots_name : name);
  return member != nullptr && (member->in & version.mask()) != 0 ? member : nullptr;
}

std::optional<Match> match(std::string_view method, std::string_view raw_path) {
  static const std::vector<Route<Operation>> routes = routes_of(operations());
  return match_of(routes, method, raw_path);
}

std::optional<ArmMatch> match_arm(std::string_view method, std::string_view raw_path) {
  static const std::vector<Route<ArmOperation>> routes = routes_of(arm_operations());
  return match_of(routes, method, raw_path);
}

}  // namespace batchyard::api
