// What clients sent to the real service is sent to ours, where the contract's originals are at hand
// (the environment variable BATCHYARD_CONTRACT names their folder): accepted, and shown again with
// every member.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

class RecordedAdds : public ServiceTest {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("BATCHYARD_CONTRACT");
    if (folder == nullptr)
      GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
    folder_ = folder;
  }

  // The bodies that the real service took, with their api-version.
  void each(
      std::string_view operation,
      const std::function<void(const json::object& body, const std::string& version)>& visit) {
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_ + "/recordings/data-plane")) {
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const json::value exchanges = json::parse(text.str());
      for (const json::value& exchange : exchanges.as_array()) {
        if (exchange.at("operationId").as_string() == operation &&
            exchange.at("response").at("status") == 201)
          visit(exchange.at("request").at("body").as_object(),
                std::string(exchange.at("apiVersion").as_string()));
      }
    }
  }

  // Sends it and reads it back; false when it asks for something that is not served yet, which the
  // refusal must name.
  bool goes_round(const std::string& list, const json::object& body, const std::string& version) {
    if (const json::value* references = body.if_contains("applicationPackageReferences")) {
      for (const json::value& one : references->as_array()) {
        const json::value* of = one.as_object().if_contains("version");
        add_application(std::string(one.at("applicationId").as_string()),
                        of == nullptr ? "1" : std::string(of->as_string()));
      }
    }
    const Answer added = send("POST", list + "?api-version=" + version, json::serialize(body));
    if (added.status == 400) {
      EXPECT_EQ(added.code(), "InvalidPropertyValue") << added.response.body;
      const std::string property = added.detail("PropertyName");
      EXPECT_TRUE(body.contains(property.substr(0, property.find_first_of(".["))))
          << added.response.body;
      return false;
    }
    EXPECT_EQ(added.status, 201) << json::serialize(body) << added.response.body;
    const Answer shown =
        get(fmt::format("{}/{}?api-version={}", list, body.at("id").as_string().c_str(), version));
    EXPECT_EQ(shown.status, 200);
    for (const auto& member : body) {
      const bool empty = member.value().is_array() && member.value().get_array().empty();
      EXPECT_TRUE(empty || shown.body.as_object().contains(member.key()))
          << member.key() << " is lost of " << json::serialize(body);
    }
    EXPECT_EQ(send("DELETE", fmt::format("{}/{}?api-version={}", list,
                                         body.at("id").as_string().c_str(), version))
                      .status /
                  100,
              2);
    for (const engine::DropNode& dropped : bench_.take<engine::DropNode>())
      (void)bench_.run(engine::FleetUnmade{dropped.pool, dropped.node});
    return true;
  }

  std::string folder_;
};

TEST_F(RecordedAdds, Pools) {
  int served = 0;
  each("Pool_Add", [&](const json::object& body, const std::string& version) {
    served += goes_round("/pools", body, version);
  });
  EXPECT_GE(served, 6);
}

TEST_F(RecordedAdds, JobsAndTasks) {
  add_pool("p", 0);
  int served = 0;
  each("Job_Add", [&](const json::object& body, const std::string& version) {
    served += goes_round("/jobs", body, version);
  });
  EXPECT_GE(served, 1);
  add_job("j", "p");
  served = 0;
  each("Task_Add", [&](const json::object& body, const std::string& version) {
    served += goes_round("/jobs/j/tasks", body, version);
  });
  EXPECT_GE(served, 2);
}

}  // namespace
}  // namespace batchyard::service
