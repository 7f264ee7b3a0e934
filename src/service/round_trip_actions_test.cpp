// Bodies of actions: what each of their members says is seen in what the action does, in every form
// that the contract has had. Together with round_trip_test.cpp every member of every body that an
// operation takes is covered; the last test here looks.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "base/text.h"
#include "service/round_trip.h"
#include "service/service_test.h"
#include "service/x509.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

using round_trip::Spoken;

// A self-signed certificate, by itself and with its key in a file whose password is "golden".
constexpr const char* cer =
    "MIIBeDCCAR+gAwIBAgIULpam9t9MgunojUUiH2v6hnfINAkwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGZ29sZGVuMCAX"
    "DTI2MTEyNDExMDkzNVoYDzIxMjYxMDMxMTEwOTM1WjARMQ8wDQYDVQQDDAZnb2xkZW4wWTATBgcqhkjOPQIBBggqhkjO"
    "PQMBBwNCAASfTM9J0VT4dyZqTXhaP8zVsW+/0Cs/MpREvLJ43z+wmNEgDpvHS9T/hiUOnFImEgpn6ieikul2MYFGWnR9"
    "zfXBo1MwUTAdBgNVHQ4EFgQUiaLVSyUF/VKB43ttQQEWCNAB0j4wHwYDVR0jBBgwFoAUiaLVSyUF/VKB43ttQQEWCNAB"
    "0j4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAwjfKdz0YYvXEkLIzApb4Mn9kEHLdj+YSOV5Q/Dm/E"
    "qQIgMBmkxZFaPMZHavSjGeba5RURj2WM4JDQA/vLnak3aYk=";
constexpr const char* cer_thumbprint = "260dd3c72a6b06aca33ddb86f055ba6ab0fa2330";

class Actions;
// The members of an operation's body that a look looks for.
struct Witness {
  std::string_view operation;
  std::string_view members;  // separated by blanks
  void (Actions::*look)();
};
const std::vector<Witness>& witnesses();

struct Case {
  std::size_t witness;
  Spoken spoken;
};

const api::OperationFacts& operation_of(std::string_view name) {
  return *std::ranges::find(api::operations(), name, &api::OperationFacts::name);
}

class Actions : public ServiceTest, public ::testing::WithParamInterface<Case> {
 public:
  void disable_job();
  void terminate_job();
  void resize();
  void resize_options();
  void enable_autoscale();
  void evaluate_autoscale();
  void remove_nodes();
  void remove_options();
  void reboot();
  void reimage();
  void deallocate();
  void disable_scheduling();
  void add_user();
  void update_user();
  void add_certificate();
  void upload_logs();

 protected:
  // A pool of one node, where the task `t` of the job runs; all but the task have the same name.
  struct Ground {
    std::string name;
    std::string node;
    engine::StartRun run;
    std::string task() const { return "/jobs/" + name + "/tasks/t"; }
    std::string place() const { return "/pools/" + name + "/nodes/" + node; }
  };
  Ground ground(const std::string& name);
  Answer ask(const std::string& verb, const std::string& path, const json::value& body) {
    return send(verb, path + "?api-version=" + GetParam().spoken.text, json::serialize(body));
  }
  Answer see(const std::string& path) {
    return get(path + "?api-version=" + GetParam().spoken.text);
  }
  api::Version version() const { return GetParam().spoken.version; }
  // The words that the member may have in this version.
  std::vector<std::string> words_of(std::string_view member);
  // Whether the node was let go, or is to start anew.
  bool is_gone(const Ground& ground);
  // Whatever the option says is what becomes of the task, and of the node after it.
  enum class Leaves { no, yes };
  void each_option(std::string_view member, Leaves leaves,
                   const std::function<Answer(const Ground&, json::object)>& act);
  protocol::Account account_told(const Ground& ground);
  bool has_told_to_end() const;
  void end_run(const Ground& ground, std::int32_t exit_code, Time kept_until);
};

Actions::Ground Actions::ground(const std::string& name) {
  add_pool(name, 1);
  add_job(name, name);
  Ground made{name, get("/pools/" + name + "/nodes").ids().at(0), {}};
  EXPECT_EQ(post("/jobs/" + name + "/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  made.run = bench_.take<engine::StartRun>().at(0);  // and what happened before is forgotten
  return made;
}

std::vector<std::string> Actions::words_of(std::string_view member) {
  const api::OperationFacts& facts = operation_of(witnesses()[GetParam().witness].operation);
  std::vector<std::string> words;
  for (const json::value& word :
       round_trip::values_for(*api::schema_of(*facts.body).find(member), version()))
    words.emplace_back(word.as_string());
  return words;
}

bool Actions::is_gone(const Ground& ground) {
  return std::ranges::any_of(bench_.effects, [&](const engine::Effect& effect) {
    const auto* dropped = std::get_if<engine::DropNode>(&effect);
    const auto* anew = std::get_if<engine::WantNode>(&effect);
    return (dropped != nullptr && dropped->node.text() == ground.node) ||
           (anew != nullptr && anew->order.node.text() == ground.node);
  });
}

void Actions::each_option(std::string_view member, Leaves leaves,
                          const std::function<Answer(const Ground&, json::object)>& act) {
  for (const std::string& option : words_of(member)) {
    SCOPED_TRACE(option);
    const Ground ground = this->ground(option);
    const Answer done = act(ground, {{member, option}});
    ASSERT_EQ(done.status / 100, 2) << done.response.body;
    const auto state = [&] { return see(ground.task()).text("/state"); };
    EXPECT_EQ(is_gone(ground), option == "requeue" && leaves == Leaves::yes);
    EXPECT_EQ(state(), option == "requeue" ? "active" : "running");
    if (option == "requeue") continue;
    const bool terminates = option == "terminate";
    EXPECT_EQ(has_told_to_end(), terminates);
    ASSERT_TRUE(terminates || option == "taskcompletion" || option == "retaineddata")
        << "what does it mean?";
    const bool keeps = option == "retaineddata";
    end_run(ground, terminates ? 137 : 0, bench_.now + std::chrono::hours(1));
    EXPECT_EQ(see(ground.task()).text("/executionInfo/result"), terminates ? "failure" : "success");
    EXPECT_EQ(is_gone(ground), !keeps && leaves == Leaves::yes);
    bench_.now += std::chrono::hours(2);
    (void)bench_.run(engine::Tick());
    EXPECT_EQ(is_gone(ground), leaves == Leaves::yes);
  }
}

bool Actions::has_told_to_end() const {
  return std::ranges::any_of(bench_.effects, [](const engine::Effect& effect) {
    const auto* told = std::get_if<engine::TellAgent>(&effect);
    return told != nullptr && std::holds_alternative<protocol::EndRun>(told->message);
  });
}

// The agent's last word of the run; the task's files stay on the node until then.
void Actions::end_run(const Ground& ground, std::int32_t exit_code, Time kept_until) {
  protocol::RunEnd end{
      .exit_code = exit_code, .failure = {}, .started = bench_.now, .ended = bench_.now};
  end.kept_until = kept_until;
  if (exit_code != 0) end.failure = Failure{.code = "FailureExitCode", .message = "It failed."};
  (void)bench_.run(engine::AgentSaid{ground.run.pool, ground.run.seats[0].node,
                                     protocol::RunEnded{ground.run.key, 0, end}});
}

void Actions::disable_job() {
  for (const std::string& option : words_of("disableTasks")) {
    SCOPED_TRACE(option);
    const Ground ground = this->ground(option);
    ASSERT_EQ(ask("POST", "/jobs/" + option + "/disable", {{"disableTasks", option}}).status, 202);
    const bool is_ended = has_told_to_end();
    EXPECT_EQ(is_ended, option != "wait");
    EXPECT_EQ(see("/jobs/" + option).text("/state"), "disabling");
    end_run(ground, is_ended ? 137 : 0, bench_.now);
    EXPECT_EQ(see("/jobs/" + option).text("/state"), "disabled");
    const Answer task = see(ground.task());
    EXPECT_EQ(task.text("/state"), option == "requeue" ? "active" : "completed");
    EXPECT_EQ(task.text("/executionInfo/exitCode"), option == "wait"        ? "0"
                                                    : option == "terminate" ? "137"
                                                                            : "(absent)");
  }
}

void Actions::terminate_job() {
  add_pool("p", 0);
  add_job("j", "p");
  ASSERT_EQ(ask("POST", "/jobs/j/terminate", {{"terminateReason", "enough"}}).status, 202);
  EXPECT_EQ(see("/jobs/j").text("/executionInfo/terminateReason"), "enough");
}

void Actions::resize() {
  add_pool("p", 0);
  ASSERT_EQ(
      ask("POST", "/pools/p/resize",
          {{"targetDedicatedNodes", 2}, {"targetLowPriorityNodes", 3}, {"resizeTimeout", "PT7M"}})
          .status,
      202);
  const Answer pool = see("/pools/p");
  EXPECT_EQ(pool.text("/targetDedicatedNodes"), "2");
  EXPECT_EQ(pool.text("/targetLowPriorityNodes"), "3");
  EXPECT_EQ(pool.text("/resizeTimeout"), "PT7M");
}

void Actions::resize_options() {
  each_option("nodeDeallocationOption", Leaves::yes,
              [this](const Ground& ground, json::object body) {
                body["targetDedicatedNodes"] = 0;
                return ask("POST", "/pools/" + ground.name + "/resize", body);
              });
}

void Actions::enable_autoscale() {
  add_pool("p", 0);
  ASSERT_EQ(ask("POST", "/pools/p/enableautoscale",
                {{"autoScaleFormula", "$TargetDedicatedNodes=0;"},
                 {"autoScaleEvaluationInterval", "PT8M"}})
                .status,
            200);
  const Answer pool = see("/pools/p");
  EXPECT_EQ(pool.text("/autoScaleFormula"), "$TargetDedicatedNodes=0;");
  EXPECT_EQ(pool.text("/autoScaleEvaluationInterval"), "PT8M");
}

void Actions::evaluate_autoscale() {
  enable_autoscale();
  const Answer run =
      ask("POST", "/pools/p/evaluateautoscale", {{"autoScaleFormula", "$TargetDedicatedNodes=4;"}});
  EXPECT_TRUE(run.text("/results").contains("$TargetDedicatedNodes=4")) << run.response.body;
}

void Actions::remove_nodes() {
  add_pool("p", 2);
  const std::vector<std::string> nodes = get("/pools/p/nodes").ids();
  ASSERT_EQ(ask("POST", "/pools/p/removenodes",
                {{"nodeList", json::array{json::string(nodes[1])}}, {"resizeTimeout", "PT9M"}})
                .status,
            202);
  EXPECT_EQ(see("/pools/p/nodes/" + nodes[0]).text("/state"), "idle");
  EXPECT_EQ(see("/pools/p/nodes/" + nodes[1]).text("/state"), "leavingpool");
  EXPECT_EQ(see("/pools/p").text("/resizeTimeout"), "PT9M");
}

void Actions::remove_options() {
  each_option("nodeDeallocationOption", Leaves::yes,
              [this](const Ground& ground, json::object body) {
                body["nodeList"] = json::array{json::string(ground.node)};
                return ask("POST", "/pools/" + ground.name + "/removenodes", body);
              });
}

void Actions::reboot() {
  each_option("nodeRebootOption", Leaves::yes, [this](const Ground& ground, json::object body) {
    return ask("POST", ground.place() + "/reboot", body);
  });
}

void Actions::reimage() {
  constexpr api::ShapeMask reimages = 16 | 32;
  if ((version().mask() & reimages) != 0)
    return each_option("nodeReimageOption", Leaves::yes,
                       [this](const Ground& ground, json::object body) {
                         return ask("POST", ground.place() + "/reimage", body);
                       });
  const Ground ground = this->ground("g");
  EXPECT_EQ(ask("POST", ground.place() + "/reimage", json::object()).code(),
            "OperationNotValidOnNode");
}

void Actions::deallocate() {
  each_option("nodeDeallocateOption", Leaves::yes, [this](const Ground& ground, json::object body) {
    return ask("POST", ground.place() + "/deallocate", body);
  });
}

void Actions::disable_scheduling() {
  each_option("nodeDisableSchedulingOption", Leaves::no,
              [this](const Ground& ground, json::object body) {
                return ask("POST", ground.place() + "/disablescheduling", body);
              });
}

protocol::Account Actions::account_told(const Ground& ground) {
  protocol::Account account;
  for (const engine::TellAgent& told : bench_.take<engine::TellAgent>()) {
    const auto* users = std::get_if<protocol::SetUsers>(&told.message);
    if (users != nullptr && told.node.text() == ground.node) account = users->accounts.at(0);
  }
  return account;
}

void Actions::add_user() {
  const Ground ground = this->ground("g");
  ASSERT_EQ(ask("POST", ground.place() + "/users",
                {{"name", "ann"},
                 {"isAdmin", true},
                 {"expiryTime", "2099-01-01T00:00:00Z"},
                 {"password", "secret"},
                 {"sshPublicKey", "ssh-rsa A"}})
                .status,
            201);
  const protocol::Account told = account_told(ground);
  EXPECT_EQ(told.name, "ann");
  EXPECT_TRUE(told.admin);
  EXPECT_EQ(told.expires, *parse_iso8601("2099-01-01T00:00:00Z"));
  EXPECT_EQ(told.password_hash, "$6$hash");
  EXPECT_EQ(told.ssh_public_key, "ssh-rsa A");
}

void Actions::update_user() {
  const Ground ground = this->ground("g");
  ASSERT_EQ(ask("POST", ground.place() + "/users", {{"name", "ann"}, {"isAdmin", true}}).status,
            201);
  EXPECT_EQ(account_told(ground).password_hash, "");
  ASSERT_EQ(ask("PUT", ground.place() + "/users/ann",
                {{"expiryTime", "2098-01-01T00:00:00Z"},
                 {"password", "secret"},
                 {"sshPublicKey", "ssh-rsa B"}})
                .status,
            200);
  const protocol::Account told = account_told(ground);
  EXPECT_TRUE(told.admin);
  EXPECT_EQ(told.expires, *parse_iso8601("2098-01-01T00:00:00Z"));
  EXPECT_EQ(told.password_hash, "$6$hash");
  EXPECT_EQ(told.ssh_public_key, "ssh-rsa B");
}

void Actions::add_certificate() {
  json::object body{{"thumbprint", cer_thumbprint},
                    {"thumbprintAlgorithm", "sha1"},
                    {"data", cer},
                    {"certificateFormat", "pfx"}};
  EXPECT_EQ(ask("POST", "/certificates", body).detail("PropertyName"), "data");
  body["certificateFormat"] = "cer";
  body["password"] = "secret";  // which a .cer file has not
  EXPECT_EQ(ask("POST", "/certificates", body).detail("PropertyName"), "password");
  body.erase("password");
  ASSERT_EQ(ask("POST", "/certificates", body).status, 201);
  const Answer shown =
      see(fmt::format("/certificates(thumbprintAlgorithm=sha1,thumbprint={})", cer_thumbprint));
  EXPECT_EQ(shown.text("/thumbprint"), cer_thumbprint);
  EXPECT_EQ(shown.text("/thumbprintAlgorithm"), "sha1");
  EXPECT_EQ(shown.text("/publicData"), cer);
}

void Actions::upload_logs() {
  const Ground ground = this->ground("g");
  json::object body{{"containerUrl", "https://store.example/logs"},
                    {"startTime", "2025-01-01T00:00:00Z"},
                    {"endTime", "2025-01-02T00:00:00Z"}};
  ASSERT_EQ(ask("POST", ground.place() + "/uploadbatchservicelogs", body).status, 200);
  const protocol::FileRequest& asked = files_.asked.back();
  EXPECT_EQ(asked.url, "https://store.example/logs");
  EXPECT_EQ(asked.from, *parse_iso8601("2025-01-01T00:00:00Z"));
  EXPECT_EQ(asked.until, *parse_iso8601("2025-01-02T00:00:00Z"));
  if (version().shape == 0) return;
  body["identityReference"] = json::object{{"resourceId", "/some/identity"}};
  EXPECT_EQ(ask("POST", ground.place() + "/uploadbatchservicelogs", body).detail("PropertyName"),
            "identityReference");
}

const std::vector<Witness>& witnesses() {
  static const std::vector<Witness> all = {
      {"Job_Disable", "disableTasks", &Actions::disable_job},
      {"Job_Terminate", "terminateReason", &Actions::terminate_job},
      {"Pool_Resize", "targetDedicatedNodes targetLowPriorityNodes resizeTimeout",
       &Actions::resize},
      {"Pool_Resize", "nodeDeallocationOption", &Actions::resize_options},
      {"Pool_EnableAutoScale", "autoScaleFormula autoScaleEvaluationInterval",
       &Actions::enable_autoscale},
      {"Pool_EvaluateAutoScale", "autoScaleFormula", &Actions::evaluate_autoscale},
      {"Pool_RemoveNodes", "nodeList resizeTimeout", &Actions::remove_nodes},
      {"Pool_RemoveNodes", "nodeDeallocationOption", &Actions::remove_options},
      {"ComputeNode_Reboot", "nodeRebootOption", &Actions::reboot},
      {"ComputeNode_Reimage", "nodeReimageOption", &Actions::reimage},
      {"ComputeNode_Deallocate", "nodeDeallocateOption", &Actions::deallocate},
      {"ComputeNode_DisableScheduling", "nodeDisableSchedulingOption",
       &Actions::disable_scheduling},
      {"ComputeNode_AddUser", "name isAdmin expiryTime password sshPublicKey", &Actions::add_user},
      {"ComputeNode_UpdateUser", "expiryTime password sshPublicKey", &Actions::update_user},
      {"Certificate_Add", "thumbprint thumbprintAlgorithm data certificateFormat password",
       &Actions::add_certificate},
      {"ComputeNode_UploadBatchServiceLogs", "containerUrl startTime endTime identityReference",
       &Actions::upload_logs}};
  return all;
}

TEST_P(Actions, DoWhatTheirBodiesSay) {
  (this->*witnesses()[GetParam().witness].look)();
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (std::size_t at = 0; at < witnesses().size(); ++at) {
    for (const Spoken& spoken : round_trip::forms()) {
      if ((operation_of(witnesses()[at].operation).in & spoken.version.mask()) != 0)
        all.push_back({at, spoken});
    }
  }
  return all;
}
std::string name_of_case(const ::testing::TestParamInfo<Case>& info) {
  const Witness& witness = witnesses()[info.param.witness];
  return std::regex_replace(
      fmt::format("{}_{}_in_{}", witness.operation,
                  witness.members.substr(0, witness.members.find(' ')), info.param.spoken.text),
      std::regex("[^0-9A-Za-z]"), "_");
}
INSTANTIATE_TEST_SUITE_P(Bodies, Actions, ::testing::ValuesIn(cases()), name_of_case);

// The secrets at and below a model; each is looked for on the page.
int count_secrets(api::Model model, const std::string& page, int depth) {
  const api::ModelSchema& schema = api::schema_of(model);
  int secrets = 0;
  for (const api::Member& member : schema.members) {
    if ((member.flags & api::Member::secret) != 0) {
      ++secrets;
      EXPECT_TRUE(page.contains(fmt::format("`{}.{}`", schema.name, member.name)))
          << "no word of " << schema.name << "." << member.name;
    } else if (member.type == api::Type::model && depth < 8) {
      secrets += count_secrets(static_cast<api::Model>(member.index), page, depth + 1);
    }
  }
  return secrets;
}

// What is never shown is written down, with its reason.
TEST(RoundTripCoverage, TheDocumentsNameEverySecret) {
  std::stringstream page;
  page << std::ifstream("docs/decisions/67-what-never-comes-back.md").rdbuf();
  int secrets = 0;
  for (const api::OperationFacts& operation : api::operations()) {
    if (operation.body) secrets += count_secrets(*operation.body, page.str(), 0);
  }
  EXPECT_GT(secrets, 10);
}

TEST(RoundTripCoverage, EveryMemberOfEveryBodyIsLookedFor) {
  for (const api::OperationFacts& operation : api::operations()) {
    if (!operation.body || round_trip::comes_back(operation.name)) continue;
    for (const api::Member& member : api::schema_of(*operation.body).members) {
      EXPECT_TRUE(std::ranges::any_of(
          witnesses(),
          [&](const Witness& witness) {
            return witness.operation == operation.name &&
                   fmt::format(" {} ", witness.members).contains(fmt::format(" {} ", member.name));
          }))
          << "nothing looks for " << member.name << " of " << operation.name
          << ": add it to kinds() of round_trip_test.cpp, or to witnesses() here";
    }
  }
}

}  // namespace
}  // namespace batchyard::service
