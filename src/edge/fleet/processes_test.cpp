// The local fleet without namespaces, and its small parts.
#include <filesystem>

#include "edge/fleet/abilities.h"
#include "edge/fleet/address.h"
#include "edge/fleet/local_fleet_test.h"
#include "edge/fleet/node_in_hand.h"
#include "edge/fleet/pool_hosts.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

namespace fs = std::filesystem;

std::int64_t number_after(const std::string& text, const std::string& key) {
  const std::size_t at = text.find(key);
  return at == std::string::npos ? -1 : std::stoll(text.substr(at + key.size()));
}

TEST_F(LocalFleetTest, NodesOfWindowsCannotBeMadeAndItSaysSo) {
  const auto fleet = open(Isolation::processes);
  ASSERT_TRUE(fleet);
  engine::NodeOrder wanted = order("blue", "w1");
  wanted.windows = true;
  fleet->make(std::move(wanted));
  EXPECT_NE(listener_.await_failed("w1").find("Windows"), std::string::npos);
}

TEST_F(LocalFleetTest, PlainNodesHaveAddressesAndEndWithTheirTrees) {
  const auto fleet = open(Isolation::processes);
  ASSERT_TRUE(fleet);
  EXPECT_FALSE(fleet->isolated());
  EXPECT_NE(fleet->notice().find("Nodes are not isolated"), std::string::npos);
  fleet->make(order("red", "a1"));
  fleet->make(order("red", "a2"));
  const engine::NodeMade a1 = listener_.await_made("a1");
  const engine::NodeMade a2 = listener_.await_made("a2");
  EXPECT_FALSE(a1.isolated);
  EXPECT_EQ(a1.ip_address, "127.64.0.4");
  EXPECT_EQ(a2.ip_address, "127.64.0.5");
  ASSERT_TRUE(
      eventually([&] { return agent_starts("red", "a1") == 1 && agent_starts("red", "a2") == 1; }));
  const std::string notes = agent_notes("red", "a1");
  const std::int64_t agent = number_after(notes, "pid=");
  const std::int64_t orphan = number_after(notes, "orphan=");
  EXPECT_NE(notes.find(node_directory("red", "a1") + "/root"), std::string::npos);
  EXPECT_TRUE(lives(agent));
  EXPECT_TRUE(lives(orphan));

  fleet->unmake(PoolId::trusted("red"), NodeId::trusted("a1"));
  EXPECT_TRUE(listener_.await_unmade("a1"));
  EXPECT_FALSE(lives(agent));
  EXPECT_FALSE(lives(orphan));
  const NodeRecord second = record("red", "a2");
  const std::int64_t second_orphan = number_after(agent_notes("red", "a2"), "orphan=");
  fleet->stop_all();
  EXPECT_FALSE(lives(second.pid));
  EXPECT_FALSE(lives(second_orphan));
}

TEST_F(LocalFleetTest, PlainNodesAreFoundAgainAndTheirAgentsToldAnew) {
  auto fleet = open(Isolation::processes);
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  listener_.await_made("a1");
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));
  const NodeRecord before = record("red", "a1");
  fleet.reset();
  EXPECT_TRUE(lives(before.pid));

  LocalFleetOptions changed = options(Isolation::processes);
  changed.agent_arguments = [](const AgentSeat& seat) {
    return std::vector<std::string>{seat.state_directory, "another"};
  };
  auto next = LocalFleet::open(changed, listener_);
  ASSERT_TRUE(next);
  (*next)->adopt({order("red", "a1")});
  EXPECT_EQ(listener_.await_made("a1").ip_address, before.ip_address);
  EXPECT_TRUE(
      eventually([&] { return agent_notes("red", "a1").find("another") != std::string::npos; }));
  EXPECT_EQ(record("red", "a1").pid, before.pid);
  (*next)->stop_all();
  EXPECT_FALSE(lives(before.pid));
}

TEST(HostNames, AreLabelsMadeOfIds) {
  EXPECT_EQ(host_name_of(NodeId::trusted("tvmps_0A1b_d")), "tvmps-0a1b-d");
  EXPECT_EQ(host_name_of(NodeId::trusted("_-_")), "node");
  const std::string long_id = std::string(60, 'x') + "0007";
  EXPECT_EQ(host_name_of(NodeId::trusted(long_id)).size(), 63u);
  EXPECT_TRUE(host_name_of(NodeId::trusted(long_id)).ends_with("0007"));
}

TEST(Addresses, LieInOneSubnetPerPool) {
  EXPECT_EQ(address_text(subnet(0, false) + first_host), "10.64.0.4");
  EXPECT_EQ(address_text(subnet(1, false) + last_host), "10.64.7.235");
  EXPECT_EQ(address_text(subnet(pools_max - 1, false)), "10.127.252.0");
  EXPECT_EQ(address_text(subnet(2, true) + 4), "127.64.8.4");
}

TEST_F(LocalFleetTest, HostsFilesKeepTheirPlaceOnDisk) {
  PoolHosts hosts(directory_ + "/hosts");
  ASSERT_TRUE(hosts.create());
  struct stat before{};
  ::stat(hosts.path().c_str(), &before);
  ASSERT_TRUE(hosts.add("10.64.0.4", "a1"));
  ASSERT_TRUE(hosts.add("10.64.0.40", "a40"));
  ASSERT_TRUE(hosts.strike("10.64.0.4"));
  ASSERT_TRUE(hosts.add("10.64.0.5", "a2"));
  struct stat after{};
  ::stat(hosts.path().c_str(), &after);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_TRUE(
      read_file(hosts.path()).value().ends_with("\n#0.64.0.4 a1\n10.64.0.40 a40\n10.64.0.5 a2\n"));
}

TEST(Abilities, ComeWithACureWhereTheyAreMissing) {
  for (const Ability& ability : probe().all()) {
    EXPECT_FALSE(ability.finding.empty()) << ability.name;
    EXPECT_EQ(ability.there, ability.cure.empty()) << ability.name << ": " << ability.finding;
  }
}

}  // namespace

}  // namespace batchyard::fleet
