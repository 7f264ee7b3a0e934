// The network of a pool: endpoints, their ports and rules, addresses, the subnet.
#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const network_api = "BatchService.json";
const std::string network_at = "networkConfiguration";
const std::string endpoints_at = "networkConfiguration/endpointConfiguration/inboundNATPools";
const std::string addresses_at = "networkConfiguration/publicIPAddressConfiguration";
constexpr std::size_t endpoints_max = 5;
constexpr std::size_t security_rules_max = 25;
constexpr std::size_t endpoint_name_max = 77;

void each_endpoint(const Definition& pool,
                   const std::function<void(const std::string& endpoint)>& look) {
  for (std::size_t at = 0; at < pool.count(endpoints_at); ++at)
    look(fmt::format("{}/{}", endpoints_at, at));
}

// Of all endpoints, by their path.
void each_security_rule(const Definition& pool,
                        const std::function<void(const std::string& rule)>& look) {
  each_endpoint(pool, [&](const std::string& endpoint) {
    for (std::size_t at = 0; at < pool.count(endpoint + "/networkSecurityGroupRules"); ++at)
      look(fmt::format("{}/networkSecurityGroupRules/{}", endpoint, at));
  });
}

bool provides_none(const Definition& pool) {
  return pool.is(addresses_at + "/provision", "noPublicIPAddresses");
}

void find_overlap(const Definition& pool, Report& report) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  each_endpoint(pool, [&](const std::string& endpoint) {
    const auto start = pool.number(endpoint + "/frontendPortRangeStart");
    const auto end = pool.number(endpoint + "/frontendPortRangeEnd");
    if (!start || !end) return;
    for (const auto& [other_start, other_end] : ranges) {
      if (*start <= other_end && *end >= other_start)
        report.at(endpoint + "/frontendPortRangeStart",
                  fmt::format("The ports {} to {} overlap with {} to {} of another endpoint.",
                              *start, *end, other_start, other_end));
    }
    ranges.emplace_back(*start, *end);
  });
}

}  // namespace

std::vector<Rule> network_rules() {
  using enum Severity;
  return {
      {"endpoints-many", error, network_api, "A pool has at most 5 endpoints.",
       [](const Definition& pool, Report& report) {
         if (pool.count(endpoints_at) > endpoints_max)
           report.at(endpoints_at, "A pool can have at most 5 endpoints.").value =
               std::to_string(pool.count(endpoints_at));
       }},
      {"endpoint-name", error, network_api,
       "A name has 1 to 77 letters, digits, '_', '.' and '-', and starts with a letter or digit.",
       [](const Definition& pool, Report& report) {
         each_endpoint(pool, [&](const std::string& endpoint) {
           const std::string name = pool.text(endpoint + "/name");
           constexpr const char* letters =
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
           if (!name.empty() && (name.size() > endpoint_name_max ||
                                 name.find_first_not_of(letters) != std::string::npos ||
                                 name.front() == '_' || name.front() == '.' || name.front() == '-'))
             report.at(endpoint + "/name", "Give 1 to 77 letters, digits, '_', '.' and '-'.");
         });
       }},
      {"endpoint-name-twice", error, network_api, "Endpoints are told by their names.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, int> names;
         each_endpoint(pool, [&](const std::string& endpoint) {
           const std::string name = fold(pool.text(endpoint + "/name"));
           if (!name.empty() && ++names[name] == 2)
             report.at(endpoint + "/name", "Another endpoint of the pool has this name.");
         });
       }},
      {"endpoint-reserved-port", error, network_api,
       "The node agent has the ports 29876 and 29877.",
       [](const Definition& pool, Report& report) {
         each_endpoint(pool, [&](const std::string& endpoint) {
           const auto port = pool.number(endpoint + "/backendPort");
           if (port && (*port == 29876 || *port == 29877))
             report.at(endpoint + "/backendPort",
                       "The node agent uses it itself (29876, 29877). Give another one.");
         });
       }},
      {"endpoint-port-range", error, network_api, "A port is 1 to 65535.",
       [](const Definition& pool, Report& report) {
         each_endpoint(pool, [&](const std::string& endpoint) {
           for (const char* member :
                {"/backendPort", "/frontendPortRangeStart", "/frontendPortRangeEnd"}) {
             const auto port = pool.number(endpoint + member);
             if (port && (*port < 1 || *port > 65535))
               report.at(endpoint + member, "It must be from 1 to 65535.");
           }
         });
       }},
      {"endpoint-reserved-range", error, network_api,
       "The front end's ports 50000 to 55000 are the service's.",
       [](const Definition& pool, Report& report) {
         each_endpoint(pool, [&](const std::string& endpoint) {
           const auto start = pool.number(endpoint + "/frontendPortRangeStart");
           const auto end = pool.number(endpoint + "/frontendPortRangeEnd");
           if (start && end && *start <= 55000 && *end >= 50000)
             report.at(endpoint + "/frontendPortRangeStart",
                       "Ports 50000 to 55000 are reserved. Give a range outside of them.");
         });
       }},
      {"endpoint-short-range", error, network_api,
       "Each node takes a port of the range: it has at least 40.",
       [](const Definition& pool, Report& report) {
         each_endpoint(pool, [&](const std::string& endpoint) {
           const auto start = pool.number(endpoint + "/frontendPortRangeStart");
           const auto end = pool.number(endpoint + "/frontendPortRangeEnd");
           if (start && end && *end - *start + 1 < 40)
             report
                 .at(endpoint + "/frontendPortRangeEnd",
                     fmt::format("The range has {} ports; at least 40 are needed.",
                                 *end - *start + 1))
                 .set(endpoint + "/frontendPortRangeEnd", *start + 39);
         });
       }},
      {"endpoint-overlap", error, network_api, "A port leads to one endpoint.", find_overlap},
      {"security-rules-many", error, network_api, "A pool has at most 25 rules of its network.",
       [](const Definition& pool, Report& report) {
         std::size_t rules = 0;
         each_security_rule(pool, [&](const std::string&) { ++rules; });
         if (rules > security_rules_max)
           report.at(endpoints_at, "All endpoints together can have at most 25 rules.").value =
               std::to_string(rules);
       }},
      {"security-rule-priority", error, network_api, "Priorities of rules are 150 to 4096.",
       [](const Definition& pool, Report& report) {
         each_security_rule(pool, [&](const std::string& rule) {
           const auto priority = pool.number(rule + "/priority");
           if (priority && (*priority < 150 || *priority > 4096))
             report.at(rule + "/priority", "It must be from 150 to 4096.");
         });
       }},
      {"security-rule-priority-twice", error, network_api,
       "Rules are taken in the order of their priorities, which differ in an endpoint.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, int> taken;
         each_security_rule(pool, [&](const std::string& rule) {
           const auto priority = pool.number(rule + "/priority");
           const std::string endpoint = rule.substr(0, rule.find("/networkSecurityGroupRules"));
           if (priority && ++taken[fmt::format("{} {}", endpoint, *priority)] == 2)
             report.at(rule + "/priority", "Another rule of the endpoint has this priority.");
         });
       }},
      {"security-rule-unreachable", warning, network_api,
       "Rules of lower number come first; one for everybody decides before the others.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, std::int64_t> all;
         each_security_rule(pool, [&](const std::string& rule) {
           const std::string prefix = pool.text(rule + "/sourceAddressPrefix");
           const std::string endpoint = rule.substr(0, rule.find("/networkSecurityGroupRules"));
           const auto priority = pool.number(rule + "/priority");
           if (priority && (prefix == "*" || prefix == "0.0.0.0/0")) all[endpoint] = *priority;
         });
         each_security_rule(pool, [&](const std::string& rule) {
           const std::string endpoint = rule.substr(0, rule.find("/networkSecurityGroupRules"));
           const auto priority = pool.number(rule + "/priority");
           if (priority && all.contains(endpoint) && *priority > all[endpoint])
             report.at(rule + "/priority",
                       fmt::format("The rule for everybody, of priority {}, decides before it. "
                                   "Give this one a lower number.",
                                   all[endpoint]));
         });
       }},
      {"addresses-without-list", error, network_api,
       "Addresses of one's own are named by their ids.",
       [](const Definition& pool, Report& report) {
         if (pool.is(addresses_at + "/provision", "userManaged") &&
             pool.count(addresses_at + "/ipAddressIds") == 0)
           report.at(addresses_at + "/ipAddressIds", "Give the ids of the public addresses.");
       }},
      {"addresses-list-unused", error, network_api, "Addresses are listed when they are one's own.",
       [](const Definition& pool, Report& report) {
         if (pool.count(addresses_at + "/ipAddressIds") > 0 &&
             !pool.is(addresses_at + "/provision", "userManaged"))
           report.at(addresses_at + "/ipAddressIds", "It goes with provision userManaged alone.")
               .set(addresses_at + "/provision", "userManaged");
       }},
      {"addresses-too-few", warning, network_api,
       "One public address serves 100 dedicated or 100 low-priority nodes.",
       [](const Definition& pool, Report& report) {
         const auto addresses =
             static_cast<std::int64_t>(pool.count(addresses_at + "/ipAddressIds"));
         const std::int64_t nodes = std::max(pool.number("targetDedicatedNodes").value_or(0),
                                             pool.number("targetLowPriorityNodes").value_or(0));
         if (addresses > 0 && nodes > 100 * addresses)
           report.at(addresses_at + "/ipAddressIds",
                     fmt::format("{} addresses serve {} nodes, and {} are asked for.", addresses,
                                 100 * addresses, nodes));
       }},
      {"addresses-none-with-endpoints", warning, "batch-pool-no-public-ip-address.md",
       "Endpoints lie on public addresses.",
       [](const Definition& pool, Report& report) {
         if (provides_none(pool) && pool.count(endpoints_at) > 0)
           report
               .at(addresses_at + "/provision",
                   "Without public addresses nobody reaches the endpoints. Leave them out, or "
                   "give BatchManaged.")
               .remove(network_at + "/endpointConfiguration");
       }},
      {"addresses-none-without-subnet", note, "batch-pool-no-public-ip-address.md",
       "A node without a public address reaches the Internet by its subnet's gateway alone.",
       [](const Definition& pool, Report& report) {
         if (provides_none(pool) && !pool.given(network_at + "/subnetId"))
           report.at(network_at + "/subnetId",
                     "Give a subnet whose gateway leads to what the tasks download.");
       }},
      {"subnet-id", error, network_api, "A subnet is named by its resource id.",
       [](const Definition& pool, Report& report) {
         const std::string id = fold(pool.text(network_at + "/subnetId"));
         if (!id.empty() &&
             (!id.starts_with("/subscriptions/") || id.find("/subnets/") == std::string::npos))
           report.at(network_at + "/subnetId",
                     "Write it as /subscriptions/…/virtualNetworks/NETWORK/subnets/SUBNET.");
       }},
      {"subnet-of-job", error, network_api, "A network that a job brings is not the pool's own.",
       [](const Definition& pool, Report& report) {
         if (pool.is(network_at + "/dynamicVNetAssignmentScope", "job") &&
             pool.given(network_at + "/subnetId"))
           report
               .at(network_at + "/subnetId",
                   "It excludes dynamicVNetAssignmentScope job. Leave one of them out.")
               .remove(network_at + "/dynamicVNetAssignmentScope");
       }},
      {"subnet-of-classic-network", error, network_api,
       "Virtual machines lie in networks of the resource manager.",
       [](const Definition& pool, Report& report) {
         if (pool.on_machines() &&
             fold(pool.text(network_at + "/subnetId")).find("microsoft.classicnetwork") !=
                 std::string::npos)
           report.at(network_at + "/subnetId",
                     "It is a classic network. Give one of Microsoft.Network.");
       }},
  };
}

}  // namespace batchyard::preflight
