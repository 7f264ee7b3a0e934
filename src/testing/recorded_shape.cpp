#include "testing/recorded_shape.h"

#include <boost/json.hpp>

namespace batchyard::testing {

namespace json = boost::json;

namespace {

const char* sort_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a text";
    case json::kind::bool_:
      return "true or false";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
    default:
      return "null";
  }
}

struct Comparison {
  const std::function<bool(const std::string&)>& may_differ;
  std::vector<std::string> found;

  void say(const std::string& at, const std::string& what) {
    if (!may_differ(at)) found.push_back(at + what);
  }

  void compare(const json::value& ours, const json::value& theirs, const std::string& at) {
    if (may_differ(at)) return;
    const std::string sort = sort_of(ours);
    if (sort != sort_of(theirs)) return say(at, " is " + sort + ", not " + sort_of(theirs));
    if (ours.is_object()) compare_objects(ours.get_object(), theirs.get_object(), at);
    if (!ours.is_array() || theirs.get_array().empty()) return;
    if (ours.get_array().empty()) return say(at + "/0", " is missing: the list is empty");
    compare(ours.get_array().front(), theirs.get_array().front(), at + "/0");
  }

  void compare_objects(const json::object& ours, const json::object& theirs,
                       const std::string& at) {
    for (const auto& member : theirs) {
      const std::string here = at + "/" + std::string(member.key());
      if (const json::value* found_here = ours.if_contains(member.key()))
        compare(*found_here, member.value(), here);
      else
        say(here, " is missing");
    }
    for (const auto& member : ours)
      if (!theirs.contains(member.key()))
        say(at + "/" + std::string(member.key()), " is ours alone");
  }
};

}  // namespace

std::vector<std::string> shape_differences(
    const json::value& ours, const json::value& theirs,
    const std::function<bool(const std::string& path)>& may_differ) {
  Comparison comparison{may_differ, {}};
  comparison.compare(ours, theirs, "");
  return std::move(comparison.found);
}

}  // namespace batchyard::testing
