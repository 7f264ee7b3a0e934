#include "blob/listing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/lease.h"
#include "blob/limits.h"
#include "blob/xml.h"

namespace batchyard::blob {

namespace {

// The first name that no longer begins with `prefix`.
std::string after_all_of(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

Result<> read_include(std::string_view text, ListQuery& query) {
  for (const std::string_view word : split(text, ',')) {
    const std::string one = fold(trim(word));
    if (one == "metadata")
      query.metadata = true;
    else if (one == "copy")
      query.copies = true;
    else if (one == "uncommittedblobs")
      query.uncommitted = true;
    else if (one == "snapshots" || one == "deleted" || one == "versions" || one == "tags" ||
             one == "deletedwithversions" || one == "immutabilitypolicy" || one == "legalhold" ||
             one == "system" || one == "permissions" || one.empty())
      continue;  // there are none of these
    else
      return bad_parameter("include", text, "metadata, copy and uncommittedblobs are known");
  }
  return Done();
}

std::string unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.starts_with('"')) etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

std::string lease_xml(const Lease& lease, Time now) {
  const LeaseState state = state_of(lease, now);
  const bool locked = state == LeaseState::leased || state == LeaseState::breaking;
  std::string text = element("LeaseStatus", locked ? "locked" : "unlocked") +
                     element("LeaseState", word_of(state));
  if (state == LeaseState::leased)
    text += element("LeaseDuration", lease.duration < 0 ? "infinite" : "fixed");
  return text;
}

std::string metadata_xml(const std::vector<Pair>& metadata) {
  std::string text = "<Metadata>";
  for (const Pair& pair : metadata) text += element(pair.name, pair.value);
  return text + "</Metadata>";
}

std::string copy_xml(const Copy& copy) {
  return element("CopyId", copy.id) + element("CopyStatus", "success") +
         element("CopySource", copy.source) + element("CopyProgress", copy.progress) +
         element("CopyCompletionTime", to_rfc1123(copy.completed));
}

std::string blob_xml(const ListQuery& query, const BlobRow& row, Time now) {
  const Blob& blob = row.blob;
  std::string text = "<Blob>" + name_element(row.name) + "<Properties>";
  if (row.number == 0) {
    text += element("Content-Length", "0") + element("BlobType", "BlockBlob");
    return text + "</Properties></Blob>";
  }
  const Content& content = blob.content;
  text +=
      element("Creation-Time", to_rfc1123(blob.created)) +
      element("Last-Modified", to_rfc1123(blob.modified)) + element("Etag", unquoted(blob.etag)) +
      element("Content-Length", std::to_string(blob.size)) +
      element("Content-Type",
              content.type.empty() ? std::string_view("application/octet-stream") : content.type) +
      element("Content-Encoding", content.encoding) +
      element("Content-Language", content.language) + element("Content-MD5", content.md5) +
      element("Cache-Control", content.cache_control) +
      element("Content-Disposition", content.disposition) + element("BlobType", "BlockBlob") +
      element("AccessTier", blob.tier.empty() ? std::string_view("Hot") : blob.tier);
  if (blob.tier.empty()) text += element("AccessTierInferred", "true");
  text += lease_xml(blob.lease, now);
  if (query.copies && !blob.copy.id.empty()) text += copy_xml(blob.copy);
  text += element("ServerEncrypted", "false") + "</Properties>";
  if (query.metadata) text += metadata_xml(blob.metadata);
  return text + "</Blob>";
}

std::string head_xml(const ListQuery& query, std::string_view attributes) {
  std::string text = fmt::format("{}<EnumerationResults {}>", xml_head, attributes);
  if (!query.prefix.empty()) text += element("Prefix", query.prefix);
  if (!query.marker.empty()) text += element("Marker", query.marker);
  if (query.limit_given) text += element("MaxResults", std::to_string(query.limit));
  if (!query.delimiter.empty()) text += element("Delimiter", query.delimiter);
  return text;
}

}  // namespace

std::string marker_of(std::string_view name) {
  return name.empty() ? std::string() : base64_encode(name);
}

Result<ListQuery> list_query(const Address& address) {
  ListQuery query{.prefix = std::string(address.parameter("prefix")),
                  .delimiter = std::string(address.parameter("delimiter")),
                  .marker = std::string(address.parameter("marker")),
                  .limit = page_max};
  const std::optional<std::string> from = base64_decode(query.marker);
  if (!from) return bad_parameter("marker", query.marker, "give the NextMarker of a page");
  query.from = *from;
  if (const std::string_view text = address.parameter("maxresults"); !text.empty()) {
    const std::optional<std::int64_t> limit = parse_integer(text);
    if (!limit || *limit < 1)
      return refused(
          "OutOfRangeQueryParameterValue",
          fmt::format("maxresults is '{}': give 1 to {}.", readable(text, 40), page_max));
    query.limit = std::min(*limit, page_max);
    query.limit_given = true;
  }
  TRY(read_include(address.parameter("include"), query));
  return query;
}

Result<ListPage> list_page(Cursor& cursor, const ListQuery& query) {
  ListPage page;
  std::optional<BlobRow> row = TRY(cursor.seek(std::max(query.prefix, query.from)));
  while (row && row->name.starts_with(query.prefix)) {
    if (std::ssize(page.entries) == query.limit) {
      page.next = row->name;
      break;
    }
    const std::size_t cut = query.delimiter.empty()
                                ? std::string::npos
                                : row->name.find(query.delimiter, query.prefix.size());
    if (cut == std::string::npos) {
      page.entries.push_back({{}, std::move(*row)});
      row = TRY(cursor.next());
      continue;
    }
    std::string group = row->name.substr(0, cut + query.delimiter.size());
    row = TRY(cursor.seek(after_all_of(group)));
    page.entries.push_back({std::move(group), {}});
  }
  return page;
}

std::string blobs_xml(const ListQuery& query, const ListPage& page, std::string_view endpoint,
                      std::string_view container, Time now) {
  std::string text = head_xml(query, fmt::format("ServiceEndpoint=\"{}/\" ContainerName=\"{}\"",
                                                 endpoint, container)) +
                     "<Blobs>";
  for (const ListEntry& entry : page.entries)
    text += entry.prefix.empty() ? blob_xml(query, entry.row, now)
                                 : "<BlobPrefix>" + name_element(entry.prefix) + "</BlobPrefix>";
  return text + "</Blobs>" + element("NextMarker", marker_of(page.next)) + "</EnumerationResults>";
}

std::string containers_xml(const ListQuery& query, const std::vector<ContainerRow>& rows,
                           std::string_view next, std::string_view endpoint, Time now) {
  std::string text = head_xml(query, fmt::format("ServiceEndpoint=\"{}/\"", endpoint));
  text += "<Containers>";
  for (const ContainerRow& row : rows) {
    const Container& container = row.container;
    text += "<Container>" + element("Name", row.name) + "<Properties>" +
            element("Last-Modified", to_rfc1123(container.modified)) +
            element("Etag", container.etag) + lease_xml(container.lease, now);
    if (!container.access.empty()) text += element("PublicAccess", container.access);
    text += element("HasImmutabilityPolicy", "false") + element("HasLegalHold", "false") +
            "</Properties>";
    if (query.metadata) text += metadata_xml(container.metadata);
    text += "</Container>";
  }
  return text + "</Containers>" + element("NextMarker", marker_of(next)) + "</EnumerationResults>";
}

}  // namespace batchyard::blob
