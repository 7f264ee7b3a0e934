#include "edge/link/dial.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "edge/http/authority.h"
#include "edge/http/raw_caller.h"
#include "edge/http/server.h"
#include "edge/link/redial.h"

namespace batchyard::edge {
namespace {

using Channel = std::shared_ptr<protocol::Channel>;

// What one end heard, to be waited for from the test's thread.
class Ear {
 public:
  protocol::ChannelEvents events() {
    return {[this](std::string frame) { note([&] { frames_.push_back(std::move(frame)); }); },
            [this](std::string why) { note([&] { ends_.push_back(std::move(why)); }); }};
  }
  std::vector<std::string> frames(std::size_t count) {
    wait([&] { return frames_.size() >= count; });
    return frames_;
  }
  std::string end() {
    wait([&] { return !ends_.empty(); });
    return ends_.size() == 1 ? ends_.front() : "not once";
  }

 private:
  template <class Action>
  void note(const Action& action) {
    const std::lock_guard lock(mutex_);
    action();
    changed_.notify_all();
  }
  template <class Condition>
  void wait(const Condition& condition) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 20s, condition));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> frames_;
  std::vector<std::string> ends_;
};

// A server whose single channel is the test's other end.
class Yard {
 public:
  explicit Yard(ServerOptions options = {}) {
    options.on_websocket = [this](HttpRequest request,
                                  Channel channel) -> Result<protocol::ChannelEvents> {
      if (request.header("Authorization") != "Bearer right")
        return fail(Kind::unauthenticated, "AuthenticationFailed", "No agent has this token.");
      channel->send("hello " + request.target);  // waits for the hand-shake
      accepted_.set_value(std::move(channel));
      return ear.events();
    };
    auto started = Server::start(std::move(options), [](HttpRequest, HttpReply reply) {
      reply(HttpResponse{.status = 404});
    });
    EXPECT_TRUE(started);
    if (started) server = *std::move(started);
  }

  DialOptions address(std::string token = "right") const {
    DialOptions options;
    options.url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/link";
    options.headers = {{"Authorization", "Bearer " + token}};
    return options;
  }
  Channel channel() { return accepted_.get_future().get(); }

  Ear ear;
  std::unique_ptr<Server> server;

 private:
  std::promise<Channel> accepted_;
};

TEST(Dial, CarriesFramesBothWaysInOrder) {
  Yard yard;
  Ear ear;
  LinkThread thread;
  const Channel agent = dial(thread, yard.address(), ear.events());
  std::vector<std::string> sent;
  for (int i = 0; i < 1000; ++i) {
    sent.push_back("{\"n\":" + std::to_string(i) + "}");
    agent->send(sent.back());  // the first ones before it is open
  }
  EXPECT_EQ(yard.ear.frames(1000), sent);
  const Channel server_end = yard.channel();
  const std::string large(20U << 20, 'y');
  server_end->send(large);
  server_end->send("");
  const auto heard = ear.frames(3);
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_EQ(heard[0], "hello /link");
  EXPECT_TRUE(heard[1] == large);
  EXPECT_EQ(heard[2], "");
  agent->close();
  EXPECT_EQ(yard.ear.end(), "closed");
  EXPECT_EQ(ear.end(), "closed");
  agent->send("after the end");
}

TEST(Dial, SendsWhatWasQueuedBeforeTheClose) {
  Yard yard;
  Ear ear;
  LinkThread thread;
  const Channel agent = dial(thread, yard.address(), ear.events());
  const Channel server_end = yard.channel();
  for (int i = 0; i < 100; ++i) server_end->send(std::to_string(i));
  server_end->close();
  ear.end();
  EXPECT_EQ(ear.frames(101).back(), "99");
  EXPECT_EQ(yard.ear.end(), "closed");
}

TEST(Dial, MaySayFarewellAtOnce) {
  ServerOptions options;
  options.on_websocket = [](HttpRequest, Channel channel) -> Result<protocol::ChannelEvents> {
    channel->send("go away");
    channel->close();
    return protocol::ChannelEvents{};
  };
  const auto server = Server::start(std::move(options), [](HttpRequest, HttpReply) {});
  ASSERT_TRUE(server);
  Ear ear;
  LinkThread thread;
  DialOptions address;
  address.url = "ws://127.0.0.1:" + std::to_string((*server)->port());
  dial(thread, address, ear.events());
  EXPECT_EQ(ear.frames(1).front(), "go away");
  EXPECT_EQ(ear.end(), "closed");
}

TEST(Dial, TellsWhyItWasRefused) {
  Yard yard;
  Ear ear;
  LinkThread thread;
  bool opened = false;
  dial(thread, yard.address("wrong"), ear.events(), [&opened] { opened = true; });
  const std::string why = ear.end();
  EXPECT_TRUE(why.contains("403")) << why;
  EXPECT_FALSE(opened);
}

TEST(Dial, TellsWhyItCouldNotConnect) {
  LinkThread thread;
  Ear refused;
  {
    const Yard gone;
    DialOptions options = gone.address();
    gone.server->stop();
    dial(thread, std::move(options), refused.events());
    EXPECT_TRUE(refused.end().contains("cannot connect to 127.0.0.1:"));
  }
  Ear misspelt;
  DialOptions options;
  options.url = "https://127.0.0.1";
  dial(thread, options, misspelt.events());
  EXPECT_TRUE(misspelt.end().contains("is no address of a link"));
}

// Listens and never answers.
class DeafServer {
 public:
  DeafServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const any = reinterpret_cast<sockaddr*>(&address_);
    listens_ = ::bind(socket_, any, size) == 0 && ::listen(socket_, 4) == 0 &&
               ::getsockname(socket_, any, &size) == 0;
  }
  ~DeafServer() { ::close(socket_); }
  DeafServer(const DeafServer&) = delete;
  DeafServer& operator=(const DeafServer&) = delete;
  bool listens() const { return listens_; }
  std::string authority() const { return "127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  int socket_;
  sockaddr_in address_{};
  bool listens_ = false;
};

TEST(Dial, GivesUpOnAServerThatDoesNotAnswer) {
  const DeafServer deaf;
  ASSERT_TRUE(deaf.listens());
  LinkThread thread;
  for (const std::string scheme : {"ws://", "wss://"}) {
    Ear ear;
    DialOptions options;
    options.connect_timeout = 50ms;
    options.url = scheme + deaf.authority();
    dial(thread, options, ear.events());
    EXPECT_EQ(ear.end(), "no link to " + deaf.authority() + " within 50 ms");
  }
}

TEST(Dial, IsSafeToCloseBeforeItIsOpen) {
  Yard yard;
  Ear ear;
  LinkThread thread;
  dial(thread, yard.address(), ear.events())->close();
  EXPECT_NE(ear.end(), "");
}

TEST(Dial, ChecksTheServersCertificate) {
  std::string pattern = std::filesystem::temp_directory_path() / "link-XXXXXX";
  const std::filesystem::path directory = ::mkdtemp(pattern.data());
  const auto right = Authority::open(directory / "right");
  const auto wrong = Authority::open(directory / "wrong");
  ASSERT_TRUE(right && wrong);
  ServerOptions secured;
  secured.tls = right->server_files();
  Yard yard(std::move(secured));
  LinkThread thread;
  DialOptions options = yard.address();
  options.url.replace(0, 2, "wss");

  Ear stranger;
  options.ca_file = wrong->ca_file();
  dial(thread, options, stranger.events());
  EXPECT_TRUE(stranger.end().contains("certificate verify failed"));

  Ear ear;
  options.ca_file = right->ca_file();
  const Channel agent = dial(thread, options, ear.events());
  agent->send("over TLS");
  EXPECT_EQ(yard.ear.frames(1).front(), "over TLS");
  const std::string large(3U << 20, 'y');
  const Channel server_end = yard.channel();
  server_end->send(large);
  EXPECT_TRUE(ear.frames(2).back() == large);
  server_end->close();
  EXPECT_EQ(ear.end(), "closed");
  std::filesystem::remove_all(directory);
}

TEST(Dial, NoticesADeadPeer) {
  ServerOptions impatient;
  impatient.silence_max = 100ms;
  Yard yard(std::move(impatient));
  // Greets as a WebSocket should and says nothing more, like a machine whose power went.
  RawCaller dead(yard.server->port());
  dead.say(
      "GET /link HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Authorization: Bearer right\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_TRUE(dead.hear_until("hello /link").contains("101 Switching Protocols"));
  EXPECT_EQ(yard.ear.end(), "the peer was silent for 100 ms");
}

TEST(Dial, KeepsAQuietPeerThatAnswersPings) {
  ServerOptions impatient;
  impatient.silence_max = 60ms;
  Yard yard(std::move(impatient));
  Ear ear;
  LinkThread thread;
  const Channel agent = dial(thread, yard.address(), ear.events());
  std::promise<void> long_after;
  thread.post_after(300ms, [&long_after] { long_after.set_value(); });
  long_after.get_future().get();
  agent->send("still here");
  EXPECT_EQ(yard.ear.frames(1).front(), "still here");
}

TEST(Dial, EndsItsChannelsWithTheServerAndWithTheThread) {
  Yard yard;
  Ear first;
  LinkThread thread;
  const Channel agent = dial(thread, yard.address(), first.events());
  first.frames(1);
  yard.server->stop();
  EXPECT_EQ(first.end(), "closed");
  EXPECT_EQ(yard.ear.end(), "closed");

  Yard other;
  Ear second;
  {
    LinkThread brief;
    dial(brief, other.address(), second.events());
    second.frames(1);
  }
  EXPECT_EQ(second.end(), "closed");
  EXPECT_EQ(other.ear.end(), "closed");
}

TEST(Dial, RefusesAnUpgradeWhereNoneIsServed) {
  const auto server = Server::start({}, [](HttpRequest, HttpReply) {});
  ASSERT_TRUE(server);
  Ear ear;
  LinkThread thread;
  DialOptions options;
  options.url = "ws://127.0.0.1:" + std::to_string((*server)->port());
  dial(thread, options, ear.events());
  EXPECT_TRUE(ear.end().contains("404"));
}

TEST(Backoff, GrowsToItsLimitAndStartsAgain) {
  Backoff backoff({.first = 100ms, .most = 300ms});
  EXPECT_EQ(backoff.next(0.0), 50ms);
  EXPECT_EQ(backoff.next(0.5), 150ms);
  EXPECT_EQ(backoff.next(0.0), 150ms);
  EXPECT_EQ(backoff.next(1.0), 300ms);
  backoff.reset();
  EXPECT_EQ(backoff.next(0.0), 50ms);
}

TEST(Redialer, ComesBackToAServerThatReturns) {
  auto yard = std::make_unique<Yard>();
  const std::uint16_t port = yard->server->port();
  const DialOptions address = yard->address();
  LinkThread thread;
  std::atomic<int> lost = 0;
  std::promise<void> lost_twice;
  Redialer redialer(
      thread, [address] { return address; },
      {.on_open = [](Channel channel) { channel->send("reporting"); },
       .on_frame = {},
       .on_lost =
           [&](std::string, std::chrono::milliseconds) {
             if (++lost == 2) lost_twice.set_value();
           }},
      [] { return 0.5; }, {.first = 4ms, .most = 20ms});
  EXPECT_EQ(yard->ear.frames(1).front(), "reporting");
  yard.reset();
  lost_twice.get_future().get();
  ServerOptions options;
  options.port = port;
  Yard back(std::move(options));
  EXPECT_EQ(back.ear.frames(1).front(), "reporting");
}

}  // namespace
}  // namespace batchyard::edge
