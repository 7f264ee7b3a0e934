#include "base/described_json.h"

#include <gtest/gtest.h>

namespace batchyard {
namespace {

enum class Colour { red, green };
BOOST_DESCRIBE_ENUM(Colour, red, green)

struct Part {
  std::string name;
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, count))

struct Whole {
  PoolId pool;
  Time at;
  Duration lasts{};
  std::optional<int> exit_code;
  std::vector<Part> parts;
  std::map<std::string, std::string> labels;
  Colour colour = Colour::red;
  bool ready = false;
};
BOOST_DESCRIBE_STRUCT(Whole, (), (pool, at, lasts, exit_code, parts, labels, colour, ready))

TEST(DescribedJson, EverythingComesBack) {
  Whole whole;
  whole.pool = PoolId::trusted("Pool1");
  whole.at = Time(Duration(1234));
  whole.lasts = Duration(56);
  whole.exit_code = -9;
  whole.parts = {{"a", 1}, {"b", 2}};
  whole.labels = {{"k", "v"}};
  whole.colour = Colour::green;
  whole.ready = true;
  const Result<Whole> back = from_json<Whole>(to_json(whole));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->pool.text(), "Pool1");
  EXPECT_EQ(back->at, whole.at);
  EXPECT_EQ(back->lasts, whole.lasts);
  EXPECT_EQ(back->exit_code, -9);
  ASSERT_EQ(back->parts.size(), 2u);
  EXPECT_EQ(back->parts[1].name, "b");
  EXPECT_EQ(back->parts[1].count, 2);
  EXPECT_EQ(back->labels, whole.labels);
  EXPECT_EQ(back->colour, Colour::green);
  EXPECT_TRUE(back->ready);
}

TEST(DescribedJson, WhatIsEmptyIsLeftOut) {
  EXPECT_EQ(to_json(Whole()), R"({"lasts":0,"colour":"red"})");
}

struct Defaults {
  bool gates = true;
  Time expires = Time::max();
};
BOOST_DESCRIBE_STRUCT(Defaults, (), (gates, expires))

TEST(DescribedJson, WhatDiffersFromANewStructComesBack) {
  EXPECT_EQ(to_json(Defaults()), "{}");
  const Result<Defaults> back =
      from_json<Defaults>(to_json(Defaults{.gates = false, .expires = Time()}));
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->gates);
  EXPECT_EQ(back->expires, Time());
}

TEST(DescribedJson, ANewerPeerMaySayMore) {
  const Result<Part> part = from_json<Part>(R"({"name":"a","count":3,"weight":{"kg":1}})");
  ASSERT_TRUE(part);
  EXPECT_EQ(part->count, 3);
}

TEST(DescribedJson, DamageIsRefused) {
  for (const char* text :
       {"", "{", "[]", R"({"name":1})", R"({"count":"3"})", R"({"count":99999999999})"})
    EXPECT_FALSE(from_json<Part>(text)) << text;
  EXPECT_FALSE(from_json<Whole>(R"({"colour":"blue"})"));
  EXPECT_FALSE(from_json<Whole>(R"({"parts":[{"name":false}]})"));
}

}  // namespace
}  // namespace batchyard
