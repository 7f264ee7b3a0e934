#include "blob/headers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/lease.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

constexpr std::string_view metadata_prefix = "x-ms-meta-";

bool is_metadata_name(std::string_view name) {
  const auto letter = [](char one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || one == '_';
  };
  return !name.empty() && letter(name.front()) && std::ranges::all_of(name, [&](char one) {
    return letter(one) || (one >= '0' && one <= '9');
  });
}

// "bytes=BEGIN-END", "bytes=BEGIN-", "bytes=-LAST".
std::optional<Range> parse_range(std::string_view text, std::int64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!same_folded(text.substr(0, unit.size()), unit)) return std::nullopt;
  text.remove_prefix(unit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos || text.contains(',')) return std::nullopt;
  const auto first = parse_integer(trim(text.substr(0, dash)));
  const std::string_view after = trim(text.substr(dash + 1));
  const auto last = parse_integer(after);
  if (dash == 0) {
    if (!last || *last < 0) return std::nullopt;
    return Range{std::max<std::int64_t>(0, size - *last), size};
  }
  if (!first || *first < 0 || (!after.empty() && (!last || *last < *first))) return std::nullopt;
  return Range{*first, last ? std::min(*last, size - 1) + 1 : size};
}

void tell(Headers& headers, std::string_view name, std::string_view value) {
  if (!value.empty()) headers.push_back({std::string(name), std::string(value)});
}

}  // namespace

Result<std::vector<Pair>> metadata_of(const HttpRequest& request) {
  std::vector<Pair> metadata;
  std::size_t size = 0;
  for (const HttpHeader& header : request.headers) {
    if (!fold(header.name.substr(0, metadata_prefix.size())).starts_with(metadata_prefix)) continue;
    Pair pair{header.name.substr(metadata_prefix.size()), std::string(trim(header.value))};
    if (!is_metadata_name(pair.name))
      return refused("InvalidMetadata",
                     fmt::format("'{}' is no name: letters, digits and '_', no digit first.",
                                 readable(pair.name, 80)));
    size += pair.name.size() + pair.value.size();
    metadata.push_back(std::move(pair));
  }
  if (size > metadata_size_max) return refused("MetadataTooLarge");
  return metadata;
}

Content content_of(const HttpRequest& request, bool plain_too) {
  const auto one = [&](std::string_view name) {
    const std::string_view own = request.header(fmt::format("x-ms-blob-{}", name));
    return std::string(own.empty() && plain_too ? request.header(name) : own);
  };
  Content content{one("Content-Type"),        one("Content-Encoding"), one("Content-Language"),
                  one("Content-Disposition"), one("Cache-Control"),    one("Content-MD5")};
  return content;
}

Result<std::string> tier_of(const HttpRequest& request) {
  const std::string_view given = request.header("x-ms-access-tier");
  static constexpr std::string_view tiers[] = {"Hot", "Cool", "Cold", "Archive"};
  for (const std::string_view tier : tiers) {
    if (!same_folded(given, tier)) continue;
    if (tier == "Archive")
      return refused("FeatureNotSupported",
                     "The tiers are Hot, Cool and Cold, which are all the same here; what is in "
                     "Archive could not be read.");
    return std::string(tier);
  }
  if (!given.empty()) return bad_header("x-ms-access-tier", given, "give Hot, Cool or Cold");
  return std::string();
}

Result<std::optional<Range>> range_of(const HttpRequest& request, std::int64_t size) {
  std::string_view text = request.header("x-ms-range");
  if (text.empty()) text = request.header("Range");
  if (text.empty()) return std::optional<Range>();
  const std::optional<Range> range = parse_range(text, size);
  if (range && range->begin >= range->end)
    return refused("InvalidRange", fmt::format("The blob has {} bytes.", size));
  return range;
}

Result<Range> source_range_of(const HttpRequest& request, std::int64_t size) {
  const std::string_view text = request.header("x-ms-source-range");
  if (text.empty()) return Range{0, size};
  const std::optional<Range> range = parse_range(text, size);
  if (!range) return bad_header("x-ms-source-range", text, "write it as bytes=0-1023");
  if (range->begin >= range->end)
    return refused("InvalidRange", fmt::format("The source has {} bytes.", size));
  return *range;
}

void tell_standing(Headers& headers, const std::string& etag, Time modified) {
  headers.push_back({"ETag", etag});
  headers.push_back({"Last-Modified", to_rfc1123(modified)});
}

void tell_metadata(Headers& headers, const std::vector<Pair>& metadata) {
  for (const Pair& pair : metadata)
    headers.push_back({std::string(metadata_prefix) + pair.name, pair.value});
}

void tell_lease(Headers& headers, const Lease& lease, Time now) {
  const LeaseState state = state_of(lease, now);
  const bool locked = state == LeaseState::leased || state == LeaseState::breaking;
  headers.push_back({"x-ms-lease-status", locked ? "locked" : "unlocked"});
  headers.push_back({"x-ms-lease-state", std::string(word_of(state))});
  if (state == LeaseState::leased)
    headers.push_back({"x-ms-lease-duration", lease.duration < 0 ? "infinite" : "fixed"});
}

void tell_blob(Headers& headers, const Blob& blob, Time now) {
  tell_standing(headers, blob.etag, blob.modified);
  tell_metadata(headers, blob.metadata);
  const Content& content = blob.content;
  tell(headers, "Content-Type",
       content.type.empty() ? std::string_view("application/octet-stream") : content.type);
  tell(headers, "Content-Encoding", content.encoding);
  tell(headers, "Content-Language", content.language);
  tell(headers, "Content-Disposition", content.disposition);
  tell(headers, "Cache-Control", content.cache_control);
  tell_lease(headers, blob.lease, now);
  headers.push_back({"x-ms-blob-type", "BlockBlob"});
  headers.push_back({"x-ms-creation-time", to_rfc1123(blob.created)});
  headers.push_back({"x-ms-server-encrypted", "false"});
  headers.push_back({"x-ms-access-tier", blob.tier.empty() ? "Hot" : blob.tier});
  if (blob.tier.empty()) headers.push_back({"x-ms-access-tier-inferred", "true"});
  headers.push_back({"Accept-Ranges", "bytes"});
  if (blob.copy.id.empty()) return;
  headers.push_back({"x-ms-copy-id", blob.copy.id});
  headers.push_back({"x-ms-copy-source", blob.copy.source});
  headers.push_back({"x-ms-copy-status", "success"});
  headers.push_back({"x-ms-copy-progress", blob.copy.progress});
  headers.push_back({"x-ms-copy-completion-time", to_rfc1123(blob.copy.completed)});
}

}  // namespace batchyard::blob
