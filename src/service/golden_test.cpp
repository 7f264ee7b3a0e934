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
#include "base/text.h"
#include "service/golden_text.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view reference = "2024-07-01.20.0";
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

struct Story {
  std::string file;
  std::string version;
};

std::vector<Story> stories() {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().filename());
  }
  std::ranges::sort(files);
  std::vector<Story> all;
  for (const std::string& file : files) {
    for (const api::VersionFacts& version : api::versions())
      all.push_back({file, std::string(version.text)});
  }
  return all;
}

class Golden : public ServiceTest, public ::testing::WithParamInterface<Story> {
 protected:
  void act(const std::string& line);
  // The request of an exchange, sent; nothing when this version has no such operation.
  std::optional<Answer> ask(const golden::Exchange& exchange, const std::string& version);
  std::string filled(std::string text, const std::string& version);
};

std::string Golden::filled(std::string text, const std::string& version) {
  static const std::regex hole(R"(\$\{(node (\S+) (\d+)|version)\})");
  std::smatch found;
  while (std::regex_search(text, found, hole)) {
    std::string value = version;
    if (found[2].matched) {
      const std::vector<NodeId> nodes = bench_.nodes(found[2]);
      value = nodes.at(static_cast<std::size_t>(std::stoi(found[3]))).text();
    }
    text = found.prefix().str() + value + found.suffix().str();
  }
  return text;
}

void Golden::act(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) words.emplace_back(word);
  if (words[0] == "nodes") {
    for (const NodeId& node : bench_.nodes(words.at(1))) {
      if (bench_.node(words[1], node).state != NodeState::creating) continue;
      bench_.make(words[1], node);
      bench_.join(words[1], node);
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
  } else if (words[0] == "file") {
    files_.add(words.at(1), words.at(2));
  } else {
    FAIL() << "unknown: ! " << line;
  }
}

std::optional<ServiceTest::Answer> Golden::ask(const golden::Exchange& exchange,
                                               const std::string& version) {
  std::string target = filled(exchange.target, version);
  const std::string path = target.substr(0, target.find('?'));
  if (target.find("api-version=") == std::string::npos)
    target +=
        fmt::format("{}api-version={}", target.find('?') == std::string::npos ? '?' : '&', version);
  const std::optional<api::Match> match = api::match(exchange.verb, path);
  const std::string spoken = golden::version_in(target);
  const Result<api::Version> known = api::parse_version(spoken);
  const bool has =
      match && match->facts != nullptr && known && (match->facts->in & known->mask()) != 0;
  Answer answer = send(exchange.verb, target, filled(exchange.body, version), exchange.headers);
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
  std::vector<golden::Exchange> exchanges = golden::parse(read_file(folder / file));
  ASSERT_FALSE(exchanges.empty());
  for (golden::Exchange& exchange : exchanges) {
    for (const std::string& action : exchange.actions) act(filled(action, version));
    if (exchange.verb.empty()) continue;
    const std::optional<Answer> answer = ask(exchange, version);
    if (!answer) continue;
    const std::string said = golden::text_of(answer->response, answer->body);
    if (rewrite) {
      exchange.answer = said;
    } else if (version == reference || !golden::version_in(exchange.target).empty()) {
      EXPECT_EQ(said, exchange.answer) << file << ": " << exchange.verb << " " << exchange.target;
    } else {
      EXPECT_EQ(golden::short_text(said), golden::short_text(exchange.answer))
          << file << ": " << exchange.verb << " " << exchange.target << "\n"
          << said;
    }
  }
  if (rewrite) std::ofstream(folder / file) << golden::write(exchanges);
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
      }
    }
  }
};
const auto* const coverage = ::testing::AddGlobalTestEnvironment(new Coverage);

}  // namespace
}  // namespace batchyard::service
