// Whatever may be set comes back: every member of every body that adds or changes something, one at
// a time, set to each legal value in an otherwise minimal body, is shown by a GET, in every form
// that the contract has had. Secrets never come back. What has no GET that shows it is looked for
// by round_trip_actions_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "service/round_trip.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

using api::Member;
using round_trip::Names;
using round_trip::Spoken;

// An operation that adds or changes an entity.
struct Kind {
  std::string_view operation;
  const char* list;    // the entity is added here, and shown below
  const char* base;    // what is added
  const char* change;  // what a change has beside the member; nothing for an add
  std::string before;  // what is asked of the entity before its change: an action and its body
  std::string_view without = {};  // a part that has a test of its own
};

constexpr const char* job_body = R"({"id":"e","poolInfo":{"poolId":"p"}})";
constexpr const char* task_body = R"({"id":"e","commandLine":"true"})";
constexpr const char* schedule_body =
    R"({"id":"e","schedule":{},"jobSpecification":{"poolInfo":{"poolId":"p"}}})";
constexpr const char* changed_pool_body =
    R"({"id":"e","vmSize":"standard_nc24r","virtualMachineConfiguration":{"imageReference":{
      "publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7",
      "containerConfiguration":{"type":"dockerCompatible"}},
      "userAccounts":[{"name":"some-username","password":"some-password"}]})";
constexpr const char* disable_first = R"(/disable {"disableTasks":"requeue"})";
constexpr std::string_view own_pool = "poolInfo.autoPoolSpecification";

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"Pool_Add", "/pools", round_trip::pool_body, nullptr, ""},
      {"Job_Add", "/jobs", job_body, nullptr, ""},
      {"Task_Add", "/jobs/j/tasks", task_body, nullptr, ""},
      {"Task_AddCollection", "/jobs/j/tasks", task_body, nullptr, ""},
      {"JobSchedule_Add", "/jobschedules", schedule_body, nullptr, ""},
      {"Pool_Patch", "/pools", changed_pool_body, "{}", ""},
      {"Pool_UpdateProperties", "/pools", changed_pool_body,
       R"({"applicationPackageReferences":[],"certificateReferences":[],"metadata":[]})", ""},
      {"Job_Patch", "/jobs", job_body, "{}", disable_first, own_pool},
      {"Job_Update", "/jobs", job_body, R"({"poolInfo":{"poolId":"p"}})", disable_first, own_pool},
      {"Task_Update", "/jobs/j/tasks", task_body, "{}", ""},
      {"JobSchedule_Patch", "/jobschedules", schedule_body, "{}", ""},
      {"JobSchedule_Update", "/jobschedules", schedule_body,
       R"({"schedule":{},"jobSpecification":{"poolInfo":{"poolId":"p"}}})", ""}};
  return all;
}

const api::OperationFacts& facts_of_operation(std::string_view name) {
  return *std::ranges::find(api::operations(), name, &api::OperationFacts::name);
}

// What is set of one entity.
const api::ModelSchema& model_of(const Kind& kind) {
  return api::schema_of(kind.operation == "Task_AddCollection"
                            ? api::Model::TaskAddParameter
                            : *facts_of_operation(kind.operation).body);
}

// What may never be set, and what the refusal says of it (docs/use.md has the reasons).
struct Refused {
  std::string_view member;
  std::string_view reason;
};
constexpr Refused refused_members[] = {
    {"identityReference", "has no managed identities"},
    {"autoStorageContainerName", "This account has no storage"},
};

bool is_refused_on_purpose(const Names& names, const std::string& message) {
  return std::ranges::any_of(refused_members, [&](const Refused& refused) {
    return std::ranges::find(names, refused.member) != names.end() &&
           message.contains(refused.reason);
  });
}

// Versions before 2020-09-01.12.0 call the slots of a node otherwise.
std::string in_words_of(api::Version version, std::string text) {
  if (!version.old_slots) return text;
  return std::regex_replace(text, std::regex(std::string(api::new_slots_name)),
                            std::string(api::old_slots_name));
}
void in_new_words(json::value& body) {
  body = json::parse(std::regex_replace(json::serialize(body),
                                        std::regex(std::string(api::old_slots_name)),
                                        std::string(api::new_slots_name)));
}

class RoundTrip : public ServiceTest, public ::testing::WithParamInterface<Spoken> {
 protected:
  void SetUp() override;

  api::Version version() const { return GetParam().version; }
  Answer speak(const std::string& verb, const std::string& path, const json::value& body) {
    return send(verb, path + "?api-version=" + GetParam().text,
                in_words_of(version(), json::serialize(body)));
  }
  // Every member below `schema`, each with the body that sets it.
  void walk(const Kind& kind, const api::ModelSchema& schema, Names& names);
  void try_value(const Kind& kind, const Names& names, const Member& member, json::value value);
  json::value body_of(const Kind& kind, const Names& names, json::value value) const;
  Answer make(const Kind& kind, const std::string& list, const json::value& body);
  Answer change(const Kind& kind, const std::string& list, const json::value& body);
  void leave_out(const Kind& kind, const Member& member);
  void look(const std::string& where, const Names& names, const Member& member, json::value& body);
  void drop(const std::string& list, const std::string& where);

  std::vector<std::string> refused_, lost_, shown_;
  int held_ = 0;
};

void RoundTrip::SetUp() {
  add_pool("p", 0, R"(,"userAccounts":[{"name":"some-username","password":"some-password"}])");
  add_application("some-applicationid", "some-version");
  ASSERT_TRUE(bench_.run(engine::AddCertificate{fmt::format("sha1-{}", round_trip::thumbprint),
                                                R"({"certificateFormat":"cer"})"}));
  add_job("j", "p",
          R"(,"usesTaskDependencies":true,"onTaskFailure":"performexitoptionsjobaction")");
  json::value containers = json::parse(changed_pool_body);
  containers.as_object()["id"] = "pc";
  ASSERT_EQ(post("/pools", json::serialize(containers)).status, 201);
  add_job("jc", "pc");
}

// The entity, as the operation makes or changes it.
ServiceTest::Answer RoundTrip::make(const Kind& kind, const std::string& list,
                                    const json::value& body) {
  if (kind.operation == "Task_AddCollection") {
    Answer answer = speak("POST", list.substr(0, list.rfind('/')) + "/addtaskcollection",
                          json::object{{"value", json::array{body}}});
    if (answer.status == 200 && answer.text("/value/0/status") != "Success") answer.status = 400;
    return answer;
  }
  if (kind.change == nullptr) return speak("POST", list, body);
  const Answer added = speak("POST", list, json::parse(kind.base));
  if (added.status != 201) return added;
  if (!kind.before.empty()) {
    const std::size_t blank = kind.before.find(' ');
    EXPECT_EQ(speak("POST", list + "/e" + kind.before.substr(0, blank),
                    json::parse(kind.before.substr(blank + 1)))
                  .status,
              202);
  }
  return change(kind, list, body);
}

ServiceTest::Answer RoundTrip::change(const Kind& kind, const std::string& list,
                                      const json::value& body) {
  const api::OperationFacts& facts = facts_of_operation(kind.operation);
  const std::string tail(facts.path.substr(facts.path.rfind('}') + 1));
  return speak(std::string(facts.method), list + "/e" + tail, body);
}

// The least body of the operation, with that member set.
json::value RoundTrip::body_of(const Kind& kind, const Names& names, json::value value) const {
  json::value body = json::parse(kind.change == nullptr ? kind.base : kind.change);
  const api::ModelSchema& schema = model_of(kind);
  if (api::member_named(schema, version(), "certificateReferences") == nullptr)
    body.as_object().erase("certificateReferences");
  if (names.empty()) return body;
  round_trip::put(body, schema, version(), names, std::move(value));
  round_trip::complete(body.as_object());
  // The pool that is changed has what its start task needs.
  if (kind.base == changed_pool_body && names[0] == "startTask") {
    for (const char* needed : {"virtualMachineConfiguration", "userAccounts"})
      body.as_object().erase(needed);
  }
  return body;
}

void RoundTrip::drop(const std::string& list, const std::string& where) {
  EXPECT_EQ(send("DELETE", list + "/e").status / 100, 2) << where;
  for (const engine::DropNode& dropped : bench_.take<engine::DropNode>())
    (void)bench_.run(engine::FleetUnmade{dropped.pool, dropped.node});
}

void RoundTrip::look(const std::string& where, const Names& names, const Member& member,
                     json::value& body) {
  json::value* sent = round_trip::place_of(body, names);
  Answer got = get(where.substr(0, where.find(' ')) + "/e?api-version=" + GetParam().text);
  in_new_words(got.body);
  const json::value* shown = round_trip::place_of(got.body, names);
  if ((member.flags & Member::secret) != 0) {
    if (shown != nullptr) shown_.push_back(where);
  } else if (shown == nullptr || !round_trip::same(*sent, *shown)) {
    // Secrets inside a part do not come back, the part does.
    const bool only_secrets = shown != nullptr && member.type == api::Type::model;
    if (!only_secrets)
      lost_.push_back(where + " was " + json::serialize(*sent) + ", is " +
                      (shown == nullptr ? "absent" : json::serialize(*shown)));
  } else {
    ++held_;
  }
}

void RoundTrip::try_value(const Kind& kind, const Names& names, const Member& member,
                          json::value value) {
  json::value body = body_of(kind, names, std::move(value));
  // Tasks in containers need a pool for them.
  std::string list(kind.list);
  if (list.starts_with("/jobs/j/") && body.as_object().contains("containerSettings"))
    list.replace(0, 8, "/jobs/jc/");
  const std::string where = fmt::format("{} {} {}", list, kind.operation, join(names, "."));
  ASSERT_NE(round_trip::place_of(body, names), nullptr) << where;
  const Answer made = make(kind, list, body);
  const std::string message = made.text("/value/0/error/message/value") + made.message();
  if (made.status / 100 != 2) {
    if (!is_refused_on_purpose(names, message))
      refused_.push_back(where + " → " + json::serialize(made.body));
    if (kind.change != nullptr) drop(list, where);
    return;
  }
  look(where, names, member, body);
  drop(list, where);
}

void RoundTrip::walk(const Kind& kind, const api::ModelSchema& schema, Names& names) {
  for (const Member& member : schema.members) {
    if ((member.in & version().mask()) == 0 || (member.flags & Member::read_only) != 0) continue;
    if (std::ranges::find(names, member.name) != names.end()) continue;  // a model inside itself
    if (names.empty() && member.name == "id") continue;
    names.emplace_back(member.name);
    if (join(names, ".") != kind.without) {
      for (const json::value& value : round_trip::values_for(member, version()))
        try_value(kind, names, member, value);
      if (member.type == api::Type::model && member.shape != api::Shape::map)
        walk(kind, api::schema_of(static_cast<api::Model>(member.index)), names);
    }
    names.pop_back();
  }
}

// What a whole new body leaves out is as it is when nothing was ever said of it.
void RoundTrip::leave_out(const Kind& kind, const Member& member) {
  const Names names{std::string(member.name)};
  const std::string where = fmt::format("{} {}", kind.operation, member.name);
  const auto shown = [&] {
    Answer got = get(fmt::format("{}/e?api-version={}", kind.list, GetParam().text));
    const json::value* there = round_trip::place_of(got.body, names);
    return there == nullptr ? std::string("absent") : json::serialize(*there);
  };
  EXPECT_EQ(make(kind, kind.list, body_of(kind, {}, {})).status / 100, 2) << where;
  const std::string at_first = shown();
  EXPECT_EQ(change(kind, kind.list, body_of(kind, names, round_trip::value_for(member, version())))
                    .status /
                100,
            2)
      << where;
  const Answer again = change(kind, kind.list, body_of(kind, {}, {}));
  // The one that cannot go back says so.
  if (member.name == "onAllTasksComplete")
    EXPECT_EQ(again.detail("PropertyName"), member.name);
  else
    EXPECT_EQ(shown(), at_first) << where << again.response.body;
  drop(kind.list, where);
}

TEST_P(RoundTrip, WhatIsLeftOutOfAWholeGoesBack) {
  for (const Kind& kind : kinds()) {
    const api::OperationFacts& facts = facts_of_operation(kind.operation);
    if (facts.method != "PUT" && kind.operation != "Pool_UpdateProperties") continue;
    for (const Member& member : api::schema_of(*facts.body).members) {
      const bool is_free =
          (member.in & version().mask()) != 0 &&
          ((member.required & version().mask()) == 0 || member.shape == api::Shape::list);
      if (is_free) leave_out(kind, member);
    }
  }
}

TEST_P(RoundTrip, EveryMemberThatIsSetComesBack) {
  for (const Kind& kind : kinds()) {
    Names names;
    walk(kind, model_of(kind), names);
  }
  EXPECT_TRUE(refused_.empty()) << refused_.size() << " refused:\n" << join(refused_, "\n");
  EXPECT_TRUE(lost_.empty()) << lost_.size() << " lost:\n" << join(lost_, "\n");
  EXPECT_TRUE(shown_.empty()) << "secrets shown:\n" << join(shown_, "\n");
  EXPECT_GT(held_, 1500);
}

std::string name_of_form(const ::testing::TestParamInfo<Spoken>& spoken) {
  return "in_" + std::regex_replace(spoken.param.text, std::regex("[^0-9]"), "_");
}
INSTANTIATE_TEST_SUITE_P(Forms, RoundTrip, ::testing::ValuesIn(round_trip::forms()), name_of_form);

}  // namespace

bool round_trip::comes_back(std::string_view operation) {
  return std::ranges::any_of(kinds(),
                             [&](const Kind& kind) { return kind.operation == operation; });
}

}  // namespace batchyard::service
