// Where clients log in: what they ask first about a cloud, and the tokens of service principals and
// of the managed identity. The answers of the token endpoints are OAuth's (RFC 6749, section 5).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "arm/management.h"
#include "arm/principal.h"
#include "base/text.h"
#include "signing/signing.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr Duration token_life = std::chrono::hours(1);

// The published name of the data plane's resource; clients have it built in.
constexpr std::string_view batch_resource = "https://batch.core.windows.net/";
constexpr std::string_view management_resources[] = {"https://management.azure.com/",
                                                     "https://management.core.windows.net/"};

std::string trimmed_resource(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

// "…/.default" asks for all that a resource has.
std::string resource_of(const std::map<std::string, std::string>& form) {
  if (const auto resource = form.find("resource"); resource != form.end()) return resource->second;
  const auto scope = form.find("scope");
  if (scope == form.end()) return {};
  for (const std::string_view one : split(scope->second, ' ')) {
    constexpr std::string_view all = "/.default";
    if (one.ends_with(all)) return std::string(one.substr(0, one.size() - all.size()));
  }
  return {};
}

std::string value_of(const std::map<std::string, std::string>& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

void refuse_token(Call& call, int status, std::string_view error, const std::string& description) {
  answer_json(call,
              json::object{{"error", error},
                           {"error_description", readable(description, 2048)},
                           {"timestamp", to_iso8601(call.now)},
                           {"trace_id", call.request_id},
                           {"correlation_id", call.request_id}},
              status);
}

std::int64_t seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string Management::issuer_of() const {
  // Where an installation is reached under may change; who it is does not.
  return fmt::format("https://sts.batchyard/{}/", site_.tenant);
}

std::vector<std::string> Management::audiences_of(const Call& call, Plane plane) {
  std::vector<std::string> resources;
  if (plane == Plane::data) {
    resources.emplace_back(batch_resource);
  } else {
    // A client names the host itself: the data plane's name would let its tokens in here.
    if (std::string own = call.base_url() + "/"; !same_folded(own, batch_resource))
      resources.push_back(std::move(own));
    for (const std::string_view one : management_resources) resources.emplace_back(one);
  }
  std::vector<std::string> audiences;
  for (const std::string& one : resources) {
    audiences.push_back(one);
    audiences.push_back(trimmed_resource(one));
  }
  return audiences;
}

// Version 2015-01-01 is what `az cloud register` reads; later ones are lists of clouds.
void Management::endpoints(Call call) {
  const std::string base = call.base_url();
  json::object authentication{{"loginEndpoint", base + "/adfs"},
                              {"audiences", json::array{base + "/"}},
                              {"tenant", site_.tenant},
                              {"identityProvider", "ADFS"}};
  if (call.query_value("api-version") == "2015-01-01")
    return answer_json(call, json::object{{"galleryEndpoint", base + "/"},
                                          {"graphEndpoint", base + "/"},
                                          {"portalEndpoint", base + "/"},
                                          {"graphAudience", base + "/"},
                                          {"authentication", std::move(authentication)}});
  json::object cloud{{"name", site_.name},
                     {"portal", base + "/"},
                     {"authentication", std::move(authentication)},
                     {"graphAudience", base + "/"},
                     {"graph", base + "/"},
                     {"resourceManager", base + "/"},
                     {"batch", batch_resource},
                     {"gallery", base + "/"},
                     {"suffixes", json::object()}};
  answer_json(call, json::array{std::move(cloud)});
}

void Management::openid_configuration(Call call) {
  const std::string base = call.base_url();
  answer_json(
      call,
      json::object{{"issuer", issuer_of()},
                   {"authorization_endpoint", base + "/adfs/oauth2/authorize"},
                   {"token_endpoint", base + "/adfs/oauth2/token"},
                   {"device_authorization_endpoint", base + "/adfs/oauth2/devicecode"},
                   {"jwks_uri", base + "/adfs/discovery/keys"},
                   {"response_types_supported", json::array{"token"}},
                   {"subject_types_supported", json::array{"pairwise"}},
                   {"id_token_signing_alg_values_supported", json::array{"RS256"}},
                   {"grant_types_supported", json::array{"client_credentials"}},
                   {"token_endpoint_auth_methods_supported", json::array{"client_secret_post"}}});
}

void Management::signing_keys(Call call) {
  answer_json(call, object_of(ports_.key->public_set()));
}

void Management::instance_discovery(Call call) {
  answer_json(call, json::object{{"tenant_discovery_endpoint",
                                  call.base_url() + "/adfs/.well-known/openid-configuration"},
                                 {"api-version", "1.1"},
                                 {"metadata", json::array()}});
}

json::object Management::token_for(const Call& call, const Principal& principal,
                                   const std::string& resource) const {
  const identity::Claims claims{.issuer = issuer_of(),
                                .audience = resource,
                                .tenant = site_.tenant,
                                .object = principal.object,
                                .application = principal.client,
                                .name = {},
                                .issued = call.now,
                                .not_before = call.now,
                                .expires = call.now + token_life};
  const auto life = std::chrono::duration_cast<std::chrono::seconds>(token_life).count();
  return {{"token_type", "Bearer"},
          {"access_token", ports_.key->sign(claims)},
          {"expires_in", life},
          {"ext_expires_in", life},
          {"expires_on", std::to_string(seconds_of(claims.expires))},
          {"not_before", std::to_string(seconds_of(claims.not_before))},
          {"resource", resource}};
}

bool Management::is_resource(const Call& call, const std::string& resource) {
  for (const Plane plane : {Plane::management, Plane::data}) {
    for (const std::string& audience : audiences_of(call, plane)) {
      if (audience == resource) return true;
    }
  }
  return false;
}

void Management::give_token(Call call) {
  const std::map<std::string, std::string> form = parse_query("?" + call.request.body);
  if (value_of(form, "grant_type") != "client_credentials")
    return refuse_token(call, 400, "unsupported_grant_type",
                        fmt::format("grant_type is '{}'. Log in as a service principal: "
                                    "grant_type=client_credentials, client_id and client_secret.",
                                    value_of(form, "grant_type")));
  const std::string resource = resource_of(form);
  if (!is_resource(call, resource))
    return refuse_token(
        call, 400, "invalid_resource",
        fmt::format("The resource '{}' is none of this installation. Give scope={}/.default for "
                    "the management plane, or scope={}.default for the data plane.",
                    resource, call.base_url(), batch_resource));
  const std::string client = value_of(form, "client_id");
  const Result<std::optional<Record>> record =
      ports_.registry->read(RecordKind::principal, {}, client);
  if (!record) return answer_error(call, record.error());
  const std::string digest = ports_.digest(value_of(form, "client_secret"));
  const Principal principal = *record ? principal_of(**record) : Principal();
  // Who guesses learns no more of an id that is there than of one that is not.
  if (principal.digest.empty() || !equal_in_constant_time(principal.digest, digest))
    return refuse_token(call, 401, "invalid_client",
                        fmt::format("The client '{}' is not known, or its secret is another one. "
                                    "`batchyard identity list` shows who is known.",
                                    client));
  answer_json(call, token_for(call, principal, resource), 200, {{"Cache-Control", "no-store"}});
}

void Management::give_identity_token(Call call) {
  std::map<std::string, std::string> form = call.query;
  for (const auto& [name, value] : parse_query("?" + call.request.body)) form.emplace(name, value);
  const std::string resource = resource_of(form);
  const auto refuse_it = [&](const std::string& why) {
    refuse_token(call, 400, "invalid_request", why);
  };
  if (!is_resource(call, resource))
    return refuse_it(
        fmt::format("The resource '{}' is none of this installation. Ask for {} or {}.", resource,
                    call.base_url(), batch_resource));
  const Result<std::optional<Record>> record =
      ports_.registry->read(RecordKind::principal, {}, site_.managed_identity);
  if (!record) return answer_error(call, record.error());
  if (!*record) return refuse_it("The managed identity of this installation was removed.");
  const Principal principal = principal_of(**record);
  const std::string asked = value_of(form, "client_id");
  if (!asked.empty() && !same_folded(asked, principal.client))
    return refuse_it(
        fmt::format("There is no managed identity with the client id '{}' here; there "
                    "is '{}'.",
                    asked, principal.client));
  answer_json(call, token_for(call, principal, resource), 200, {{"Cache-Control", "no-store"}});
}

}  // namespace batchyard::arm
