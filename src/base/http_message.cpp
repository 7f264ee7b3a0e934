#include "base/http_message.h"

#include "base/text.h"

namespace batchyard {

std::string_view find_header(const std::vector<HttpHeader>& headers, std::string_view name) {
  for (const HttpHeader& header : headers) {
    if (same_folded(header.name, name)) return header.value;
  }
  return {};
}

}  // namespace batchyard
