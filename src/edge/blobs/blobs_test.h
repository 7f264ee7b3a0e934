// A blob store of its own in a directory that goes with the test, and requests to it as the
// listener would hand them over: with bodies in parts.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include "base/text.h"
#include "blob/shared_key.h"
#include "edge/blobs/exchange.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

class BlobsTest : public ::testing::Test {
 protected:
  BlobsTest() {
    char name[] = "/tmp/batchyard-blobs-XXXXXX";
    directory_ = mkdtemp(name);
    open();
  }
  ~BlobsTest() override {
    close();
    std::filesystem::remove_all(directory_);
  }

  void open() {
    auto store =
        BlobStore::open(directory_ + "/blobs", [this] { return edge::now() + shift_.load(); });
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    crew_ = std::make_unique<Crew>(2);
  }
  void close() {
    crew_.reset();
    store_.reset();
  }

  HttpRequest request(std::string method, std::string target, std::vector<HttpHeader> headers = {},
                      const std::string& body = {}) const {
    HttpRequest request{.method = std::move(method), .target = "/own" + std::move(target)};
    request.scheme = "http";
    request.host = "127.0.0.1:1";
    request.headers = std::move(headers);
    request.headers.push_back({"Content-Length", std::to_string(body.size())});
    blob::sign(account_, request, edge::now() + shift_.load());
    return request;
  }

  // In parts of that size, however the body is cut.
  static BodySource in_parts(std::string body, std::size_t size) {
    const auto left = std::make_shared<std::string>(std::move(body));
    return [left, size](BodyPart part) {
      std::string next = left->substr(0, size);
      left->erase(0, size);
      part(std::move(next));
    };
  }

  // The answer, whose body was read to its end; a broken-off one has status 0. The exchange is over
  // by then and holds nothing any more.
  HttpResponse ask(HttpRequest request, const std::string& body = {}, std::size_t part = 100'000) {
    if (!body.empty()) request.source = in_parts(body, part);
    std::promise<HttpResponse> promise;
    std::future<HttpResponse> answered = promise.get_future();
    const auto over = std::make_shared<std::promise<void>>();
    const BlobSite site{account_, endpoint_, *store_, *crew_, *crew_, halt_, egress_};
    std::shared_ptr<Exchange> exchange(
        new Exchange(site, std::move(request),
                     [&promise](HttpResponse response) { promise.set_value(std::move(response)); }),
        [over](Exchange* done) {
          delete done;
          over->set_value();
        });
    crew_->post([exchange = std::move(exchange)] { exchange->begin(); });
    HttpResponse response = answered.get();
    if (response.source && !read_to_its_end(response)) response.status = 0;
    response.source = {};
    over->get_future().wait();
    return response;
  }

  static bool read_to_its_end(HttpResponse& response) {
    for (;;) {
      std::promise<Result<std::string>> pulled;
      std::future<Result<std::string>> came = pulled.get_future();
      response.source([&pulled](Result<std::string> next) { pulled.set_value(std::move(next)); });
      const Result<std::string> next = came.get();
      if (!next) return false;
      if (next->empty()) return true;
      response.body += *next;
    }
  }

  HttpResponse ask(std::string method, std::string target, std::vector<HttpHeader> headers = {},
                   const std::string& body = {}) {
    return ask(request(std::move(method), std::move(target), std::move(headers), body), body);
  }

  HttpResponse put(const std::string& path, const std::string& body) {
    return ask("PUT", path, {{"x-ms-blob-type", "BlockBlob"}}, body);
  }

  // All files that hold bytes.
  std::vector<std::string> pieces() const {
    std::vector<std::string> found;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory_ + "/blobs/pieces")) {
      if (entry.is_regular_file()) found.push_back(entry.path());
    }
    return found;
  }

  static std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint64_t state = 88172645463325252ULL;
    for (char& byte : bytes) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
      byte = static_cast<char>(state);
    }
    return bytes;
  }

  std::string directory_;
  std::atomic<Duration> shift_ = Duration(0);  // read by the store's thread, too
  blob::Account account_{"own", {base64_encode("the key")}};
  std::string endpoint_ = "http://127.0.0.1:1/own";
  std::unique_ptr<BlobStore> store_;
  const Egress egress_ = *Egress::parse({"private"});
  Halt halt_;
  std::unique_ptr<Crew> crew_;
};

}  // namespace batchyard::edge
