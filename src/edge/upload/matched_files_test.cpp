// The files that a pattern names on a real file system, links of all kinds among them.
#include "edge/upload/matched_files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "edge/files/beneath.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

class MatchedFilesTest : public ::testing::Test {
 protected:
  MatchedFilesTest() {
    std::string pattern = (fs::temp_directory_path() / "by-matched-XXXXXX").string();
    outside_ = mkdtemp(pattern.data());
    root_ = outside_ + "/root";
    for (const char* name : {"t/wd/a.txt", "t/wd/b.bin", "t/wd/.hidden.txt", "t/wd/out/c.txt",
                             "t/wd/out/deep/er/d.txt", "t/wd/.dir/e.txt", "t/stdout.txt",
                             "t/stderr.txt", "shared/s.txt", "../secret.txt"}) {
      fs::create_directories(fs::path(root_ + "/" + name).parent_path());
      std::ofstream(root_ + "/" + name) << name;
    }
  }
  ~MatchedFilesTest() override {
    std::error_code ignored;
    fs::remove_all(outside_, ignored);
  }
  std::vector<std::string> names(const std::string& text) const {
    const Opened root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto pattern = parse_pattern(text, root_, "t/wd");
    std::vector<std::string> names;
    if (!pattern) return names;
    const auto files = matched_files(root.number(), *pattern);
    EXPECT_TRUE(files);
    for (const MatchedFile& file : *files) names.push_back(file.name);
    return names;
  }
  using Names = std::vector<std::string>;

  std::string outside_, root_;
};

TEST_F(MatchedFilesTest, FindsWhatThePatternSays) {
  EXPECT_EQ(names("a.txt"), Names{"a.txt"});
  EXPECT_EQ(names("*"), (Names{"a.txt", "b.bin"}));
  EXPECT_EQ(names("../std*.txt"), (Names{"stderr.txt", "stdout.txt"}));
  EXPECT_EQ(names("**/*.txt"), (Names{"a.txt", "out/c.txt", "out/deep/er/d.txt"}));
  EXPECT_EQ(names("out/**/*.txt"), (Names{"c.txt", "deep/er/d.txt"}));
  EXPECT_EQ(names("out/**/er/*"), Names{"deep/er/d.txt"});
  EXPECT_EQ(names("*/c.txt"), Names{"out/c.txt"});
  EXPECT_EQ(names("**/**/d.txt"), Names{"out/deep/er/d.txt"});
  EXPECT_EQ(names(".*"), Names{".hidden.txt"});
  EXPECT_EQ(names(".dir/*"), Names{"e.txt"});
  EXPECT_EQ(names(root_ + "/shared/*"), Names{"s.txt"});
  EXPECT_EQ(names("none"), Names{});
  EXPECT_EQ(names("out"), Names{});
}

TEST_F(MatchedFilesTest, NoLinkLeadsOut) {
  fs::create_symlink(outside_ + "/secret.txt", root_ + "/t/wd/absolute.txt");
  fs::create_symlink("../../../secret.txt", root_ + "/t/wd/relative.txt");
  fs::create_directory_symlink(outside_, root_ + "/t/wd/outdir");
  fs::create_directory_symlink("/proc/self/root", root_ + "/t/wd/proc");
  EXPECT_EQ(names("*.txt"), Names{"a.txt"});
  EXPECT_EQ(names("outdir/*"), Names{});
  EXPECT_EQ(names("*/*.txt"), Names{"out/c.txt"});
  EXPECT_EQ(names("absolute.txt"), Names{});
  EXPECT_EQ(names("proc/etc/passwd"), Names{});
  EXPECT_EQ(names("**/*.txt"), (Names{"a.txt", "out/c.txt", "out/deep/er/d.txt"}));
}

TEST_F(MatchedFilesTest, LinksWithinTheNodeAndOtherThingsThanFiles) {
  fs::create_symlink("../../shared/s.txt", root_ + "/t/wd/link.txt");
  fs::create_directory_symlink("out", root_ + "/t/wd/again");
  fs::create_directory_symlink(".", root_ + "/t/wd/loop");
  ASSERT_EQ(mkfifo((root_ + "/t/wd/pipe.txt").c_str(), 0600), 0);
  EXPECT_EQ(names("*.txt"), (Names{"a.txt", "link.txt"}));
  EXPECT_EQ(names("again/*"), Names{"c.txt"});
  EXPECT_EQ(names("**/c.txt"), Names{"out/c.txt"});
}

}  // namespace
}  // namespace batchyard::edge
