#include "edge/http/client.h"

#include <curl/curl.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/text.h"

namespace batchyard::edge {
namespace {

struct Exchange {
  HttpResponse response;
  const BodySink* sink = nullptr;
  bool broken_off = false;
};

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::string_view line = trim(std::string_view(data, size));
  if (line.starts_with("HTTP/")) {  // also of a 100 Continue: the last head counts
    exchange.response = {};
    const std::size_t code = line.find(' ');
    if (code == std::string_view::npos) return size;
    exchange.response.status =
        static_cast<int>(parse_integer(line.substr(code + 1, 3)).value_or(0));
    exchange.response.reason = line.size() > code + 5 ? line.substr(code + 5) : "";
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    exchange.response.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  return size;
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.sink == nullptr) {
    exchange.response.body.append(data, size);
    return size;
  }
  try {
    if ((*exchange.sink)(std::string_view(data, size))) return size;
  } catch (const std::exception&) {
    // An exception must not pass through curl; the exchange ends instead.
  }
  exchange.broken_off = true;
  return 0;
}

Error explain(CURLcode code, const std::string& server, const char* text,
              const ClientOptions& options) {
  const std::string why = text[0] != '\0' ? text : curl_easy_strerror(code);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return {Kind::forbidden,
              "UntrustedServer",
              "The certificate of " + server + " is not trusted: " + why + ". " +
                  (options.ca_file.empty()
                       ? "Give the server's authority file."
                       : "Check that '" + options.ca_file + "' is this server's authority."),
              {},
              {}};
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::invalid,
              "InvalidTlsFile",
              "The file of trusted authorities '" + options.ca_file + "' cannot be used: " + why,
              {},
              {}};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::busy, "ServerTimeout", server + " did not answer in time: " + why, {}, {}};
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Kind::busy,
              "ServerUnreachable",
              "Cannot reach " + server + ": " + why + ". Is the server running there?",
              {},
              {}};
    default:
      return {
          Kind::busy, "ExchangeFailed", "The exchange with " + server + " failed: " + why, {}, {}};
  }
}

// A proxy that the environment names has no way to this machine's own loopback.
bool is_loopback(std::string_view host) {
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

// Once in a program, before its first handle; never undone, for nobody knows which client is the
// last.
void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

}  // namespace

class Client::Impl {
 public:
  explicit Impl(ClientOptions options) : options_(std::move(options)) {
    start_curl();
    handle_ = curl_easy_init();
  }
  ~Impl() { curl_easy_cleanup(handle_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<HttpResponse> send(const HttpRequest& request, const BodySink* sink);

 private:
  void set_transport(const std::string& url);
  void set_method(const HttpRequest& request);

  ClientOptions options_;
  CURL* handle_ = nullptr;
  char error_text_[CURL_ERROR_SIZE] = {};
};

void Client::Impl::set_transport(const std::string& url) {
  curl_easy_reset(handle_);  // keeps its connections
  curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(handle_, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
  if (!options_.ca_file.empty())
    curl_easy_setopt(handle_, CURLOPT_CAINFO, options_.ca_file.c_str());
}

void Client::Impl::set_method(const HttpRequest& request) {
  const bool bodiless_kind =
      request.method == "GET" || request.method == "HEAD" || request.method == "DELETE";
  if (request.method == "HEAD") {
    curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
  } else if (bodiless_kind && request.body.empty()) {
    curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Result<HttpResponse> Client::Impl::send(const HttpRequest& request, const BodySink* sink) {
  const std::string server = request.scheme + "://" + request.host;
  set_transport(server + request.target);
  set_method(request);
  if (is_loopback(request.host)) curl_easy_setopt(handle_, CURLOPT_NOPROXY, "*");

  struct List {
    curl_slist* head = nullptr;
    ~List() { curl_slist_free_all(head); }
    void add(const std::string& line) { head = curl_slist_append(head, line.c_str()); }
  } headers;
  for (const HttpHeader& header : request.headers)
    headers.add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  // curl adds this to a POST unless told otherwise; signatures cover it.
  if (request.header("Content-Type").empty()) headers.add("Content-Type:");
  curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.head);

  Exchange exchange;
  exchange.sink = sink;
  curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &exchange);

  error_text_[0] = '\0';
  const CURLcode code = curl_easy_perform(handle_);
  if (exchange.broken_off)
    return fail(Kind::busy, "BrokenOff", "The exchange with " + server + " was broken off here.");
  if (code != CURLE_OK) return std::unexpected(explain(code, server, error_text_, options_));
  return std::move(exchange.response);
}

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<HttpResponse> Client::send(const HttpRequest& request) {
  return impl_->send(request, nullptr);
}

Result<HttpResponse> Client::send(const HttpRequest& request, const BodySink& sink) {
  return impl_->send(request, &sink);
}

Result<HttpRequest> request_for(std::string method, std::string_view url) {
  HttpRequest request;
  request.method = std::move(method);
  const std::size_t scheme_end = url.find("://");
  const std::string_view scheme =
      scheme_end == std::string_view::npos ? std::string_view() : url.substr(0, scheme_end);
  if (scheme != "http" && scheme != "https")
    return fail(Kind::invalid, "InvalidUrl",
                "'" + std::string(url) + "' is no URL: it must begin with https:// or http://.");
  const std::string_view rest = url.substr(scheme_end + 3);
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  request.scheme = scheme;
  request.host = rest.substr(0, path);
  request.target = rest.substr(path);
  if (!request.target.starts_with('/')) request.target.insert(0, "/");
  return request;
}

}  // namespace batchyard::edge
