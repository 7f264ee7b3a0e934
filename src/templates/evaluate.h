// What an expression comes to. One evaluator for whoever has templates: what is outside of an
// expression is asked of a scope, and what to do with an expression that comes to nothing is the
// caller's to say.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "templates/syntax.h"

namespace batchyard::templates {

// How far one evaluation may go, with all that parameters and variables put into it.
struct Limits {
  int depth_left = 64;
  int parts_left = 200'000;
};

// Where a copy loop is.
struct Loop {
  std::string name;
  std::int64_t index = 0;
  bool of_resource = false;  // what copyIndex() without a name means
};

class Scope {
 public:
  explicit Scope(Limits& given) : limits(given) {}
  virtual ~Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  virtual Result<boost::json::value> parameter(const std::string& name) = 0;
  virtual Result<boost::json::value> variable(const std::string& name) = 0;
  // Functions of what is outside of the template, `function` in small letters: reference,
  // resourcegroup…
  virtual Result<boost::json::value> outside(const std::string& function,
                                             const boost::json::array& arguments) = 0;
  // "namespace.name", defined in the template.
  virtual Result<boost::json::value> own_function(const std::string& name,
                                                  const boost::json::array& arguments) = 0;

  std::vector<Loop> loops;
  // Of the lambdas that are being run, the innermost last.
  std::vector<std::pair<std::string, boost::json::value>> lambda_variables;
  Limits& limits;
};

Result<boost::json::value> evaluate(const Expression& expression, Scope& scope);

// ---- lambdas.cpp: of `evaluate` alone ----

// map, filter and others that run a lambda for each element.
Result<boost::json::value> run_with_lambda(std::string_view function, const Call& call,
                                           Scope& scope);
Result<boost::json::value> lambda_variable(const std::string& name, const Scope& scope);

// What becomes of an expression that comes to nothing.
enum class Unknown {
  stays,    // as it is written, in what is around it
  refuses,  // the whole; the error says where
};

// A value with every expression and every copy loop in it put in its place. `where` is the path of
// the value, for errors: "$.resources[0].properties".
Result<boost::json::value> resolve(const boost::json::value& value, Scope& scope, Unknown unknown,
                                   const std::string& where);

// "$.resources[0]" and "properties" are "$.resources[0].properties".
std::string path_below(const std::string& where, std::string_view member);
std::string path_below(const std::string& where, std::size_t element);
// The same error with the place where it is.
std::unexpected<Error> at_path(const std::string& where, Error error);

}  // namespace batchyard::templates
