// Which HTTP status a refusal has, unless a face of the service has its own.
#pragma once

#include "base/result.h"

namespace batchyard {

int http_status(Kind kind);

}  // namespace batchyard
