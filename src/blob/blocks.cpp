#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/handlers.h"
#include "blob/lease.h"
#include "blob/limits.h"
#include "blob/xml.h"

namespace batchyard::blob {

namespace {

Result<std::string> block_id_of(const Call& call) {
  const std::string_view id = call.admitted.address.parameter("blockid");
  const std::optional<std::string> bytes = base64_decode(id);
  if (id.empty())
    return refused("MissingRequiredQueryParameter", "blockid: base64 of the block's id.",
                   {{"QueryParameterName", "blockid"}});
  if (!bytes || bytes->size() > block_id_max)
    return refused("InvalidBlockId",
                   fmt::format("A block's id is base64 of at most {} bytes.", block_id_max));
  return std::string(id);
}

using Pieces = std::map<std::string, Piece, std::less<>>;

// All ids of a blob have one length: the storage's own rule, by which mixed uploads are noticed.
Result<> check_id_length(const std::string& id, const std::vector<Block>& blocks) {
  if (blocks.empty() || blocks.front().id.size() == id.size()) return Done();
  return refused("InvalidBlobOrBlock",
                 fmt::format("The ids of a blob's blocks have one length: '{}' and '{}' differ.",
                             blocks.front().id, id));
}

Result<std::vector<Extent>> committed_of(const Target& target, Rows& rows) {
  if (!target.old) return std::vector<Extent>();
  return rows.extents(target.old->number, 0, target.old->blob.size);
}

Result<std::vector<Extent>> resolve(const std::vector<ListedBlock>& list, const Pieces& committed,
                                    const Pieces& waiting) {
  std::vector<Extent> extents;
  std::int64_t size = 0;
  for (const ListedBlock& listed : list) {
    const auto fresh = waiting.find(listed.id);
    const auto old = committed.find(listed.id);
    const Piece* piece = nullptr;
    if (listed.source != BlockSource::committed && fresh != waiting.end()) piece = &fresh->second;
    if (piece == nullptr && listed.source != BlockSource::uncommitted && old != committed.end())
      piece = &old->second;
    if (piece == nullptr)
      return refused("InvalidBlockList", fmt::format("The block '{}' is not there; put it first.",
                                                     readable(listed.id, 100)));
    extents.push_back({size, *piece, listed.id});
    size += piece->size;
  }
  return extents;
}

}  // namespace

Result<Answer> put_block(const Call& call, Rows& rows) {
  if (call.received == nullptr) return refused("InternalError");
  const Received& received = *call.received;
  const std::string id = TRY(block_id_of(call));
  if (received.piece.size == 0)
    return bad_header("Content-Length", "0", "a block has one byte at least");
  TRY(check_sums(call.request, received));
  const ContainerRow container = TRY(need_container(call, rows));
  const std::string& name = call.admitted.address.blob;
  const auto old = TRY(rows.blob(container.number, name));
  TRY(check_lease(old ? old->blob.lease : Lease(), call.request.header("x-ms-lease-id"),
                  Leased::blob, call.now));
  const std::int64_t count = TRY(rows.block_count(container.number, name));
  if (count >= blocks_uncommitted_max) return refused("BlockCountExceedsLimit");
  TRY(rows.put_block(container.number, name, {id, received.piece}));
  Answer answer{.status = 201};
  if (!call.request.header("Content-MD5").empty())
    answer.headers.push_back({"Content-MD5", received.md5});
  answer.headers.push_back({"x-ms-content-crc64", received.crc64});
  answer.headers.push_back({"x-ms-request-server-encrypted", "false"});
  return answer;
}

Result<Answer> put_block_list(const Call& call, Rows& rows) {
  const Target target = TRY(target_of(call, rows));
  const std::vector<ListedBlock> list = TRY(parse_block_list(call.request.body));
  const std::vector<Block> blocks =
      TRY(rows.blocks(target.container.number, call.admitted.address.blob));
  for (const Block& block : blocks) TRY(check_id_length(block.id, blocks));
  Pieces waiting;
  for (const Block& block : blocks) waiting.emplace(block.id, block.piece);
  Pieces committed;
  for (const Extent& extent : TRY(committed_of(target, rows)))
    committed.emplace(extent.block, extent.piece);
  committed.erase("");  // a blob that came as a whole has no blocks
  const std::vector<Extent> extents = TRY(resolve(list, committed, waiting));
  const std::int64_t size = extents.empty() ? 0 : extents.back().start + extents.back().piece.size;
  Blob blob = TRY(new_blob(call, target, size));
  blob.content = content_of(call.request, false);
  TRY(rows.commit_blob(target.container.number, call.admitted.address.blob, blob, extents));
  Answer answer{.status = 201};
  tell_standing(answer.headers, blob.etag, blob.modified);
  answer.headers.push_back({"x-ms-request-server-encrypted", "false"});
  return answer;
}

Result<Answer> get_block_list(const Call& call, Rows& rows) {
  const ContainerRow container = TRY(need_container(call, rows));
  const std::string& name = call.admitted.address.blob;
  const auto row = TRY(rows.blob(container.number, name));
  const std::vector<Block> blocks = TRY(rows.blocks(container.number, name));
  if (!row && blocks.empty()) return refused("BlobNotFound");
  if (row)
    TRY(check_lease_named(row->blob.lease, call.request.header("x-ms-lease-id"), Leased::blob,
                          call.now));
  std::string kind = fold(call.admitted.address.parameter("blocklisttype"));
  if (kind.empty()) kind = "committed";
  if (kind != "committed" && kind != "uncommitted" && kind != "all")
    return bad_parameter("blocklisttype", kind, "give committed, uncommitted or all");
  const auto entry = [](const std::string& id, std::int64_t size) {
    return "<Block>" + element("Name", id) + element("Size", std::to_string(size)) + "</Block>";
  };
  std::string text = std::string(xml_head) + "<BlockList>";
  if (kind != "uncommitted") {
    text += "<CommittedBlocks>";
    if (row) {
      for (const Extent& extent : TRY(rows.extents(row->number, 0, row->blob.size))) {
        if (!extent.block.empty()) text += entry(extent.block, extent.piece.size);
      }
    }
    text += "</CommittedBlocks>";
  }
  if (kind != "committed") {
    text += "<UncommittedBlocks>";
    for (const Block& block : blocks) text += entry(block.id, block.piece.size);
    text += "</UncommittedBlocks>";
  }
  Answer answer{.body = text + "</BlockList>"};
  if (row) {
    tell_standing(answer.headers, row->blob.etag, row->blob.modified);
    answer.headers.push_back({"x-ms-blob-content-length", std::to_string(row->blob.size)});
  }
  return answer;
}

}  // namespace batchyard::blob
