// What the real service answered, held against what ours answers to the same request in a world
// made alike: status, code, headers, and the members of the body with their types. The recordings
// are not ours to keep: the environment variable BATCHYARD_CONTRACT names their folder where they
// are.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "base/text.h"
#include "service/recorded_world.h"
#include "testing/recorded_shape.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string recorded_text(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// By id, of both collections.
const std::map<std::string, json::object>& recorded() {
  static const std::map<std::string, json::object> all = [] {
    std::map<std::string, json::object> found;
    const char* folder = std::getenv("BATCHYARD_CONTRACT");
    if (folder == nullptr) return found;
    const auto keep = [&](const json::value& exchange) {
      found.emplace(exchange.at("id").as_string().c_str(), exchange.as_object());
    };
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / "recordings/data-plane")) {
      const json::value exchanges = json::parse(recorded_text(entry));
      for (const json::value& exchange : exchanges.as_array()) keep(exchange);
    }
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / "samples")) {
      if (entry.path().filename().string().starts_with("data-plane."))
        keep(json::parse(recorded_text(entry)));
    }
    return found;
  }();
  return all;
}

std::vector<std::string> recorded_ids() {
  std::vector<std::string> ids;
  for (const auto& [id, exchange] : recorded()) ids.push_back(id);
  if (ids.empty()) ids.emplace_back("none");
  return ids;
}

// What may be otherwise, and why. `member` is a path into the body, or a header's name.
struct Difference {
  const char* operations;  // a pattern
  const char* member;      // a pattern
  const char* why;
};
constexpr Difference differences[] = {
    {".*", "connection", "the connection's"},
    {"Certificate_Get", "/deleteCertificateError", "a pool holds it here"},
    {"ComputeNode_.*", ".*/inboundEndpoints/0", "no ssh server runs on nodes"},
    {"ComputeNode_.*", ".*/nodeAgentInfo", "the agents of these tests tell no version"},
    {"Job_ListFromJobSchedule", ".*/poolId", "no pool was made, so none is named"},
    {"Job_Update", "/values", "a condition that is not met tells the ETag that it is not"},
    {"Pool_GetAllLifetimeStatistics", "/resourceStats", "not measured"},
    {"Pool_GetAllLifetimeStatistics", "/(startTime|lastUpdateTime)", "the contract demands them"},
    {"Task_Get", "/executionInfo/(exitCode|failureInfo/details)", "it ended otherwise there"},
    {"Pool_Add", "/values/1.*", "the value that is refused is told, too"},
};

// Exchanges that are otherwise on purpose.
constexpr std::pair<const char*, const char*> never_ours[] = {
    {"ComputeNode_GetRemoteDesktop#001", "no nodes of Cloud Services are made"},
    {"ComputeNode_Reimage#001", "nodes of virtual machines can be reimaged, as newer versions say"},
    {"Pool_Add#003", "managed images are taken, as before API version 2020-03-01"},
    {"Pool_Add#037", "there is no subscription that a subnet could be foreign to"},
    {"Pool_DisableAutoScale#000", "a fault of the service"},
};

bool may_differ(const std::string& operation, const std::string& member) {
  return std::ranges::any_of(differences, [&](const Difference& one) {
    return std::regex_match(operation, std::regex(one.operations)) &&
           std::regex_match(member, std::regex(one.member));
  });
}

class RecordedAnswers : public RecordedWorld, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    if (recorded().empty())
      GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
    for (const auto& [id, why] : never_ours)
      if (GetParam() == id) GTEST_SKIP() << why;
    read(recorded().at(GetParam()));
  }
  void compare_headers(const Answer& answer);
};

void RecordedAnswers::compare_headers(const Answer& answer) {
  // What the connection, the front end or the platform adds.
  static const std::set<std::string> not_of_the_service = {
      "content-length",        "date", "server", "strict-transport-security", "transfer-encoding",
      "x-content-type-options"};
  std::set<std::string> theirs, ours;
  for (const auto& header : told_.at("headers").as_object()) theirs.insert(fold(header.key()));
  for (const HttpHeader& header : answer.response.headers) ours.insert(fold(header.name));
  for (const std::string& name : theirs)
    EXPECT_TRUE(ours.contains(name) || not_of_the_service.contains(name) ||
                may_differ(operation_, name))
        << "no header " << name;
  for (const std::string& name : ours)
    EXPECT_TRUE(theirs.contains(name) || not_of_the_service.contains(name) ||
                may_differ(operation_, name))
        << "the header " << name << " is ours alone";
  EXPECT_EQ(answer.header("Content-Type"),
            theirs.contains("content-type")
                ? std::string(told_.at("headers").at("content-type").as_string())
                : std::string());
}

TEST_P(RecordedAnswers, AreOursToo) {
  prepare();
  const Answer answer = ask();
  EXPECT_EQ(answer.status, told_.at("status").to_number<int>()) << answer.response.body;
  if (answer.status != told_.at("status").to_number<int>()) return;
  compare_headers(answer);
  const json::value& theirs = told_.at("body");
  if (!theirs.is_object()) return;
  if (theirs.get_object().contains("code")) {
    EXPECT_EQ(answer.code(), theirs.at("code").as_string().c_str());
  }
  const auto known = [&](const std::string& at) { return may_differ(operation_, at); };
  for (const std::string& difference :
       batchyard::testing::shape_differences(answer.body, theirs, known))
    ADD_FAILURE() << difference;
}

std::string recorded_name(const ::testing::TestParamInfo<std::string>& exchange) {
  std::string name = exchange.param;
  std::ranges::replace_if(
      name, [](char letter) { return std::isalnum(static_cast<unsigned char>(letter)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Of, RecordedAnswers, ::testing::ValuesIn(recorded_ids()), recorded_name);

}  // namespace
}  // namespace batchyard::service
