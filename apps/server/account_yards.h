// The accounts of an installation, as its management plane asks for them: each is a Server below
// the data directory, on ports of its own that it keeps.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apps/server/server.h"
#include "arm/account_host.h"

namespace batchyard::server {

class AccountYards : public arm::AccountHost {
 public:
  // `first` is the options of the account that lies in the data directory itself; those of others
  // differ in name, directory and ports.
  explicit AccountYards(ServerOptions first) : options_(std::move(first)) {}
  ~AccountYards() override;

  Result<> start_first();
  // Those that were there before. What is left of those that were being removed goes; a directory
  // that has no record otherwise stays, and is told of.
  Result<> start_others(const std::set<std::string>& accounts);
  const std::vector<std::string>& notices() const { return notices_; }

  Result<> open(const std::string& account) override;
  Result<> begin_removal(const std::string& account) override;
  void remove(const std::string& account) override;
  bool removing(const std::string& account) override;
  Result<std::string> endpoint(const std::string& account) override;
  std::string storage_endpoint(const std::string& account) override;
  arm::AccountQuotas quotas() const override;
  Result<arm::AccountKeys> keys(const std::string& account) override;
  Result<arm::AccountKeys> renew_key(const std::string& account, bool primary) override;
  void use_access(const std::string& account, identity::AccessRules rules) override;
  Result<std::optional<arm::AccountStorage>> storage(const std::string& account) override;
  void ask(const std::string& account, HttpRequest request, HttpReply reply) override;

  const Server& first() const { return *first_; }
  std::optional<Error> failure();
  void stop(bool end_nodes);

 private:
  std::string directory_of(const std::string& account) const;
  Result<> start(const std::string& account);
  void clean_up(const std::set<std::string>& accounts);
  Result<std::shared_ptr<Server>> server_of(const std::string& account);
  void sweep(const std::string& account, std::shared_ptr<Server> server);

  ServerOptions options_;
  std::vector<std::string> notices_;
  std::shared_ptr<Server> first_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Server>> servers_;
  std::set<std::string> removing_;
  std::map<std::string, std::jthread> sweepers_;  // by account
};

}  // namespace batchyard::server
