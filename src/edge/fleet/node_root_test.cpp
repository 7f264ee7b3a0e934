// Nodes that boot an image: tasks live in it, its agent does not, and the image stays as it is.
#include <filesystem>

#include "edge/fleet/local_fleet_test.h"
#include "edge/fleet/node_disk.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {
namespace {

namespace fs = std::filesystem;

class NodeRootTest : public LocalFleetTest {
 protected:
  void SetUp() override {
    LocalFleetTest::SetUp();
    if (IsSkipped()) return;
    if (!fs::exists("/bin/busybox")) GTEST_SKIP() << "the image is made of busybox-static";
    image_ = directory_ + "/image";
    fs::create_directories(image_ + "/bin");
    fs::create_directories(image_ + "/etc");
    fs::copy_file("/bin/busybox", image_ + "/bin/busybox");
    for (const char* name : {"sh", "cat", "ls", "readlink"})
      fs::create_symlink("busybox", image_ + "/bin/" + name);
    fs::create_symlink("/run/nowhere/resolv.conf", image_ + "/etc/resolv.conf");
    ASSERT_TRUE(write_file(image_ + "/etc/os-release", "NAME=tiny\n", 0644));
  }

  std::unique_ptr<LocalFleet> open_with(Isolation isolation = Isolation::namespaces) {
    LocalFleetOptions options = this->options(isolation);
    options.boot = [this](const std::string& name) -> Result<std::vector<std::string>> {
      if (name == "tiny") return std::vector<std::string>{image_};
      if (name == "copy") return std::vector<std::string>{"/"};
      if (name == "over") return std::vector<std::string>{image_, "/"};
      return fail(Kind::invalid, "AllocationFailed", "There is no image " + name + ".");
    };
    auto fleet = LocalFleet::open(std::move(options), listener_);
    EXPECT_TRUE(fleet);
    return fleet ? std::move(*fleet) : nullptr;
  }
  static engine::NodeOrder booting(const std::string& image, std::int64_t life = 0,
                                   std::int64_t disk = 0) {
    engine::NodeOrder order = LocalFleetTest::order("red", "a1");
    order.boots = image;
    order.life = life;
    order.image = disk;
    return order;
  }
  std::string image_;
};

TEST_F(NodeRootTest, ItsProcessesLiveInTheImage) {
  const auto fleet = open_with();
  fleet->make(booting("tiny"));
  listener_.await_made("a1");
  const NodeRecord node = record("red", "a1");
  EXPECT_EQ(inside(node, "cat /etc/os-release"), "NAME=tiny");
  EXPECT_EQ(inside(node, "cat /etc/hostname"), "a1");
  EXPECT_EQ(inside(node, "ls /mnt/batch"), "agent\nprogram\ntasks");
  EXPECT_EQ(inside(node, "ls /usr"), "ls: /usr: No such file or directory");
  EXPECT_EQ(inside(node, "cat /proc/sys/kernel/random/boot_id"), node.incarnation);
  EXPECT_NE(inside(node, "cat /etc/hosts").find("a1"), std::string::npos);
  EXPECT_EQ(inside(node, "[ -c /dev/null ] && [ -w /dev/shm ] && echo yes"), "yes");
  // What the agent mounts below the tasks' directory, tasks see.
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));
  const std::string notes = agent_notes("red", "a1");
  EXPECT_NE(notes.find("host=a1"), std::string::npos);
  const std::string agent = output_of("pgrep -P " + std::to_string(node.pid) + " | head -n 1");
  EXPECT_NE(output_of("readlink /proc/" + agent + "/ns/mnt"),
            output_of("readlink /proc/" + std::to_string(node.pid) + "/ns/mnt"));
  EXPECT_EQ(output_of("nsenter -t " + agent +
                      " -m mount -t tmpfs none /mnt/batch/tasks && "
                      "nsenter -t " +
                      agent + " -m touch /mnt/batch/tasks/mounted"),
            "");
  EXPECT_EQ(inside(node, "ls /mnt/batch/tasks"), "mounted");
  fleet->stop_all();
}

TEST_F(NodeRootTest, ChangesLastUntilItIsReimaged) {
  const auto fleet = open_with();
  fleet->make(booting("tiny"));
  listener_.await_made("a1");
  EXPECT_EQ(inside(record("red", "a1"), "echo mine > /changed; cat /changed"), "mine");
  EXPECT_FALSE(fs::exists(image_ + "/changed"));
  const Result<NodeDisk> disk =
      disk_of(directory_ + "/data", PoolId::trusted("red"), NodeId::trusted("a1"));
  ASSERT_TRUE(disk);
  EXPECT_TRUE(fs::exists(disk->upper + "/changed"));
  EXPECT_EQ(booted_layers(directory_ + "/data"), std::set<std::string>{image_});

  // Another image by now: a node keeps what it has booted.
  fleet->make(booting("copy", 1));
  listener_.await_made("a1");
  EXPECT_EQ(inside(record("red", "a1"), "cat /changed /etc/os-release"), "mine\nNAME=tiny");
  fleet->make(booting("tiny", 2, 1));
  listener_.await_made("a1");
  EXPECT_EQ(inside(record("red", "a1"), "[ -e /changed ] || echo fresh"), "fresh");
  fleet->stop_all();
}

TEST_F(NodeRootTest, ACopyOfTheMachineTakesItsChanges) {
  const auto fleet = open_with();
  fleet->make(booting("copy"));
  listener_.await_made("a1");
  const NodeRecord node = record("red", "a1");
  EXPECT_EQ(
      inside(node, "echo x > /etc/batchyard-node-root-test; ls /etc/batchyard-node-root-test"),
      "/etc/batchyard-node-root-test");
  EXPECT_FALSE(fs::exists("/etc/batchyard-node-root-test"));
  EXPECT_EQ(inside(node, "cat /etc/os-release"), output_of("cat /etc/os-release"));
  fleet->stop_all();
}

TEST_F(NodeRootTest, ALayerLiesOverTheMachine) {
  const auto fleet = open_with();
  fleet->make(booting("over"));
  listener_.await_made("a1");
  const NodeRecord node = record("red", "a1");
  EXPECT_EQ(inside(node, "cat /etc/os-release"), "NAME=tiny");
  EXPECT_EQ(inside(node, "cat /etc/passwd"), output_of("cat /etc/passwd"));
  EXPECT_EQ(inside(node, "echo x > /etc/passwd && cat /etc/passwd"), "x");
  fleet->stop_all();
}

TEST_F(NodeRootTest, WhatCannotBeBootedIsToldWithItsCure) {
  const auto fleet = open_with();
  fleet->make(booting("none"));
  EXPECT_EQ(listener_.await_failed("a1"), "There is no image none.");
  fleet->stop_all();
  const auto plain = open_with(Isolation::processes);
  plain->make(booting("tiny"));
  EXPECT_NE(listener_.await_failed("a1").find("as root"), std::string::npos);
  plain->stop_all();
}

}  // namespace
}  // namespace batchyard::fleet
