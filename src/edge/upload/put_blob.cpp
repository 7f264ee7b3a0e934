#include "edge/upload/put_blob.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace batchyard::edge {

namespace {

constexpr const char* storage_version = "x-ms-version: 2020-10-02";
constexpr std::int64_t block_min = std::int64_t{8} << 20;
constexpr std::int64_t blocks_max = 50'000;

std::unexpected<Error> failed(const TransferAnswer& answer) {
  const bool answered = answer.end == TransferEnd::answered;
  const char* code = "FileUploadMiscError";
  const char* cure = "";
  if (answer.end == TransferEnd::timed_out) {
    code = "FileUploadTimedOut";
  } else if (answered && (answer.status == 401 || answer.status == 403)) {
    code = "FileUploadAccessDenied";
    cure = ": the container's URL must have a signature that allows to write and has not expired";
  } else if (answered && answer.status == 404) {
    code = "FileUploadContainerNotFound";
    cure = ": make the container, or correct containerUrl";
  } else if (answered && (answer.status == 409 || answer.status == 412)) {
    code = "FileUploadConflict";
    cure = ": something else holds the blob";
  }
  return fail(Kind::invalid, code, answer.in_words() + cure);
}

// What a block list says of its blob has names of its own.
std::string header_of_list(const protocol::NameValue& header) {
  static constexpr const char* renamed[] = {"content-type",        "content-encoding",
                                            "content-language",    "content-md5",
                                            "content-disposition", "cache-control"};
  const bool own = std::ranges::any_of(
      renamed, [&](const char* name) { return same_folded(header.name, name); });
  return (own ? "x-ms-blob-" : "") + header.name + ": " + header.value;
}

Result<> put_whole(Transfer& transfer, Halt& halt, int file, std::int64_t size,
                   const std::string& url, const std::vector<protocol::NameValue>& headers) {
  TransferRequest request{.method = "PUT",
                          .url = url,
                          .headers = {storage_version, "x-ms-blob-type: BlockBlob"},
                          .file = file,
                          .length = size};
  bool typed = false;
  for (const protocol::NameValue& header : headers) {
    typed = typed || same_folded(header.name, "Content-Type");
    request.headers.push_back(header.name + ": " + header.value);
  }
  if (!typed) request.headers.emplace_back("Content-Type: application/octet-stream");
  const TransferAnswer answer = transfer.perform_patiently(request, halt);
  if (!answer.good()) return failed(answer);
  return Done();
}

std::string block_id(std::int64_t number) {
  return base64_encode(fmt::format("{:08}", number));
}

Result<> put_blocks(Transfer& transfer, Halt& halt, int file, std::int64_t size,
                    const std::string& url, const std::vector<protocol::NameValue>& headers) {
  const std::int64_t length = std::max(block_min, (size + blocks_max - 1) / blocks_max);
  std::string list = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
  for (std::int64_t number = 0; number * length < size; ++number) {
    const std::string id = block_id(number);
    const TransferRequest request{
        .method = "PUT",
        .url = with_query(url, "comp=block&blockid=" + percent_encode(id)),
        .headers = {storage_version, "Content-Type: application/octet-stream"},
        .file = file,
        .offset = number * length,
        .length = std::min(length, size - number * length)};
    const TransferAnswer answer = transfer.perform_patiently(request, halt);
    if (!answer.good()) return failed(answer);
    list += "<Latest>" + id + "</Latest>";
  }
  TransferRequest request{.method = "PUT",
                          .url = with_query(url, "comp=blocklist"),
                          .headers = {storage_version, "Content-Type: application/xml"},
                          .body = list + "</BlockList>"};
  for (const protocol::NameValue& header : headers)
    request.headers.push_back(header_of_list(header));
  const TransferAnswer answer = transfer.perform_patiently(request, halt);
  if (!answer.good()) return failed(answer);
  return Done();
}

}  // namespace

Result<> put_blob(Transfer& transfer, Halt& halt, int file, std::int64_t size,
                  const std::string& url, const std::vector<protocol::NameValue>& headers) {
  return size <= whole_max ? put_whole(transfer, halt, file, size, url, headers)
                           : put_blocks(transfer, halt, file, size, url, headers);
}

}  // namespace batchyard::edge
