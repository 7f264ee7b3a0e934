// What the pool wants on its nodes before anything runs there: accounts, certificates, mounts. What
// cannot be had makes the node unusable until it starts anew.
#include <fmt/format.h>

#include "base/described_json.h"
#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

namespace {

constexpr const char* record_name = "set-up";

// Of accounts whose pool gives them no numbers.
constexpr std::int64_t first_account_number = 62'000;

struct SetUpRecord {
  protocol::SetUpNode order;
  std::optional<protocol::NodeFault> fault;
  bool images_there = false;
  std::vector<protocol::ExtensionReport> extensions{};
  protocol::ExtensionsPhase extensions_phase = protocol::ExtensionsPhase::done;
};
BOOST_DESCRIBE_STRUCT(SetUpRecord, (), (order, fault, images_there, extensions, extensions_phase))

protocol::NodeFault fault_of(const Error& error) {
  protocol::NodeFault fault{error.code, error.message, {}};
  for (const Detail& detail : error.details) fault.details.push_back({detail.key, detail.value});
  return fault;
}

std::string home_of(const std::string& name) {
  return "volatile/home/" + name;
}

}  // namespace

void Node::set_up(const protocol::SetUpNode& order, Time now) {
  const bool first = !set_up_;
  // Extensions are those of the life's beginning.
  std::vector<protocol::Extension> extensions = first ? order.extensions : set_up_->extensions;
  set_up_ = order;
  set_up_->extensions = std::move(extensions);
  std::int64_t number = first_account_number;
  for (protocol::Account& account : set_up_->accounts) {
    if (account.uid < 0) account.uid = account.gid = number;
    ++number;
  }
  if (first) {
    fault_.reset();
    begin_extensions();
  }
  if (const Result<> written = write_accounts(); !written && first)
    fault_ = fault_of(written.error());
  if (first && !fault_ && !order.mounts.empty()) {
    if (const Result<> mounted = ports_.mount(order.mounts); !mounted)
      fault_ = fault_of(mounted.error());
  }
  keep_set_up();
  // Who greets says again what is to be done then.
  extending_.held.clear();
  tell_extensions();
  if (fault_) return ports_.send(*fault_);
  if (is_extending()) return go_on_with_extensions(now);
  want_images();
}

void Node::keep_set_up() {
  ports_.keep_record(record_name, to_json(SetUpRecord{*set_up_, fault_, images_there_,
                                                      extending_.reports, extending_.phase}));
}

void Node::restore_set_up(const std::string& text) {
  Result<SetUpRecord> record = from_json<SetUpRecord>(text);
  if (!record) return;
  set_up_ = std::move(record->order);
  fault_ = std::move(record->fault);
  images_there_ = record->images_there;
  extending_.reports = std::move(record->extensions);
  extending_.phase = record->extensions_phase;
  look_again();
}

void Node::set_users(const protocol::SetUsers& order) {
  users_ = order.accounts;
  // A name that cannot be had leaves the other accounts as they were; the agent's log tells.
  static_cast<void>(write_accounts());
}

Result<> Node::write_accounts() {
  std::vector<protocol::Account> accounts;
  if (set_up_) accounts = set_up_->accounts;
  accounts.insert(accounts.end(), users_.begin(), users_.end());
  TRY(ports_.set_accounts(accounts));
  for (const protocol::Account& user : users_)
    put_certificates(home_of(user.name), {.uid = user.uid, .gid = user.gid},
                     &protocol::Certificate::for_remote_users);
  return Done();
}

bool Node::find_account(User& user) const {
  if (user.name.empty()) return true;
  if (!set_up_) return false;
  for (const protocol::Account& account : set_up_->accounts) {
    if (account.name != user.name) continue;
    user.admin = account.admin;
    user.uid = account.uid;
    user.gid = account.gid;
    return true;
  }
  return false;
}

protocol::Failure Node::no_account(const User& user) {
  return {
      protocol::FailureCategory::usererror,
      "CommandLaunchFailed",
      "The specified command could not be launched",
      {{"Message", fmt::format("userIdentity.username is '{}', and the pool's userAccounts have "
                               "no such name. Add it to the pool, or name another.",
                               user.name)}}};
}

void Node::put_certificates(const std::string& directory, const User& user,
                            bool protocol::Certificate::* visible) {
  if (!set_up_) return;
  for (const protocol::Certificate& certificate : set_up_->certificates) {
    if (!(certificate.*visible)) continue;
    const std::string path =
        fmt::format("{}/certs/{}.{}", directory, certificate.name, certificate.format);
    ports_.put_secret(path, base64_decode(certificate.data_base64).value_or(""), user);
    if (certificate.format == "pfx") ports_.put_secret(path + ".pw", certificate.password, user);
  }
}

}  // namespace batchyard::node
