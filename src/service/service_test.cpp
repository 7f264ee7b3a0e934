// What every operation has in common: versions, verbs, headers, errors, pages.
#include "service/service_test.h"

#include <fmt/format.h>

#include "base/text.h"

namespace batchyard::service {
namespace {

TEST_F(ServiceTest, ReadsTellTheCommonHeaders) {
  const Answer answer =
      get("/pools", {{"client-request-id", "abc"}, {"return-client-request-id", "true"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("request-id").size(), 36U);
  EXPECT_EQ(answer.header("DataServiceVersion"), "3.0");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("Content-Type"), "application/json;odata=minimalmetadata");
  EXPECT_EQ(answer.header("client-request-id"), "abc");
  EXPECT_EQ(answer.response.body,
            R"({"odata.metadata":"https://yard.example/$metadata#pools","value":[]})");
  EXPECT_EQ(get("/pools", {{"client-request-id", "abc"}}).header("client-request-id"), "");
}

TEST_F(ServiceTest, RefusalsHaveTheEnvelope) {
  const Answer answer = get("/pools/none");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.response.reason, "The specified pool does not exist.");
  EXPECT_EQ(answer.code(), "PoolNotFound");
  EXPECT_EQ(answer.text("/message/lang"), "en-US");
  EXPECT_EQ(answer.message(), "The specified pool does not exist.\nRequestId:" +
                                  answer.header("request-id") + "\nTime:" + to_iso8601(bench_.now));
  EXPECT_EQ(answer.text("/odata.metadata"),
            "https://yard.example/"
            "$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element");
  EXPECT_TRUE(send("HEAD", "/pools/none").response.body.empty());
  EXPECT_EQ(send("HEAD", "/pools/none").status, 404);
}

TEST_F(ServiceTest, VersionsVerbsAndPathsAreChecked) {
  EXPECT_EQ(get("/pools?api-version=2031-01-01.1.0").code(), "UnsupportedRequestVersion");
  HttpRequest bare = request("GET", "/pools", "", {});
  sign(account_, bare, bench_.now);
  EXPECT_EQ(handle(std::move(bare)).code(), "MissingRequiredQueryParameter");
  const Answer verb = send("PUT", "/pools");
  EXPECT_EQ(verb.status, 405);
  EXPECT_EQ(verb.code(), "UnsupportedHttpVerb");
  EXPECT_EQ(get("/nothing").code(), "InvalidUri");
  EXPECT_EQ(get("/pools?maxResult=5").code(), "UnsupportedQueryParameter");
  EXPECT_EQ(get("/pools?timeOut=20&MaxResults=5").status, 200);
  EXPECT_EQ(get("/pools?timeout=soon").code(), "InvalidQueryParameterValue");
}

TEST_F(ServiceTest, NobodyGetsInWithoutASignature) {
  for (const char* target : {"/pools?api-version=2024-07-01.20.0", "/pools", "/nothing"}) {
    const Answer answer = handle(request("GET", target, "", {}));
    EXPECT_EQ(answer.status, 403) << target;
    EXPECT_EQ(answer.code(), "AuthenticationFailed") << target;
  }
}

TEST_F(ServiceTest, BodiesThatCannotBeReadAreRefusedByPlace) {
  const auto refusal = [&](std::string body) {
    const Answer answer = post("/pools", std::move(body));
    EXPECT_EQ(answer.status, 400);
    return answer;
  };
  EXPECT_EQ(refusal("{").code(), "InvalidRequestBody");
  EXPECT_EQ(refusal("[]").status, 400);
  const Answer unknown = refusal(R"({"id":"p","vmSize":"small","colour":"blue"})");
  EXPECT_NE(unknown.message().find("colour"), std::string::npos);
  const Answer wrong = refusal(R"({"id":"p","vmSize":"small","targetDedicatedNodes":"many"})");
  EXPECT_NE(wrong.message().find("targetDedicatedNodes"), std::string::npos);
  const Answer id = refusal(fmt::format(R"({{"id":"{}","vmSize":"small"}})", std::string(65, 'x')));
  EXPECT_NE(id.message().find("id"), std::string::npos);
  const Answer type = send("POST", "/pools", "<xml/>", {{"Content-Type", "text/xml"}});
  EXPECT_EQ(type.code(), "InvalidHeaderValue");
}

TEST_F(ServiceTest, ListsComeInPagesThatLinkToTheNext) {
  add_pool("p", 0);
  for (int number = 0; number < 5; ++number) add_job(fmt::format("job-{}", number), "p");
  std::string target = "/jobs?maxresults=2&$select=id&$filter=startswith(id,'job-')";
  std::vector<std::string> seen;
  for (int pages = 0; pages < 3; ++pages) {
    const Answer page = get(target);
    ASSERT_EQ(page.status, 200) << page.response.body;
    for (const std::string& id : page.ids()) seen.push_back(id);
    const std::string next = page.text("/odata.nextLink");
    ASSERT_EQ(next == "(absent)", pages == 2) << page.response.body;
    target = next == "(absent)" ? "" : next.substr(std::string("https://yard.example").size());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"job-0", "job-1", "job-2", "job-3", "job-4"}));
  EXPECT_EQ(get("/jobs?maxresults=0").detail("Reason"), "MaxResults cannot be less than 1");
}

TEST_F(ServiceTest, SelectGivesWhatItNamesAndNoMore) {
  add_pool("p", 0);
  const Answer answer = get("/pools/p?$select=id,state");
  EXPECT_EQ(
      answer.response.body,
      R"({"odata.metadata":"https://yard.example/$metadata#pools/@Element","id":"p","state":"active"})");
  EXPECT_EQ(get("/pools/p?$select=id,colour").status, 400);
}

TEST_F(ServiceTest, ReadsCanBeConditional) {
  add_pool("p", 0);
  const std::string etag = get("/pools/p").header("ETag");
  EXPECT_EQ(get("/pools/p", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(get("/pools/p", {{"If-Match", "\"" + etag + "\""}}).status, 200);
  EXPECT_EQ(get("/pools/p", {{"If-Match", "0x8D000000FFFFFF"}}).status, 412);
  EXPECT_EQ(send("DELETE", "/pools/p", "", {{"If-Match", "0x8D000000FFFFFF"}}).code(),
            "ConditionNotMet");
  EXPECT_EQ(send("DELETE", "/pools/p", "", {{"If-Match", etag}}).status, 202);
}

TEST_F(ServiceTest, ImagesSayWhenTheirSupportEnds) {
  std::map<std::string, const boost::json::object*> images;
  const Answer answer = get("/supportedimages?api-version=2019-08-01.10.0&maxresults=1000");
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  for (const boost::json::value& one : answer.body.at("value").as_array()) {
    const boost::json::object& reference = one.at("imageReference").as_object();
    images[fmt::format("{}/{}", std::string_view(reference.at("offer").as_string()),
                       std::string_view(reference.at("sku").as_string()))] = &one.as_object();
  }
  const boost::json::object& hpc = *images.at("CentOS-HPC/7.4");
  EXPECT_EQ(hpc.at("osType").as_string(), "linux");
  EXPECT_EQ(hpc.at("nodeAgentSKUId").as_string(), "batch.node.centos 7");
  EXPECT_EQ(hpc.at("verificationType").as_string(), "verified");
  EXPECT_EQ(images.at("centos-container-rdma/7-4")->at("capabilities").as_array().front(),
            "DockerCompatible");
  EXPECT_EQ(images.at("UbuntuServer/16.04-LTS")->at("batchSupportEndOfLife").as_string(),
            "2021-05-21T00:00:00Z");
  EXPECT_FALSE(
      images.at("0001-com-ubuntu-server-jammy/22_04-lts")->contains("batchSupportEndOfLife"));
  // As every list of the catalogue's days: whole days, at their beginning.
  for (const auto& [name, image] : images) {
    const boost::json::value* end = image->if_contains("batchSupportEndOfLife");
    EXPECT_TRUE(end == nullptr || parse_iso8601(std::string(end->as_string()))) << name;
  }
}

TEST_F(ServiceTest, ImagesCanBeFiltered) {
  const Answer answer =
      get("/supportedimages?maxresults=3&$filter=nodeAgentSKUId%20eq%20'batch.node.centos%207'");
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  EXPECT_EQ(answer.body.at("value").as_array().size(), 3U);
  for (const boost::json::value& image : answer.body.at("value").as_array())
    EXPECT_EQ(image.at("nodeAgentSKUId").as_string(), "batch.node.centos 7");
}

TEST_F(ServiceTest, AnAccountIsAskedFromWhereItLetsPeopleIn) {
  const auto from = [&](const std::string& peer) {
    HttpRequest asked = request("GET", "/pools?api-version=2024-07-01.20.0", "", {});
    asked.peer = peer;
    sign_as_account(asked);
    return handle(std::move(asked));
  };
  service().use_access(
      {.lets_in_by_default = false, .ranges = {*identity::parse_address_range("203.0.113.0/24")}});
  EXPECT_EQ(from("203.0.113.7").status, 200);
  EXPECT_EQ(from("127.0.0.1").status, 200);
  const Answer refused = from("198.51.100.7");
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.response.body.contains("198.51.100.7")) << refused.response.body;
  service().use_access({.is_public = false});
  EXPECT_TRUE(from("203.0.113.7").response.body.contains("publicNetworkAccess"));
  service().use_access({});
  EXPECT_EQ(from("203.0.113.7").status, 200);
}

TEST_F(ServiceTest, AnAccountTakesTheCredentialsThatItAllows) {
  service().use_access({.shared_key = false});
  const Answer refused = get("/pools");
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.response.body.contains("SharedKey")) << refused.response.body;
  service().use_access({.directory = false, .task = false});
  EXPECT_EQ(get("/pools").status, 200);
}

// Its management plane asks in its name.
TEST_F(ServiceTest, TheAccountItselfNeedsNoSignature) {
  const HttpRequest unsigned_request = request("GET", "/pools?api-version=2024-07-01.20.0", "", {});
  EXPECT_EQ(handle(unsigned_request).status, 403);
  int status = 0;
  service().handle_for_account(unsigned_request,
                               [&](const HttpResponse& response) { status = response.status; });
  EXPECT_EQ(status, 200);
}

}  // namespace
}  // namespace batchyard::service
