// The files of a node on a real file system: what is listed, read and deleted, and that no path and
// no link leads out of the directory asked about.
#include "edge/files/node_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using protocol::FileAnswer;
using protocol::FileRequest;
using protocol::FileVerb;

class NodeFilesTest : public testing::Test {
 protected:
  NodeFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "by-files-XXXXXX").string();
    outside_ = mkdtemp(pattern.data());
    root_ = outside_ + "/root";
    fs::create_directories(root_ + "/task/wd/deep");
    write(outside_ + "/secret", "secret");
    write(root_ + "/task/stdout.txt", "0123456789");
    write(root_ + "/task/wd/deep/result", "42");
  }
  ~NodeFilesTest() override {
    std::error_code ignored;
    fs::remove_all(outside_, ignored);
  }

  static void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  FileAnswer ask(FileVerb verb, const std::string& path, bool recursive = false,
                 std::int64_t offset = 0, std::int64_t length = 1000) const {
    FileRequest request;
    request.request = 7;
    request.verb = verb;
    request.path = path;
    request.recursive = recursive;
    request.offset = offset;
    request.length = length;
    return NodeFiles(root_).answer(request, "task");
  }
  static std::vector<std::string> names(const FileAnswer& answer) {
    std::vector<std::string> names;
    for (const protocol::FileEntry& entry : answer.entries)
      names.push_back(entry.name + (entry.directory ? "/" : ""));
    std::ranges::sort(names);
    return names;
  }

  std::string outside_;
  std::string root_;
};

TEST_F(NodeFilesTest, ListsOneFloorOrAll) {
  EXPECT_EQ(names(ask(FileVerb::list, "")), (std::vector<std::string>{"stdout.txt", "wd/"}));
  EXPECT_EQ(names(ask(FileVerb::list, "", true)),
            (std::vector<std::string>{"stdout.txt", "wd/", "wd/deep/", "wd/deep/result"}));
}

TEST_F(NodeFilesTest, AListDoesNotFollowLinks) {
  fs::create_directory_symlink(outside_, root_ + "/task/out");
  EXPECT_EQ(names(ask(FileVerb::list, "", true)),
            (std::vector<std::string>{"out", "stdout.txt", "wd/", "wd/deep/", "wd/deep/result"}));
}

TEST_F(NodeFilesTest, TellsTheProperties) {
  chmod((root_ + "/task/stdout.txt").c_str(), 0640);
  const FileAnswer answer = ask(FileVerb::properties, "stdout.txt");
  EXPECT_EQ(answer.request, 7);
  EXPECT_EQ(answer.error_code, "");
  ASSERT_EQ(answer.entries.size(), 1U);
  EXPECT_EQ(answer.entries[0].size, 10);
  EXPECT_EQ(answer.entries[0].mode & 0777, 0640);
  EXPECT_TRUE(ask(FileVerb::properties, "wd").entries.at(0).directory);
}

TEST_F(NodeFilesTest, ReadsTheAskedPart) {
  EXPECT_EQ(ask(FileVerb::read, "stdout.txt").data_base64, base64_encode("0123456789"));
  EXPECT_EQ(ask(FileVerb::read, "stdout.txt", false, 3, 4).data_base64, base64_encode("3456"));
  EXPECT_EQ(ask(FileVerb::read, "stdout.txt", false, 99, 4).data_base64, "");
}

TEST_F(NodeFilesTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(ask(FileVerb::read, "nothing").error_code, "FileNotFound");
  EXPECT_EQ(ask(FileVerb::properties, "stdout.txt/below").error_code, "FileNotFound");
  EXPECT_EQ(ask(FileVerb::remove, "nothing").error_code, "FileNotFound");
}

TEST_F(NodeFilesTest, ADirectoryThatIsGoneWasCleanedUp) {
  EXPECT_EQ(NodeFiles(root_).answer(FileRequest{}, "other").error_code, "TaskFilesCleanedup");
}

TEST_F(NodeFilesTest, NoPathLeadsOut) {
  fs::create_symlink(outside_ + "/secret", root_ + "/task/absolute");
  fs::create_symlink("../../secret", root_ + "/task/relative");
  fs::create_directory_symlink(outside_, root_ + "/task/out");
  for (const char* path :
       {"../../secret", "absolute", "relative", "out/secret", "/proc/self/environ"}) {
    const FileAnswer answer = ask(FileVerb::read, path);
    EXPECT_EQ(answer.error_code, "FileNotFound") << path;
    EXPECT_EQ(answer.data_base64, "") << path;
  }
  for (const char* path : {"../../secret", "out/secret", "/proc/self/environ"}) {
    EXPECT_EQ(ask(FileVerb::remove, path).error_code, "FileNotFound") << path;
  }
  EXPECT_TRUE(fs::exists(outside_ + "/secret"));
}

TEST_F(NodeFilesTest, ALinkWithinTheDirectoryIsFollowed) {
  fs::create_symlink("wd/deep/result", root_ + "/task/latest");
  EXPECT_EQ(ask(FileVerb::read, "latest").data_base64, base64_encode("42"));
}

TEST_F(NodeFilesTest, DeletesAFileAndADirectoryOnlyWithWhatItHolds) {
  EXPECT_EQ(ask(FileVerb::remove, "stdout.txt").error_code, "");
  EXPECT_FALSE(fs::exists(root_ + "/task/stdout.txt"));
  EXPECT_EQ(ask(FileVerb::remove, "wd").error_code, "OperationInvalidForCurrentState");
  EXPECT_TRUE(fs::exists(root_ + "/task/wd/deep/result"));
  EXPECT_EQ(ask(FileVerb::remove, "wd", true).error_code, "");
  EXPECT_FALSE(fs::exists(root_ + "/task/wd"));
}

TEST_F(NodeFilesTest, DeletingALinkLeavesItsTarget) {
  fs::create_directory_symlink(outside_, root_ + "/task/wd/out");
  EXPECT_EQ(ask(FileVerb::remove, "wd", true).error_code, "");
  EXPECT_FALSE(fs::exists(root_ + "/task/wd"));
  EXPECT_TRUE(fs::exists(outside_ + "/secret"));
}

TEST_F(NodeFilesTest, MakesTaskDirectoriesAgainAndAgain) {
  const NodeFiles files(root_);
  for (int time = 0; time < 2; ++time)
    EXPECT_TRUE(files.make_task_directory("workitems/job/task", -1, -1));
  EXPECT_TRUE(fs::is_directory(root_ + "/workitems/job/task/wd"));
  write(root_ + "/file", "");
  const Result<> refused = files.make_task_directory("file/task", -1, -1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ResourceDirectoryCreateFailed");
}

TEST_F(NodeFilesTest, TheDirectoriesOfAJobsTasksAreSpreadOverTheDisk) {
  const auto attributes = [&](const std::string& directory) {
    const int file = open((root_ + "/" + directory).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int flags = -1;
    if (ioctl(file, FS_IOC_GETFLAGS, &flags) != 0) flags = -1;
    close(file);
    return flags;
  };
  const NodeFiles files(root_);
  ASSERT_TRUE(files.make_task_directory("workitems/job/task", -1, -1));
  struct statfs disk{};
  ASSERT_EQ(statfs(root_.c_str(), &disk), 0);
  if (disk.f_type != EXT4_SUPER_MAGIC) GTEST_SKIP() << "the attribute is one of ext4's";
  EXPECT_NE(attributes("workitems/job") & FS_TOPDIR_FL, 0);
  EXPECT_EQ(attributes("workitems/job/task") & FS_TOPDIR_FL, 0);
}

TEST_F(NodeFilesTest, WhatIsSetAsideIsGoneAtOnceAndDeletedBitByBit) {
  for (int number = 0; number < 500; ++number)
    write(root_ + "/task/wd/" + std::to_string(number), "");
  const NodeFiles files(root_);
  files.set_aside("task");
  EXPECT_FALSE(fs::exists(root_ + "/task"));
  int sweeps = 1;
  while (sweeps < 100 && files.sweep()) ++sweeps;
  EXPECT_GT(sweeps, 2);
  EXPECT_LT(sweeps, 100);
  EXPECT_TRUE(fs::is_empty(root_ + "/volatile/removed"));
}

TEST_F(NodeFilesTest, ASecretIsReadByItsProcessAlone) {
  const NodeFiles files(root_);
  ASSERT_TRUE(files.put_secret("task/config/key", "s3cret", -1, -1));
  ASSERT_TRUE(files.put_secret("task/config/key", "an0ther", -1, -1));
  std::string text;
  std::ifstream(root_ + "/task/config/key") >> text;
  EXPECT_EQ(text, "an0ther");
  EXPECT_EQ(fs::status(root_ + "/task/config").permissions(), fs::perms::owner_all);
  const FileAnswer answer = ask(FileVerb::read, "config/key");
  EXPECT_EQ(answer.error_code, "OperationInvalidForCurrentState");
  EXPECT_EQ(answer.data_base64, "");
}

TEST_F(NodeFilesTest, TheEndOfAFileIsTold) {
  write(root_ + "/task/log", std::string(70'000, 'x') + "end");
  const std::string end = NodeFiles(root_).end_of("task/log");
  EXPECT_EQ(end.size(), 64U << 10);
  EXPECT_TRUE(end.ends_with("xend"));
  EXPECT_EQ(NodeFiles(root_).end_of("task/none"), "");
}

TEST_F(NodeFilesTest, AKeptFileIsReplacedWhole) {
  const std::string path = root_ + "/record";
  EXPECT_TRUE(keep_file(path, "a longer text"));
  EXPECT_TRUE(keep_file(path, "short"));
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "short");
  EXPECT_FALSE(fs::exists(path + ".new"));
  EXPECT_FALSE(keep_file(root_ + "/nowhere/record", "text"));
}

}  // namespace
}  // namespace batchyard::edge
