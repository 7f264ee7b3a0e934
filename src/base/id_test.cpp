#include "base/id.h"

#include <gtest/gtest.h>

#include <map>
#include <unordered_set>

namespace batchyard {
namespace {

TEST(Id, CaseIsKeptButNotCompared) {
  const PoolId one = PoolId::trusted("Pool1");
  const PoolId other = PoolId::trusted("pOOL1");
  EXPECT_EQ(one, other);
  EXPECT_EQ(one.text(), "Pool1");
  EXPECT_EQ(std::hash<PoolId>()(one), std::hash<PoolId>()(other));
  EXPECT_NE(one, PoolId::trusted("pool12"));
}

TEST(Id, OrderDoesNotKnowCase) {
  EXPECT_LT(JobId::trusted("a"), JobId::trusted("B"));
  EXPECT_LT(JobId::trusted("A"), JobId::trusted("b"));
  EXPECT_LT(JobId::trusted("ab"), JobId::trusted("ABC"));
}

TEST(Id, FindsItsPlaceInBothKindsOfMap) {
  std::map<TaskId, int> ordered{{TaskId::trusted("T1"), 1}};
  EXPECT_TRUE(ordered.contains(TaskId::trusted("t1")));
  std::unordered_set<TaskId> hashed{TaskId::trusted("T1")};
  EXPECT_TRUE(hashed.contains(TaskId::trusted("t1")));
}

TEST(Id, UserChosenOnesAreChecked) {
  EXPECT_TRUE(PoolId::parse("a-Z_09"));
  EXPECT_TRUE(PoolId::parse(std::string(id_length_max, 'x')));
  for (const std::string& text : {std::string(), std::string(id_length_max + 1, 'x'),
                                  std::string("a b"), std::string("a/b"), std::string("\xc3\xa9")})
    EXPECT_FALSE(PoolId::parse(text)) << text;
}

TEST(Id, TheRefusalNamesTheProperty) {
  const Result<PoolId> refused = PoolId::parse("a b", "poolId");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::invalid);
  EXPECT_EQ(refused.error().code, "InvalidPropertyValue");
  ASSERT_FALSE(refused.error().details.empty());
  EXPECT_EQ(refused.error().details.front().value, "poolId");
}

}  // namespace
}  // namespace batchyard
