#include "edge/http/authority.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "edge/http/client.h"
#include "edge/http/raw_caller.h"
#include "edge/http/tls.h"
#include "edge/seal/sealed_file.h"

namespace batchyard::edge {
namespace {

class Directory {
 public:
  Directory() {
    std::string pattern = std::filesystem::temp_directory_path() / "authority-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

mode_t mode_of(const std::string& path) {
  struct stat status{};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

// A TLS client of OpenSSL's own, as strict as Python's ssl module is from 3.13 on.
struct StrictCaller {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* tls = nullptr;
  SSL_SESSION* session = nullptr;

  explicit StrictCaller(const std::string& ca_file) {
    SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context),
                                X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
  }
  ~StrictCaller() {
    SSL_SESSION_free(session);
    SSL_free(tls);
    SSL_CTX_free(context);
  }
  StrictCaller(const StrictCaller&) = delete;
  StrictCaller& operator=(const StrictCaller&) = delete;

  // One request over a new connection, going on with the last session when there is one. Empty when
  // not trusted.
  std::string ask(std::uint16_t port, const std::string& name, int version) {
    SSL_free(tls);
    tls = SSL_new(context);
    SSL_set_min_proto_version(tls, version);
    SSL_set_max_proto_version(tls, version);
    SSL_set_alpn_protos(tls, reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
    if (name == "127.0.0.1")
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name.c_str());
    else
      SSL_set1_host(tls, name.c_str());
    if (session) SSL_set_session(tls, session);
    BIO* socket = BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str());
    SSL_set_bio(tls, socket, socket);
    if (SSL_connect(tls) != 1) return {};
    const std::string request = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    SSL_write(tls, request.data(), static_cast<int>(request.size()));
    std::string heard;
    char part[4096];
    int size = 0;
    while ((size = SSL_read(tls, part, sizeof part)) > 0)
      heard.append(part, static_cast<std::size_t>(size));
    SSL_SESSION_free(session);
    session = SSL_get1_session(tls);
    SSL_shutdown(tls);
    return heard;
  }
};

std::unique_ptr<Server> serve(const Authority& authority) {
  ServerOptions options;
  options.tls = authority.server_files();
  auto server = Server::start(std::move(options), [](HttpRequest request, HttpReply reply) {
    HttpResponse response;
    response.body = request.scheme + " " + request.target;
    reply(std::move(response));
  });
  return server ? *std::move(server) : nullptr;
}

TEST(Authority, PassesStrictChecksAndResumesSessions) {
  const Directory directory;
  const auto authority = Authority::open(directory.path(), {"*.blob.localhost", "yard.example"});
  ASSERT_TRUE(authority) << authority.error().message;
  EXPECT_TRUE(authority->made());
  const auto server = serve(*authority);
  ASSERT_TRUE(server);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    StrictCaller caller(authority->ca_file());
    EXPECT_TRUE(caller.ask(server->port(), "localhost", version).ends_with("https /x")) << version;
    EXPECT_EQ(SSL_session_reused(caller.tls), 0);
    const unsigned char* protocol = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(caller.tls, &protocol, &length);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(protocol), length), "http/1.1");
    EXPECT_TRUE(caller.ask(server->port(), "localhost", version).ends_with("https /x")) << version;
    EXPECT_EQ(SSL_session_reused(caller.tls), 1) << version;
  }
  for (const char* name : {"127.0.0.1", "yard.example", "account.blob.localhost"}) {
    StrictCaller caller(authority->ca_file());
    EXPECT_TRUE(caller.ask(server->port(), name, TLS1_3_VERSION).ends_with("https /x")) << name;
  }
  StrictCaller stranger(authority->ca_file());
  EXPECT_EQ(stranger.ask(server->port(), "elsewhere.example", TLS1_3_VERSION), "");
  StrictCaller old(authority->ca_file());
  EXPECT_EQ(old.ask(server->port(), "localhost", TLS1_1_VERSION), "");
}

TEST(Authority, IsTrustedByCurlAndByNobodyWhoHasAnother) {
  const Directory directory;
  const Directory other;
  const auto authority = Authority::open(directory.path());
  const auto stranger = Authority::open(other.path());
  ASSERT_TRUE(authority && stranger);
  const auto server = serve(*authority);
  ASSERT_TRUE(server);
  auto request = request_for("GET", "https://localhost:" + std::to_string(server->port()) + "/c");
  ASSERT_TRUE(request);
  ClientOptions options;
  options.ca_file = authority->ca_file();
  const auto trusted = Client(options).send(*request);
  ASSERT_TRUE(trusted) << trusted.error().message;
  EXPECT_EQ(trusted->body, "https /c");
  options.ca_file = stranger->ca_file();
  const auto refused = Client(options).send(*request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "UntrustedServer");
  EXPECT_TRUE(refused.error().message.contains(stranger->ca_file()));
  // Someone who speaks no TLS is cut off, and the next caller is served.
  RawCaller plain(server->port());
  plain.say("GET / HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(plain.ended());
}

TEST(Authority, KeepsWhatItHasUntilANameIsMissingOrTheEndIsNear) {
  const Directory directory;
  const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const auto first = Authority::open(directory.path(), {"10.0.0.1"}, now);
  ASSERT_TRUE(first);
  const std::string ca = text_of(first->ca_file());
  const std::string leaf = text_of(first->server_files().certificate_chain);
  EXPECT_EQ(mode_of(directory.path() + "/ca.key"), 0600U);
  EXPECT_EQ(mode_of(first->server_files().private_key), 0600U);
  EXPECT_EQ(mode_of(first->ca_file()), 0644U);

  const auto again = Authority::open(directory.path(), {"10.0.0.1"}, now + std::chrono::hours(1));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->made());
  EXPECT_FALSE(again->renewed());
  EXPECT_EQ(text_of(first->server_files().certificate_chain), leaf);

  const auto more = Authority::open(directory.path(), {"10.0.0.1", "New.Example"}, now);
  ASSERT_TRUE(more);
  EXPECT_TRUE(more->renewed());
  EXPECT_NE(text_of(first->server_files().certificate_chain), leaf);

  const auto later_on = Authority::open(directory.path(), {}, now + std::chrono::hours(24 * 380));
  ASSERT_TRUE(later_on);
  EXPECT_FALSE(later_on->made());
  EXPECT_TRUE(later_on->renewed());
  EXPECT_EQ(text_of(first->ca_file()), ca);
}

TEST(Authority, RefusesAForeignKeyAndMakesUpForALostLeaf) {
  const Directory directory;
  const Directory other;
  ASSERT_TRUE(Authority::open(directory.path()));
  ASSERT_TRUE(Authority::open(other.path()));
  std::filesystem::remove(directory.path() + "/server.key");  // as after a crash between two files
  const auto mended = Authority::open(directory.path());
  ASSERT_TRUE(mended);
  EXPECT_TRUE(mended->renewed());
  EXPECT_TRUE(serve(*mended));
  std::filesystem::copy_file(other.path() + "/ca.key", directory.path() + "/ca.key",
                             std::filesystem::copy_options::overwrite_existing);
  const auto mixed = Authority::open(directory.path());
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code, "InvalidAuthority");
  EXPECT_FALSE(Authority::open(other.path(), {"not a name"}));
}

TEST(Server, NamesTheTlsFileItCannotUse) {
  ServerOptions options;
  options.tls = TlsFiles{"/nonexistent/chain.pem", "/nonexistent/key.pem"};
  const auto server = Server::start(std::move(options), [](HttpRequest, HttpReply) {});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, "InvalidTlsFile");
  EXPECT_TRUE(server.error().message.contains("/nonexistent/chain.pem"));
}

TEST(Authority, SealsItsKeysAlsoThoseFromBeforeThereWasASeal) {
  const Directory directory;
  const Seal seal({std::string(seal_key_size, 'k')}, "the test");
  const auto before = Authority::open(directory.path());
  ASSERT_TRUE(before);
  const std::string key = bytes_of_file(directory.path() + "/server.key");
  const auto sealed = Authority::open(directory.path(), {}, {}, &seal);
  ASSERT_TRUE(sealed);
  EXPECT_FALSE(sealed->made() || sealed->renewed());
  EXPECT_EQ(sealed->server_files().key_text, key);
  for (const char* file : {"/ca.key", "/server.key"})
    EXPECT_TRUE(is_sealed(bytes_of_file(directory.path() + file)));
  EXPECT_TRUE(tls_server_context(sealed->server_files()));
}

}  // namespace
}  // namespace batchyard::edge
