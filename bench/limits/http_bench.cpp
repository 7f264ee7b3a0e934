// Minimal Boost.Beast HTTP/1.1 keep-alive server, one thread, asynchronous.
// usage: http_bench PORT plain|tls MODE [log_dir]
//  GET  -> 200, about 300 bytes of JSON (a "get task" answer)
//  POST -> MODE null   : read body, fixed 200
//          MODE parse  : + HMAC-SHA256 over a 275-byte string, simdjson walk, 100-entry result list
//          in the answer MODE commit : + append of the rows to a log, write + fdatasync in line,
//          before the answer MODE group  : + same, but one fdatasync on a flusher thread covers all
//          waiting requests
#include <fcntl.h>
#include <openssl/hmac.h>
#include <simdjson.h>
#include <unistd.h>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>
namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using tcp = net::ip::tcp;
static std::string g_mode;
static int g_log = -1;
static net::io_context ioc{1};
static const std::string kGet =
    "{\"odata.metadata\":\"https://account.region.batch.example/$metadata#tasks/"
    "@Element\",\"id\":\"task-000000001\",\"url\":\"https://account.region.batch.example/jobs/"
    "job-1/tasks/"
    "task-000000001\",\"eTag\":\"0x8DE2A\",\"state\":\"completed\",\"executionInfo\":{\"exitCode\":"
    "0,\"retryCount\":0,\"requeueCount\":0}}";
static std::mutex gm;
static std::condition_variable gw;
static std::string gbuf;
static std::vector<std::function<void()>> gwait;
static void flusher() {
  for (;;) {
    std::unique_lock l(gm);
    gw.wait(l, [] { return !gbuf.empty(); });
    std::string b;
    b.swap(gbuf);
    auto w = std::move(gwait);
    gwait.clear();
    l.unlock();
    if (write(g_log, b.data(), b.size()) < 0) abort();
    fdatasync(g_log);
    net::post(ioc, [w = std::move(w)] {
      for (auto& f : w) f();
    });
  }
}
static simdjson::ondemand::parser parser;
static std::string handle_post(std::string& body, std::string& rows) {
  unsigned char key[64] = {7}, mac[32];
  unsigned ml;
  std::string sts(275, 's');
  HMAC(EVP_sha256(), key, 64, (const unsigned char*)sts.data(), sts.size(), mac, &ml);
  size_t n = body.size();
  body.reserve(n + simdjson::SIMDJSON_PADDING);
  auto d = parser.iterate(body.data(), n, body.capacity());
  std::string out = "{\"value\":[";
  out.reserve(32768);
  bool first = true;
  for (auto t : d["value"].get_array()) {
    auto o = t.get_object().value();
    std::string_view id = o["id"].get_string().value();
    std::string sid(id);
    std::string_view raw = o.raw_json().value();
    rows.append("job-1/").append(sid).push_back('\0');
    rows.append(raw);
    rows.push_back('\n');
    if (!first) out += ',';
    first = false;
    out.append("{\"taskId\":\"")
        .append(sid)
        .append(
            "\",\"status\":\"Success\",\"eTag\":\"0x8DE2A0C0FFEE000\",\"lastModified\":\"2026-11-"
            "23T06:25:00.0000000Z\",\"location\":\"https://account.region.batch.example/jobs/job-1/"
            "tasks/")
        .append(sid)
        .append("\"}");
  }
  return out + "]}";
}
template <class S>
struct Session : std::enable_shared_from_this<Session<S>> {
  S s;
  beast::flat_buffer b{1 << 20};
  std::optional<http::request_parser<http::string_body>> p;
  http::response<http::string_body> r;
  template <class... A>
  explicit Session(A&&... a) : s(std::forward<A>(a)...) {}
  void read() {
    p.emplace();
    p->body_limit(8 << 20);
    http::async_read(s, b, *p, [self = this->shared_from_this()](auto ec, size_t) {
      if (!ec) self->on();
    });
  }
  void on() {
    auto& q = p->get();
    r = {};
    r.version(11);
    r.keep_alive(true);
    r.set(http::field::content_type, "application/json;odata=minimalmetadata");
    r.result(http::status::ok);
    if (q.method() != http::verb::post || g_mode == "null") {
      r.body() = q.method() == http::verb::post ? "{}" : kGet;
      return send();
    }
    std::string rows;
    rows.reserve(80000);
    r.body() = handle_post(q.body(), rows);
    if (g_mode == "commit") {
      if (write(g_log, rows.data(), rows.size()) < 0) abort();
      fdatasync(g_log);
    }
    if (g_mode == "group") {
      std::lock_guard l(gm);
      gbuf += rows;
      gwait.push_back([self = this->shared_from_this()] { self->send(); });
      gw.notify_one();
      return;
    }
    send();
  }
  void send() {
    r.prepare_payload();
    http::async_write(s, r, [self = this->shared_from_this()](auto ec, size_t) {
      if (!ec) self->read();
    });
  }
};
int main(int c, char** v) {
  unsigned short port = atoi(v[1]);
  bool tls = std::string(v[2]) == "tls";
  g_mode = v[3];
  if (c > 4)
    g_log = open((std::string(v[4]) + "/http_bench.log").c_str(),
                 O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0644);
  if (g_mode == "group") std::thread(flusher).detach();
  net::ssl::context ctx(net::ssl::context::tls_server);
  if (tls) {
    ctx.use_certificate_chain_file("cert.pem");
    ctx.use_private_key_file("key.pem", net::ssl::context::pem);
    SSL_CTX_set_min_proto_version(ctx.native_handle(), TLS1_3_VERSION);
  }
  tcp::acceptor a(ioc, {net::ip::make_address("127.0.0.1"), port});
  std::function<void()> acc = [&] {
    a.async_accept([&](auto ec, tcp::socket s) {
      if (!ec) {
        s.set_option(tcp::no_delay(true));
        if (tls) {
          auto x = std::make_shared<Session<beast::ssl_stream<tcp::socket>>>(std::move(s), ctx);
          x->s.async_handshake(net::ssl::stream_base::server, [x](auto ec) {
            if (!ec) x->read();
          });
        } else
          std::make_shared<Session<tcp::socket>>(std::move(s))->read();
      }
      acc();
    });
  };
  acc();
  ioc.run();
}
