// What tasks can do to make the files API read, list or delete something outside of their
// directory: thousands of generated paths over a tree of links, links that change while they are
// resolved, hard links, pipes, very deep and very wide directories. None may succeed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "edge/files/beneath.h"
#include "edge/files/node_files.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using protocol::FileAnswer;
using protocol::FileRequest;
using protocol::FileVerb;

const std::string outside_text = "OUTSIDE" + std::string(4235, '!');

class EscapeTest : public testing::Test {
 protected:
  EscapeTest() {
    std::string pattern = (fs::temp_directory_path() / "by-escape-XXXXXX").string();
    base_ = mkdtemp(pattern.data());
    outside_ = base_ + "/outside";
    task_ = base_ + "/root/workitems/job/job-1/task";
    fs::create_directories(outside_ + "/deep");
    fs::create_directories(task_ + "/wd/sub");
    for (const char* name : {"/secret", "/deep/secret", "/x"}) write(outside_ + name, outside_text);
    for (const char* name : {"/stdout.txt", "/wd/x", "/wd/sub/secret"})
      write(task_ + name, "inside");
  }
  ~EscapeTest() override {
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }

  static void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  FileAnswer ask(FileVerb verb, const std::string& path, bool recursive = true) const {
    FileRequest request;
    request.verb = verb;
    request.path = path;
    request.recursive = recursive;
    request.length = 1 << 20;
    return NodeFiles(base_ + "/root").answer(request, "workitems/job/job-1/task");
  }
  // Something that lies outside was told.
  static bool tells_outside(const FileAnswer& answer) {
    const std::string text = base64_decode(answer.data_base64).value_or("");
    return text.find("OUTSIDE") != std::string::npos ||
           std::ranges::any_of(answer.entries, [](const protocol::FileEntry& entry) {
             return entry.size == static_cast<std::int64_t>(outside_text.size());
           });
  }
  std::set<std::string> outside_names() const {
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(outside_))
      names.insert(entry.path());
    return names;
  }

  std::string base_, outside_, task_;
};

TEST_F(EscapeTest, FiveThousandGeneratedPathsLeadNowhere) {
  std::mt19937 random(7);
  const auto pick = [&](const auto& list) { return list[random() % std::size(list)]; };
  const std::string targets[] = {outside_,
                                 outside_ + "/secret",
                                 "/",
                                 "/etc",
                                 "/etc/passwd",
                                 "/proc/self/root",
                                 "/proc/self/cwd",
                                 "/proc/self/fd",
                                 "..",
                                 "../..",
                                 "../../../../../outside",
                                 "../../../../../../outside/secret",
                                 "sub/../../../../../../outside",
                                 ".",
                                 "link3",
                                 "link5/link7"};
  for (int number = 0; number < 40; ++number) {
    const std::string where = number % 2 == 0 ? "/wd/" : "/";
    fs::create_symlink(pick(targets), task_ + where + "link" + std::to_string(number));
  }
  const std::string parts[] = {"..",
                               "..",
                               ".",
                               "",
                               "wd",
                               "sub",
                               "secret",
                               "deep",
                               "x",
                               "%2e%2e",
                               "..%2f..",
                               "%00",
                               "..\\..",
                               "etc",
                               "passwd",
                               "outside",
                               "root",
                               "proc",
                               "self",
                               "fd",
                               "3",
                               "...",
                               "stdout.txt",
                               std::string("nul\0nul", 7),
                               std::string(300, 'n'),
                               std::string(5000, 'l'),
                               "\xff\xfe",
                               "~"};
  const std::set<std::string> before = outside_names();
  for (int number = 0; number < 5000;) {
    std::string path = random() % 8 == 0 ? "/" : random() % 8 == 0 ? outside_ + "/" : "";
    for (auto count = 1 + random() % 7; count > 0; --count) {
      path += random() % 3 == 0 ? "link" + std::to_string(random() % 40) : pick(parts);
      path += count > 1 ? "/" : "";
    }
    const FileVerb verb = static_cast<FileVerb>(random() % 4);
    // What is deleted inside is no escape, but later cases want it.
    if (verb == FileVerb::remove && random() % 4 != 0) continue;
    ++number;
    EXPECT_FALSE(tells_outside(ask(verb, path))) << path;
    if (number % 100 == 0 || verb == FileVerb::remove) {
      ASSERT_EQ(outside_names(), before) << path;
    }
  }
  for (const char* name : {"/secret", "/deep/secret", "/x"})
    EXPECT_EQ(fs::file_size(outside_ + name), outside_text.size());
}

TEST_F(EscapeTest, ALinkThatChangesWhileItIsResolvedLeadsNowhere) {
  // `flip` is by turns a directory of the task and a link to the outside.
  fs::create_directories(task_ + "/wd/flip");
  write(task_ + "/wd/flip/x", "inside");
  fs::create_directory_symlink(outside_, task_ + "/wd/other");
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    while (!stop)
      syscall(SYS_renameat2, AT_FDCWD, (task_ + "/wd/flip").c_str(), AT_FDCWD,
              (task_ + "/wd/other").c_str(), RENAME_EXCHANGE);
  });
  int inside = 0;
  for (int round = 0; round < 3000; ++round) {
    const FileAnswer read = ask(FileVerb::read, "wd/flip/x");
    EXPECT_FALSE(tells_outside(read));
    inside += read.data_base64.empty() ? 0 : 1;
    EXPECT_FALSE(tells_outside(ask(FileVerb::properties, "wd/flip/x")));
    if (round % 10 == 0) {
      EXPECT_FALSE(tells_outside(ask(FileVerb::list, "")));
    }
    ask(FileVerb::remove, "wd/flip/secret");
    ask(FileVerb::remove, "wd/flip/deep");
  }
  stop = true;
  swapper.join();
  EXPECT_GT(inside, 0);
  EXPECT_TRUE(fs::exists(outside_ + "/secret"));
  EXPECT_TRUE(fs::exists(outside_ + "/deep/secret"));
}

TEST_F(EscapeTest, DeletingALinkDeletesTheLink) {
  fs::create_directory_symlink(outside_, task_ + "/wd/out");
  fs::create_symlink(outside_ + "/secret", task_ + "/wd/sub/file");
  EXPECT_EQ(ask(FileVerb::remove, "wd").error_code, "");
  EXPECT_FALSE(fs::exists(task_ + "/wd"));
  EXPECT_TRUE(fs::exists(outside_ + "/secret"));
  EXPECT_TRUE(fs::exists(outside_ + "/deep/secret"));
}

TEST_F(EscapeTest, AHardLinkToAnothersFileIsNotRead) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files to others";
  ASSERT_EQ(chown((task_ + "/wd").c_str(), 60001, 60001), 0);
  fs::create_hard_link(outside_ + "/secret", task_ + "/wd/hard");
  const FileAnswer answer = ask(FileVerb::read, "wd/hard");
  EXPECT_EQ(answer.error_code, "FileNotFound");
  EXPECT_EQ(answer.data_base64, "");
  // One's own may have two names.
  ASSERT_EQ(chown((task_ + "/wd/x").c_str(), 60001, 60001), 0);
  fs::create_hard_link(task_ + "/wd/x", task_ + "/wd/again");
  EXPECT_EQ(ask(FileVerb::read, "wd/again").data_base64, base64_encode("inside"));
}

TEST_F(EscapeTest, PipesAndDevicesAreNotOpened) {
  ASSERT_EQ(mkfifo((task_ + "/wd/pipe").c_str(), 0666), 0);
  EXPECT_EQ(ask(FileVerb::read, "wd/pipe").error_code, "FileNotFound");
  if (geteuid() == 0 && mknod((task_ + "/wd/zero").c_str(), S_IFCHR | 0666, 1 << 8 | 5) == 0) {
    EXPECT_EQ(ask(FileVerb::read, "wd/zero").error_code, "FileNotFound");
  }
}

TEST_F(EscapeTest, TaskDirectoriesAreNotMadeThroughLinks) {
  fs::remove_all(task_ + "/wd");
  fs::create_directory_symlink(outside_, task_ + "/wd");
  chmod(outside_.c_str(), 0751);
  ASSERT_TRUE(
      NodeFiles(base_ + "/root")
          .make_task_directory("workitems/job/job-1/task", geteuid() == 0 ? 60001 : -1, -1));
  struct stat stat;
  ASSERT_EQ(lstat(outside_.c_str(), &stat), 0);
  EXPECT_EQ(stat.st_uid, geteuid());
  ASSERT_EQ(lstat((task_ + "/wd").c_str(), &stat), 0);
  EXPECT_TRUE(S_ISDIR(stat.st_mode));
}

TEST_F(EscapeTest, AVeryDeepTreeIsListedAndDeleted) {
  int at = open((task_ + "/wd").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int depth = 0; depth < 700; ++depth) {
    ASSERT_EQ(mkdirat(at, "floor", 0755), 0);
    const int next = openat(at, "floor", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(at);
    at = next;
  }
  close(at);
  EXPECT_GT(ask(FileVerb::list, "").entries.size(), 100U);
  EXPECT_EQ(ask(FileVerb::remove, "wd/floor").error_code, "");
  EXPECT_FALSE(fs::exists(task_ + "/wd/floor"));
}

TEST_F(EscapeTest, AHugeDirectoryComesInPages) {
  fs::create_directories(task_ + "/wd/many");
  for (int number = 0; number < 2500; ++number)
    close(open((task_ + "/wd/many/" + std::to_string(number)).c_str(), O_CREAT | O_CLOEXEC, 0644));
  FileRequest request;
  request.verb = FileVerb::list;
  request.recursive = true;
  request.prefix = "wd/many/";
  std::vector<std::string> names;
  for (bool more = true; more;) {
    const FileAnswer page = NodeFiles(base_ + "/root").answer(request, "workitems/job/job-1/task");
    EXPECT_LE(page.entries.size(), 1000U);
    for (const protocol::FileEntry& entry : page.entries) names.push_back(entry.name);
    more = page.more;
    request.after = names.back();
  }
  EXPECT_EQ(names.size(), 2500U);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 2500U);
}

TEST_F(EscapeTest, NamesThatAreNoTextAreNotListed) {
  write(task_ + "/wd/\xff\xfe", "x");
  for (const protocol::FileEntry& entry : ask(FileVerb::list, "").entries)
    EXPECT_TRUE(is_plain_utf8(entry.name));
}

}  // namespace
}  // namespace batchyard::edge
