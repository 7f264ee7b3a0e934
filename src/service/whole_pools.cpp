// Pools and certificates as the account's management plane asks for them: with all that it shows of
// them, in lists, and made or changed as a whole. Paths below /batchyard/whole/, in the words of
// the data plane and the version that the request names:
//   GET pools, pools/ID            {"pool": …, "tags": …, "resize": …}
//   PUT, PATCH pools/ID            {"pool": …, "identity": …, "tags": …, "nodeDeallocationOption":
//   …} GET certificates, certificates/ID          {"certificate": …, "format": …, "eTag": …} PUT
//   certificates/ID                        {"certificate": …}
// PUT makes what is not there and says everything anew of what is; PATCH changes what it names.
// Both do all of it or nothing.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/entity_parts.h"
#include "service/filter.h"
#include "service/pool_rules.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t whole_page_max = 1000;

// How many nodes a change wants, or by which formula; nothing when it says nothing of that.
Result<std::optional<engine::Rescale>> scale_of(const api::PoolAddParameter& pool, bool replaces,
                                                const std::optional<std::string>& deallocation) {
  const bool targets = pool.targetDedicatedNodes || pool.targetLowPriorityNodes;
  const bool formula = pool.enableAutoScale.value_or(false);
  if (!replaces && !targets && !formula) return std::optional<engine::Rescale>();
  engine::Rescale scale;
  scale.autoscale = TRY(autoscale_of(pool));
  scale.resize_timeout = TRY(resize_timeout_of(pool.resizeTimeout));
  scale.deallocation = deallocation_of(deallocation);
  scale.target_dedicated = pool.targetDedicatedNodes;
  scale.target_low_priority = pool.targetLowPriorityNodes;
  if (replaces) {
    scale.target_dedicated = pool.targetDedicatedNodes.value_or(0);
    scale.target_low_priority = pool.targetLowPriorityNodes.value_or(0);
  }
  return std::optional(std::move(scale));
}

bool is_empty_object(const json::value* value) {
  return value != nullptr && value->is_object() && value->get_object().empty();
}

// What the contract's own model does not know.
void take_others(const json::object& whole, json::object& spec) {
  for (const char* name : {"identity", "tags"}) {
    if (const json::value* value = whole.if_contains(name)) spec[name] = *value;
  }
}

std::span<const FilterableField> whole_fields(engine::EntityKind kind) {
  static const std::vector<FilterableField> certificates = [] {
    std::vector<FilterableField> fields(certificate_fields().begin(), certificate_fields().end());
    fields.push_back({"id", FieldType::text, true, true, {engine::FieldPlace::id, {}}});
    return fields;
  }();
  return kind == engine::EntityKind::pool ? pool_fields() : certificates;
}

Result<json::object> body_object(const Call& call) {
  json::value body = TRY(api::parse_body(call.request.body));
  if (body.is_object()) return std::move(body.get_object());
  return refusal("InvalidRequestBody", "The request body must be an object.");
}

}  // namespace

void Service::operate_whole(Call call) {
  const std::vector<std::string_view> parts = split(call.raw_path(), '/');
  const bool pools = parts.size() > 3 && parts[3] == "pools";
  const engine::EntityKind kind =
      pools ? engine::EntityKind::pool : engine::EntityKind::certificate;
  const std::string id =
      parts.size() == 5 ? percent_decode(parts[4]).value_or(std::string(parts[4])) : std::string();
  if (call.request.method == "GET") {
    const Result<> shown = id.empty() ? list_whole(call, kind) : show_whole(call, kind, id);
    if (!shown) answer_error(call, shown.error());
    return;
  }
  Result<engine::Command> command =
      pools ? whole_pool_command(call, id) : whole_certificate_command(call, id);
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

Result<json::object> Service::whole_of(const Call& call, const engine::Row& row) const {
  const json::object spec = TRY(spec_of(row));
  json::object whole;
  if (row.key.kind == engine::EntityKind::certificate) {
    json::object certificate = TRY(certificate_entity(row, call.base_url()));
    api::view(api::Model::Certificate, call.version, certificate);
    whole["certificate"] = std::move(certificate);
    whole["format"] = text_at(spec, "certificateFormat");
    whole["eTag"] = etag_of(row.version);
    whole["lastModified"] = to_iso8601(row.modified);
    return whole;
  }
  json::object pool = TRY(pool_entity(row, call.base_url()));
  api::view(api::Model::CloudPool, call.version, pool);
  whole["pool"] = std::move(pool);
  whole["eTag"] = etag_of(row.version);
  whole["lastModified"] = to_iso8601(row.modified);
  if (const json::value* tags = spec.if_contains("tags")) whole["tags"] = *tags;
  const PoolStatus status = TRY(from_json<PoolStatus>(row.status));
  // A pool that has never been resized is what it was made with.
  const Time since = status.resize_since == Time() ? status.allocation_since : status.resize_since;
  whole["resize"] = {{"startTime", to_iso8601(since)},
                     {"nodeDeallocationOption", word(status.deallocation)}};
  return whole;
}

Result<> Service::show_whole(Call& call, engine::EntityKind kind, const std::string& id) const {
  const engine::Row row = TRY(row_of(kind, "", id));
  answer_entity(call, "whole", TRY(whole_of(call, row)));
  return Done();
}

Result<> Service::list_whole(Call& call, engine::EntityKind kind) const {
  engine::Query query{.kind = kind};
  query.limit = TRY(page_size(call, whole_page_max));
  query.after = TRY(start_after(call));
  std::optional<engine::FilterNode> filter;
  if (const std::string_view text = call.query_value("$filter"); !text.empty()) {
    filter = TRY(parse_filter(text, whole_fields(kind)));
    query.filter = &*filter;
  }
  const engine::Page page = TRY(ports_.store->list(query));
  json::array values;
  for (const engine::Row& row : page.rows) values.push_back(TRY(whole_of(call, row)));
  answer_list(call, "whole", std::move(values), page.next);
  return Done();
}

Result<std::optional<engine::Row>> Service::row_to_replace(const Call& call,
                                                           engine::EntityKind kind,
                                                           const std::string& id) const {
  if (call.request.method == "PATCH") {
    engine::Row row = TRY(row_of(kind, "", id));
    TRY(guard(call, row));
    return std::optional(std::move(row));
  }
  std::optional<engine::Row> row = TRY(ports_.store->read({kind, "", id}));
  if (row) {
    TRY(guard(call, *row));
  } else if (TRY(parse_conditions(call.request)).if_match) {
    return refusal("ConditionNotMet",
                   "The condition specified using HTTP conditional header(s) is not met: there is "
                   "nothing of that name.");
  }
  return row;
}

Result<engine::Command> Service::whole_pool_command(const Call& call, const std::string& id) const {
  const std::optional<engine::Row> row = TRY(row_to_replace(call, engine::EntityKind::pool, id));
  const bool replaces = call.request.method == "PUT";
  json::object whole = TRY(body_object(call));
  json::value body = std::move(child(whole, "pool"));
  json::object& pool = body.get_object();
  const bool forgets_start_task = is_empty_object(pool.if_contains("startTask"));
  if (forgets_start_task) pool.erase("startTask");
  pool["id"] = row ? row->key.id : id;
  if (!replaces)
    fill(pool, "vmSize", json::value(TRY(from_json<PoolStatus>(row->status)).facts.vm_size));
  TRY(api::canonicalize(api::Model::PoolAddParameter, call.version, body));
  if (!row) {
    take_others(whole, pool);
    return engine::Command(TRY(addition_of(std::move(body))));
  }
  const auto parameters = api::read<api::PoolAddParameter>(body);
  const json::object before = TRY(spec_of(*row));
  json::object spec = before;
  if (replaces) {
    api::erase_replaced(api::Model::PoolAddParameter, call.version, spec);
    for (const char* name : {"identity", "tags"}) spec.erase(name);
  }
  if (forgets_start_task) spec.erase("startTask");
  take_others(whole, spec);
  const json::value size = pool.at("vmSize");
  erase_kept_by_status(pool);
  for (auto& member : pool) spec[member.key()] = member.value();
  spec["vmSize"] = size;
  TRY(check_start_task(spec, ports_.storage));
  engine::ReplacePool command = TRY(change_of(*row, before, std::move(spec), *ports_.catalogue));
  TRY(check_boots(command.facts, json::parse(command.spec).as_object()));
  command.scale =
      TRY(scale_of(parameters, replaces, optional_text(whole, "nodeDeallocationOption")));
  return engine::Command(std::move(command));
}

}  // namespace batchyard::service
