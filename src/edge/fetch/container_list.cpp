#include "edge/fetch/container_list.h"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "base/text.h"
#include "edge/transfer/transfer.h"

namespace batchyard::edge {

std::string blob_page_url(const std::string& container_url, const std::string& prefix,
                          const std::string& marker) {
  std::string query = "restype=container&comp=list&maxresults=1000";
  if (!prefix.empty()) query += "&prefix=" + percent_encode(prefix);
  if (!marker.empty()) query += "&marker=" + percent_encode(marker);
  return with_query(container_url, query);
}

Result<BlobPage> parse_blob_page(const std::string& xml) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node results = document.child("EnumerationResults");
  if (!parsed || !results)
    return fail(Kind::invalid, "ResourceContainerListMiscError",
                fmt::format("the list of blobs cannot be read: {}",
                            parsed ? "it is no EnumerationResults" : parsed.description()));
  BlobPage page;
  for (const pugi::xml_node blob : results.child("Blobs").children("Blob")) {
    const pugi::xml_node name = blob.child("Name");
    std::string text = name.text().get();
    // Characters that XML cannot hold come escaped.
    if (name.attribute("Encoded").as_bool()) text = percent_decode(text).value_or(text);
    page.names.push_back(std::move(text));
  }
  page.next_marker = results.child("NextMarker").text().get();
  return page;
}

}  // namespace batchyard::edge
