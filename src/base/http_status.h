// Which HTTP status a refusal has, unless a face of the service has its own.
#pragma once

#include "base/result.h"

namespace batchyard {

int http_status(Kind kind);
// The other way round, of a refusal that another service answered with; 403 is `forbidden`.
Kind kind_of_status(int status);

}  // namespace batchyard
