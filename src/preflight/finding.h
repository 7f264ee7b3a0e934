// What a rule found in a pool: where, what is wrong, and the JSON Patch (RFC 6902) that mends it,
// where one can.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "preflight/definition.h"

namespace batchyard::preflight {

struct Rule;

struct Finding {
  const Rule* rule = nullptr;
  const Definition* pool = nullptr;
  std::string path;   // in the data plane's words: "startTask/commandLine"
  std::string value;  // of the property
  std::string wrong;
  boost::json::array patch;
  std::string code;  // of an error: the rule's, or a more exact one

  // Steps of the patch. A member is set whether it is there or not, with what must be above it.
  template <class Value>
  Finding& set(std::string_view path_, const Value& value_) {
    if constexpr (std::is_convertible_v<const Value&, std::string_view>)
      return set_value(path_, boost::json::value(std::string_view(value_)));
    else
      return set_value(path_, boost::json::value(value_));
  }
  Finding& remove(std::string_view path_);
  // What the API answers for an error.
  Error refusal() const;

 private:
  Finding& set_value(std::string_view path_, boost::json::value value_);
};

struct ImageName {
  std::string publisher;
  std::string offer;
  std::string sku;
};
// The finding's cure is another image of the Marketplace, if the catalogue has it, and its agent.
void give_image(const Definition& pool, Finding& finding, const ImageName& name);

// A document with a patch applied: add, replace and remove; what does not fit is an error.
Result<> apply(boost::json::value& document, const boost::json::array& patch);

}  // namespace batchyard::preflight
