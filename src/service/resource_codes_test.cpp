// The codes inside resources: each is produced where the table says, and nothing that produces one
// uses another. Those that this service alone produces are shown here in the resource itself.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/error_codes.h"
#include "base/resource_codes.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

std::string source_text(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ResourceCodes, EachIsProducedWhereTheTableSays) {
  for (const ResourceCode& one : resource_codes) {
    EXPECT_TRUE(
        source_text(fmt::format("src/{}", one.source)).contains(fmt::format("\"{}\"", one.code)))
        << one.code << " is not in " << one.source;
  }
}

// What stands where a failure's, a resize's or a node's code is given.
TEST(ResourceCodes, NothingElseIsProduced) {
  static const std::regex given(
      R"re((?:\.code = |\bcode = |failed\(|not_written\(|set_error\([^";]*|end_resize\([^";]*|servererror,\s*|usererror,\s*)"([A-Z]\w+)")re");
  int found = 0;
  for (const char* folder : {"engine", "node", "edge/fetch", "edge/upload", "edge/container"}) {
    for (const auto& entry : std::filesystem::directory_iterator(fmt::format("src/{}", folder))) {
      const std::string name = entry.path().filename().string();
      if (!name.ends_with(".cpp") || name.ends_with("_test.cpp")) continue;
      const std::string text = source_text(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), given), end; at != end; ++at) {
        const std::string code = (*at)[1];
        ++found;
        EXPECT_TRUE(facts_of_code(code) != nullptr ||
                    std::ranges::find(resource_codes, code, &ResourceCode::code) !=
                        std::end(resource_codes))
            << code << " of " << entry.path() << " is not in base/resource_codes.h";
      }
    }
  }
  EXPECT_GT(found, 20);
}

class ToldByResources : public ServiceTest {
 protected:
  // A job with a pool of its own, which has that member.
  std::string scheduling_error(const std::string& member) {
    const Answer added = send("POST", "/jobs?api-version=2023-11-01.18.0",
                              fmt::format(R"({{"id":"j{}","poolInfo":{{"autoPoolSpecification":{{
            "poolLifetimeOption":"job","pool":{{"vmSize":"STANDARD_H16r","virtualMachineConfiguration":{{
            "imageReference":{{"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"}},
            "nodeAgentSKUId":"batch.node.centos 7"}},{}}}}}}}}})",
                                          jobs_, member));
    EXPECT_EQ(added.status, 201) << added.response.body;
    const Answer job = get(fmt::format("/jobs/j{}", jobs_++));
    EXPECT_EQ(job.text("/state"), "completed");
    EXPECT_NE(job.text("/executionInfo/schedulingError/message"), "");
    EXPECT_EQ(job.text("/executionInfo/schedulingError/category"), "UserError");
    return job.text("/executionInfo/schedulingError/code");
  }
  int jobs_ = 0;
};

TEST_F(ToldByResources, WhyAJobsOwnPoolCannotBe) {
  EXPECT_EQ(scheduling_error(
                R"("certificateReferences":[{"thumbprint":"00","thumbprintAlgorithm":"sha1"}])"),
            "InvalidCertificatesInAutoPool");
  EXPECT_EQ(scheduling_error(R"("applicationPackageReferences":[{"applicationId":"none"}])"),
            "InvalidApplicationPackageReferencesInAutoPool");
  EXPECT_EQ(scheduling_error(R"("enableAutoScale":true,"autoScaleFormula":"$x=(")"),
            "InvalidAutoScaleFormulaInAutoPool");
  EXPECT_EQ(scheduling_error(R"("taskSlotsPerNode":200)"), "InvalidAutoPoolSettings");
}

TEST_F(ToldByResources, WhyATaskFailed) {
  add_pool("p", 1);
  add_job("j", "p");
  const auto failure = [&](const char* id, int exit_code, bool terminate) {
    EXPECT_EQ(post("/jobs/j/tasks", fmt::format(R"({{"id":"{}","commandLine":"a"}})", id)).status,
              201);
    const engine::StartRun run = bench_.take<engine::StartRun>().at(0);
    if (terminate) {
      EXPECT_EQ(send("POST", fmt::format("/jobs/j/tasks/{}/terminate", id)).status, 204);
    }
    bench_.end(run, 0, exit_code);
    return get(fmt::format("/jobs/j/tasks/{}", id)).text("/executionInfo/failureInfo/code");
  };
  EXPECT_EQ(failure("fails", 3, false), "FailureExitCode");
  EXPECT_EQ(failure("ends", 137, true), "TaskEnded");
  EXPECT_EQ(failure("works", 0, false), "(absent)");
}

}  // namespace
}  // namespace batchyard::service
