#include "edge/image/unpack_root.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "edge/files/beneath.h"
#include "edge/image/image_test.h"

namespace batchyard::edge {
namespace {

class UnpackRoot : public ImageTest {
 protected:
  Result<RootFacts> unpack(TarFile& tar) {
    const std::string archive = tar.close();
    std::filesystem::create_directories(path("root"));
    const Opened file(open(archive.c_str(), O_RDONLY | O_CLOEXEC));
    const Opened root(open(path("root").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return unpack_root(file.number(), root.number());
  }
  std::string refused(TarFile& tar) {
    const Result<RootFacts> facts = unpack(tar);
    return facts ? "taken" : facts.error().code + ": " + facts.error().message;
  }
};

TEST_F(UnpackRoot, ItsEntriesAreWhatTheyWere) {
  TarFile tar(path("root.tar"));
  tar.directory("./").directory("./usr/bin").file("./usr/bin/su", "program", 04755);
  tar.hard_link("./usr/bin/su2", "./usr/bin/su").link("./bin", "usr/bin");
  tar.file("./a/deep/place", "no directories above it").device("./dev/null");
  const Result<RootFacts> facts = unpack(tar);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->size, 7 + 23);
  EXPECT_EQ(facts->left_out, 1);
  EXPECT_EQ(facts->digest.size(), 64U);
  struct stat file{}, second{};
  ASSERT_EQ(stat(path("root/bin/su").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 04755U);
  EXPECT_EQ(file.st_mtime, 1'000'000'000);
  ASSERT_EQ(stat(path("root/usr/bin/su2").c_str(), &second), 0);
  EXPECT_EQ(file.st_ino, second.st_ino);
  EXPECT_EQ(content_of(path("root/a/deep/place")), "no directories above it");
  EXPECT_FALSE(std::filesystem::exists(path("root/dev/null")));
}

TEST_F(UnpackRoot, ALinkIsFollowedInsideOnly) {
  put("outside/secret", "the machine's");
  TarFile tar(path("root.tar"));
  tar.directory("usr/lib").link("lib", "/usr/lib").file("lib/library", "x");
  tar.link("up", "../../outside").link("abs", path("outside"));
  tar.directory(directory_.substr(1) + "/outside");
  tar.file("abs/secret", "the image's");
  ASSERT_TRUE(unpack(tar));
  EXPECT_EQ(content_of(path("root/usr/lib/library")), "x");
  EXPECT_EQ(content_of(path("outside/secret")), "the machine's");
  EXPECT_EQ(content_of(path("root") + directory_ + "/outside/secret"), "the image's");
}

TEST_F(UnpackRoot, WhatLeadsOutIsRefusedByName) {
  TarFile absolute(path("1.tar"));
  EXPECT_NE(refused(absolute.file("/etc/passwd", "x")).find("InvalidImage"), std::string::npos);
  TarFile above(path("2.tar"));
  EXPECT_NE(refused(above.file("a/../../b", "x")).find("'a/../../b'"), std::string::npos);
  TarFile linked(path("3.tar"));
  EXPECT_NE(refused(linked.hard_link("x", "../../etc/passwd")).find("leads out"),
            std::string::npos);
  TarFile missing(path("4.tar"));
  EXPECT_NE(refused(missing.hard_link("x", "etc/passwd")).find("does not have"), std::string::npos);
  put("5.tar", "no archive at all, but a long enough text to be looked at by all readers");
  const Opened file(open(path("5.tar").c_str(), O_RDONLY | O_CLOEXEC));
  const Opened root(open(path("root").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Result<RootFacts> facts = unpack_root(file.number(), root.number());
  ASSERT_FALSE(facts);
  EXPECT_NE(facts.error().message.find("Give a tar file"), std::string::npos);
}

TEST_F(UnpackRoot, PackedOnesAreTaken) {
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    TarFile tar(path("root.tar"), filter);
    ASSERT_TRUE(unpack(tar.file("etc/number", std::to_string(filter))));
    EXPECT_EQ(content_of(path("root/etc/number")), std::to_string(filter));
  }
}

}  // namespace
}  // namespace batchyard::edge
