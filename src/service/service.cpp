#include "service/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "api/canonical.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/filter.h"
#include "service/statistics.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;
using api::Operation;

constexpr std::string_view query_of_all = ",api-version,timeout,$skiptoken,client-request-id,";

// Clients that send a parameter we would ignore must learn of it.
Result<> check_query(const Call& call) {
  const std::string known = "," + std::string(call.operation->query) + std::string(query_of_all);
  for (const auto& [name, value] : call.query) {
    if (known.find("," + name + ",") == std::string::npos)
      return refusal("UnsupportedQueryParameter",
                     fmt::format("One of the query parameters specified in the request URI is not "
                                 "supported: {}. This operation takes: {}.",
                                 name, call.operation->query),
                     {{"QueryParameterName", name}, {"QueryParameterValue", value}});
  }
  if (const std::string_view text = call.query_value("timeout");
      !text.empty() && (!parse_integer(text) || *parse_integer(text) < 1))
    return refusal(
        "InvalidQueryParameterValue",
        "The value specified for one of the query parameters is invalid: timeout must be a "
        "whole number of seconds, at least 1.",
        {{"QueryParameterName", "timeout"},
         {"QueryParameterValue", std::string(text)},
         {"Reason", "Give seconds, at least 1"}});
  return Done();
}

}  // namespace

Service::Service(Account account, ServicePorts ports)
    : account_(std::make_shared<const Account>(std::move(account))), ports_(std::move(ports)) {
  if (!ports_.awaits_access) use_access({});
}

HttpResponse Service::refuse(const HttpRequest& request, const Error& error) {
  return error_response(request, error, ports_.new_request_id(), ports_.now());
}

Call Service::call_of(HttpRequest request, HttpReply reply) const {
  Call call;
  call.request = std::move(request);
  call.reply = std::move(reply);
  call.request_id = ports_.new_request_id();
  call.now = ports_.now();
  call.query = parse_query(call.request.target);
  return call;
}

void Service::handle(HttpRequest request, HttpReply reply) {
  Call call = call_of(std::move(request), std::move(reply));
  if (call.request.method == "GET" && call.raw_path().starts_with("/batchyard/packages/"))
    return give_package(std::move(call));
  if (const Result<> reached = check_peer(call); !reached)
    return answer_error(call, reached.error());
  const Result<Sender> sender = sender_of(call);
  if (!sender) return answer_error(call, sender.error());
  if (const Result<> taken = check_credential(*sender); !taken)
    return answer_error(call, taken.error());
  handle_from(std::move(call), *sender);
}

void Service::handle_for_account(HttpRequest request, HttpReply reply) {
  Sender sender;
  sender.management = true;
  handle_from(call_of(std::move(request), std::move(reply)), sender);
}

void Service::handle_from(Call call, const Sender& sender) {
  const bool beside_contract = call.raw_path().starts_with("/batchyard/");
  if (const Result<> found = beside_contract ? Done() : find_operation(call); !found)
    return answer_error(call, found.error());
  if (const Result<> allowed = check_sender(call, sender); !allowed)
    return answer_error(call, allowed.error());
  call.may_write = !sender.task && sender.rights.writes;
  if (beside_contract) return extension(std::move(call));
  if (const Result<> checked = check_query(call); !checked)
    return answer_error(call, checked.error());
  (this->*handler_of(call.operation->operation))(std::move(call));
}

Result<> Service::find_operation(Call& call) {
  call.version = TRY(api::parse_version(call.query_value("api-version")));
  std::optional<api::Match> match = api::match(call.request.method, call.raw_path());
  if (!match || (match->facts != nullptr && (match->facts->in & call.version.mask()) == 0))
    return refusal("InvalidUri", fmt::format("The requested URI does not represent any resource on "
                                             "the server: {} in api-version {}.",
                                             call.raw_path(), call.query_value("api-version")));
  if (match->facts == nullptr)
    return refusal("UnsupportedHttpVerb",
                   fmt::format("The resource doesn't support the specified Http Verb: {}.",
                               call.request.method));
  call.operation = match->facts;
  call.parameters = std::move(match->parameters);
  return Done();
}

// Every operation of the contract: the compiler refuses a switch that lacks one.
Service::Handler Service::handler_of(Operation operation) {
  switch (operation) {
    case Operation::Account_ListSupportedImages:
      return &Service::supported_images;
    case Operation::Account_ListPoolNodeCounts:
      return &Service::node_counts;
    case Operation::Pool_Add:
      return &Service::add_pool;
    case Operation::Pool_Get:
      return &Service::get_pool;
    case Operation::Pool_Exists:
      return &Service::pool_exists;
    case Operation::Pool_List:
      return &Service::list_pools;
    case Operation::Pool_Patch:
      return &Service::patch_pool;
    case Operation::Pool_Resize:
      return &Service::resize_pool;
    case Operation::Pool_StopResize:
      return &Service::stop_resize;
    case Operation::Pool_Delete:
      return &Service::delete_pool;
    case Operation::ComputeNode_List:
      return &Service::list_nodes;
    case Operation::ComputeNode_Get:
      return &Service::get_node;
    case Operation::Job_Add:
      return &Service::add_job;
    case Operation::Job_Get:
      return &Service::get_job;
    case Operation::Job_List:
      return &Service::list_jobs;
    case Operation::Job_Patch:
      return &Service::patch_job;
    case Operation::Job_Terminate:
      return &Service::terminate_job;
    case Operation::Job_Delete:
      return &Service::delete_job;
    case Operation::Job_ListPreparationAndReleaseTaskStatus:
      return &Service::list_preparations;
    case Operation::Job_Update:
      return &Service::update_job;
    case Operation::Job_Disable:
      return &Service::disable_job;
    case Operation::Job_Enable:
      return &Service::enable_job;
    case Operation::Job_GetTaskCounts:
      return &Service::task_counts;
    case Operation::Task_Add:
      return &Service::add_task;
    case Operation::Task_AddCollection:
      return &Service::add_tasks;
    case Operation::Task_Get:
      return &Service::get_task;
    case Operation::Task_List:
      return &Service::list_tasks;
    case Operation::Task_ListSubtasks:
      return &Service::list_subtasks;
    case Operation::Task_Terminate:
      return &Service::terminate_task;
    case Operation::Task_Delete:
      return &Service::delete_task;
    case Operation::Task_Update:
      return &Service::update_task;
    case Operation::Task_Reactivate:
      return &Service::reactivate_task;
    case Operation::File_ListFromTask:
    case Operation::File_ListFromComputeNode:
      return &Service::list_files;
    case Operation::File_GetFromTask:
    case Operation::File_GetFromComputeNode:
      return &Service::get_file;
    case Operation::File_GetPropertiesFromTask:
    case Operation::File_GetPropertiesFromComputeNode:
      return &Service::file_properties;
    case Operation::File_DeleteFromTask:
    case Operation::File_DeleteFromComputeNode:
      return &Service::delete_file;
    case Operation::Pool_UpdateProperties:
      return &Service::update_pool_properties;
    case Operation::Pool_RemoveNodes:
      return &Service::remove_nodes;
    case Operation::ComputeNode_Reboot:
      return &Service::reboot_node;
    case Operation::ComputeNode_Reimage:
      return &Service::reimage_node;
    case Operation::ComputeNode_Deallocate:
      return &Service::deallocate_node;
    case Operation::ComputeNode_Start:
      return &Service::start_node;
    case Operation::ComputeNode_DisableScheduling:
      return &Service::disable_scheduling;
    case Operation::ComputeNode_EnableScheduling:
      return &Service::enable_scheduling;
    case Operation::ComputeNode_AddUser:
      return &Service::add_node_user;
    case Operation::ComputeNode_UpdateUser:
      return &Service::update_node_user;
    case Operation::ComputeNode_DeleteUser:
      return &Service::delete_node_user;
    case Operation::ComputeNode_GetRemoteLoginSettings:
      return &Service::remote_login;
    case Operation::ComputeNode_GetRemoteDesktop:
      return &Service::remote_desktop;
    case Operation::ComputeNodeExtension_List:
      return &Service::list_extensions;
    case Operation::ComputeNodeExtension_Get:
      return &Service::get_extension;
    case Operation::Certificate_Add:
      return &Service::add_certificate;
    case Operation::Certificate_Get:
      return &Service::get_certificate;
    case Operation::Certificate_List:
      return &Service::list_certificates;
    case Operation::Certificate_Delete:
      return &Service::delete_certificate;
    case Operation::Certificate_CancelDeletion:
      return &Service::cancel_certificate_deletion;
    case Operation::Pool_GetAllLifetimeStatistics:
      return &Service::lifetime_pool_statistics;
    case Operation::Job_GetAllLifetimeStatistics:
      return &Service::lifetime_job_statistics;
    case Operation::Pool_ListUsageMetrics:
      return &Service::list_usage_metrics;
    case Operation::Application_List:
      return &Service::list_applications;
    case Operation::Application_Get:
      return &Service::get_application;
    case Operation::Pool_EnableAutoScale:
      return &Service::enable_autoscale;
    case Operation::Pool_DisableAutoScale:
      return &Service::disable_autoscale;
    case Operation::Pool_EvaluateAutoScale:
      return &Service::evaluate_autoscale;
    case Operation::JobSchedule_Add:
      return &Service::add_schedule;
    case Operation::JobSchedule_Get:
      return &Service::get_schedule;
    case Operation::JobSchedule_Exists:
      return &Service::schedule_exists;
    case Operation::JobSchedule_List:
      return &Service::list_schedules;
    case Operation::JobSchedule_Patch:
      return &Service::patch_schedule;
    case Operation::JobSchedule_Update:
      return &Service::update_schedule;
    case Operation::JobSchedule_Enable:
      return &Service::enable_schedule;
    case Operation::JobSchedule_Disable:
      return &Service::disable_schedule;
    case Operation::JobSchedule_Terminate:
      return &Service::terminate_schedule;
    case Operation::JobSchedule_Delete:
      return &Service::delete_schedule;
    case Operation::Job_ListFromJobSchedule:
      return &Service::list_jobs_of_schedule;
    case Operation::ComputeNode_UploadBatchServiceLogs:
      return &Service::upload_node_logs;
  }
  std::unreachable();
}

Result<json::value> Service::body_of(const Call& call) const {
  if (call.request.body.empty() && !call.operation->body_required)
    return json::value(json::object());
  if (call.request.body.size() > body_max)
    return refusal("RequestBodyTooLarge",
                   "The size of the request body exceeds the maximum size permitted.",
                   {{"MaxLimit", std::to_string(body_max)}});
  const std::string type = fold(call.request.header("Content-Type"));
  if (!type.empty() && !type.starts_with("application/json"))
    return refusal(
        "InvalidHeaderValue",
        fmt::format("The value for one of the HTTP headers is not in the correct format: "
                    "Content-Type is '{}'. Send application/json.",
                    type),
        {{"HeaderName", "Content-Type"}, {"HeaderValue", type}});
  json::value body = TRY(api::parse_body(call.request.body));
  TRY(api::canonicalize(*call.operation->body, call.version, body));
  return body;
}

Result<std::optional<std::int64_t>> Service::guard(const Call& call, const engine::Row& row) const {
  const Conditions conditions = TRY(parse_conditions(call.request));
  if (!conditions.any()) return std::nullopt;
  TRY(check_conditions(conditions, row.version, row.modified));
  return row.version;
}

Result<engine::Row> Service::row_of(engine::EntityKind kind, const std::string& parent,
                                    const std::string& id) const {
  std::optional<engine::Row> row = TRY(ports_.store->read({kind, parent, id}));
  if (row) return *std::move(row);
  struct Words {
    Code code;
    const char* message;
  };
  static constexpr Words words[] = {
      {"PoolNotFound", "The specified pool does not exist."},
      {"NodeNotFound", "The specified node does not exist."},
      {"JobNotFound", "The specified job does not exist."},
      {"TaskNotFound", "The specified task does not exist."},
      {"JobScheduleNotFound", "The specified job schedule does not exist."},
      {"CertificateNotFound", "The specified certificate does not exist."},
      {"ResourceNotFound", "The specified resource does not exist."},
      {"ApplicationNotFound",
       "The specified application does not exist: {0}. `batchyard app create {0}` makes it."},
      {"ApplicationPackageNotFound", "The specified application package does not exist."}};
  const auto& [code, message] = words[static_cast<int>(kind)];
  return refusal(code, fmt::format(fmt::runtime(message), id));
}

void Service::list(Call& call, std::string_view set, engine::Query query,
                   std::string_view filter_text,
                   const std::function<Result<json::object>(const engine::Row&)>& entity,
                   api::Model model) {
  std::optional<engine::FilterNode> filter;
  const auto run = [&]() -> Result<> {
    TRY(expands_stats(call));
    query.limit = TRY(page_size(call, 1000));
    query.after = TRY(start_after(call));
    const std::vector<std::string> names =
        TRY(api::parse_select(model, call.version, call.query_value("$select")));
    if (!filter_text.empty()) {
      const auto fields = query.kind == engine::EntityKind::pool          ? pool_fields()
                          : query.kind == engine::EntityKind::node        ? node_fields()
                          : query.kind == engine::EntityKind::job         ? job_fields()
                          : query.kind == engine::EntityKind::schedule    ? schedule_fields()
                          : query.kind == engine::EntityKind::preparation ? preparation_fields()
                          : query.kind == engine::EntityKind::certificate ? certificate_fields()
                                                                          : task_fields();
      filter = TRY(parse_filter(filter_text, fields));
      if (query.filter != nullptr)
        filter = engine::FilterNode{.verb = engine::FilterVerb::both,
                                    .field = {},
                                    .literal = {},
                                    .children = {*query.filter, *std::move(filter)}};
      query.filter = &*filter;
    }
    const engine::Page page = TRY(ports_.store->list(query));
    json::array values;
    values.reserve(page.rows.size());
    for (const engine::Row& row : page.rows) {
      json::object one = TRY(entity(row));
      api::view(model, call.version, one);
      api::select(names, one);
      values.push_back(std::move(one));
    }
    answer_list(call, set, std::move(values), page.next);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
