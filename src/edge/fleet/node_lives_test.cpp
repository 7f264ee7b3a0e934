// Nodes of a local fleet that start anew: with their files, without them, and over restarts of the
// service. And the accounts that are a node's own.
#include <fcntl.h>

#include <filesystem>

#include "edge/fleet/abilities.h"
#include "edge/fleet/local_fleet_test.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

namespace fs = std::filesystem;

// Each with isolated nodes and with plain ones.
class NodeLives : public LocalFleetTest, public testing::WithParamInterface<Isolation> {
 protected:
  void SetUp() override {
    if (GetParam() == Isolation::namespaces && !probe().isolated_nodes())
      GTEST_SKIP() << "this machine allows no isolated nodes";
    LocalFleetTest::SetUp();
  }
  engine::NodeOrder order_of(std::int64_t life, std::int64_t image = 0) const {
    engine::NodeOrder wanted = order("red", "a1");
    wanted.life = life;
    wanted.image = image;
    return wanted;
  }
  std::string file() const { return node_directory("red", "a1") + "/root/file"; }
};

TEST_P(NodeLives, AHigherLifeEndsTheNodeAndKeepsItsFiles) {
  const auto fleet = open(GetParam());
  ASSERT_TRUE(fleet);
  fleet->make(order_of(0));
  EXPECT_EQ(listener_.await_made("a1").life, 0);
  const NodeRecord before = record("red", "a1");
  ASSERT_TRUE(write_file(file(), "kept", 0644));
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));

  fleet->make(order_of(1));
  EXPECT_EQ(listener_.await_made("a1").life, 1);
  const NodeRecord after = record("red", "a1");
  EXPECT_FALSE(lives(before.pid));
  EXPECT_NE(after.incarnation, before.incarnation);
  EXPECT_EQ(read_file(file()).value_or(""), "kept");
  EXPECT_TRUE(eventually([&] { return agent_starts("red", "a1") == 2; }));

  // Said again it is there already, and a lower life never comes back.
  fleet->make(order_of(1));
  EXPECT_EQ(listener_.await_made("a1").life, 1);
  fleet->make(order_of(0));
  EXPECT_EQ(listener_.await_made("a1").life, 1);
  EXPECT_EQ(record("red", "a1").pid, after.pid);
  EXPECT_TRUE(listener_.is_silent());
  fleet->stop_all();
}

TEST_P(NodeLives, AHigherImageTakesTheFiles) {
  const auto fleet = open(GetParam());
  ASSERT_TRUE(fleet);
  fleet->make(order_of(0));
  listener_.await_made("a1");
  ASSERT_TRUE(write_file(file(), "gone", 0644));
  fleet->make(order_of(1, 1));
  listener_.await_made("a1");
  EXPECT_FALSE(fs::exists(file()));
  // The new files belong to the new image, however often it is ordered.
  ASSERT_TRUE(write_file(file(), "new", 0644));
  fleet->make(order_of(2, 1));
  listener_.await_made("a1");
  EXPECT_EQ(read_file(file()).value_or(""), "new");
  fleet->stop_all();
}

TEST_P(NodeLives, AnOrderThatAServiceHadNoTimeForIsCarriedOutByTheNext) {
  {
    const auto fleet = open(GetParam());
    ASSERT_TRUE(fleet);
    fleet->make(order_of(0));
    listener_.await_made("a1");
    ASSERT_TRUE(write_file(file(), "kept", 0644));
  }
  const NodeRecord before = record("red", "a1");
  EXPECT_TRUE(lives(before.pid));
  const auto fleet = open(GetParam());
  ASSERT_TRUE(fleet);
  fleet->adopt({order_of(1)});
  EXPECT_EQ(listener_.await_made("a1").life, 1);
  EXPECT_NE(record("red", "a1").incarnation, before.incarnation);
  EXPECT_EQ(read_file(file()).value_or(""), "kept");
  // Nor does a dead node's disk outlive the image it was to lose.
  fleet->stop_all();
  const auto next = open(GetParam());
  ASSERT_TRUE(next);
  next->adopt({order_of(2, 1)});
  EXPECT_EQ(listener_.await_made("a1").life, 2);
  EXPECT_FALSE(fs::exists(file()));
  next->stop_all();
}

INSTANTIATE_TEST_SUITE_P(Local, NodeLives,
                         testing::Values(Isolation::namespaces, Isolation::processes),
                         [](const auto& kind) {
                           return kind.param == Isolation::namespaces ? "Isolated" : "Plain";
                         });

class NodeAccounts : public NodeLives {};

TEST_P(NodeAccounts, AreTheNodesOwnAndStayOverAReboot) {
  const std::string machine = read_file("/etc/passwd").value();
  const auto fleet = open(GetParam());
  ASSERT_TRUE(fleet);
  fleet->make(order_of(0));
  fleet->make(order("red", "a2"));
  listener_.await_made("a1");
  listener_.await_made("a2");
  inside(record("red", "a1"), "echo \"ann:x:63000:63000::/tmp:/bin/sh\" >> /etc/passwd");
  EXPECT_EQ(inside(record("red", "a1"), "id -u ann"), "63000");
  EXPECT_EQ(inside(record("red", "a2"), "grep -c ann /etc/passwd"), "0");
  EXPECT_EQ(inside(record("red", "a1"), "stat -c %a /etc/shadow"), "600");
  EXPECT_EQ(read_file("/etc/passwd").value(), machine);
  fleet->make(order_of(1));
  listener_.await_made("a1");
  EXPECT_EQ(inside(record("red", "a1"), "id -u ann"), "63000");
  fleet->make(order_of(2, 1));
  listener_.await_made("a1");
  EXPECT_EQ(inside(record("red", "a1"), "grep -c ann /etc/passwd"), "0");
  fleet->stop_all();
}

INSTANTIATE_TEST_SUITE_P(Local, NodeAccounts, testing::Values(Isolation::namespaces),
                         [](const auto&) { return "Isolated"; });

}  // namespace

}  // namespace batchyard::fleet
