// Who a node is, in its requests for what lies at the service: "Authorization: Node NAME:TOKEN".
// The token is the one that its link is opened with.
#pragma once

#include <optional>
#include <string>

#include "base/http_message.h"
#include "base/id.h"

namespace batchyard::service {

struct NodePlace {
  PoolId pool;
  NodeId node;
  std::string token;
};

// The header's value.
std::string node_authorization(const NodePlace& place);
// Nothing when the request brings no such credential.
std::optional<NodePlace> node_of(const HttpRequest& request);

}  // namespace batchyard::service
