#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/handlers.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

// What a copy is made of: a blob of this storage, or the bytes of a URL elsewhere.
struct Source {
  std::string url;    // as given
  std::string shown;  // without its query, which may hold a signature
  bool own = false;
  std::string host;
  std::string target;  // path and query
};

Result<Source> source_of(const Call& call) {
  Source source;
  source.url = call.request.header("x-ms-copy-source");
  source.shown = source.url.substr(0, source.url.find('?'));
  const std::size_t scheme = source.url.find("://");
  const std::string word = fold(source.url.substr(0, std::min(scheme, source.url.size())));
  if (scheme == std::string::npos || (word != "http" && word != "https"))
    return bad_header("x-ms-copy-source", source.shown, "give an http or https URL");
  const std::size_t path = std::min(source.url.find('/', scheme + 3), source.url.size());
  source.host = source.url.substr(scheme + 3, path - scheme - 3);
  source.target = source.url.substr(path);
  // The last one is what az makes of an account's name, whatever its endpoint is.
  source.own = same_folded(source.host, call.request.host) ||
               call.endpoint.starts_with(word + "://" + fold(source.host) + "/") ||
               fold(source.host).starts_with(fold(call.account.name) + ".blob.");
  return source;
}

struct OwnSource {
  BlobRow row;
};

// The caller must be allowed to read it: by the account's key, or by a signature in its URL.
Result<OwnSource> own_source(const Call& call, const Source& source, Rows& rows) {
  HttpRequest request{.method = "GET", .target = source.target};
  request.scheme = call.request.scheme;
  request.host = source.host;
  request.peer = call.request.peer;
  const Address address = TRY(address_of(request.target, request.host, call.account.name));
  TRY(check_names(address));
  const auto container = TRY(rows.container(address.container));
  if (!call.admitted.caller.by_key || address.has("sig") ||
      !same_folded(address.account, call.account.name)) {
    const Result<Caller> may = authorize(call.account, request, address, Operation::get_blob,
                                         container ? &container->container : nullptr, call.now);
    if (!may)
      return refused("CannotVerifyCopySource",
                     fmt::format("{} may not be read: {}", source.shown, may.error().message));
  }
  std::optional<BlobRow> row;
  if (container) row = TRY(rows.blob(container->number, address.blob));
  if (!row || address.blob.empty())
    return refused("CannotVerifyCopySource", fmt::format("{} is not there.", source.shown));
  TRY(check_source_conditions(call.request, {row->blob.etag, row->blob.modified}));
  return OwnSource{*std::move(row)};
}

// Whatever of the content's properties the request gives goes before the source's.
Content merged(Content source, Content wished) {
  const auto take = [](std::string& into, std::string& from) {
    if (!from.empty()) into = std::move(from);
  };
  take(source.type, wished.type);
  take(source.encoding, wished.encoding);
  take(source.language, wished.language);
  take(source.disposition, wished.disposition);
  take(source.cache_control, wished.cache_control);
  take(source.md5, wished.md5);
  return source;
}

Result<Answer> copied(const Call& call, const Source& source, Blob blob, const Target& target,
                      const std::vector<Extent>& extents, Rows& rows) {
  const bool as_put = call.admitted.operation == Operation::put_blob_from_url;
  if (!as_put) blob.copy = {call.guid, source.shown, fmt::format("{0}/{0}", blob.size), call.now};
  TRY(rows.commit_blob(target.container.number, call.admitted.address.blob, blob, extents));
  Answer answer{.status = as_put ? 201 : 202};
  tell_standing(answer.headers, blob.etag, blob.modified);
  if (as_put) {
    answer.headers.push_back({"x-ms-request-server-encrypted", "false"});
    if (!blob.content.md5.empty()) answer.headers.push_back({"Content-MD5", blob.content.md5});
    return answer;
  }
  answer.headers.push_back({"x-ms-copy-id", blob.copy.id});
  answer.headers.push_back({"x-ms-copy-status", "success"});
  return answer;
}

}  // namespace

// Copy Blob, Copy Blob From URL and Put Blob From URL: all are done when they are answered.
Result<Answer> copy_blob(const Call& call, Rows& rows) {
  const Source source = TRY(source_of(call));
  const Target target = TRY(target_of(call, rows));
  const Content wished = content_of(call.request, false);
  if (!source.own) {
    if (call.received == nullptr) return Answer{.fetch = source.url};
    Blob blob = TRY(new_blob(call, target, call.received->piece.size));
    blob.content = merged(Content{.md5 = call.received->md5}, wished);
    std::vector<Extent> extents;
    if (blob.size > 0) extents.push_back({0, call.received->piece, {}});
    return copied(call, source, std::move(blob), target, extents, rows);
  }
  const OwnSource found = TRY(own_source(call, source, rows));
  const Blob& original = found.row.blob;
  Blob blob = TRY(new_blob(call, target, original.size));
  if (blob.metadata.empty()) blob.metadata = original.metadata;
  if (blob.tier.empty()) blob.tier = original.tier;
  const bool properties =
      !same_folded(call.request.header("x-ms-copy-source-blob-properties"), "false");
  blob.content =
      merged(properties ? original.content : Content{.md5 = original.content.md5}, wished);
  const std::vector<Extent> extents = TRY(rows.extents(found.row.number, 0, original.size));
  return copied(call, source, std::move(blob), target, extents, rows);
}

Result<Answer> put_block_from_url(const Call& call, Rows& rows) {
  if (call.received != nullptr) {
    const std::string_view md5 = call.request.header("x-ms-source-content-md5");
    if (!md5.empty() && md5 != call.received->md5)
      return refused("Md5Mismatch", {}, {{"ServerCalculatedMd5", call.received->md5}});
    return put_block(call, rows);
  }
  const Source source = TRY(source_of(call));
  TRY(need_container(call, rows));
  if (!source.own) return Answer{.fetch = source.url};
  const OwnSource found = TRY(own_source(call, source, rows));
  const Range range = TRY(source_range_of(call.request, found.row.blob.size));
  if (range.end - range.begin > block_size_max) return refused("RequestBodyTooLarge");
  return Answer{.gather = Bytes{TRY(rows.extents(found.row.number, range.begin, range.end)),
                                range.begin, range.end}};
}

Result<Answer> abort_copy(const Call& call, Rows& rows) {
  const ContainerRow container = TRY(need_container(call, rows));
  TRY(need_blob(call, container, rows));
  return refused("NoPendingCopyOperation");
}

}  // namespace batchyard::blob
