// Patterns of output files: every form of the contract, and that none leads out of the node.
#include "edge/upload/pattern.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

TEST(Pattern, MatchesNames) {
  struct Case {
    const char* pattern;
    const char* name;
    bool does;
  };
  const Case cases[] = {
      {"abc*", "abc", true},      {"abc*", "abcdef", true},
      {"abc*", "xabc", false},    {"*", "anything", true},
      {"*.txt", "a.txt", true},   {"*.txt", "a.txt.gz", false},
      {"*a*b*c", "xaybzc", true}, {"*a*b*c", "xaybz", false},
      {"**", "name", true},       {"a?c", "abc", true},
      {"a?c", "ac", false},       {"?", "\u00fc", true},
      {"[abc]x", "bx", true},     {"[abc]x", "dx", false},
      {"[a-c]", "b", true},       {"[a-c]", "d", false},
      {"[!abc]", "d", true},      {"[!abc]", "a", false},
      {"[!a-c]*", "xyz", true},   {"abc[*]", "abc*", true},
      {"abc[*]", "abcd", false},  {"[?]", "?", true},
      {"[[]", "[", true},         {"[]]", "]", true},
      {"[", "[", true},           {"a[b", "a[b", true},
      {"[a-]", "-", true},        {"*.gif", ".a.gif", false},
      {".*.gif", ".a.gif", true}, {"?a", ".a", false},
      {"[.]a", ".a", true},       {"[!x]a", ".a", false},
      {"*", ".hidden", false},    {"[\u00e4-\u00fc]", "\u00f6", true},
      {"a*", "", false},          {"", "", true},
  };
  for (const Case& one : cases)
    EXPECT_EQ(matches(one.pattern, one.name), one.does) << one.pattern << " and " << one.name;
}

TEST(Pattern, ManyStarsTakeNoTime) {
  EXPECT_FALSE(matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

TEST(Pattern, ExpandsVariables) {
  const std::vector<std::string> environment{"AZ_BATCH_TASK_DIR=/node/t", "A=1", "EMPTY="};
  EXPECT_EQ(expand_variables("$AZ_BATCH_TASK_DIR/std*.txt", environment), "/node/t/std*.txt");
  EXPECT_EQ(expand_variables("%A%-${A}$A", environment), "1-11");
  EXPECT_EQ(expand_variables("a$EMPTY/b", environment), "a/b");
  EXPECT_EQ(expand_variables("$NONE %NONE% ${NONE} 100% $", environment),
            "$NONE %NONE% ${NONE} 100% $");
}

TEST(Pattern, KnowsWhereToLook) {
  const auto parse = [](const char* text) { return parse_pattern(text, "/node", "j/t/wd"); };
  EXPECT_EQ(parse("result.txt")->fixed, "j/t/wd/result.txt");
  EXPECT_TRUE(parse("result.txt")->parts.empty());
  EXPECT_EQ(parse("../stdout.txt")->fixed, "j/t/stdout.txt");
  EXPECT_EQ(parse("/node/shared/a")->fixed, "shared/a");
  EXPECT_EQ(parse("abc[*]/x")->fixed, "j/t/wd/abc*/x");
  EXPECT_EQ(parse("../std*.txt")->fixed, "j/t");
  EXPECT_EQ(parse("../std*.txt")->parts, std::vector<std::string>{"std*.txt"});
  EXPECT_EQ(parse("out/**/*.bin")->fixed, "j/t/wd/out");
  EXPECT_EQ(parse("out/**/*.bin")->parts, (std::vector<std::string>{"**", "*.bin"}));
  EXPECT_EQ(parse("**")->parts, (std::vector<std::string>{"**", "*"}));
  EXPECT_EQ(parse("*/plain/x")->parts, (std::vector<std::string>{"*", "plain", "x"}));
}

TEST(Pattern, NothingLeadsOutOfTheNode) {
  for (const char* text : {"/etc/passwd", "../../../../etc/passwd", "/nodes/a", "/node/../etc/a",
                           "../../../..", "*/../../../../../x", "/"})
    EXPECT_FALSE(parse_pattern(text, "/node", "j/t/wd")) << text;
}

}  // namespace
}  // namespace batchyard::edge
