// A storage as the command line speaks to it: the built-in one, or whichever a connection string
// names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"
#include "blob/account.h"
#include "edge/http/client.h"

namespace batchyard::cli {

struct StoragePlace {
  std::string connection_string;  // empty: AZURE_STORAGE_CONNECTION_STRING
  std::string ca_file;            // empty: REQUESTS_CA_BUNDLE
};

struct StorageEntry {
  std::string name;
  bool is_group = false;  // of all names that begin so
  std::int64_t size = 0;
  std::string modified;
};
struct StoragePage {
  std::vector<StorageEntry> entries;
  std::string next;
};

class StorageClient {
 public:
  // Says which part of the connection string is missing.
  static Result<StorageClient> open(const StoragePlace& place);

  const blob::Account& account() const { return account_; }
  // Of a container, or of a blob; without a signature.
  std::string url(const std::string& container, const std::string& blob = {}) const;

  // Signed, to a URL of this storage with that query. What the storage refuses is an error in its
  // words.
  Result<HttpResponse> send(std::string method, const std::string& url, const std::string& query,
                            std::vector<HttpHeader> headers = {}, std::string body = {});
  // The same for a long answer.
  Result<HttpResponse> fetch(const std::string& url, std::vector<HttpHeader> headers,
                             const edge::BodySink& sink);
  // Of containers, when `container` is empty.
  Result<StoragePage> list(const std::string& container, const std::string& prefix,
                           const std::string& delimiter, const std::string& marker);

 private:
  StorageClient(blob::Account account, std::string endpoint, const std::string& ca_file);
  Result<HttpRequest> request(std::string method, const std::string& url, const std::string& query,
                              std::vector<HttpHeader> headers, std::string body) const;

  blob::Account account_;
  std::string endpoint_;
  edge::Client client_;
};

}  // namespace batchyard::cli
