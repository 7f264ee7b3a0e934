// The strings here were written by hand after the scheme's description; the signatures are checked
// against our own HMAC, which has a published vector, so that string and signature are tested
// apart.
#include "service/shared_key.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "signing/signing.h"

namespace batchyard::service {
namespace {

constexpr std::string_view secret = "a secret of the tests";
const Time noon = *parse_http_date("Tue, 24 Nov 2026 12:00:00 GMT");
constexpr std::string_view date_line = "ocp-date:Tue, 24 Nov 2026 12:00:00 GMT\n";

Account account() {
  return {"yard", {base64_encode("another secret"), base64_encode(secret)}};
}

HttpRequest request(std::string method, std::string target, std::vector<HttpHeader> headers = {},
                    std::string body = {}) {
  HttpRequest made;
  made.method = std::move(method);
  made.target = std::move(target);
  made.headers = std::move(headers);
  made.body = std::move(body);
  made.headers.push_back({"ocp-date", "Tue, 24 Nov 2026 12:00:00 GMT"});
  return made;
}

Result<> judge(HttpRequest made, const std::string& signed_text, Time now = noon) {
  made.headers.push_back(
      {"Authorization", "SharedKey yard:" + base64_encode(hmac_sha256(secret, signed_text))});
  return authenticate(account(), made, now);
}

// Verb, then eleven header values of which only the length and the type matter here.
std::string text(std::string_view verb, std::string_view length, std::string_view type,
                 std::string_view rest) {
  return std::string(verb) + "\n\n\n" + std::string(length) + "\n\n" + std::string(type) +
         "\n\n\n\n\n\n\n" + std::string(date_line) + std::string(rest);
}

TEST(SharedKey, ReadsNeedNoLength) {
  EXPECT_TRUE(judge(request("GET", "/jobs?api-version=1&timeout=20"),
                    text("GET", "", "", "/yard/jobs\napi-version:1\ntimeout:20")));
  EXPECT_FALSE(judge(request("GET", "/jobs?api-version=1&timeout=20"),
                     text("GET", "", "", "/yard/jobs\napi-version:1\ntimeout:21")));
  EXPECT_FALSE(judge(request("GET", "/jobs?api-version=1"),
                     text("PUT", "", "", "/yard/jobs\napi-version:1")));
}

TEST(SharedKey, EmptyBodiesHaveThreeLengths) {
  const std::string rest = "/yard/pools/p/stopresize\napi-version:1";
  for (const char* sent : {"", "0"}) {
    for (const char* length : {"", "0"}) {
      std::vector<HttpHeader> headers;
      if (*sent != 0) headers.push_back({"Content-Length", sent});
      EXPECT_TRUE(judge(request("POST", "/pools/p/stopresize?api-version=1", headers),
                        text("POST", length, "", rest)))
          << sent << "/" << length;
    }
  }
}

TEST(SharedKey, BodiesAreSignedWithTheirLength) {
  const std::vector<HttpHeader> headers{{"Content-Type", "application/json"},
                                        {"Content-Length", "2"}};
  EXPECT_TRUE(judge(request("POST", "/pools?api-version=1", headers, "{}"),
                    text("POST", "2", "application/json", "/yard/pools\napi-version:1")));
  EXPECT_FALSE(judge(request("POST", "/pools?api-version=1", headers, "{}"),
                     text("POST", "", "application/json", "/yard/pools\napi-version:1")));
}

TEST(SharedKey, NamesAreSignedAsSentOrInLowerCase) {
  const char* target = "/jobs?api-version=1&timeOut=20&$filter=id%20eq%20%27a%27";
  EXPECT_TRUE(
      judge(request("GET", target),
            text("GET", "", "", "/yard/jobs\n$filter:id eq 'a'\napi-version:1\ntimeOut:20")));
  EXPECT_TRUE(
      judge(request("GET", target),
            text("GET", "", "", "/yard/jobs\n$filter:id eq 'a'\napi-version:1\ntimeout:20")));
}

TEST(SharedKey, RepeatedAndEmptyParametersAreSignedInSeveralWays) {
  const char* target = "/jobs?api-version=1&b=&a=1&a=2";
  for (const char* rest :
       {"\na:1\na:2\napi-version:1\nb:", "\na:1,2\napi-version:1\nb:", "\na:1\napi-version:1"})
    EXPECT_TRUE(
        judge(request("GET", target), text("GET", "", "", std::string("/yard/jobs") + rest)))
        << rest;
  EXPECT_FALSE(
      judge(request("GET", target), text("GET", "", "", "/yard/jobs\na:2\napi-version:1")));
}

TEST(SharedKey, ThePathIsSignedAsItCame) {
  const char* target = "/pools/p/nodes/n/files/startup%2Fstdout.txt?api-version=1";
  EXPECT_TRUE(judge(
      request("GET", target),
      text("GET", "", "", "/yard/pools/p/nodes/n/files/startup%2Fstdout.txt\napi-version:1")));
  EXPECT_FALSE(
      judge(request("GET", target),
            text("GET", "", "", "/yard/pools/p/nodes/n/files/startup/stdout.txt\napi-version:1")));
}

TEST(SharedKey, TheClocksMayBeFifteenMinutesApart) {
  const std::string signed_text = text("GET", "", "", "/yard/jobs\napi-version:1");
  const HttpRequest made = request("GET", "/jobs?api-version=1");
  EXPECT_TRUE(judge(made, signed_text, noon + std::chrono::minutes(15)));
  EXPECT_TRUE(judge(made, signed_text, noon - std::chrono::minutes(15)));
  const Result<> late =
      judge(made, signed_text, noon + std::chrono::minutes(15) + std::chrono::seconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "AuthenticationFailed");
  EXPECT_NE(late.error().details.at(0).value.find("15 minutes"), std::string::npos);
  EXPECT_FALSE(judge(made, signed_text, noon - std::chrono::minutes(16)));
}

TEST(SharedKey, HeadersThatCannotBeReadAreNamed) {
  const auto code = [](const char* authorization) {
    HttpRequest made = request("GET", "/jobs?api-version=1");
    if (*authorization != 0) made.headers.push_back({"Authorization", authorization});
    const Result<> judged = authenticate(account(), made, noon);
    return judged ? std::string() : judged.error().code;
  };
  EXPECT_EQ(code(""), "AuthenticationFailed");
  EXPECT_EQ(code("Bearer abc"), "InvalidAuthenticationInfo");
  EXPECT_EQ(code("SharedKey abc"), "InvalidAuthenticationInfo");
  EXPECT_EQ(code("SharedKey other:abc"), "AuthenticationFailed");
  EXPECT_EQ(code("SharedKey yard:abc"), "AuthenticationFailed");
}

TEST(SharedKey, WhatWeSignWeAccept) {
  for (const char* body : {"", "{}"}) {
    HttpRequest made;
    made.method = "POST";
    made.target = "/pools?api-version=1&$select=id%2Cstate";
    made.body = body;
    if (*body != 0) made.headers.push_back({"Content-Length", "2"});
    sign(account(), made, noon);
    EXPECT_TRUE(authenticate(account(), made, noon));
    made.target += "x";
    EXPECT_FALSE(authenticate(account(), made, noon));
  }
}

// Signatures that a client's own code made, where the contract's originals are at hand.
TEST(SharedKey, FitsTheSignaturesOfAClient) {
  const char* folder = std::getenv("BATCHYARD_CONTRACT");
  if (folder == nullptr)
    GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
  std::stringstream file;
  file << std::ifstream(std::string(folder) + "/sharedkey-test-vectors.json").rdbuf();
  const boost::json::value vectors = boost::json::parse(file.str());
  const Account signer{std::string(vectors.at("accountName").as_string()),
                       {std::string(vectors.at("accountKey").as_string())}};
  ASSERT_FALSE(vectors.at("vectors").as_array().empty());
  for (const boost::json::value& vector : vectors.at("vectors").as_array()) {
    HttpRequest made;
    made.method = vector.at("method").as_string();
    const std::string url(vector.at("url").as_string());
    made.target = url.substr(url.find('/', sizeof "https://"));
    for (const auto& header : vector.at("headers").as_object())
      made.headers.push_back({std::string(header.key()), std::string(header.value().as_string())});
    if (const std::string_view length = made.header("Content-Length"); !length.empty())
      made.body = std::string(static_cast<std::size_t>(*parse_integer(length)), 'x');
    made.headers.push_back({"Authorization", std::string(vector.at("authorization").as_string())});
    const Time then = *parse_http_date(made.header("ocp-date"));
    const Result<> judged = authenticate(signer, made, then);
    EXPECT_TRUE(judged) << vector.at("name") << ": " << judged.error().details.at(0).value;
  }
}

}  // namespace
}  // namespace batchyard::service
