#include "preflight/finding.h"

#include <fmt/format.h>

#include "base/error_codes.h"
#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

std::unexpected<Error> no_place(std::string_view path) {
  return fail(Kind::invalid, "", fmt::format("the patch does not fit: there is no {}", path));
}

std::string pointer_part(std::string_view part) {
  std::string plain;
  for (std::size_t at = 0; at < part.size(); ++at) {
    const bool escaped = part[at] == '~' && at + 1 < part.size();
    plain += escaped ? (part[++at] == '1' ? '/' : '~') : part[at];
  }
  return plain;
}

// The container of what a pointer names, and the last word of the pointer.
Result<std::pair<json::value*, std::string>> owner_of(json::value& document,
                                                      std::string_view pointer) {
  if (!pointer.starts_with('/')) return no_place(pointer);
  const std::vector<std::string_view> parts = split(pointer.substr(1), '/');
  json::value* at = &document;
  for (std::size_t number = 0; number + 1 < parts.size(); ++number) {
    const std::string part = pointer_part(parts[number]);
    const std::optional<std::int64_t> index = parse_integer(part);
    if (at->is_object())
      at = at->get_object().if_contains(part);
    else if (at->is_array() && index && *index >= 0)
      at = at->get_array().if_contains(static_cast<std::size_t>(*index));
    else
      at = nullptr;
    if (at == nullptr) return no_place(pointer);
  }
  return std::pair(at, pointer_part(parts.back()));
}

Result<> apply_to_list(json::array& list, std::string_view word, std::string_view verb,
                       const json::value* value, std::string_view pointer) {
  const std::optional<std::int64_t> index =
      word == "-" ? static_cast<std::int64_t>(list.size()) : parse_integer(word);
  const auto size = static_cast<std::int64_t>(list.size());
  if (!index || *index < 0 || *index > size || (verb != "add" && *index == size))
    return no_place(pointer);
  const auto place = list.begin() + *index;
  if (verb == "add") {
    list.insert(place, *value);
  } else if (verb == "remove") {
    list.erase(place);
  } else {
    *place = *value;
  }
  return Done();
}

Result<> apply_step(json::value& document, const json::object& step) {
  const std::string_view verb = step.at("op").as_string();
  const std::string_view pointer = step.at("path").as_string();
  const json::value* value = step.if_contains("value");
  const auto [owner, word] = TRY(owner_of(document, pointer));
  if (owner->is_array()) return apply_to_list(owner->get_array(), word, verb, value, pointer);
  if (!owner->is_object()) return no_place(pointer);
  json::object& object = owner->get_object();
  if (verb != "add" && !object.contains(word)) return no_place(pointer);
  if (verb == "remove")
    object.stable_erase(object.find(word));
  else
    object[word] = *value;
  return Done();
}

}  // namespace

Finding& Finding::set_value(std::string_view path_, json::value value_) {
  std::string pointer;
  const std::vector<std::string_view> parts = split(path_, '/');
  std::string known;
  std::size_t number = 0;
  // As deep as the pool has it; what is missing above the member comes with it.
  for (; number + 1 < parts.size(); ++number) {
    const std::string next =
        known.empty() ? std::string(parts[number]) : known + "/" + std::string(parts[number]);
    if (!pool->given(next) && pool->at(next) == nullptr) break;
    known = next;
  }
  for (std::size_t last = parts.size() - 1; last > number; --last)
    value_ = json::object{{parts[last], std::move(value_)}};
  pointer = (known.empty() ? "" : "/" + known) + "/" + std::string(parts[number]);
  patch.push_back(json::object{{"op", "add"}, {"path", pointer}, {"value", std::move(value_)}});
  return *this;
}

Finding& Finding::remove(std::string_view path_) {
  patch.push_back(json::object{{"op", "remove"}, {"path", "/" + std::string(path_)}});
  return *this;
}

Error Finding::refusal() const {
  const std::string property = property_of(path);
  if (code == "InvalidPropertyValue") return bad_property(property, value, wrong).error();
  const CodeFacts* facts = facts_of_code(code);
  std::string message = wrong;
  if (code == "MissingRequiredProperty")
    message = fmt::format("A required property was not specified in the request body: {}. {}",
                          property, wrong);
  return Error{.kind = facts == nullptr ? Kind::invalid : facts->kind,
               .code = code,
               .message = std::move(message),
               .details = {{"PropertyName", property}, {"Reason", wrong}},
               .cause = {}};
}

void give_image(const Definition& pool, Finding& finding, const ImageName& name) {
  const Image* image = pool.catalogue().image(name.publisher, name.offer, name.sku);
  if (image == nullptr) return;
  finding.set(image_at, json::object{{"publisher", image->publisher},
                                     {"offer", image->offer},
                                     {"sku", image->sku},
                                     {"version", "latest"}});
  if (!same_folded(pool.text(machine + "/nodeAgentSKUId"), image->agent))
    finding.set(machine + "/nodeAgentSKUId", image->agent);
}

Result<> apply(json::value& document, const json::array& patch) {
  for (const json::value& step : patch) TRY(apply_step(document, step.as_object()));
  return Done();
}

}  // namespace batchyard::preflight
