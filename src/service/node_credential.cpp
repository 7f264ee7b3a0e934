#include "service/node_credential.h"

#include <vector>

#include "base/text.h"

namespace batchyard::service {

namespace {

constexpr std::string_view node_scheme = "Node ";

}  // namespace

// Ids have no '/', and base64 no ':'.
std::string node_authorization(const NodePlace& place) {
  return std::string(node_scheme) + base64_encode(place.pool.text() + "/" + place.node.text()) +
         ":" + place.token;
}

std::optional<NodePlace> node_of(const HttpRequest& request) {
  const std::string_view header = request.header("Authorization");
  const std::size_t colon = header.find(':');
  if (!header.starts_with(node_scheme) || colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> name =
      base64_decode(header.substr(node_scheme.size(), colon - node_scheme.size()));
  if (!name) return std::nullopt;
  const std::vector<std::string_view> parts = split(*name, '/');
  if (parts.size() != 2) return std::nullopt;
  return NodePlace{.pool = PoolId::trusted(parts[0]),
                   .node = NodeId::trusted(parts[1]),
                   .token = std::string(header.substr(colon + 1))};
}

}  // namespace batchyard::service
