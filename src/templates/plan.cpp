// Which resources a template has, and in which order they go.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/members.h"
#include "templates/names.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

std::string shown_place(std::string_view parent, std::string_view name) {
  return parent.empty() ? std::string(name) : fmt::format("{}/{}", parent, name);
}

}  // namespace

bool is_nested(const Resource& resource) {
  return same_folded(resource.type, "Microsoft.Resources/deployments");
}

Result<> Deployment::plan() {
  TRY(add_all(source_.at("resources"), "$.resources", {}));
  for (std::size_t at = 0; at < resources_.size(); ++at) TRY(add_dependencies(at));
  return find_order();
}

Result<> Deployment::add_all(const json::value& list, const std::string& where,
                             const Parent& parent) {
  if (list.is_object()) {
    for (const auto& one : list.get_object()) {
      const std::string here = path_below(where, std::string_view(one.key()));
      if (!one.value().is_object()) return at_path(here, wrong("A resource is an object.").error());
      TRY(add_loop(one.value().get_object(), here, std::string(one.key()), parent));
    }
    return Done();
  }
  if (!list.is_array()) return at_path(where, wrong("Resources are an array.").error());
  std::size_t at = 0;
  for (const json::value& one : list.get_array()) {
    const std::string here = path_below(where, at++);
    if (!one.is_object()) return at_path(here, wrong("A resource is an object.").error());
    TRY(add_loop(one.get_object(), here, {}, parent));
  }
  return Done();
}

// A resource with a copy loop stands for as many as its count says.
Result<> Deployment::add_loop(const json::object& source, const std::string& where,
                              const std::string& symbol, const Parent& parent) {
  Resource resource;
  resource.where = where;
  resource.symbol = symbol;
  resource.source = &source;
  resource.loops = parent.loops;
  const json::object* copy = object_in(source, "copy");
  if (copy == nullptr) return add_one(source, std::move(resource), parent);
  Names names(*this, Stage::plan);
  names.loops = parent.loops;
  const json::value* given = copy->if_contains("count");
  const json::value count =
      given == nullptr ? json::value()
                       : TRY(resolve(*given, names, Unknown::refuses, where + ".copy.count"));
  resource.loop = text_in(*copy, "name");
  if (resource.loop.empty() || !count.is_int64() || count.get_int64() < 0 ||
      count.get_int64() > static_cast<std::int64_t>(resources_max))
    return at_path(where + ".copy", wrong(fmt::format("A copy loop has a name and a count of 0 to "
                                                      "{}.",
                                                      resources_max))
                                        .error());
  resource.loops.push_back({.name = resource.loop, .index = 0, .of_resource = true});
  for (std::int64_t index = 0; index < count.get_int64(); ++index) {
    resource.loops.back().index = index;
    if (!symbol.empty()) resource.symbol = fmt::format("{}[{}]", symbol, index);
    TRY(add_one(source, resource, parent));
  }
  return Done();
}

Result<std::string> Deployment::text_of(const json::object& source, const char* member,
                                        const Resource& resource) {
  const json::value* given = source.if_contains(member);
  const std::string where = path_below(resource.where, std::string_view(member));
  if (given == nullptr)
    return at_path(resource.where,
                   wrong(fmt::format("The resource has no '{}'. Give it one.", member)).error());
  Names names(*this, Stage::plan);
  names.loops = resource.loops;
  const json::value value = TRY(resolve(*given, names, Unknown::refuses, where));
  if (value.is_string() && !value.get_string().empty()) return std::string(value.get_string());
  return at_path(where,
                 wrong(fmt::format("It is {}, and must be a text.", kind_name(value))).error());
}

Result<> Deployment::add_one(const json::object& source, Resource resource, const Parent& parent) {
  if (resources_.size() == resources_max)
    return wrong(fmt::format("The template has more than {} resources.", resources_max));
  for (const char* other : {"scope", "import", "extension", "subscriptionId", "resourceGroup"}) {
    if (source.contains(other))
      return at_path(path_below(resource.where, std::string_view(other)),
                     wrong(fmt::format("'{}' is not served here: everything is deployed to the "
                                       "resource group itself. Take it out.",
                                       other))
                         .error());
  }
  resource.existing = symbolic_ && true_in(source, "existing");
  if (const json::value* condition = source.if_contains("condition")) {
    Names names(*this, Stage::plan);
    names.loops = resource.loops;
    const std::string where = path_below(resource.where, "condition");
    const json::value holds = TRY(resolve(*condition, names, Unknown::refuses, where));
    if (!holds.is_bool())
      return at_path(where,
                     wrong(fmt::format("It is {}, and must be a bool.", kind_name(holds))).error());
    resource.skipped = !holds.get_bool();
  }
  resource.type = shown_place(parent.type, TRY(text_of(source, "type", resource)));
  resource.name = shown_place(parent.name, TRY(text_of(source, "name", resource)));
  if (!resource.existing || source.contains("apiVersion"))
    resource.api_version = TRY(text_of(source, "apiVersion", resource));
  const std::string group =
      fmt::format("/subscriptions/{}/resourceGroups/{}", facts_.subscription, facts_.group);
  const std::optional<std::string> id = id_below(group, resource.type, resource.name);
  if (!id)
    return at_path(path_below(resource.where, "name"),
                   wrong(fmt::format("The name '{}' has not as many parts as the type '{}' needs: "
                                     "one for each '/' in the type.",
                                     resource.name, resource.type))
                       .error());
  resource.id = *id;
  const Parent inner{resource.type, resource.name, resource.id, resource.loops};
  const std::string where = path_below(resource.where, "resources");
  resources_.push_back(std::move(resource));
  const json::value* children = source.if_contains("resources");
  return children == nullptr ? Result<>(Done()) : add_all(*children, where, inner);
}

// By its id, its name, its symbol or the loop it is of.
std::vector<std::size_t> Deployment::resources_named(std::string_view name) const {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < resources_.size(); ++at) {
    const Resource& one = resources_[at];
    const bool by_symbol =
        !one.symbol.empty() &&
        (one.symbol == name || one.symbol.substr(0, one.symbol.find('[')) == name);
    const bool by_loop = !one.loop.empty() && same_folded(one.loop, name);
    if (by_symbol || by_loop || same_folded(one.id, name) || same_folded(one.name, name) ||
        same_folded(one.type + "/" + one.name, name))
      found.push_back(at);
  }
  // A child may be called by the last part of its name, if nothing else is meant.
  for (std::size_t at = 0; found.empty() && at < resources_.size(); ++at) {
    const std::string& whole = resources_[at].name;
    if (same_folded(whole.substr(whole.rfind('/') + 1), name)) return {at};
  }
  return found;
}

Result<> Deployment::add_dependencies(std::size_t at) {
  const Resource& resource = resources_[at];
  Names names(*this, Stage::plan);
  names.loops = resource.loops;
  std::vector<std::size_t> after;
  if (const json::value* given = resource.source->if_contains("dependsOn")) {
    const std::string where = path_below(resource.where, "dependsOn");
    const json::value list = TRY(resolve(*given, names, Unknown::refuses, where));
    if (!list.is_array()) return at_path(where, wrong("It must be an array of texts.").error());
    std::size_t place = 0;
    for (const json::value& one : list.get_array()) {
      const std::string here = path_below(where, place++);
      if (!one.is_string()) return at_path(here, wrong("It must be a text.").error());
      const std::vector<std::size_t> found = resources_named(one.get_string());
      if (found.empty())
        return at_path(here, wrong(fmt::format("The resource '{}' is not defined in the template. "
                                               "What is there already needs no dependsOn.",
                                               std::string_view(one.get_string())))
                                 .error());
      after.insert(after.end(), found.begin(), found.end());
    }
  }
  // What a child lies in goes before it.
  for (std::size_t other = 0; other < resources_.size(); ++other) {
    const std::string& id = resources_[other].id;
    if (other != at && resource.id.size() > id.size() && resource.id[id.size()] == '/' &&
        same_folded(std::string_view(resource.id).substr(0, id.size()), id))
      after.push_back(other);
  }
  resources_[at].after = std::move(after);
  for (const auto& one : *resources_[at].source) {
    if (one.key() != "resources" && one.key() != "dependsOn") add_references(at, one.value());
  }
  std::erase(resources_[at].after, at);
  return Done();
}

// What is referred to goes before who refers to it.
void Deployment::add_references(std::size_t at, const json::value& value) {
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) add_references(at, one);
  } else if (value.is_object()) {
    for (const auto& one : value.get_object()) {
      if (!(is_nested(resources_[at]) && one.key() == "template")) add_references(at, one.value());
    }
  } else if (value.is_string() && is_expression(std::string_view(value.get_string()))) {
    if (const Result<Expression> parsed = parse_expression(value.get_string()))
      add_references(at, *parsed);
  }
}

void Deployment::add_references(std::size_t at, const Expression& expression) {
  if (const auto* access = std::get_if<Access>(&expression.node)) {
    add_references(at, *access->owner);
    return add_references(at, *access->key);
  }
  const auto* call = std::get_if<Call>(&expression.node);
  if (call == nullptr) return;
  for (const Expression& argument : call->arguments) add_references(at, argument);
  const Function* function = function_named(call->name);
  const bool refers =
      function != nullptr && (function->name == "reference" || function->name == "references" ||
                              function->name == "listKeys");
  if (!refers || call->arguments.empty()) return;
  Names names(*this, Stage::plan);
  names.loops = resources_[at].loops;
  const Result<json::value> target = evaluate(call->arguments[0], names);
  // In a loop of properties it is known later: there, dependsOn has to say it.
  if (!target || !target->is_string()) return;
  const std::vector<std::size_t> found = resources_named(target->get_string());
  resources_[at].after.insert(resources_[at].after.end(), found.begin(), found.end());
}

// As they are written, but for those that wait for others.
Result<> Deployment::find_order() {
  std::vector<Resource> ordered;
  std::vector<std::size_t> places(resources_.size(), resources_.size());
  while (ordered.size() < resources_.size()) {
    const std::size_t before = ordered.size();
    for (std::size_t at = 0; at < resources_.size(); ++at) {
      const auto is_placed = [&](std::size_t other) { return places[other] < resources_.size(); };
      if (is_placed(at) || !std::ranges::all_of(resources_[at].after, is_placed)) continue;
      places[at] = ordered.size();
      ordered.push_back(resources_[at]);
    }
    if (ordered.size() > before) continue;
    const auto stuck = std::ranges::find(places, resources_.size()) - places.begin();
    const Resource& one = resources_[static_cast<std::size_t>(stuck)];
    return at_path(one.where, wrong(fmt::format("The resource '{}' waits for itself, by dependsOn "
                                                "or by what it refers to.",
                                                one.name))
                                  .error());
  }
  for (Resource& one : ordered) {
    for (std::size_t& other : one.after) other = places[other];
  }
  for (std::size_t at = 0; at < ordered.size(); ++at) {
    for (std::size_t other = 0; other < at; ++other) {
      const bool twice = !ordered[at].existing && !ordered[other].existing &&
                         !ordered[at].skipped && !ordered[other].skipped;
      if (twice && same_folded(ordered[at].id, ordered[other].id))
        return at_path(ordered[at].where,
                       wrong(fmt::format("The resource '{}' is defined twice, here and at '{}'. "
                                         "Each is defined once.",
                                         ordered[at].id, ordered[other].where))
                           .error());
    }
  }
  resources_ = std::move(ordered);
  return Done();
}

}  // namespace batchyard::templates
