// One step of a JSON Patch, made in the text of a YAML file. Called by definition_text alone.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"

namespace batchyard::edge {

// Throws YAML::Exception for what is no YAML.
Result<std::string> edit_yaml(std::string text, const boost::json::object& step);

}  // namespace batchyard::edge
