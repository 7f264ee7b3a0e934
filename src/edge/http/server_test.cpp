#include "edge/http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "base/http_status.h"
#include "edge/http/client.h"
#include "edge/http/raw_caller.h"

namespace batchyard::edge {
namespace {

std::unique_ptr<Server> serve(HttpHandler handler, ServerOptions options = {}) {
  auto server = Server::start(std::move(options), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return *std::move(server);
}

// Says back what was asked.
void echo(HttpRequest request, HttpReply reply) {
  HttpResponse response;
  response.headers = {{"X-Method", request.method},
                      {"X-Length", std::to_string(request.body.size())}};
  response.body = request.target + ":" + request.body;
  reply(std::move(response));
}

HttpRequest asking(const Server& server, std::string method, std::string target,
                   std::string body = {}) {
  HttpRequest request;
  request.scheme = "http";
  request.host = "127.0.0.1:" + std::to_string(server.port());
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = std::move(body);
  return request;
}

TEST(Server, AnswersAndCarriesWhatTheHandlerSaid) {
  HttpRequest seen;
  const auto server = serve([&seen](HttpRequest request, HttpReply reply) {
    seen = std::move(request);
    HttpResponse response;
    response.status = 404;
    response.reason = "The pool is not there\nRequestId:1";
    response.headers = {{"ETag", "0x1"}, {"X-Bad", "a\r\nInjected: yes"}, {"Content-Length", "9"}};
    response.body = "{}";
    reply(std::move(response));
  });
  RawCaller caller(server->port());
  caller.say("GET /pools/a%2Fb?api-version=1 HTTP/1.1\r\nHost: batch\r\nocp-Date: now\r\n\r\n");
  const std::string heard = caller.hear_until("{}");
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 404 The pool is not there\r\n")) << heard;
  EXPECT_TRUE(heard.contains("\r\nETag: 0x1\r\n")) << heard;
  EXPECT_TRUE(heard.contains("\r\nContent-Length: 2\r\n")) << heard;
  EXPECT_TRUE(heard.contains("\r\nDate: ")) << heard;
  EXPECT_FALSE(heard.contains("\nInjected")) << heard;
  EXPECT_FALSE(heard.contains("Content-Length: 9")) << heard;
  EXPECT_EQ(seen.target, "/pools/a%2Fb?api-version=1");
  EXPECT_EQ(seen.host, "batch");
  EXPECT_EQ(seen.scheme, "http");
  EXPECT_EQ(seen.peer, "127.0.0.1");
  ASSERT_EQ(seen.headers.size(), 2U);
  EXPECT_EQ(seen.headers[1].name, "ocp-Date");
  EXPECT_EQ(seen.header("OCP-DATE"), "now");
}

TEST(Server, AnswersRequestsSentAheadInTheirOrder) {
  std::mutex mutex;
  std::vector<std::jthread> threads;
  const auto server = serve([&](HttpRequest request, HttpReply reply) {
    const std::lock_guard lock(mutex);
    threads.emplace_back([request = std::move(request), reply = std::move(reply)]() mutable {
      echo(std::move(request), std::move(reply));
    });
  });
  RawCaller caller(server->port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  caller.say(all);
  const std::string heard = caller.hear_until("/49:abc");
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    const std::size_t found = heard.find("/" + std::to_string(i) + ":abc", at);
    ASSERT_NE(found, std::string::npos) << i;
    at = found;
  }
}

TEST(Server, ReadsChunkedBodiesAndIgnoresTheirTrailers) {
  HttpRequest seen;
  const auto server = serve([&seen](HttpRequest request, HttpReply reply) {
    seen = request;
    echo(std::move(request), std::move(reply));
  });
  RawCaller caller(server->port());
  caller.say("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  caller.say("4;x=y\r\ndefg\r\n0\r\nAuthorization: forged\r\n\r\n");
  EXPECT_TRUE(caller.hear_until("/c:abcdefg").contains("/c:abcdefg"));
  EXPECT_EQ(seen.header("Authorization"), "");
  caller.say("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(caller.hear_until("/next:").contains("/next:"));
}

TEST(Server, SaysContinueToThoseWhoWaitForIt) {
  const auto server = serve(echo);
  RawCaller caller(server->port());
  caller.say("POST /c HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(caller.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  caller.say("abc");
  EXPECT_TRUE(caller.hear_until("/c:abc").contains("200 OK"));
}

TEST(Server, KeepsOldConnectionsOnlyWhenAsked) {
  const auto server = serve(echo);
  RawCaller closing(server->port());
  closing.say("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(closing.hear_all().contains("Connection: close"));
  EXPECT_TRUE(closing.ended());
  RawCaller keeping(server->port());
  keeping.say("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(keeping.hear_until("/a:").contains("Connection: keep-alive"));
  keeping.say("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(keeping.hear_all().contains("/b:"));
  EXPECT_TRUE(keeping.ended());
}

TEST(Server, AnswersHeadWithoutABody) {
  const auto server = serve([](HttpRequest, HttpReply reply) {
    HttpResponse response;
    response.source_length = 77;
    reply(std::move(response));
  });
  RawCaller caller(server->port());
  caller.say("HEAD /file HTTP/1.1\r\nHost: h\r\n\r\nHEAD /x HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string heard = caller.hear_all();
  const std::size_t first = heard.find("Content-Length: 77\r\n");
  EXPECT_NE(heard.find("Content-Length: 77\r\n", first + 1), std::string::npos) << heard;
  EXPECT_TRUE(heard.ends_with("\r\n\r\n"));
}

ServerOptions refusing_with_json() {
  ServerOptions options;
  options.body_max = 1000;
  options.refuse = [](const HttpRequest& head, const Error& error) {
    HttpResponse response;
    response.status = http_status(error.kind);
    response.headers = {{"Content-Type", "application/json"}};
    response.body = error.code + "@" + head.target + "!";
    return response;
  };
  return options;
}

TEST(Server, RefusesLongBodiesEvenToThoseWhoSendThemWhole) {
  const auto server = serve(echo, refusing_with_json());
  RawCaller caller(server->port());
  caller.say("POST /long HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n");
  caller.say(std::string(5'000'000, 'x'));  // would break off, and lose the answer, on a reset
  const std::string heard = caller.hear_until("!");
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 413 ")) << heard;
  EXPECT_TRUE(heard.ends_with("RequestBodyTooLarge@/long!")) << heard;
  EXPECT_TRUE(heard.contains("Connection: close"));

  RawCaller chunked(server->port());
  chunked.say("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n");
  chunked.say(std::string(2000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.hear_until("!").ends_with("RequestBodyTooLarge@/c!"));

  RawCaller patient(server->port());
  patient.say("POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
  EXPECT_TRUE(patient.hear_until("!").starts_with("HTTP/1.1 413 "));
}

TEST(Server, AsksForTheLimitOfEachRequest) {
  ServerOptions options = refusing_with_json();
  options.body_max_of = [](const HttpRequest& head) {
    return head.target == "/blob" ? std::uint64_t{5'000} : std::uint64_t{10};
  };
  const auto server = serve(echo, std::move(options));
  Client client;
  EXPECT_EQ(client.send(asking(*server, "PUT", "/blob", std::string(5'000, 'b')))->status, 200);
  EXPECT_EQ(client.send(asking(*server, "PUT", "/pool", "12345678901"))->status, 413);
}

TEST(Server, RefusesWhatIsNoRequestAndCloses) {
  const auto server = serve(echo, refusing_with_json());
  for (const char* bytes :
       {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nBad Name: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    RawCaller caller(server->port());
    caller.say(bytes);
    EXPECT_TRUE(caller.hear_until("!").starts_with("HTTP/1.1 400 ")) << bytes;
    EXPECT_TRUE(caller.hear_all().contains("InvalidRequest@")) << bytes;
  }
  RawCaller endless(server->port());
  endless.say("GET / HTTP/1.1\r\nX: " + std::string(200'000, 'x'));
  EXPECT_TRUE(endless.hear_until("!").contains("RequestHeadTooLarge@"));
}

TEST(Server, GivesUpOnATrickle) {
  ServerOptions options;
  options.head_timeout = 50ms;
  const auto server = serve(echo, std::move(options));
  RawCaller caller(server->port());
  caller.say("GET / HT");
  EXPECT_TRUE(caller.ended());
}

TEST(Server, SendsEvenMegabytesWhole) {
  std::string body;
  for (int i = 0; body.size() < 5'000'000; ++i) body += std::to_string(i);
  const auto server = serve([&body](HttpRequest, HttpReply reply) {
    HttpResponse response;
    response.body = body;
    reply(std::move(response));
  });
  Client client;
  EXPECT_EQ(client.send(asking(*server, "GET", "/"))->body, body);
}

// Gives `parts` one at a time, each from a thread of its own.
BodySource from_threads(std::shared_ptr<std::vector<std::jthread>> threads,
                        std::vector<std::string> parts) {
  auto left = std::make_shared<std::vector<std::string>>(std::move(parts));
  return [threads, left](BodyPart take) {
    threads->emplace_back([left, take = std::move(take)]() mutable {
      if (left->empty()) return take(std::string());
      std::string part = std::move(left->front());
      left->erase(left->begin());
      take(std::move(part));
    });
  };
}

TEST(Server, PullsLongBodiesPartByPart) {
  const auto threads = std::make_shared<std::vector<std::jthread>>();
  const auto server = serve([&threads](HttpRequest request, HttpReply reply) {
    HttpResponse response;
    response.source = from_threads(threads, {"abc", std::string(100'000, 'x'), "def"});
    response.source_length = request.target == "/known" ? 100'006 : unknown_length;
    if (request.target == "/short") response.source_length = 200'000;
    reply(std::move(response));
  });
  const std::string whole = "abc" + std::string(100'000, 'x') + "def";
  Client client;
  const auto known = client.send(asking(*server, "GET", "/known"));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->header("Content-Length"), "100006");
  EXPECT_EQ(known->body, whole);
  const auto unknown = client.send(asking(*server, "GET", "/unknown"));
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(unknown->body, whole);
  EXPECT_FALSE(client.send(asking(*server, "GET", "/short")));
  const auto head = client.send(asking(*server, "HEAD", "/known"));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("Content-Length"), "100006");
}

TEST(Server, BreaksOffWhenABodyFails) {
  const auto server = serve([](HttpRequest request, HttpReply reply) {
    HttpResponse response;
    response.source_length = unknown_length;
    response.source = [left = std::make_shared<int>(2),
                       dropped = request.target == "/drop"](BodyPart take) {
      if (--*left > 0) return take(std::string("begin"));
      if (!dropped) take(fail(Kind::internal, "DiskFull", "no"));
    };
    reply(std::move(response));
  });
  Client client;
  EXPECT_FALSE(client.send(asking(*server, "GET", "/fail")));
  EXPECT_FALSE(client.send(asking(*server, "GET", "/drop")));
}

TEST(Server, NoticesLostRepliesAndThrowingHandlers) {
  const auto server = serve(
      [](HttpRequest request, HttpReply) {
        if (request.target == "/throw") throw std::runtime_error("no");
      },
      refusing_with_json());
  Client client;
  const auto lost = client.send(asking(*server, "GET", "/lost"));
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->status, 500);
  EXPECT_EQ(lost->body, "InternalError@/lost!");
  EXPECT_EQ(client.send(asking(*server, "GET", "/throw"))->status, 500);
}

TEST(Server, NamesTheTakenPortAndTheCure) {
  const auto server = serve(echo);
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::start(std::move(options), echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "PortTaken");
  const std::string& message = second.error().message;
  EXPECT_TRUE(message.contains("127.0.0.1:" + std::to_string(server->port()))) << message;
  EXPECT_TRUE(message.contains("choose another port")) << message;
}

TEST(Server, TakesItsPortAgainAtOnce) {
  auto server = serve(echo);
  ServerOptions options;
  options.port = server->port();
  Client client;
  ASSERT_TRUE(client.send(asking(*server, "GET", "/")));
  server->stop();
  EXPECT_TRUE(Server::start(std::move(options), echo));
}

TEST(Server, LetsRequestsEndWhenItStops) {
  std::promise<HttpReply> held;
  ServerOptions options;
  options.threads = 1;  // so that the idle connection's end tells that the busy one's thread drains
  auto server = serve([&held](HttpRequest, HttpReply reply) { held.set_value(std::move(reply)); },
                      std::move(options));
  RawCaller idle(server->port());
  RawCaller caller(server->port());
  caller.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  HttpReply reply = held.get_future().get();
  std::jthread stopping([&server] { server->stop(); });
  EXPECT_TRUE(idle.ended());  // by now the server is stopping
  HttpResponse response;
  response.body = "late";
  reply(std::move(response));
  const std::string heard = caller.hear_all();
  EXPECT_TRUE(heard.ends_with("late")) << heard;
  EXPECT_TRUE(heard.contains("Connection: close"));
}

TEST(Server, CutsOffWhatDoesNotEndAndDropsItsReply) {
  std::promise<HttpReply> held;
  ServerOptions options;
  options.drain_timeout = 30ms;
  auto server = serve([&held](HttpRequest, HttpReply reply) { held.set_value(std::move(reply)); },
                      std::move(options));
  RawCaller caller(server->port());
  caller.say("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  HttpReply reply = held.get_future().get();
  server.reset();
  EXPECT_TRUE(caller.ended());
  reply(HttpResponse{});  // nobody is there any more
}

TEST(Server, LetsNoMoreInThanItMay) {
  ServerOptions options;
  options.connections_max = 2;
  const auto server = serve(echo, std::move(options));
  auto first = std::make_unique<RawCaller>(server->port());
  RawCaller second(server->port());
  for (RawCaller* caller : {first.get(), &second}) {
    caller->say("GET /in HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(caller->hear_until("/in:").contains("/in:"));
  }
  RawCaller third(server->port());
  third.say("GET /third HTTP/1.1\r\nHost: h\r\n\r\n");
  second.say("GET /more HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(second.hear_until("/more:").contains("/more:"));
  first.reset();
  EXPECT_TRUE(third.hear_until("/third:").contains("/third:"));
}

TEST(Server, ServesManyAtOnce) {
  const auto server = serve(echo);
  std::vector<std::jthread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&server, &right, i] {
      Client client;
      for (int j = 0; j < 50; ++j) {
        const std::string target = "/" + std::to_string(i) + "/" + std::to_string(j);
        const auto response = client.send(
            asking(*server, "POST", target, std::string(static_cast<std::size_t>(j * 997), 'b')));
        if (response && response->body.starts_with(target + ":") &&
            response->header("X-Length") == std::to_string(j * 997))
          ++right;
      }
    });
  }
  callers.clear();
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace batchyard::edge
