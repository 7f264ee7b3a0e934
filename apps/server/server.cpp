#include "apps/server/server.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "apps/server/account.h"
#include "apps/server/agent_arguments.h"
#include "apps/server/auto_storage.h"
#include "apps/server/bell.h"
#include "apps/server/catalogue_file.h"
#include "apps/server/disk_guard.h"
#include "apps/server/driver.h"
#include "apps/server/farewell.h"
#include "apps/server/images.h"
#include "apps/server/known.h"
#include "apps/server/outbox.h"
#include "apps/server/package_storage.h"
#include "apps/server/switchboard.h"
#include "apps/server/time_mover.h"
#include "base/described_json.h"
#include "base/text.h"
#include "edge/accounts/accounts.h"
#include "edge/clock/clock.h"
#include "edge/fleet/node_record.h"
#include "edge/http/authority.h"
#include "edge/http/server.h"
#include "edge/image/handlers.h"
#include "edge/package/limits.h"
#include "edge/package/vault.h"
#include "edge/probe/probe.h"
#include "edge/secrets/open_seal.h"
#include "edge/store/sqlite_store.h"
#include "service/faults.h"
#include "service/service.h"

namespace batchyard::server {

namespace {

bool is_loopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

Result<> make_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Done();
  return fail(
      Kind::invalid, "DataDirectoryUnusable",
      fmt::format("cannot make {}: {}. Give another --data-dir.", path, std::strerror(errno)));
}

}  // namespace

class Server::Impl {
 public:
  explicit Impl(ServerOptions options) : options_(std::move(options)) {}

  Result<> start();
  void stop(bool end_nodes);
  std::optional<Error> failure();
  std::vector<std::string> keys();
  Result<> renew_key(bool primary);
  service::Service& service() { return *service_; }

  std::string endpoint, ca_file, notice;
  const std::string& account() const { return options_.account; }
  const Storage* storage() const { return storage_.get(); }

 private:
  Result<> listen();
  Result<std::optional<edge::TlsFiles>> tls_files();
  Result<> start_storage();
  Result<> serve_storage();
  Result<> read_hardware_files();
  Result<> open_fleet();
  void make_time_and_instant();
  engine::Fleet& nodes();
  void broken(Error error);

  ServerOptions options_;
  AccountFile account_;
  std::optional<Catalogue> catalogue_;
  GateRules gate_;
  std::string agent_ca_file_;
  std::unique_ptr<edge::Clock> clock_;
  edge::Load load_;
  std::unique_ptr<edge::SqliteStore> store_;
  std::unique_ptr<edge::Vault> vault_;
  std::unique_ptr<Storage> storage_;
  std::string auto_storage_;  // its URL for agents; empty: there is none
  std::unique_ptr<ArchiveStorage> archives_;
  std::unique_ptr<edge::ImageShelf> shelf_;
  std::unique_ptr<edge::HandlerShelf> handlers_;
  std::unique_ptr<Switchboard> switchboard_;
  std::unique_ptr<Farewell> farewell_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Bell> bell_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<DiskGuard> users_;
  std::unique_ptr<fleet::LocalFleet> fleet_;  // one of these two
  std::unique_ptr<instant::InstantFleet> instant_;
  std::unique_ptr<TimeMover> mover_;
  std::unique_ptr<service::Service> service_;
  std::unique_ptr<edge::Server> http_;
  std::mutex mutex_;  // of the keys and of the failure
  std::optional<Error> failure_;
};

// One certificate for all that listens; none with --http.
Result<std::optional<edge::TlsFiles>> Server::Impl::tls_files() {
  for (const std::string& host : {options_.host, options_.storage.host}) {
    if (options_.http && !is_loopback(host))
      return fail(Kind::invalid, "PlainHttpOffLoopback",
                  fmt::format("plain HTTP is served on loopback only, not on {}. Leave --http out, "
                              "or listen on 127.0.0.1.",
                              host));
  }
  if (options_.http) return std::optional<edge::TlsFiles>();
  if (options_.tls) {
    SharedTls shared = TRY(options_.tls());
    ca_file = std::move(shared.ca_file);
    return std::optional(std::move(shared.files));
  }
  edge::Authority authority = TRY(edge::Authority::open(
      options_.data_dir + "/tls", {options_.host, options_.storage.host}, {}, options_.seal.get()));
  ca_file = authority.ca_file();
  return std::optional(authority.server_files());
}

Result<> Server::Impl::start_storage() {
  if (options_.storage.serves) TRY(serve_storage());
  ArchivePlace place =
      TRY(archive_place(options_.auto_storage_url, storage_.get(), ca_file, edge::now()));
  auto_storage_ = place.storage.url;
  if (!auto_storage_.empty())
    archives_ = std::make_unique<ArchiveStorage>(std::move(place), [] { return edge::now(); });
  return Done();
}

Result<> Server::Impl::serve_storage() {
  blob::Account account{options_.account, {account_.storage_primary, account_.storage_secondary}};
  std::optional<edge::TlsFiles> tls = TRY(tls_files());
  if (!tls && options_.tls) options_.storage.tls_beside = TRY(options_.tls()).files;
  storage_ = TRY(Storage::start(options_.storage, options_.data_dir, std::move(account),
                                std::move(tls), [] { return edge::now(); }));
  return Done();
}

Result<> Server::Impl::listen() {
  edge::ServerOptions options;
  options.host = options_.host;
  options.port = options_.port;
  options.tls = TRY(tls_files());
  options.body_max = service::body_max;
  options.refuse = [this](const HttpRequest& head, const Error& error) {
    return service_->refuse(head, error);
  };
  options.on_websocket = [this](HttpRequest request, std::shared_ptr<protocol::Channel> channel) {
    return switchboard_->accept(request, std::move(channel));
  };
  http_ = TRY(edge::Server::start(std::move(options), [this](HttpRequest request, HttpReply reply) {
    service_->handle(std::move(request), std::move(reply));
  }));
  const std::string host =
      options_.host.find(':') == std::string::npos ? options_.host : "[" + options_.host + "]";
  endpoint = fmt::format("{}://{}:{}", options_.http ? "http" : "https", host, http_->port());
  return Done();
}

Result<> Server::Impl::read_hardware_files() {
  if (!options_.gate.empty()) {
    const std::string text = TRY(file_text("--gate", options_.gate));
    gate_ = TRY(read_gate_rules(text, *catalogue_));
  }
  std::vector<FaultPlan> plans;
  if (!options_.faults.empty()) {
    const std::string text = TRY(file_text("--faults", options_.faults));
    plans = TRY(service::read_fault_plans(text));
  }
  driver_->use(gate_, std::move(plans), options_.quotas);
  return Done();
}

engine::Fleet& Server::Impl::nodes() {
  if (instant_) return *instant_;
  return *fleet_;
}

// Before the first request: some are about them.
void Server::Impl::make_time_and_instant() {
  if (options_.instant) {
    instant_ = std::make_unique<instant::InstantFleet>(
        *clock_, load_, *driver_,
        [this](const PoolId& pool, const NodeId& node, protocol::FromAgent message) {
          driver_->submit(engine::AgentSaid{pool, node, std::move(message)}, {});
        });
    switchboard_->use(*instant_);
    notice = "The nodes are simulated: tasks are acted out, no process is started.";
  }
  mover_ = std::make_unique<TimeMover>(*clock_, load_, *driver_, instant_.get());
}

Result<> Server::Impl::open_fleet() {
  fleet::LocalFleetOptions options;
  options.data_directory = options_.data_dir + "/nodes";
  TRY(make_directory(options.data_directory));
  if (!ca_file.empty()) {
    // Nodes see this directory of the machine's /tmp, if it lies there, and no other.
    agent_ca_file_ = options.data_directory + "/ca.pem";
    std::error_code error;
    std::filesystem::copy_file(ca_file, agent_ca_file_,
                               std::filesystem::copy_options::overwrite_existing, error);
    if (error)
      return fail(Kind::internal, "DataDirectoryUnusable",
                  fmt::format("cannot write {}: {}", agent_ca_file_, error.message()));
  }
  options.agent_program = options_.program;
  options.agent_arguments = [this](const fleet::AgentSeat& seat) {
    return agent_arguments(seat, link_of(endpoint), agent_ca_file_);
  };
  options.init_command = {options_.program, "node-init"};
  options.isolation = options_.isolation;
  options.emulates = !gate_.strict;
  options.boot = [this](const std::string& image) { return shelf_->boot(image); };
  for (const protocol::Gpu& gpu : edge::probe_machine({.with_versions = false}).gpus)
    options.gpus.push_back(gpu.uuid);
  fleet_ = TRY(fleet::LocalFleet::open(std::move(options), *driver_));
  notice = fleet_->notice();
  fleet_->adopt(TRY(known_nodes(*store_, *switchboard_)));
  return Done();
}

Result<> Server::Impl::start() {
  catalogue_ = TRY(open_catalogue(options_.catalogue));
  if (options_.install_drivers) catalogue_->let_install_drivers();
  TRY(make_directory(options_.data_dir));
  if (!options_.seal) options_.seal = TRY(edge::open_seal(options_.data_dir, options_.key_file));
  store_ = TRY(edge::SqliteStore::open(options_.data_dir, options_.seal));
  vault_ = TRY(edge::Vault::open(options_.data_dir + "/packages", edge::dropped_kept));
  vault_->keep_only(TRY(known_contents(*store_)));
  account_ = TRY(open_account(options_.data_dir, *options_.seal));
  TRY(start_storage());
  clock_ = TRY(open_clock(options_.clock, options_.clock_start, *store_));
  shelf_ = TRY(open_images({.data_dir = options_.data_dir,
                            .vault = vault_.get(),
                            .now = [this] { return clock_->now(); },
                            .boots = !options_.instant}));
  handlers_ = TRY(edge::HandlerShelf::open(
      options_.data_dir + "/extensions",
      options_.install_drivers ? edge::DriverHandlers::offered : edge::DriverHandlers::left_out));
  const auto node_directory = [disk = fleet::FleetDirectory(options_.data_dir + "/nodes")](
                                  const PoolId& pool, const NodeId& node) {
    return disk.node(pool, node);
  };
  farewell_ = TRY(Farewell::open({.data_dir = options_.data_dir,
                                  .directory_of =
                                      [node_directory](const PoolId& pool, const NodeId& node) {
                                        return node_directory(pool, node) + "/root";
                                      },
                                  .now = [this] { return clock_->now(); }},
                                 *store_));
  switchboard_ = std::make_unique<Switchboard>(
      SwitchboardOptions{.secret = account_.secret,
                         .inbox = [this]() -> engine::Inbox& { return *driver_; },
                         .node_directory = node_directory,
                         .archive = &farewell_->archive(),
                         .now = [this] { return clock_->now(); }});
  service::ServicePorts ports;
  ports.store = store_.get();
  ports.files = switchboard_.get();
  ports.now = [this] { return clock_->now(); };
  ports.wall = [] { return edge::now(); };
  ports.clock = [this]() -> service::ClockPort& { return *mover_; };
  ports.new_request_id = [] { return edge::random_guid(); };
  bell_ = std::make_unique<Bell>();
  ports.bell = bell_.get();
  ports.hash_password = [](const std::string& password) { return edge::hash_password(password); };
  // The engine needs the outbox, the outbox the endpoint, the endpoint the listener, and the
  // listener the service: requests that come before the engine is up wait in its inbox.
  OutboxOptions outbox{.account_name = options_.account,
                       .account_url = {},
                       .secret = account_.secret,
                       .storage = node_storage(auto_storage_, storage_.get()),
                       .packages = vault_.get(),
                       .handlers = handlers_.get(),
                       .catalogue = &*catalogue_};
  outbox_ = std::make_unique<Outbox>(std::move(outbox), *store_, *switchboard_, load_);
  driver_ = std::make_unique<Driver>(
      *store_, *outbox_, *clock_, load_, [this](Error error) { broken(std::move(error)); },
      [this] { bell_->ring(); });
  TRY(read_hardware_files());
  make_time_and_instant();
  users_ = std::make_unique<DiskGuard>(options_.data_dir, *driver_);
  ports.inbox = users_.get();
  ports.packages = vault_.get();
  ports.images = shelf_.get();
  ports.handlers = handlers_.get();
  ports.node_token = [this](const PoolId& pool, const NodeId& node) {
    return switchboard_->token_of(pool, node);
  };
  ports.gate = gate_;
  ports.storage = {.auto_storage = !auto_storage_.empty(),
                   .own_url = storage_ ? storage_->endpoint() : std::string()};
  ports.package_storage = archives_.get();
  ports.catalogue = &*catalogue_;
  ports.awaits_access = options_.awaits_access;
  if (options_.rights)
    ports.rights = [this](std::string_view token) {
      return options_.rights(options_.account, token);
    };
  service_ = std::make_unique<service::Service>(
      service::Account{
          options_.account, {account_.primary_key, account_.secondary_key}, account_.secret},
      std::move(ports));
  TRY(listen());
  outbox_->set_account_url(endpoint + "/");
  if (!instant_) TRY(open_fleet());
  TRY(driver_->start());
  // Simulated nodes leave nothing on disk.
  outbox_->start(nodes(), instant_ ? nullptr : farewell_.get());
  return Done();
}

void Server::Impl::broken(Error error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

std::optional<Error> Server::Impl::failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

std::vector<std::string> Server::Impl::keys() {
  const std::lock_guard lock(mutex_);
  return {account_.primary_key, account_.secondary_key};
}

Result<> Server::Impl::renew_key(bool primary) {
  const std::lock_guard lock(mutex_);
  AccountFile changed = account_;
  (primary ? changed.primary_key : changed.secondary_key) = new_account_key();
  TRY(write_account(options_.data_dir, changed, *options_.seal));
  account_ = std::move(changed);
  service_->use_keys({account_.primary_key, account_.secondary_key});
  return Done();
}

void Server::Impl::stop(bool end_nodes) {
  if (bell_) bell_->stop();
  if (mover_) mover_->stop();
  if (http_) http_->stop();
  if (archives_) archives_->stop();
  if (instant_) instant_->stop();
  if (driver_) driver_->stop();
  if (outbox_) outbox_->stop();
  if (farewell_) farewell_->stop();
  if (fleet_ && end_nodes) fleet_->stop_all();
  fleet_.reset();
  if (storage_) storage_->stop();  // nodes may have been uploading
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  TRY(impl->start());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::string& Server::endpoint() const {
  return impl_->endpoint;
}
const std::string& Server::account() const {
  return impl_->account();
}
std::string Server::key() const {
  return impl_->keys().front();
}
std::vector<std::string> Server::keys() const {
  return impl_->keys();
}
Result<> Server::renew_key(bool primary) {
  return impl_->renew_key(primary);
}
service::Service& Server::service() {
  return impl_->service();
}
const std::string& Server::ca_file() const {
  return impl_->ca_file;
}
std::string Server::storage_endpoint() const {
  return impl_->storage() == nullptr ? "" : impl_->storage()->endpoint();
}
std::string Server::storage_connection_string() const {
  return impl_->storage() == nullptr ? "" : impl_->storage()->connection_string();
}
std::vector<std::string> Server::storage_keys() const {
  return impl_->storage() == nullptr ? std::vector<std::string>()
                                     : impl_->storage()->account().keys;
}
const std::string& Server::notice() const {
  return impl_->notice;
}
std::optional<Error> Server::failure() const {
  return impl_->failure();
}
void Server::stop(bool end_nodes) {
  impl_->stop(end_nodes);
}

}  // namespace batchyard::server
