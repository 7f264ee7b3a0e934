// The accounts of an installation while they live, as the management plane asks for them: a port.
// Each has a service of its own with its own data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "base/result.h"
#include "identity/access_rules.h"

namespace batchyard::arm {

struct AccountKeys {
  std::string primary;  // base64
  std::string secondary;
};

// What an account may have; nothing: no limit.
struct AccountQuotas {
  std::optional<std::int64_t> pools;
  std::optional<std::int64_t> jobs;  // and schedules, together
  std::optional<std::int64_t> dedicated_cores;
  std::optional<std::int64_t> low_priority_cores;
};

// Of an account, where it has one.
struct AccountStorage {
  std::string endpoint;           // "https://127.0.0.1:10000/lab1"
  std::vector<std::string> keys;  // base64, primary and secondary
};

class AccountHost {
 public:
  virtual ~AccountHost() = default;

  // Starts the service of a new account. Called once for each record, from any thread; takes a
  // moment. Until then the account has no endpoint.
  virtual Result<> open(const std::string& account) = 0;
  // Why it may not be removed, if it may not. If it may, what is there of it goes even when we end
  // meanwhile, once its record is gone.
  virtual Result<> begin_removal(const std::string& account) = 0;
  // Begins to end its service and its nodes and to delete what was its own.
  virtual void remove(const std::string& account) = 0;
  virtual bool removing(const std::string& account) = 0;

  // "127.0.0.1:8443": without a scheme, as the contract has it.
  virtual Result<std::string> endpoint(const std::string& account) = 0;
  // Of its built-in storage, the same way; empty without one.
  virtual std::string storage_endpoint(const std::string& account) = 0;
  virtual AccountQuotas quotas() const = 0;
  virtual Result<AccountKeys> keys(const std::string& account) = 0;
  // Makes one of them anew; the old one is good for nothing from then on.
  virtual Result<AccountKeys> renew_key(const std::string& account, bool primary) = 0;

  // How it lets itself be asked from now on; before, nobody is let in.
  virtual void use_access(const std::string& account, identity::AccessRules rules) = 0;
  // The built-in storage; nothing when the installation serves none.
  virtual Result<std::optional<AccountStorage>> storage(const std::string& account) = 0;

  // A request of the data plane in the account's own name: its sender's rights were checked. It
  // needs no signature. Answered from any thread; 404 when there is no such account.
  virtual void ask(const std::string& account, HttpRequest request, HttpReply reply) = 0;
};

}  // namespace batchyard::arm
