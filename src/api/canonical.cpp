#include "api/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/error_codes.h"
#include "base/id.h"
#include "base/text.h"
#include "base/time.h"

namespace batchyard::api {

namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 64;
constexpr std::size_t shown_max = 128;  // of a refused value in an error

// What lies in it is not shown: a secret may be among it.
std::string shown(const json::value& value) {
  if (value.is_object() && !value.get_object().empty()) return "{...}";
  if (value.is_array() && !value.get_array().empty()) return "[...]";
  std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  if (text.size() > shown_max) text.replace(shown_max, std::string::npos, "...");
  return text;
}

// Where in the body a value lies; put together only when something is wrong.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;
  std::size_t index = SIZE_MAX;

  std::string text() const {
    std::string above = parent == nullptr ? std::string() : parent->text();
    if (index != SIZE_MAX) return fmt::format("{}[{}]", above, index);
    if (name.empty()) return above;
    return above.empty() ? std::string(name) : above + "." + std::string(name);
  }
};

std::unexpected<Error> wrong(const Path& path, const json::value& value, std::string reason) {
  return bad_property(path.text(), shown(value), std::move(reason));
}

Result<> check_value(const Member& member, Version version, json::value& value, const Path& path);
Result<> check_model(const ModelSchema& schema, Version version, json::value& value,
                     const Path& path);

Result<> check_length(const Member& member, const json::value& value, std::size_t length,
                      std::string_view unit, const Path& path) {
  if (member.max != no_max && static_cast<std::int64_t>(length) > member.max)
    return wrong(path, value,
                 fmt::format("It has {} {}; at most {} are allowed.", length, unit, member.max));
  return Done();
}

Result<> check_text(const Member& member, json::value& value, const Path& path) {
  if (!value.is_string()) return wrong(path, value, "It must be a string.");
  const std::string_view text = value.get_string();
  // A command or a variable would end there, and say something else than it was accepted with.
  if (text.contains('\0')) return wrong(path, value, "It must not have the character U+0000.");
  constexpr int filled = Member::not_empty | Member::metadata_key | Member::variable_name;
  if ((member.flags & filled) != 0 && trim(text).empty()) {
    auto refused = wrong(path, value, "It must not be empty.");
    if ((member.flags & Member::metadata_key) != 0)
      refused.error().code = Code("EmptyMetadataKey").text();
    return refused;
  }
  if ((member.flags & Member::variable_name) != 0 && text.contains('='))
    return wrong(path, value, "A variable's name has no '='. Give what follows it as the value.");
  if ((member.flags & Member::is_id) != 0 && !check_id(text, {}))
    return check_id(text, path.text());  // again, for the path is put together only for an error
  if (member.max == no_max || static_cast<std::int64_t>(text.size()) <= member.max) return Done();
  const auto characters =
      std::ranges::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; });
  return check_length(member, value, static_cast<std::size_t>(characters), "characters", path);
}

Result<> check_datetime(json::value& value, const Path& path) {
  if (!value.is_string() || !parse_iso8601(std::string_view(value.get_string())))
    return wrong(path, value, "It must be a time in ISO 8601, for example 2026-11-24T09:30:00Z.");
  return Done();
}

Result<> check_duration(json::value& value, const Path& path) {
  const std::optional<Duration> duration =
      value.is_string() ? parse_duration(std::string_view(value.get_string())) : std::nullopt;
  if (!duration)
    return wrong(path, value, "It must be a duration in ISO 8601, for example PT15M or P7D.");
  value = to_iso8601(*duration);
  return Done();
}

Result<> check_integer(const Member& member, json::value& value, const Path& path) {
  std::optional<std::int64_t> number;
  if (value.is_int64())
    number = value.get_int64();
  else if (value.is_string())  // clients send numbers as strings, and the service takes them
    number = parse_integer(trim(std::string_view(value.get_string())));
  if (!number) return wrong(path, value, "It must be a whole number.");
  std::int64_t low = member.min;
  std::int64_t high = member.max;
  if (member.type == Type::integer32) {
    low = std::max<std::int64_t>(low, INT32_MIN);
    high = std::min<std::int64_t>(high, INT32_MAX);
  }
  if (*number < low || *number > high) {
    auto refused = wrong(path, value, fmt::format("It must be from {} to {}.", low, high));
    // The one value out of range that has a code of its own.
    if (member.name == "priority") refused.error().code = Code("OutOfRangePriority").text();
    return refused;
  }
  value = *number;
  return Done();
}

Result<> check_number(json::value& value, const Path& path) {
  if (value.is_number()) return Done();
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) {
      value = number;
      return Done();
    }
  }
  return wrong(path, value, "It must be a number.");
}

Result<> check_boolean(json::value& value, const Path& path) {
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    if (same_folded(text, "true") || same_folded(text, "false")) value = same_folded(text, "true");
  }
  if (!value.is_bool()) return wrong(path, value, "It must be true or false.");
  return Done();
}

Result<> check_choice(const EnumSchema& schema, Version version, json::value& value,
                      const Path& path) {
  const std::string_view given =
      value.is_string() ? std::string_view(value.get_string()) : std::string_view();
  for (const Choice& choice : schema.choices) {
    if ((choice.in & version.mask()) == 0 || !same_folded(choice.name, given)) continue;
    if (given != choice.name) value = choice.name;
    return Done();
  }
  std::string known;
  for (const Choice& choice : schema.choices) {
    if ((choice.in & version.mask()) != 0)
      known += (known.empty() ? "" : ", ") + std::string(choice.name);
  }
  return wrong(path, value, "It must be one of: " + known + ".");
}

Result<> check_one(const Member& member, Version version, json::value& value, const Path& path) {
  switch (member.type) {
    case Type::text:
      return check_text(member, value, path);
    case Type::datetime:
      return check_datetime(value, path);
    case Type::duration:
      return check_duration(value, path);
    case Type::integer32:
    case Type::integer64:
      return check_integer(member, value, path);
    case Type::number:
      return check_number(value, path);
    case Type::boolean:
      return check_boolean(value, path);
    case Type::model:
      return check_model(schema_of(static_cast<Model>(member.index)), version, value, path);
    case Type::choice:
      return check_choice(enum_schema(member.index), version, value, path);
    case Type::any:
      return Done();
  }
  return Done();
}

Result<> check_value(const Member& member, Version version, json::value& value, const Path& path) {
  if (member.shape == Shape::one) return check_one(member, version, value, path);
  Member element = member;
  element.shape = Shape::one;
  element.min = no_min;
  element.max = no_max;
  if (member.shape == Shape::list) {
    if (!value.is_array()) return wrong(path, value, "It must be a list.");
    TRY(check_length(member, value, value.get_array().size(), "elements", path));
    std::size_t index = 0;
    for (json::value& part : value.get_array())
      TRY(check_one(element, version, part, Path{&path, {}, index++}));
    return Done();
  }
  if (!value.is_object()) return wrong(path, value, "It must be an object.");
  for (auto& part : value.get_object())
    TRY(check_one(element, version, part.value(), Path{&path, part.key()}));
  return Done();
}

// The value of a secret is not shown to whoever got it wrong either: answers are kept in logs.
std::unexpected<Error> without_value(Error error) {
  for (Detail& detail : error.details) {
    if (detail.key != "PropertyValue") continue;
    const std::string quoted = "'" + detail.value + "'";
    if (const std::size_t at = error.message.find(quoted); at != std::string::npos)
      error.message.replace(at, quoted.size(), "'***'");
    detail.value = "***";
  }
  return std::unexpected(std::move(error));
}

bool is_secret(const Member& member) {
  return (member.flags & Member::secret) != 0;
}

std::string_view spoken_name(const Member& member, Version version) {
  return version.old_slots && member.name == new_slots_name ? old_slots_name : member.name;
}

// Models of the management plane are told from the data plane's here alone.
std::string_view shown_name(const ModelSchema& schema) {
  std::string_view name = schema.name;
  if (name.starts_with("Arm")) name.remove_prefix(3);
  return name;
}

std::unexpected<Error> unknown_member(const ModelSchema& schema, Version version,
                                      std::string_view name, const json::value& value,
                                      const Path& path) {
  const Path here{&path, name};
  std::string near;
  for (const Member& member : schema.members) {
    if ((member.in & version.mask()) == 0) continue;
    const std::string_view right = spoken_name(member, version);
    if (same_folded(right, name))
      near = fmt::format(" Names are case-sensitive: did you mean {}?", right);
    else if (member.name == new_slots_name && (name == old_slots_name || name == new_slots_name))
      near = fmt::format(" It is called {} there.", right);
  }
  std::string reason =
      fmt::format("{} has no such property in this api-version.", shown_name(schema));
  if (near.empty()) {
    reason += " Known are:";
    for (const Member& member : schema.members) {
      if ((member.in & version.mask()) != 0)
        reason += " " + std::string(spoken_name(member, version)) + ",";
    }
    reason.back() = '.';
  }
  reason += near;
  Error error = bad_property(here.text(), shown(value), reason).error();
  error.kind = Kind::invalid;
  error.code = "InvalidRequestBody";
  error.message =
      fmt::format("The request body has an unknown property {}. {}", here.text(), reason);
  if (std::ranges::any_of(schema.members, is_secret)) return without_value(std::move(error));
  return std::unexpected(std::move(error));
}

Result<> check_required(const ModelSchema& schema, Version version, const json::object& object,
                        const Path& path) {
  for (const Member& member : schema.members) {
    if ((member.required & version.mask()) == 0 || object.contains(member.name)) continue;
    const std::string name = Path{&path, member.name}.text();
    return refusal(
        "MissingRequiredProperty",
        fmt::format(
            "A required property was not specified in the request body: {}. Give {} a value.", name,
            name),
        {{"PropertyName", name}, {"Reason", fmt::format("{} needs it.", shown_name(schema))}});
  }
  return Done();
}

void rename_slots(json::object& object) {
  const auto found = object.find(old_slots_name);
  if (found == object.end()) return;
  json::value slots = std::move(found->value());
  object.stable_erase(found);
  object.emplace(new_slots_name, std::move(slots));
}

std::unexpected<Error> no_object(const ModelSchema& schema, const json::value& value,
                                 const Path& path) {
  const std::string reason = fmt::format("It must be an object ({}).", shown_name(schema));
  if (!path.text().empty()) return wrong(path, value, reason);
  return refusal("InvalidRequestBody",
                 fmt::format("The request body '{}' is not valid: {}", shown(value), reason),
                 {{"Reason", reason}});
}

Result<> check_model(const ModelSchema& schema, Version version, json::value& value,
                     const Path& path) {
  if (!value.is_object()) return no_object(schema, value, path);
  json::object& object = value.get_object();
  for (std::size_t at = 0; at < object.size();) {
    auto& part = *(object.begin() + at);
    const std::string_view given = part.key();
    const bool dropped = part.value().is_null() || given.starts_with("odata.");
    const Member* member = dropped ? nullptr : member_named(schema, version, given);
    if (!dropped && member == nullptr)
      return unknown_member(schema, version, given, part.value(), path);
    if (dropped || (member->flags & Member::read_only) != 0) {
      object.stable_erase(object.begin() + at);
      continue;
    }
    Result<> good = check_value(*member, version, part.value(), Path{&path, given});
    if (!good && is_secret(*member)) return without_value(std::move(good).error());
    TRY(std::move(good));
    ++at;
  }
  if (version.old_slots) rename_slots(object);
  return check_required(schema, version, object, path);
}

// Line and column, from 1.
std::string place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t start = before.rfind('\n');
  return fmt::format("line {}, column {}", line,
                     start == std::string_view::npos ? offset + 1 : offset - start);
}

}  // namespace

Result<json::value> parse_body(std::string_view text) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::stream_parser parser({}, options);
  boost::system::error_code error;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size() && !trim(text.substr(read)).empty())
    error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error) {
    const std::string reason = text.empty() ? "the body is empty, and a JSON object is expected"
                                            : error.message() + " at " + place_of(text, read);
    return refusal("InvalidRequestBody",
                   "The specified request body is not syntactically valid JSON: " + reason + ".",
                   {{"Reason", reason}});
  }
  return parser.release();
}

Result<> canonicalize(Model model, Version version, json::value& body, const std::string& where) {
  const Path path{nullptr, where};
  return check_model(schema_of(model), version, body, path);
}

void erase_replaced(Model model, Version version, json::object& specification) {
  for (const Member& member : schema_of(model).members) {
    if ((member.in & version.mask()) != 0) specification.erase(member.name);
  }
}

}  // namespace batchyard::api
