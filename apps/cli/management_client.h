// The command line's way to the management plane: as a service principal, as any other client.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/result.h"
#include "edge/http/client.h"

namespace batchyard::cli {

// Which installation, and who asks. What is empty is taken from the environment:
// BATCHYARD_MANAGEMENT, AZURE_SUBSCRIPTION_ID, AZURE_TENANT_ID, AZURE_CLIENT_ID,
// AZURE_CLIENT_SECRET, REQUESTS_CA_BUNDLE.
struct ManagementConnection {
  std::string endpoint;
  std::string subscription;
  std::string client;
  std::string secret;
  std::string ca_file;

  // An error says which variable is missing and where to get it.
  Result<> complete();
};

class ManagementClient {
 public:
  // Logs in.
  static Result<ManagementClient> open(const ManagementConnection& connection);

  // Paths are absolute; those of the contract get the newest api-version. What is answered with 202
  // is waited for. An answer that is no success is an Error with its code and message.
  Result<boost::json::value> send(const std::string& method, const std::string& path,
                                  const std::string& body = {});
  // The id of the subscription, "/subscriptions/…".
  std::string scope() const { return "/subscriptions/" + connection_.subscription; }

 private:
  ManagementClient(ManagementConnection connection, edge::Client client)
      : connection_(std::move(connection)), client_(std::move(client)) {}
  Result<HttpResponse> exchange(const std::string& method, const std::string& url,
                                const std::string& body);

  ManagementConnection connection_;
  edge::Client client_;
  std::string token_;
};

}  // namespace batchyard::cli
