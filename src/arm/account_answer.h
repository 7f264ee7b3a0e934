// What an account's own service has answered to the management plane, in the management plane's
// terms.
#pragma once

#include <boost/json/object.hpp>

#include "base/http_message.h"
#include "base/result.h"

namespace batchyard::arm {

// The body, empty when there is none; a refusal with its code and words.
Result<boost::json::object> body_of_answer(const HttpResponse& answer);

}  // namespace batchyard::arm
