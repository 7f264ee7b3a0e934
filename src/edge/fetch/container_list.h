// What a storage container holds, as its List Blobs answers tell: XML, page by page.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace batchyard::edge {

struct BlobPage {
  std::vector<std::string> names;
  std::string next_marker;  // empty: this was the last page
};

// The URL of a page; `container_url` has a signature that allows to list.
std::string blob_page_url(const std::string& container_url, const std::string& prefix,
                          const std::string& marker);
Result<BlobPage> parse_blob_page(const std::string& xml);

}  // namespace batchyard::edge
