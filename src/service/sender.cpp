// Who sends a request, and what that is allowed.
#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

constexpr std::string_view bearer_scheme = "Bearer ";

// A token of the installation has three parts; one that a task was given has two.
bool is_web_token(std::string_view token) {
  return std::ranges::count(token, '.') == 2;
}

}  // namespace

void Service::use_keys(std::vector<std::string> keys) {
  Account changed = *account();
  changed.keys = std::move(keys);
  account_.store(std::make_shared<const Account>(std::move(changed)));
}

void Service::use_access(identity::AccessRules rules) {
  access_.store(std::make_shared<const identity::AccessRules>(std::move(rules)));
}

Result<> Service::check_peer(const Call& call) const {
  const std::shared_ptr<const identity::AccessRules> rules = access_.load();
  if (rules == nullptr) return refusal("ServerBusy", "The service is starting. Try again.");
  if (rules->lets_in(call.request.peer)) return Done();
  return refusal(
      "Forbidden",
      fmt::format(
          "Access is Forbidden: the account is not open to the address {}. {}", call.request.peer,
          rules->is_public ? "networkProfile.accountAccess.ipRules of the account names those "
                             "that it is open to: add it there."
                           : "publicNetworkAccess of the account is not Enabled, so only this "
                             "machine and its nodes reach it."));
}

Result<> Service::check_credential(const Sender& sender) const {
  const std::shared_ptr<const identity::AccessRules> rules = access_.load();
  if (rules->takes(sender.credential)) return Done();
  static constexpr std::string_view modes[] = {"SharedKey", "AAD", "TaskAuthenticationToken"};
  const std::string_view mode = modes[static_cast<int>(sender.credential)];
  return refusal(
      "AuthenticationFailed", "Server failed to authenticate the request.",
      {{"AuthenticationErrorDetail",
        fmt::format("The account's allowedAuthenticationModes do not have {0}. Use another kind of "
                    "credentials, or add {0} to them with `az batch account set`.",
                    mode)}});
}

Result<Service::Sender> Service::sender_of(const Call& call) const {
  Sender sender;
  const std::shared_ptr<const Account> account = this->account();
  // Clients sign by the world's clock, whatever the service goes by.
  if (!has_token(call.request)) {
    TRY(authenticate(*account, call.request, ports_.wall ? ports_.wall() : call.now));
    return sender;
  }
  const std::string_view token =
      trim(call.request.header("Authorization").substr(bearer_scheme.size()));
  if (!is_web_token(token) || !ports_.rights) {
    sender.credential = identity::Credential::task;
    sender.task = TRY(token_holder(account->secret, call.request, call.now));
    return sender;
  }
  const Result<Rights> rights = ports_.rights(token);
  if (!rights) return unauthenticated(rights.error().message);
  sender.credential = identity::Credential::directory;
  sender.rights = *rights;
  return sender;
}

Result<> Service::check_sender(const Call& call, const Sender& sender) const {
  if (sender.task) return check_holder(call, *sender.task);
  if (!sender.management && call.raw_path().starts_with(whole_path))
    return refusal("Forbidden",
                   fmt::format("Access is Forbidden: {} is for the account's management plane. Use "
                               "the operations on pools and certificates.",
                               call.raw_path()));
  const bool reads = call.request.method == "GET" || call.request.method == "HEAD";
  if (reads ? sender.rights.reads : sender.rights.writes) return Done();
  return refusal("Forbidden",
                 fmt::format("Access is Forbidden: the sender's roles do not allow {} {}. "
                             "`batchyard identity assign` gives a role for this account.",
                             call.request.method, call.raw_path()));
}

Result<> Service::check_holder(const Call& call, const TokenHolder& holder) const {
  if (call.operation == nullptr)
    return refusal("Forbidden",
                   "Access is Forbidden: the token of a task is good for operations on its own job "
                   "alone.");
  const std::optional<engine::Row> row =
      TRY(ports_.store->read({engine::EntityKind::task, holder.job.text(), holder.task.text()}));
  const TaskStatus status = row ? TRY(from_json<TaskStatus>(row->status)) : TaskStatus();
  if (status.state != TaskState::running || status.attempt != holder.attempt)
    return refusal(
        "AuthenticationFailed",
        "Server failed to authenticate the request: the task that the token was given to "
        "has ended.",
        {{"AuthenticationErrorDetail", "The token is good until its task ends."}});
  if (!call.operation->path.starts_with("/jobs/{jobId}") ||
      !same_folded(call.parameters[0], holder.job.text()))
    return refusal("Forbidden",
                   fmt::format("Access is Forbidden: the token of a task is good for operations on "
                               "its own job {} alone, not for {} {}.",
                               holder.job.text(), call.request.method, call.raw_path()));
  return Done();
}

}  // namespace batchyard::service
