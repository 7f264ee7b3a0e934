// A service on an engine with a store in memory, for the tests of this folder: requests go in
// signed, answers come out.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/error_codes.h"
#include "service/service.h"
#include "testing/engine_bench.h"

namespace batchyard::service {

// Files that the test wrote, as if a node's agent had them.
class FakeFiles : public FilePort {
 public:
  struct File {
    protocol::FileEntry entry;
    std::string text;
  };
  std::vector<File> files;
  std::vector<protocol::FileRequest> asked;
  std::string error_code;  // what the agent says, when not empty
  bool reachable = true;

  void ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request,
           OnFile done) override;
  void ask_kept(const protocol::RunKey& run, protocol::FileRequest request, OnFile done) override {
    kept_asked.push_back(run);
    const std::string agents_word = keeps ? std::exchange(error_code, {}) : error_code;
    const bool was_reachable = std::exchange(reachable, reachable || keeps);
    ask({}, {}, std::move(request), std::move(done));
    error_code = agents_word;
    reachable = was_reachable;
  }
  bool keeps = false;  // what nodes have lost can still be read
  std::vector<protocol::RunKey> kept_asked;
  void add(std::string name, std::string text);
};

// Rings when the test says so.
class FakeBell : public CommitBell {
 public:
  std::vector<std::move_only_function<void(Woken)>> waiting;

  std::uint64_t rung() override { return rung_; }
  void wait(std::uint64_t, Duration, std::move_only_function<void(Woken)> then) override {
    waiting.push_back(std::move(then));
  }
  void wake(Woken why) {
    ++rung_;
    for (auto& then : std::exchange(waiting, {})) then(why);
  }

 private:
  std::uint64_t rung_ = 0;
};

// Keeps archives in memory; those that say "bad" are none.
class FakePackages : public PackagePort {
 public:
  std::map<std::string, std::string> uploads, contents;

  Result<std::string> begin() override {
    const std::string name = "upload-" + std::to_string(++names_);
    uploads[name];
    return name;
  }
  Result<std::int64_t> append(const std::string& upload, std::int64_t offset,
                              std::string_view bytes) override {
    if (!uploads.contains(upload)) return fail(Kind::not_found, "UploadNotFound", "no upload");
    std::string& text = uploads[upload];
    text.replace(static_cast<std::size_t>(offset), bytes.size(), bytes);
    return static_cast<std::int64_t>(text.size());
  }
  void finish(const std::string& upload, OnKept done) override {
    const auto found = uploads.extract(upload);
    if (!found) return done(fail(Kind::not_found, "UploadNotFound", "no upload"));
    if (found.mapped() == "bad") return done(fail(Kind::invalid, "InvalidArchive", "a link"));
    const std::string name = "content-" + std::to_string(++names_);
    contents[name] = found.mapped();
    done(PackageContent{name, static_cast<std::int64_t>(found.mapped().size()), "digest"});
  }
  Result<> take(const std::string& upload, const std::string&) override {
    if (uploads.erase(upload) == 0) return fail(Kind::not_found, "UploadNotFound", "no upload");
    return Done();
  }
  void abandon(const std::string& upload) override { uploads.erase(upload); }
  Result<PackageBytes> read(const std::string& content) override {
    if (!contents.contains(content)) return fail(Kind::not_found, "NotFound", "no archive");
    const auto give = [text = contents[content]](BodyPart part) { part(text); };
    return PackageBytes{give, contents[content].size()};
  }
  void drop(const std::string& content) override { contents.erase(content); }

 private:
  int names_ = 0;
};

// Blobs in memory: what is put where the last URL to write was for.
class FakePackageStorage : public PackageStorage {
 public:
  std::map<std::string, std::string> blobs;
  std::vector<std::string> containers;
  bool there = true;

  void put(const std::string& bytes) { blobs[to_write_] = bytes; }

  void prepare(const std::string& container, OnReady done) override {
    if (!there)
      return done(refusal("AutoStorageNotConfigured", "The account has no storage for archives."));
    containers.push_back(container);
    done(Done());
  }
  Result<SignedUrl> url_of(const std::string& blob, UrlUse use) override {
    if (use == UrlUse::write) to_write_ = blob;
    return SignedUrl{
        fmt::format("https://storage/{}?sp={}", blob, use == UrlUse::write ? "rw" : "r"),
        *parse_iso8601("2026-11-24T13:30:00Z")};
  }
  void take(const std::string& blob, PackagePort& into, OnTaken done) override {
    if (!blobs.contains(blob))
      return done(refusal("ApplicationPackageBlobNotFound",
                          "The specified application package blob does not exist."));
    const std::string upload = *into.begin();
    EXPECT_TRUE(into.append(upload, 0, blobs[blob]));
    done(upload);
  }
  void remove(const std::string& blob) override { blobs.erase(blob); }

 private:
  std::string to_write_;
};

// Remembers images, and what was asked for.
class FakeImages : public ImagePort {
 public:
  std::vector<ImageRecord> all;
  std::vector<ImageBinding> bound;
  std::vector<std::string> captured;  // "POOL NODE whole"

  bool nodes_boot = false;

  bool boots() const override { return nodes_boot; }
  std::vector<ImageRecord> images() const override { return all; }
  std::vector<ImageBinding> bindings() const override { return bound; }
  void import(ImageWish wish, std::string upload, OnImage done) override {
    if (upload == "bad") return done(fail(Kind::invalid, "InvalidImage", "a bad entry"));
    done(add(std::move(wish)));
  }
  void capture(ImageWish wish, PoolId pool, NodeId node, CaptureExtent extent,
               OnImage done) override {
    captured.push_back(pool.text() + " " + node.text() +
                       (extent == CaptureExtent::whole ? " whole" : ""));
    done(add(std::move(wish)));
  }
  Result<> remove(const std::string& name) override {
    std::erase_if(all, [&](const ImageRecord& image) { return image.name == name; });
    return Done();
  }
  Result<> bind(ImageBinding binding) override {
    std::erase_if(bound,
                  [&](const ImageBinding& one) { return one.reference == binding.reference; });
    if (!binding.to.empty()) bound.push_back(std::move(binding));
    return Done();
  }

 private:
  Result<ImageRecord> add(ImageWish wish) {
    for (const ImageRecord& image : all) {
      if (image.name == wish.name)
        return fail(Kind::conflict, "ImageExists", "There is an image of the name already.");
    }
    ImageRecord record;
    record.name = std::move(wish.name);
    record.id = std::move(wish.id);
    record.agent = std::move(wish.agent);
    record.source = std::move(wish.source);
    record.system = "Debian 12";
    all.push_back(record);
    return record;
  }
};

// Keeps handlers in memory.
class FakeHandlers : public HandlerPort {
 public:
  std::vector<ExtensionHandler> all;

  std::vector<ExtensionHandler> handlers() const override { return all; }
  Result<> keep(ExtensionHandler handler) override {
    TRY(remove(handler.publisher, handler.type));
    all.push_back(std::move(handler));
    return Done();
  }
  Result<bool> remove(const std::string& publisher, const std::string& type) override {
    const ExtensionHandler* found = find_handler(all, publisher, type);
    if (found == nullptr) return false;
    all.erase(all.begin() + (found - all.data()));
    return true;
  }
};

// Stands still.
class FakeClock : public ClockPort {
 public:
  ClockReading read() override { return {.now = Time(), .mode = "frozen"}; }
  void move(ClockMove, OnClockMoved done) override { done(read()); }
};

class ServiceTest : public ::testing::Test, private engine::Inbox {
 protected:
  ServiceTest();

  struct Answer {
    int status = 0;
    HttpResponse response;
    boost::json::value body;
    std::string header(std::string_view name) const { return std::string(response.header(name)); }
    // Of an error: its code, its message's text, and the value named `key`.
    std::string code() const;
    std::string message() const;
    std::string detail(std::string_view key) const;
    // The ids of a list.
    std::vector<std::string> ids() const;
    std::string text(std::string_view pointer) const;
  };

  // `target` may lack the api-version: the newest is taken.
  Answer send(std::string method, std::string target, std::string body = {},
              std::vector<HttpHeader> headers = {});
  Answer get(std::string target, std::vector<HttpHeader> headers = {}) {
    return send("GET", std::move(target), {}, std::move(headers));
  }
  Answer post(std::string target, std::string body) {
    return send("POST", std::move(target), std::move(body));
  }
  Answer handle(HttpRequest request);
  Service& service() { return service_; }
  void sign_as_account(HttpRequest& request) { sign(account_, request, bench_.now); }
  static HttpRequest request(std::string method, std::string target, std::string body,
                             std::vector<HttpHeader> headers);

  // A pool whose nodes are all up, a job on it.
  void add_pool(const std::string& id, int nodes, const std::string& more = {});
  void add_job(const std::string& id, const std::string& pool, const std::string& more = {});
  // With one active package, which is the default.
  void add_application(const std::string& id, const std::string& version);

  batchyard::testing::EngineBench bench_;
  FakeFiles files_;
  Account account_{"yard", {"cHJpbWFyeQ==", "c2Vjb25kYXJ5"}, "seal"};
  FakeBell bell_;
  FakeClock clock_;
  FakePackages packages_;
  FakePackageStorage package_storage_;
  FakeImages images_;
  FakeHandlers handlers_;
  Catalogue catalogue_ = Catalogue::built_in();
  bool ending_ = false;  // the engine takes no commands any more
  // What others do between a request's reading and its command.
  std::function<void()> meanwhile_;
  // What a token of the installation allows.
  std::function<Result<Rights>(std::string_view)> rights_ = [](std::string_view) {
    return fail(Kind::unauthenticated, "InvalidAuthenticationToken", "It is nobody's.");
  };

 private:
  void submit(engine::Command command, engine::OnDone done) override {
    if (ending_) return done(fail(Kind::busy, "ServerBusy", "The service is ending."));
    if (meanwhile_) meanwhile_();
    done(bench_.run(std::move(command)));
  }
  int requests_ = 0;
  Service service_;
};

}  // namespace batchyard::service
