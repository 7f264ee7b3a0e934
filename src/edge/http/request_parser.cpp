#include "edge/http/request_parser.h"

#include <algorithm>

#include "base/text.h"
#include "edge/http/limits.h"

namespace batchyard::edge {
namespace http = boost::beast::http;
namespace {

// A proxy's form of a target, http://host/path, means /path.
std::string_view origin_form(std::string_view target) {
  const std::size_t scheme_end = target.find("://");
  if (target.starts_with('/') || scheme_end == std::string_view::npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme_end + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

RequestParser::RequestParser() {
  header_limit(head_size_max);
  body_limit(boost::none);  // set when the head is known
  request_.headers.reserve(12);
}

bool RequestParser::wants_websocket() const {
  return upgrade() && request_.method == "GET" &&
         same_folded(request_.header("Upgrade"), "websocket");
}

void RequestParser::on_request_impl(Verb, View method, View target, int version, IoError& error) {
  request_.method.assign(method.data(), method.size());
  request_.target = origin_form(std::string_view(target.data(), target.size()));
  version_ = version;
  error = {};
}

void RequestParser::on_field_impl(Field field, View name, View value, IoError& error) {
  error = {};
  // Fields after a chunked body are left out: nobody who checked the head would look at them again.
  if (is_header_done()) return;
  request_.headers.push_back({std::string(name), std::string(value)});
  if (field == Field::host) request_.host.assign(value.data(), value.size());
  if (field == Field::transfer_encoding) encoded_ = true;
  if (field == Field::expect && same_folded(request_.headers.back().value, "100-continue"))
    expects_continue_ = true;
}

void RequestParser::on_header_impl(IoError& error) {
  error = {};
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length,
                                      IoError& error) {
  error = {};
  // What is claimed is believed only so far: memory comes with the bytes.
  if (length && !streams_) request_.body.reserve(std::min<std::uint64_t>(*length, body_size_max));
}

std::size_t RequestParser::on_body_impl(View body, IoError& error) {
  error = {};
  request_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, IoError& error) {
  return on_body_impl(body, error);
}

}  // namespace batchyard::edge
