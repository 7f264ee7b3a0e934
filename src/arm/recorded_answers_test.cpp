// What the real service answered on its management plane, held against what ours answers to the
// same request in a world made alike: status, and the members of the body with their types. The
// recordings are not ours to keep: the environment variable BATCHYARD_CONTRACT names their folder
// where they are.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "arm/json_parts.h"
#include "arm/planes_test.h"
#include "testing/recorded_shape.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// The operations whose worlds prepare_for() makes.
constexpr std::string_view held[] = {"BatchAccount_Create",
                                     "BatchAccount_Get",
                                     "BatchAccount_GetKeys",
                                     "BatchAccount_RegenerateKey",
                                     "BatchAccount_ListByResourceGroup",
                                     "BatchAccount_Update",
                                     "BatchAccount_Delete",
                                     "Location_GetQuotas",
                                     "Location_CheckNameAvailability",
                                     "Location_ListSupportedVirtualMachineSkus",
                                     "BatchAccount_ListOutboundNetworkDependenciesEndpoints",
                                     "BatchAccount_SynchronizeAutoStorageKeys",
                                     "Application_Create",
                                     "Application_Get",
                                     "Application_List",
                                     "Application_Update",
                                     "Application_Delete",
                                     "ApplicationPackage_Create",
                                     "ApplicationPackage_Activate",
                                     "ApplicationPackage_Get",
                                     "ApplicationPackage_Delete",
                                     "PrivateEndpointConnection_Get",
                                     "PrivateEndpointConnection_ListByBatchAccount",
                                     "PrivateLinkResource_Get",
                                     "PrivateLinkResource_ListByBatchAccount",
                                     "Pool_Get"};

// What may be otherwise, and why.
struct ArmDifference {
  const char* operations;  // patterns
  const char* member;
  const char* why;
};
constexpr ArmDifference arm_differences[] = {
    {"BatchAccount_.*", ".*/(dedicatedCoreQuotaPerVMFamily|lowPriorityCoreQuota)",
     "what has no limit is not shown"},
    {"BatchAccount_.*", ".*/activeJobAndJobScheduleQuota", "what has no limit is not shown"},
    {"BatchAccount_.*", ".*/autoStorage.*", "shown where it was set"},
    {"BatchAccount_.*", ".*/(networkProfile|tags|privateEndpointConnections).*",
     "shown where it was set"},
    {"BatchAccount_.*", "/identity/.*|/value/0/identity/.*", "no tenant gives identities here"},
    {"Location_CheckNameAvailability", "/(reason|message)", "the name is another's there"}};

bool may_be_otherwise(const std::string& operation, const std::string& member) {
  return std::ranges::any_of(arm_differences, [&](const ArmDifference& one) {
    return std::regex_match(operation, std::regex(one.operations)) &&
           std::regex_match(member, std::regex(one.member));
  });
}

std::vector<json::object> exchanges_in(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const json::value read = json::parse(text.str());
  std::vector<json::object> found;
  if (read.is_object()) found.push_back(read.get_object());
  if (read.is_array())
    for (const json::value& one : read.get_array()) found.push_back(one.as_object());
  return found;
}

class ArmRecordings : public PlanesTest {
 protected:
  // The storage account that a request gives to an account, if it does.
  void make_storage_of(const std::string& request) {
    static const std::regex names(
        R"(/resourceGroups/([^/"]+)(/providers/Microsoft.Storage/storageAccounts/[^/"]+))");
    std::smatch found;
    if (!std::regex_search(request, found, names)) return;
    if (in_subscription("HEAD", "/resourcegroups/" + found[1].str()).status == 404)
      make_group(found[1]);
    const HttpResponse made = in_subscription(
        "PUT", found[0], R"({"location":"local","kind":"StorageV2","sku":{"name":"Standard_LRS"}})",
        "2022-09-01");
    EXPECT_LT(made.status, 300) << made.body;
  }

  // The application of the path, with its package as far as the request has it before it.
  void prepare_application(const json::object& exchange, const std::string& path) {
    static const std::regex names(R"((.*/batchAccounts/([^/]+)/applications)(/([^/]+))?(/.*)?)");
    std::smatch found;
    if (!std::regex_match(path, found, names)) return;
    const std::string operation = text_at(exchange, "operationId");
    const std::string version = "?api-version=" + text_at(exchange, "apiVersion");
    const json::value& told = exchange.at("response").at("body");
    const bool none = operation == "Application_List" && told.at("value").as_array().empty();
    const std::string application = found[1].str() + "/testapp";
    ask("DELETE", application + "/versions/1.0" + version);
    ask("DELETE", application + version);
    if (operation == "Application_Create" || none) return;
    EXPECT_LT(ask("PUT", application + version, "{}").status, 300);
    if (operation == "ApplicationPackage_Create") return;
    EXPECT_LT(ask("PUT", application + "/versions/1.0" + version, "{}").status, 300);
    yard(found[2]).storage.put("an archive");
    if (operation == "ApplicationPackage_Activate") return;
    EXPECT_LT(
        ask("POST", application + "/versions/1.0/activate" + version, R"({"format":"zip"})").status,
        300);
    if (operation == "Application_Get" || operation == "Application_List")
      ask("PATCH", application + version,
          json::serialize(json::object{{"properties", properties_told(told)}}));
    if (operation == "Application_Delete") ask("DELETE", application + "/versions/1.0" + version);
  }
  static json::object properties_told(const json::value& told) {
    const json::object& one = told.as_object().contains("value")
                                  ? told.at("value").as_array().front().as_object()
                                  : told.as_object();
    return one.at("properties").as_object();
  }

  void prepare_connection(const json::object& exchange, const std::string& account) {
    const json::object& body = exchange.at("response").at("body").as_object();
    const json::object& told =
        body.contains("value") ? body.at("value").as_array().front().as_object() : body;
    Record record{.kind = RecordKind::connection, .parent = account, .name = text_at(told, "name")};
    record.body =
        R"({"endpoint":"/pe","service":"s","group":"batchAccount","status":"Approved","description":"ok"})";
    record.modified = now_;
    ASSERT_TRUE(registry_.put(std::move(record), {}));
  }

  // What the request needs to be there.
  void prepare_for(const json::object& exchange, const std::string& path) {
    static const std::regex names(
        R"(/resourceGroups/([^/]+)(/providers/Microsoft.Batch/batchAccounts/([^/]+))?.*)");
    std::smatch found;
    if (!std::regex_search(path, found, names)) return;
    if (in_subscription("HEAD", "/resourcegroups/" + found[1].str()).status == 404)
      make_group(found[1]);
    make_storage_of(json::serialize(exchange.at("request")));
    const std::string operation = text_at(exchange, "operationId");
    if (operation == "BatchAccount_Create") return;
    host_.removed(found[3]);
    make_account(found[3].matched ? found[3].str() : "lab1", found[1]);
    prepare_application(exchange, path);
    if (operation.starts_with("PrivateEndpointConnection_")) prepare_connection(exchange, found[3]);
    if (operation != "Pool_Get") return;
    const HttpResponse made = ask("PUT", path + "?api-version=" + text_at(exchange, "apiVersion"),
                                  json::serialize(exchange.at("response").at("body")));
    EXPECT_EQ(made.status, 200) << made.body;
  }

  void expect_alike(const json::object& exchange) {
    const json::object& sent = exchange.at("request").as_object();
    const json::object& told = exchange.at("response").as_object();
    const std::string operation = text_at(exchange, "operationId");
    static const std::regex theirs("/subscriptions/[-0-9a-f]+");
    const std::string path = std::regex_replace(text_at(sent, "path"), theirs,
                                                std::string("/subscriptions/") + subscription);
    prepare_for(exchange, path);
    const json::value* body = sent.if_contains("body");
    const HttpResponse answer =
        ask(text_at(sent, "method"), path + "?" + text_at(sent, "query"),
            body != nullptr && body->is_object() ? json::serialize(*body) : std::string());
    EXPECT_EQ(answer.status, told.at("status").to_number<int>()) << answer.body;
    if (!told.at("body").is_object()) return;
    const auto known = [&](const std::string& at) { return may_be_otherwise(operation, at); };
    for (const std::string& difference :
         batchyard::testing::shape_differences(json_of(answer), told.at("body"), known))
      ADD_FAILURE() << difference;
  }
};

TEST_F(ArmRecordings, AreOursToo) {
  const char* contract = std::getenv("BATCHYARD_CONTRACT");
  if (contract == nullptr)
    GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(contract) / "recordings/arm"))
    files.push_back(entry.path());
  for (const auto& entry : fs::directory_iterator(fs::path(contract) / "samples"))
    if (entry.path().filename().string().starts_with("arm.")) files.push_back(entry.path());
  std::ranges::sort(files);
  int compared = 0;
  for (const fs::path& file : files) {
    for (const json::object& exchange : exchanges_in(file)) {
      const bool wanted =
          std::ranges::find(held, text_at(exchange, "operationId")) != std::end(held);
      // We limit nobody's requests.
      if (!wanted || exchange.at("response").at("status").to_number<int>() == 429) continue;
      SCOPED_TRACE(text_at(exchange, "id"));
      expect_alike(exchange);
      ++compared;
    }
  }
  EXPECT_GT(compared, 60);
}

}  // namespace
}  // namespace batchyard::arm
