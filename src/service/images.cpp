// Supported images and node counts: lists that are made up, not stored.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "api/view.h"
#include "base/described_json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "service/filter.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::object image_entity(const Image& image) {
  json::object entity{{"imageReference",
                       {{"publisher", image.publisher},
                        {"offer", image.offer},
                        {"sku", image.sku},
                        {"version", "latest"}}},
                      {"verificationType", image.verified ? "verified" : "unverified"},
                      {"nodeAgentSKUId", image.agent}};
  if (!image.capabilities.empty()) {
    json::array capabilities;
    for (const std::string& capability : image.capabilities)
      capabilities.push_back(json::value(capability));
    entity["capabilities"] = std::move(capabilities);
  }
  if (!image.ends.empty()) entity["batchSupportEndOfLife"] = image.ends + "T00:00:00Z";
  entity["osType"] = image.os;
  return entity;
}

// The filters of these lists compare texts only.
bool matches(const engine::FilterNode& node, const json::object& entity) {
  const auto child = [&](const engine::FilterNode& one) { return matches(one, entity); };
  switch (node.verb) {
    case engine::FilterVerb::both:
      return std::ranges::all_of(node.children, child);
    case engine::FilterVerb::either:
      return std::ranges::any_of(node.children, child);
    case engine::FilterVerb::negation:
      return !child(node.children.front());
    default: {
      const json::value* member = entity.if_contains(node.field.path);
      const bool same = member != nullptr && same_folded(std::string_view(member->get_string()),
                                                         std::get<std::string>(node.literal));
      return same == (node.verb == engine::FilterVerb::eq);
    }
  }
}

constexpr std::pair<NodeState, const char*> count_names[] = {
    {NodeState::creating, "creating"},
    {NodeState::idle, "idle"},
    {NodeState::leavingpool, "leavingPool"},
    {NodeState::offline, "offline"},
    {NodeState::preempted, "preempted"},
    {NodeState::rebooting, "rebooting"},
    {NodeState::reimaging, "reimaging"},
    {NodeState::running, "running"},
    {NodeState::starting, "starting"},
    {NodeState::starttaskfailed, "startTaskFailed"},
    {NodeState::unusable, "unusable"},
    {NodeState::unknown, "unknown"},
    {NodeState::waitingforstarttask, "waitingForStartTask"},
    {NodeState::upgradingos, "upgradingOS"},
    {NodeState::deallocated, "deallocated"},
    {NodeState::deallocating, "deallocating"}};

json::object counts_entity(const std::map<NodeState, int>& counts) {
  json::object entity;
  int total = 0;
  for (const auto& [state, name] : count_names) {
    const auto found = counts.find(state);
    const int count = found == counts.end() ? 0 : found->second;
    entity[name] = count;
    total += count;
  }
  entity["total"] = total;
  return entity;
}

}  // namespace

void Service::supported_images(Call call) {
  const auto run = [&]() -> Result<> {
    const std::size_t limit = TRY(page_size(call, 1000));
    const std::string after = TRY(start_after(call));
    const std::string_view text = call.query_value("$filter");
    std::optional<engine::FilterNode> filter;
    if (!text.empty()) filter = TRY(parse_filter(text, image_fields()));
    std::size_t number = 0;
    const std::size_t start = static_cast<std::size_t>(parse_integer(after).value_or(0));
    json::array values;
    std::optional<std::string> next;
    for (const Image& image : ports_.catalogue->facts().images) {
      json::object entity = image_entity(image);
      if (number++ < start || (filter && !matches(*filter, entity))) continue;
      if (values.size() == limit) {
        next = std::to_string(number - 1);
        break;
      }
      values.push_back(std::move(entity));
    }
    answer_list(call, "supportedimages", std::move(values), next);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::node_counts(Call call) {
  const auto run = [&]() -> Result<> {
    engine::Query pools{.kind = engine::EntityKind::pool, .parent = {}, .filter = nullptr};
    pools.after = TRY(start_after(call));
    pools.limit = TRY(page_size(call, 10));
    std::optional<engine::FilterNode> filter;
    if (const std::string_view text = call.query_value("$filter"); !text.empty()) {
      filter = TRY(parse_filter(text, node_count_fields()));
      pools.filter = &*filter;
    }
    const engine::Page page = TRY(ports_.store->list(pools));
    json::array values;
    for (const engine::Row& pool : page.rows) {
      std::map<NodeState, int> counts[2];
      engine::Query nodes{.kind = engine::EntityKind::node,
                          .parent = pool.key.id,
                          .filter = nullptr,
                          .after = {},
                          .limit = 1'000'000};
      for (const engine::Row& row : TRY(ports_.store->list(nodes)).rows) {
        const NodeStatus status = TRY(from_json<NodeStatus>(row.status));
        ++counts[status.dedicated ? 0 : 1][status.state];
      }
      json::object entity{{"poolId", pool.key.id},
                          {"dedicated", counts_entity(counts[0])},
                          {"lowPriority", counts_entity(counts[1])}};
      api::view(api::Model::PoolNodeCounts, call.version, entity);
      values.push_back(std::move(entity));
    }
    answer_list(call, "poolnodecounts", std::move(values), page.next);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
