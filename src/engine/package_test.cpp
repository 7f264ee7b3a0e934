// Applications and their packages: their life, what may refer to them, and how references reach
// nodes.
#include <gtest/gtest.h>

#include "base/described_json.h"
#include "engine/decide.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;

const ApplicationId blender = ApplicationId::trusted("Blender");
const PoolId render_pool = PoolId::trusted("p");

PackageVersion version(const char* text) {
  return PackageVersion::trusted(text);
}

class PackageBench : public EngineBench {
 public:
  PackageBench() { add(blender); }

  void add(const ApplicationId& id) { EXPECT_TRUE(run(SetApplication{.id = id, .add = true})); }
  Result<Reply> store_archive(const char* of, const std::string& content) {
    return run(StorePackage{blender, version(of), {content, 7, "digest of " + content}});
  }
  Result<Reply> activate(const char* of) {
    return run(ActivatePackage{blender, version(of), "zip"});
  }
  void add_active(const char* of, const std::string& content) {
    EXPECT_TRUE(store_archive(of, content));
    EXPECT_TRUE(activate(of));
  }
  PackageStatus package(const char* of) {
    const auto row = store.read({EntityKind::package, blender.text(), of});
    return *from_json<PackageStatus>((*row)->status);
  }
  ApplicationStatus application() {
    const auto row = store.read({EntityKind::application, "", blender.text()});
    return *from_json<ApplicationStatus>((*row)->status);
  }
  std::vector<std::string> dropped() {
    std::vector<std::string> names;
    for (const DropContent& drop : take<DropContent>()) names.push_back(drop.content);
    return names;
  }
  Result<Reply> add_pool_with(std::vector<PackageReference> packages) {
    PoolFacts facts;
    facts.packages = std::move(packages);
    return run(AddPool{.id = render_pool, .facts = facts, .target_dedicated = 1, .spec = "{}"});
  }
  void say(const NodeId& node, protocol::FromAgent message) {
    EXPECT_TRUE(run(AgentSaid{render_pool, node, std::move(message)}));
  }
};

TEST(Packages, ArePendingUntilTheyAreActivated) {
  PackageBench bench;
  EXPECT_EQ(bench.activate("2.8").error().code, "ApplicationPackageNotFound");
  ASSERT_TRUE(bench.store_archive("2.8", "a"));
  EXPECT_EQ(bench.package("2.8").state, PackageState::pending);
  ASSERT_TRUE(bench.activate("2.8"));
  EXPECT_EQ(bench.package("2.8").state, PackageState::active);
  EXPECT_EQ(bench.package("2.8").content->name, "a");
  EXPECT_EQ(bench.package("2.8").activated, bench.now);
  // A newer archive of the version takes its place when it is activated, not before.
  ASSERT_TRUE(bench.store_archive("2.8", "b"));
  EXPECT_EQ(bench.package("2.8").content->name, "a");
  ASSERT_TRUE(bench.store_archive("2.8", "c"));
  EXPECT_EQ(bench.dropped(), std::vector<std::string>{"b"});
  bench.restart();
  ASSERT_TRUE(bench.activate("2.8"));
  EXPECT_EQ(bench.package("2.8").content->name, "c");
  EXPECT_EQ(bench.dropped(), std::vector<std::string>{"a"});
}

TEST(Packages, ThatAreDeclaredTakeWhatTheirActivationBrings) {
  PackageBench bench;
  ASSERT_TRUE(bench.run(DeclarePackage{blender, version("2.8"), "app-blender/2.8"}));
  EXPECT_EQ(bench.package("2.8").state, PackageState::pending);
  EXPECT_EQ(bench.activate("2.8").error().code, "ApplicationPackageBlobNotFound");
  const auto bring = [&](const char* name, const char* digest) {
    ActivatePackage command{blender, version("2.8"), "zip"};
    command.content = PackageContent{name, 7, digest};
    return bench.run(std::move(command));
  };
  ASSERT_TRUE(bring("a", "one"));
  EXPECT_EQ(bench.package("2.8").content->name, "a");
  // The same again is not kept twice; another one takes its place.
  ASSERT_TRUE(bring("b", "one"));
  EXPECT_EQ(bench.package("2.8").content->name, "a");
  EXPECT_EQ(bench.dropped(), std::vector<std::string>{"b"});
  ASSERT_TRUE(bring("c", "two"));
  EXPECT_EQ(bench.package("2.8").content->name, "c");
  EXPECT_EQ(bench.dropped(), std::vector<std::string>{"a"});
  ASSERT_TRUE(bench.run(SetApplication{.id = blender, .allow_updates = false}));
  EXPECT_TRUE(bring("d", "two"));
  EXPECT_EQ(bring("e", "three").error().code, "OperationInvalidForCurrentState");
  EXPECT_EQ(bench.run(DeclarePackage{blender, version("2.8"), "app-blender/2.8"}).error().code,
            "OperationInvalidForCurrentState");
  bench.restart();
  EXPECT_EQ(bench.package("2.8").blob, "app-blender/2.8");
}

TEST(Packages, OfAnApplicationWithoutUpdatesStayAsTheyAre) {
  PackageBench bench;
  bench.add_active("1", "a");
  ASSERT_TRUE(bench.run(SetApplication{.id = blender, .allow_updates = false}));
  EXPECT_EQ(bench.store_archive("1", "b").error().code, "OperationInvalidForCurrentState");
  EXPECT_EQ(bench.run(DeletePackage{blender, version("1")}).error().code,
            "OperationInvalidForCurrentState");
  bench.add_active("2", "c");
}

TEST(Packages, TheDefaultVersionIsActiveAndGoesWithItsPackage) {
  PackageBench bench;
  EXPECT_EQ(bench.run(SetApplication{.id = blender, .add = true}).error().code,
            "ApplicationExists");
  ASSERT_TRUE(bench.store_archive("1", "a"));
  const SetApplication wish{.id = blender, .default_version = version("1")};
  EXPECT_EQ(bench.run(wish).error().code, "RequestedDefaultVersionNotActive");
  ASSERT_TRUE(bench.activate("1"));
  ASSERT_TRUE(bench.run(wish));
  EXPECT_EQ(bench.run(DeleteApplication{blender}).error().code, "ApplicationPackagesNotEmpty");
  ASSERT_TRUE(bench.run(DeletePackage{blender, version("1")}));
  EXPECT_EQ(bench.dropped(), std::vector<std::string>{"a"});
  EXPECT_TRUE(bench.application().default_version.empty());
  ASSERT_TRUE(bench.run(DeleteApplication{blender}));
  EXPECT_EQ(bench.run(DeleteApplication{blender}).error().code, "ApplicationNotFound");
  bench.restart();
  EXPECT_TRUE(bench.engine().state().applications.empty());
}

TEST(Packages, ReferencesThatMeanNothingAreRefusedByName) {
  PackageBench bench;
  const auto said = [&](PackageReference reference) {
    const Result<Reply> refused = bench.add_pool_with({std::move(reference)});
    EXPECT_EQ(refused.error().code, "InvalidApplicationPackageReferences");
    EXPECT_EQ(refused.error().kind, Kind::conflict);
    return refused.error().details.at(0).key + ": " + refused.error().details.at(0).value;
  };
  EXPECT_EQ(said({ApplicationId::trusted("maya"), {}}),
            "maya: The specified application package does not exist.");
  EXPECT_NE(said({blender, {}}).find("no default version"), std::string::npos);
  EXPECT_NE(said({blender, version("9")}).find("does not exist: version 9"), std::string::npos);
  ASSERT_TRUE(bench.store_archive("1", "a"));
  EXPECT_NE(said({blender, version("1")}).find("not active"), std::string::npos);
  ASSERT_TRUE(bench.activate("1"));
  EXPECT_TRUE(bench.add_pool_with({{ApplicationId::trusted("BLENDER"), version("1")}}));
  // What a pool refers to may go; it may still be changed, only not refer to more of the kind.
  ASSERT_TRUE(bench.run(DeletePackage{blender, version("1")}));
  PoolFacts facts = bench.pool("p").facts;
  EXPECT_TRUE(bench.run(ReplacePool{.id = render_pool, .facts = facts, .spec = "{}"}));
  facts.packages.push_back({blender, version("2")});
  EXPECT_EQ(bench.run(ReplacePool{.id = render_pool, .facts = facts, .spec = "{}"}).error().code,
            "InvalidApplicationPackageReferences");
}

TEST(Packages, OfAPoolAreThereBeforeItsNodesAreUsed) {
  PackageBench bench;
  bench.add_active("1", "a");
  bench.add_active("2", "b");
  ASSERT_TRUE(bench.run(SetApplication{.id = blender, .default_version = version("2")}));
  ASSERT_TRUE(bench.add_pool_with({{blender, {}}}));
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node);
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
  const std::vector<GreetAgent> greeted = bench.take<GreetAgent>();
  ASSERT_EQ(greeted.at(0).packages.size(), 1U);
  const protocol::Package& package = greeted[0].packages[0];
  EXPECT_EQ(package.application, "Blender");
  EXPECT_EQ(package.version, "2");
  EXPECT_TRUE(package.by_default);
  EXPECT_EQ(package.content, "b");
  EXPECT_EQ(package.sha256, "digest of b");
  bench.say(node, protocol::PackagesDeployed());
  EXPECT_EQ(bench.node("p", node).state, NodeState::idle);

  // Other references reach it when it starts anew.
  PoolFacts facts;
  facts.packages = {{blender, version("1")}};
  ASSERT_TRUE(bench.run(ReplacePool{.id = render_pool, .facts = facts, .spec = "{}"}));
  bench.join("p", node);
  EXPECT_EQ(bench.node("p", node).state, NodeState::idle);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).packages.at(0).content, "b");
  bench.restart();
  bench.join("p", node, {}, {}, "boot-2");
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).packages.at(0).content, "a");
  bench.say(node, protocol::NodeFault{"ApplicationPackageError", "no", {}});
  EXPECT_EQ(bench.node("p", node).state, NodeState::unusable);
  EXPECT_EQ(bench.node("p", node).errors.at(0).code, "ApplicationPackageError");
}

TEST(Packages, OfATaskComeWithItsOrder) {
  PackageBench bench;
  bench.add_active("1", "a");
  bench.add_pool("q", 1);
  bench.add_job("j", "q");
  TaskFacts facts;
  facts.rules.emplace().packages = {{blender, version("2")}};
  EXPECT_EQ(bench.add_task("j", "t", facts).error().code, "InvalidApplicationPackageReferences");
  facts.rules->packages = {{blender, version("1")}};
  ASSERT_TRUE(bench.add_task("j", "t", facts));
  const std::vector<StartRun> runs = bench.take<StartRun>();
  EXPECT_EQ(runs.at(0).packages.at(0).content, "a");
  // Said again after a restart, with what the package is by then; gone is gone.
  ASSERT_TRUE(bench.run(DeletePackage{blender, version("1")}));
  bench.restart();
  bench.effects.clear();
  bench.join("q", runs[0].seats[0].node);
  const std::vector<StartRun> again = bench.take<StartRun>();
  EXPECT_EQ(again.at(0).packages.at(0).version, "1");
  EXPECT_TRUE(again.at(0).packages.at(0).content.empty());
}

TEST(Packages, OfAJobsOwnPoolAreCheckedWhenItIsMade) {
  PackageBench bench;
  AddJob job{.id = JobId::trusted("j"), .facts = {}, .spec = "{}"};
  job.pool.emplace().facts.packages = {{blender, version("1")}};
  ASSERT_TRUE(bench.run(std::move(job)));
  EXPECT_EQ(bench.job("j").scheduling_error->code, "InvalidApplicationPackageReferencesInAutoPool");
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  AddJob managed{.id = JobId::trusted("m"), .facts = {}, .spec = "{}"};
  managed.manager.emplace().facts.rules.emplace().packages = {{blender, version("1")}};
  managed.manager->id = TaskId::trusted("manager");
  EXPECT_EQ(bench.run(std::move(managed)).error().code, "InvalidApplicationPackageReferences");
}

}  // namespace
}  // namespace batchyard::engine
