// One HTTP request after another over connections that are kept: what downloads and uploads have in
// common. For one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edge/transfer/egress.h"
#include "edge/transfer/halt.h"

namespace batchyard::edge {

// Of a 2xx answer whose body comes.
struct TransferHead {
  long status = 0;
  std::string etag;
  std::int64_t from = -1;  // of a part (206): the place of its first byte, where it is told
};

struct TransferRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  // What is sent: a text, or a part of an open file, which is read as it goes.
  std::string body;
  int file = -1;
  std::int64_t offset = 0;
  std::int64_t length = 0;
  // Takes the body of a 2xx answer, part by part; an errno calls the transfer off. Without it the
  // body is among the answer, as far as text_max.
  std::function<int(const char* bytes, std::size_t count)> sink;
  // Called before what the sink takes, also when that is nothing; an errno as there.
  std::function<int(const TransferHead& head)> begin;
  bool follow_redirects = false;
  bool direct = false;  // through no proxy, whatever the environment names
  // The addresses that it may go to, and so through no proxy either; nothing: any.
  const Egress* egress = nullptr;
};

enum class TransferEnd {
  answered,
  failed,     // no connection, or it broke
  timed_out,  // …or nothing moved for too long
  sink_failed,
  halted
};

struct TransferAnswer {
  TransferEnd end = TransferEnd::failed;
  long status = 0;   // of HTTP
  std::string text;  // its body, when no sink took it
  std::string why;   // in words, unless answered
  int error = 0;     // the sink's errno

  bool good_status() const { return status >= 200 && status < 300; }
  bool good() const { return end == TransferEnd::answered && good_status(); }
  bool may_try_again() const;
  // "the server answered 403 (AuthorizationFailure)", "connection refused".
  std::string in_words() const;
};

class Transfer {
 public:
  // `ca_file` is trusted beside the system's authorities; may be empty.
  explicit Transfer(std::string ca_file);
  ~Transfer();

  TransferAnswer perform(const TransferRequest& request, const Halt& halt);
  // Tries again, after growing pauses, what may go better the next time. `before_try`, if given, is
  // called before every try.
  TransferAnswer perform_patiently(const TransferRequest& request, Halt& halt,
                                   const std::function<void()>& before_try = {});

 private:
  struct Handle;
  std::string ca_file_;
  std::unique_ptr<Handle> handle_;
};

// A URL as it may be shown: what follows '?' may be a signature.
std::string without_query(const std::string& url);
// Puts "a=b&c=d" behind the URL's own query, before it when there is one.
std::string with_query(const std::string& url, const std::string& query);
// The blob of that name in a container whose URL has a signature.
std::string blob_url(const std::string& container_url, const std::string& name);

}  // namespace batchyard::edge
