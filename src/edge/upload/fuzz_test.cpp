// Patterns of output files that are nearly right, or made to take long.
#include <gtest/gtest.h>

#include "base/text.h"
#include "edge/upload/pattern.h"
#include "testing/mutator.h"

namespace batchyard::edge {
namespace {

constexpr int rounds = 10'000;

TEST(PatternFuzz, NearlyRightPatternsStayBelowTheRoot) {
  testing::Mutator mutator(1, {"*.txt", "../std*.txt", "**/[a-c]?[!x].log", "/root/job/task/wd/out",
                               "$AZ_BATCH_TASK_DIR/../${NAME}/%OTHER%", "../../../../etc/passwd"});
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutator.next();
    const std::string whole = expand_variables(text, {"NAME=value", "OTHER=%OTHER%"});
    const std::optional<Pattern> pattern = parse_pattern(whole, "/root", "job/task/wd");
    if (!pattern) continue;
    ASSERT_FALSE(pattern->fixed.starts_with("/")) << text;
    for (const std::string_view part : split(pattern->fixed, '/')) ASSERT_NE(part, "..") << text;
    for (const std::string& part : pattern->parts) {
      ASSERT_NE(part, "..") << text;
      (void)matches(part, "some name.txt");
    }
  }
}

// A star more must not double the time.
TEST(PatternFuzz, ManyStarsTakeNoLonger) {
  const std::string name(200, 'a');
  EXPECT_FALSE(matches(testing::nested("a*", "b", "", 60), name));
  EXPECT_TRUE(matches(testing::nested("*a", "*", "", 60), name));
  EXPECT_FALSE(matches(testing::nested("*[a-z]", "[!a-z]", "", 60), name));
}

}  // namespace
}  // namespace batchyard::edge
