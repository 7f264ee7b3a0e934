// What a call that the world may refuse returns: a value, or an Error that says which property is
// wrong, which value it has and what would cure it. Our own mistakes are `check`s instead
// (base/check.h).
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace batchyard {

// What sort of refusal this is. The HTTP status is chosen from it, once, in service/.
enum class Kind {
  invalid,          // 400: the request is wrong and must be changed
  unauthenticated,  // 403: not who they say they are
  forbidden,        // 403: known, but may not
  not_found,        // 404
  bad_verb,         // 405: the path exists, the verb does not
  conflict,         // 409: right request, wrong state
  unmet,            // 412 (304 on reads): a conditional header did not hold
  too_large,        // 413
  bad_range,        // 416
  busy,             // 503: try again later
  internal,         // 500
};

struct Detail {
  std::string key;  // "PropertyName", "PropertyValue", "Reason"…
  std::string value;
};

struct Error {
  Kind kind = Kind::internal;
  std::string code;             // the API's word for it: "PoolNotFound"
  std::string message;          // safe to show the caller; says what to change
  std::vector<Detail> details;  // the API's `values`
  std::string cause;            // for the log only
};

struct Done {};

template <class T = Done>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Kind kind, std::string code, std::string message,
                                   std::vector<Detail> details = {}) {
  return std::unexpected(
      Error{kind, std::move(code), std::move(message), std::move(details), std::string()});
}

// A property of the request has a value that cannot be accepted (400 InvalidPropertyValue).
std::unexpected<Error> bad_property(std::string property, std::string value, std::string reason);

}  // namespace batchyard

// Unwraps a Result or returns its Error from the enclosing function. Never around a co_await (see
// CONTRIBUTING.md). Each use has a name of its own, so that one may stand within another.
#define TRY(expression) TRY_AS(TRY_JOIN(try_result_, __COUNTER__), expression)
#define TRY_JOIN(word, number) TRY_JOIN_WORDS(word, number)
#define TRY_JOIN_WORDS(word, number) word##number
#define TRY_AS(name, expression)                                \
  __extension__({                                               \
    auto&& name = (expression);                                 \
    if (!name) return std::unexpected(std::move(name).error()); \
    *std::move(name);                                           \
  })
