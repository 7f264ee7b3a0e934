// The account that a task names is one of its pool's.
#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

Result<> check_user_of(const json::object& spec, std::string_view name) {
  std::string known;
  const json::value* accounts = spec.if_contains("userAccounts");
  if (accounts != nullptr) {
    for (const json::value& account : accounts->as_array()) {
      const std::string_view one = account.at("name").as_string();
      if (one == name) return Done();
      known += (known.empty() ? "" : ", ") + std::string(one);
    }
  }
  return bad_property("userIdentity.username", std::string(name),
                      known.empty() ? "The pool has no userAccounts. Add the account to the pool, "
                                      "or use autoUser."
                                    : "The pool's userAccounts are: " + known + ".");
}

Result<> check_user_name(std::string_view pool_spec, std::string_view user_name) {
  boost::system::error_code error;
  const json::value spec = json::parse(pool_spec, error);
  if (error || !spec.is_object()) return Done();
  return check_user_of(spec.get_object(), user_name);
}

}  // namespace

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
