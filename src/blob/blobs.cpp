#include <fmt/format.h>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/digest.h"
#include "blob/handlers.h"
#include "blob/lease.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

struct Found {
  ContainerRow container;
  BlobRow blob;
};

Standing standing_of(const Blob& blob) {
  return {blob.etag, blob.modified};
}

Result<Found> found_to_read(const Call& call, Rows& rows) {
  ContainerRow container = TRY(need_container(call, rows));
  BlobRow blob = TRY(need_blob(call, container, rows));
  TRY(check_conditions(call.request, standing_of(blob.blob), false));
  TRY(check_lease_named(blob.blob.lease, call.request.header("x-ms-lease-id"), Leased::blob,
                        call.now));
  return Found{std::move(container), std::move(blob)};
}

Result<Found> found_to_write(const Call& call, Rows& rows) {
  ContainerRow container = TRY(need_container(call, rows));
  BlobRow blob = TRY(need_blob(call, container, rows));
  TRY(check_conditions(call.request, standing_of(blob.blob), true));
  TRY(check_lease(blob.blob.lease, call.request.header("x-ms-lease-id"), Leased::blob, call.now));
  return Found{std::move(container), std::move(blob)};
}

Result<Answer> changed(const Call& call, BlobRow row, Rows& rows) {
  row.blob.etag = call.etag;
  row.blob.modified = call.now;
  TRY(rows.put_blob(row));
  Answer answer;
  tell_standing(answer.headers, row.blob.etag, row.blob.modified);
  answer.headers.push_back({"x-ms-request-server-encrypted", "false"});
  return answer;
}

// What a signature may set for the answer to a read.
void override_by_signature(Headers& headers, const Address& address) {
  static constexpr std::pair<std::string_view, std::string_view> members[] = {
      {"rscc", "Cache-Control"},
      {"rscd", "Content-Disposition"},
      {"rsce", "Content-Encoding"},
      {"rscl", "Content-Language"},
      {"rsct", "Content-Type"}};
  if (!address.has("sig")) return;
  for (const auto& [member, name] : members) {
    const std::string_view value = address.parameter(member);
    if (value.empty()) continue;
    std::erase_if(headers, [&](const HttpHeader& one) { return same_folded(one.name, name); });
    headers.push_back({std::string(name), std::string(value)});
  }
}

}  // namespace

Result<Target> target_of(const Call& call, Rows& rows) {
  Target target;
  target.container = TRY(need_container(call, rows));
  target.old = TRY(rows.blob(target.container.number, call.admitted.address.blob));
  std::optional<Standing> standing;
  if (target.old) standing = standing_of(target.old->blob);
  TRY(check_conditions(call.request, standing, true));
  const std::string_view lease = call.request.header("x-ms-lease-id");
  if (!target.old) {
    TRY(check_lease(Lease(), lease, Leased::blob, call.now));
    return target;
  }
  TRY(check_lease(target.old->blob.lease, lease, Leased::blob, call.now));
  if (call.admitted.caller.creates_only) return refused("UnauthorizedBlobOverwrite");
  return target;
}

Result<Blob> new_blob(const Call& call, const Target& target, std::int64_t size) {
  Blob blob{.size = size, .etag = call.etag, .created = call.now, .modified = call.now};
  blob.metadata = TRY(metadata_of(call.request));
  blob.tier = TRY(tier_of(call.request));
  if (target.old) {
    blob.created = target.old->blob.created;
    blob.lease = target.old->blob.lease;
  }
  return blob;
}

Result<> check_sums(const HttpRequest& request, const Received& received) {
  if (const std::string_view md5 = request.header("Content-MD5"); !md5.empty()) {
    const std::optional<std::string> bytes = base64_decode(md5);
    if (!bytes || bytes->size() != 16) return refused("InvalidMd5", "It is base64 of 16 bytes.");
    if (md5 != received.md5)
      return refused(
          "Md5Mismatch", {},
          {{"UserSpecifiedMd5", std::string(md5)}, {"ServerCalculatedMd5", received.md5}});
  }
  const std::string_view crc = request.header("x-ms-content-crc64");
  if (!crc.empty() && crc != received.crc64)
    return refused(
        "Crc64Mismatch", {},
        {{"UserSpecifiedCrc64", readable(crc, 40)}, {"ServerCalculatedCrc64", received.crc64}});
  return Done();
}

Result<Answer> put_blob(const Call& call, Rows& rows) {
  if (call.received == nullptr) return refused("InternalError");
  const Received& received = *call.received;
  TRY(check_sums(call.request, received));
  const Target target = TRY(target_of(call, rows));
  Blob blob = TRY(new_blob(call, target, received.piece.size));
  blob.content = content_of(call.request, true);
  if (const std::string_view own = call.request.header("x-ms-blob-content-md5"); own.empty())
    blob.content.md5 = received.md5;
  std::vector<Extent> extents;
  if (received.piece.size > 0) extents.push_back({0, received.piece, {}});
  TRY(rows.commit_blob(target.container.number, call.admitted.address.blob, blob, extents));
  Answer answer{.status = 201};
  tell_standing(answer.headers, blob.etag, blob.modified);
  answer.headers.push_back({"Content-MD5", received.md5});
  answer.headers.push_back({"x-ms-content-crc64", received.crc64});
  answer.headers.push_back({"x-ms-request-server-encrypted", "false"});
  return answer;
}

Result<Answer> get_blob(const Call& call, Rows& rows) {
  const Found found = TRY(found_to_read(call, rows));
  const Blob& blob = found.blob.blob;
  const std::optional<Range> range = TRY(range_of(call.request, blob.size));
  const Range wanted = range.value_or(Range{0, blob.size});
  Answer answer{.status = range ? 206 : 200};
  tell_blob(answer.headers, blob, call.now);
  override_by_signature(answer.headers, call.admitted.address);
  const bool digest = same_folded(call.request.header("x-ms-range-get-content-md5"), "true");
  if (digest && (!range || wanted.end - wanted.begin > range_digest_max))
    return refused("OutOfRangeInput", "x-ms-range-get-content-md5 needs a range of at most 4 MiB.");
  if (range) {
    answer.headers.push_back(
        {"Content-Range", fmt::format("bytes {}-{}/{}", wanted.begin, wanted.end - 1, blob.size)});
    if (!blob.content.md5.empty())
      answer.headers.push_back({"x-ms-blob-content-md5", blob.content.md5});
  } else if (!blob.content.md5.empty()) {
    answer.headers.push_back({"Content-MD5", blob.content.md5});
  }
  if (wanted.begin < wanted.end)
    answer.send = Bytes{TRY(rows.extents(found.blob.number, wanted.begin, wanted.end)),
                        wanted.begin, wanted.end};
  return answer;
}

Result<Answer> get_blob_properties(const Call& call, Rows& rows) {
  const Found found = TRY(found_to_read(call, rows));
  Answer answer;
  tell_blob(answer.headers, found.blob.blob, call.now);
  if (!found.blob.blob.content.md5.empty())
    answer.headers.push_back({"Content-MD5", found.blob.blob.content.md5});
  override_by_signature(answer.headers, call.admitted.address);
  // A HEAD tells the length of what it does not send.
  if (call.request.method == "HEAD" && !call.admitted.address.has("comp"))
    answer.send = Bytes{{}, 0, found.blob.blob.size};
  return answer;
}

Result<Answer> delete_blob(const Call& call, Rows& rows) {
  const std::string snapshots = fold(call.request.header("x-ms-delete-snapshots"));
  if (!snapshots.empty() && snapshots != "include" && snapshots != "only")
    return bad_header("x-ms-delete-snapshots", snapshots, "give include or only");
  const Found found = TRY(found_to_write(call, rows));
  // It has none, so that there is nothing to do.
  if (snapshots != "only") TRY(rows.remove_blob(found.blob));
  return Answer{.status = 202, .headers = {{"x-ms-delete-type-permanent", "true"}}};
}

Result<Answer> set_blob_properties(const Call& call, Rows& rows) {
  Found found = TRY(found_to_write(call, rows));
  found.blob.blob.content = content_of(call.request, false);
  return changed(call, std::move(found.blob), rows);
}

Result<Answer> set_blob_metadata(const Call& call, Rows& rows) {
  Found found = TRY(found_to_write(call, rows));
  found.blob.blob.metadata = TRY(metadata_of(call.request));
  return changed(call, std::move(found.blob), rows);
}

Result<Answer> set_blob_tier(const Call& call, Rows& rows) {
  const std::string tier = TRY(tier_of(call.request));
  if (tier.empty())
    return refused("MissingRequiredHeader", "x-ms-access-tier: Hot, Cool or Cold.",
                   {{"HeaderName", "x-ms-access-tier"}});
  const ContainerRow container = TRY(need_container(call, rows));
  BlobRow blob = TRY(need_blob(call, container, rows));
  TRY(check_lease_named(blob.blob.lease, call.request.header("x-ms-lease-id"), Leased::blob,
                        call.now));
  blob.blob.tier = tier;
  TRY(rows.put_blob(blob));
  return Answer{};
}

Result<Answer> lease_blob(const Call& call, Rows& rows) {
  const ContainerRow container = TRY(need_container(call, rows));
  BlobRow blob = TRY(need_blob(call, container, rows));
  TRY(check_conditions(call.request, standing_of(blob.blob), true));
  const LeaseAnswer lease = TRY(change_lease(blob.blob.lease, call.request, call.guid, call.now));
  TRY(rows.put_blob(blob));
  Answer answer{.status = lease.status};
  tell_standing(answer.headers, blob.blob.etag, blob.blob.modified);
  if (!lease.id.empty()) answer.headers.push_back({"x-ms-lease-id", lease.id});
  if (lease.seconds_left >= 0)
    answer.headers.push_back({"x-ms-lease-time", std::to_string(lease.seconds_left)});
  return answer;
}

}  // namespace batchyard::blob
