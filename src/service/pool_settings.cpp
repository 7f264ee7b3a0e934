#include "service/pool_settings.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "base/described_json.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t certificates_max = 12;
constexpr std::size_t mounts_max = 10;
constexpr std::size_t pool_packages_max = 10;
constexpr std::size_t account_name_max = 20;

Result<> check_accounts(const std::vector<api::UserAccount>& accounts) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < accounts.size(); ++at) {
    const api::UserAccount& account = accounts[at];
    const std::string where = fmt::format("userAccounts[{}]", at);
    const std::string name = account.name.value_or("");
    if (name.empty() || name.size() > account_name_max ||
        name.find_first_of(":/\\\r\n\t ") != std::string::npos)
      return bad_property(where + ".name", name,
                          "Give 1 to 20 characters without ':', '/', '\\' and blanks.");
    if (!names.insert(name).second)
      return bad_property(where + ".name", name, "Another account of the pool has this name.");
    const auto& on_linux = account.linuxUserConfiguration;
    if (on_linux && on_linux->uid.has_value() != on_linux->gid.has_value())
      return bad_property(where + ".linuxUserConfiguration", on_linux->uid ? "uid" : "gid",
                          "Give uid and gid together, or neither.");
    if (on_linux && on_linux->uid && (*on_linux->uid < 1 || *on_linux->gid < 1))
      return bad_property(where + ".linuxUserConfiguration",
                          fmt::format("uid {}, gid {}", *on_linux->uid, *on_linux->gid),
                          "Give numbers from 1 on; use elevationLevel admin for an administrator.");
  }
  return Done();
}

Result<> check_mounts(const std::vector<api::MountConfiguration>& mounts) {
  if (mounts.size() > mounts_max)
    return bad_property("mountConfiguration", std::to_string(mounts.size()),
                        "A pool can mount at most 10 file systems.");
  std::set<std::string> paths;
  for (std::size_t at = 0; at < mounts.size(); ++at) {
    const api::MountConfiguration& mount = mounts[at];
    const std::string where = fmt::format("mountConfiguration[{}]", at);
    std::string path;
    int kinds = 0;
    const auto count = [&](const auto& kind) {
      if (!kind) return;
      ++kinds;
      path = kind->relativeMountPath.value_or("");
    };
    count(mount.azureBlobFileSystemConfiguration);
    count(mount.azureFileShareConfiguration);
    count(mount.cifsMountConfiguration);
    count(mount.nfsMountConfiguration);
    if (kinds != 1)
      return bad_property(where, fmt::format("{} file systems", kinds),
                          "Give exactly one of azureBlobFileSystemConfiguration, "
                          "nfsMountConfiguration, cifsMountConfiguration and "
                          "azureFileShareConfiguration in each entry.");
    if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos)
      return bad_property(where + ".relativeMountPath", path,
                          "Give a path relative to the node's mounts directory, without '..'.");
    if (!paths.insert(path).second)
      return bad_property(where + ".relativeMountPath", path,
                          "Another mount of the pool has this path.");
  }
  return Done();
}

Result<> check_upgrades(const api::UpgradePolicy& policy) {
  if (!policy.rollingUpgradePolicy) return Done();
  const auto& rolling = *policy.rollingUpgradePolicy;
  const auto in_range = [](const char* name, const std::optional<std::int32_t>& value,
                           std::int32_t least) -> Result<> {
    if (value && (*value < least || *value > 100))
      return bad_property(fmt::format("upgradePolicy.rollingUpgradePolicy.{}", name),
                          std::to_string(*value), fmt::format("Give {} to 100.", least));
    return Done();
  };
  TRY(in_range("maxBatchInstancePercent", rolling.maxBatchInstancePercent, 5));
  TRY(in_range("maxUnhealthyInstancePercent", rolling.maxUnhealthyInstancePercent, 5));
  TRY(in_range("maxUnhealthyUpgradedInstancePercent", rolling.maxUnhealthyUpgradedInstancePercent,
               0));
  if (rolling.maxBatchInstancePercent && rolling.maxUnhealthyInstancePercent &&
      *rolling.maxBatchInstancePercent > *rolling.maxUnhealthyInstancePercent)
    return bad_property("upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent",
                        std::to_string(*rolling.maxBatchInstancePercent),
                        fmt::format("It must not be larger than maxUnhealthyInstancePercent, {}.",
                                    *rolling.maxUnhealthyInstancePercent));
  return Done();
}

Result<> check_user_of(const json::object& spec, std::string_view name, std::string_view where) {
  std::string known;
  const json::value* accounts = spec.if_contains("userAccounts");
  if (accounts != nullptr) {
    for (const json::value& account : accounts->as_array()) {
      const std::string_view one = account.at("name").as_string();
      if (one == name) return Done();
      known += (known.empty() ? "" : ", ") + std::string(one);
    }
  }
  return bad_property(std::string(where), std::string(name),
                      known.empty() ? "The pool has no userAccounts. Add the account to the pool, "
                                      "or use autoUser."
                                    : "The pool's userAccounts are: " + known + ".");
}

}  // namespace

Result<> check_node_settings(const api::PoolAddParameter& pool) {
  if (pool.certificateReferences.size() > certificates_max)
    return bad_property("certificateReferences", std::to_string(pool.certificateReferences.size()),
                        "A pool can refer to at most 12 certificates.");
  if (pool.applicationPackageReferences.size() > pool_packages_max)
    return bad_property("applicationPackageReferences",
                        std::to_string(pool.applicationPackageReferences.size()),
                        "A pool can refer to at most 10 application packages.");
  TRY(check_accounts(pool.userAccounts));
  TRY(check_mounts(pool.mountConfiguration));
  if (pool.upgradePolicy) TRY(check_upgrades(*pool.upgradePolicy));
  if (!pool.startTask || !pool.startTask->userIdentity || !pool.startTask->userIdentity->username)
    return Done();
  json::array accounts;
  for (const api::UserAccount& account : pool.userAccounts)
    accounts.push_back(json::object{{"name", account.name.value_or("")}});
  return check_user_of({{"userAccounts", std::move(accounts)}},
                       *pool.startTask->userIdentity->username, "startTask.userIdentity.username");
}

Result<> check_user_name(std::string_view pool_spec, std::string_view user_name) {
  boost::system::error_code error;
  const json::value spec = json::parse(pool_spec, error);
  if (error || !spec.is_object()) return Done();
  return check_user_of(spec.get_object(), user_name, "userIdentity.username");
}

Result<> Service::check_account(const std::string& job, const json::object& task) const {
  const json::value* user = task.if_contains("userIdentity");
  const json::value* name = user == nullptr ? nullptr : user->as_object().if_contains("username");
  if (name == nullptr) return Done();
  const std::optional<engine::Row> job_row =
      TRY(ports_.store->read({engine::EntityKind::job, "", job}));
  if (!job_row) return Done();
  const PoolId pool = TRY(from_json<JobStatus>(job_row->status)).facts.pool;
  const std::optional<engine::Row> pool_row =
      TRY(ports_.store->read({engine::EntityKind::pool, "", pool.text()}));
  if (!pool_row) return Done();
  return check_user_name(pool_row->spec, std::string_view(name->as_string()));
}

}  // namespace batchyard::service
