// Which route a request takes: of the contract, or of what clients need around it.
#include <fmt/format.h>

#include "arm/codes.h"
#include "arm/place.h"
#include "base/text.h"
#include "signing/signing.h"

namespace batchyard::arm {

namespace {

using api::ArmOperation;

std::string known_versions() {
  std::string known;
  for (const api::VersionFacts& version : api::arm_versions())
    known += (known.empty() ? "" : ", ") + std::string(version.text);
  return known;
}

Result<api::Version> version_of(std::string_view text) {
  if (text.empty())
    return refuse("MissingApiVersionParameter",
                  fmt::format("The api-version query parameter (?api-version=) is required for all "
                              "requests. Add it, for example api-version={}.",
                              api::arm_versions().back().text));
  if (const std::optional<api::Version> found = api::find_arm_version(text)) return *found;
  return refuse("InvalidApiVersionParameter",
                fmt::format("The api-version '{}' is invalid. The supported versions are '{}'.",
                            text, known_versions()));
}

// Whether a path has that form; its parts in braces are kept.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& parameters) {
  const std::vector<std::string_view> wanted = split(pattern, '/');
  const std::vector<std::string_view> given = split(path, '/');
  if (wanted.size() != given.size()) return false;
  parameters.clear();
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    if (wanted[at].starts_with('{')) {
      std::optional<std::string> decoded = percent_decode(given[at]);
      if (!decoded || decoded->empty()) return false;
      parameters.push_back(*std::move(decoded));
    } else if (!same_folded(wanted[at], given[at])) {
      return false;
    }
  }
  return true;
}

std::string_view without_slash(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// What a verb of HTTP does; the contract's POSTs all change something or give keys away, but for
// one that asks about a name.
Verb verb_of(const api::ArmOperationFacts& facts) {
  const bool reads =
      facts.method == "GET" || facts.operation == ArmOperation::Location_CheckNameAvailability;
  return reads ? Verb::read : Verb::write;
}

}  // namespace

std::vector<Management::RouteFacts> Management::routes() {
  std::vector<RouteFacts> all;
  for (const std::span<const Place> some : {places(), deployment_places()}) {
    for (const Place& place : some)
      all.push_back({std::string(place.method), std::string(place.path)});
  }
  for (const api::ArmOperationFacts& facts : api::arm_operations())
    all.push_back({std::string(facts.method), std::string(facts.path)});
  return all;
}

Result<Management::Route> Management::route_of(Call& call) const {
  if (!site_.identity_path.empty() &&
      equal_in_constant_time(without_slash(call.path()), site_.identity_path))
    return Route{&Management::give_identity_token, Verb::read, Guard::open};
  bool known = false;
  for (const std::span<const Place> some : {places(), deployment_places()}) {
    for (const Place& place : some) {
      if (!fits(place.path, without_slash(call.path()), call.parameters)) continue;
      if (place.method == call.request.method) return Route{place.handler, place.verb, place.guard};
      known = true;
    }
  }
  if (!known) return route_of_contract(call);
  return arm::refuse("MethodNotAllowed",
                     fmt::format("The path {} is there, but not with the verb {}.", call.path(),
                                 call.request.method));
}

Result<Management::Route> Management::route_of_contract(Call& call) const {
  std::optional<api::ArmMatch> match =
      api::match_arm(call.request.method, without_slash(call.path()));
  if (!match)
    return arm::refuse(
        "InvalidResourceType",
        fmt::format("The path {} names no resource that is known here. There are Microsoft.Batch, "
                    "subscriptions, resource groups and providers.",
                    call.path()));
  call.version = TRY(version_of(call.version_text));
  if (match->facts == nullptr)
    return arm::refuse("MethodNotAllowed",
                       fmt::format("The path {} is there, but not with the verb {}.", call.path(),
                                   call.request.method));
  if ((match->facts->in & call.version.mask()) == 0)
    return arm::refuse("InvalidResourceType", fmt::format("{} is not there in api-version {}.",
                                                          match->facts->name, call.version_text));
  call.parameters = std::move(match->parameters);
  call.body_required = match->facts->body_required;
  call.operation = match->facts->operation;
  return Route{
      handler_of(match->facts->operation), verb_of(*match->facts),
      match->facts->operation == ArmOperation::Operations_List ? Guard::known : Guard::resource};
}

}  // namespace batchyard::arm
