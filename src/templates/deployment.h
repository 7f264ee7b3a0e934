// A template with the parameters it was given, read whole: what it deploys, in which order, and
// what its resources and outputs come to. Nothing here deploys; whoever does answers the questions
// that reference() and listKeys() ask of resources.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "templates/evaluate.h"
#include "templates/resource.h"

namespace batchyard::templates {

// The code of an error that says that a question is open.
inline constexpr std::string_view unanswered = "Unanswered";

class Deployment {
 public:
  // InvalidTemplate when anything in it is wrong that can be known before anything is deployed.
  static Result<std::unique_ptr<Deployment>> open(boost::json::object source,
                                                  boost::json::object parameters, Facts facts);
  ~Deployment();

  const std::vector<Resource>& resources() const { return resources_; }
  // As it is put, without its name and type. `unanswered` while open_question() has one.
  Result<boost::json::object> body_of(const Resource& resource);
  Result<boost::json::object> outputs();
  const std::optional<Question>& open_question() const { return question_; }
  void answer(const Question& question, boost::json::value value);
  // It was changed: what was answered of it holds no longer.
  void forget(std::string_view id);

  // From here on parameters that are secure are stars: for what others are shown.
  void hide_secrets();
  // A value, an error's, with stars for what a secure parameter says.
  boost::json::value masked(const boost::json::value& value) const;

  // With types; those that are secure, without values.
  boost::json::object shown_parameters() const { return shown_parameters_; }
  const boost::json::object& source() const { return source_; }

 private:
  class Names;
  enum class Stage { defaults, plan, run };

  Deployment(boost::json::object source, boost::json::object parameters, Facts facts);
  Result<> check_sections();
  Result<> check_expressions(const boost::json::value& value, const std::string& where) const;
  Result<> check_expression(const Expression& expression) const;
  Result<> take_parameters();
  const boost::json::object* section(const char* name) const;

  Result<boost::json::value> parameter(const std::string& name);
  Result<boost::json::value> variable(const std::string& name);
  const boost::json::value* variable_source(const std::string& name) const;
  const boost::json::object* function_source(const std::string& name) const;

  // results.cpp
  Result<boost::json::value> output_value(const boost::json::object& source, Names& names,
                                          const std::string& where);

  // plan.cpp
  struct Parent {
    std::string type;
    std::string name;
    std::string id;
    std::vector<Loop> loops;
  };
  Result<> plan();
  Result<> add_all(const boost::json::value& list, const std::string& where, const Parent& parent);
  Result<> add_loop(const boost::json::object& source, const std::string& where,
                    const std::string& symbol, const Parent& parent);
  Result<> add_one(const boost::json::object& source, Resource resource, const Parent& parent);
  Result<std::string> text_of(const boost::json::object& source, const char* member,
                              const Resource& resource);
  Result<> find_order();
  Result<> add_dependencies(std::size_t at);
  void add_references(std::size_t at, const boost::json::value& value);
  void add_references(std::size_t at, const Expression& expression);
  std::vector<std::size_t> resources_named(std::string_view name) const;

  // facts.cpp
  Result<boost::json::value> outside(const std::string& function,
                                     const boost::json::array& arguments, Stage stage);
  Result<boost::json::value> resource_id(const std::string& function,
                                         const boost::json::array& arguments) const;
  Result<boost::json::value> reference(const boost::json::array& arguments);
  Result<boost::json::value> references(const boost::json::array& arguments);
  Result<boost::json::value> resource_info(const boost::json::array& arguments) const;
  Result<boost::json::value> asked(Question question);
  Result<Question> question_of(const boost::json::array& arguments,
                               const std::string& function) const;

  boost::json::object source_;
  boost::json::object given_;
  Facts facts_;
  bool symbolic_ = false;
  Limits limits_{.parts_left = 2'000'000};
  std::map<std::string, boost::json::value> parameters_;  // by folded name
  std::map<std::string, boost::json::value> variables_;
  std::set<std::string> being_read_;
  boost::json::object shown_parameters_;
  std::vector<Resource> resources_;
  std::map<std::string, boost::json::value> answers_;  // by the key of their question
  std::optional<Question> question_;
};

// ---- parameters.cpp ----

bool is_secure(std::string_view type);
// "secureString" for "securestring".
std::string shown_type(std::string_view type);
// A value of a parameter or an output against what is declared of it; `definitions` are those of
// the template, nothing when it has none. Errors show no value of what is secure.
Result<> check_value(const boost::json::object& declared, const boost::json::object* definitions,
                     const boost::json::value& value, const std::string& name);
// With what its "$ref" refers to.
Result<boost::json::object> whole_declaration(const boost::json::object& declared,
                                              const boost::json::object* definitions);

// ---- plan.cpp ----

// A template in the template.
bool is_nested(const Resource& resource);

// ---- facts.cpp ----

// Of a type and the names below each other; nothing when their numbers differ.
std::optional<std::string> id_below(std::string_view scope, std::string_view type,
                                    std::string_view name);

}  // namespace batchyard::templates
