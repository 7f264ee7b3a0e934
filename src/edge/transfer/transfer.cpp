#include "edge/transfer/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace batchyard::edge {

namespace {

constexpr long connect_seconds = 15;
constexpr long slow_bytes_per_second = 1;
constexpr long slow_seconds = 60;
constexpr std::size_t text_max = 32u << 20;
constexpr int tries_max = 5;
constexpr std::chrono::milliseconds first_pause(200);
constexpr std::chrono::milliseconds longest_pause(5000);

struct Flow {
  CURL* handle;
  const TransferRequest& request;
  const Halt& halt;
  TransferAnswer& answer;
  std::int64_t sent = 0;
  bool kept_from = false;  // an address that it may not go to
  bool begun = false;
};

long status_of(CURL* handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::string header_of(CURL* handle, const char* name) {
  curl_header* found = nullptr;
  const bool there = curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
  return there ? found->value : std::string();
}

// "bytes 100-199/1000"
std::int64_t begin_of_part(std::string_view range) {
  if (!range.starts_with("bytes ")) return -1;
  range.remove_prefix(6);
  return parse_integer(range.substr(0, range.find('-'))).value_or(-1);
}

int begin_once(Flow& flow) {
  if (flow.begun || !flow.request.begin) return 0;
  flow.begun = true;
  return flow.request.begin({.status = status_of(flow.handle),
                             .etag = header_of(flow.handle, "ETag"),
                             .from = begin_of_part(header_of(flow.handle, "Content-Range"))});
}

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
  Flow& flow = *static_cast<Flow*>(to);
  const std::size_t length = size * count;
  const long status = status_of(flow.handle);
  if (flow.request.sink && status >= 200 && status < 300) {
    flow.answer.error = begin_once(flow);
    if (flow.answer.error == 0) flow.answer.error = flow.request.sink(data, length);
    return flow.answer.error == 0 ? length : 0;
  }
  if (flow.answer.text.size() + length > text_max) return 0;
  flow.answer.text.append(data, length);
  return length;
}

std::size_t give(char* data, std::size_t size, std::size_t count, void* from) {
  Flow& flow = *static_cast<Flow*>(from);
  const TransferRequest& request = flow.request;
  const std::int64_t whole =
      request.file >= 0 ? request.length : static_cast<std::int64_t>(request.body.size());
  const auto room = static_cast<std::size_t>(
      std::min<std::int64_t>(whole - flow.sent, static_cast<std::int64_t>(size * count)));
  if (room == 0) return 0;
  if (request.file < 0) {
    std::memcpy(data, request.body.data() + flow.sent, room);
    flow.sent += static_cast<std::int64_t>(room);
    return room;
  }
  const ssize_t got = pread(request.file, data, room, request.offset + flow.sent);
  if (got <= 0) return CURL_READFUNC_ABORT;  // unreadable, or shorter than it was
  flow.sent += got;
  return static_cast<std::size_t>(got);
}

// Sending anew, on another connection.
int rewind_to(void* from, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Flow*>(from)->sent = offset;
  return CURL_SEEKFUNC_OK;
}

// Every connection, after the name was resolved and after every redirect.
curl_socket_t open_if_allowed(void* from, curlsocktype, curl_sockaddr* address) {
  Flow& flow = *static_cast<Flow*>(from);
  if (!flow.request.egress->allows(&address->addr)) {
    flow.kept_from = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int look_up(void* from, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Flow*>(from)->halt.is_set() ? 1 : 0;
}

// <Code>AuthorizationFailure</Code> of a storage's refusal.
std::string storage_code(const std::string& text) {
  const std::size_t start = text.find("<Code>");
  const std::size_t end = text.find("</Code>");
  if (start == std::string::npos || end == std::string::npos || end < start) return {};
  const std::string code = text.substr(start + 6, std::min<std::size_t>(end - start - 6, 64));
  const bool plain =
      std::ranges::all_of(code, [](unsigned char letter) { return std::isalnum(letter) != 0; });
  return plain ? code : std::string();
}

void describe_sending(CURL* handle, const TransferRequest& request, Flow& flow) {
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "GET") return;
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(handle, CURLOPT_READDATA, &flow);
  curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, rewind_to);
  curl_easy_setopt(handle, CURLOPT_SEEKDATA, &flow);
  curl_easy_setopt(
      handle, CURLOPT_INFILESIZE_LARGE,
      static_cast<curl_off_t>(request.file >= 0 ? request.length
                                                : static_cast<std::int64_t>(request.body.size())));
}

}  // namespace

struct Transfer::Handle {
  CURL* curl = curl_easy_init();
  ~Handle() { curl_easy_cleanup(curl); }
};

Transfer::Transfer(std::string ca_file)
    : ca_file_(std::move(ca_file)), handle_(std::make_unique<Handle>()) {}
Transfer::~Transfer() = default;

TransferAnswer Transfer::perform(const TransferRequest& request, const Halt& halt) {
  CURL* handle = handle_->curl;
  TransferAnswer answer;
  Flow flow{handle, request, halt, answer};
  curl_easy_reset(handle);  // connections stay
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  for (const std::string& header : request.headers)
    headers = curl_slist_append(headers, header.c_str());
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, request.follow_redirects ? 1L : 0L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, slow_seconds);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &flow);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, look_up);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &flow);
  if (!ca_file_.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file_.c_str());
  if (request.direct || request.egress != nullptr) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  if (request.egress != nullptr) {
    // A connection that is kept may have been made before it was asked.
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_if_allowed);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &flow);
  }
  describe_sending(handle, request, flow);
  const CURLcode code = curl_easy_perform(handle);
  curl_slist_free_all(headers);
  answer.status = status_of(handle);
  if (code == CURLE_OK && request.sink && answer.good_status()) answer.error = begin_once(flow);
  if (code == CURLE_OK && answer.error == 0) {
    answer.end = TransferEnd::answered;
    return answer;
  }
  answer.why = flow.kept_from ? "its address is not public, nor allowed (--allow-egress)"
                              : curl_easy_strerror(code);
  answer.end = halt.is_set()                      ? TransferEnd::halted
               : answer.error != 0                ? TransferEnd::sink_failed
               : code == CURLE_OPERATION_TIMEDOUT ? TransferEnd::timed_out
                                                  : TransferEnd::failed;
  return answer;
}

TransferAnswer Transfer::perform_patiently(const TransferRequest& request, Halt& halt,
                                           const std::function<void()>& before_try) {
  std::chrono::milliseconds length = first_pause;
  for (int number = 1;; ++number) {
    if (before_try) before_try();
    TransferAnswer answer = perform(request, halt);
    if (answer.good() || number >= tries_max || !answer.may_try_again() || !halt.pause(length))
      return answer;
    length = std::min(length * 3, longest_pause);
  }
}

bool TransferAnswer::may_try_again() const {
  if (end == TransferEnd::failed || end == TransferEnd::timed_out) return true;
  return end == TransferEnd::answered && (status == 408 || status == 429 || status == 500 ||
                                          status == 502 || status == 503 || status == 504);
}

std::string TransferAnswer::in_words() const {
  if (end != TransferEnd::answered) return why;
  const std::string code = storage_code(text);
  return code.empty() ? fmt::format("the server answered {}", status)
                      : fmt::format("the server answered {} ({})", status, code);
}

std::string without_query(const std::string& url) {
  return url.substr(0, url.find('?'));
}

std::string with_query(const std::string& url, const std::string& query) {
  const std::size_t mark = url.find('?');
  return mark == std::string::npos ? url + "?" + query
                                   : url.substr(0, mark + 1) + query + "&" + url.substr(mark + 1);
}

std::string blob_url(const std::string& container_url, const std::string& name) {
  std::string path = without_query(container_url);
  while (path.ends_with('/')) path.pop_back();
  for (const std::string_view part : split(name, '/')) path += "/" + percent_encode(part);
  const std::size_t mark = container_url.find('?');
  return mark == std::string::npos ? path : path + container_url.substr(mark);
}

}  // namespace batchyard::edge
