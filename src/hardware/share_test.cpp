#include "hardware/share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchyard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// GPUs a, b, c…; the first half near to one processor.
std::vector<ShareDevice> gpus(int count) {
  std::vector<ShareDevice> devices;
  for (int number = 0; number < count; ++number) {
    const std::string id(1, static_cast<char>('a' + number));
    devices.push_back({id, id, number, number, number < (count + 1) / 2 ? 0 : 1});
  }
  return devices;
}

DeviceShare share(int devices, int slots) {
  DeviceShare made;
  made.set(gpus(devices), slots);
  return made;
}

std::vector<std::string> ids(const DeviceShare::Given& given) {
  std::vector<std::string> names;
  for (const ShareDevice& device : given.devices) names.push_back(device.id);
  return names;
}

TEST(Share, OneSlotIsTheWholeNode) {
  DeviceShare node = share(4, 1);
  const DeviceShare::Given given = node.give("run", 1);
  EXPECT_THAT(ids(given), ElementsAre("a", "b", "c", "d"));
  EXPECT_FALSE(given.shared);
}

TEST(Share, AsManySlotsAsGpusAreOneEach) {
  DeviceShare node = share(4, 4);
  std::set<std::string> seen;
  for (const char* run : {"1", "2", "3", "4"}) {
    const DeviceShare::Given given = node.give(run, 1);
    ASSERT_EQ(given.devices.size(), 1);
    EXPECT_FALSE(given.shared);
    seen.insert(given.devices[0].id);
  }
  EXPECT_EQ(seen.size(), 4);
}

TEST(Share, ATaskOfTwoSlotsHasTwoThatAreNear) {
  DeviceShare node = share(4, 4);
  EXPECT_THAT(ids(node.give("one", 1)), ElementsAre("a"));
  EXPECT_THAT(ids(node.give("two", 2)), ElementsAre("c", "d"));
  // The place that is begun is filled first.
  EXPECT_THAT(ids(node.give("three", 1)), ElementsAre("b"));
}

TEST(Share, MoreSlotsThanGpusShareThem) {
  DeviceShare node = share(2, 4);
  const DeviceShare::Given first = node.give("1", 1);
  EXPECT_TRUE(first.shared);
  // Into the GPU that is begun: the other stays whole for a task of two slots.
  EXPECT_EQ(ids(node.give("2", 1)), ids(first));
  const DeviceShare::Given whole = node.give("3", 2);
  ASSERT_EQ(whole.devices.size(), 1);
  EXPECT_NE(ids(whole), ids(first));
  EXPECT_FALSE(whole.shared);
}

TEST(Share, NothingIsSoldTwiceHoweverTasksComeAndGo) {
  DeviceShare node = share(3, 5);
  std::uint64_t state = 7;
  std::map<std::string, int> running;
  int used = 0;
  for (int step = 0; step < 2000; ++step) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int slots = 1 + static_cast<int>(state >> 60) % 3;
    if (used + slots <= 5) {
      const std::string run = std::to_string(step);
      const DeviceShare::Given given = node.give(run, slots);
      ASSERT_FALSE(given.devices.empty());
      running[run] = slots;
      used += slots;
    } else {
      node.take_back(running.begin()->first);
      used -= running.begin()->second;
      running.erase(running.begin());
    }
    // With all slots taken every unit is taken, and none twice: a further piece has no place of its
    // own.
    if (used == 5) {
      EXPECT_TRUE(node.give("probe", 1).shared);
    }
    node.take_back("probe");
  }
}

TEST(Share, WhatIsAskedForIsWhole) {
  DeviceShare node = share(4, 8);
  EXPECT_THAT(ids(node.give("1", 1, 2)), ElementsAre("a", "b"));
  EXPECT_THAT(ids(node.give("2", 1, 2)), ElementsAre("c", "d"));
  const DeviceShare::Given more = node.give("3", 1, 3);
  EXPECT_EQ(more.devices.size(), 3);
  EXPECT_TRUE(more.shared);
  EXPECT_EQ(node.give("4", 1, 99).devices.size(), 4);
}

TEST(Share, ANodeWithoutGpusGivesNone) {
  DeviceShare node = share(0, 4);
  EXPECT_TRUE(node.empty());
  EXPECT_THAT(ids(node.give("run", 2)), IsEmpty());
  EXPECT_THAT(ids(node.give("run", 2, 1)), IsEmpty());
}

TEST(Share, AnotherAgentGoesOnWithWhatWasGiven) {
  DeviceShare node = share(2, 2);
  node.give_again("old", {"b"}, 1);
  EXPECT_THAT(ids(node.give("new", 1)), ElementsAre("a"));
  node.take_back("old");
  EXPECT_THAT(ids(node.give("next", 1)), ElementsAre("b"));
}

TEST(Share, PartsOfACutGpuAreGivenByThemselves) {
  protocol::Probe probe;
  probe.gpus.resize(2);
  probe.gpus[0].uuid = "GPU-0";
  probe.gpus[0].mig = {{"MIG-0", 1}, {"MIG-1", 1}};
  probe.gpus[1].uuid = "GPU-1";
  DeviceShare node;
  node.set(share_devices(probe), 1);
  EXPECT_THAT(ids(node.give("run", 1)), ElementsAre("MIG-0", "MIG-1", "GPU-1"));
  EXPECT_EQ(node.devices()[1].gpu, "GPU-0");
}

}  // namespace
}  // namespace batchyard
