// Frames of the link that are nearly right: each is a message, or an error. What is a message says
// the same when it is written and read again.
#include <gtest/gtest.h>

#include "protocol/codec.h"
#include "testing/mutator.h"

namespace batchyard::protocol {
namespace {

constexpr int rounds = 20'000;

template <class Message, std::size_t index = 0>
void each_kind(std::vector<std::string>& frames) {
  if constexpr (index < std::variant_size_v<Message>) {
    frames.push_back(encode(Message(std::in_place_index<index>)));
    each_kind<Message, index + 1>(frames);
  }
}

std::vector<std::string> frames() {
  std::vector<std::string> all;
  each_kind<FromAgent>(all);
  each_kind<ToAgent>(all);
  RunEnded ended{
      .key = {JobId::trusted("job"), TaskId::trusted("task"), 3}, .member = 1, .end = {}};
  ended.end = {.exit_code = -9, .failure = Failure{}, .started = Time(Duration(5))};
  all.push_back(encode(FromAgent(ended)));
  RunTask run{.key = ended.key};
  run.gang.emplace().members.resize(3);
  run.spec = R"({"commandLine":"true"})";
  all.push_back(encode(ToAgent(run)));
  all.push_back(encode(ToAgent(SetUsers{{Account{.name = "ann"}, Account{.name = "bob"}}})));
  return all;
}

template <class Decode>
void read(Decode decode, const std::string& frame) {
  const auto message = decode(frame);
  if (!message) {
    ASSERT_FALSE(message.error().message.empty());
    return;
  }
  const std::string written = encode(*message);
  const auto again = decode(written);
  ASSERT_TRUE(again.has_value()) << frame << "\n" << written;
  ASSERT_EQ(encode(*again), written) << frame;
}

TEST(LinkFuzz, NearlyRightFramesAreReadOrRefused) {
  testing::Mutator mutator(1, frames());
  for (int round = 0; round < rounds && !::testing::Test::HasFatalFailure(); ++round) {
    const std::string frame = mutator.random().once_in(2) ? mutator.next() : mutator.next_bent();
    read(decode_from_agent, frame);
    read(decode_to_agent, frame);
  }
}

TEST(LinkFuzz, WhatIsWrittenIsRead) {
  for (const std::string& frame : frames())
    EXPECT_TRUE(decode_from_agent(frame) || decode_to_agent(frame)) << frame;
}

TEST(LinkFuzz, DeepNestingIsRefused) {
  for (const char* name : {"hello", "run_ended", "welcome", "unknown"}) {
    const std::string frame =
        std::string("{\"") + name + "\":" + testing::nested("[", "", "]", 100'000) + "}";
    EXPECT_FALSE(decode_from_agent(frame)) << name;
    EXPECT_FALSE(decode_to_agent(frame)) << name;
  }
}

}  // namespace
}  // namespace batchyard::protocol
