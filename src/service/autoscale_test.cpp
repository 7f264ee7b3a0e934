#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

constexpr const char* machine =
    R"("vmSize":"standard_h16r","virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"})";

std::string pool_with(const std::string& members) {
  return fmt::format(R"({{"id":"p",{},{}}})", machine, members);
}

class AutoScaleService : public ServiceTest {
 protected:
  Answer enable(const std::string& body) { return post("/pools/p/enableautoscale", body); }
};

TEST_F(AutoScaleService, APoolWithAFormulaShowsIt) {
  ASSERT_EQ(post("/pools", pool_with(R"("enableAutoScale":true,
      "autoScaleFormula":"$TargetDedicatedNodes = 2;","autoScaleEvaluationInterval":"PT1H")"))
                .status,
            201);
  const Answer pool = get("/pools/p");
  const std::pair<const char*, const char*> expected[] = {
      {"/enableAutoScale", "true"},
      {"/autoScaleFormula", "$TargetDedicatedNodes = 2;"},
      {"/autoScaleEvaluationInterval", "PT1H"},
      {"/targetDedicatedNodes", "2"},
      {"/allocationState", "resizing"},
      {"/autoScaleRun/timestamp", "2025-12-18T00:00:00Z"},
      {"/autoScaleRun/results",
       "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue"},
      {"/autoScaleRun/error", "(absent)"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(pool.text(pointer), value) << pointer;
  EXPECT_EQ(get("/pools?$filter=enableAutoScale%20eq%20true").ids(), std::vector<std::string>{"p"});
  EXPECT_TRUE(get("/pools?$filter=enableAutoScale%20eq%20false").ids().empty());
  const Answer resized = post("/pools/p/resize", R"({"targetDedicatedNodes":1})");
  EXPECT_EQ(resized.status, 409);
  EXPECT_EQ(resized.code(), "OperationNotValidOnPool");
}

TEST_F(AutoScaleService, SettingsThatDoNotFitAreRefused) {
  const std::pair<const char*, const char*> refused[] = {
      {R"("enableAutoScale":true)", "autoScaleFormula"},
      {R"("enableAutoScale":true,"autoScaleFormula":"x=1","targetDedicatedNodes":1)",
       "targetDedicatedNodes"},
      {R"("enableAutoScale":true,"autoScaleFormula":"x=1","targetLowPriorityNodes":1)",
       "targetLowPriorityNodes"},
      {R"("autoScaleFormula":"x=1")", "autoScaleFormula"},
      {R"("enableAutoScale":false,"autoScaleEvaluationInterval":"PT10M")",
       "autoScaleEvaluationInterval"}};
  for (const auto& [members, property] : refused) {
    const Answer answer = post("/pools", pool_with(members));
    EXPECT_EQ(answer.status, 400) << members;
    EXPECT_EQ(answer.code(), "InvalidAutoScalingSettings") << members;
    EXPECT_EQ(answer.detail("PropertyName"), property) << members;
  }
  for (const char* interval : {"PT4M59S", "P7DT1S"}) {
    const Answer answer = post(
        "/pools",
        pool_with(fmt::format(
            R"("enableAutoScale":true,"autoScaleFormula":"x=1","autoScaleEvaluationInterval":"{}")",
            interval)));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.detail("PropertyName"), "autoScaleEvaluationInterval");
  }
  EXPECT_EQ(get("/pools/p").status, 404);
}

TEST_F(AutoScaleService, AWrongFormulaIsShownWithItsPlace) {
  const Answer answer =
      post("/pools", pool_with(R"("enableAutoScale":true,"autoScaleFormula":"x = 1;\ny = 1 + ;")"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.code(), "AutoScalingFormulaSyntaxError");
  EXPECT_NE(answer.message().find("line 2, column 9: a value was expected, not ';'\ny = 1 + ;\n"
                                  "        ^"),
            std::string::npos)
      << answer.message();
  const std::string longer(8193, ' ');
  EXPECT_EQ(post("/pools", pool_with(fmt::format(
                               R"("enableAutoScale":true,"autoScaleFormula":"{}x")", longer)))
                .code(),
            "AutoScalingFormulaTooLong");
}

TEST_F(AutoScaleService, ItIsEnabledEvaluatedAndDisabled) {
  add_pool("p", 1);
  EXPECT_EQ(enable(R"({"autoScaleEvaluationInterval":"PT6M"})").code(),
            "InvalidAutoScalingSettings");
  EXPECT_EQ(enable(R"({"autoScaleFormula":"$TargetDedicatedNodes = "})").code(),
            "AutoScalingFormulaSyntaxError");
  const Answer enabled = enable(
      R"({"autoScaleFormula":"$TargetDedicatedNodes=1","autoScaleEvaluationInterval":"PT6M"})");
  EXPECT_EQ(enabled.status, 200) << enabled.response.body;
  EXPECT_TRUE(enabled.response.body.empty());
  EXPECT_EQ(enabled.header("ETag"), get("/pools/p").header("ETag"));
  EXPECT_EQ(enabled.header("DataServiceId"), "https://yard.example/pools/p/enableautoscale");
  const Answer again = enable(R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})");
  EXPECT_EQ(again.status, 503);
  EXPECT_EQ(again.code(), "TooManyEnableAutoScaleRequests");

  const Answer run =
      post("/pools/p/evaluateautoscale", R"({"autoScaleFormula":"$TargetLowPriorityNodes=3"})");
  EXPECT_EQ(run.status, 200);
  EXPECT_EQ(run.text("/odata.metadata"),
            "https://yard.example/$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun");
  EXPECT_EQ(run.text("/results"),
            "$TargetDedicatedNodes=1;$TargetLowPriorityNodes=3;$NodeDeallocationOption=requeue");
  EXPECT_EQ(run.text("/error"), "(absent)");
  EXPECT_EQ(run.header("DataServiceId"), "https://yard.example/pools/p/evaluateautoscale");
  const Answer failed =
      post("/pools/p/evaluateautoscale", R"({"autoScaleFormula":"$TargetDedicatedNodes=1/0"})");
  EXPECT_EQ(failed.status, 200);
  EXPECT_EQ(failed.text("/error/code"), "AutoScalingFormulaEvaluationError");
  EXPECT_EQ(failed.text("/error/values/0/name"), "Message");
  EXPECT_EQ(get("/pools/p").text("/targetLowPriorityNodes"), "0");

  EXPECT_EQ(send("POST", "/pools/p/disableautoscale").status, 200);
  EXPECT_EQ(get("/pools/p").text("/enableAutoScale"), "false");
  EXPECT_EQ(get("/pools/p").text("/autoScaleFormula"), "(absent)");
  EXPECT_EQ(post("/pools/p/evaluateautoscale", R"({"autoScaleFormula":"x=1"})").code(),
            "InvalidAutoScalingSettings");
  EXPECT_EQ(post("/pools/p/resize", R"({"targetDedicatedNodes":2})").status, 202);
  EXPECT_EQ(post("/pools/q/enableautoscale", R"({"autoScaleFormula":"x=1"})").code(),
            "PoolNotFound");
}

TEST_F(AutoScaleService, ConditionsAreHeeded) {
  add_pool("p", 1);
  EXPECT_EQ(send("POST", "/pools/p/enableautoscale", R"({"autoScaleFormula":"x=1"})",
                 {{"If-Match", "\"0x8D0000000000000\""}})
                .status,
            412);
  EXPECT_EQ(
      send("POST", "/pools/p/disableautoscale", "", {{"If-Match", get("/pools/p").header("ETag")}})
          .status,
      200);
}

}  // namespace
}  // namespace batchyard::service
