#include "templates/names.h"

#include <fmt/format.h>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/members.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

using Named = Result<json::value>;

// A name that is being read already is read in a circle.
class Reading {
 public:
  Reading(std::set<std::string>& names, std::string name)
      : names_(names), name_(std::move(name)), first_(names.insert(name_).second) {}
  ~Reading() {
    if (first_) names_.erase(name_);
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  bool first() const { return first_; }

 private:
  std::set<std::string>& names_;
  std::string name_;
  bool first_;
};

}  // namespace

Named Deployment::Names::parameter(const std::string& name) {
  return owner_.parameter(name);
}

Named Deployment::Names::variable(const std::string& name) {
  if (stage_ == Stage::defaults)
    return wrong("The template function 'variables' may not stand in a parameter's default.");
  return owner_.variable(name);
}

Named Deployment::Names::outside(const std::string& function, const json::array& arguments) {
  return owner_.outside(function, arguments, stage_);
}

// A function that the template defines sees its own arguments, and nothing else of the template.
class Deployment::Names::Own : public Scope {
 public:
  Own(Names& around, json::object arguments)
      : Scope(around.limits), around_(around), arguments_(std::move(arguments)) {}

  Named parameter(const std::string& name) override {
    if (const json::value* value = member_of(arguments_, name)) return *value;
    return wrong(fmt::format("The function has no parameter '{}'.", name));
  }
  Named variable(const std::string& /*name*/) override {
    return wrong("The template function 'variables' may not stand in a function of the template.");
  }
  Named outside(const std::string& function, const json::array& arguments) override {
    return around_.owner_.outside(function, arguments, Stage::plan);
  }
  Named own_function(const std::string& name, const json::array& arguments) override {
    return around_.own_function(name, arguments);
  }

 private:
  Names& around_;
  json::object arguments_;
};

Named Deployment::Names::own_function(const std::string& name, const json::array& arguments) {
  const json::object* function = owner_.function_source(name);
  if (function == nullptr) return unknown_function(name);
  json::object named;
  const json::value* declared = function->if_contains("parameters");
  const json::array none;
  const json::array& list =
      declared != nullptr && declared->is_array() ? declared->get_array() : none;
  if (list.size() != arguments.size())
    return wrong(fmt::format("The function '{}' takes {} arguments, and {} are given.", name,
                             list.size(), arguments.size()));
  for (std::size_t at = 0; at < list.size(); ++at) {
    if (list[at].is_object()) named[text_in(list[at].get_object(), "name")] = arguments[at];
  }
  const json::object* output = object_in(*function, "output");
  const json::value* value = output == nullptr ? nullptr : output->if_contains("value");
  if (value == nullptr)
    return wrong(fmt::format("The function '{}' has no output with a value.", name));
  Own own(*this, std::move(named));
  return resolve(*value, own, Unknown::refuses, {});
}

Named Deployment::parameter(const std::string& name) {
  const std::string folded = fold(name);
  if (const auto found = parameters_.find(folded); found != parameters_.end()) return found->second;
  const json::object* all = section("parameters");
  const json::value* declared = all == nullptr ? nullptr : member_of(*all, name);
  if (declared == nullptr || !declared->is_object())
    return wrong(fmt::format("The template parameter '{}' is not found.", name));
  const Reading reading(being_read_, "parameter " + folded);
  if (!reading.first())
    return wrong(fmt::format("The default of the parameter '{}' refers to itself.", name));
  const json::value* given = member_of(given_, name);
  if (given != nullptr && given->is_object() && given->get_object().contains("reference"))
    return wrong(
        fmt::format("The value of the parameter '{}' is to be read from a key vault, "
                    "which is not served here. Give its value.",
                    name));
  const json::value* value =
      given == nullptr || !given->is_object() ? nullptr : given->get_object().if_contains("value");
  if (value != nullptr) return parameters_[folded] = *value;
  const json::object whole = TRY(whole_declaration(declared->get_object(), section("definitions")));
  if (const json::value* standard = whole.if_contains("defaultValue")) {
    Names names(*this, Stage::defaults);
    json::value resolved = TRY(resolve(*standard, names, Unknown::refuses,
                                       path_below("$.parameters", name) + ".defaultValue"));
    return parameters_[folded] = std::move(resolved);
  }
  const json::value* nullable = whole.if_contains("nullable");
  if (nullable != nullptr && *nullable == true) return parameters_[folded] = nullptr;
  return wrong(
      fmt::format("The value for the template parameter '{}' is not provided, and it has "
                  "no default. Give it: --parameters {}=VALUE.",
                  name, name));
}

// Of the variables that are lists made by copy loops, the loop.
const json::value* Deployment::variable_source(const std::string& name) const {
  const json::object* all = section("variables");
  if (all == nullptr) return nullptr;
  if (const json::value* plain_one = member_of(*all, name); plain_one != nullptr && name != "copy")
    return plain_one;
  const json::value* loops = all->if_contains("copy");
  if (loops == nullptr || !loops->is_array()) return nullptr;
  for (const json::value& one : loops->get_array()) {
    if (one.is_object() && same_folded(text_in(one.get_object(), "name"), name)) return &one;
  }
  return nullptr;
}

Named Deployment::variable(const std::string& name) {
  const std::string folded = fold(name);
  if (const auto found = variables_.find(folded); found != variables_.end()) return found->second;
  const json::value* source = variable_source(name);
  if (source == nullptr)
    return wrong(fmt::format("The template variable '{}' is not found.", name));
  const Reading reading(being_read_, "variable " + folded);
  if (!reading.first()) return wrong(fmt::format("The variable '{}' refers to itself.", name));
  Names names(*this, Stage::plan);
  const bool is_loop = member_of(*section("variables"), name) != source;
  const std::string where = path_below("$.variables", name);
  if (!is_loop) return variables_[folded] = TRY(resolve(*source, names, Unknown::refuses, where));
  const json::value list =
      TRY(resolve(json::object{{"copy", json::array{*source}}}, names, Unknown::refuses, where));
  return variables_[folded] = list.get_object().begin()->value();
}

const json::object* Deployment::function_source(const std::string& name) const {
  const std::size_t dot = name.find('.');
  const json::value* spaces = source_.if_contains("functions");
  if (spaces == nullptr || !spaces->is_array()) return nullptr;
  for (const json::value& one : spaces->get_array()) {
    if (!one.is_object() ||
        !same_folded(text_in(one.get_object(), "namespace"), name.substr(0, dot)))
      continue;
    const json::object* members = object_in(one.get_object(), "members");
    const json::value* found =
        members == nullptr ? nullptr : member_of(*members, name.substr(dot + 1));
    if (found != nullptr && found->is_object()) return &found->get_object();
  }
  return nullptr;
}

}  // namespace batchyard::templates
