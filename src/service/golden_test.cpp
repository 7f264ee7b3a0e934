// Every exchange in tests/golden/api/*.txt, in every api-version: what a request is answered with.
//
// A file is a story on a service of its own: exchanges, separated by "====". An exchange is a
// request (verb and target, headers, a JSON body), four dashes, and the answer (status, headers,
// body). Lines that begin with '#' are for readers; lines that begin with '!' let the world do
// something first: `! nodes POOL` (the fleet makes what is wanted, and agents join), `! end JOB
// TASK CODE` (its command ends), `! helped` (preparation and release tasks that run succeed), `!
// gone POOL NODE` (the fleet has taken it back), `! clock DURATION`, `! file NAME TEXT` (a node's
// file). "${node POOL N}" is the id of a pool's node, "${version}" the api-version.
//
// In the folder `errors` are the refusals, in short: "404 PoolNotFound", the message, the details.
// There the world can also be at odds: `! ending` (the engine takes no commands), `! unlinked`
// (agents cannot be reached), `! files-say CODE` (an agent refuses), `! faulty POOL NODE`;
// `! relieved` ends all that. A request with an Authorization header of its own is not signed.
// `! quota NAME=NUMBER` is the operator's.
// "${token JOB TASK}" is a running task's token, "${big N}" N letters, "${certificates}" an empty
// certificateReferences where a version has it. `! trimmed N` forgets the first N events, `!
// uploads N` makes the archives u0, u1 and so on, `! times N VERB TARGET BODY` asks with '#' for 0,
// 1 and so on.
//
// The answer is compared in full in one version (`reference`), or in the one that the target names;
// in the others the status and the error code. With BATCHYARD_REWRITE_GOLDEN=1 in the environment
// the answers are written anew.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "api/operations.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service_test.h"
#include "service/token.h"
#include "testing/golden_text.h"

namespace batchyard::service {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view reference = "2024-07-01.20.0";
// Where an operation is gone by then, its answer is written as this version gives it.
constexpr std::string_view older_reference = "2023-11-01.18.0";
const fs::path folder = "tests/golden/api";

std::string read_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Operations that were answered with success, by version; looked at when all stories are told.
std::set<std::pair<api::Operation, std::string>>& answered() {
  static std::set<std::pair<api::Operation, std::string>> all;
  return all;
}

// Refusals by operation and version: the code, or the status where there is no body.
using Refusal = std::tuple<api::Operation, std::string, std::string>;
std::set<Refusal>& refused() {
  static std::set<Refusal> all;
  return all;
}
std::set<std::string, std::less<>>& codes_shown() {
  static std::set<std::string, std::less<>> all;
  return all;
}

struct Story {
  std::string file;
  std::string version;
};

std::vector<Story> stories() {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".txt")
      files.push_back(fs::relative(entry.path(), folder).string());
  }
  std::ranges::sort(files);
  std::vector<Story> all;
  for (const std::string& file : files) {
    for (const api::VersionFacts& version : api::versions())
      all.push_back({file, std::string(version.text)});
  }
  return all;
}

bool is_short(const Story& story) {
  return story.file.starts_with("errors/");
}

class Golden : public ServiceTest, public ::testing::WithParamInterface<Story> {
 protected:
  void act(const std::string& line);
  // The request of an exchange, sent; nothing when this version has no such operation.
  std::optional<Answer> ask(const testing::golden::Exchange& exchange, const std::string& version);
  std::string filled(std::string text, const std::string& version);
  std::string token_of(const std::string& job, const std::string& task);
  engine::Quotas quotas_;
  static void note_refusal(const std::optional<api::Match>& match, const std::string& spoken,
                           const Answer& answer);
  static std::string text_of(const Answer& answer) {
    return is_short(GetParam()) ? testing::golden::short_answer(answer.response, answer.body)
                                : testing::golden::text_of(answer.response, answer.body);
  }
  // What is the same in every version.
  static std::string kernel_of(const std::string& answer) {
    return is_short(GetParam()) ? answer.substr(0, answer.find('\n'))
                                : testing::golden::short_text(answer);
  }
};

void Golden::note_refusal(const std::optional<api::Match>& match, const std::string& spoken,
                          const Answer& answer) {
  const std::string code = answer.body.is_null() ? std::to_string(answer.status) : answer.code();
  codes_shown().insert(code);
  if (match && match->facts != nullptr) refused().insert({match->facts->operation, spoken, code});
}

std::string Golden::token_of(const std::string& job, const std::string& task) {
  return make_token("seal", {.job = JobId::trusted(job),
                             .task = TaskId::trusted(task),
                             .attempt = bench_.task(job, task).attempt,
                             .expires = bench_.now + token_life});
}

std::string Golden::filled(std::string text, const std::string& version) {
  static const std::regex hole(
      R"(\$\{(node (\S+) (\d+)|version|big (\d+)|certificates|token (\S+) (\S+))\})");
  std::string whole;
  std::smatch found;
  while (std::regex_search(text, found, hole)) {
    std::string value = version;
    if (found[1] == "certificates") {
      value = version < "2025" ? R"("certificateReferences":[],)" : "";
    } else if (found[2].matched) {
      const std::vector<NodeId> nodes = bench_.nodes(found[2]);
      value = nodes.at(static_cast<std::size_t>(std::stoi(found[3]))).text();
    } else if (found[4].matched) {
      value = std::string(static_cast<std::size_t>(std::stoi(found[4])), 'x');
    } else if (found[5].matched) {
      value = token_of(found[5], found[6]);
    }
    whole += found.prefix().str() + value;
    text = found.suffix().str();
  }
  return whole + text;
}

void Golden::act(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) words.emplace_back(word);
  if (words[0] == "nodes") {
    for (const NodeId& node : bench_.nodes(words.at(1))) {
      const NodeState state = bench_.node(words[1], node).state;
      if (state == NodeState::creating) bench_.make(words[1], node);
      if (state == NodeState::creating || state == NodeState::starting) bench_.join(words[1], node);
    }
  } else if (words[0] == "end") {
    const TaskStatus task = bench_.task(words.at(1), words.at(2));
    engine::StartRun run;
    run.pool = task.pool;
    run.key = {JobId::trusted(words[1]), TaskId::trusted(words[2]), task.attempt};
    run.seats.push_back({task.node, "", "", ""});
    bench_.end(run, 0, std::stoi(words.at(3)));
  } else if (words[0] == "gone") {
    (void)bench_.run(
        engine::FleetUnmade{PoolId::trusted(words.at(1)), NodeId::trusted(words.at(2))});
  } else if (words[0] == "clock") {
    bench_.now += *parse_duration(words.at(1));
    (void)bench_.run(engine::Tick());
  } else if (words[0] == "helped") {
    for (const engine::StartJobTask& order : bench_.take<engine::StartJobTask>())
      bench_.report(order, protocol::StartTaskPhase::succeeded);
  } else if (words[0] == "made") {
    for (const NodeId& node : bench_.nodes(words.at(1))) bench_.make(words[1], node);
  } else if (words[0] == "faulty") {
    // Until the service gives it up.
    for (int losses = 0; losses < 10; ++losses)
      (void)bench_.run(engine::FleetFailed{PoolId::trusted(words.at(1)),
                                           NodeId::trusted(words.at(2)),
                                           {.kind = Kind::internal,
                                            .code = "NodeNotMade",
                                            .message = "It does not come up.",
                                            .details = {},
                                            .cause = {}}});
  } else if (words[0] == "ending") {
    ending_ = true;
  } else if (words[0] == "no-storage") {
    package_storage_.there = false;
  } else if (words[0] == "uploads") {
    for (int at = 0; at < std::stoi(words.at(1)); ++at)
      packages_.uploads["u" + std::to_string(at)] = "an archive";
  } else if (words[0] == "times") {
    for (int at = 0; at < std::stoi(words.at(1)); ++at) {
      std::string request = words.at(3) + " " + words.at(4);
      request = std::regex_replace(request, std::regex("#"), std::to_string(at));
      const std::size_t blank = request.find(' ');
      EXPECT_EQ(send(words[2], request.substr(0, blank), request.substr(blank + 1)).status / 100, 2)
          << request;
    }
  } else if (words[0] == "quota") {
    ASSERT_TRUE(engine::set_quota(quotas_, words.at(1)));
    bench_.allow(quotas_);
  } else if (words[0] == "trimmed") {
    bench_.store.trim_events(std::stoi(words.at(1)));
  } else if (words[0] == "unlinked") {
    files_.reachable = false;
  } else if (words[0] == "files-say") {
    files_.error_code = words.at(1);
  } else if (words[0] == "relieved") {
    ending_ = false;
    files_.reachable = true;
    files_.error_code.clear();
  } else if (words[0] == "file") {
    files_.add(words.at(1), words.at(2));
  } else {
    FAIL() << "unknown: ! " << line;
  }
}

std::optional<ServiceTest::Answer> Golden::ask(const testing::golden::Exchange& exchange,
                                               const std::string& version) {
  std::string target = filled(exchange.target, version);
  const std::string path = target.substr(0, target.find('?'));
  if (target.find("api-version=") == std::string::npos)
    target +=
        fmt::format("{}api-version={}", target.find('?') == std::string::npos ? '?' : '&', version);
  const std::optional<api::Match> match = api::match(exchange.verb, path);
  const std::string spoken = testing::golden::version_in(target);
  const Result<api::Version> known = api::parse_version(spoken);
  const bool has =
      match && match->facts != nullptr && known && (match->facts->in & known->mask()) != 0;
  std::vector<HttpHeader> headers = exchange.headers;
  for (HttpHeader& header : headers) header.value = filled(header.value, version);
  const bool is_signed =
      std::ranges::find(headers, "Authorization", &HttpHeader::name) == headers.end();
  const std::string body = filled(exchange.body, version);
  Answer answer = is_signed ? send(exchange.verb, target, body, headers)
                            : handle(request(exchange.verb, target, body, headers));
  if (answer.status >= 300) note_refusal(match, spoken, answer);
  if (match && match->facts != nullptr && known && !has) {
    EXPECT_EQ(answer.status, 400) << match->facts->name << " is not in " << spoken;
    EXPECT_EQ(answer.code(), exchange.verb == "HEAD" ? "(absent)" : "InvalidUri");
    return std::nullopt;
  }
  // Some operations the service itself only ever refuses: here there are no Cloud Services and no
  // applications, and usage metrics were retired.
  static const std::set<std::string> refusals = {"OperationNotValidOnNode", "ApplicationNotFound",
                                                 "PoolUsageMetricAPIRetired"};
  if (has && (answer.status / 100 == 2 || refusals.contains(answer.code())))
    answered().insert({match->facts->operation, spoken});
  return answer;
}

TEST_P(Golden, Story) {
  const auto& [file, version] = GetParam();
  const bool rewrite = std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr && version == reference;
  std::vector<testing::golden::Exchange> exchanges =
      testing::golden::parse(read_file(folder / file));
  ASSERT_FALSE(exchanges.empty());
  for (testing::golden::Exchange& exchange : exchanges) {
    for (const std::string& action : exchange.actions) act(filled(action, version));
    if (exchange.verb.empty()) continue;
    std::optional<Answer> answer = ask(exchange, version);
    if (!answer && rewrite) answer = ask(exchange, std::string(older_reference));
    if (!answer) continue;
    const std::string said = text_of(*answer);
    if (rewrite) {
      exchange.answer = said;
    } else if (version == reference || !testing::golden::version_in(exchange.target).empty()) {
      EXPECT_EQ(said, exchange.answer) << file << ": " << exchange.verb << " " << exchange.target;
    } else {
      EXPECT_EQ(kernel_of(said), kernel_of(exchange.answer))
          << file << ": " << exchange.verb << " " << exchange.target << "\n"
          << said;
    }
  }
  if (rewrite) std::ofstream(folder / file) << testing::golden::write(exchanges);
}

std::string name_of(const ::testing::TestParamInfo<Story>& story) {
  std::string name =
      story.param.file.substr(0, story.param.file.find('.')) + "_in_" + story.param.version;
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Api, Golden, ::testing::ValuesIn(stories()), name_of);

// When every story was told: each operation was answered in each version that has it.
class Coverage : public ::testing::Environment {
  static constexpr const char* retired = "PoolUsageMetricAPIRetired";

  // The refusals that follow from what the contract says of an operation.
  static std::vector<std::string> refusals_of(const api::OperationFacts& operation,
                                              api::Version version) {
    static const std::pair<std::string_view, const char*> missing[] = {
        {"{poolId}", "PoolNotFound"},
        {"{nodeId}", "NodeNotFound"},
        {"{jobId}", "JobNotFound"},
        {"{taskId}", "TaskNotFound"},
        {"{jobScheduleId}", "JobScheduleNotFound"},
        {"{userName}", "NodeUserNotFound"},
        {"{filePath}", "FileNotFound"},
        {"{extensionName}", "ResourceNotFound"},
        {"{thumbprint}", "CertificateNotFound"},
        {"{applicationId}", "ApplicationNotFound"}};
    const bool head = operation.method == "HEAD";
    std::vector<std::string> codes;
    for (const auto& [parameter, code] : missing) {
      if (operation.path.contains(parameter)) codes.emplace_back(head ? "404" : code);
    }
    if (!operation.conditions.empty()) codes.emplace_back(head ? "412" : "ConditionNotMet");
    if (!operation.conditions.empty() && (head || operation.method == "GET"))
      codes.emplace_back("304");
    if (operation.body) {
      codes.emplace_back("InvalidRequestBody");
      for (const api::Member& member : api::schema_of(*operation.body).members) {
        if ((member.required & version.mask()) == 0) continue;
        codes.emplace_back("MissingRequiredProperty");
        break;
      }
    }
    if (operation.query.contains("maxresults") || operation.query.contains("$select"))
      codes.emplace_back("InvalidQueryParameterValue");
    if (operation.range) codes.emplace_back("InvalidRange");
    return codes;
  }

 public:
  void TearDown() override {
    const auto& unit = *::testing::UnitTest::GetInstance();
    if (unit.test_to_run_count() != unit.total_test_count()) return;  // some were left out
    for (const api::OperationFacts& operation : api::operations()) {
      for (const api::VersionFacts& version : api::versions()) {
        const Result<api::Version> known = api::parse_version(version.text);
        if ((operation.in & known->mask()) == 0) continue;
        EXPECT_TRUE(answered().contains({operation.operation, std::string(version.text)}))
            << "no story in " << folder << " has " << operation.name << " answered in "
            << version.text;
        // What was retired has no parameters any more.
        if (refused().contains({operation.operation, std::string(version.text), retired})) continue;
        for (const std::string& code : refusals_of(operation, *known)) {
          EXPECT_TRUE(refused().contains({operation.operation, std::string(version.text), code}))
              << "no story in " << folder << " has " << operation.name << " refused with " << code
              << " in " << version.text;
        }
      }
    }
    for (const CodeFacts& code : error_codes) {
      EXPECT_TRUE(codes_shown().contains(code.code))
          << "no story in " << folder << " has anything refused with " << code.code;
    }
  }
};
const auto* const coverage = ::testing::AddGlobalTestEnvironment(new Coverage);

}  // namespace
}  // namespace batchyard::service
