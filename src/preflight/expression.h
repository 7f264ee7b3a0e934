// The expressions of templates, "[concat('batch.node.ubuntu ', variables('release'))]", as far as a
// template says what they are: parameters have their defaults, and what is known only when it is
// deployed stays as it is written.
#pragma once

#include <boost/json.hpp>

namespace batchyard::preflight {

// Where names are looked up: a template, or one that is nested in another and has parameters of it.
struct Scope {
  const boost::json::object* document = nullptr;  // has `parameters` and `variables`
  const boost::json::object* given = nullptr;     // parameters by those who deploy it, if nested
  const Scope* outer = nullptr;                   // of their values
};

// `value` with all expressions in it that can be known put in their place.
boost::json::value resolved(const boost::json::value& value, const Scope& scope);

}  // namespace batchyard::preflight
