#include "edge/http/client.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

#include "edge/http/server.h"

namespace batchyard::edge {
namespace {

// Says back what was asked.
std::unique_ptr<Server> serve_echo() {
  auto server = Server::start({}, [](HttpRequest request, HttpReply reply) {
    HttpResponse response;
    response.body = request.method + " " + request.target + ":" + request.body;
    reply(std::move(response));
  });
  if (!server) throw std::runtime_error(server.error().message);
  return *std::move(server);
}

HttpRequest request_to(const Server& server, std::string method, std::string target) {
  auto request =
      request_for(std::move(method), "http://127.0.0.1:" + std::to_string(server.port()) + target);
  if (!request) throw std::runtime_error(request.error().message);
  return *std::move(request);
}

TEST(Client, SaysWhomItCouldNotReach) {
  std::uint16_t port = 0;
  HttpRequest request;
  {
    const auto server = serve_echo();
    port = server->port();
    request = request_to(*server, "GET", "/");
  }
  const auto answer = Client().send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ServerUnreachable");
  EXPECT_TRUE(answer.error().message.contains("127.0.0.1:" + std::to_string(port)));
}

TEST(Client, HandsTheBodyOverAsItComes) {
  const auto server = serve_echo();
  Client client;
  std::string heard;
  const auto whole =
      client.send(request_to(*server, "GET", "/abc"), [&heard](std::string_view part) {
        heard += part;
        return true;
      });
  ASSERT_TRUE(whole);
  EXPECT_EQ(heard, "GET /abc:");
  const auto broken =
      client.send(request_to(*server, "GET", "/abc"), [](std::string_view) { return false; });
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, "BrokenOff");
}

TEST(Client, ReadsAddresses) {
  const auto request = request_for("GET", "https://a.batch.localhost:1234/pools?x=1");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->scheme, "https");
  EXPECT_EQ(request->host, "a.batch.localhost:1234");
  EXPECT_EQ(request->target, "/pools?x=1");
  EXPECT_EQ(request_for("GET", "http://h?x")->target, "/?x");
  EXPECT_FALSE(request_for("GET", "ftp://h"));
}

}  // namespace
}  // namespace batchyard::edge
