// The management plane: what does this request of Azure Resource Manager's mean here? A request is
// matched, authenticated by its bearer token, checked for its sender's rights, and turned into a
// change of the registry or a request to an account. Called from many threads; keeps no state
// between requests but who is at a change of several records.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "arm/access.h"
#include "arm/account_host.h"
#include "arm/call.h"
#include "arm/children.h"
#include "arm/principal.h"
#include "arm/registry.h"
#include "catalogue/catalogue.h"
#include "identity/token.h"

namespace batchyard::templates {
class Deployment;
struct Facts;
struct Resource;
}  // namespace batchyard::templates

namespace batchyard::arm {

class DeploymentRun;
struct DeploymentRecord;

// Where accounts are made unless somebody says so; any name is good.
inline constexpr std::string_view location_name = "local";
inline constexpr std::size_t accounts_max = 100;

// What an installation is: one tenant with one subscription.
struct Site {
  std::string tenant;  // GUIDs
  std::string subscription;
  std::string name = "Batchyard";  // of tenant and subscription, as clients show it
  std::string managed_identity;    // the client id of the principal that anyone here may be
  std::string identity_path;       // where its tokens are asked for: a path that nobody guesses
};

struct Ports {
  Registry* registry = nullptr;
  AccountHost* accounts = nullptr;
  const Catalogue* catalogue = &Catalogue::built_in();
  std::function<Time()> now;
  std::function<std::string()> new_guid;
  std::function<std::string()> new_secret;
  // Whose tokens are believed: our own issuer first.
  std::function<std::shared_ptr<const std::vector<identity::Issuer>>()> issuers;
  // Somebody came with a token that its issuer's keys, as we have them, did not sign.
  std::function<void()> keys_may_be_old = [] {};
  std::function<std::string(std::string_view secret)> digest;  // of secrets of principals
  const identity::SigningKey* key = nullptr;
  // Does that soon, behind what waits already, and never within the call.
  std::function<void(std::function<void()>)> later;
};

class Management {
 public:
  Management(Site site, Ports ports);

  // Tells every account how it lets itself be asked, once they have started.
  Result<> open_accounts();

  void handle(HttpRequest request, HttpReply reply);
  HttpResponse refuse(const HttpRequest& request, const Error& error) const;

  // Deployments that went on when the process ended go on no longer: called once, at the start.
  Result<> end_interrupted_deployments();

  // Every route there is, with braces where a path has a part of its own. For those who ask whether
  // each of them asks who comes.
  struct RouteFacts {
    std::string method;
    std::string path;
  };
  static std::vector<RouteFacts> routes();

  // What a bearer token of the data plane is good for, on one account; the error says why for
  // nothing.
  struct DataRights {
    bool reads = false;
    bool writes = false;
  };
  Result<DataRights> data_rights(const std::string& account, std::string_view token) const;

 private:
  // A route: of the contract (its operation's own table) or of what clients need around it.
  using Handler = void (Management::*)(Call call);
  using SharedCall = std::shared_ptr<Call>;  // of one that waits for an account's answer
  enum class Guard {
    open,          // needs no token
    known,         // whoever logs in: where they are, and how far something is
    installation,  // with a role for everything
    resource,      // with a role for what the path names
  };
  struct Route {
    Handler handler = nullptr;
    Verb verb = Verb::read;
    Guard guard = Guard::resource;
  };
  struct Place;
  static std::span<const Place> places();
  static std::span<const Place> deployment_places();
  static Handler handler_of(api::ArmOperation operation);
  Call call_of(HttpRequest request, HttpReply reply) const;
  // Fills in the call's version and parameters.
  Result<Route> route_of(Call& call) const;
  Result<Route> route_of_contract(Call& call) const;
  Result<> admit(Call& call, const Route& route) const;
  // Whether who asks may do that.
  Result<> allow(const Call& call, const Route& route) const;
  // A request of our own in the name of who sent `call`, with what they may do at that moment.
  void ask_as(const Caller& caller, HttpRequest request, HttpReply reply);
  Result<identity::Claims> claims_of(const Call& call, Plane plane) const;
  Result<std::vector<Assignment>> assignments_of(std::string_view principal) const;
  // Whether the sender may change what its path names.
  bool may_change(const Call& call) const;

  std::string issuer_of() const;
  static std::vector<std::string> audiences_of(const Call& call, Plane plane);
  static bool is_resource(const Call& call, const std::string& resource);
  boost::json::object token_for(const Call& call, const Principal& principal,
                                const std::string& resource) const;

  // login.cpp
  void endpoints(Call call);
  void openid_configuration(Call call);
  void signing_keys(Call call);
  void instance_discovery(Call call);
  void give_token(Call call);
  void give_identity_token(Call call);

  // principals.cpp
  void list_principals(Call call);
  void add_principal(Call call);
  void remove_principal(Call call);
  void assign_role(Call call);
  void withdraw_role(Call call);
  Result<Principal> principal_named(std::string_view text) const;
  Result<std::string> foreign_in(const boost::json::object& body) const;
  Result<> forget_roles_in(std::string_view scope);

  // places.cpp
  void list_tenants(Call call);
  void list_subscriptions(Call call);
  void get_subscription(Call call);
  void list_locations(Call call);
  void list_providers(Call call);
  void get_provider(Call call);
  void list_operations(Call call);

  // groups.cpp
  void list_groups(Call call);
  void get_group(Call call);
  void group_exists(Call call);
  void put_group(Call call);
  void delete_group(Call call);
  Result<Record> group_named(std::string_view name) const;
  boost::json::object group_entity(const Record& group) const;

  // applications.cpp
  void create_application(Call call);
  void update_application(Call call);
  void get_application(Call call);
  void list_applications(Call call);
  void delete_application(Call call);
  void create_package(Call call);
  void activate_package(Call call);
  void get_package(Call call);
  void list_packages(Call call);
  void delete_package(Call call);
  void set_application(const SharedCall& call, const boost::json::object& wishes, int status);
  void show_application(const SharedCall& call, int status);
  void show_package(const SharedCall& call, int status);
  void erase_in_account(Call call, const std::string& path, std::string_view not_there);
  Result<boost::json::object> application_wishes(const Call& call) const;

  // storage_accounts.cpp
  void sync_storage_keys(Call call);
  std::string storage_id(std::string_view group, std::string_view name) const;
  Result<> show_auto_storage(const Record& account, boost::json::object& properties) const;
  Result<> check_auto_storage(const boost::json::object& properties, std::string_view group,
                              std::string_view account) const;
  void get_storage_account(Call call);
  void put_storage_account(Call call);
  void delete_storage_account(Call call);
  void list_storage_accounts(Call call);
  void list_storage_keys(Call call);
  Result<Record> storage_named(const Call& call) const;
  Result<std::string> holder_of(const Record& storage) const;
  Result<boost::json::object> storage_shown(const Record& record) const;

  // applications.cpp: a request to the service of the account that the call's path names. `then`
  // is called once, from any thread; what is refused before is answered already.
  struct Question {
    std::string method;
    std::string target;
    boost::json::object body;  // empty: none
  };
  void ask_account(const SharedCall& call, const Question& question,
                   std::function<void(const Result<boost::json::object>&)> then);
  // Behind a path there: which signatures of the storage the caller may be shown.
  std::string storage_query(const Call& call) const;

  // sizes.cpp
  void get_quotas(Call call);
  void list_sizes(Call call);
  void list_cloud_service_sizes(Call call);
  void list_offered(Call call, bool (*offered)(const Size&));

  // network.cpp
  void list_outbound_dependencies(Call call);
  void list_private_links(Call call);
  void get_private_link(Call call);
  void list_perimeters(Call call);
  void get_perimeter(Call call);
  void reconcile_perimeter(Call call);
  boost::json::object private_link(const Record& account, std::string_view group) const;

  // private_endpoints.cpp
  void list_private_endpoints(Call call);
  void get_private_endpoint(Call call);
  void put_private_endpoint(Call call);
  void delete_private_endpoint(Call call);
  void list_connections(Call call);
  void get_connection(Call call);
  void update_connection(Call call);
  void delete_connection(Call call);
  void show_changed_connection(Call call);
  Result<std::vector<Record>> connections_of(std::string_view account) const;
  Result<Record> connection_named(const Call& call) const;
  Result<Record> private_endpoint_named(const Call& call) const;
  boost::json::object private_endpoint_entity(const Record& endpoint) const;
  Result<Record> account_to_connect(const Call& call, const std::string& id) const;
  void answer_changed_connection(Call& call, std::string_view verb);
  boost::json::object connection_entity(const Record& account, const Record& connection) const;

  // Pools and certificates, which the account's data plane keeps (pools.cpp, certificates.cpp).
  void relay_pools(Call call);
  void relay_certificates(Call call);
  Result<Parent> parent_of(const Call& call) const;

  // detectors.cpp
  void list_detectors(Call call);
  void get_detector(Call call);
  void examine(Call call, std::function<void(Call&, boost::json::object)> then);

  // deployments.cpp
  void put_deployment(Call call);
  void get_deployment(Call call);
  void deployment_exists(Call call);
  void delete_deployment(Call call);
  void list_deployments(Call call);
  void validate_deployment(Call call);
  void cancel_deployment(Call call);
  void export_template(Call call);
  void list_deployment_operations(Call call);
  void get_deployment_operation(Call call);
  void show_deployment_progress(Call call);
  void refuse_scope(Call call);
  std::string deployment_id(std::string_view group, std::string_view name) const;
  Result<Record> deployment_named(const Call& call) const;
  Result<bool> begin_deployment(const Call& call, const std::string& operation);
  Result<> make_room(const std::string& group);
  Result<> forget_deployments(const std::string& group);
  void when_deployment_ended(const std::string& id, std::function<void()> done);

  // deployment_plan.cpp
  using Plan = std::unique_ptr<templates::Deployment>;
  Result<Plan> plan_of(const Call& call) const;
  Result<Plan> plan_of(const Call& call, const boost::json::object& properties,
                       const std::string& name) const;
  templates::Facts facts_of(const Call& call, const Record& group, const std::string& name,
                            const boost::json::object& source) const;
  Result<> check_resource(const Call& call, const templates::Resource& resource,
                          templates::Deployment& plan) const;
  Result<> check_nested(const Call& call, const templates::Resource& resource,
                        const boost::json::object& body) const;
  static std::string deployable_types();

  // what_if.cpp
  void foresee_deployment(Call call);

  // accounts.cpp
  void check_name(Call call);
  void create_account(Call call);
  void get_account(Call call);
  void update_account(Call call);
  void delete_account(Call call);
  void list_accounts(Call call);
  void list_accounts_of_group(Call call);
  void get_keys(Call call);
  void regenerate_key(Call call);
  void show_created_account(Call call);
  void show_deleted_account(Call call);

  Result<bool> put_account(const Call& call);
  void apply_access(const Record& account);
  Result<Record> account_named(const Call& call) const;
  Result<boost::json::object> account_entity(const Record& account) const;
  std::string account_id(std::string_view group, std::string_view name) const;
  std::string account_id(const Call& call) const;  // of the one that the path names
  Result<boost::json::value> body_of(const Call& call, api::Model model) const;

  Site site_;
  Ports ports_;
  std::mutex changes_;  // of accounts and their groups: more than one record each
  std::mutex runs_mutex_;
  std::map<std::string, std::shared_ptr<DeploymentRun>> runs_;  // by folded id; those that go on
};

}  // namespace batchyard::arm
