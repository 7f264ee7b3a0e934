#include "preflight/expression.h"

#include <string>
#include <utility>

#include "templates/evaluate.h"
#include "templates/functions.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

using Told = Result<json::value>;

// Whoever asks leaves the expression as it is written.
std::unexpected<Error> not_known() {
  return templates::wrong("Known when it is deployed.");
}

const json::object* list_of(const json::object* object, const char* name) {
  const json::value* list = object == nullptr ? nullptr : object->if_contains(name);
  return list == nullptr ? nullptr : list->if_object();
}

const json::value* member_named(const json::object* object, std::string_view name) {
  return object == nullptr ? nullptr : templates::member_of(*object, name);
}

// The names of a template, as far as it says itself what they are.
class Names : public templates::Scope {
 public:
  Names(const preflight::Scope& scope, templates::Limits& some)
      : templates::Scope(some), scope_(scope) {}

  Told parameter(const std::string& name) override {
    if (const json::value* given = member_named(scope_.given, name)) {
      const json::value* value =
          given->is_object() ? given->get_object().if_contains("value") : nullptr;
      if (value == nullptr || scope_.outer == nullptr) return not_known();
      Names outer(*scope_.outer, limits);
      return templates::resolve(*value, outer, templates::Unknown::stays, {});
    }
    const json::value* declared = member_named(list_of(scope_.document, "parameters"), name);
    const json::value* value = declared != nullptr && declared->is_object()
                                   ? declared->get_object().if_contains("defaultValue")
                                   : nullptr;
    if (value == nullptr || value->is_null()) return not_known();
    return templates::resolve(*value, *this, templates::Unknown::stays, {});
  }

  Told variable(const std::string& name) override {
    const json::value* value = member_named(list_of(scope_.document, "variables"), name);
    if (value == nullptr) return not_known();
    return templates::resolve(*value, *this, templates::Unknown::stays, {});
  }

  Told outside(const std::string& /*function*/, const json::array& /*arguments*/) override {
    return not_known();
  }
  Told own_function(const std::string& /*name*/, const json::array& /*arguments*/) override {
    return not_known();
  }

 private:
  const preflight::Scope& scope_;
};

}  // namespace

json::value resolved(const json::value& value, const Scope& scope) {
  templates::Limits limits;
  Names names(scope, limits);
  return templates::resolve(value, names, templates::Unknown::stays, {}).value_or(value);
}

}  // namespace batchyard::preflight
