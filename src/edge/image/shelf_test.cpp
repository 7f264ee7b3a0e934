#include "edge/image/shelf.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <future>

#include "edge/image/image_test.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

class ShelfTest : public ImageTest {
 protected:
  std::unique_ptr<ImageShelf> open() {
    ImageShelfOptions options;
    options.directory = path("images");
    options.data_directory = directory_;
    options.now = [] { return Time(std::chrono::hours(1)); };
    options.take_upload = [this](const std::string& upload, const std::string& to) -> Result<> {
      fs::copy_file(path(upload), to);
      return Done();
    };
    options.booted = [this] { return booted_; };
    options.disk_of = [this](const PoolId&, const NodeId&) -> Result<NodeDisk> { return disk_; };
    Result<std::unique_ptr<ImageShelf>> shelf = ImageShelf::open(std::move(options));
    EXPECT_TRUE(shelf);
    return shelf ? *std::move(shelf) : nullptr;
  }
  static Result<ImageRecord> import(ImageShelf& shelf, const std::string& name,
                                    const std::string& upload) {
    std::promise<Result<ImageRecord>> made;
    shelf.import({name, {}, {}, "a test"}, upload,
                 [&](Result<ImageRecord> record) { made.set_value(std::move(record)); });
    return made.get_future().get();
  }
  static Result<ImageRecord> capture(ImageShelf& shelf, const std::string& name,
                                     service::CaptureExtent extent) {
    std::promise<Result<ImageRecord>> made;
    shelf.capture({name, {}, "batch.node.debian 12", "a node"}, PoolId(), NodeId(), extent,
                  [&](Result<ImageRecord> record) { made.set_value(std::move(record)); });
    return made.get_future().get();
  }
  std::string archive() {
    TarFile tar(path("debian.tar"));
    tar.directory("etc").file("usr/lib/os-release",
                              "PRETTY_NAME=\"Debian 12\"\nID=debian\nVERSION_ID=12\n");
    tar.link("etc/os-release", "../usr/lib/os-release").file("etc/base", "base");
    tar.close();
    return "debian.tar";
  }
  std::size_t layers() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path("images/layers")), fs::directory_iterator()));
  }

  std::set<std::string> booted_;
  NodeDisk disk_;
};

TEST_F(ShelfTest, AnImageOutlivesTheService) {
  const std::string upload = archive();
  {
    const std::unique_ptr<ImageShelf> shelf = open();
    const Result<ImageRecord> made = import(*shelf, "Debian", upload);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->system, "Debian 12");
    EXPECT_EQ(made->agent, "batch.node.debian 12");
    const Result<ImageRecord> again = import(*shelf, "debian", upload);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "ImageExists");
    EXPECT_TRUE(shelf->bind({"a/b/c", "debian"}));
    EXPECT_EQ(shelf->boot("a/b/c/latest")->size(), 1U);
  }
  // What a crash has left of an image that was being made.
  put("images/making/1234/etc/half", "half");
  const std::unique_ptr<ImageShelf> shelf = open();
  EXPECT_FALSE(fs::exists(path("images/making/1234")));
  ASSERT_EQ(shelf->images().size(), 1U);
  EXPECT_EQ(content_of(shelf->boot("/subscriptions/s/images/debian")->front() + "/etc/base"),
            "base");
  EXPECT_EQ(*shelf->boot("a/b/c/latest"), *shelf->boot("debian"));
}

TEST_F(ShelfTest, WhatIsBootedWithoutAnImage) {
  const std::unique_ptr<ImageShelf> shelf = open();
  EXPECT_TRUE(shelf->boot("a/b/c/latest")->empty());
  EXPECT_TRUE(shelf->boot("")->empty());
  ASSERT_TRUE(shelf->bind({"*", "host-copy"}));
  EXPECT_EQ(*shelf->boot("a/b/c/latest"), std::vector<std::string>{"/"});
  ASSERT_TRUE(shelf->bind({"*", ""}));
  EXPECT_TRUE(shelf->boot("a/b/c/latest")->empty());
  const Result<std::vector<std::string>> missing = shelf->boot("/subscriptions/s/images/none");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("batchyard image import"), std::string::npos);
}

TEST_F(ShelfTest, ABadArchiveLeavesNothing) {
  TarFile(path("bad.tar")).file("../x", "x").close();
  const std::unique_ptr<ImageShelf> shelf = open();
  const Result<ImageRecord> made = import(*shelf, "bad", "bad.tar");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "InvalidImage");
  EXPECT_TRUE(shelf->images().empty());
  EXPECT_TRUE(fs::is_empty(path("images/making")));
  EXPECT_EQ(layers(), 0U);
  EXPECT_TRUE(import(*shelf, "bad", archive())) << "the name is free";
}

// The kernel's words for what an overlay's upper part hides are root's.
TEST_F(ShelfTest, ACaptureLiesOverWhatTheNodeBooted) {
  if (geteuid() != 0) GTEST_SKIP() << "an overlay's marks need root";
  const std::unique_ptr<ImageShelf> shelf = open();
  ASSERT_TRUE(import(*shelf, "base", archive()));
  disk_ = {*shelf->boot("base"), path("upper"), "/"};
  put("upper/usr/bin/tool", "tool");
  put("upper/mnt/batch/tasks/secret", "a task's");
  put("upper/dir/new", "new");
  ASSERT_EQ(link(path("upper/usr/bin/tool").c_str(), path("upper/usr/bin/twin").c_str()), 0);
  ASSERT_EQ(mknod(path("upper/gone").c_str(), S_IFCHR, 0), 0);
  ASSERT_EQ(mknod(path("upper/zero").c_str(), S_IFCHR | 0600, makedev(1, 5)), 0);
  const bool opaque = setxattr(path("upper/dir").c_str(), "trusted.overlay.opaque", "y", 1, 0) == 0;
  const Result<ImageRecord> made = capture(*shelf, "tools", service::CaptureExtent::difference);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->system, "Debian 12");
  EXPECT_EQ(made->left_out, "1 devices");
  const std::vector<std::string> stack = *shelf->boot("tools");
  ASSERT_EQ(stack.size(), 2U);
  EXPECT_EQ(content_of(stack[0] + "/usr/bin/twin"), "tool");
  EXPECT_FALSE(fs::exists(stack[0] + "/mnt/batch/tasks"));
  struct stat hidden{};
  ASSERT_EQ(lstat((stack[0] + "/gone").c_str(), &hidden), 0);
  EXPECT_TRUE(S_ISCHR(hidden.st_mode) && hidden.st_rdev == 0);
  char mark = 0;
  if (opaque) {
    EXPECT_EQ(getxattr((stack[0] + "/dir").c_str(), "trusted.overlay.opaque", &mark, 1), 1);
  }

  // The image below goes by its name; its layer stays as long as somebody needs it.
  ASSERT_TRUE(shelf->remove("base"));
  ASSERT_TRUE(import(*shelf, "other", archive()));
  EXPECT_EQ(layers(), 3U);
  EXPECT_EQ(content_of(stack[1] + "/etc/base"), "base");
  booted_ = {stack[0], stack[1]};
  ASSERT_TRUE(shelf->remove("tools"));
  ASSERT_TRUE(import(*shelf, "another", archive())) << "after the sweep";
  EXPECT_EQ(layers(), 4U) << "a node still boots it";
  booted_.clear();
  ASSERT_TRUE(shelf->remove("another"));
  ASSERT_TRUE(import(*shelf, "last", archive()));
  EXPECT_EQ(layers(), 2U);
}

TEST_F(ShelfTest, ACaptureOfEverythingIsOneLayer) {
  const std::unique_ptr<ImageShelf> shelf = open();
  put("node/etc/hostname", "node-1");
  put("node/proc/1/cmdline", "init");
  fs::create_symlink("etc/hostname", path("node/name"));
  disk_ = {{}, {}, path("node")};
  const Result<ImageRecord> differences = capture(*shelf, "d", service::CaptureExtent::difference);
  ASSERT_FALSE(differences);
  EXPECT_NE(differences.error().message.find("host-copy"), std::string::npos);
  const Result<ImageRecord> made = capture(*shelf, "w", service::CaptureExtent::whole);
  ASSERT_TRUE(made) << made.error().message;
  const std::string root = shelf->boot("w")->front();
  EXPECT_EQ(content_of(root + "/name"), "node-1");
  EXPECT_TRUE(fs::is_empty(root + "/proc"));
  const Result<ImageRecord> twin = capture(*shelf, "w2", service::CaptureExtent::whole);
  ASSERT_TRUE(twin);
  EXPECT_EQ(made->digest, twin->digest);
}

}  // namespace
}  // namespace batchyard::edge
