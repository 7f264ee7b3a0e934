// Which addresses are public, in every spelling that a resolver understands.
#include "edge/transfer/egress.h"

#include <gtest/gtest.h>
#include <netdb.h>

#include <fmt/format.h>

#include "edge/transfer/scripted_server.h"
#include "edge/transfer/transfer.h"

namespace batchyard::edge {
namespace {

bool may_speak_to(const char* host, const Egress& egress = {}) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  EXPECT_EQ(getaddrinfo(host, "80", &hints, &found), 0) << host;
  const bool may = found != nullptr && egress.allows(found->ai_addr);
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
                           "192.88.99.1",
                           "192.0.0.192",
                           "100.100.100.200",
                           "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::1",
                           "::127.0.0.1",
                           "2002:a9fe:a9fe::1",
                           "2001:2::1",
                           "2001:20::1",
                           "3fff::1",
                           "5f00::1",
                           "fd00:ec2::254",
                           "fec0::1"})
    EXPECT_FALSE(may_speak_to(host)) << host;
  for (const char* host :
       {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.128.0.1", "169.253.1.1", "168.63.129.17",
        "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"})
    EXPECT_TRUE(may_speak_to(host)) << host;
}

TEST(Egress, WhatIsAllowedIsAllowedAlone) {
  const Egress egress = *Egress::parse({"10.1.0.0/16", "127.0.0.2", "fd12:3400::/24"});
  for (const char* host :
       {"10.1.2.3", "::ffff:10.1.2.3", "127.0.0.2", "fd12:34ff::1", "8.8.8.8", "2606:4700::1111"})
    EXPECT_TRUE(may_speak_to(host, egress)) << host;
  for (const char* host :
       {"10.2.0.0", "127.0.0.1", "127.0.0.3", "fd12:3500::1", "64:ff9b::a02:1", "169.254.169.254"})
    EXPECT_FALSE(may_speak_to(host, egress)) << host;
}

// A whole network of one's own is not meant to have a cloud's metadata in it.
TEST(Egress, PrivateIsNoMetadata) {
  const Egress egress = *Egress::parse({"private"});
  for (const char* host : {"127.0.0.1", "::1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "fd00::1"})
    EXPECT_TRUE(may_speak_to(host, egress)) << host;
  for (const char* host :
       {"169.254.169.254", "168.63.129.16", "fd00:ec2::254", "fe80::1", "0.0.0.0", "100.64.0.1"})
    EXPECT_FALSE(may_speak_to(host, egress)) << host;
  EXPECT_TRUE(may_speak_to("169.254.169.254", *Egress::parse({"169.254.169.254"})));
  EXPECT_TRUE(may_speak_to("fd00:ec2::254", *Egress::parse({"fd00:ec2::254"})));
}

TEST(Egress, WhatIsNoRangeIsRefused) {
  for (const char* text : {"", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1",
                           "10.0.0", "10.0.0.0/8/8"})
    EXPECT_FALSE(Egress::parse({text})) << text;
}

// Whatever a resolver or a library makes of it: the address that is connected to counts.
TEST(Egress, ATransferToSuchAnAddressIsNotEvenConnected) {
  Transfer transfer("");
  const Halt halt;
  const Egress egress;
  const ScriptedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  const std::string port = server.url().substr(server.url().rfind(':'));
  for (const char* host :
       {"127.0.0.1", "localhost", "LocalHost", "localhost.", "127.0.0.1.", "127.1", "2130706433",
        "0x7f000001", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "127%2e0.0.1", "0", "user@127.0.0.1"}) {
    const TransferAnswer answer =
        transfer.perform({.url = fmt::format("http://{}{}", host, port), .egress = &egress}, halt);
    EXPECT_EQ(answer.end, TransferEnd::failed) << host;
  }
  EXPECT_TRUE(transfer.perform({.url = server.url(), .egress = &egress}, halt)
                  .in_words()
                  .contains("not public"));
  EXPECT_EQ(server.asked().size(), 0U);
}

TEST(Egress, ARedirectLeadsNowhereElse) {
  const ScriptedServer inner({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  const ScriptedServer outer({"HTTP/1.1 302 Found\r\nLocation: " + inner.url() +
                              "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
                             "127.0.0.2");
  Transfer transfer("");
  const Egress egress = *Egress::parse({"127.0.0.2"});
  const TransferAnswer answer =
      transfer.perform({.url = outer.url(), .follow_redirects = true, .egress = &egress}, Halt());
  EXPECT_EQ(answer.end, TransferEnd::failed);
  EXPECT_EQ(outer.asked().size(), 1U);
  EXPECT_EQ(inner.asked().size(), 0U);
}

// Nor does a connection that was made when nothing was asked.
TEST(Egress, AConnectionThatIsKeptIsNotTakenAgain) {
  const ScriptedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                               "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  Transfer transfer("");
  const Egress egress;
  EXPECT_TRUE(transfer.perform({.url = server.url()}, Halt()).good());
  EXPECT_FALSE(transfer.perform({.url = server.url(), .egress = &egress}, Halt()).good());
  EXPECT_EQ(server.asked().size(), 1U);
}

}  // namespace
}  // namespace batchyard::edge
