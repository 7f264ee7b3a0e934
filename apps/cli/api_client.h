// The command line's way to a service: the public Batch REST API with a shared key, as any other
// client uses it.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"

namespace batchyard::cli {

// Which service, and who asks. Taken from the options, or else from the environment
// (AZURE_BATCH_ENDPOINT, AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY, REQUESTS_CA_BUNDLE).
struct Connection {
  std::string endpoint;
  std::string account;
  std::string key;
  std::string ca_file;

  // Fills what is empty from the environment; an error says which variable is missing and where to
  // get it.
  Result<> complete();
};

class ApiClient {
 public:
  explicit ApiClient(Connection connection);
  ~ApiClient();

  // Paths are absolute: "/pools/p1/nodes?maxresults=10". The newest api-version is asked for where
  // they name none. An answer that is no
  // success is an Error with the service's code and message (Kind::busy when nobody answered).
  Result<boost::json::value> get(const std::string& path);
  Result<boost::json::value> post(const std::string& path, const boost::json::value& body);
  Result<> post_empty(const std::string& path);
  Result<> remove(const std::string& path);
  // Any verb with a body; an empty object is no body.
  Result<boost::json::value> send_json(const std::string& method, const std::string& path,
                                       const boost::json::object& body);
  // The same, however long the service takes.
  Result<boost::json::value> send_patiently(const std::string& method, const std::string& path,
                                            const boost::json::object& body);
  Result<boost::json::value> put_bytes(const std::string& path, std::string bytes);
  // Every element of a list, over all its pages.
  Result<boost::json::array> list(const std::string& path);
  // The bytes of a file from `offset` on; nothing when it is no longer than that. FileNotFound
  // while there is none.
  Result<std::string> read_file(const std::string& path, std::uint64_t offset);
  // A body without an end, part by part as it comes, until the service ends it or `sink` gives
  // false.
  Result<> follow(const std::string& path, const std::function<bool(std::string_view)>& sink);

 private:
  struct Answer;
  Result<HttpRequest> request(const std::string& method, const std::string& path, std::string body,
                              std::vector<std::pair<std::string, std::string>> headers);
  Result<Answer> send(const std::string& method, const std::string& path, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers);
  class Wire;
  std::unique_ptr<Wire> wire_;
};

// The exit code that an error of this client means.
int exit_code_of(const Error& error);

}  // namespace batchyard::cli
