// Pools, which the account's data plane keeps: the same pool, spelled otherwise.
#include <boost/json.hpp>

#include "arm/children.h"
#include "arm/management.h"
#include "arm/pool_words.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;
using api::ArmOperation;
using Sort = FilterWord::Sort;

constexpr FilterWord::Value pool_states[] = {{"Succeeded", "'active'"}, {"Deleting", "'deleting'"}};
constexpr FilterWord::Value switch_states[] = {{"Enabled", "true"}, {"Disabled", "false"}};
// Whether there is one of these settings, which are either or.
constexpr FilterWord::Value by_formula[] = {{"null", "false"}};
constexpr FilterWord::Value by_hand[] = {{"null", "true"}};

constexpr FilterWord pool_filter[] = {
    {"name", "id"},
    {"properties/allocationState", "allocationState", Sort::folded},
    {"properties/allocationStateTransitionTime", "allocationStateTransitionTime", Sort::time},
    {"properties/creationTime", "creationTime", Sort::time},
    {"properties/provisioningState", "state", Sort::text, pool_states},
    {"properties/provisioningStateTransitionTime", "stateTransitionTime", Sort::time},
    {"properties/lastModified", "lastModified", Sort::time},
    {"properties/vmSize", "vmSize", Sort::folded},
    {"properties/interNodeCommunication", "enableInterNodeCommunication", Sort::text,
     switch_states},
    {"properties/scaleSettings/autoScale", "enableAutoScale", Sort::text, by_formula},
    {"properties/scaleSettings/fixedScale", "enableAutoScale", Sort::text, by_hand}};

std::string pool_path(const std::string& name) {
  return "/pools/" + percent_encode(name);
}

// Its nodes are given back, however long that takes.
std::optional<Error> never(const json::object&) {
  return std::nullopt;
}

constexpr ChildKind pools{.folder = "pools",
                          .member = "pool",
                          .results = "poolOperationResults",
                          .prefix = "delete-",
                          .model = api::Model::ArmPool,
                          .properties = api::Model::ArmPoolProperties,
                          .not_found = "PoolNotFound",
                          .filter_words = pool_filter,
                          .entity = entity_of_pool,
                          .data_path = pool_path,
                          .deletion_failure = never,
                          .told = told_of_pool};

void write_pool(const Parent& parent, Call call) {
  const auto translate = [&]() -> Result<json::object> {
    const json::value body = TRY(canonical_body(call, api::Model::ArmPool));
    return whole_of_pool(body.get_object(), parent.id);
  };
  const Result<json::object> whole = translate();
  // What the tables refuse is in this plane's words already.
  if (!whole) return answer_error(call, whole.error());
  write_child(parent, pools, std::move(call), *whole);
}

}  // namespace

void Management::relay_pools(Call call) {
  const Result<Parent> parent = parent_of(call);
  if (!parent) return answer_error(call, parent.error());
  if (!call.operation) return show_deleted_child(*parent, pools, std::move(call));
  switch (*call.operation) {
    case ArmOperation::Pool_Create:
    case ArmOperation::Pool_Update:
      return write_pool(*parent, std::move(call));
    case ArmOperation::Pool_ListByBatchAccount:
      return list_children(*parent, pools, std::move(call));
    case ArmOperation::Pool_Delete:
      return delete_child(*parent, pools, std::move(call));
    case ArmOperation::Pool_DisableAutoScale:
      return act_on_child(*parent, pools, std::move(call), "disableautoscale");
    case ArmOperation::Pool_StopResize:
      return act_on_child(*parent, pools, std::move(call), "stopresize");
    default:
      return show_child(*parent, pools, std::move(call));
  }
}

}  // namespace batchyard::arm
