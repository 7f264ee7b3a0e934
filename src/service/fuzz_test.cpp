// Requests that are nearly right. Whatever comes, the answer is one of the API's: never a fault
// inside, never longer than it need be, and an error has a code of the table and says what is
// wrong. The examples are the golden exchanges; seeds decide what becomes of them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/error_codes.h"
#include "base/text.h"
#include "service/filter.h"
#include "service/service_test.h"
#include "service/token.h"
#include "service/x509.h"
#include "testing/golden_text.h"
#include "testing/mutator.h"

namespace batchyard::service {
namespace {

using batchyard::testing::Mutator;
using batchyard::testing::nested;

constexpr int seeds = 24;
constexpr int requests_per_seed = 400;
constexpr int texts = 4'000;
constexpr std::size_t error_size_max = 64 << 10;

struct Example {
  std::string verb, target, body;
  std::vector<HttpHeader> headers;
};

// Of all golden exchanges: what is asked there.
const std::vector<Example>& golden_examples() {
  static const std::vector<Example> all = [] {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator("tests/golden/api")) {
      if (entry.path().extension() == ".txt") files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    std::vector<Example> examples;
    for (const std::string& file : files) {
      std::stringstream text;
      text << std::ifstream(file).rdbuf();
      for (const testing::golden::Exchange& exchange : testing::golden::parse(text.str())) {
        if (!exchange.verb.empty())
          examples.push_back({exchange.verb, exchange.target, exchange.body, exchange.headers});
      }
    }
    return examples;
  }();
  return all;
}

class Fuzz : public ServiceTest, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override;

  std::string filled(std::string text) const {
    return std::regex_replace(text, std::regex(R"(\$\{node \S+ \d+\})"), node_);
  }
  Example nearly(Mutator& mutator) const;
  void expect_sound(const Example& example, const Answer& answer) const;
  Answer ask(const Example& example) {
    return send(example.verb, example.target, example.body, example.headers);
  }

  std::string node_;
};

void Fuzz::SetUp() {
  add_pool("p", 2);
  node_ = get("/pools/p/nodes").ids().at(0);
  add_application("a", "1.0");
  add_job("j", "p", R"(,"jobPreparationTask":{"commandLine":"true"},"usesTaskDependencies":true)");
  for (const char* id : {"t", "u", "v"}) {
    ASSERT_EQ(
        post("/jobs/j/tasks", fmt::format(R"({{"id":"{}","commandLine":"true"}})", id)).status,
        201);
  }
  ASSERT_EQ(post("/jobschedules",
                 R"({"id":"s","schedule":{},"jobSpecification":{"poolInfo":{"poolId":"p"}}})")
                .status,
            201);
  files_.add("stdout.txt", "0123456789");
}

// Something of a golden request is changed: its body, its target, a header.
Example Fuzz::nearly(Mutator& mutator) const {
  static constexpr const char* headers[] = {
      "If-Match",  "If-None-Match",     "If-Modified-Since", "If-Unmodified-Since",
      "ocp-range", "client-request-id", "Content-Type",      "ocp-date",
      "Range"};
  static constexpr const char* values[] = {
      "0x8D000000000001", "*", "\"0x8D000000000002\"", "Tue, 24 Nov 2026 09:30:00 GMT", "bytes=1-5",
      "application/json"};
  const std::vector<Example>& all = golden_examples();
  Example example = all[mutator.random().below(all.size())];
  example.target = filled(example.target);
  example.body = filled(example.body);
  std::erase_if(example.headers,
                [](const HttpHeader& header) { return header.name == "Authorization"; });
  switch (mutator.random().below(5)) {
    case 0:
      example.target = "/" + mutator.changed(example.target.substr(1));
      break;
    case 1:
      example.headers.push_back(
          {headers[mutator.random().below(std::size(headers))],
           mutator.changed(values[mutator.random().below(std::size(values))])});
      break;
    case 2:
      example.body = mutator.bent(example.body);
      break;
    default:
      example.body = mutator.changed(example.body);
  }
  return example;
}

void Fuzz::expect_sound(const Example& example, const Answer& answer) const {
  const std::string where =
      fmt::format("seed {}: {} {} {}", GetParam(), example.verb, example.target, example.body);
  ASSERT_GE(answer.status, 200) << where;
  ASSERT_NE(answer.status, 500) << where;
  for (const HttpHeader& header : answer.response.headers) {
    if (header.name != "client-request-id") {
      ASSERT_EQ(header.value.find_first_of("\r\n"), std::string::npos) << header.name << where;
    }
  }
  if (answer.status < 400 || example.verb == "HEAD") return;
  ASSERT_LT(answer.response.body.size(), error_size_max) << where;
  ASSERT_NE(facts_of_code(answer.code()), nullptr) << answer.code() << where;
  ASSERT_GT(answer.message().find("\nRequestId"), 10U) << where;  // it says something
}

TEST_P(Fuzz, NearlyRightRequestsAreAnsweredSoundly) {
  Mutator mutator(static_cast<std::uint64_t>(GetParam()), {"{}", "[]", "'a' eq id", "&$filter="});
  for (int at = 0; at < requests_per_seed && !HasFatalFailure(); ++at) {
    const Example example = nearly(mutator);
    expect_sound(example, ask(example));
    bench_.effects.clear();
  }
}

// Who cannot prove who they are is told so, whatever they send.
TEST_P(Fuzz, NearlyRightCredentialsAreRefused) {
  const std::string token = make_token("seal", {.job = JobId::trusted("j"),
                                                .task = TaskId::trusted("t"),
                                                .attempt = bench_.task("j", "t").attempt,
                                                .expires = bench_.now + token_life});
  HttpRequest good = request("GET", "/jobs/j?api-version=2024-07-01.20.0", "", {});
  sign(account_, good, bench_.now);
  const std::string signature(good.header("Authorization"));
  ASSERT_EQ(handle(good).status, 200);
  Mutator mutator(static_cast<std::uint64_t>(GetParam()), {signature, "Bearer " + token});
  for (int at = 0; at < requests_per_seed && !HasFatalFailure(); ++at) {
    HttpRequest asked = good;
    const std::string credential = mutator.next();
    if (mutator.random().once_in(3)) {
      for (HttpHeader& header : asked.headers) {
        if (header.name != "Authorization") header.value = mutator.changed(header.value);
      }
    } else {
      for (HttpHeader& header : asked.headers) {
        if (header.name == "Authorization") header.value = credential;
      }
    }
    const Answer answer = handle(asked);
    if (answer.status == 200) continue;  // by chance nothing that matters was changed
    expect_sound({asked.method, asked.target, credential, {}}, answer);
    ASSERT_TRUE(answer.status == 400 || answer.status == 403) << credential;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Fuzz, ::testing::Range(0, seeds));

TEST(FuzzTexts, NearlyRightFiltersAreReadOrSayWhere) {
  std::vector<std::string> examples;
  for (const auto fields : {pool_fields(), node_fields(), job_fields(), task_fields(),
                            schedule_fields(), preparation_fields(), file_fields()}) {
    for (const FilterableField& field : fields) {
      for (const char* rest :
           {" eq 'some'", " ge 5", " ne true", " lt DateTime'2026-11-24T09:30:00Z'"})
        examples.push_back(std::string(field.name) + rest);
      examples.push_back(
          fmt::format("not (startswith({0},'a') and {0} eq 'b') or {0} ne 'c'", field.name));
    }
  }
  Mutator mutator(1, examples);
  for (int at = 0; at < texts; ++at) {
    const std::string text = mutator.next();
    const auto filter = parse_filter(text, task_fields());
    if (!filter) {
      ASSERT_TRUE(filter.error().message.contains("column")) << text;
    }
  }
}

TEST_F(ServiceTest, WhatIsNestedDeeplyIsRefused) {
  add_pool("p", 0);
  for (const std::size_t depth : {100, 5'000, 1'000'000}) {
    for (const std::string& body :
         {nested("[", "", "]", depth), nested(R"({"a":)", "1", "}", depth),
          R"({"id":"x","metadata":)" + nested("[", "", "]", depth) + "}"}) {
      const Answer answer = post("/pools", body);
      EXPECT_TRUE(answer.code() == "InvalidRequestBody" || answer.code() == "RequestBodyTooLarge")
          << answer.code();
    }
  }
  for (const auto& [open, close] :
       {std::pair{"(", ")"}, std::pair{"not ", ""}, std::pair{"not(", ")"}}) {
    for (const std::size_t depth : {100, 10'000}) {
      const std::string text = nested(open, "id eq 'a'", close, depth);
      EXPECT_FALSE(parse_filter(text, pool_fields())) << open << depth;
    }
  }
  const std::string version = "&api-version=2024-07-01.20.0";
  EXPECT_EQ(
      get("/pools?$filter=" + percent_encode(nested("not ", "id eq 'a'", "", 9'000)) + version)
          .detail("QueryParameterName"),
      "$filter");
}

TEST(FuzzTexts, NearlyRightCertificatesAreReadOrRefused) {
  const std::string der = *base64_decode(
      "MIIBeDCCAR+gAwIBAgIULpam9t9MgunojUUiH2v6hnfINAkwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGZ29sZGVuMC"
      "AXDTI2MTEyNDExMDkzNVoYDzIxMjYxMDMxMTEwOTM1WjARMQ8wDQYDVQQDDAZnb2xkZW4wWTATBgcqhkjOPQIBBggq"
      "hkjOPQMBBwNCAASfTM9J0VT4dyZqTXhaP8zVsW+/0Cs/MpREvLJ43z+wmNEgDpvHS9T/hiUOnFImEgpn6ieikul2MY"
      "FGWnR9zfXBo1MwUTAdBgNVHQ4EFgQUiaLVSyUF/VKB43ttQQEWCNAB0j4wHwYDVR0jBBgwFoAUiaLVSyUF/VKB43tt"
      "QQEWCNAB0j4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAwjfKdz0YYvXEkLIzApb4Mn9kEHLdj+Y"
      "SOV5Q/Dm/EqQIgMBmkxZFaPMZHavSjGeba5RURj2WM4JDQA/vLnak3aYk=");
  Mutator mutator(1, {der, "-----BEGIN CERTIFICATE-----\n" + base64_encode(der) +
                               "\n-----END CERTIFICATE-----\n"});
  for (int at = 0; at < texts; ++at) {
    const std::string bytes = mutator.next();
    for (const Result<ReadCertificate>& read : {read_cer(bytes), read_pfx(bytes, "secret")}) {
      if (read) {
        ASSERT_EQ(read->thumbprint.size(), 40U);
      } else {
        ASSERT_FALSE(read.error().message.empty());
      }
    }
  }
}

}  // namespace
}  // namespace batchyard::service
