// Which addresses are public, in every spelling that a resolver understands.
#include "edge/transfer/egress.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include "edge/transfer/transfer.h"

namespace batchyard::edge {
namespace {

bool may_speak_to(const char* host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  EXPECT_EQ(getaddrinfo(host, "80", &hints, &found), 0) << host;
  const bool may = found != nullptr && is_public_address(found->ai_addr);
  if (found != nullptr) freeaddrinfo(found);
  return may;
}

TEST(Egress, PrivateLocalAndSpecialAddressesAreKeptFrom) {
  for (const char* host : {"127.0.0.1",
                           "127.1",
                           "2130706433",
                           "0x7f000001",
                           "0177.0.0.1",
                           "0.0.0.0",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "169.254.169.254",
                           "168.63.129.16",
                           "100.64.0.1",
                           "100.127.255.255",
                           "198.18.0.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::1",
                           "::",
                           "fe80::1",
                           "fd00::1",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "2001::1",
                           "2001:db8::1",
                           "fec0::1"})
    EXPECT_FALSE(may_speak_to(host)) << host;
  for (const char* host :
       {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.128.0.1", "169.253.1.1", "168.63.129.17",
        "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"})
    EXPECT_TRUE(may_speak_to(host)) << host;
}

TEST(Egress, ATransferToSuchAnAddressIsNotEvenConnected) {
  Transfer transfer("");
  const Halt halt;
  for (const char* url : {"http://127.0.0.1:9/x", "http://localhost:9/x", "http://[::1]:9/x",
                          "http://2130706433:9/x"}) {
    const TransferAnswer answer = transfer.perform({.url = url, .public_only = true}, halt);
    EXPECT_EQ(answer.end, TransferEnd::failed) << url;
    EXPECT_TRUE(answer.in_words().contains("not public")) << url << ": " << answer.in_words();
  }
}

}  // namespace
}  // namespace batchyard::edge
