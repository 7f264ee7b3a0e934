// Values with expressions and copy loops in them, walked from above.
#include <fmt/format.h>

#include "base/text.h"
#include "templates/evaluate.h"
#include "templates/functions.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

using Resolved = Result<json::value>;
constexpr std::int64_t copies_max = 800;  // as published

// "copy": [{"name": "files", "count": 3, "input": …}] beside other members.
bool has_loops(const json::object& object) {
  const json::value* copy = object.if_contains("copy");
  if (copy == nullptr || !copy->is_array() || copy->get_array().empty()) return false;
  for (const json::value& one : copy->get_array()) {
    if (!one.is_object() || !one.get_object().contains("name") ||
        !one.get_object().contains("count") || !one.get_object().contains("input"))
      return false;
  }
  return true;
}

class Walk {
 public:
  Walk(Scope& scope, Unknown unknown) : scope_(scope), unknown_(unknown) {}

  Resolved run(const json::value& value, const std::string& where) {
    if (--scope_.limits.depth_left < 0 || --scope_.limits.parts_left < 0) {
      ++scope_.limits.depth_left;
      return at_path(where, wrong("What is put together has too many parts.").error());
    }
    Resolved result = step(value, where);
    ++scope_.limits.depth_left;
    return result;
  }

 private:
  Resolved step(const json::value& value, const std::string& where) {
    if (value.is_object()) return object(value.get_object(), where);
    if (value.is_array()) return array(value.get_array(), where);
    if (!value.is_string()) return value;
    const std::string_view text = value.get_string();
    if (!is_expression(text))
      return unknown_ == Unknown::stays ? value : json::value(unescaped(text));
    Resolved result = expression(text);
    if (!result) return at_path(where, std::move(result).error());
    return result;
  }

  Resolved expression(std::string_view text) {
    const Expression parsed = TRY(parse_expression(text));
    return evaluate(parsed, scope_);
  }

  // A part of something else.
  Resolved part(const json::value& value, const std::string& where) {
    Resolved result = run(value, where);
    return !result && unknown_ == Unknown::stays ? Resolved(value) : std::move(result);
  }

  Resolved object(const json::object& given, const std::string& where) {
    const bool loops = has_loops(given);
    json::object result;
    for (const auto& one : given) {
      if (loops && one.key() == "copy") continue;
      result[one.key()] = TRY(part(one.value(), path_below(where, one.key())));
    }
    if (!loops) return result;
    std::size_t at = 0;
    for (const json::value& one : given.at("copy").get_array()) {
      Resolved list = copies(one.get_object(), path_below(path_below(where, "copy"), at++));
      if (!list && unknown_ == Unknown::stays) {
        result["copy"] = given.at("copy");
        continue;
      }
      result[std::string_view(one.at("name").get_string())] = TRY(std::move(list));
    }
    return result;
  }

  Resolved array(const json::array& given, const std::string& where) {
    json::array result;
    for (const json::value& one : given)
      result.push_back(TRY(part(one, path_below(where, result.size()))));
    return result;
  }

  Resolved copies(const json::object& loop, const std::string& where) {
    const json::value count = TRY(run(loop.at("count"), path_below(where, "count")));
    if (!loop.at("name").is_string() || !count.is_int64() || count.get_int64() < 0 ||
        count.get_int64() > copies_max)
      return at_path(
          where,
          wrong(fmt::format("A copy loop has a name and a count of 0 to {}.", copies_max)).error());
    json::array list;
    scope_.loops.push_back({.name = std::string(loop.at("name").get_string()), .index = 0});
    for (std::int64_t index = 0; index < count.get_int64(); ++index) {
      scope_.loops.back().index = index;
      Resolved one = run(loop.at("input"), path_below(where, "input"));
      if (!one) {
        scope_.loops.pop_back();
        return one;
      }
      list.push_back(*std::move(one));
    }
    scope_.loops.pop_back();
    return list;
  }

  Scope& scope_;
  Unknown unknown_;
};

}  // namespace

Resolved resolve(const json::value& value, Scope& scope, Unknown unknown,
                 const std::string& where) {
  return Walk(scope, unknown).run(value, where);
}

std::string path_below(const std::string& where, std::string_view member) {
  const bool plain_name =
      !member.empty() && member.find_first_of(".[]' ") == std::string_view::npos;
  return plain_name ? fmt::format("{}.{}", where, member) : fmt::format("{}['{}']", where, member);
}

std::string path_below(const std::string& where, std::size_t element) {
  return fmt::format("{}[{}]", where, element);
}

// The innermost place is the one to mend.
std::unexpected<Error> at_path(const std::string& where, Error error) {
  if (!where.empty() && !error.message.starts_with("At '$"))
    error.message = fmt::format("At '{}': {}", where, error.message);
  return std::unexpected(std::move(error));
}

}  // namespace batchyard::templates
