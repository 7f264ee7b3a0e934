#include "blob/batch.h"

#include <fmt/format.h>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/limits.h"

namespace batchyard::blob {

namespace {

constexpr std::string_view line_end = "\r\n";

std::unexpected<Error> malformed(std::string_view why) {
  return refused("InvalidInput", fmt::format("The batch cannot be read: {}.", why));
}

std::string_view boundary_of(std::string_view type) {
  constexpr std::string_view name = "boundary=";
  const std::size_t at = fold(type).find(name);
  if (at == std::string::npos) return {};
  std::string_view boundary = trim(type.substr(at + name.size()));
  boundary = boundary.substr(0, boundary.find(';'));
  if (boundary.size() >= 2 && boundary.starts_with('"'))
    boundary = boundary.substr(1, boundary.size() - 2);
  return boundary;
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Up to the empty line.
std::vector<HttpHeader> take_headers(std::string_view& text) {
  std::vector<HttpHeader> headers;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return headers;
}

// Some clients leave out the account, as if its name were in the host's.
bool names_account(std::string_view target, std::string_view account) {
  const std::string_view path = target.substr(0, target.find('?'));
  return path == fmt::format("/{}", account) || path.starts_with(fmt::format("/{}/", account));
}

Result<BatchPart> part_of(std::string_view text, const HttpRequest& whole,
                          std::string_view account) {
  BatchPart part;
  part.id = find_header(take_headers(text), "Content-ID");
  const std::vector<std::string_view> words = split(take_line(text), ' ');
  if (words.size() < 2 || !words[1].starts_with('/'))
    return malformed("a part begins with a line as DELETE /container/blob HTTP/1.1");
  part.request.method = words[0];
  part.request.target = words[1];
  part.request.headers = take_headers(text);
  part.request.scheme = whole.scheme;
  part.request.peer = whole.peer;
  part.request.host =
      names_account(words[1], account) ? whole.host : fmt::format("{}.blob", account);
  return part;
}

}  // namespace

Result<std::vector<BatchPart>> parse_batch(const HttpRequest& request, std::string_view account) {
  const std::string_view boundary = boundary_of(request.header("Content-Type"));
  if (boundary.empty()) return malformed("Content-Type is multipart/mixed with its boundary");
  const std::string mark = fmt::format("--{}", boundary);
  std::vector<BatchPart> parts;
  std::string_view rest = request.body;
  std::size_t at = rest.find(mark);
  while (at != std::string_view::npos) {
    rest.remove_prefix(at + mark.size());
    if (rest.starts_with("--")) break;
    take_line(rest);
    at = rest.find(mark);
    if (at == std::string_view::npos) return malformed("its last part has no end");
    if (parts.size() == batch_parts_max)
      return malformed(fmt::format("it has more than {} parts", batch_parts_max));
    parts.push_back(TRY(part_of(rest.substr(0, at), request, account)));
  }
  if (parts.empty()) return malformed("it has no part");
  return parts;
}

Result<> check_batch_part(const Admitted& part) {
  if (part.operation == Operation::delete_blob || part.operation == Operation::set_blob_tier)
    return Done();
  return malformed(fmt::format("{} does not stand in a batch, but Delete Blob and Set Blob Tier do",
                               facts_of(part.operation).name));
}

Answer batch_answer(const std::vector<BatchAnswer>& parts, std::string_view boundary) {
  Answer answer{.status = 202};
  answer.headers.push_back({"Content-Type", fmt::format("multipart/mixed; boundary={}", boundary)});
  for (const BatchAnswer& part : parts) {
    const HttpResponse& response = part.response;
    answer.body +=
        fmt::format("--{}{}Content-Type: application/http{}", boundary, line_end, line_end);
    if (!part.id.empty()) answer.body += fmt::format("Content-ID: {}{}", part.id, line_end);
    answer.body += fmt::format("{}HTTP/1.1 {} {}{}", line_end, response.status,
                               response.status < 300 ? "Accepted" : "Refused", line_end);
    for (const HttpHeader& header : response.headers)
      answer.body += fmt::format("{}: {}{}", header.name, header.value, line_end);
    answer.body += fmt::format("Content-Length: {}{}{}{}{}", response.body.size(), line_end,
                               line_end, response.body, line_end);
  }
  answer.body += fmt::format("--{}--{}", boundary, line_end);
  return answer;
}

}  // namespace batchyard::blob
