#include "engine/blocks.h"

#include <gtest/gtest.h>

#include <string>

namespace batchyard::engine {
namespace {

TEST(Blocks, KeepWhatTheyHoldAtItsPlace) {
  Blocks<std::string> row;
  std::vector<std::string*> places;
  for (std::size_t at = 0; at < 1000; ++at) {
    std::string& made = row.emplace_back();
    made = "a text that is too long for the string itself " + std::to_string(at);
    places.push_back(&made);
  }
  ASSERT_EQ(row.size(), 1000u);
  for (std::size_t at = 0; at < 1000; ++at) {
    EXPECT_EQ(&row[at], places[at]);
    EXPECT_TRUE(row[at].ends_with(" " + std::to_string(at)));
  }
}

struct Counted {
  static inline int alive = 0;
  Counted() { ++alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { --alive; }
};

TEST(Blocks, EndWhatTheyHold) {
  {
    Blocks<Counted> row;
    EXPECT_EQ(Counted::alive, 0) << "nothing before it is wanted";
    for (int count = 0; count < 17; ++count) row.emplace_back();
    EXPECT_EQ(Counted::alive, 17);
  }
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace batchyard::engine
