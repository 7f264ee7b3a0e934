// What a blob's headers say of it: read from requests, written to answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"
#include "blob/entities.h"

namespace batchyard::blob {

// The x-ms-meta- ones.
Result<std::vector<Pair>> metadata_of(const HttpRequest& request);
// The x-ms-blob-content- ones; without them, for a blob that comes as a whole, the plain ones.
Content content_of(const HttpRequest& request, bool plain_too);
// x-ms-access-tier.
Result<std::string> tier_of(const HttpRequest& request);

struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;  // one past the last
};
// x-ms-range or Range; nothing when there is none, or one of a form that HTTP lets one ignore.
// InvalidRange when it begins past the end.
Result<std::optional<Range>> range_of(const HttpRequest& request, std::int64_t size);
// x-ms-source-range: "bytes=0-99"; the whole when there is none.
Result<Range> source_range_of(const HttpRequest& request, std::int64_t size);

using Headers = std::vector<HttpHeader>;
void tell_standing(Headers& headers, const std::string& etag, Time modified);
void tell_metadata(Headers& headers, const std::vector<Pair>& metadata);
void tell_lease(Headers& headers, const Lease& lease, Time now);
// All of Get Blob Properties but the length.
void tell_blob(Headers& headers, const Blob& blob, Time now);

}  // namespace batchyard::blob
