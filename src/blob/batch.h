// Several deletes, or changes of tiers, in one request: its parts, and the answer made of theirs.
#pragma once

#include <string>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"
#include "blob/service.h"

namespace batchyard::blob {

struct BatchPart {
  std::string id;  // Content-ID
  HttpRequest request;
};

// The multipart body of `request`: at most 256 parts, each authenticated by itself.
Result<std::vector<BatchPart>> parse_batch(const HttpRequest& request, std::string_view account);
// Only these may stand in a batch.
Result<> check_batch_part(const Admitted& part);

struct BatchAnswer {
  std::string id;
  HttpResponse response;
};
Answer batch_answer(const std::vector<BatchAnswer>& parts, std::string_view boundary);

}  // namespace batchyard::blob
