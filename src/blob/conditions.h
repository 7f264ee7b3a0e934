// Conditional headers: does a request's wish about the state of things hold?
#pragma once

#include <optional>
#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"

namespace batchyard::blob {

struct Standing {
  std::string etag;
  Time modified;
};

// `standing` is nothing for what is not there. ConditionNotMet; for a write that must make
// something new, BlobAlreadyExists.
Result<> check_conditions(const HttpRequest& request, const std::optional<Standing>& standing,
                          bool writes);
// The x-ms-source-if-… ones: SourceConditionNotMet.
Result<> check_source_conditions(const HttpRequest& request, const Standing& source);

// A read whose condition says that the caller has it already is answered 304.
bool is_unmodified(const HttpRequest& request, const Error& error);

}  // namespace batchyard::blob
