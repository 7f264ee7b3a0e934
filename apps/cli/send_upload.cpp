#include "apps/cli/send_upload.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr int upload_tries = 5;

Result<> send_bytes(ApiClient& api, std::FILE* from, const std::string& upload,
                    std::size_t part_size) {
  std::string part(part_size, '\0');
  std::size_t offset = 0;
  for (std::size_t count = std::fread(part.data(), 1, part_size, from); count > 0;
       count = std::fread(part.data(), 1, part_size, from)) {
    const std::string path = fmt::format("/batchyard/uploads/{}?offset={}", upload, offset);
    const std::string bytes = part.substr(0, count);
    Result<json::value> sent = api.put_bytes(path, bytes);
    for (int number = 1; !sent && sent.error().kind == Kind::busy && number < upload_tries;
         ++number)
      sent = api.put_bytes(path, bytes);
    TRY(std::move(sent));
    offset += count;
  }
  if (std::ferror(from) != 0)
    return fail(Kind::invalid, "", "the archive could not be read to its end");
  return Done();
}

}  // namespace

Result<std::string> send_upload(ApiClient& api, std::FILE* from) {
  const json::value begun = TRY(api.send_json("POST", "/batchyard/uploads", {}));
  std::string upload(begun.at("upload").as_string());
  const auto part_size = begun.at("partSize").to_number<std::size_t>();
  if (const Result<> sent = send_bytes(api, from, upload, part_size); !sent) {
    static_cast<void>(api.remove("/batchyard/uploads/" + upload));
    return std::unexpected(sent.error());
  }
  return upload;
}

}  // namespace batchyard::cli
