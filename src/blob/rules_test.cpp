// Conditions, leases, ranges, names and lists: what is decided without a disk.
#include <gtest/gtest.h>

#include <algorithm>

#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/headers.h"
#include "blob/lease.h"
#include "blob/listing.h"
#include "blob/operation.h"
#include "blob/xml.h"

namespace batchyard::blob {
namespace {

const Time rules_now = *parse_iso8601("2026-11-28T12:00:00Z");

HttpRequest with_headers(std::vector<HttpHeader> headers, std::string method = "GET") {
  HttpRequest request{.method = std::move(method), .target = "/own/box/a"};
  request.headers = std::move(headers);
  return request;
}

std::string code_of(const Result<>& result) {
  return result ? std::string() : result.error().code;
}

TEST(StorageConditions, HoldOrNot) {
  const Standing standing{"\"0x1\"", rules_now};
  const std::string before = to_rfc1123(rules_now - std::chrono::seconds(1));
  const std::string at = to_rfc1123(rules_now);
  const std::tuple<std::string, std::string, bool> cases[] = {
      {"If-Match", "\"0x1\"", true},         {"If-Match", "0x1", true},
      {"If-Match", "\"0x2\"", false},        {"If-Match", "*", true},
      {"If-None-Match", "\"0x1\"", false},   {"If-None-Match", "\"0x2\"", true},
      {"If-None-Match", "*", false},         {"If-Modified-Since", before, true},
      {"If-Modified-Since", at, false},      {"If-Unmodified-Since", at, true},
      {"If-Unmodified-Since", before, false}};
  for (const auto& [name, value, holds] : cases)
    EXPECT_EQ(code_of(check_conditions(with_headers({{name, value}}), standing, false)),
              holds ? "" : "ConditionNotMet")
        << name << " " << value;
  EXPECT_EQ(code_of(check_conditions(with_headers({{"If-None-Match", "*"}}), standing, true)),
            "BlobAlreadyExists");
  EXPECT_EQ(code_of(check_conditions(with_headers({{"If-Match", "*"}}), std::nullopt, true)),
            "ConditionNotMet");
  EXPECT_EQ(code_of(check_conditions(with_headers({{"If-None-Match", "*"}}), std::nullopt, true)),
            "");
  EXPECT_EQ(
      code_of(check_conditions(with_headers({{"If-Modified-Since", "soon"}}), standing, true)),
      "InvalidHeaderValue");
}

constexpr const char* lease_a = "aaaaaaaa-0000-0000-0000-000000000000";
constexpr const char* lease_b = "bbbbbbbb-0000-0000-0000-000000000000";

std::string act_on(Lease& lease, const std::string& action, std::vector<HttpHeader> headers,
                   Time now) {
  headers.push_back({"x-ms-lease-action", action});
  const Result<LeaseAnswer> answer =
      change_lease(lease, with_headers(std::move(headers)), lease_b, now);
  return answer ? std::to_string(answer->status) : answer.error().code;
}

const HttpHeader duration{"x-ms-lease-duration", "15"};
const HttpHeader proposes_a{"x-ms-proposed-lease-id", lease_a};
const HttpHeader names_a{"x-ms-lease-id", lease_a};
const HttpHeader names_b{"x-ms-lease-id", lease_b};

// A lease of id a in the state.
Lease lease_in(LeaseState state) {
  const Time later = rules_now + std::chrono::seconds(10);
  switch (state) {
    case LeaseState::available:
      return {};
    case LeaseState::leased:
      return {lease_a, 15, later, false, Time()};
    case LeaseState::expired:
      return {lease_a, 15, rules_now, false, Time()};
    case LeaseState::breaking:
      return {lease_a, 15, later, true, later};
    case LeaseState::broken:
      return {lease_a, 15, later, true, rules_now};
  }
  return {};
}

TEST(StorageLease, EveryActionInEveryState) {
  struct Row {
    LeaseState state;
    const char *acquire_a, *acquire, *renew_a, *renew_b, *change, *release, *break_, *write,
        *write_a, *write_b;
  };
  const Row rows[] = {
      {LeaseState::available, "201", "201", "LeaseNotPresentWithLeaseOperation",
       "LeaseNotPresentWithLeaseOperation", "LeaseNotPresentWithLeaseOperation",
       "LeaseNotPresentWithLeaseOperation", "LeaseNotPresentWithLeaseOperation", "",
       "LeaseNotPresentWithBlobOperation", "LeaseNotPresentWithBlobOperation"},
      {LeaseState::leased, "201", "LeaseAlreadyPresent", "200", "LeaseIdMismatchWithLeaseOperation",
       "200", "200", "202", "LeaseIdMissing", "", "LeaseIdMismatchWithBlobOperation"},
      {LeaseState::expired, "201", "201", "200", "LeaseIdMismatchWithLeaseOperation",
       "LeaseNotPresentWithLeaseOperation", "200", "202", "", "LeaseLost",
       "LeaseIdMismatchWithBlobOperation"},
      {LeaseState::breaking, "LeaseIsBreakingAndCannotBeAcquired", "LeaseAlreadyPresent",
       "LeaseIsBrokenAndCannotBeRenewed", "LeaseIdMismatchWithLeaseOperation",
       "LeaseIsBreakingAndCannotBeChanged", "200", "202", "LeaseIdMissing", "",
       "LeaseIdMismatchWithBlobOperation"},
      {LeaseState::broken, "201", "201", "LeaseIsBrokenAndCannotBeRenewed",
       "LeaseIdMismatchWithLeaseOperation", "LeaseNotPresentWithLeaseOperation", "200", "202", "",
       "LeaseLost", "LeaseIdMismatchWithBlobOperation"}};
  for (const Row& row : rows) {
    const auto acted = [&](const std::string& action, std::vector<HttpHeader> headers) {
      Lease lease = lease_in(row.state);
      EXPECT_EQ(state_of(lease, rules_now), row.state);
      return act_on(lease, action, std::move(headers), rules_now);
    };
    const std::string_view word = word_of(row.state);
    EXPECT_EQ(acted("acquire", {duration, proposes_a}), row.acquire_a) << word;
    EXPECT_EQ(acted("acquire", {duration}), row.acquire) << word;
    EXPECT_EQ(acted("renew", {names_a}), row.renew_a) << word;
    EXPECT_EQ(acted("renew", {names_b}), row.renew_b) << word;
    EXPECT_EQ(acted("change", {names_a, {"x-ms-proposed-lease-id", lease_b}}), row.change) << word;
    EXPECT_EQ(acted("release", {names_a}), row.release) << word;
    EXPECT_EQ(acted("break", {}), row.break_) << word;
    const auto write = [&](std::string_view id) {
      return code_of(check_lease(lease_in(row.state), id, Leased::blob, rules_now));
    };
    EXPECT_EQ(write(""), row.write) << word;
    EXPECT_EQ(write(lease_a), row.write_a) << word;
    EXPECT_EQ(write(lease_b), row.write_b) << word;
  }
}

TEST(StorageLease, BreakingTakesWhatIsAskedButNoLongerThanTheLease) {
  Lease lease = lease_in(LeaseState::leased);
  EXPECT_EQ(act_on(lease, "break", {{"x-ms-lease-break-period", "60"}}, rules_now), "202");
  EXPECT_EQ(lease.broken, rules_now + std::chrono::seconds(10));
  EXPECT_EQ(act_on(lease, "break", {{"x-ms-lease-break-period", "3"}}, rules_now), "202");
  EXPECT_EQ(lease.broken, rules_now + std::chrono::seconds(3));
  Lease endless{lease_a, -1, rules_now, false, Time()};
  EXPECT_EQ(act_on(endless, "break", {}, rules_now), "202");
  EXPECT_EQ(state_of(endless, rules_now), LeaseState::broken);
}

TEST(StorageRanges, AsHttpHasThem) {
  const std::tuple<std::string, std::int64_t, std::int64_t> good[] = {{"bytes=0-4", 0, 5},
                                                                      {"bytes=5-", 5, 10},
                                                                      {"bytes=8-100", 8, 10},
                                                                      {"bytes=-3", 7, 10},
                                                                      {"bytes=-30", 0, 10}};
  for (const auto& [text, begin, end] : good) {
    const auto range = range_of(with_headers({{"x-ms-range", text}, {"Range", "bytes=1-1"}}), 10);
    ASSERT_TRUE(range && *range) << text;
    EXPECT_EQ((*range)->begin, begin) << text;
    EXPECT_EQ((*range)->end, end) << text;
  }
  for (const char* text : {"bytes=10-", "bytes=-0", "bytes=11-12"})
    EXPECT_FALSE(range_of(with_headers({{"Range", text}}), 10)) << text;
  for (const char* text : {"rows=1-2", "bytes=3-1", "bytes=a-b", "bytes=1-2,4-5"}) {
    const auto range = range_of(with_headers({{"Range", text}}), 10);
    ASSERT_TRUE(range) << text;
    EXPECT_FALSE(*range) << text;
  }
}

TEST(StorageAddress, HasAccountContainerAndBlob) {
  const auto path = address_of("/own/box/a%2Fb/c?comp=List&Prefix=%20x", "127.0.0.1:1", "own");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->container, "box");
  EXPECT_EQ(path->blob, "a/b/c");
  EXPECT_EQ(path->parameter("prefix"), " x");
  const auto host = address_of("/box/a", "own.blob.localhost:1", "own");
  ASSERT_TRUE(host);
  EXPECT_EQ(host->account + "|" + host->container + "|" + host->blob, "own|box|a");
  EXPECT_FALSE(address_of("/own/box/%zz", "h", "own"));
  for (const char* name : {"ab", "Big", "a--b", "-ab", "ab-", "a_b", "a.b"})
    EXPECT_FALSE(check_names({.container = name})) << name;
  EXPECT_TRUE(check_names({.container = "a1-b"}));
  EXPECT_FALSE(check_names({.container = "box", .blob = std::string(1025, 'x')}));
  EXPECT_FALSE(check_names({.container = "box", .blob = "\xff"}));
}

TEST(StorageOperation, WhatIsNotServedIsRefusedByItsName) {
  const auto code = [](std::string method, std::string target,
                       std::vector<HttpHeader> headers = {}) {
    HttpRequest request = with_headers(std::move(headers), std::move(method));
    request.target = std::move(target);
    const auto address = address_of(request.target, "h", "own");
    const Result<Operation> operation = operation_of(request, *address);
    return operation ? std::string(facts_of(*operation).name) : operation.error().code;
  };
  EXPECT_EQ(code("PUT", "/own/box/a?comp=snapshot"), "FeatureNotSupported");
  EXPECT_EQ(code("PUT", "/own/box/a", {{"x-ms-blob-type", "PageBlob"}}), "FeatureNotSupported");
  EXPECT_EQ(code("PUT", "/own/box/a", {{"x-ms-encryption-key", "k"}}), "UnsupportedHeader");
  EXPECT_EQ(code("POST", "/own/box/a"), "UnsupportedHttpVerb");
  EXPECT_EQ(code("GET", "/own/box?comp=list"), "InvalidQueryParameterValue");
  EXPECT_EQ(code("PUT", "/own/box/a", {{"x-ms-copy-source", "u"}}), "Copy Blob");
  EXPECT_EQ(code("PUT", "/own/box/a", {{"x-ms-copy-source", "u"}, {"x-ms-blob-type", "BlockBlob"}}),
            "Put Blob From URL");
  EXPECT_EQ(code("PUT", "/own/box/a?comp=block", {{"x-ms-copy-source", "u"}}),
            "Put Block From URL");
}

// Names in memory, and how often they were looked for.
class Names final : public Cursor {
 public:
  explicit Names(std::vector<std::string> names) : names_(std::move(names)) {
    std::ranges::sort(names_);
  }
  Result<std::optional<BlobRow>> seek(std::string_view name) override {
    ++seeks;
    at_ = static_cast<std::size_t>(std::ranges::lower_bound(names_, name) - names_.begin());
    return next();
  }
  Result<std::optional<BlobRow>> next() override {
    ++reads;
    if (at_ == names_.size()) return std::optional<BlobRow>();
    return BlobRow{.number = 1, .name = names_[at_++]};
  }
  int seeks = 0;
  int reads = 0;

 private:
  std::vector<std::string> names_;
  std::size_t at_ = 0;
};

std::string listed(const std::vector<std::string>& names, ListQuery query) {
  std::string text;
  Names cursor(names);
  while (true) {
    const Result<ListPage> page = list_page(cursor, query);
    for (const ListEntry& entry : page->entries)
      text += (entry.prefix.empty() ? entry.row.name : "(" + entry.prefix + ")") + " ";
    if (page->next.empty()) return text;
    query.from = page->next;
    text += "| ";
  }
}

TEST(StorageList, PrefixesDelimitersAndPages) {
  const std::vector<std::string> names{"a", "b/1", "b/2", "b/c/3", "b0", "c/d"};
  EXPECT_EQ(listed(names, {.limit = 10}), "a b/1 b/2 b/c/3 b0 c/d ");
  EXPECT_EQ(listed(names, {.limit = 2}), "a b/1 | b/2 b/c/3 | b0 c/d ");
  EXPECT_EQ(listed(names, {.delimiter = "/", .limit = 10}), "a (b/) b0 (c/) ");
  EXPECT_EQ(listed(names, {.delimiter = "/", .limit = 1}), "a | (b/) | b0 | (c/) ");
  EXPECT_EQ(listed(names, {.prefix = "b/", .delimiter = "/", .limit = 10}), "b/1 b/2 (b/c/) ");
  EXPECT_EQ(listed(names, {.prefix = "b/", .limit = 2}), "b/1 b/2 | b/c/3 ");
  EXPECT_EQ(listed(names, {.prefix = "x", .limit = 2}), "");
  EXPECT_EQ(listed(names, {.delimiter = "/c/", .limit = 9}), "a b/1 b/2 (b/c/) b0 c/d ");
}

TEST(StorageList, ADirectoryCostsOneLookHoweverFullItIs) {
  std::vector<std::string> names;
  for (int number = 0; number < 10'000; ++number) names.push_back("d/" + std::to_string(number));
  names.push_back("e");
  Names cursor(names);
  const auto page = list_page(cursor, {.delimiter = "/", .limit = 10});
  EXPECT_EQ(page->entries.size(), 2U);
  EXPECT_LE(cursor.reads, 4);
}

TEST(StorageXml, EscapesWhatItIsGiven) {
  EXPECT_EQ(element("A", "<&>\r"), "<A>&lt;&amp;&gt;&#xD;</A>");
  EXPECT_EQ(name_element("a\x01"), "<Name Encoded=\"true\">a%01</Name>");
  const auto policies = parse_policies(policies_xml({{"a<b", "2026-01-01", "", "rl"}}));
  ASSERT_TRUE(policies);
  EXPECT_EQ(policies->front().id, "a<b");
  EXPECT_EQ(policies->front().permissions, "rl");
  EXPECT_FALSE(parse_block_list("<BlockList><Newest>AA==</Newest></BlockList>"));
  EXPECT_FALSE(parse_block_list("<List/>"));
  EXPECT_FALSE(
      check_service_properties("<StorageServiceProperties><StaticWebsite><Enabled>true</Enabled>"
                               "</StaticWebsite></StorageServiceProperties>"));
  EXPECT_TRUE(check_service_properties(default_service_properties()));
}

TEST(StorageCodes, AreEachOnlyOnceAndInOrder) {
  for (std::size_t line = 1; line < std::size(codes); ++line)
    EXPECT_LT(codes[line - 1].code, codes[line].code);
}

}  // namespace
}  // namespace batchyard::blob
