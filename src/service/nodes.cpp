// Nodes of a pool: what they are, and what users ask of single ones.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

using engine::NodeAction;

// The newest versions have no Cloud Services pools and reimage others.
constexpr api::ShapeMask reimages_machines = 16 | 32;

constexpr std::int32_t ssh_port = 22;
constexpr std::size_t user_name_max = 20;

// What is to become of the tasks; the first word of the API's enum is the default.
Deallocation option_of(const json::value& body, std::string_view member) {
  Deallocation option = Deallocation::requeue;
  if (const json::value* text = body.as_object().if_contains(member))
    boost::describe::enum_from_string(fold(std::string_view(text->get_string())).c_str(), option);
  return option;
}

// Linux accounts: what the password file can hold.
Result<> check_name(const std::string& name) {
  const auto plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
  };
  if (name.empty() || name.size() > user_name_max || !std::ranges::all_of(name, plain) ||
      name.front() == '-' || name.front() == '.')
    return bad_property("name", name,
                        "Give 1 to 20 letters, digits, '_', '-' and '.', not starting with '-' "
                        "or '.'.");
  if (name == "root" || name.starts_with("_azbatch"))
    return bad_property("name", name, "This account belongs to the node. Choose another name.");
  return Done();
}

}  // namespace

void Service::list_nodes(Call call) {
  const Result<engine::Row> pool = row_of(engine::EntityKind::pool, "", call.parameters[0]);
  if (!pool) return answer_error(call, pool.error());
  const std::string filter(call.query_value("$filter"));
  list(
      call, "nodes",
      {.kind = engine::EntityKind::node,
       .parent = call.parameters[0],
       .filter = nullptr,
       .after = {}},
      filter, [&](const engine::Row& row) { return node_entity(row, *pool, call.base_url()); },
      api::Model::ComputeNode);
}

void Service::get_node(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::ComputeNode, call.version, call.query_value("$select")));
    json::object node = TRY(node_entity(row, pool, call.base_url()));
    api::view(api::Model::ComputeNode, call.version, node);
    api::select(names, node);
    answer_entity(call, "nodes/@Element", std::move(node));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

// ---- actions
// ---------------------------------------------------------------------------------------------------------

void Service::act_on_node(Call call, NodeAction action, std::string_view option, int status) {
  const auto make = [&]() -> Result<engine::ActOnNode> {
    engine::ActOnNode command{.pool = PoolId::trusted(call.parameters[0]),
                              .node = NodeId::trusted(call.parameters[1]),
                              .action = action};
    if (!option.empty()) command.option = option_of(TRY(body_of(call)), option);
    return command;
  };
  Result<engine::ActOnNode> command = make();
  if (!command) return answer_error(call, command.error());
  act(std::move(call), *std::move(command), status);
}

void Service::reboot_node(Call call) {
  act_on_node(std::move(call), NodeAction::reboot, "nodeRebootOption", 202);
}

void Service::reimage_node(Call call) {
  const auto refused = [&]() -> Result<> {
    TRY(body_of(call));
    TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    return refusal("OperationNotValidOnNode", "The specified operation is not valid on the node.",
                   {{"Reason",
                     "Operation reimage can be invoked only on pools created with "
                     "cloudServiceConfiguration"}});
  };
  if ((call.version.mask() & reimages_machines) == 0) return answer_error(call, refused().error());
  act_on_node(std::move(call), NodeAction::reimage, "nodeReimageOption", 202);
}

void Service::deallocate_node(Call call) {
  act_on_node(std::move(call), NodeAction::deallocate, "nodeDeallocateOption", 202);
}

void Service::start_node(Call call) {
  act_on_node(std::move(call), NodeAction::start, {}, 202);
}

void Service::disable_scheduling(Call call) {
  act_on_node(std::move(call), NodeAction::disable_scheduling, "nodeDisableSchedulingOption", 200);
}

void Service::enable_scheduling(Call call) {
  act_on_node(std::move(call), NodeAction::enable_scheduling, {}, 200);
}

// ---- users
// -----------------------------------------------------------------------------------------------------------

// `body` is of either model; an absent expiry is a day from now.
Result<protocol::Account> Service::account_of(const Call& call, const json::object& body) const {
  protocol::Account account;
  account.expires = later(call.now, std::chrono::hours(24));
  if (const json::value* expiry = body.if_contains("expiryTime")) {
    account.expires = *parse_iso8601(std::string_view(expiry->get_string()));
    if (account.expires <= call.now)
      return bad_property("expiryTime", std::string(expiry->get_string()),
                          "It has passed. Give a later time.");
  }
  if (const json::value* key = body.if_contains("sshPublicKey"))
    account.ssh_public_key = std::string(key->get_string());
  if (account.ssh_public_key.find_first_of("\r\n") != std::string::npos)
    return bad_property("sshPublicKey", "", "Give one key, on one line.");
  if (const json::value* password = body.if_contains("password"))
    account.password_hash = ports_.hash_password(std::string(password->get_string()));
  return account;
}

void Service::add_node_user(Call call) {
  const auto make = [&]() -> Result<engine::SetNodeUser> {
    const json::value body = TRY(body_of(call));
    const std::string name(body.at("name").as_string());
    TRY(check_name(name));
    engine::SetNodeUser command{.pool = PoolId::trusted(call.parameters[0]),
                                .node = NodeId::trusted(call.parameters[1])};
    command.account = TRY(account_of(call, body.as_object()));
    const json::value* admin = body.as_object().if_contains("isAdmin");
    command.account.name = name;
    command.account.admin = admin != nullptr && admin->get_bool();
    return command;
  };
  Result<engine::SetNodeUser> command = make();
  if (!command) return answer_error(call, command.error());
  std::string location = fmt::format("/pools/{}/nodes/{}/users/{}", call.parameters[0],
                                     call.parameters[1], percent_encode(command->account.name));
  act(std::move(call), *std::move(command), 201, std::move(location));
}

void Service::update_node_user(Call call) {
  const auto make = [&]() -> Result<engine::SetNodeUser> {
    const json::value body = TRY(body_of(call));
    engine::SetNodeUser command{.pool = PoolId::trusted(call.parameters[0]),
                                .node = NodeId::trusted(call.parameters[1]),
                                .add = false};
    command.account = TRY(account_of(call, body.as_object()));
    command.account.name = call.parameters[2];
    return command;
  };
  Result<engine::SetNodeUser> command = make();
  if (!command) return answer_error(call, command.error());
  act(std::move(call), *std::move(command), 200);
}

void Service::delete_node_user(Call call) {
  engine::RemoveNodeUser command{.pool = PoolId::trusted(call.parameters[0]),
                                 .node = NodeId::trusted(call.parameters[1]),
                                 .name = call.parameters[2]};
  act(std::move(call), std::move(command), 200);
}

void Service::remote_login(Call call) {
  const auto run = [&]() -> Result<> {
    TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    const NodeStatus status = TRY(from_json<NodeStatus>(row.status));
    if (status.ip_address.empty())
      return refusal("NodeBeingCreated",
                     "The specified node is being created. It has no address yet; wait until its "
                     "state is starting or later.");
    answer_entity(call, "Microsoft.Azure.Batch.Protocol.Entities.ComputeNodeRemoteLoginSettings",
                  {{"remoteLoginIPAddress", status.ip_address}, {"remoteLoginPort", ssh_port}},
                  action_headers(call));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

// Only nodes of Cloud Services pools have such a file, and there are none.
void Service::remote_desktop(Call call) {
  const auto run = [&]() -> Result<> {
    TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    return refusal("OperationNotValidOnNode", "The specified operation is not valid on the node.",
                   {{"Reason",
                     "Operation rdp can be invoked only on pools created with "
                     "cloudServiceConfiguration. Use remoteloginsettings."}});
  };
  answer_error(call, run().error());
}

}  // namespace batchyard::service
