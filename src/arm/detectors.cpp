// Detectors tell what is wrong in an account, as tables in the form of Azure's App Lens: the
// account's own data plane is asked for its pools and for those of its nodes that are not well.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "api/view.h"
#include "arm/ask.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::string_view detector_name = "poolsAndNodes";
constexpr std::string_view ill_states[] = {"unusable", "starttaskfailed", "unknown", "offline"};
constexpr std::size_t ill_nodes_max = 1000;  // in one answer

// What is asked of an account one after the other, and the tables that come of it.
class Examination : public std::enable_shared_from_this<Examination> {
 public:
  using Done = std::move_only_function<void(Result<json::object>)>;
  Examination(AccountHost& accounts, std::string account, Done done)
      : accounts_(accounts), account_(std::move(account)), done_(std::move(done)) {}

  void begin() {
    list_of(accounts_, account_,
            "/pools?$select=id,vmSize,allocationState,resizeErrors,"
            "currentDedicatedNodes,targetDedicatedNodes,"
            "currentLowPriorityNodes,targetLowPriorityNodes",
            [self = shared_from_this()](Result<json::array> pools) {
              if (!pools) return self->done_(std::unexpected(std::move(pools).error()));
              self->take_pools(*pools);
              self->count();
            });
  }

 private:
  void take_pools(const json::array& pools) {
    for (const json::value& one : pools) {
      const json::object& pool = one.get_object();
      std::string wrong;
      if (const json::value* errors = pool.if_contains("resizeErrors");
          errors != nullptr && errors->is_array()) {
        for (const json::value& error : errors->get_array()) {
          wrong += fmt::format("{}{}: {}", wrong.empty() ? "" : "; ",
                               text_at(error.get_object(), "code"),
                               text_at(error.get_object(), "message"));
        }
      }
      if (!wrong.empty()) ++ill_pools_;
      pools_.push_back(json::array{
          text_at(pool, "id"), text_at(pool, "vmSize"), text_at(pool, "allocationState"),
          number_at(pool, "currentDedicatedNodes"), number_at(pool, "targetDedicatedNodes"),
          number_at(pool, "currentLowPriorityNodes"), number_at(pool, "targetLowPriorityNodes"),
          wrong});
    }
  }

  void count() {
    list_of(accounts_, account_, "/nodecounts?",
            [self = shared_from_this()](Result<json::array> counts) {
              if (!counts) return self->done_(std::unexpected(std::move(counts).error()));
              for (const json::value& one : *counts) {
                const json::object& pool = one.get_object();
                std::int64_t ill = 0;
                for (const char* kind : {"dedicated", "lowPriority"}) {
                  const json::object* states = object_at(pool, kind);
                  if (states == nullptr) continue;
                  for (const char* state : {"unusable", "startTaskFailed", "unknown", "offline"})
                    ill += number_at(*states, state);
                }
                if (ill > 0) self->waiting_.push_back(text_at(pool, "poolId"));
              }
              self->ask_next_pool();
            });
  }

  void ask_next_pool() {
    if (waiting_.empty() || nodes_.size() >= ill_nodes_max) return done_(report());
    const std::string pool = std::move(waiting_.back());
    waiting_.pop_back();
    std::string filter;
    for (const std::string_view state : ill_states)
      filter += fmt::format("{}state eq '{}'", filter.empty() ? "" : " or ", state);
    list_of(accounts_, account_,
            fmt::format("/pools/{}/nodes?$filter={}", percent_encode(pool), percent_encode(filter)),
            [self = shared_from_this(), pool](const Result<json::array>& nodes) {
              // A pool that went meanwhile has no nodes that are not well.
              if (nodes) self->take_nodes(pool, *nodes);
              self->ask_next_pool();
            });
  }

  void take_nodes(const std::string& pool, const json::array& nodes) {
    for (const json::value& one : nodes) {
      const json::object& node = one.get_object();
      std::string wrong;
      if (const json::value* errors = node.if_contains("errors");
          errors != nullptr && errors->is_array()) {
        for (const json::value& error : errors->get_array())
          wrong += fmt::format("{}{}: {}", wrong.empty() ? "" : "; ",
                               text_at(error.get_object(), "code"),
                               text_at(error.get_object(), "message"));
      }
      const json::object* start = object_at(node, "startTaskInfo");
      const json::object* failure = start == nullptr ? nullptr : object_at(*start, "failureInfo");
      if (failure != nullptr)
        wrong += fmt::format("{}{}: {}", wrong.empty() ? "" : "; ", text_at(*failure, "code"),
                             text_at(*failure, "message"));
      nodes_.push_back(json::array{pool, text_at(node, "id"), text_at(node, "state"),
                                   text_at(node, "stateTransitionTime"), wrong});
    }
  }

  static json::object table(std::string_view name, std::string_view title,
                            std::initializer_list<std::string_view> columns, json::array rows) {
    json::array shown;
    for (const std::string_view column : columns)
      shown.push_back(
          json::object{{"columnName", column}, {"dataType", "String"}, {"columnType", nullptr}});
    return {
        {"table", {{"tableName", name}, {"columns", std::move(shown)}, {"rows", std::move(rows)}}},
        {"renderingProperties",
         {{"type", 1}, {"title", title}, {"description", nullptr}, {"isVisible", true}}}};
  }

  json::object report() {
    const bool well = ill_pools_ == 0 && nodes_.empty();
    const std::string message =
        well ? fmt::format("All is well in {} pools.", pools_.size())
             : fmt::format("{} of {} pools have resize errors; {} nodes are not well.", ill_pools_,
                           pools_.size(), nodes_.size());
    return {
        {"metadata",
         {{"id", detector_name},
          {"name", "Pools and Nodes"},
          {"description", "Pools whose resize failed, and nodes that can run no tasks"}}},
        {"status", {{"message", message}, {"statusId", well ? 3 : 0}}},
        {"dataset",
         json::array{table("pools", "Pools",
                           {"Pool", "Size", "Allocation state", "Dedicated nodes",
                            "Target dedicated nodes", "Spot nodes", "Target spot nodes", "Errors"},
                           std::move(pools_)),
                     table("nodes", "Nodes that are not well",
                           {"Pool", "Node", "State", "Since", "Errors"}, std::move(nodes_))}}};
  }

  AccountHost& accounts_;
  std::string account_;
  Done done_;
  json::array pools_;
  json::array nodes_;
  std::size_t ill_pools_ = 0;
  std::vector<std::string> waiting_;  // pools with nodes that are not well
};

}  // namespace

// `then` gets the call back, with the entity of the only detector.
void Management::examine(Call call, std::function<void(Call&, json::object)> then) {
  const Result<Record> account = account_named(call);
  if (!account) return answer_error(call, account.error());
  const std::string id = fmt::format(
      "{}/detectors/{}", account_id(text_at(object_of(account->body), "group"), account->name),
      detector_name);
  auto kept = std::make_shared<Call>(std::move(call));
  std::make_shared<Examination>(
      *ports_.accounts, account->name,
      [kept, id, then = std::move(then)](Result<json::object> report) {
        if (!report) return answer_error(*kept, report.error());
        json::object entity{{"id", id},
                            {"name", detector_name},
                            {"type", "Microsoft.Batch/batchAccounts/detectors"},
                            {"properties", {{"value", base64_encode(json::serialize(*report))}}}};
        api::view(api::Model::ArmDetectorResponse, kept->version, entity);
        then(*kept, std::move(entity));
      })
      ->begin();
}

void Management::list_detectors(Call call) {
  examine(std::move(call),
          [](Call& asked, json::object detector) { answer_list(asked, {std::move(detector)}); });
}

void Management::get_detector(Call call) {
  if (!same_folded(call.parameters.at(3), detector_name))
    return answer_error(
        call, arm::refuse("ResourceNotFound", fmt::format("The detector '{}' was not found. There "
                                                          "is {}.",
                                                          call.parameters.at(3), detector_name))
                  .error());
  examine(std::move(call),
          [](Call& asked, const json::object& detector) { answer_json(asked, detector); });
}

}  // namespace batchyard::arm
