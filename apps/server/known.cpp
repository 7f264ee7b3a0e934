#include "apps/server/known.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/described_json.h"
#include "model/application_status.h"
#include "model/status.h"

namespace batchyard::server {

Result<std::vector<engine::NodeOrder>> known_nodes(engine::StoreReader& store,
                                                   const Switchboard& switchboard) {
  std::vector<engine::NodeOrder> orders;
  engine::Query pools{.kind = engine::EntityKind::pool,
                      .parent = {},
                      .filter = nullptr,
                      .after = {},
                      .limit = 100'000};
  for (const engine::Row& pool : TRY(store.list(pools)).rows) {
    engine::Query nodes{.kind = engine::EntityKind::node,
                        .parent = pool.key.id,
                        .filter = nullptr,
                        .after = {},
                        .limit = 100'000};
    for (const engine::Row& node : TRY(store.list(nodes)).rows) {
      engine::NodeOrder order;
      order.pool = PoolId::trusted(pool.key.id);
      order.node = NodeId::trusted(node.key.id);
      order.token = switchboard.token_of(order.pool, order.node);
      const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
      const PoolFacts facts = TRY(from_json<PoolStatus>(pool.status)).facts;
      order.promise = facts.promise;
      order.boots = facts.boots;
      order.life = status.life;
      order.image = status.image;
      // Away: what is left of it goes.
      if (status.state == NodeState::deallocated || status.state == NodeState::preempted) continue;
      orders.push_back(std::move(order));
    }
  }
  return orders;
}

Result<std::set<std::string>> known_contents(engine::StoreReader& store) {
  constexpr std::size_t packages_max = 100'000;
  std::set<std::string> contents;
  const engine::Page page =
      TRY(store.list({.kind = engine::EntityKind::package, .limit = packages_max}));
  for (const engine::Row& row : page.rows) {
    const PackageStatus status = TRY(from_json<PackageStatus>(row.status));
    for (const auto& content : {status.uploaded, status.content}) {
      if (content) contents.insert(content->name);
    }
  }
  return contents;
}

Result<std::string> file_text(const std::string& option, const std::string& path) {
  std::stringstream text;
  std::ifstream file(path);
  if (!file) return fail(Kind::invalid, "", fmt::format("{} {} cannot be read", option, path));
  text << file.rdbuf();
  return text.str();
}

}  // namespace batchyard::server
