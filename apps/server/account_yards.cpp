#include "apps/server/account_yards.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "edge/seal/whole_file.h"
#include "service/service.h"

namespace batchyard::server {

namespace {

// The ports of an account, kept so that its endpoint stays what clients know.
struct Ports {
  std::uint16_t service = 0;
  std::uint16_t storage = 0;
};

Ports read_ports(const std::string& directory) {
  Ports ports;
  std::ifstream(directory + "/ports") >> ports.service >> ports.storage;
  return ports;
}

// A file in the directory of an account whose removal has begun: once its record is gone, too, all
// of it goes. Without it a directory is somebody's data, whatever the registry knows.
constexpr const char* removal_mark = "/removed";
// Behind the name of a directory that nothing uses any more.
constexpr std::string_view gone = ".gone";

// "https://127.0.0.1:8443", "http://[::1]:10000/account"; 0 when there is no endpoint.
std::uint16_t port_of(const std::string& endpoint) {
  unsigned port = 0;
  const std::size_t colon = endpoint.rfind(':');
  if (colon != std::string::npos)
    std::from_chars(endpoint.data() + colon + 1, endpoint.data() + endpoint.size(), port);
  return static_cast<std::uint16_t>(port);
}

// "127.0.0.1:8443" of "https://127.0.0.1:8443/path".
std::string authority_in(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  return url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
}

}  // namespace

AccountYards::~AccountYards() {
  stop(false);
}

std::string AccountYards::directory_of(const std::string& account) const {
  return account == options_.account ? options_.data_dir
                                     : options_.data_dir + "/accounts/" + account;
}

Result<> AccountYards::start_first() {
  first_ = TRY(Server::start(options_));
  const std::lock_guard lock(mutex_);
  servers_[options_.account] = first_;
  return Done();
}

Result<> AccountYards::start_others(const std::set<std::string>& accounts) {
  for (const std::string& account : accounts) {
    if (account == options_.account) continue;
    // Its record says that it is there: its removal had not come far.
    unlink((directory_of(account) + removal_mark).c_str());
    if (Result<> started = start(account); !started) {
      Error error = std::move(started).error();
      error.message = fmt::format(
          "the account '{0}' cannot start: {1} Its ports are in {2}/ports: end what listens "
          "there, or remove that file, and it gets others.",
          account, error.message, directory_of(account));
      return std::unexpected(std::move(error));
    }
  }
  clean_up(accounts);
  return Done();
}

void AccountYards::clean_up(const std::set<std::string>& accounts) {
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(options_.data_dir + "/accounts", ignored)) {
    const std::string name = entry.path().filename();
    if (accounts.contains(name)) continue;
    if (name.ends_with(gone)) {
      std::filesystem::remove_all(entry.path(), ignored);
    } else if (!std::filesystem::exists(entry.path().string() + removal_mark, ignored)) {
      notices_.push_back(
          fmt::format("{} has no account. `batchyard account create {}` takes it up with what is "
                      "in it; otherwise remove it.",
                      entry.path().string(), name));
    } else if (const Result<> started = start(name); started) {
      remove(name);  // its nodes may be there still, and end with it
    } else {
      notices_.push_back(fmt::format("The deleted account '{}' cannot be cleared away: {}", name,
                                     started.error().message));
    }
  }
}

Result<> AccountYards::open(const std::string& account) {
  {
    const std::lock_guard lock(mutex_);
    if (removing_.contains(account) || servers_.contains(account))
      return fail(
          Kind::conflict, "AccountBeingDeleted",
          fmt::format("The account '{}' is still being deleted. Try again in a moment.", account));
  }
  Result<> started = start(account);
  // Whoever asked is not told what this machine lacks; who runs it is.
  if (!started)
    fmt::print(stderr, "batchyard: the account '{}' could not be made: {}: {}\n", account,
               started.error().code, started.error().message);
  return started;
}

Result<> AccountYards::start(const std::string& account) {
  ServerOptions options = options_;
  options.account = account;
  options.data_dir = directory_of(account);
  options.auto_storage_url.clear();  // another account's would be no place for it
  mkdir((options_.data_dir + "/accounts").c_str(), 0700);
  const Ports kept = read_ports(options.data_dir);
  options.port = kept.service;
  options.storage.port = kept.storage;
  std::shared_ptr<Server> server = TRY(Server::start(std::move(options)));
  Ports ports{.service = port_of(server->endpoint()),
              .storage = port_of(server->storage_endpoint())};
  if (ports.storage == 0) ports.storage = kept.storage;  // for when it is served again
  if (ports.service != kept.service || ports.storage != kept.storage)
    TRY(edge::write_whole_file(directory_of(account) + "/ports",
                               fmt::format("{} {}\n", ports.service, ports.storage)));
  const std::lock_guard lock(mutex_);
  servers_[account] = std::move(server);
  return Done();
}

Result<> AccountYards::begin_removal(const std::string& account) {
  if (account == options_.account)
    return fail(Kind::conflict, "OperationNotAllowed",
                fmt::format("The account '{}' is the one that this installation was started with; "
                            "it ends with it.",
                            account));
  if (!server_of(account))
    return fail(Kind::conflict, "OperationNotAllowed",
                fmt::format("The account '{}' is being made at this moment. Try again.", account));
  return edge::write_whole_file(directory_of(account) + removal_mark, "");
}

void AccountYards::remove(const std::string& account) {
  const std::lock_guard lock(mutex_);
  const auto found = servers_.find(account);
  if (found == servers_.end()) return;
  std::shared_ptr<Server> server = std::move(found->second);
  servers_.erase(found);
  // Those that are through are joined: they hold memory until then.
  std::erase_if(sweepers_, [this](const auto& one) { return !removing_.contains(one.first); });
  removing_.insert(account);
  sweepers_[account] = std::jthread(
      [this, account, server = std::move(server)]() mutable { sweep(account, std::move(server)); });
}

void AccountYards::sweep(const std::string& account, std::shared_ptr<Server> server) {
  server->stop(true);
  server.reset();
  // Under another name first: half of it must not be taken for an account.
  const std::string directory = directory_of(account);
  const std::string aside = directory + std::string(gone);
  std::error_code ignored;
  std::filesystem::remove_all(aside, ignored);
  std::filesystem::rename(directory, aside, ignored);
  std::filesystem::remove_all(aside, ignored);
  const std::lock_guard lock(mutex_);
  removing_.erase(account);
}

bool AccountYards::removing(const std::string& account) {
  const std::lock_guard lock(mutex_);
  return removing_.contains(account);
}

Result<std::shared_ptr<Server>> AccountYards::server_of(const std::string& account) {
  const std::lock_guard lock(mutex_);
  const auto found = servers_.find(account);
  if (found != servers_.end()) return found->second;
  return fail(Kind::not_found, "ResourceNotFound",
              fmt::format("The account '{}' is not there.", account));
}

Result<std::string> AccountYards::endpoint(const std::string& account) {
  const std::shared_ptr<Server> server = TRY(server_of(account));
  return authority_in(server->endpoint());
}

std::string AccountYards::storage_endpoint(const std::string& account) {
  const Result<std::shared_ptr<Server>> server = server_of(account);
  return server ? authority_in((*server)->storage_endpoint()) : std::string();
}

// All have the same.
arm::AccountQuotas AccountYards::quotas() const {
  return {.pools = options_.quotas.pools,
          .jobs = options_.quotas.jobs,
          .dedicated_cores = options_.quotas.dedicated_cores,
          .low_priority_cores = options_.quotas.low_priority_cores};
}

Result<arm::AccountKeys> AccountYards::keys(const std::string& account) {
  const std::shared_ptr<Server> server = TRY(server_of(account));
  const std::vector<std::string> keys = server->keys();
  return arm::AccountKeys{.primary = keys.at(0), .secondary = keys.at(1)};
}

Result<arm::AccountKeys> AccountYards::renew_key(const std::string& account, bool primary) {
  const std::shared_ptr<Server> server = TRY(server_of(account));
  TRY(server->renew_key(primary));
  return keys(account);
}

void AccountYards::use_access(const std::string& account, identity::AccessRules rules) {
  if (Result<std::shared_ptr<Server>> server = server_of(account))
    (*server)->service().use_access(std::move(rules));
}

Result<std::optional<arm::AccountStorage>> AccountYards::storage(const std::string& account) {
  const std::shared_ptr<Server> server = TRY(server_of(account));
  if (server->storage_endpoint().empty()) return std::optional<arm::AccountStorage>();
  return arm::AccountStorage{.endpoint = server->storage_endpoint(),
                             .keys = server->storage_keys()};
}

void AccountYards::ask(const std::string& account, HttpRequest request, HttpReply reply) {
  Result<std::shared_ptr<Server>> server = server_of(account);
  if (!server) return reply({.status = 404});
  (*server)->service().handle_for_account(std::move(request), std::move(reply));
}

std::optional<Error> AccountYards::failure() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, server] : servers_) {
    if (std::optional<Error> error = server->failure()) return error;
  }
  return std::nullopt;
}

void AccountYards::stop(bool end_nodes) {
  std::map<std::string, std::shared_ptr<Server>> servers;
  std::map<std::string, std::jthread> sweepers;
  {
    const std::lock_guard lock(mutex_);
    servers.swap(servers_);
    sweepers.swap(sweepers_);
  }
  for (const auto& [name, server] : servers) server->stop(end_nodes);
  sweepers.clear();  // they end by themselves
}

}  // namespace batchyard::server
