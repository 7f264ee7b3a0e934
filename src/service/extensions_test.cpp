// VM extensions: their handlers, what a pool's nodes are to run, and what is shown of them.
#include "service/extension_rules.h"

#include <gmock/gmock.h>

#include "api/codec.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;
using protocol::ExtensionReport;
using protocol::ExtensionState;
using ::testing::HasSubstr;
using ::testing::Not;

class Extensions : public ServiceTest {
 protected:
  Answer keep(const std::string& name, const std::string& body) {
    return send("PUT", "/batchyard/extensions/" + name, body);
  }
  static std::string pool_of(const std::string& size, const std::string& extensions) {
    return R"({"id":"p","vmSize":")" + size +
           R"(","targetDedicatedNodes":1,"virtualMachineConfiguration":{
             "imageReference":{"publisher":"Canonical","offer":"UbuntuServer","sku":"16.04-LTS"},
             "nodeAgentSKUId":"batch.node.ubuntu 16.04","extensions":)" +
           extensions + "}}";
  }
  std::string add_extended_pool(const std::string& size, const std::string& extensions) {
    const Answer added = post("/pools", pool_of(size, extensions));
    EXPECT_EQ(added.status, 201) << added.response.body;
    const NodeId node = bench_.nodes("p").at(0);
    bench_.make("p", node);
    bench_.join("p", node);
    return "/pools/p/nodes/" + node.text();
  }
  void tell(ExtensionReport report, protocol::ExtensionsPhase phase) {
    bench_.run(engine::AgentSaid{PoolId::trusted("p"), bench_.nodes("p").at(0),
                                 protocol::ExtensionsChanged{{std::move(report)}, phase}});
  }
  PoolFacts facts() { return bench_.pool("p").facts; }
};

constexpr const char* one_extension =
    R"([{"name":"x","publisher":"Pub","type":"Type","settings":{"a":1},
        "protectedSettings":{"k":"s3cret"}}])";

TEST_F(Extensions, HandlersAreRegisteredShownAndRemoved) {
  const Answer kept = keep("Pub/Type", R"({"script":"#!/bin/sh\ntrue\n","reboots":true})");
  ASSERT_EQ(kept.status, 200) << kept.response.body;
  EXPECT_EQ(kept.text("/reboots"), "true");
  EXPECT_EQ(get("/batchyard/extensions").text("/value/0/type"), "Type");
  EXPECT_EQ(get("/batchyard/extensions/pub/type").text("/script"), "#!/bin/sh\ntrue\n");
  ASSERT_EQ(keep("PUB/TYPE", R"({"script":"false"})").status, 200);
  EXPECT_EQ(handlers_.all.size(), 1U);
  EXPECT_EQ(send("DELETE", "/batchyard/extensions/Pub/Type").status, 204);
  const Answer gone = send("DELETE", "/batchyard/extensions/Pub/Type");
  EXPECT_EQ(gone.code(), "ResourceNotFound");
  EXPECT_THAT(gone.message(), HasSubstr("batchyard extension list"));
  EXPECT_EQ(get("/batchyard/extensions/Pub").code(), "InvalidUri");
}

TEST_F(Extensions, WhatIsWrongWithAHandlerIsSaid) {
  EXPECT_EQ(keep("Pub/Type", R"({"script":" "})").detail("PropertyName"), "script");
  EXPECT_EQ(keep("Pub/Type", R"({"script":"x","reboots":1})").detail("PropertyName"), "reboots");
  EXPECT_EQ(keep("Pub/a%20b", R"({"script":"x"})").detail("PropertyName"), "type");
  EXPECT_EQ(keep("Pub/Type", R"({"script":")" + std::string(300 << 10, 'x') + "\"}")
                .detail("PropertyName"),
            "script");
}

TEST_F(Extensions, OneWithoutAHandlerIsNotRunAndSaysHowItWouldBe) {
  const std::string node = add_extended_pool("standard_d2_v3", one_extension);
  EXPECT_EQ(get(node + "/extensions/x").text("/provisioningState"), "Creating");
  tell({.name = "x", .publisher = "Pub", .type = "Type", .state = ExtensionState::notrun},
       protocol::ExtensionsPhase::done);
  EXPECT_EQ(get(node).text("/state"), "idle");
  const Answer list = get(node + "/extensions");
  EXPECT_EQ(list.text("/value/0/vmExtension/name"), "x");
  EXPECT_EQ(list.text("/value/0/provisioningState"), "Failed");
  EXPECT_EQ(list.text("/value/0/instanceView/statuses/0/level"), "Warning");
  EXPECT_THAT(list.text("/value/0/instanceView/statuses/0/message"),
              HasSubstr("batchyard extension register Pub/Type --script FILE"));
  EXPECT_THAT(list.response.body, Not(HasSubstr("s3cret")));
  EXPECT_EQ(get(node + "/extensions/y").status, 404);
}

TEST_F(Extensions, WhatBecameOfOneIsShown) {
  const std::string node = add_extended_pool("standard_d2_v3", one_extension);
  EXPECT_EQ(get(node).text("/state"), "starting");
  ExtensionReport report{.name = "x",
                         .publisher = "Pub",
                         .type = "Type",
                         .state = ExtensionState::running,
                         .started = bench_.now};
  tell(report, protocol::ExtensionsPhase::running);
  EXPECT_EQ(get(node + "/extensions/x").text("/instanceView/statuses/0/code"),
            "ProvisioningState/transitioning");
  const std::string id = bench_.nodes("p").at(0).text();
  EXPECT_THAT(get("/batchyard/explain/node/p/" + id).text("/summary"),
              HasSubstr("runs its extension x"));
  report.state = ExtensionState::succeeded;
  report.exit_code = 0;
  report.output = "all is there";
  report.ended = bench_.now;
  tell(report, protocol::ExtensionsPhase::done);
  const Answer shown = get(node + "/extensions/x");
  EXPECT_EQ(shown.text("/provisioningState"), "Succeeded");
  EXPECT_EQ(shown.text("/instanceView/statuses/0/code"), "ProvisioningState/succeeded");
  EXPECT_EQ(shown.text("/instanceView/subStatuses/0/code"), "ComponentStatus/StdOut/succeeded");
  EXPECT_EQ(shown.text("/instanceView/subStatuses/0/message"), "all is there");
  EXPECT_EQ(get("/batchyard/explain/node/p/" + id).text("/phases/2/what"), "its extensions run");
}

TEST_F(Extensions, OneThatFailsIsNamedWithItsCure) {
  const std::string node = add_extended_pool("standard_d2_v3", one_extension);
  tell({.name = "x",
        .publisher = "Pub",
        .type = "Type",
        .state = ExtensionState::failed,
        .exit_code = 3,
        .ended = bench_.now},
       protocol::ExtensionsPhase::running);
  bench_.run(engine::AgentSaid{
      PoolId::trusted("p"), bench_.nodes("p").at(0),
      protocol::NodeFault{"VMExtensionProvisioningError", "It failed.", {{"ExitCode", "3"}}}});
  EXPECT_EQ(get(node).text("/state"), "unusable");
  EXPECT_EQ(get(node).text("/errors/0/code"), "VMExtensionProvisioningError");
  EXPECT_THAT(get(node + "/extensions/x").text("/instanceView/statuses/0/message"),
              HasSubstr("exit code 3"));
  EXPECT_THAT(
      get("/batchyard/explain/node/p/" + bench_.nodes("p").at(0).text()).text("/reasons/0/cure"),
      HasSubstr("batchyard extension register"));
}

TEST_F(Extensions, NodesGetWhatTheirPoolSaysAndTheHandlersScript) {
  handlers_.all = {{.publisher = "pub", .type = "TYPE", .script = "true", .reboots = true}};
  const json::value pool = json::parse(
      pool_of("standard_nc6", R"([{"name":"x","publisher":"Pub","type":"Type","settings":{"a":1},
       "protectedSettings":{"k":"s"},"provisionAfterExtensions":["gpu"]},
      {"name":"gpu","publisher":"Microsoft.HpcCompute","type":"NvidiaGpuDriverLinux"}])"));
  const std::vector<protocol::Extension> run =
      extensions_to_run(pool.as_object(), {}, handlers_.all, catalogue_);
  ASSERT_EQ(run.size(), 2U);
  EXPECT_EQ(run[0].script, "true");
  EXPECT_TRUE(run[0].reboots);
  EXPECT_EQ(run[0].settings, R"({"a":1})");
  EXPECT_EQ(run[0].protected_settings, R"({"k":"s"})");
  EXPECT_EQ(run[0].after, std::vector<std::string>{"gpu"});
  EXPECT_EQ(run[1].script, "");
  EXPECT_EQ(run[1].installs, (std::vector<std::string>{"cuda", "grid"}));
}

TEST_F(Extensions, DriversAreAddedWhereTheOperatorLetsThem) {
  ASSERT_EQ(post("/pools", pool_of("standard_nc24r", "[]")).status, 201);
  EXPECT_TRUE(facts().drivers.empty());
  EXPECT_FALSE(facts().extensions);
  catalogue_.let_install_drivers();
  const auto added = [&](const std::string& body) {
    const json::value pool = json::parse(body);
    return drivers_of(api::read<api::PoolAddParameter>(pool), catalogue_);
  };
  const std::vector<std::string> both{"NvidiaGpuDriverLinux", "InfiniBandDriverLinux"};
  EXPECT_EQ(added(pool_of("standard_nc24r", "[]")), both);
  EXPECT_EQ(added(pool_of("standard_nv6", "[]")), std::vector<std::string>{both[0]});
  EXPECT_TRUE(added(pool_of("standard_d2_v3", "[]")).empty());
  // The pool has its own.
  EXPECT_EQ(added(pool_of("standard_nc24r",
                          R"([{"name":"g","publisher":"Microsoft.HpcCompute",
                              "type":"NvidiaGpuDriverLinux"}])")),
            std::vector<std::string>{both[1]});
  // Images that have it, and those of one's own.
  EXPECT_TRUE(added(R"({"vmSize":"standard_h16r","virtualMachineConfiguration":{"imageReference":{
      "publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"}}})")
                  .empty());
  EXPECT_TRUE(added(R"({"vmSize":"standard_nc6","virtualMachineConfiguration":{"imageReference":{
      "virtualMachineImageId":"gpu"}}})")
                  .empty());
}

TEST_F(Extensions, AnAddedDriverIsShownAsOne) {
  catalogue_.let_install_drivers();
  const std::string node = add_extended_pool("standard_nc6", "[]");
  EXPECT_EQ(facts().drivers, std::vector<std::string>{"NvidiaGpuDriverLinux"});
  const Answer shown = get(node + "/extensions/Batchyard.NvidiaGpuDriverLinux");
  EXPECT_EQ(shown.text("/vmExtension/publisher"), "Microsoft.HpcCompute");
  EXPECT_THAT(shown.text("/instanceView/statuses/0/message"), HasSubstr("--install-drivers"));
  EXPECT_EQ(get("/batchyard/pools/p/findings").response.body.find("needs"), std::string::npos);
}

}  // namespace
}  // namespace batchyard::service
