#include "api/codec.h"

#include <gtest/gtest.h>

namespace batchyard::api {
namespace {

namespace json = boost::json;

TEST(Structs, AreReadAndWritten) {
  json::value body = json::parse(R"({"id":"t","commandLine":"run","requiredSlots":"2",
      "environmentSettings":[{"name":"A","value":"1"}],"constraints":{"maxTaskRetryCount":3}})");
  ASSERT_TRUE(canonicalize(Model::TaskAddParameter, newest, body));
  const auto task = read<TaskAddParameter>(body);
  EXPECT_EQ(task.requiredSlots, 2);
  EXPECT_EQ(task.environmentSettings.at(0).name, "A");
  EXPECT_EQ(task.constraints->maxTaskRetryCount, 3);
  EXPECT_EQ(read<TaskAddParameter>(write(task)).commandLine, "run");
}

TEST(Structs, AbsentMembersStayAbsent) {
  const json::value body =
      json::parse(R"({"id":"j","poolInfo":{"poolId":"p"},"usesTaskDependencies":false})");
  EXPECT_EQ(write(read<JobAddParameter>(body)), body);
}

}  // namespace
}  // namespace batchyard::api
