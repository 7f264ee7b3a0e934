// Each code of the blob endpoint is told by a request, with its status and an XML body.
#include <fmt/format.h>

#include <cerrno>
#include <set>

#include "blob/codes.h"
#include "edge/blobs/blobs_test.h"
#include "signing/signing.h"

namespace batchyard::edge {
namespace {

const std::string guid_a = "aaaaaaaa-0000-0000-0000-000000000000";
const std::string guid_b = "bbbbbbbb-0000-0000-0000-000000000000";
const HttpHeader block_blob{"x-ms-blob-type", "BlockBlob"};
const HttpHeader id_a{"x-ms-lease-id", guid_a};
const HttpHeader id_b{"x-ms-lease-id", guid_b};
const HttpHeader proposes_b{"x-ms-proposed-lease-id", guid_b};
const HttpHeader for_15_s{"x-ms-lease-duration", "15"};

HttpHeader lease_action(std::string action) {
  return {"x-ms-lease-action", std::move(action)};
}

struct Wrong {
  const char* code;
  const char* method;
  std::string target;
  std::vector<HttpHeader> headers;
  std::string body;
};

std::vector<Wrong> wrong_names_and_words() {
  std::string many = "<BlockList>";
  for (int number = 0; number <= 50'000; ++number) many += "<Latest>AA==</Latest>";
  const std::string twice = "<SignedIdentifier><Id>x</Id></SignedIdentifier>";
  return {{"BlobNotFound", "GET", "/box/none", {}, ""},
          {"BlockListTooLong", "PUT", "/box/n?comp=blocklist", {}, many + "</BlockList>"},
          {"ContainerAlreadyExists", "PUT", "/box?restype=container", {}, ""},
          {"ContainerNotFound", "GET", "/none/a", {}, ""},
          {"FeatureNotSupported", "PUT", "/box/a?comp=snapshot", {}, ""},
          {"InvalidBlobOrBlock", "PUT", "/box/mixed?comp=blocklist", {}, "<BlockList/>"},
          {"InvalidBlockId", "PUT", "/box/n?comp=block&blockid=%2A", {}, "x"},
          {"InvalidBlockList",
           "PUT",
           "/box/n?comp=blocklist",
           {},
           "<BlockList><Latest>AA==</Latest></BlockList>"},
          {"InvalidHeaderValue", "GET", "/box/a", {{"x-ms-version", "soon"}}, ""},
          {"InvalidInput",
           "PUT",
           "/box?restype=container&comp=acl",
           {},
           "<SignedIdentifiers>" + twice + twice + "</SignedIdentifiers>"},
          {"InvalidMetadata", "PUT", "/box/n", {block_blob, {"x-ms-meta-1a", "x"}}, "x"},
          {"InvalidQueryParameterValue", "GET", "/box?comp=list", {}, ""},
          {"InvalidRange", "GET", "/box/a", {{"Range", "bytes=100-"}}, ""},
          {"InvalidResourceName", "PUT", "/Box?restype=container", {}, ""},
          {"InvalidUri", "GET", "/box/%zz", {}, ""},
          {"InvalidXmlDocument", "PUT", "/box/n?comp=blocklist", {}, "<x"},
          {"MetadataTooLarge",
           "PUT",
           "/box/n",
           {block_blob, {"x-ms-meta-a", std::string(9'000, 'x')}},
           "x"},
          {"MissingRequiredHeader", "PUT", "/box/n", {}, "x"},
          {"MissingRequiredQueryParameter", "PUT", "/box/n?comp=block", {}, "x"},
          {"NoPendingCopyOperation", "PUT", "/box/a?comp=copy&copyid=x", {}, ""},
          {"OutOfRangeInput", "GET", "/box/a", {{"x-ms-range-get-content-md5", "true"}}, ""},
          {"OutOfRangeQueryParameterValue",
           "GET",
           "/box?restype=container&comp=list&maxresults=0",
           {},
           ""},
          {"ResourceNotFound", "GET", "/box", {}, ""},
          {"UnsupportedHeader", "PUT", "/box/n", {block_blob, {"x-ms-encryption-key", "k"}}, "x"},
          {"UnsupportedHttpVerb", "POST", "/box/a", {}, ""}};
}

std::vector<Wrong> wrong_states() {
  const std::string lease = "?comp=lease";
  return {
      {"BlobAlreadyExists", "PUT", "/box/a", {block_blob, {"If-None-Match", "*"}}, "x"},
      {"CannotVerifyCopySource",
       "PUT",
       "/box/n",
       {{"x-ms-copy-source", "http://127.0.0.2:1/x/y"}},
       ""},
      {"ConditionNotMet", "PUT", "/box/a", {block_blob, {"If-Match", "\"0x1\""}}, "x"},
      {"Crc64Mismatch", "PUT", "/box/n", {block_blob, {"x-ms-content-crc64", "AAAAAAAAAAA="}}, "x"},
      {"InvalidMd5", "PUT", "/box/n", {block_blob, {"Content-MD5", "AAAA"}}, "x"},
      {"Md5Mismatch",
       "PUT",
       "/box/n",
       {block_blob, {"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}},
       "x"},
      {"LeaseAlreadyPresent",
       "PUT",
       "/box/leased" + lease,
       {lease_action("acquire"), for_15_s},
       ""},
      {"LeaseIdMismatchWithBlobOperation", "DELETE", "/box/leased", {id_b}, ""},
      {"LeaseIdMismatchWithContainerOperation", "DELETE", "/held?restype=container", {id_b}, ""},
      {"LeaseIdMismatchWithLeaseOperation",
       "PUT",
       "/box/leased" + lease,
       {lease_action("renew"), id_b},
       ""},
      {"LeaseIdMissing", "DELETE", "/box/leased", {}, ""},
      {"LeaseIsBreakingAndCannotBeAcquired",
       "PUT",
       "/box/breaking" + lease,
       {lease_action("acquire"), for_15_s, {"x-ms-proposed-lease-id", guid_a}},
       ""},
      {"LeaseIsBreakingAndCannotBeChanged",
       "PUT",
       "/box/breaking" + lease,
       {lease_action("change"), id_a, proposes_b},
       ""},
      {"LeaseIsBrokenAndCannotBeRenewed",
       "PUT",
       "/box/broken" + lease,
       {lease_action("renew"), id_a},
       ""},
      {"LeaseLost", "DELETE", "/box/broken", {id_a}, ""},
      {"LeaseNotPresentWithBlobOperation", "DELETE", "/box/a", {id_a}, ""},
      {"LeaseNotPresentWithContainerOperation", "DELETE", "/box?restype=container", {id_a}, ""},
      {"LeaseNotPresentWithLeaseOperation",
       "PUT",
       "/box/a" + lease,
       {lease_action("renew"), id_a},
       ""},
      {"SourceConditionNotMet",
       "PUT",
       "/box/n",
       {{"x-ms-copy-source", "http://127.0.0.1:1/own/box/a"}, {"x-ms-source-if-match", "\"0x1\""}},
       ""}};
}

class BlobCodesTest : public BlobsTest {
 protected:
  void tell(const char* code, const HttpResponse& response) {
    const blob::CodeFacts& facts = blob::codes[blob::line_of(code)];
    EXPECT_EQ(response.header("x-ms-error-code"), code) << response.body;
    EXPECT_EQ(response.status, facts.status) << code;
    EXPECT_TRUE(response.body.contains(fmt::format("<Code>{}</Code>", code))) << response.body;
    EXPECT_FALSE(response.header("x-ms-request-id").empty());
    told_.insert(code);
  }

  void set_up_states() {
    for (const char* name : {"/box", "/held"})
      ASSERT_EQ(ask("PUT", std::string(name) + "?restype=container").status, 201);
    const HttpHeader proposes_a{"x-ms-proposed-lease-id", guid_a};
    const std::vector<HttpHeader> taken{lease_action("acquire"), for_15_s, proposes_a};
    ask("PUT", "/held?restype=container&comp=lease", taken);
    for (const char* name : {"/box/a", "/box/leased", "/box/breaking", "/box/broken", "/box/hurt"})
      ASSERT_EQ(put(name, "content").status, 201);
    for (const char* name : {"/box/leased", "/box/breaking", "/box/broken"})
      ASSERT_EQ(ask("PUT", std::string(name) + "?comp=lease", taken).status, 201);
    ask("PUT", "/box/breaking?comp=lease", {lease_action("break")});
    ask("PUT", "/box/broken?comp=lease", {lease_action("break"), {"x-ms-lease-break-period", "0"}});
    ask("PUT", "/box/mixed?comp=block&blockid=MQ==", {}, "x");
    ask("PUT", "/box/mixed?comp=block&blockid=MTIzNDU=", {}, "x");
  }

  // By a signature of the account, of the texts that are signed.
  HttpResponse by_signature(const std::string& method, const std::string& path,
                            const std::string& sp, const std::string& ss, const std::string& srt,
                            const std::string& sip, const std::string& spr) {
    const std::string text =
        fmt::format("own\n{}\n{}\n{}\n\n2099-01-01\n{}\n{}\n2021-12-02\n\n", sp, ss, srt, sip, spr);
    HttpRequest request{.method = method};
    request.target = fmt::format(
        "/own{}?sv=2021-12-02&sp={}&ss={}&srt={}&se=2099-01-01&sip={}&spr={}&sig={}", path, sp, ss,
        srt, sip, spr, percent_encode(signature_of(account_.keys.front(), text)));
    request.scheme = "http";
    request.peer = "10.0.0.9";
    request.headers = {block_blob, {"Content-Length", "0"}};
    return ask(std::move(request));
  }

  std::set<std::string> told_;
};

TEST_F(BlobCodesTest, OfNamesWordsAndStates) {
  set_up_states();
  for (const auto& list : {wrong_names_and_words(), wrong_states()}) {
    for (const Wrong& wrong : list)
      tell(wrong.code, ask(wrong.method, wrong.target, wrong.headers, wrong.body));
  }
  tell("NoAuthenticationInformation", ask(HttpRequest{.method = "GET", .target = "/own/box/a"}));
  HttpRequest forged = request("GET", "/box/a");
  forged.headers.back().value += "x";
  tell("AuthenticationFailed", ask(std::move(forged)));
  tell("AuthorizationPermissionMismatch", by_signature("PUT", "/box/n", "r", "b", "o", "", ""));
  tell("AuthorizationProtocolMismatch", by_signature("GET", "/box/a", "r", "b", "o", "", "https"));
  tell("AuthorizationResourceTypeMismatch", by_signature("GET", "/box/a", "r", "b", "c", "", ""));
  tell("AuthorizationServiceMismatch", by_signature("GET", "/box/a", "r", "f", "o", "", ""));
  tell("AuthorizationSourceIPMismatch",
       by_signature("GET", "/box/a", "r", "b", "o", "10.0.0.1", ""));
  tell("UnauthorizedBlobOverwrite", by_signature("PUT", "/box/a", "c", "b", "o", "", ""));
  for (const char* length : {"", "6000000000"}) {
    HttpRequest bare{.method = "PUT", .target = "/own/box/n"};
    bare.headers = {block_blob};
    if (*length != '\0') bare.headers.push_back({"Content-Length", length});
    blob::sign(account_, bare, edge::now());
    tell(*length == '\0' ? "MissingContentLengthHeader" : "RequestBodyTooLarge",
         ask(std::move(bare)));
  }
  bool attempted = false;
  const auto full = store_->write(
      [](blob::Rows&) -> Result<blob::Answer> { return blob_disk_failed("x", ENOSPC); }, attempted);
  tell("ServerBusy", blob::response_of(request("PUT", "/box/n"), full.error(), "id", edge::now()));
  for (const std::string& piece : pieces()) std::filesystem::resize_file(piece, 0);
  tell("InternalError", ask("GET", "/box/hurt"));
  close();
  ASSERT_TRUE(execute(
      open_connection(directory_ + "/blobs/blobs.db")->get(),
      "INSERT INTO block (container, name, id, piece, size, put) WITH RECURSIVE n(i) AS "
      "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT (SELECT number FROM "
      "container WHERE name = 'box'), 'n', i, '', 1, 4000000000000 FROM n"));
  open();
  tell("BlockCountExceedsLimit", ask("PUT", "/box/n?comp=block&blockid=MQ==", {}, "x"));
  for (const blob::CodeFacts& facts : blob::codes)
    EXPECT_TRUE(told_.contains(std::string(facts.code)))
        << facts.code << " is told by nothing here";
}

}  // namespace
}  // namespace batchyard::edge
