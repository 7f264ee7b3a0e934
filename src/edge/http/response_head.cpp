#include "edge/http/response_head.h"

#include <boost/beast/http/status.hpp>
#include <charconv>
#include <chrono>

#include "base/text.h"
#include "base/time.h"
#include "edge/http/limits.h"

namespace batchyard::edge {
namespace {

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
  out.append(digits, end);
}

void append_clean(std::string& out, std::string_view text) {
  const std::size_t from = out.size();
  out.append(text);
  for (std::size_t at = from; at < out.size(); ++at) {
    const auto byte = static_cast<unsigned char>(out[at]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) out[at] = ' ';
  }
}

std::string_view phrase(const HttpResponse& response) {
  if (response.reason.empty()) {
    const auto standard = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
    return {standard.data(), standard.size()};
  }
  std::string_view reason = response.reason;
  reason = reason.substr(0, reason.find_first_of("\r\n"));
  return reason.substr(0, reason_phrase_max);
}

bool is_ours(std::string_view name) {
  switch (name.size()) {
    case 4:
      return same_folded(name, "Date");
    case 10:
      return same_folded(name, "Connection");
    case 14:
      return same_folded(name, "Content-Length");
    case 17:
      return same_folded(name, "Transfer-Encoding");
    default:
      return false;
  }
}

// Made once a second and thread, not once an answer.
std::string_view date_line() {
  thread_local std::chrono::seconds second{-1};
  thread_local std::string line;
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const auto this_second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  if (this_second != second) {
    second = this_second;
    line = "Date: " + to_rfc1123(now) + "\r\n";
  }
  return line;
}

}  // namespace

void write_response_head(std::string& out, const HttpResponse& response, const Framing& framing) {
  out.clear();
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.push_back(' ');
  append_clean(out, phrase(response));
  out.append("\r\n");
  for (const HttpHeader& header : response.headers) {
    if (is_ours(header.name)) continue;
    append_clean(out, header.name);
    out.append(": ");
    append_clean(out, header.value);
    out.append("\r\n");
  }
  out.append(date_line());
  if (framing.content_length) {
    out.append("Content-Length: ");
    append_number(out, *framing.content_length);
    out.append("\r\n");
  }
  if (framing.chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (!framing.keep_alive)
    out.append("Connection: close\r\n");
  else if (framing.http_1_0)
    out.append("Connection: keep-alive\r\n");
  out.append("\r\n");
}

}  // namespace batchyard::edge
