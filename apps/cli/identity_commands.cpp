#include "apps/cli/identity_commands.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <functional>
#include <memory>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/management_client.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr const char* identity_footer = R"(Examples:
  batchyard identity add ci --role data-contributor --account lab1   who may use that account's pools, jobs and tasks
  batchyard identity assign ci reader                                reads everything
  batchyard identity add eve --issuer https://login.example/realms/lab --subject 1f0c --role reader   of an issuer that is trusted
  az login --service-principal -u CLIENT -p SECRET --tenant TENANT   as add has printed them)";

struct IdentityWords {
  ManagementConnection connection;
  std::string name;
  std::string role;
  std::string account;
  std::string scope;
  std::string group = "batchyard";
  std::string location = "local";
  std::string issuer;
  std::string subject;
  std::string key = "primary";
  std::string output = "table";
};
using IdentityPart = std::shared_ptr<IdentityWords>;

void on_management(CLI::App& command, const IdentityPart& words, int& code,
                   std::function<Result<>(ManagementClient&)> action) {
  ManagementConnection& connection = words->connection;
  command.add_option("--management", connection.endpoint,
                     "URL of the management plane (BATCHYARD_MANAGEMENT)");
  command.add_option("--client", connection.client, "who asks (AZURE_CLIENT_ID)");
  command.add_option("--secret", connection.secret, "of who asks (AZURE_CLIENT_SECRET)");
  command.add_option("--ca-file", connection.ca_file,
                     "certificate authority to trust (REQUESTS_CA_BUNDLE)");
  command.callback([words, &code, action = std::move(action)] {
    const auto run = [&]() -> Result<> {
      TRY(words->connection.complete());
      ManagementClient client = TRY(ManagementClient::open(words->connection));
      return action(client);
    };
    const Result<> done = run();
    code = done ? static_cast<int>(ExitCode::done) : report(done.error());
  });
}

void add_identity_output(CLI::App& command, const IdentityPart& words) {
  command.add_option("-o,--output", words->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

std::string text_in(const json::value& value, std::string_view name) {
  const json::value* found = value.as_object().if_contains(name);
  if (found == nullptr) return {};
  return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

// The id of an account, whichever group it is in.
Result<std::string> id_of_account(ManagementClient& client, const std::string& name) {
  const json::value all =
      TRY(client.send("GET", client.scope() + "/providers/Microsoft.Batch/batchAccounts"));
  for (const json::value& one : all.at("value").as_array()) {
    if (same_folded(text_in(one, "name"), name)) return text_in(one, "id");
  }
  return fail(
      Kind::not_found, "",
      fmt::format("there is no account '{}'; `batchyard account list` shows those there are",
                  name));
}

// What a role is for: a scope, an account, or everything.
Result<std::string> scope_of(ManagementClient& client, const IdentityWords& words) {
  if (!words.account.empty()) return id_of_account(client, words.account);
  return words.scope.empty() ? std::string("/") : words.scope;
}

CLI::Option* add_role(CLI::App& command, const IdentityPart& words, bool positional) {
  command.add_option("--account", words->account, "the role is for that Batch account alone");
  command.add_option("--scope", words->scope, "the role is for that resource id and all below it")
      ->excludes("--account");
  return command.add_option(positional ? "role" : "--role", words->role,
                            "owner, contributor, reader, data-contributor or data-reader");
}

Result<> list_identities(ManagementClient& client, const IdentityPart& words) {
  const json::value all = TRY(client.send("GET", "/batchyard/principals"));
  if (words->output == "json") {
    fmt::print("{}\n", json::serialize(all.at("value")));
    return Done();
  }
  Table table{.head = {"NAME", "CLIENT", "ROLES"}};
  for (const json::value& one : all.at("value").as_array()) {
    std::string roles;
    for (const json::value& role : one.at("roles").as_array())
      roles += fmt::format("{}{} of {}", roles.empty() ? "" : ", ", text_in(role, "role"),
                           text_in(role, "scope"));
    table.rows.push_back({text_in(one, "name"), text_in(one, "clientId"), roles});
  }
  fmt::print("{}", table.text());
  return Done();
}

Result<> add_identity(ManagementClient& client, const IdentityPart& words) {
  json::object body{{"name", words->name}};
  if (!words->role.empty()) {
    body["role"] = words->role;
    body["scope"] = TRY(scope_of(client, *words));
  }
  if (!words->issuer.empty()) body["issuer"] = words->issuer;
  if (!words->subject.empty()) body["subject"] = words->subject;
  const json::value made = TRY(client.send("POST", "/batchyard/principals", json::serialize(body)));
  if (text_in(made, "secret").empty()) {
    fmt::print("{} is known: whoever {} vouches for as '{}'.\n", words->name, words->issuer,
               words->subject);
    return Done();
  }
  fmt::print(
      "export AZURE_CLIENT_ID={}\nexport AZURE_CLIENT_SECRET={}\nexport AZURE_TENANT_ID={}\n",
      text_in(made, "clientId"), text_in(made, "secret"), text_in(made, "tenantId"));
  fmt::print(stderr, "The secret is shown this once.\n");
  return Done();
}

Result<> change_role(ManagementClient& client, const IdentityPart& words, const char* verb) {
  const std::string scope = TRY(scope_of(client, *words));
  const json::object body{{"role", words->role}, {"scope", scope}};
  TRY(client.send(verb, "/batchyard/principals/" + percent_encode(words->name) + "/roles",
                  json::serialize(body)));
  return Done();
}

Result<> list_the_accounts(ManagementClient& client, const IdentityPart& words) {
  const json::value all =
      TRY(client.send("GET", client.scope() + "/providers/Microsoft.Batch/batchAccounts"));
  if (words->output == "json") {
    fmt::print("{}\n", json::serialize(all.at("value")));
    return Done();
  }
  Table table{.head = {"NAME", "GROUP", "LOCATION", "ENDPOINT"}};
  for (const json::value& one : all.at("value").as_array())
    table.rows.push_back({text_in(one, "name"), std::string(split(text_in(one, "id"), '/').at(4)),
                          text_in(one, "location"),
                          text_in(one.at("properties"), "accountEndpoint")});
  fmt::print("{}", table.text());
  return Done();
}

// The account's storage has its name. An installation may serve none.
Result<> print_storage(ManagementClient& client, std::string id) {
  constexpr std::string_view batch = "Microsoft.Batch/batchAccounts";
  id.replace(id.find(batch), batch.size(), "Microsoft.Storage/storageAccounts");
  const Result<json::value> storage = client.send("GET", id);
  if (!storage && storage.error().code == "StorageAccountNotFound") return Done();
  if (!storage) return std::unexpected(storage.error());
  const json::value keys = TRY(client.send("POST", id + "/listKeys"));
  const std::string endpoint = text_in(storage->at("properties").at("primaryEndpoints"), "blob");
  fmt::print(
      "export AZURE_STORAGE_CONNECTION_STRING='DefaultEndpointsProtocol={};AccountName={};"
      "AccountKey={};BlobEndpoint={};'\n",
      endpoint.substr(0, endpoint.find(':')), text_in(*storage, "name"),
      text_in(keys.at("keys").at(0), "value"), endpoint.substr(0, endpoint.size() - 1));
  return Done();
}

Result<> print_keys(ManagementClient& client, const std::string& id, const std::string& endpoint) {
  const json::value keys = TRY(client.send("POST", id + "/listKeys"));
  fmt::print(
      "export AZURE_BATCH_ACCOUNT={}\nexport AZURE_BATCH_ACCESS_KEY={}\nexport "
      "AZURE_BATCH_ENDPOINT=https://{}\n",
      text_in(keys, "accountName"), text_in(keys, "primary"), endpoint);
  return print_storage(client, id);
}

Result<> show_account(ManagementClient& client, const IdentityPart& words) {
  const std::string id = TRY(id_of_account(client, words->name));
  const json::value account = TRY(client.send("GET", id));
  return print_keys(client, id, text_in(account.at("properties"), "accountEndpoint"));
}

Result<> create_account(ManagementClient& client, const IdentityPart& words) {
  const std::string group = client.scope() + "/resourcegroups/" + percent_encode(words->group);
  const std::string place = json::serialize(json::object{{"location", words->location}});
  if (!client.send("GET", group)) TRY(client.send("PUT", group, place));
  const std::string id = client.scope() + "/resourceGroups/" + percent_encode(words->group) +
                         "/providers/Microsoft.Batch/batchAccounts/" + percent_encode(words->name);
  const json::value account = TRY(client.send("PUT", id, place));
  return print_keys(client, id, text_in(account.at("properties"), "accountEndpoint"));
}

Result<> remove_account(ManagementClient& client, const IdentityPart& words) {
  const std::string id = TRY(id_of_account(client, words->name));
  TRY(client.send("DELETE", id));
  return Done();
}

Result<> renew_key(ManagementClient& client, const IdentityPart& words) {
  const std::string id = TRY(id_of_account(client, words->name));
  const std::string which = words->key == "secondary" ? "Secondary" : "Primary";
  TRY(client.send("POST", id + "/regenerateKeys",
                  json::serialize(json::object{{"keyName", which}})));
  return show_account(client, words);
}

Result<> list_keys(ManagementClient& client, const IdentityPart& words) {
  const std::string id = TRY(id_of_account(client, words->name));
  const json::value keys = TRY(client.send("POST", id + "/listKeys"));
  if (words->output == "json") {
    fmt::print("{}\n", json::serialize(keys));
    return Done();
  }
  Table table{.head = {"KEY", "VALUE"}};
  for (const char* name : {"primary", "secondary"})
    table.rows.push_back({name, text_in(keys, name)});
  fmt::print("{}", table.text());
  return Done();
}

void add_renewal(CLI::App& renew, const IdentityPart& words, int& code) {
  renew.add_option("--key-name", words->key, "primary or secondary")
      ->check(CLI::IsMember({"primary", "secondary"}))
      ->capture_default_str();
  on_management(renew, words, code,
                [words](ManagementClient& client) { return renew_key(client, words); });
}

CLI::App* verb_of(CLI::App& parent, const IdentityPart& words, const char* name, const char* help,
                  const char* about) {
  CLI::App* verb = parent.add_subcommand(name, help);
  verb->add_option("name", words->name, about)->required();
  return verb;
}

}  // namespace

void add_identity_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<IdentityWords>();
  CLI::App* parent = program.add_subcommand(
      "identity", "service principals, who log in to the management plane, and their roles");
  parent->require_subcommand(1);
  parent->footer(identity_footer);
  CLI::App* list = parent->add_subcommand("list", "who is known, and with which roles");
  add_identity_output(*list, words);
  on_management(*list, words, code,
                [words](ManagementClient& client) { return list_identities(client, words); });
  CLI::App* add =
      verb_of(*parent, words, "add", "a new one; prints what it logs in with", "for people");
  add_role(*add, words, false);
  CLI::Option* issuer =
      add->add_option("--issuer", words->issuer,
                      "an issuer of --trust: it says who somebody is, there is no secret");
  CLI::Option* subject =
      add->add_option("--subject", words->subject, "what its tokens name them ('oid', or 'sub')");
  issuer->needs(subject);
  subject->needs(issuer);
  on_management(*add, words, code,
                [words](ManagementClient& client) { return add_identity(client, words); });
  CLI::App* assign = verb_of(*parent, words, "assign", "give a role", "its name or client id");
  add_role(*assign, words, true)->required();
  on_management(*assign, words, code,
                [words](ManagementClient& client) { return change_role(client, words, "PUT"); });
  CLI::App* withdraw =
      verb_of(*parent, words, "withdraw", "take a role away", "its name or client id");
  add_role(*withdraw, words, true)->required();
  on_management(*withdraw, words, code,
                [words](ManagementClient& client) { return change_role(client, words, "DELETE"); });
  CLI::App* remove =
      verb_of(*parent, words, "remove", "it is known no longer", "its name or client id");
  on_management(*remove, words, code, [words](ManagementClient& client) -> Result<> {
    TRY(client.send("DELETE", "/batchyard/principals/" + percent_encode(words->name)));
    return Done();
  });
}

namespace {

void add_keys_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<IdentityWords>();
  CLI::App* parent = program.add_subcommand("keys", "keys of Batch accounts, which sign requests");
  parent->require_subcommand(1);
  CLI::App* list = verb_of(*parent, words, "list", "both keys of an account", "the account");
  add_identity_output(*list, words);
  on_management(*list, words, code,
                [words](ManagementClient& client) { return list_keys(client, words); });
  CLI::App* renew = verb_of(*parent, words, "renew",
                            "make a key anew; the old one is good for nothing then", "the account");
  add_renewal(*renew, words, code);
}

}  // namespace

void add_account_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<IdentityWords>();
  CLI::App* parent = program.add_subcommand("account", "Batch accounts of this installation");
  parent->require_subcommand(1);
  CLI::App* list = parent->add_subcommand("list", "all accounts");
  add_identity_output(*list, words);
  on_management(*list, words, code,
                [words](ManagementClient& client) { return list_the_accounts(client, words); });
  CLI::App* create = verb_of(*parent, words, "create", "a new one; prints how clients reach it",
                             "3 to 24 lower-case letters and digits");
  create->add_option("--group", words->group, "its resource group, made if need be")
      ->capture_default_str();
  create->add_option("--location", words->location, "any name")->capture_default_str();
  on_management(*create, words, code,
                [words](ManagementClient& client) { return create_account(client, words); });
  CLI::App* show = verb_of(*parent, words, "show", "how clients reach it", "the account");
  on_management(*show, words, code,
                [words](ManagementClient& client) { return show_account(client, words); });
  CLI::App* renew = verb_of(*parent, words, "renew-key",
                            "make a key anew; the old one is good for nothing then", "the account");
  add_renewal(*renew, words, code);
  CLI::App* remove =
      verb_of(*parent, words, "delete", "with its pools, jobs and storage", "the account");
  on_management(*remove, words, code,
                [words](ManagementClient& client) { return remove_account(client, words); });
  add_keys_commands(program, code);
}

}  // namespace batchyard::cli
