#include "identity/access_rules.h"

#include <gtest/gtest.h>

namespace batchyard::identity {
namespace {

TEST(AccessRules, RangesAreOfIpv4) {
  EXPECT_EQ(parse_address_range("203.0.113.7")->bits, 32);
  EXPECT_EQ(parse_address_range("203.0.113.0/24")->begin, 0xCB007100U);
  EXPECT_EQ(parse_address_range("0.0.0.0/0")->bits, 0);
  for (const char* bad : {"", "/", "203.0.113", "203.0.113.7/33", "203.0.113.7/-1", "203.0.113.7/",
                          "203.0.113.7/x", "example.com", "::1", "0xCB007107"})
    EXPECT_EQ(parse_address_range(bad).error().code, "InvalidAddressRange") << bad;
}

TEST(AccessRules, EveryoneIsLetInUntilSomebodySaysOtherwise) {
  const AccessRules rules;
  for (const char* peer : {"203.0.113.7", "::1", "2001:db8::1", "127.0.0.1", ""})
    EXPECT_TRUE(rules.lets_in(peer)) << peer;
}

TEST(AccessRules, OnlyThoseInARangeAreLetIn) {
  AccessRules rules;
  rules.lets_in_by_default = false;
  rules.ranges = {*parse_address_range("203.0.113.0/24"), *parse_address_range("198.51.100.1")};
  for (const char* peer : {"203.0.113.255", "198.51.100.1", "::ffff:203.0.113.9"})
    EXPECT_TRUE(rules.lets_in(peer)) << peer;
  for (const char* peer : {"203.0.114.0", "198.51.100.2", "2001:db8::1", "::ffff:8.8.8.8", ""})
    EXPECT_FALSE(rules.lets_in(peer)) << peer;
  rules.ranges = {*parse_address_range("0.0.0.0/0")};
  EXPECT_TRUE(rules.lets_in("8.8.8.8"));
}

TEST(AccessRules, ThisMachineAndTheNodesAreAlwaysLetIn) {
  AccessRules rules;
  rules.is_public = false;
  rules.ranges = {*parse_address_range("203.0.113.0/24")};
  for (const char* peer :
       {"127.0.0.1", "127.64.0.4", "::1", "::ffff:127.0.0.1", "10.64.0.4", "10.127.255.255"})
    EXPECT_TRUE(rules.lets_in(peer)) << peer;
  for (const char* peer : {"203.0.113.7", "10.63.255.255", "10.128.0.0", "2001:db8::1"})
    EXPECT_FALSE(rules.lets_in(peer)) << peer;
}

TEST(AccessRules, CredentialsAreTakenOneByOne) {
  AccessRules rules;
  rules.shared_key = false;
  EXPECT_FALSE(rules.takes(Credential::shared_key));
  EXPECT_TRUE(rules.takes(Credential::directory));
  EXPECT_TRUE(rules.takes(Credential::task));
}

}  // namespace
}  // namespace batchyard::identity
