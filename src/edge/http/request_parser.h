// Turns received bytes into an HttpRequest, part by part: Beast's grammar, writing straight into
// our own value.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string_view>

#include "base/http_message.h"
#include "edge/http/transport.h"

namespace batchyard::edge {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser();

  HttpRequest& request() { return request_; }
  bool http_1_0() const { return version_ == 10; }
  bool expects_continue() const { return expects_continue_; }
  bool wants_websocket() const;
  // The body is taken away part by part: no room is made for the whole.
  void stream() { streams_ = true; }
  // A body in an encoding that we cannot read the end of.
  bool unknown_encoding() const { return encoded_ && !chunked(); }

 private:
  using View = boost::beast::string_view;
  using Verb = boost::beast::http::verb;
  using Field = boost::beast::http::field;

  void on_request_impl(Verb verb, View method, View target, int version, IoError& error) override;
  void on_response_impl(int, View, int, IoError&) override {}
  void on_field_impl(Field field, View name, View value, IoError& error) override;
  void on_header_impl(IoError& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, IoError& error) override;
  std::size_t on_body_impl(View body, IoError& error) override;
  void on_chunk_header_impl(std::uint64_t, View, IoError&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remain, View body, IoError& error) override;
  void on_finish_impl(IoError&) override {}

  HttpRequest request_;
  int version_ = 11;
  bool expects_continue_ = false;
  bool encoded_ = false;
  bool streams_ = false;
};

}  // namespace batchyard::edge
