// What the blob endpoint reads from outside, nearly right: addresses, signatures, lists.
#include <gtest/gtest.h>

#include "base/text.h"
#include "blob/authorize.h"
#include "blob/batch.h"
#include "blob/headers.h"
#include "blob/sas.h"
#include "blob/shared_key.h"
#include "blob/xml.h"
#include "testing/mutator.h"

namespace batchyard::blob {
namespace {

constexpr int rounds = 4'000;
const Time fuzz_now = *parse_iso8601("2026-11-28T12:00:00Z");
const Account fuzz_account{"own", {base64_encode("key")}};

TEST(StorageFuzz, NoChangedSignatureIsGood) {
  const std::string token =
      make_service_sas(fuzz_account, {"box", "a b", "rw", fuzz_now + std::chrono::hours(1), ""});
  const std::string good = "/own/box/a%20b?" + token;
  testing::Mutator mutator(1, {good});
  int refusals = 0;
  for (int round = 0; round < rounds; ++round) {
    HttpRequest request{.method = "GET", .target = mutator.next()};
    const Result<Address> address = address_of(request.target, "h", fuzz_account.name);
    if (!address) continue;
    const auto caller =
        authorize(fuzz_account, request, *address, Operation::get_blob, nullptr, fuzz_now);
    if (!caller) {
      ++refusals;
      continue;
    }
    // Only what says the same in another way.
    EXPECT_EQ(address->container + "/" + address->blob, "box/a b") << request.target;
    EXPECT_EQ(address->parameter("sp"), "rw") << request.target;
  }
  EXPECT_GT(refusals, rounds / 2);
}

TEST(StorageFuzz, NoChangedRequestIsSignedByTheKey) {
  HttpRequest good{.method = "GET", .target = "/own/box/a?comp=metadata"};
  sign(fuzz_account, good, fuzz_now);
  testing::Mutator mutator(2, {good.target, std::string(good.header("Authorization"))});
  for (int round = 0; round < rounds; ++round) {
    HttpRequest request = good;
    request.target = mutator.changed(good.target);
    if (round % 2 == 0) {
      request.target = good.target;
      request.headers.back().value = mutator.changed(good.headers.back().value);
    }
    const Result<Address> address = address_of(request.target, "h", fuzz_account.name);
    if (!address) continue;
    const auto checked = check_shared_key(fuzz_account, request, *address, fuzz_now);
    if (checked) {
      EXPECT_EQ(address->container + "/" + address->blob, "box/a") << request.target;
    }
  }
}

TEST(StorageFuzz, NearlyRightBodiesAreReadOrRefused) {
  testing::Mutator mutator(
      3,
      {"<?xml version=\"1.0\"?><BlockList><Latest>MDAwMQ==</Latest><Committed>MDAwMg==</Committed>"
       "<Uncommitted>MDAwMw==</Uncommitted></BlockList>",
       policies_xml({{"one", "2026-01-01", "2027-01-01T00:00:00Z", "rwdl"}, {"two", "", "", ""}}),
       default_service_properties()});
  for (int round = 0; round < rounds; ++round) {
    const std::string text = mutator.next();
    if (const auto list = parse_block_list(text)) {
      ASSERT_LE(list->size(), text.size());
    }
    if (const auto policies = parse_policies(text)) {
      ASSERT_LE(policies->size(), 5U);
    }
    (void)check_service_properties(text);
    (void)range_of({.headers = {{"Range", text}}}, 100);
  }
  (void)parse_block_list(testing::nested("<BlockList>", "", "</BlockList>", 100'000));
}

TEST(StorageFuzz, NearlyRightBatchesAreReadOrRefused) {
  testing::Mutator mutator(
      4, {"--b\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nDELETE /box/a HTTP/1.1\r\n"
          "x-ms-date: now\r\n\r\n--b\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\n"
          "PUT /box/b?comp=tier HTTP/1.1\r\nx-ms-access-tier: Cool\r\n\r\n--b--\r\n"});
  for (int round = 0; round < rounds; ++round) {
    HttpRequest request{.method = "POST", .target = "/own?comp=batch", .body = mutator.next()};
    request.headers = {{"Content-Type", "multipart/mixed; boundary=b"}};
    if (const auto parts = parse_batch(request, "own")) {
      ASSERT_LE(parts->size(), 256U);
    }
  }
}

}  // namespace
}  // namespace batchyard::blob
