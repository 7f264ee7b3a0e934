// Bodies of requests that the handler takes part by part.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <utility>

#include "edge/http/raw_caller.h"
#include "edge/http/server.h"

namespace batchyard::edge {
namespace {

std::unique_ptr<Server> serve_pulled(HttpHandler handler, ServerOptions options) {
  auto server = Server::start(std::move(options), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return *std::move(server);
}

void say_back(HttpRequest request, HttpReply reply) {
  HttpResponse response;
  response.body = request.target + ":" + request.body;
  reply(std::move(response));
}

// Takes a body part by part and tells how it came.
class Taker : public std::enable_shared_from_this<Taker> {
 public:
  Taker(HttpRequest request, HttpReply reply)
      : request_(std::move(request)), reply_(std::move(reply)) {}
  void pull() {
    request_.source([self = shared_from_this()](Result<std::string> part) {
      if (!part) return self->answer("refused: " + part.error().code);
      if (part->empty()) return self->answer("whole");
      self->size_ += part->size();
      self->longest_ = std::max(self->longest_, part->size());
      self->pull();
    });
  }

 private:
  void answer(const std::string& how) {
    HttpResponse response;
    response.body = how + " " + std::to_string(size_) + " " + std::to_string(longest_ <= 131'072);
    reply_(std::move(response));
  }
  HttpRequest request_;
  HttpReply reply_;
  std::size_t size_ = 0;
  std::size_t longest_ = 0;
};

ServerOptions streaming() {
  ServerOptions options;
  options.streams = [](const HttpRequest& head) { return head.method == "PUT"; };
  options.body_max = 10'000'000;
  return options;
}

void take(HttpRequest request, HttpReply reply) {
  if (!request.source) return say_back(std::move(request), std::move(reply));
  std::make_shared<Taker>(std::move(request), std::move(reply))->pull();
}

TEST(PulledBody, GivesLongBodiesPartByPartToWhoPullsThem) {
  const auto server = serve_pulled(take, streaming());
  RawCaller caller(server->port());
  caller.say("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n");
  caller.say(std::string(5'000'000, 'x'));
  EXPECT_TRUE(caller.hear_until("whole").contains("whole 5000000 1"));
  // The connection goes on.
  caller.forget();
  caller.say(
      "PUT /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  caller.say("POST /c HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nz");
  const std::string heard = caller.hear_until("/c:z");
  EXPECT_TRUE(heard.contains("whole 5 1")) << heard;
  EXPECT_TRUE(heard.contains("/c:z")) << heard;
}

TEST(PulledBody, PulledBodiesSayContinueOnlyWhenTheyAreWanted) {
  HttpReply waiting;
  HttpRequest asked;
  std::promise<void> came;
  const auto server = serve_pulled(
      [&](HttpRequest request, HttpReply reply) {
        asked = std::move(request);
        waiting = std::move(reply);
        came.set_value();
      },
      streaming());
  RawCaller caller(server->port());
  caller.say("PUT /c HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  came.get_future().wait();
  // From another thread than the connection's.
  std::make_shared<Taker>(std::move(asked), std::move(waiting))->pull();
  EXPECT_EQ(caller.hear_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  caller.say("abc");
  EXPECT_TRUE(caller.hear_until("whole").contains("whole 3 1"));
}

TEST(PulledBody, APulledBodyThatIsTooLongOrNoneIsTold) {
  const auto server = serve_pulled(take, streaming());
  RawCaller long_one(server->port());
  long_one.say("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  long_one.say("989681\r\n" + std::string(10'000'001, 'x'));
  EXPECT_TRUE(long_one.hear_until("refused").contains("RequestBodyTooLarge"));
  RawCaller broken(server->port());
  broken.say("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
  EXPECT_TRUE(broken.hear_until("refused").contains("InvalidRequest"));
}

TEST(PulledBody, AReplyBeforeTheBodysEndEndsTheConnection) {
  const auto server = serve_pulled(say_back, streaming());
  RawCaller caller(server->port());
  caller.say("PUT /early HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\nabc");
  EXPECT_TRUE(caller.hear_until("/early:").contains("Connection: close"));
  caller.say(std::string(99'997, 'x'));
  EXPECT_TRUE(caller.ended());
}

TEST(PulledBody, AGoneCallersBodyEndsWithIt) {
  std::weak_ptr<Taker> taker;
  std::promise<void> taken;
  const auto server = serve_pulled(
      [&](HttpRequest request, HttpReply reply) {
        auto made = std::make_shared<Taker>(std::move(request), std::move(reply));
        taker = made;
        made->pull();
        taken.set_value();
      },
      streaming());
  {
    RawCaller caller(server->port());
    caller.say("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
    taken.get_future().wait();
  }
  server->stop();
  EXPECT_TRUE(taker.expired());
}

}  // namespace
}  // namespace batchyard::edge
