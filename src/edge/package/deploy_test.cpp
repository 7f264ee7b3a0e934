// The way of an archive: in parts into the vault, from there to a node.
#include "edge/http/server.h"
#include "edge/package/deployer.h"
#include "edge/package/package_test.h"
#include "edge/package/vault.h"

#include <condition_variable>
#include <mutex>

namespace batchyard::edge {
namespace {

class Deployments : public PackageTest {
 protected:
  void SetUp() override {
    Result<std::unique_ptr<Vault>> opened =
        Vault::open(path("vault"), std::chrono::milliseconds(0));
    ASSERT_TRUE(opened) << opened.error().message;
    vault_ = *std::move(opened);
  }

  Result<PackageContent> finish(const std::string& upload) {
    std::optional<Result<PackageContent>> kept;
    vault_->finish(upload, [&](Result<PackageContent> outcome) {
      const std::lock_guard lock(mutex_);
      kept = std::move(outcome);
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return kept.has_value(); });
    return *std::move(kept);
  }
  Result<PackageContent> store(const std::string& bytes) {
    const std::string upload = vault_->begin().value();
    EXPECT_TRUE(vault_->append(upload, 0, bytes));
    return finish(upload);
  }

  // A service that has the vault's archives, and refuses the first requests.
  void serve(int refusals) {
    refusals_ = refusals;
    server_ = Server::start({}, [this](HttpRequest request, HttpReply reply) {
                ++requests_;
                HttpResponse response;
                const auto bytes =
                    vault_->read(request.target.substr(request.target.rfind('/') + 1));
                if (request.header("Authorization") != "Node me")
                  response.status = 403;
                else if (refusals_-- > 0)
                  response.status = 503;
                else if (!bytes)
                  response.status = 404;
                else {
                  response.source = bytes->source;
                  response.source_length = bytes->size;
                }
                reply(std::move(response));
              }).value();
  }
  // Deploys and waits for it.
  Result<> deploy(const node::DeployOrder& order, const std::string& boot = "boot-1") {
    std::optional<Result<>> outcome;
    Deployer deployer({.root = path("root"),
                       .service = "http://127.0.0.1:" + std::to_string(server_->port()),
                       .authorization = "Node me",
                       .ca_file = {},
                       .boot = boot},
                      [&](const std::string& directory, Result<> result) {
                        EXPECT_EQ(directory, order.directory);
                        const std::lock_guard lock(mutex_);
                        outcome = std::move(result);
                        changed_.notify_all();
                      });
    deployer.deploy(order);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return outcome.has_value(); });
    return *std::move(outcome);
  }
  std::string archive(const std::string& text) {
    ZipFile zip(path("made.zip"));
    zip.add("bin/tool", text, 0755);
    return bytes_of(zip.close());
  }
  node::DeployOrder order_of(const PackageContent& content) {
    return {.directory = "applications/tool/1.0/abc",
            .content = content.name,
            .sha256 = content.sha256,
            .size = content.size};
  }

  std::unique_ptr<Vault> vault_;
  std::unique_ptr<Server> server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<int> refusals_ = 0;
  std::atomic<int> requests_ = 0;
};

TEST_F(Deployments, AnUploadComesInPartsThatMayBeRepeated) {
  const std::string bytes = archive("tool");
  const std::string upload = vault_->begin().value();
  EXPECT_EQ(vault_->append(upload, 0, bytes.substr(0, 10)).value(), 10);
  EXPECT_EQ(vault_->append(upload, 11, "x").error().code, "InvalidUploadOffset");
  EXPECT_EQ(vault_->append(upload, 0, bytes.substr(0, 10)).value(), 10);
  EXPECT_EQ(vault_->append(upload, 10, bytes.substr(10)).value(),
            static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(vault_->append("../../etc/passwd", 0, "x").error().code, "UploadNotFound");
  const Result<PackageContent> kept = finish(upload);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->size, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(finish(upload).error().code, "UploadNotFound");
}

TEST_F(Deployments, WhatIsBadOrNotReferredToIsNotKept) {
  EXPECT_EQ(store("no zip").error().code, "InvalidArchive");
  const PackageContent kept = store(archive("a")).value();
  const PackageContent left = store(archive("b")).value();
  vault_->keep_only({kept.name});
  EXPECT_TRUE(vault_->read(kept.name));
  EXPECT_EQ(vault_->read(left.name).error().kind, Kind::not_found);
  EXPECT_FALSE(vault_->read("../" + kept.name));
  vault_->drop(kept.name);
  EXPECT_FALSE(vault_->read(kept.name));
  EXPECT_TRUE(std::filesystem::is_empty(path("vault/uploads")));
}

TEST_F(Deployments, NodesOnTheirWayStillGetWhatWasReplaced) {
  Result<std::unique_ptr<Vault>> patient = Vault::open(path("patient"), std::chrono::hours(1));
  vault_ = *std::move(patient);
  const PackageContent kept = store(archive("a")).value();
  vault_->drop(kept.name);
  EXPECT_TRUE(vault_->read(kept.name));
  // The next start knows nothing of it.
  vault_->keep_only({});
  EXPECT_FALSE(vault_->read(kept.name));
}

TEST_F(Deployments, APackageIsFetchedOnceAndAnewAfterTheMachineHasStarted) {
  std::filesystem::create_directory(path("root"));
  serve(1);
  const node::DeployOrder order = order_of(store(archive("first")).value());
  const Result<> deployed = deploy(order);
  ASSERT_TRUE(deployed) << deployed.error().message;
  EXPECT_EQ(bytes_of(path("root/applications/tool/1.0/abc/bin/tool")), "first");
  EXPECT_EQ(requests_, 2) << "refused once";
  ASSERT_TRUE(deploy(order));
  EXPECT_EQ(requests_, 2);
  ASSERT_TRUE(deploy(order, "boot-2"));
  EXPECT_EQ(requests_, 3);
  EXPECT_FALSE(
      std::filesystem::exists(path("root/volatile/packages/applications+tool+1.0+abc.zip")));
}

TEST_F(Deployments, WhatIsGoneOrDamagedIsNotUnpacked) {
  std::filesystem::create_directory(path("root"));
  serve(0);
  node::DeployOrder order = order_of(store(archive("text")).value());
  order.sha256[0] = order.sha256[0] == '0' ? '1' : '0';
  EXPECT_EQ(deploy(order).error().code, "PackageDamaged");
  EXPECT_FALSE(std::filesystem::exists(path("root/applications")));
  vault_->drop(order.content);
  EXPECT_EQ(deploy(order).error().kind, Kind::not_found);
}

}  // namespace
}  // namespace batchyard::edge
