// What runs a VM extension here: a script of an operator's, for every extension of its publisher
// and type.
#pragma once

#include <boost/describe/class.hpp>
#include <string>

#include "base/time.h"

namespace batchyard {

struct ExtensionHandler {
  std::string publisher;
  std::string type;
  std::string script;
  bool reboots = false;  // the node starts anew once it has succeeded
  Time registered;
  bool built_in = false;  // it came with the program
};
BOOST_DESCRIBE_STRUCT(ExtensionHandler, (),
                      (publisher, type, script, reboots, registered, built_in))

}  // namespace batchyard
