// Signatures as clients make them, with texts that were written out by hand and signed by OpenSSL's
// own tool.
#include <gtest/gtest.h>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/digest.h"
#include "blob/sas.h"
#include "blob/shared_key.h"
#include "signing/signing.h"

namespace batchyard::blob {
namespace {

const Time signature_now = *parse_iso8601("2026-11-28T12:00:00Z");

Account own_account() {
  return {"own", {base64_encode("first key"), base64_encode("second key")}};
}

HttpRequest keyed_request(const std::string& text, const std::string& key) {
  HttpRequest request{.method = "PUT",
                      .target = "/own/box/a%20b?timeout=30&comp=block&blockid=MQ%3D%3D"};
  request.host = "127.0.0.1:1";
  request.headers = {{"x-ms-version", "2021-12-02"}, {"x-ms-date", "Sat, 28 Nov 2026 12:00:00 GMT"},
                     {"Content-Length", "3"},        {"x-ms-meta-a1", "digit"},
                     {"X-Ms-Meta-A_", " sign "},     {"Content-Type", "text/plain"}};
  request.headers.push_back({"Authorization", "SharedKey own:" + signature_of(key, text)});
  return request;
}

Result<> check_key(const HttpRequest& request) {
  const Account account = own_account();
  const Result<Address> address = address_of(request.target, request.host, account.name);
  return check_shared_key(account, request, *address, signature_now);
}

constexpr std::string_view before =
    "PUT\n\n\n3\n\ntext/plain\n\n\n\n\n\n\nx-ms-date:Sat, 28 Nov 2026 "
    "12:00:00 GMT\n";
constexpr std::string_view after =
    "x-ms-version:2021-12-02\n/own/own/box/a%20b\nblockid:MQ==\n"
    "comp:block\ntimeout:30";

TEST(StorageKey, FitsInEitherOrderOfHeadersAndWithEitherKey) {
  const std::string by_bytes =
      std::string(before) + "x-ms-meta-a1:digit\nx-ms-meta-a_:sign\n" + std::string(after);
  const std::string by_weight =
      std::string(before) + "x-ms-meta-a_:sign\nx-ms-meta-a1:digit\n" + std::string(after);
  for (const std::string& text : {by_bytes, by_weight}) {
    for (const std::string& key : own_account().keys)
      EXPECT_TRUE(check_key(keyed_request(text, key))) << text;
  }
}

TEST(StorageKey, AnotherKeyTextOrTimeIsRefused) {
  const std::string good =
      std::string(before) + "x-ms-meta-a1:digit\nx-ms-meta-a_:sign\n" + std::string(after);
  const Result<> other_key = check_key(keyed_request(good, base64_encode("third key")));
  ASSERT_FALSE(other_key);
  EXPECT_EQ(other_key.error().code, "AuthenticationFailed");
  EXPECT_FALSE(check_key(keyed_request(good + "x", own_account().keys.front())));
  HttpRequest late = keyed_request(good, own_account().keys.front());
  late.headers[1].value = "Sat, 28 Nov 2026 12:15:01 GMT";
  const Result<> refused_late = check_key(late);
  ASSERT_FALSE(refused_late);
  EXPECT_TRUE(refused_late.error().message.contains("more than 15 minutes"))
      << refused_late.error().message;
  HttpRequest other = keyed_request(good, own_account().keys.front());
  other.headers.back().value = "SharedKey else:AAAA";
  EXPECT_FALSE(check_key(other));
}

TEST(StorageKey, NothingIsSignedAsNoLengthOrAsZero) {
  for (const std::string_view length : {"", "0"}) {
    const std::string text =
        "DELETE\n\n\n" + std::string(length) +
        "\n\n\n\n\n\n\n\n\nx-ms-date:Sat, 28 Nov 2026 12:00:00 GMT\n/own/own/box/x";
    HttpRequest request{.method = "DELETE", .target = "/own/box/x"};
    request.headers = {
        {"x-ms-date", "Sat, 28 Nov 2026 12:00:00 GMT"},
        {"Content-Length", "0"},
        {"Authorization", "SharedKey own:" + signature_of(own_account().keys.front(), text)}};
    EXPECT_TRUE(check_key(request)) << length;
  }
}

TEST(StorageKey, WhatWeSignFits) {
  HttpRequest request{.method = "GET",
                      .target = "/own/box?restype=container&comp=list&prefix=%C3%BC"};
  request.host = "127.0.0.1:1";
  sign(own_account(), request, signature_now);
  EXPECT_TRUE(check_key(request));
}

Result<Grant> grant_of(const std::string& target, Operation operation = Operation::get_blob,
                       const Container* container = nullptr, std::string_view scheme = "http",
                       std::string_view peer = "10.1.2.3") {
  const Account account = own_account();
  const Result<Address> address = address_of(target, "127.0.0.1", account.name);
  return check_sas(account, {*address, operation, scheme, peer}, container, signature_now);
}

std::string signed_target(const std::string& path, const std::string& query,
                          const std::string& text) {
  return path + "?" + query + "&sig=" + percent_encode(signature_of(own_account().keys[1], text));
}

TEST(StorageSas, TextsOfEveryVersionOfASignatureForABlob) {
  const std::string members =
      "sp=r&st=2026-11-28&se=2026-11-29T00:00Z&spr=https,http&sip=10.1.0.0-10.1.255.255&sr=b";
  const std::string head =
      "r\n2026-11-28\n2026-11-29T00:00Z\n/blob/own/box/a b\n\n10.1.0.0-10.1.255.255\nhttps,http\n";
  const std::pair<std::string, std::string> versions[] = {
      {"2015-04-05", head + "2015-04-05\nno-store\n\n\n\ntext/x"},
      {"2018-11-09", head + "2018-11-09\nb\n\nno-store\n\n\n\ntext/x"},
      {"2021-12-02", head + "2021-12-02\nb\n\n\nno-store\n\n\n\ntext/x"}};
  for (const auto& [version, text] : versions) {
    const std::string target = signed_target(
        "/own/box/a%20b", members + "&sv=" + version + "&rscc=no-store&rsct=text/x", text);
    const Result<Grant> grant = grant_of(target);
    ASSERT_TRUE(grant) << version << grant.error().details.front().value;
    EXPECT_EQ(grant->permissions, "r");
    EXPECT_FALSE(grant->of_account);
    EXPECT_FALSE(grant_of(target + "x")) << version;
  }
}

TEST(StorageSas, TextsOfAnAccountsSignature) {
  const std::string head = "own\nrl\nbf\nco\n\n2026-11-29T00:00:00Z\n\n\n";
  const std::string query = "sp=rl&ss=bf&srt=co&se=2026-11-29T00:00:00Z";
  EXPECT_TRUE(
      grant_of(signed_target("/own/box/a", query + "&sv=2019-12-12", head + "2019-12-12\n")));
  EXPECT_TRUE(
      grant_of(signed_target("/own/box/a", query + "&sv=2021-12-02", head + "2021-12-02\n\n")));
  const std::string target =
      signed_target("/own", query + "&sv=2021-12-02", head + "2021-12-02\n\n");
  const Result<Grant> listed = grant_of(target, Operation::list_containers);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, "AuthorizationResourceTypeMismatch");
}

std::string made_target(const std::string& path, const std::string& query) {
  return path + "?" + query;
}

TEST(StorageSas, WhatWeMakeIsGood) {
  const Time tomorrow = signature_now + std::chrono::hours(24);
  EXPECT_TRUE(
      grant_of(made_target("/own/box/a", make_account_sas(own_account(), {"rl", "co", tomorrow}))));
  EXPECT_TRUE(grant_of(made_target(
      "/own/box/a/b%20c", make_service_sas(own_account(), {"box", "a/b c", "rw", tomorrow, ""}))));
  const std::string whole = make_service_sas(own_account(), {"box", "", "rl", tomorrow, ""});
  EXPECT_TRUE(grant_of(made_target("/own/box/a", whole)));
  EXPECT_FALSE(grant_of(made_target("/own/other/a", whole)));
}

TEST(StorageSas, TimesAddressesAndProtocolsAreHeld) {
  const auto code = [](const std::string& query, const std::string& text, std::string_view scheme,
                       std::string_view peer) {
    const Result<Grant> grant = grant_of(signed_target("/own/box/a", query, text),
                                         Operation::get_blob, nullptr, scheme, peer);
    return grant ? std::string() : grant.error().code;
  };
  const std::string rest = "\n2021-12-02\nc\n\n\n\n\n\n\n";
  EXPECT_EQ(code("sp=r&se=2026-11-28T11:59:59Z&sv=2021-12-02&sr=c",
                 "r\n\n2026-11-28T11:59:59Z\n/blob/own/box\n\n\n" + rest, "http", "10.0.0.1"),
            "AuthenticationFailed");
  EXPECT_EQ(
      code("sp=r&st=2026-11-28T12:00:01Z&se=2027-01-01&sv=2021-12-02&sr=c",
           "r\n2026-11-28T12:00:01Z\n2027-01-01\n/blob/own/box\n\n\n" + rest, "http", "10.0.0.1"),
      "AuthenticationFailed");
  const std::string https = "r\n\n2027-01-01\n/blob/own/box\n\n\nhttps" + rest;
  EXPECT_EQ(code("sp=r&se=2027-01-01&spr=https&sv=2021-12-02&sr=c", https, "http", "10.0.0.1"),
            "AuthorizationProtocolMismatch");
  EXPECT_EQ(code("sp=r&se=2027-01-01&spr=https&sv=2021-12-02&sr=c", https, "https", "10.0.0.1"),
            "");
  const std::string one = "r\n\n2027-01-01\n/blob/own/box\n\n10.0.0.1\n" + rest;
  EXPECT_EQ(code("sp=r&se=2027-01-01&sip=10.0.0.1&sv=2021-12-02&sr=c", one, "http", "10.0.0.2"),
            "AuthorizationSourceIPMismatch");
  EXPECT_EQ(code("sp=r&se=2027-01-01&sip=10.0.0.1&sv=2021-12-02&sr=c", one, "http", "10.0.0.1"),
            "");
}

TEST(StorageSas, AStoredPolicyGivesWhatTheSignatureLeavesOut) {
  Container container;
  container.policies = {{"p", "", "2027-01-01T00:00:00Z", "r"}};
  const std::string query = make_service_sas(own_account(), {"box", "", "", Time(), "p"});
  const Result<Grant> grant =
      grant_of(made_target("/own/box/a", query), Operation::get_blob, &container);
  ASSERT_TRUE(grant) << grant.error().message;
  EXPECT_EQ(grant->permissions, "r");
  const std::string both = make_service_sas(own_account(), {"box", "", "w", Time(), "p"});
  EXPECT_FALSE(grant_of(made_target("/own/box/a", both), Operation::get_blob, &container));
  container.policies.clear();
  EXPECT_FALSE(grant_of(made_target("/own/box/a", query), Operation::get_blob, &container));
}

TEST(StorageDigest, SumsAreThoseOfTheDocuments) {
  // The check value of this CRC.
  EXPECT_EQ(crc64("123456789"), 0xAE8B14860A799888ULL);
  EXPECT_EQ(crc64(""), 0U);
  Crc64 parts;
  parts.add("1234");
  parts.add("56789");
  EXPECT_EQ(parts.value(), crc64("123456789"));
  EXPECT_EQ(parts.base64(), "iJh5CoYUi64=");
  Md5 digest;
  digest.add("abc");
  EXPECT_EQ(digest.base64(), "kAFQmDzST7DWlj99KOF/cg==");
}

}  // namespace
}  // namespace batchyard::blob
