// URLs of storages, and what is said of transfers that fail.
#include "edge/transfer/transfer.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

TEST(Transfer, UrlsOfBlobsKeepTheirSignatureAndNamesAreEscaped) {
  EXPECT_EQ(blob_url("https://s/c?sig=a", "x/y z#?.txt"), "https://s/c/x/y%20z%23%3F.txt?sig=a");
  EXPECT_EQ(blob_url("https://s/c/?sig=a", "b"), "https://s/c/b?sig=a");
  EXPECT_EQ(blob_url("https://s/c", "b"), "https://s/c/b");
  EXPECT_EQ(with_query("https://s/c?sig=a", "comp=block"), "https://s/c?comp=block&sig=a");
  EXPECT_EQ(with_query("https://s/c", "comp=block"), "https://s/c?comp=block");
  EXPECT_EQ(without_query("https://s/c?sig=secret"), "https://s/c");
}

TEST(Transfer, AClosedPortIsTriedAgainAndSaidInWords) {
  Transfer transfer("");
  Halt halt;
  const TransferAnswer answer = transfer.perform({.url = "http://127.0.0.1:1/x"}, halt);
  EXPECT_EQ(answer.end, TransferEnd::failed);
  EXPECT_TRUE(answer.may_try_again());
  EXPECT_FALSE(answer.in_words().empty());
}

TEST(Transfer, WhatIsCalledOffDoesNotWait) {
  Transfer transfer("");
  Halt halt;
  halt.set();
  int tries = 0;
  const TransferAnswer answer =
      transfer.perform_patiently({.url = "http://127.0.0.1:1/x"}, halt, [&] { ++tries; });
  EXPECT_FALSE(answer.good());
  EXPECT_EQ(tries, 1);
}

TEST(Transfer, OnlyHttpIsSpoken) {
  Transfer transfer("");
  Halt halt;
  EXPECT_FALSE(transfer.perform({.url = "file:///etc/passwd"}, halt).good());
}

TEST(Transfer, OnlyWhatMayGoBetterIsTriedAgain) {
  for (const long status : {408, 429, 500, 502, 503, 504})
    EXPECT_TRUE((TransferAnswer{.end = TransferEnd::answered, .status = status}.may_try_again()));
  for (const long status : {200, 400, 401, 403, 404, 409, 412})
    EXPECT_FALSE((TransferAnswer{.end = TransferEnd::answered, .status = status}.may_try_again()));
  EXPECT_EQ((TransferAnswer{.end = TransferEnd::answered,
                            .status = 403,
                            .text = "<Error><Code>AuthorizationFailure</Code></Error>"}
                 .in_words()),
            "the server answered 403 (AuthorizationFailure)");
}

}  // namespace
}  // namespace batchyard::edge
