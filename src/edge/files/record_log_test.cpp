#include "edge/files/record_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace batchyard::edge {
namespace {

class RecordLogTest : public testing::Test {
 protected:
  RecordLogTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "by-log-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    path_ = directory_ + "/log";
  }
  ~RecordLogTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  // "name=text", as an agent that starts now reads it.
  std::vector<std::string> kept() const {
    RecordLog log;
    EXPECT_TRUE(log.open(path_));
    std::vector<std::string> kept;
    for (const std::string& name : log.names()) kept.push_back(name + "=" + log.text(name));
    return kept;
  }

  std::string directory_;
  std::string path_;
};

using Texts = std::vector<std::string>;

TEST_F(RecordLogTest, TheNextAgentReadsTheLastTextOfEach) {
  {
    RecordLog log;
    ASSERT_TRUE(log.open(path_));
    EXPECT_TRUE(log.keep("a", "first"));
    EXPECT_TRUE(log.keep("b", R"({"tab":"	"})"));
    EXPECT_TRUE(log.keep("a", "second"));
    EXPECT_TRUE(log.keep("c", ""));
    EXPECT_TRUE(log.keep("d", "gone"));
    EXPECT_TRUE(log.drop("d"));
    EXPECT_TRUE(log.drop("never"));
    EXPECT_EQ(log.text("a"), "second");
    EXPECT_EQ(log.text("d"), "");
  }
  EXPECT_EQ(kept(), (Texts{"a=second", "b={\"tab\":\"\t\"}", "c="}));
}

TEST_F(RecordLogTest, ALineThatWasCutOffIsDroppedAndTheNextIsWhole) {
  {
    RecordLog log;
    ASSERT_TRUE(log.open(path_));
    EXPECT_TRUE(log.keep("a", "whole"));
  }
  std::ofstream(path_, std::ios::app) << "+b\tcut o";
  {
    RecordLog log;
    ASSERT_TRUE(log.open(path_));
    EXPECT_EQ(log.names(), Texts{"a"});
    EXPECT_TRUE(log.keep("c", "after"));
  }
  EXPECT_EQ(kept(), (Texts{"a=whole", "c=after"}));
}

TEST_F(RecordLogTest, WhatIsDeadDoesNotPileUp) {
  RecordLog log;
  ASSERT_TRUE(log.open(path_));
  const std::string text(10'000, 'x');
  for (int at = 0; at < 1'000; ++at) {
    ASSERT_TRUE(log.keep("lives", fmt::format("{}", at)));
    ASSERT_TRUE(log.keep(fmt::format("task-{}", at), text));
    ASSERT_TRUE(log.drop(fmt::format("task-{}", at)));
    ASSERT_LT(std::filesystem::file_size(path_), 1'100'000U);
  }
  EXPECT_EQ(log.text("lives"), "999");
  EXPECT_EQ(kept(), Texts{"lives=999"});
}

TEST_F(RecordLogTest, AFullDiskIsToldAndWhatWasKeptStays) {
  RecordLog log;
  ASSERT_TRUE(log.open(path_));
  ASSERT_TRUE(log.keep("a", "kept"));
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit little{100, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &little);
  const Result<> refused = log.keep("a", std::string(1'000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "DiskFull");
  EXPECT_NE(refused.error().message.find(path_), std::string::npos);
  EXPECT_EQ(log.text("a"), "kept");
  EXPECT_TRUE(log.keep("b", "again"));
  EXPECT_EQ(kept(), (Texts{"a=kept", "b=again"}));
}

TEST_F(RecordLogTest, ADirectoryThatIsNotThereIsNamed) {
  RecordLog log;
  const Result<> refused = log.open(directory_ + "/nowhere/log");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace batchyard::edge
