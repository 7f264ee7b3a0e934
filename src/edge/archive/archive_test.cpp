// What is kept of a run's files when its node goes: bounded, whole over restarts, and nothing from
// outside of its directory.
#include "edge/archive/archive.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "edge/files/node_files.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using protocol::FileAnswer;
using protocol::FileVerb;
using protocol::RunKey;

const Time soon = Time(Duration(1'000'000));
const Time later_on = Time(Duration(2'000'000));

RunKey run_of(const char* task, std::int64_t attempt) {
  return {JobId::trusted("Job"), TaskId::trusted(task), attempt};
}

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = (fs::temp_directory_path() / "by-archive-XXXXXX").string();
    base_ = mkdtemp(pattern.data());
    task_ = base_ + "/task";
    fs::create_directories(task_ + "/wd/deep");
    write("stdout.txt", "hello");
    write("wd/deep/result", "42");
    reopen();
  }
  ~ArchiveTest() override {
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(task_ + "/" + name) << text;
  }
  void reopen() { archive_ = *Archive::open(base_ + "/archive", limits_); }
  FileAnswer ask(const RunKey& run, FileVerb verb, const std::string& path = "") const {
    protocol::FileRequest request;
    request.verb = verb;
    request.path = path;
    request.recursive = true;
    request.length = 1 << 20;
    return archive_->answer(run, request, now_);
  }
  std::string text_of(const RunKey& run, const std::string& path) const {
    return base64_decode(ask(run, FileVerb::read, path).data_base64).value_or("?");
  }

  std::string base_, task_;
  ArchiveLimits limits_;
  Time now_{};
  std::unique_ptr<Archive> archive_;
};

TEST_F(ArchiveTest, WhatIsKeptIsReadAlsoByTheNextServer) {
  ASSERT_TRUE(archive_->keep(run_of("t", 3), task_, later_on));
  fs::remove_all(task_);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(text_of(run_of("T", 3), "stdout.txt"), "hello");
    EXPECT_EQ(text_of(run_of("t", 3), "wd/deep/result"), "42");
    EXPECT_EQ(ask(run_of("t", 3), FileVerb::list).entries.size(), 4U);
    EXPECT_EQ(archive_->bytes(), 7);
    reopen();
  }
}

TEST_F(ArchiveTest, AnotherAttemptIsAnotherRun) {
  ASSERT_TRUE(archive_->keep(run_of("t", 3), task_, later_on));
  for (const RunKey& run : {run_of("t", 2), run_of("t", 4), run_of("u", 3)}) {
    const FileAnswer answer = ask(run, FileVerb::list);
    EXPECT_EQ(answer.error_code, "TaskFilesUnavailable");
    EXPECT_NE(answer.error_message.find("retention"), std::string::npos);
  }
}

TEST_F(ArchiveTest, OfALongLogTheEndIsKeptAndALargeFileIsLeftOut) {
  limits_.log_max = 100;
  limits_.file_max = 50;
  limits_.run_max = 160;
  reopen();
  write("stdout.txt", std::string(1000, 'x') + "end");
  write("wd/large", std::string(51, 'l'));
  write("wd/a", std::string(40, 'a'));
  write("wd/b", std::string(40, 'b'));
  ASSERT_TRUE(archive_->keep(run_of("t", 1), task_, later_on));
  const std::string log = text_of(run_of("t", 1), "stdout.txt");
  EXPECT_EQ(log.size(), 100U);
  EXPECT_TRUE(log.ends_with("xend"));
  EXPECT_EQ(ask(run_of("t", 1), FileVerb::read, "wd/large").error_code, "FileNotFound");
  EXPECT_EQ(text_of(run_of("t", 1), "wd/a").size(), 40U);
  EXPECT_EQ(ask(run_of("t", 1), FileVerb::read, "wd/b").error_code, "FileNotFound");
}

TEST_F(ArchiveTest, NothingFromOutsideIsKept) {
  std::ofstream(base_ + "/secret") << "secret";
  fs::create_symlink(base_ + "/secret", task_ + "/absolute");
  fs::create_symlink("../secret", task_ + "/relative");
  fs::create_directory_symlink(base_, task_ + "/out");
  fs::remove(task_ + "/stdout.txt");
  fs::create_symlink(base_ + "/secret", task_ + "/stdout.txt");
  ASSERT_EQ(mkfifo((task_ + "/pipe").c_str(), 0600), 0);
  ASSERT_TRUE(archive_->keep(run_of("t", 1), task_, later_on));
  for (const char* name : {"absolute", "relative", "out/secret", "stdout.txt", "pipe"})
    EXPECT_EQ(ask(run_of("t", 1), FileVerb::read, name).error_code, "FileNotFound") << name;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(base_ + "/archive"))
    EXPECT_FALSE(entry.is_symlink()) << entry.path();
}

TEST_F(ArchiveTest, SecretsAreLeftOut) {
  fs::create_directory(task_ + "/certs");
  ASSERT_TRUE(NodeFiles(base_).put_secret("task/certs/key", "s3cret", -1, -1));
  ASSERT_TRUE(archive_->keep(run_of("t", 1), task_, later_on));
  EXPECT_EQ(ask(run_of("t", 1), FileVerb::read, "certs/key").error_code, "FileNotFound");
  EXPECT_EQ(text_of(run_of("t", 1), "stdout.txt"), "hello");
}

TEST_F(ArchiveTest, GoesWithItsTimeItsTaskItsJobAndItsRow) {
  const auto keep_all = [&] {
    for (const char* task : {"t", "u", "v"})
      ASSERT_TRUE(archive_->keep(run_of(task, 1), task_, soon));
    ASSERT_TRUE(
        archive_->keep({JobId::trusted("other"), TaskId::trusted("t"), 1}, task_, later_on));
  };
  const auto is_kept = [&](const RunKey& run) {
    return ask(run, FileVerb::list).error_code.empty();
  };
  const auto anything = [](const RunKey&) { return true; };
  keep_all();
  archive_->forget(JobId::trusted("JOB"), TaskId::trusted("T"));
  EXPECT_FALSE(is_kept(run_of("t", 1)));
  EXPECT_TRUE(is_kept(run_of("u", 1)));
  archive_->forget(JobId::trusted("job"), {});
  EXPECT_FALSE(is_kept(run_of("u", 1)));
  EXPECT_TRUE(is_kept({JobId::trusted("other"), TaskId::trusted("t"), 1}));
  keep_all();
  now_ = soon;
  EXPECT_FALSE(is_kept(run_of("v", 1))) << "past its time, whether it was swept away or not";
  now_ = Time();
  EXPECT_TRUE(is_kept(run_of("v", 1)));
  archive_->sweep(soon, anything);
  EXPECT_FALSE(is_kept(run_of("v", 1)));
  EXPECT_TRUE(is_kept({JobId::trusted("other"), TaskId::trusted("t"), 1}));
  archive_->sweep(soon, [](const RunKey&) { return false; });
  EXPECT_EQ(archive_->bytes(), 0);
  EXPECT_TRUE(fs::is_empty(base_ + "/archive") || !fs::exists(base_ + "/archive/other"));
}

TEST_F(ArchiveTest, TheOldestMakesRoom) {
  limits_.whole_max = 20;
  reopen();
  for (std::int64_t attempt = 1; attempt <= 4; ++attempt)
    ASSERT_TRUE(archive_->keep(run_of("t", attempt), task_, later_on));
  EXPECT_LE(archive_->bytes(), 20);
  EXPECT_EQ(ask(run_of("t", 2), FileVerb::list).error_code, "TaskFilesUnavailable");
  EXPECT_EQ(text_of(run_of("t", 4), "stdout.txt"), "hello");
}

TEST_F(ArchiveTest, WhatACrashHasLeftHalfDoneIsGone) {
  ASSERT_TRUE(archive_->keep(run_of("t", 1), task_, later_on));
  fs::create_directories(base_ + "/archive/.unfinished/abc/files");
  fs::create_directories(base_ + "/archive/job/t/2/files");
  reopen();
  EXPECT_FALSE(fs::exists(base_ + "/archive/.unfinished/abc"));
  EXPECT_FALSE(fs::exists(base_ + "/archive/job/t/2"));
  EXPECT_EQ(text_of(run_of("t", 1), "stdout.txt"), "hello");
}

}  // namespace
}  // namespace batchyard::edge
