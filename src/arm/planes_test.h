// Both planes in memory: a management plane whose accounts have the real service and engine behind
// them. For stories that are told on one plane and looked at on the other.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "arm/arm_test.h"
#include "service/service_test.h"

namespace batchyard::arm {

// Nothing of these tests reads files.
class NoFiles : public service::FilePort {
 public:
  void ask(const PoolId&, const NodeId&, protocol::FileRequest, service::OnFile done) override {
    done(fail(Kind::not_found, "NodeNotFound", "No node has files here."));
  }
  void ask_kept(const protocol::RunKey&, protocol::FileRequest, service::OnFile done) override {
    done(fail(Kind::not_found, "TaskFilesUnavailable", "No files are kept here."));
  }
};

// One account: its engine, its store, its service.
class Yard : private engine::Inbox {
 public:
  Yard(std::string name, Time now)
      : service_(
            {std::move(name), {"cHJpbWFyeQ==", "c2Vjb25kYXJ5"}, "seal"},
            {.inbox = this,
             .store = &bench.store,
             .files = &files_,
             .now = [this] { return bench.now; },
             .new_request_id = [this] { return fmt::format("guid-{}", ++requests_); },
             .bell = &bell_,
             .hash_password = [](const std::string&) { return std::string("$6$hash"); },
             .packages = &packages,
             .package_storage = &storage,
             .images = &images_,
             .handlers = &handlers_,
             .node_token = [](const PoolId& pool,
                              const NodeId& node) { return pool.text() + "-" + node.text(); }}) {
    bench.now = now;
  }

  void ask(HttpRequest request, HttpReply reply) {
    service_.handle_for_account(std::move(request), std::move(reply));
  }

  batchyard::testing::EngineBench bench;
  service::FakePackages packages;
  service::FakePackageStorage storage;
  // What others do between a request's reading and its command.
  std::function<void()> meanwhile;

 private:
  void submit(engine::Command command, engine::OnDone done) override {
    if (meanwhile) std::exchange(meanwhile, {})();
    done(bench.run(std::move(command)));
  }

  NoFiles files_;
  service::FakeBell bell_;
  service::FakeImages images_;
  service::FakeHandlers handlers_;
  int requests_ = 0;
  service::Service service_;
};

class PlanesTest : public ArmTest {
 protected:
  PlanesTest() {
    host_.data_plane = [this](const std::string& account, HttpRequest request, HttpReply reply) {
      yard(account).ask(std::move(request), std::move(reply));
    };
  }

  Yard& yard(const std::string& account) {
    std::unique_ptr<Yard>& found = yards_[account];
    if (!found) found = std::make_unique<Yard>(account, now_);
    return *found;
  }
  // A request of the data plane, in a version that has everything.
  HttpResponse ask_data(const std::string& account, const std::string& method, std::string target,
                        const std::string& body = {},
                        const std::string& version = "2024-07-01.20.0") {
    target += (target.contains('?') ? "&" : "?") + std::string("api-version=") + version;
    HttpRequest request{.method = method,
                        .target = std::move(target),
                        .headers = {},
                        .body = body,
                        .host = "127.0.0.1:9004"};
    std::optional<HttpResponse> answer;
    yard(account).ask(std::move(request),
                      [&](HttpResponse response) { answer = std::move(response); });
    EXPECT_TRUE(answer) << method << " " << target;
    return answer.value_or(HttpResponse{.status = 0});
  }
  // The fleet makes what is wanted, and agents join.
  void bring_up(const std::string& account, const std::string& pool) {
    batchyard::testing::EngineBench& bench = yard(account).bench;
    for (const NodeId& node : bench.nodes(pool)) {
      const NodeState state = bench.node(pool, node).state;
      if (state == NodeState::creating) bench.make(pool, node);
      if (state == NodeState::creating || state == NodeState::starting) bench.join(pool, node);
    }
  }
  // The fleet has taken back what it should.
  void take_back(const std::string& account) {
    batchyard::testing::EngineBench& bench = yard(account).bench;
    for (const engine::DropNode& dropped : bench.take<engine::DropNode>())
      (void)bench.run(engine::FleetUnmade{dropped.pool, dropped.node});
  }
  void move_clock(Duration by) {
    now_ += by;
    for (auto& [account, yard] : yards_) {
      yard->bench.now = now_;
      (void)yard->bench.run(engine::Tick());
    }
  }

 private:
  std::map<std::string, std::unique_ptr<Yard>> yards_;
};

}  // namespace batchyard::arm
