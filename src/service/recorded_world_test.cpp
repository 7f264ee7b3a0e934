#include "service/recorded_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace batchyard::service {

namespace json = boost::json;

namespace {

std::string text_of_story(const char* path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A certificate of ours in place of the recorded one, whose key nobody has: from the golden story.
struct GoldenCertificate {
  json::object body;
  std::string thumbprint;
};
GoldenCertificate golden_certificate() {
  const std::string story = text_of_story("tests/golden/api/certificates.txt");
  const std::size_t begin = story.find('{');
  GoldenCertificate made{json::parse(story.substr(begin, story.find("\n----") - begin)).as_object(),
                         {}};
  made.thumbprint = made.body.at("thumbprint").as_string();
  return made;
}

// Something that the world is made of.
template <class Answer>
void must(const Answer& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.response.body;
}

json::object least(json::object least, const json::object& more) {
  for (const auto& member : more) least[member.key()] = member.value();
  return least;
}

json::object least_pool(const std::string& id) {
  return {
      {"id", id},
      {"vmSize", "standard_h16r"},
      {"virtualMachineConfiguration",
       {{"imageReference", {{"publisher", "OpenLogic"}, {"offer", "CentOS-HPC"}, {"sku", "7.4"}}},
        {"nodeAgentSKUId", "batch.node.centos 7"}}}};
}

// What no answer shows but every request must have.
void fill_secrets(json::object& pool) {
  if (json::value* accounts = pool.if_contains("userAccounts")) {
    for (json::value& account : accounts->as_array()) account.as_object()["password"] = "secret";
  }
  if (json::value* mounts = pool.if_contains("mountConfiguration")) {
    for (json::value& mount : mounts->as_array()) {
      for (auto& kind : mount.as_object()) kind.value().as_object()["accountKey"] = "c2VjcmV0";
    }
  }
}

}  // namespace

void RecordedWorld::read(const json::object& exchange) {
  operation_ = exchange.at("operationId").as_string();
  version_ = exchange.at("apiVersion").as_string();
  asked_ = exchange.at("request").as_object();
  told_ = exchange.at("response").as_object();
  path_ = asked_.at("path").as_string();
  const std::optional<api::Match> match =
      api::match(std::string_view(asked_.at("method").as_string()), path_);
  ASSERT_TRUE(match && match->facts != nullptr);
  facts_ = match->facts;
  parameters_ = match->parameters;
}

// Those members of an answer that such a thing can be added with.
json::object RecordedWorld::addable(api::Model model, const json::object& shown) const {
  json::object body;
  const api::Version version = *api::parse_version(version_);
  for (const auto& member : shown) {
    const api::Member* known = api::member_named(api::schema_of(model), version, member.key());
    if (known != nullptr) body[member.key()] = member.value();
  }
  return body;
}

void RecordedWorld::add_applications(const json::object& body) {
  const json::value* references = body.if_contains("applicationPackageReferences");
  if (references == nullptr) return;
  for (const json::value& one : references->as_array()) {
    const json::value* of = one.as_object().if_contains("version");
    add_application(std::string(one.at("applicationId").as_string()),
                    of == nullptr ? "1" : std::string(of->as_string()));
  }
}

void RecordedWorld::add(const std::string& list, json::object body) {
  add_applications(body);
  fill_secrets(body);
  const Answer added = send("POST", list + "?api-version=" + version_, json::serialize(body));
  EXPECT_EQ(added.status, 201) << json::serialize(body) << "\n" << added.response.body;
}

std::string RecordedWorld::refusal() const {
  const json::value& body = told_.at("body");
  return body.is_object() && body.get_object().contains("code")
             ? std::string(body.at("code").as_string())
             : std::string();
}

const json::object* RecordedWorld::shown() const {
  const json::value* body = told_.if_contains("body");
  return body != nullptr && body->is_object() && told_.at("status") == 200 ? body->if_object()
                                                                           : nullptr;
}

void RecordedWorld::add_shown_pool(const std::string& id, const json::object& shown_pool) {
  json::object body = addable(api::Model::PoolAddParameter, shown_pool);
  if (body.contains("enableAutoScale") && body.at("enableAutoScale").as_bool()) {
    for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
      body.erase(name);
    if (!body.contains("autoScaleFormula")) body["autoScaleFormula"] = "$TargetDedicatedNodes=0";
  }
  add("/pools", body.contains("vmSize") ? body : least(least_pool(id), body));
}

// Nodes that are wanted, as far as the recorded ones were.
void RecordedWorld::raise_nodes(const std::string& pool) {
  std::string state;
  if (operation_ == "ComputeNode_List") state = shown()->at("value").at(0).at("state").as_string();
  for (const engine::WantNode& wanted : bench_.take<engine::WantNode>()) {
    bench_.make(pool, wanted.order.node);
    if (state != "creating" && state != "starting") bench_.join(pool, wanted.order.node);
  }
}

void RecordedWorld::prepare_pool() {
  const std::string id = parameters_[0];
  const bool has_nodes = facts_->path.contains("/nodes") || operation_ == "Pool_RemoveNodes" ||
                         refusal() == "PoolBeingDeleted";
  if (operation_ == "Pool_Get") {
    add_shown_pool(id, *shown());
    if (shown()->contains("resizeErrors")) must(send("POST", "/pools/" + id + "/stopresize"), 202);
    if (shown()->contains("allocationState") && shown()->at("allocationState") == "steady")
      raise_nodes(id);
  } else {
    add("/pools", least(least_pool(id), {{"targetDedicatedNodes", has_nodes ? 1 : 0}}));
    raise_nodes(id);
  }
  if (refusal() == "PoolBeingDeleted") must(send("DELETE", "/pools/" + id), 202);
  if (operation_ == "Pool_EvaluateAutoScale" || operation_ == "Pool_DisableAutoScale")
    must(post("/pools/" + id + "/enableautoscale",
              R"({"autoScaleFormula":"$TargetDedicatedNodes=0"})"),
         200);
  if (facts_->path.contains("{nodeId}")) prepare_node(id);
  if (operation_ == "Pool_RemoveNodes")
    asked_["body"].as_object()["nodeList"] = json::array{bench_.nodes(id).front().text()};
}

void RecordedWorld::prepare_node(const std::string& pool) {
  const std::string ours = bench_.nodes(pool).front().text();
  path_.replace(path_.find(parameters_[1]), parameters_[1].size(), ours);
  const std::string node = fmt::format("/pools/{}/nodes/{}", pool, ours);
  if (facts_->path.contains("{userName}"))
    must(post(node + "/users", fmt::format(R"({{"name":"{}","password":"x"}})", parameters_[2])),
         201);
  if (facts_->path.contains("{filePath}")) files_.add(parameters_[2], "text");
  if (operation_ == "File_ListFromComputeNode") {
    files_.add("workitems", "");
    files_.files.back().entry.directory = true;
  }
  if (operation_ == "ComputeNode_EnableScheduling")
    must(send("POST", node + "/disablescheduling"), 200);
}

void RecordedWorld::prepare_job() {
  const std::string id = parameters_[0];
  if (operation_ == "Job_Get") return add("/jobs", addable(api::Model::JobAddParameter, *shown()));
  add_pool("p", facts_->path.contains("/files") ? 1 : 0);
  json::object job{{"id", id}, {"poolInfo", {{"poolId", "p"}}}};
  if (operation_ == "Job_Update") job["poolInfo"] = asked_.at("body").at("poolInfo");
  if (operation_ == "Job_ListPreparationAndReleaseTaskStatus" && told_.at("status") == 200)
    job["jobPreparationTask"] = {{"commandLine", "true"}};
  add("/jobs", job);
  if (operation_ == "Job_Enable")
    must(post("/jobs/" + id + "/disable", R"({"disableTasks":"requeue"})"), 202);
  if (facts_->path.contains("{taskId}")) prepare_task(id);
  if (operation_ == "Task_Add") add_applications(asked_.at("body").as_object());
}

void RecordedWorld::prepare_task(const std::string& job) {
  json::object task{{"id", parameters_[1]}, {"commandLine", "true"}};
  if (operation_ == "Task_Get") task = addable(api::Model::TaskAddParameter, *shown());
  add("/jobs/" + job + "/tasks", task);
  if (facts_->path.contains("/files")) {
    bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
    files_.add("stderr.txt", "text");
    files_.add("certs", "");
    files_.files.back().entry.directory = true;
  } else if (operation_ == "Task_Get" && shown()->at("state") == "completed") {
    must(post("/pools/p/resize", R"({"targetDedicatedNodes":1})"), 202);
    for (const NodeId& node : bench_.nodes("p")) {
      bench_.make("p", node);
      bench_.join("p", node);
    }
    bench_.end(bench_.take<engine::StartRun>().at(0), 0, 1);
  }
}

void RecordedWorld::prepare() {
  const std::string_view path = facts_->path;
  if (path.starts_with("/pools/{poolId}")) return prepare_pool();
  if (path.starts_with("/jobs/{jobId}")) return prepare_job();
  if (path.starts_with("/jobschedules/{jobScheduleId}")) return prepare_schedule();
  if (path.starts_with("/certificates")) return prepare_certificate();
  if (path.starts_with("/applications"))
    return add_application(parameters_.empty() ? "application_id" : parameters_[0], "v1.0");
  if (refusal() == "PoolExists")
    return add("/pools", least_pool(std::string(asked_.at("body").at("id").as_string())));
  if (shown() != nullptr && shown()->contains("value")) prepare_list();
}

void RecordedWorld::prepare_schedule() {
  json::object body{{"id", parameters_[0]},
                    {"schedule", {{"recurrenceInterval", "P1D"}}},
                    {"jobSpecification", {{"poolInfo", {{"poolId", "p"}}}}}};
  if (operation_ == "JobSchedule_Get")
    body = addable(api::Model::JobScheduleAddParameter, *shown());
  if (operation_ == "Job_ListFromJobSchedule")
    body["jobSpecification"] =
        addable(api::Model::JobSpecification, shown()->at("value").at(0).as_object());
  add("/jobschedules", body);
}

void RecordedWorld::prepare_certificate() {
  const GoldenCertificate ours = golden_certificate();
  if (operation_ == "Certificate_Add") {
    asked_["body"] = ours.body;
    return;
  }
  add("/certificates", ours.body);
  if (parameters_.empty()) return;
  path_.replace(path_.find(parameters_[1]), parameters_[1].size(), ours.thumbprint);
  if (operation_ != "Certificate_Get" || shown()->at("state") != "deleting") return;
  const json::object reference{{"thumbprint", ours.thumbprint}, {"thumbprintAlgorithm", "sha1"}};
  json::object pool = least_pool("holds");
  pool["certificateReferences"] = json::array{reference};
  add("/pools", pool);
  must(send("DELETE", path_ + "?api-version=" + version_), 202);
}

void RecordedWorld::prepare_list() {
  for (const json::value& one : shown()->at("value").as_array()) {
    const json::object& object = one.as_object();
    const json::value* id = object.if_contains("id");
    if (id != nullptr && id->as_string().find(':') != json::string::npos) continue;  // a schedule's
    if (operation_ == "Pool_List") add_shown_pool(std::string(id->as_string()), object);
    if (operation_ == "Job_List") add("/jobs", addable(api::Model::JobAddParameter, object));
    if (operation_ == "JobSchedule_List")
      add("/jobschedules", addable(api::Model::JobScheduleAddParameter, object));
    if (operation_ == "Account_ListPoolNodeCounts")
      add_pool(std::string(object.at("poolId").as_string()), 0);
  }
  if (shown()->contains("odata.nextLink")) add_pool("zzz", 0);
}

ServiceTest::Answer RecordedWorld::ask() {
  std::string target = path_ + "?" + std::string(asked_.at("query").as_string());
  std::vector<HttpHeader> headers;
  for (const auto& header : asked_.at("headers").as_object()) {
    const std::string name = header.key();
    if (name.starts_with("if-") || name == "content-type" || name.starts_with("return-"))
      headers.push_back({name, std::string(header.value().as_string())});
  }
  std::string body;
  if (asked_.at("body").is_object()) body = json::serialize(asked_.at("body"));
  return send(std::string(asked_.at("method").as_string()), target, body, headers);
}

}  // namespace batchyard::service
