// Certificates with real ones, made by OpenSSL for the tests; and what is known of use.
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/text.h"
#include "service/service_test.h"
#include "service/x509.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

constexpr const char* old_version = "?api-version=2022-10-01.16.0";

struct Made {
  std::string der;
  std::string pfx;
};

std::string bytes_of(unsigned char* data, int size) {
  std::string bytes(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return bytes;
}

// A self-signed certificate with its key, and both in a file under the password.
struct Rounds {
  int of_bags = 0;  // 0: what is usual
  int of_seal = 0;
};
Made make_certificate(const char* password, Rounds rounds = {}) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  Made made;
  unsigned char* data = nullptr;
  int size = i2d_X509(certificate, &data);
  made.der = bytes_of(data, size);
  PKCS12* store = PKCS12_create(password, "test", key, certificate, nullptr, 0, 0, rounds.of_bags,
                                rounds.of_seal, 0);
  data = nullptr;
  size = i2d_PKCS12(store, &data);
  made.pfx = bytes_of(data, size);
  PKCS12_free(store);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

class Certificates : public ServiceTest {
 protected:
  std::string body(const std::string& data, const std::string& thumbprint,
                   const std::string& format, const std::string& password = {}) {
    json::object object{{"thumbprint", thumbprint},
                        {"thumbprintAlgorithm", "sha1"},
                        {"data", base64_encode(data)},
                        {"certificateFormat", format}};
    if (!password.empty()) object["password"] = password;
    return json::serialize(object);
  }
  Answer add(const std::string& text) {
    return send("POST", std::string("/certificates") + old_version, text);
  }
  std::string path(const std::string& thumbprint) const {
    return fmt::format("/certificates(thumbprintAlgorithm=sha1,thumbprint={})", thumbprint);
  }

  Made made_ = make_certificate("s3cret");
  std::string thumbprint_ = read_cer(made_.der)->thumbprint;
};

TEST_F(Certificates, AFileWithoutWhatItPromisesIsRefused) {
  for (const int kind : {NID_pkcs7_encrypted, NID_pkcs7_data}) {
    PKCS7* hollow = PKCS7_new();
    hollow->type = OBJ_nid2obj(kind);
    STACK_OF(PKCS7)* safes = sk_PKCS7_new_null();
    sk_PKCS7_push(safes, hollow);
    PKCS12* store = PKCS12_init(NID_pkcs7_data);
    PKCS12_pack_authsafes(store, safes);
    unsigned char* data = nullptr;
    const int size = i2d_PKCS12(store, &data);
    EXPECT_EQ(add(body(bytes_of(data, size), thumbprint_, "pfx", "s3cret")).code(),
              "InvalidPropertyValue");
    sk_PKCS7_pop_free(safes, PKCS7_free);
    PKCS12_free(store);
  }
}

// Each round costs time on the thread that answers, and the file says how many there are.
TEST_F(Certificates, AFileThatAsksForEndlessHashingIsNotOpened) {
  for (const Rounds rounds : {Rounds{2, 1'000'001}, Rounds{1'000'001, 2}}) {
    const Made made = make_certificate("s3cret", rounds);
    const Answer refused = add(body(made.pfx, thumbprint_, "pfx", "s3cret"));
    EXPECT_EQ(refused.detail("PropertyName"), "data");
    EXPECT_TRUE(refused.detail("Reason").contains("1000001 rounds")) << refused.detail("Reason");
  }
}

TEST_F(Certificates, AreAddedShownWithoutSecretsAndDeleted) {
  const Answer added = add(body(made_.pfx, thumbprint_, "pfx", "s3cret"));
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(added.header("Location"),
            fmt::format("https://yard.example/certificates(ThumbprintAlgorithm=sha1,Thumbprint={})",
                        thumbprint_));
  EXPECT_EQ(add(body(made_.pfx, thumbprint_, "pfx", "s3cret")).code(), "CertificateExists");
  const Answer shown = get(path(thumbprint_) + old_version);
  EXPECT_EQ(shown.text("/state"), "active");
  EXPECT_EQ(shown.text("/publicData"), base64_encode(made_.der));
  EXPECT_EQ(shown.text("/url"), "https://yard.example" + path(thumbprint_));
  const Answer list =
      get(std::string("/certificates") + old_version + "&$filter=state%20eq%20'active'");
  EXPECT_EQ(list.text("/value/0/thumbprint"), thumbprint_);
  for (const Answer* answer : {&shown, &list}) {
    EXPECT_EQ(answer->response.body.find("s3cret"), std::string::npos);
    EXPECT_EQ(answer->response.body.find(base64_encode(made_.pfx).substr(0, 40)),
              std::string::npos);
  }
  EXPECT_EQ(send("POST", path(thumbprint_) + "/canceldelete" + old_version).code(),
            "CertificateStateActive");
  EXPECT_EQ(send("DELETE", path(thumbprint_) + old_version).status, 202);
  EXPECT_EQ(get(path(thumbprint_) + old_version).code(), "CertificateNotFound");
  EXPECT_EQ(get("/certificates?api-version=2025-06-01").status, 400);  // not of the newest version
}

TEST_F(Certificates, TheThumbprintIsCompared) {
  EXPECT_EQ(add(body(made_.der, std::string(40, '0'), "cer")).detail("PropertyName"), "thumbprint");
  EXPECT_EQ(add(body(made_.pfx, thumbprint_, "pfx", "wrong")).detail("PropertyName"), "password");
  EXPECT_EQ(add(body("rubbish", thumbprint_, "cer")).detail("PropertyName"), "data");
  EXPECT_EQ(add(body("rubbish", thumbprint_, "pfx")).detail("PropertyName"), "data");
  EXPECT_EQ(add(body(made_.der, thumbprint_, "cer", "x")).detail("PropertyName"), "password");
  std::string spaced = thumbprint_;
  spaced.insert(2, " ");
  EXPECT_EQ(add(body(made_.der, spaced, "cer")).status, 201);
}

TEST_F(Certificates, InUseAreKeptWithTheirUsersNamed) {
  ASSERT_EQ(add(body(made_.der, thumbprint_, "cer")).status, 201);
  const std::string pool = fmt::format(
      R"({{"id":"p","vmSize":"STANDARD_H16r","targetDedicatedNodes":0,
      "virtualMachineConfiguration":{{"imageReference":{{"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"}},
      "nodeAgentSKUId":"batch.node.centos 7"}},
      "certificateReferences":[{{"thumbprint":"{}","thumbprintAlgorithm":"SHA1"}}]}})",
      thumbprint_);
  ASSERT_EQ(send("POST", std::string("/pools") + old_version, pool).status, 201);
  EXPECT_EQ(send("DELETE", path(thumbprint_) + old_version).status, 202);
  const Answer kept = get(path(thumbprint_) + old_version);
  EXPECT_EQ(kept.text("/state"), "deletefailed");
  EXPECT_EQ(kept.text("/previousState"), "deleting");
  EXPECT_EQ(kept.text("/deleteCertificateError/values/0/value"), "pool p");
  EXPECT_EQ(send("POST", path(thumbprint_) + "/canceldelete" + old_version).status, 204);
  EXPECT_EQ(get(path(thumbprint_) + old_version).text("/state"), "active");
}

TEST_F(ServiceTest, StatisticsAreTheEnginesOwn) {
  add_pool("p", 1);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  const engine::StartRun run = bench_.take<engine::StartRun>().at(0);
  bench_.now += std::chrono::seconds(90);
  bench_.end(run, 0, 0);
  const Answer job = get("/jobs/j?$expand=stats");
  EXPECT_EQ(job.text("/stats/waitTime"), "PT1M30S");
  EXPECT_EQ(job.text("/stats/wallClockTime"), "PT0S");
  EXPECT_EQ(job.text("/stats/numSucceededTasks"), "1");
  EXPECT_EQ(job.text("/stats/numFailedTasks"), "0");
  EXPECT_EQ(get("/jobs/j").text("/stats"), "(absent)");
  EXPECT_EQ(get("/jobs/j/tasks/t?$expand=stats").text("/stats/url"),
            "https://yard.example/jobs/j/tasks/t");
  EXPECT_EQ(get("/pools/p?$expand=stats").text("/stats/usageStats/dedicatedCoreTime"), "PT24M");
  EXPECT_EQ(get("/pools?$expand=stats").text("/value/0/stats/url"), "https://yard.example/pools/p");
  EXPECT_EQ(get("/pools/p?$expand=all").detail("QueryParameterName"), "$expand");
  const std::string old = "?api-version=2020-09-01.12.0";
  EXPECT_EQ(get("/lifetimejobstats" + old).text("/numSucceededTasks"), "1");
  EXPECT_EQ(get("/lifetimepoolstats" + old).text("/usageStats/dedicatedCoreTime"), "PT24M");
  EXPECT_EQ(get("/lifetimepoolstats").status, 400);
  EXPECT_EQ(get("/poolusagemetrics" + old).text("/value/0/poolId"), "p");
  EXPECT_EQ(get("/poolusagemetrics").code(), "PoolUsageMetricAPIRetired");
}

TEST_F(ServiceTest, ThereAreNoApplications) {
  EXPECT_EQ(get("/applications").body.at("value").as_array().size(), 0u);
  EXPECT_EQ(get("/applications/a").code(), "ApplicationNotFound");
}

TEST_F(ServiceTest, NodeSettingsAreChecked) {
  const auto refused = [&](const std::string& member) {
    const Answer answer = post(
        "/pools",
        R"({"id":"p","vmSize":"STANDARD_H16r","virtualMachineConfiguration":{"imageReference":{"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"},)" +
            member + "}");
    return answer.detail("PropertyName");
  };
  EXPECT_EQ(refused(R"("userAccounts":[{"name":"abcdefghijklmnopqrstu","password":"x"}])"),
            "userAccounts[0].name");
  EXPECT_EQ(refused(R"("userAccounts":[{"name":"a","password":"x"},{"name":"a","password":"x"}])"),
            "userAccounts[1].name");
  EXPECT_EQ(
      refused(R"("userAccounts":[{"name":"a","password":"x","linuxUserConfiguration":{"uid":7}}])"),
      "userAccounts[0].linuxUserConfiguration");
  EXPECT_EQ(refused(R"("mountConfiguration":[{}])"), "mountConfiguration[0]");
  EXPECT_EQ(
      refused(
          R"("mountConfiguration":[{"nfsMountConfiguration":{"source":"h:/","relativeMountPath":"../a"}}])"),
      "mountConfiguration[0].nfsMountConfiguration.relativeMountPath");
  EXPECT_EQ(
      refused(
          R"("upgradePolicy":{"mode":"rolling","rollingUpgradePolicy":{"maxBatchInstancePercent":3}})"),
      "upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent");
  EXPECT_EQ(refused(R"("startTask":{"commandLine":"a","userIdentity":{"username":"eve"}})"),
            "startTask.userIdentity.username");
  add_pool("ok", 0, R"(,"userAccounts":[{"name":"ann","password":"s3cret"}])");
  EXPECT_EQ(get("/pools/ok").response.body.find("s3cret"), std::string::npos);
  add_job("j", "ok");
  const auto task = [&](const char* user) {
    return post(
        "/jobs/j/tasks",
        fmt::format(R"({{"id":"{0}","commandLine":"a","userIdentity":{{"username":"{0}"}}}})",
                    user));
  };
  EXPECT_EQ(task("ann").status, 201);
  EXPECT_EQ(task("eve").detail("PropertyName"), "userIdentity.username");
  EXPECT_NE(task("eve").message().find("ann"), std::string::npos);
}

TEST_F(ServiceTest, AnOperatorPreempts) {
  ASSERT_EQ(post("/pools", R"({"id":"p","vmSize":"STANDARD_H16r","targetLowPriorityNodes":1,
      "virtualMachineConfiguration":{"imageReference":{"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},
      "nodeAgentSKUId":"batch.node.centos 7"}})")
                .status,
            201);
  const NodeId node = bench_.take<engine::WantNode>().at(0).order.node;
  bench_.make("p", node);
  bench_.join("p", node);
  const std::string path = "/batchyard/pools/p/nodes/" + node.text() + "/preempt";
  EXPECT_EQ(post(path, R"({"away":"soon"})").detail("PropertyName"), "away");
  EXPECT_EQ(send("GET", path).status, 405);
  EXPECT_EQ(post("/batchyard/other", "{}").code(), "InvalidUri");
  HttpRequest unsigned_request = request("POST", path, "", {});
  EXPECT_EQ(handle(std::move(unsigned_request)).status, 403);
  EXPECT_EQ(post(path, R"({"away":"PT2M"})").status, 202);
  EXPECT_EQ(get("/pools/p/nodes/" + node.text()).text("/state"), "preempted");
  EXPECT_EQ(get("/pools/p/nodes/" + node.text()).text("/isDedicated"), "false");
  EXPECT_EQ(get("/nodecounts").text("/value/0/lowPriority/preempted"), "1");
  EXPECT_EQ(bench_.node("p", node).returns, bench_.now + std::chrono::minutes(2));
}

}  // namespace
}  // namespace batchyard::service
