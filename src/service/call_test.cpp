// Conditions, pages and queries.
#include "service/call.h"

#include <gtest/gtest.h>

namespace batchyard::service {
namespace {

const Time modified =
    *parse_http_date("Tue, 24 Nov 2026 12:00:00 GMT") + std::chrono::milliseconds(250);

std::string verdict(std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.headers = std::move(headers);
  const Result<Conditions> conditions = parse_conditions(request);
  if (!conditions) return conditions.error().code;
  const Result<> met = check_conditions(*conditions, 7, modified);
  return met ? "met" : met.error().code;
}

TEST(Etags, AreReadAsWrittenAndQuoted) {
  EXPECT_EQ(etag_of(255), "0x8D0000000000FF");
  for (const char* text : {"0x8D0000000000FF", "\"0x8D0000000000FF\"", "W/\"0x8D0000000000FF\""})
    EXPECT_EQ(version_of_etag(text), 255) << text;
  for (const char* text : {"", "0x8D", "0x9D0000000000FF", "0x8D00zz", "\""})
    EXPECT_FALSE(version_of_etag(text)) << text;
}

TEST(Conditions, OfETags) {
  EXPECT_EQ(verdict({}), "met");
  EXPECT_EQ(verdict({{"If-Match", etag_of(7)}}), "met");
  EXPECT_EQ(verdict({{"If-Match", "*"}}), "met");
  EXPECT_EQ(verdict({{"If-Match", etag_of(8)}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-Match", "somebody else's"}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-None-Match", etag_of(7)}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-None-Match", "*"}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-None-Match", etag_of(8)}}), "met");
}

TEST(Conditions, OfTimesCompareWholeSeconds) {
  const std::string same = to_rfc1123(modified),
                    before = to_rfc1123(modified - std::chrono::seconds(1)),
                    after = to_rfc1123(modified + std::chrono::seconds(1));
  EXPECT_EQ(verdict({{"If-Modified-Since", same}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-Modified-Since", before}}), "met");
  EXPECT_EQ(verdict({{"If-Unmodified-Since", same}}), "met");
  EXPECT_EQ(verdict({{"If-Unmodified-Since", before}}), "ConditionNotMet");
  EXPECT_EQ(verdict({{"If-Unmodified-Since", after}}), "met");
  EXPECT_EQ(verdict({{"If-Unmodified-Since", "yesterday"}}), "InvalidHeaderValue");
}

TEST(Conditions, OfTwoHeadersTheETagCounts) {
  const std::string before = to_rfc1123(modified - std::chrono::hours(1)),
                    after = to_rfc1123(modified + std::chrono::hours(1));
  EXPECT_EQ(verdict({{"If-Match", etag_of(7)}, {"If-Unmodified-Since", before}}), "met");
  EXPECT_EQ(verdict({{"If-None-Match", etag_of(8)}, {"If-Modified-Since", after}}), "met");
  EXPECT_EQ(verdict({{"If-Match", etag_of(7)}, {"If-Modified-Since", before}}),
            "MultipleConditionHeadersNotSupported");
  EXPECT_EQ(verdict({{"If-Match", etag_of(7)}, {"If-None-Match", etag_of(8)}}),
            "MultipleConditionHeadersNotSupported");
}

TEST(Queries, NamesAreFoldedAndValuesDecoded) {
  const auto query =
      parse_query("/pools?$SELECT=id%2Cstate&timeOut=30&a=b+c&=x&empty&%24filter=id%20eq%20'p'");
  EXPECT_EQ(query.at("$select"), "id,state");
  EXPECT_EQ(query.at("timeout"), "30");
  EXPECT_EQ(query.at("a"), "b c");
  EXPECT_EQ(query.at("empty"), "");
  EXPECT_EQ(query.at("$filter"), "id eq 'p'");
  EXPECT_TRUE(parse_query("/pools").empty());
}

TEST(Pages, SizesAndTokensAreChecked) {
  const auto size = [](const char* text) {
    Call call;
    call.query = parse_query(std::string("/pools?maxresults=") + text);
    const Result<std::size_t> found = page_size(call, 1000);
    return found ? std::to_string(*found)
                 : found.error().message.substr(found.error().message.rfind("MaxResults"));
  };
  EXPECT_EQ(size(""), "1000");
  EXPECT_EQ(size("1"), "1");
  EXPECT_EQ(size("1000"), "1000");
  EXPECT_EQ(size("0"), "MaxResults cannot be less than 1");
  EXPECT_EQ(size("1001"), "MaxResults cannot be more than 1000");
  EXPECT_EQ(size("ten"), "MaxResults must be a whole number");
  Call call;
  call.query = parse_query("/pools?$skiptoken=7461736b");
  EXPECT_EQ(*start_after(call), "task");
  call.query = parse_query("/pools?$skiptoken=xyz");
  EXPECT_FALSE(start_after(call));
}

}  // namespace
}  // namespace batchyard::service
