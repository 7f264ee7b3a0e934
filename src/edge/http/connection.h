// One caller's connection: reads a request, hands it to the handler, writes the answer, again and
// again, until it is closed or becomes a channel. Requests that are sent ahead wait in the buffer:
// the answers leave in the order asked.
//
//   idle ──first byte──> reading ──whole──> handling ──reply──> writing ──> idle | closed
//                           └──refused──────────────────────> writing ──> discarding ──> closed
//                           └──upgrade──> gone (a WebsocketChannel has the transport)
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/http/request_parser.h"
#include "edge/http/transport.h"
#include "edge/http/worker.h"

namespace batchyard::edge {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Worker> worker, TcpSocket socket, Place place);

  void start();
  void close();
  void close_if_idle();
  SteadyTime deadline() const { return deadline_; }

  // What the handler and its body sources call, by a Delivery; nothing when they were dropped
  // uncalled.
  void answer(std::optional<HttpResponse> response);
  void part_came(std::optional<Result<std::string>> part);
  // The handler asks for more of a body that it takes part by part.
  void body_wanted(std::optional<BodyPart> wanted);
  Worker& worker() { return *worker_; }

 private:
  enum class Phase { idle, reading, handling, writing, discarding, closed };

  // connection_read.cpp
  void next_request();
  void read_more();
  void received(IoError error, std::size_t size);
  void feed();
  void head_came();
  void body_follows();
  void feed_wanted();
  void give_body(Result<std::string> part);
  void dispatch();
  void upgrade();
  void malformed(const IoError& error);
  void too_long();
  void discard(std::uint64_t size_left);
  bool make_room();

  // connection_write.cpp
  void refuse(const Error& error);  // and close
  HttpResponse refusal(const Error& error);
  void respond(HttpResponse response);
  void write(void (Connection::*then)());
  void pull();
  void answered();
  void leave();

  void expire_in(std::chrono::milliseconds time);
  void expire_after_transfer(std::uint64_t size);

  std::shared_ptr<Worker> worker_;
  Place place_;
  std::unique_ptr<Transport> transport_;
  std::string peer_;
  Phase phase_ = Phase::idle;
  SteadyTime deadline_ = SteadyTime::max();

  std::vector<char> input_;  // received and not yet parsed: [input_begin_, input_end_)
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  std::optional<RequestParser> parser_;
  HttpRequest asked_;  // the head without its fields, for refusals once the handler has the request

  std::string head_;  // of the answer; then the frame of each chunk
  std::string part_;
  std::array<boost::asio::const_buffer, 3> output_;  // what is left to write
  BodyPart wanted_;                                  // waits for more of the body
  BodySource source_;
  std::uint64_t source_left_ = 0;
  bool keep_alive_ = false;
  bool chunked_ = false;
  bool refused_ = false;
  bool streams_ = false;    // the handler pulls the body
  bool continues_ = false;  // and its sender waits to be told to go on
};

}  // namespace batchyard::edge
