// Functions of what is outside of the template: where it is deployed, and the resources there.
#include <fmt/format.h>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/members.h"
#include "templates/names.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

using Fact = Result<json::value>;

// 20261124T093000Z is the published default; the letters of a pattern are those of .NET.
Result<std::string> time_text(Time now, std::string_view pattern) {
  const std::string iso = to_iso8601(now);  // 2026-11-24T09:30:00…
  if (pattern == "d") pattern = "MM/dd/yyyy";
  if (pattern == "u") pattern = "yyyy-MM-dd HH:mm:ssZ";
  if (pattern == "s") pattern = "yyyy-MM-ddTHH:mm:ss";
  struct Field {
    std::string_view letters;
    std::size_t at;
    std::size_t size;
  };
  constexpr Field fields[] = {{"yyyy", 0, 4}, {"yy", 2, 2},  {"MM", 5, 2}, {"dd", 8, 2},
                              {"HH", 11, 2},  {"mm", 14, 2}, {"ss", 17, 2}};
  std::string text;
  while (!pattern.empty()) {
    bool found = false;
    for (const Field& field : fields) {
      if (!pattern.starts_with(field.letters)) continue;
      text += iso.substr(field.at, field.size);
      pattern.remove_prefix(field.letters.size());
      found = true;
      break;
    }
    if (found) continue;
    if (std::string_view("yMdHhmsftzgK%'\"\\").contains(pattern.front()))
      return wrong(
          fmt::format("The template function 'utcNow' does not know '{}' in its format. "
                      "There are yyyy, yy, MM, dd, HH, mm and ss.",
                      pattern));
    text += pattern.front();
    pattern.remove_prefix(1);
  }
  return text;
}

Result<std::vector<std::string>> all_texts(const std::string& function,
                                           const json::array& arguments) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < arguments.size(); ++at)
    texts.push_back(TRY(Arguments(function, arguments).text(at)));
  return texts;
}

std::string first_parts(const std::vector<std::string>& texts, std::size_t from) {
  return join({texts.begin() + static_cast<std::ptrdiff_t>(from), texts.end()}, "/");
}

}  // namespace

std::optional<std::string> id_below(std::string_view scope, std::string_view type,
                                    std::string_view name) {
  const std::vector<std::string_view> types = split(type, '/');
  const std::vector<std::string_view> names = split(name, '/');
  if (types.size() != names.size() + 1 || types.size() < 2) return std::nullopt;
  std::string id = fmt::format("{}/providers/{}", scope, types[0]);
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (names[at].empty() || types[at + 1].empty()) return std::nullopt;
    id += fmt::format("/{}/{}", types[at + 1], names[at]);
  }
  return id;
}

// What stands before the type says where it is: nothing, a group, or a subscription and a group.
Fact Deployment::resource_id(const std::string& function, const json::array& arguments) const {
  const std::vector<std::string> texts = TRY(all_texts(function, arguments));
  std::size_t type = 0;
  while (type < texts.size() && !texts[type].contains('/')) ++type;
  std::string scope;
  std::size_t most = 0;
  if (function == "resourceid") {
    most = 2;
    scope = fmt::format("/subscriptions/{}/resourceGroups/{}",
                        type == 2 ? texts[0] : facts_.subscription,
                        type == 0 ? facts_.group : texts[type - 1]);
  } else if (function == "subscriptionresourceid") {
    most = 1;
    scope = "/subscriptions/" + (type == 1 ? texts[0] : facts_.subscription);
  } else if (function == "extensionresourceid") {
    // The first one is a resource's id, and has slashes too.
    scope = texts[0];
    type = 1;
    most = 1;
  }
  const std::optional<std::string> id =
      type <= most && type < texts.size()
          ? id_below(scope, texts[type], first_parts(texts, type + 1))
          : std::nullopt;
  if (id) return json::value(*id);
  return wrong(
      fmt::format("The template function '{}' takes a type, 'Namespace/type', and behind "
                  "it as many names as the type has parts.",
                  function_named(function)->name));
}

Fact Deployment::asked(Question question) {
  if (const auto found = answers_.find(question.key()); found != answers_.end())
    return found->second;
  question_ = std::move(question);
  return fail(Kind::internal, std::string(unanswered), "It is known once it is deployed.");
}

// Of a resource of the template, or of one that is there.
Result<Question> Deployment::question_of(const json::array& arguments,
                                         const std::string& function) const {
  const std::string name = TRY(Arguments(function, arguments).text(0));
  Question question{.lists_keys = function == "listKeys", .id = name, .api_version = {}};
  for (const std::size_t at : resources_named(name)) {
    question.id = resources_[at].id;
    question.api_version = resources_[at].api_version;
  }
  if (arguments.size() > 1 && !arguments[1].is_null())
    question.api_version = TRY(Arguments(function, arguments).text(1));
  if (!question.id.starts_with('/'))
    return wrong(
        fmt::format("The template function '{}' asks for '{}', which is no resource of "
                    "the template and no resource's id.",
                    function, name));
  if (question.api_version.empty())
    return wrong(
        fmt::format("The template function '{}' needs an api-version for '{}', which the "
                    "template does not deploy.",
                    function, name));
  return question;
}

Fact Deployment::reference(const json::array& arguments) {
  const Question question = TRY(question_of(arguments, "reference"));
  const json::value whole = TRY(asked(question));
  const bool full = arguments.size() == 3 && arguments[2].is_string() &&
                    same_folded(std::string_view(arguments[2].get_string()), "Full");
  if (full) {
    json::value shown = whole;
    if (shown.is_object()) shown.get_object()["apiVersion"] = question.api_version;
    return shown;
  }
  const json::object* properties =
      whole.is_object() ? object_in(whole.get_object(), "properties") : nullptr;
  return properties == nullptr ? Fact(json::object()) : Fact(*properties);
}

Fact Deployment::references(const json::array& arguments) {
  json::array all;
  for (const std::size_t at : resources_named(TRY(Arguments("references", arguments).text(0)))) {
    json::array one{json::value(resources_[at].id), json::value(resources_[at].api_version)};
    if (arguments.size() == 2) one.push_back(arguments[1]);
    all.push_back(TRY(reference(one)));
  }
  return all;
}

Fact Deployment::resource_info(const json::array& arguments) const {
  const std::string name = TRY(Arguments("resourceInfo", arguments).text(0));
  const std::vector<std::size_t> found = resources_named(name);
  if (found.size() != 1)
    return wrong(
        fmt::format("The template function 'resourceInfo' asks for '{}', which is no "
                    "resource of the template.",
                    name));
  const Resource& one = resources_[found[0]];
  return json::object{
      {"id", one.id}, {"name", one.name}, {"type", one.type}, {"apiVersion", one.api_version}};
}

Fact Deployment::outside(const std::string& function, const json::array& arguments, Stage stage) {
  if (function == "resourcegroup") return facts_.resource_group;
  if (function == "subscription") return facts_.subscription_entity;
  if (function == "tenant") return facts_.tenant_entity;
  if (function == "environment") return facts_.environment;
  if (function == "deployment") return facts_.deployment;
  if (function.ends_with("resourceid")) return resource_id(function, arguments);
  const std::string_view shown = function_named(function)->name;
  if (function == "newguid" || function == "utcnow") {
    if (stage != Stage::defaults)
      return wrong(
          fmt::format("The template function '{}' may stand in a parameter's default "
                      "alone. Make it a parameter.",
                      shown));
    if (function == "newguid") return json::value(facts_.new_guid());
    const std::string pattern = arguments.empty() ? std::string("yyyyMMddTHHmmssZ")
                                                  : TRY(Arguments("utcNow", arguments).text(0));
    return json::value(TRY(time_text(facts_.now, pattern)));
  }
  if (function == "resourceinfo" && stage != Stage::defaults) return resource_info(arguments);
  if (stage != Stage::run)
    return wrong(
        fmt::format("The template function '{}' may stand in the properties of resources "
                    "and in outputs alone: it is known once they are deployed.",
                    shown));
  if (function == "reference") return reference(arguments);
  if (function == "references") return references(arguments);
  return asked(TRY(question_of(arguments, "listKeys")));
}

}  // namespace batchyard::templates
