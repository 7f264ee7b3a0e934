// Two storages that listen: one copies from the other, or is kept from it.
#include "edge/blobs/blob_server.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/text.h"
#include "blob/sas.h"
#include "blob/shared_key.h"
#include "edge/clock/clock.h"
#include "edge/http/client.h"

namespace batchyard::edge {
namespace {

class TwoStorages : public ::testing::Test {
 protected:
  TwoStorages() {
    char name[] = "/tmp/batchyard-blobs-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~TwoStorages() override {
    servers_.clear();
    std::filesystem::remove_all(directory_);
  }

  BlobServer& start(const std::string& name, const std::vector<std::string>& allowed = {}) {
    auto server = BlobServer::start({.directory = directory_ + "/" + name,
                                     .account = {name, {base64_encode(name + " key")}},
                                     .now = [] { return now(); },
                                     .egress = *Egress::parse(allowed)});
    EXPECT_TRUE(server);
    servers_.push_back(*std::move(server));
    return *servers_.back();
  }

  static HttpResponse ask(const BlobServer& server, const std::string& method,
                          const std::string& path, std::vector<HttpHeader> headers = {},
                          std::string body = {}) {
    HttpRequest request = *request_for(method, server.endpoint() + path);
    request.headers = std::move(headers);
    request.headers.push_back({"Content-Length", std::to_string(body.size())});
    request.body = std::move(body);
    const std::string name = server.endpoint().substr(server.endpoint().rfind('/') + 1);
    blob::sign({name, {base64_encode(name + " key")}}, request, now());
    std::erase_if(request.headers,
                  [](const HttpHeader& one) { return one.name == "Content-Length"; });
    Client client;
    const Result<HttpResponse> response = client.send(request);
    EXPECT_TRUE(response);
    return response.value_or(HttpResponse{.status = 0});
  }

  std::string directory_;
  std::vector<std::unique_ptr<BlobServer>> servers_;
};

TEST_F(TwoStorages, OneCopiesFromTheOtherIfItMay) {
  const BlobServer& source = start("source");
  const BlobServer& free = start("free", {"private"});
  const BlobServer& kept = start("kept");
  for (const BlobServer* server : {&source, &free, &kept})
    ASSERT_EQ(ask(*server, "PUT", "/box?restype=container").status, 201);
  const std::string body(700'000, 'x');
  const HttpHeader block_blob{"x-ms-blob-type", "BlockBlob"};
  ASSERT_EQ(ask(source, "PUT", "/box/a", {block_blob}, body + "end").status, 201);
  const std::string url =
      source.endpoint() + "/box/a?" +
      blob::make_service_sas(
          {"source", {base64_encode("source key")}},
          {.container = "box", .permissions = "r", .expiry = now() + std::chrono::hours(1)});
  const HttpResponse copied = ask(free, "PUT", "/box/copy", {{"x-ms-copy-source", url}});
  ASSERT_EQ(copied.status, 202) << copied.body;
  EXPECT_EQ(copied.header("x-ms-copy-status"), "success");
  EXPECT_TRUE(ask(free, "GET", "/box/copy").body == body + "end");
  EXPECT_EQ(ask(free, "PUT", "/box/b?comp=block&blockid=MQ==",
                {{"x-ms-copy-source", url}, {"x-ms-source-range", "bytes=700000-700002"}})
                .status,
            201);
  ask(free, "PUT", "/box/b?comp=blocklist", {}, "<BlockList><Latest>MQ==</Latest></BlockList>");
  EXPECT_EQ(ask(free, "GET", "/box/b").body, "end");
  const auto code = [&](const BlobServer& server, std::vector<HttpHeader> headers) {
    return std::string(
        ask(server, "PUT", "/box/none", std::move(headers)).header("x-ms-error-code"));
  };
  EXPECT_EQ(code(free, {{"x-ms-copy-source", url}, {"x-ms-source-if-match", "\"0x1\""}}),
            "SourceConditionNotMet");
  EXPECT_EQ(code(free, {{"x-ms-copy-source", source.endpoint() + "/box/a"}}),
            "CannotVerifyCopySource");
  const HttpResponse refused = ask(kept, "PUT", "/box/none", {{"x-ms-copy-source", url}});
  EXPECT_EQ(refused.header("x-ms-error-code"), "CannotVerifyCopySource");
  EXPECT_TRUE(refused.body.contains("its address is not public")) << refused.body;
  EXPECT_FALSE(refused.body.contains("sig=")) << refused.body;
  EXPECT_EQ(ask(kept, "GET", "/box/none").status, 404);
}

}  // namespace
}  // namespace batchyard::edge
