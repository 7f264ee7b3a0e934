// Extensions on a node: their order, what a handler is given, restarts in between, failures, and
// hardware that shows once its driver is there.
#include "node/extensions.h"

#include "base/described_json.h"
#include "node/node_test.h"

namespace batchyard::node {
namespace {

using protocol::Extension;
using protocol::ExtensionReport;
using protocol::ExtensionsChanged;
using protocol::ExtensionsPhase;
using protocol::ExtensionState;

Extension extension(const std::string& name, std::vector<std::string> after = {}) {
  return {.name = name,
          .publisher = "Pub",
          .type = "Type",
          .after = std::move(after),
          .settings = {},
          .protected_settings = {},
          .script = "true\n",
          .reboots = false,
          .installs = {}};
}

class LookingPorts : public RememberedPorts {
 public:
  bool look() override {
    ++looks;
    return looks_take_time;
  }
  std::string end_of(const std::string& path) override { return said[path]; }
  int looks = 0;
  bool looks_take_time = false;
  std::map<std::string, std::string> said;
};

class ExtensionsTest : public ::testing::Test {
 protected:
  void begin(std::vector<Extension> extensions, std::vector<ExtensionReport> before = {}) {
    protocol::SetUpNode order;
    order.extensions = std::move(extensions);
    order.extended = std::move(before);
    node_.on_message(order, start);
  }
  ProcessOrder started() {
    EXPECT_FALSE(ports_.started.empty());
    return ports_.started.empty() ? ProcessOrder() : ports_.started.back();
  }
  void ends(std::int32_t code) { node_.on_process_ended(started().id, exited(code), start + 1s); }
  ExtensionsChanged told() const {
    ExtensionsChanged last;
    for (const protocol::FromAgent& message : ports_.sent) {
      if (const auto* said = std::get_if<ExtensionsChanged>(&message)) last = *said;
    }
    return last;
  }
  std::optional<protocol::NodeFault> fault() const {
    std::optional<protocol::NodeFault> last;
    for (const protocol::FromAgent& message : ports_.sent) {
      if (const auto* said = std::get_if<protocol::NodeFault>(&message)) last = *said;
    }
    return last;
  }
  std::string variable(const std::string& name) {
    for (const std::string& one : started().environment) {
      if (one.starts_with(name + "=")) return one.substr(name.size() + 1);
    }
    return "(none)";
  }

  LookingPorts ports_;
  Node node_{Identity{.root = "/root"}, ports_};
};

TEST_F(ExtensionsTest, RunOneAfterTheOtherInTheirOrder) {
  begin(
      {extension("last", {"FIRST", "second"}), extension("second", {"first"}), extension("first")});
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_NAME"), "first");
  EXPECT_EQ(ports_.started.size(), 1U);
  ends(0);
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_NAME"), "second");
  ends(0);
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_NAME"), "last");
  EXPECT_EQ(told().phase, ExtensionsPhase::running);
  ends(0);
  EXPECT_EQ(told().phase, ExtensionsPhase::done);
  for (const ExtensionReport& report : told().reports)
    EXPECT_EQ(report.state, ExtensionState::succeeded) << report.name;
}

TEST_F(ExtensionsTest, ACircleIsBrokenRatherThanWaitedFor) {
  begin({extension("a", {"b"}), extension("b", {"a"})});
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_NAME"), "a");
  ends(0);
  ends(0);
  EXPECT_EQ(told().phase, ExtensionsPhase::done);
}

TEST_F(ExtensionsTest, AHandlerIsRootAndHasItsSettingsAsFiles) {
  Extension one = extension("gpu driver");
  one.settings = R"({"version":"470"})";
  one.protected_settings = R"({"key":"s3cret"})";
  one.script = "#!/usr/bin/env python3\nprint()\n";
  begin({one});
  const ProcessOrder order = started();
  EXPECT_TRUE(order.user.admin);
  EXPECT_EQ(order.arguments,
            (std::vector<std::string>{"/usr/bin/env", "python3",
                                      "/root/extensions/gpu_driver/config/handler"}));
  EXPECT_EQ(ports_.secrets["extensions/gpu_driver/config/handler"], one.script);
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_SETTINGS"),
            "/root/extensions/gpu_driver/config/settings.json");
  EXPECT_EQ(ports_.secrets["extensions/gpu_driver/config/settings.json"], one.settings);
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_PROTECTED_SETTINGS"),
            "/root/extensions/gpu_driver/config/protected.json");
  EXPECT_EQ(ports_.secrets["extensions/gpu_driver/config/protected.json"], one.protected_settings);
  ends(0);
  EXPECT_EQ(ports_.removed, std::vector<std::string>{"extensions/gpu_driver/config"});
}

TEST_F(ExtensionsTest, WhatFollowsWaitsForThem) {
  protocol::SetUpNode order;
  order.extensions = {extension("a")};
  order.containers.emplace();
  node_.on_message(order, start);
  node_.on_message(protocol::DeployPackages{{{.application = "app", .content = "c"}}}, start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"a"})"}, start);
  EXPECT_TRUE(ports_.deployments.empty());
  ASSERT_EQ(ports_.started.size(), 1U);
  ends(0);
  EXPECT_EQ(ports_.deployments.size(), 1U);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(ports_.started[1].id, "images");
  node_.on_process_ended("images", exited(0), start);
  node_.on_deployed(ports_.deployments[0].directory, Done(), start);
  EXPECT_EQ(ports_.started.back().id, "start-task");
}

TEST_F(ExtensionsTest, OneThatFailsIsAFaultWithItsWordsAndTheCure) {
  Extension one = extension("a");
  one.protected_settings = R"({"deep":[{"key":"s3cret"},"other line\nof a key"]})";
  begin({one, extension("b")});
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"a"})"}, start);
  ports_.said["extensions/a/stderr.txt"] = "cannot log in with s3cret\nof a key";
  ends(3);
  ASSERT_TRUE(fault());
  EXPECT_EQ(fault()->code, "VMExtensionProvisioningError");
  EXPECT_THAT(fault()->message, ::testing::HasSubstr("ended with exit code 3"));
  EXPECT_THAT(fault()->message, ::testing::HasSubstr("cannot log in with ***\n***"));
  EXPECT_THAT(fault()->message, ::testing::HasSubstr("batchyard extension register"));
  EXPECT_EQ(told().reports[0].state, ExtensionState::failed);
  EXPECT_EQ(told().reports[0].exit_code, 3);
  EXPECT_EQ(told().reports[0].error, "cannot log in with ***\n***");
  EXPECT_EQ(ports_.started.size(), 1U);  // neither the next one nor the start task
}

TEST_F(ExtensionsTest, ANodeStartsAnewWhereOneWantsIt) {
  Extension first = extension("first");
  first.reboots = true;
  begin({first, extension("second")});
  ends(0);
  EXPECT_EQ(told().phase, ExtensionsPhase::restart);
  EXPECT_EQ(told().reports[0].state, ExtensionState::succeeded);
  EXPECT_EQ(ports_.started.size(), 1U);
  // The server's next greeting finds it waiting still.
  ports_.sent.clear();
  begin({first, extension("second")});
  EXPECT_EQ(told().phase, ExtensionsPhase::restart);
  const std::vector<ExtensionReport> before = told().reports;

  LookingPorts ports;
  Node anew(Identity{.root = "/root"}, ports);
  protocol::SetUpNode order;
  order.extensions = {first, extension("second")};
  order.extended = before;
  anew.on_message(order, start);
  ASSERT_EQ(ports.started.size(), 1U);
  EXPECT_EQ(ports.started[0].id, "extension-1");
}

TEST_F(ExtensionsTest, OneThatAsksForARestartRunsAgainAfterIt) {
  begin({extension("a")});
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_RUN"), "1");
  ends(restart_wanted_code);
  EXPECT_EQ(told().phase, ExtensionsPhase::restart);
  std::vector<ExtensionReport> before = told().reports;
  EXPECT_EQ(before[0].state, ExtensionState::restarting);

  before[0].runs = restarts_max;
  LookingPorts ports;
  Node anew(Identity{}, ports);
  protocol::SetUpNode order;
  order.extensions = {extension("a")};
  order.extended = before;
  anew.on_message(order, start);
  anew.on_process_ended("extension-0", exited(restart_wanted_code), start);
  const auto* failed = std::get_if<protocol::NodeFault>(&ports.sent.back());
  ASSERT_NE(failed, nullptr);
  EXPECT_THAT(failed->message, ::testing::HasSubstr("asked 11 times"));
}

TEST_F(ExtensionsTest, WithoutAHandlerItIsNotRunAndHoldsNothingUp) {
  Extension unknown = extension("a");
  unknown.script.clear();
  begin({unknown, extension("b", {"a"})});
  EXPECT_EQ(variable("BATCHYARD_EXTENSION_NAME"), "b");
  ends(0);
  EXPECT_EQ(told().phase, ExtensionsPhase::done);
  EXPECT_EQ(told().reports[0].state, ExtensionState::notrun);
  // What has not run on this disk runs as soon as there is a handler.
  const std::vector<ExtensionReport> later =
      first_reports({extension("a"), extension("b")}, told().reports);
  EXPECT_EQ(later[0].state, ExtensionState::waiting);
  EXPECT_EQ(later[1].state, ExtensionState::succeeded);
}

TEST_F(ExtensionsTest, OneThatTakesTooLongIsEnded) {
  begin({extension("a")});
  node_.tick(start + 89min);
  EXPECT_TRUE(ports_.ended.empty());
  EXPECT_EQ(node_.next_deadline(), start + 90min);
  node_.tick(start + 90min);
  EXPECT_EQ(ports_.ended, std::vector<std::string>{"extension-0"});
  ProcessEnd killed;
  killed.signal = 15;
  node_.on_process_ended("extension-0", killed, start + 91min);
  ASSERT_TRUE(fault());
  EXPECT_THAT(fault()->message, ::testing::HasSubstr("did not end within 90 minutes"));
}

TEST_F(ExtensionsTest, GoOnWithAnAgentThatWasStartedAgain) {
  begin({extension("a"), extension("b")});
  LookingPorts ports;
  Node heir(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) heir.restore(name, text, start);
  heir.resume({"extension-0"}, start);
  EXPECT_TRUE(ports.started.empty());
  heir.on_process_ended("extension-0", exited(0), start);
  ASSERT_EQ(ports.started.size(), 1U);
  EXPECT_EQ(ports.started[0].id, "extension-1");

  LookingPorts others;
  Node late(Identity{}, others);
  for (const auto& [name, text] : ports.records) late.restore(name, text, start);
  late.resume({}, start);  // its process never began
  ASSERT_EQ(others.started.size(), 1U);
  EXPECT_EQ(others.started[0].id, "extension-1");
  late.on_process_ended("extension-1", exited(0), start);
  EXPECT_EQ(std::get<ExtensionsChanged>(others.sent.back()).reports[1].runs, 1);
}

TEST_F(ExtensionsTest, TheMachineIsLookedAtBeforeTheyAreThrough) {
  ports_.looks_take_time = true;
  begin({extension("a")});
  ends(0);
  EXPECT_EQ(ports_.looks, 1);
  EXPECT_EQ(told().phase, ExtensionsPhase::running);
  node_.on_probed({}, start);
  EXPECT_EQ(told().phase, ExtensionsPhase::done);
}

TEST_F(ExtensionsTest, EmulatedHardwareShowsOnceItsDriverIsThere) {
  const protocol::Promise promise{.gpus = 2,
                                  .gpu = "Tesla K80",
                                  .gpu_vendor = "nvidia",
                                  .rdma = true,
                                  .driver = "cuda",
                                  .rdma_kind = "sriov"};
  Node node(Identity{.promise = promise, .emulates = true}, ports_);
  Extension gpu = extension("gpu");
  gpu.installs = {"cuda", "grid"};
  Extension fabric = extension("fabric", {"gpu"});
  fabric.installs = {"rdma"};
  protocol::SetUpNode order;
  order.extensions = {gpu, fabric};
  node.on_message(order, start);
  EXPECT_TRUE(node.hello().probe.gpus.empty());
  EXPECT_TRUE(node.hello().probe.fabrics.empty());
  EXPECT_EQ(variable("BATCHYARD_EMULATED"), "gpu rdma");
  EXPECT_EQ(variable("BATCHYARD_SIZE_GPU_DRIVER"), "cuda");
  EXPECT_EQ(variable("BATCHYARD_SIZE_RDMA"), "sriov");
  node.on_process_ended("extension-0", exited(0), start);
  EXPECT_EQ(node.hello().probe.gpus.size(), 2U);
  EXPECT_TRUE(node.hello().probe.fabrics.empty());
  EXPECT_EQ(ports_.count<protocol::ProbeChanged>(), 2U);
  node.on_process_ended("extension-1", exited(0), start);
  EXPECT_EQ(node.hello().probe.fabrics.size(), 1U);
}

TEST(ExtensionWords, WhatIsToldIsItsEndAndReadable) {
  EXPECT_EQ(told_output(" a\n", ""), "a");
  EXPECT_EQ(told_output("key ab in the open", R"({"k":"ab"})"), "key ab in the open");
  const std::string end(2046, 'y');
  EXPECT_EQ(told_output(std::string(3000, 'x') + "é\xff" + end, ""), "?" + end);
  EXPECT_EQ(script_words("#! /bin/sh -e\n", "p"), (std::vector<std::string>{"/bin/sh", "-e", "p"}));
  EXPECT_EQ(script_words("#!\n", "p"), (std::vector<std::string>{"/bin/sh", "p"}));
  EXPECT_EQ(simulated_variables(R"({"BATCHYARD_SIM_EXIT_CODE":"3","other":"x"})"),
            std::vector<std::string>{"BATCHYARD_SIM_EXIT_CODE=3"});
}

}  // namespace
}  // namespace batchyard::node
