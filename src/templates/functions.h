// The functions of the language: names, numbers of arguments, and what those do that need nothing
// but their arguments.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::templates {

// What a function was called with. Errors name the function and the argument, and never show a
// value: it may be a secret.
class Arguments {
 public:
  Arguments(std::string_view function, const boost::json::array& values)
      : function_(function), values_(values) {}

  std::size_t size() const { return values_.size(); }
  const boost::json::value& operator[](std::size_t at) const { return values_[at]; }
  Result<std::string> text(std::size_t at) const;
  Result<std::int64_t> number(std::size_t at) const;
  Result<bool> flag(std::size_t at) const;
  Result<boost::json::array> list(std::size_t at) const;
  Result<boost::json::object> object(std::size_t at) const;
  std::unexpected<Error> refused(std::size_t at, std::string_view wanted) const;
  std::unexpected<Error> refused(std::string_view why) const;

 private:
  std::string_view function_;
  const boost::json::array& values_;
};

enum class Needs {
  arguments,  // alone: `run` does it
  evaluator,  // does not look at every argument, or looks at loops
  outside,    // asks the scope
};

struct Function {
  std::string_view name;  // as published
  std::size_t least = 0;
  std::size_t most = 0;
  Needs needs = Needs::arguments;
  Result<boost::json::value> (*run)(const Arguments&) = nullptr;
  bool runs_lambda = false;
};

inline constexpr std::size_t any_number = ~std::size_t{0};

// In any case of letters; nothing for one that is not known. list…() are one.
const Function* function_named(std::string_view name);
// InvalidTemplate, with the functions that there are.
std::unexpected<Error> unknown_function(std::string_view name);
Result<> check_arity(const Function& function, std::size_t given);

std::span<const Function> text_functions();
std::span<const Function> value_functions();
std::span<const Function> list_functions();

// As a text: a text as it is, true as "True", what has parts as JSON.
std::string plain(const boost::json::value& value);
std::string_view kind_name(const boost::json::value& value);
// A member, in this case of letters or in any.
const boost::json::value* member_of(const boost::json::object& object, std::string_view name);

}  // namespace batchyard::templates
