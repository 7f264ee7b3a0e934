#include "apps/server/installation.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>

#include "apps/server/account_yards.h"
#include "apps/server/catalogue_file.h"
#include "apps/server/site_file.h"
#include "apps/server/trust_file.h"
#include "arm/management.h"
#include "base/text.h"
#include "edge/blobs/crew.h"
#include "edge/clock/clock.h"
#include "edge/http/authority.h"
#include "edge/http/server.h"
#include "edge/issuers/issuer_keeper.h"
#include "edge/registry/sqlite_registry.h"
#include "edge/secrets/open_seal.h"
#include "signing/signing.h"

namespace batchyard::server {

namespace {

constexpr std::string_view first_group = "batchyard";
// The parent of the record that says which account lies in the data directory itself. It is put
// last of what is ours: whoever is removed later is not put again.
constexpr std::string_view first_account = "first";

}  // namespace

class Installation::Impl {
 public:
  explicit Impl(InstallationOptions options) : options_(std::move(options)) {}
  ~Impl() { stop(false); }

  Result<> start();
  Result<> wait();
  void stop(bool end_nodes);

  const Server& account() const { return yards_->first(); }
  ManagementFacts facts;

 private:
  Result<> open_management();
  Result<> note_what_is_ours();
  Result<> note_principal(const std::string& client, const std::string& secret,
                          std::string_view name);
  Result<> listen();
  Result<SharedTls> tls();

  InstallationOptions options_;
  SiteFile site_;
  std::optional<Catalogue> catalogue_;
  std::optional<identity::SigningKey> key_;
  std::unique_ptr<edge::SqliteRegistry> registry_;
  std::unique_ptr<edge::IssuerKeeper> keeper_;
  std::unique_ptr<AccountYards> yards_;
  std::unique_ptr<edge::Crew> errands_;  // the steps of deployments, one behind the other
  std::unique_ptr<arm::Management> management_;
  std::atomic<const arm::Management*> ready_ = nullptr;  // the same, for accounts that run already
  std::unique_ptr<edge::Server> http_;
};

// One authority for everything that listens.
Result<SharedTls> Installation::Impl::tls() {
  edge::Authority authority = TRY(edge::Authority::open(
      options_.account.data_dir + "/tls",
      {options_.account.host, options_.account.storage.host, options_.management_host}, {},
      options_.account.seal.get()));
  return SharedTls{authority.server_files(), authority.ca_file()};
}

Result<> Installation::Impl::start() {
  if (mkdir(options_.account.data_dir.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(Kind::invalid, "DataDirectoryUnusable",
                fmt::format("cannot make {}: {}. Give another --data-dir.",
                            options_.account.data_dir, std::strerror(errno)));
  options_.account.seal =
      TRY(edge::open_seal(options_.account.data_dir, options_.account.key_file));
  const std::string registry = options_.account.data_dir + "/registry.db";
  // Accounts that were made go on where they are not managed.
  const bool has_accounts = options_.serves_management || access(registry.c_str(), F_OK) == 0;
  ServerOptions first = options_.account;
  if (!first.http || options_.serves_management) first.tls = [this] { return tls(); };
  first.awaits_access = has_accounts;
  if (has_accounts)
    first.rights = [this](const std::string& account,
                          std::string_view token) -> Result<service::Rights> {
      const arm::Management* management = ready_;
      if (management == nullptr)
        return fail(Kind::unauthenticated, "AuthenticationFailed", "The service is starting.");
      const arm::Management::DataRights rights = TRY(management->data_rights(account, token));
      return service::Rights{rights.reads, rights.writes};
    };
  yards_ = std::make_unique<AccountYards>(std::move(first));
  TRY(yards_->start_first());  // takes the data directory
  if (!has_accounts) return Done();
  TRY(open_management());
  TRY(note_what_is_ours());
  ready_ = management_.get();
  std::set<std::string> accounts;
  for (const arm::Record& record : TRY(registry_->list(arm::RecordKind::account, {})))
    accounts.insert(record.name);
  TRY(yards_->start_others(accounts));
  TRY(management_->open_accounts());
  for (const std::string& notice : yards_->notices()) facts.notices.push_back(notice);
  return options_.serves_management ? listen() : Done();
}

Result<> Installation::Impl::open_management() {
  catalogue_ = TRY(open_catalogue(options_.account.catalogue));
  site_ = TRY(open_site(options_.account.data_dir, *options_.account.seal));
  key_ = TRY(identity::SigningKey::open(site_.signing_key));
  registry_ = TRY(edge::SqliteRegistry::open(options_.account.data_dir + "/registry.db",
                                             options_.account.seal));
  const std::string issuer = fmt::format("https://sts.batchyard/{}/", site_.tenant);
  arm::Ports ports;
  ports.registry = registry_.get();
  ports.accounts = yards_.get();
  ports.catalogue = &*catalogue_;
  ports.now = [] { return edge::now(); };
  ports.new_guid = [] { return edge::random_guid(); };
  ports.new_secret = [] { return edge::random_hex(20); };
  keeper_ = std::make_unique<edge::IssuerKeeper>(
      TRY(identity::Issuer::open(issuer, key_->public_set())), TRY(open_trust(options_.trust)));
  facts.notices = keeper_->start();
  ports.issuers = [this] { return keeper_->issuers(); };
  ports.keys_may_be_old = [this] { keeper_->look_again(); };
  ports.digest = [this](std::string_view secret) {
    return hex_encode(hmac_sha256(site_.secret, secret));
  };
  ports.key = &*key_;
  errands_ = std::make_unique<edge::Crew>(1);
  ports.later = [this](std::function<void()> errand) { errands_->post(std::move(errand)); };
  management_ =
      std::make_unique<arm::Management>(arm::Site{.tenant = site_.tenant,
                                                  .subscription = site_.subscription,
                                                  .managed_identity = site_.identity_client,
                                                  .identity_path = site_.identity_path},
                                        std::move(ports));
  return management_->end_interrupted_deployments();
}

Result<> Installation::Impl::note_principal(const std::string& client, const std::string& secret,
                                            std::string_view name) {
  if (TRY(registry_->read(arm::RecordKind::principal, {}, client))) return Done();
  arm::Principal principal{
      .client = client, .object = edge::random_guid(), .name = std::string(name), .digest = {}};
  if (!secret.empty()) principal.digest = hex_encode(hmac_sha256(site_.secret, secret));
  TRY(registry_->put(arm::record_of(arm::Assignment{principal.object, arm::Role::owner, "/"}), {}));
  TRY(registry_->put(arm::record_of(principal), {}));
  return Done();
}

// The first account, its group, and the administrator.
Result<> Installation::Impl::note_what_is_ours() {
  const std::vector<arm::Record> known =
      TRY(registry_->list(arm::RecordKind::account, first_account));
  if (!known.empty()) {
    if (known.front().name == options_.account.account) return Done();
    return fail(
        Kind::invalid, "AccountNameChanged",
        fmt::format("the account of {} is '{}', not '{}'. Give --account-name {}, or another "
                    "--data-dir.",
                    options_.account.data_dir, known.front().name, options_.account.account,
                    known.front().name));
  }
  TRY(note_principal(site_.admin_client, site_.admin_secret, "administrator"));
  TRY(note_principal(site_.identity_client, "", "managed identity"));
  arm::Record group;
  group.kind = arm::RecordKind::group;
  group.name = first_group;
  group.body = boost::json::serialize(boost::json::object{{"location", arm::location_name}});
  group.modified = edge::now();
  TRY(registry_->put(std::move(group), {}));
  arm::Record account;
  account.kind = arm::RecordKind::account;
  account.name = options_.account.account;
  account.body = boost::json::serialize(
      boost::json::object{{"group", first_group}, {"location", arm::location_name}});
  account.modified = edge::now();
  TRY(registry_->put(account, {}));
  account.parent = first_account;
  TRY(registry_->put(std::move(account), {}));
  return Done();
}

Result<> Installation::Impl::listen() {
  const SharedTls shared = TRY(tls());
  edge::ServerOptions options;
  options.host = options_.management_host;
  options.port = options_.management_port;
  options.tls = shared.files;
  options.refuse = [this](const HttpRequest& head, const Error& error) {
    return management_->refuse(head, error);
  };
  http_ = TRY(edge::Server::start(std::move(options), [this](HttpRequest request, HttpReply reply) {
    management_->handle(std::move(request), std::move(reply));
  }));
  const std::string& host = options_.management_host;
  facts.endpoint =
      fmt::format("https://{}:{}", host.contains(':') ? "[" + host + "]" : host, http_->port());
  facts.ca_file = shared.ca_file;
  facts.tenant = site_.tenant;
  facts.subscription = site_.subscription;
  facts.client = site_.admin_client;
  facts.secret = site_.admin_secret;
  facts.identity_url = facts.endpoint + site_.identity_path;
  return Done();
}

Result<> Installation::Impl::wait() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
  // Signals are blocked in every thread (see main.cpp); a short wait in turns keeps this without a
  // thread of its own.
  while (true) {
    const timespec pause{.tv_sec = 0, .tv_nsec = 200'000'000};
    if (sigtimedwait(&signals, nullptr, &pause) > 0) return Done();
    if (std::optional<Error> failure = yards_->failure())
      return std::unexpected(*std::move(failure));
  }
}

void Installation::Impl::stop(bool end_nodes) {
  if (http_) http_->stop();
  if (errands_) errands_->stop();
  if (yards_) yards_->stop(end_nodes);
}

Installation::Installation(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Installation::~Installation() = default;

Result<std::unique_ptr<Installation>> Installation::start(InstallationOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  TRY(impl->start());
  return std::unique_ptr<Installation>(new Installation(std::move(impl)));
}

const Server& Installation::account() const {
  return impl_->account();
}
const ManagementFacts& Installation::management() const {
  return impl_->facts;
}
Result<> Installation::wait() {
  return impl_->wait();
}
void Installation::stop(bool end_nodes) {
  impl_->stop(end_nodes);
}

}  // namespace batchyard::server
