#include "identity/token.h"

extern "C" {
#include <jansson.h>
#include <jose/jws.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdarg>
#include <cstdlib>

#include "base/text.h"

namespace batchyard::identity {

namespace {

namespace json = boost::json;

constexpr std::string_view algorithm = "RS256";  // what we sign with
constexpr std::string_view accepted_algorithms[] = {"RS256", "RS384", "RS512", "ES256", "ES384"};
constexpr std::size_t token_max = 16 * 1024;  // bytes; longer ones are not looked at

// jansson's values, which libjose speaks.
struct Unref {
  void operator()(json_t* value) const { json_decref(value); }
};
using Jansson = std::unique_ptr<json_t, Unref>;

Jansson load(std::string_view text) {
  return Jansson(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
}

std::string dump(const json_t* value) {
  const std::unique_ptr<char, decltype(&std::free)> text(
      json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS), &std::free);
  return text ? std::string(text.get()) : std::string();
}

// libjose would write to the terminal what it does not like.
void say_nothing(void*, const char*, int, std::uint64_t, const char*, va_list) {}

struct Unconfigure {
  void operator()(jose_cfg_t* configuration) const { jose_cfg_decref(configuration); }
};
using Quiet = std::unique_ptr<jose_cfg_t, Unconfigure>;
Quiet quiet() {
  Quiet configuration(jose_cfg());
  jose_cfg_set_err_func(configuration.get(), &say_nothing, nullptr);
  return configuration;
}

std::string text_in(const json_t* object, const char* name) {
  const char* text = json_string_value(json_object_get(object, name));
  return text == nullptr ? std::string() : std::string(text);
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::unexpected<Error> refuse(std::string code, std::string message) {
  return fail(Kind::unauthenticated, std::move(code), std::move(message));
}

// The three parts of a token in its short form; nothing when it has others.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};
std::optional<Parts> parts_of(std::string_view token) {
  if (token.size() > token_max) return std::nullopt;
  const std::vector<std::string_view> parts = split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  return Parts{parts[0], parts[1], parts[2]};
}

std::optional<json::object> object_of(std::string_view base64url) {
  const std::optional<std::string> text = base64url_decode(base64url);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  const json::value value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return value.get_object();
}

std::optional<Time> time_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  const auto seconds = value->to_number<std::int64_t>(error);
  // Beyond that, sums with times would overflow.
  if (error || seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
  return Time(std::chrono::seconds(seconds));
}

std::int64_t seconds_of(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

// Its audience may be a list.
bool is_for(const json::object& claims, const std::vector<std::string>& audiences,
            std::string& audience) {
  const json::value* value = claims.if_contains("aud");
  if (value == nullptr) return false;
  const auto fits = [&](const json::value& one) {
    if (!one.is_string()) return false;
    audience = one.get_string();
    return std::ranges::find(audiences, audience) != audiences.end();
  };
  return value->is_array() ? std::ranges::any_of(value->get_array(), fits) : fits(*value);
}

std::vector<std::string> names_of(const std::vector<Issuer>& issuers) {
  std::vector<std::string> names;
  for (const Issuer& issuer : issuers) names.push_back(issuer.name());
  return names;
}

Result<Claims> claims_of(const json::object& claims, const std::vector<std::string>& audiences,
                         Time now) {
  Claims found{.issuer = text_in(claims, "iss"),
               .tenant = text_in(claims, "tid"),
               .object = text_in(claims, "oid"),
               .application = text_in(claims, "appid"),
               .name = text_in(claims, "preferred_username")};
  if (found.object.empty()) found.object = text_in(claims, "sub");
  if (found.application.empty()) found.application = text_in(claims, "azp");
  if (!is_for(claims, audiences, found.audience))
    return refuse(
        "InvalidAuthenticationTokenAudience",
        fmt::format("The access token has been obtained for the audience '{}', which is not "
                    "this one. Ask for a token for one of: {}.",
                    found.audience, join(audiences, ", ")));
  const std::optional<Time> expires = time_in(claims, "exp");
  if (!expires)
    return refuse("InvalidAuthenticationToken", "The access token has no time of expiry (exp).");
  if (*expires + clock_skew <= now)
    return refuse("ExpiredAuthenticationToken",
                  fmt::format("The access token expired at {}, it is {} now. Ask for a new one.",
                              to_iso8601(*expires), to_iso8601(now)));
  found.expires = *expires;
  found.not_before = time_in(claims, "nbf").value_or(Time());
  found.issued = time_in(claims, "iat").value_or(Time());
  if (found.not_before - clock_skew > now)
    return refuse(
        "InvalidAuthenticationToken",
        fmt::format("The access token is not yet good: it begins at {}, it is {} now. Look at "
                    "the clocks.",
                    to_iso8601(found.not_before), to_iso8601(now)));
  if (found.object.empty())
    return refuse("InvalidAuthenticationToken", "The access token names no holder (oid or sub).");
  return found;
}

}  // namespace

Result<SigningKey> SigningKey::open(std::string_view jwk) {
  const Jansson key = load(jwk);
  if (!key || text_in(key.get(), "kty") != "RSA" || text_in(key.get(), "d").empty())
    return fail(Kind::invalid, "InvalidKey", "The signing key is no private RSA key (RFC 7517).");
  SigningKey opened;
  opened.id_ = text_in(key.get(), "kid");
  const Jansson shown(json_pack("{s:[{s:s,s:s,s:s,s:s,s:s,s:s}]}", "keys", "kty", "RSA", "use",
                                "sig", "alg", std::string(algorithm).c_str(), "kid",
                                opened.id_.c_str(), "n", text_in(key.get(), "n").c_str(), "e",
                                text_in(key.get(), "e").c_str()));
  opened.public_set_ = dump(shown.get());
  opened.jwk_ = jwk;
  return opened;
}

std::string SigningKey::sign(const Claims& claims) const {
  const json::object payload{{"iss", claims.issuer},
                             {"aud", claims.audience},
                             {"tid", claims.tenant},
                             {"oid", claims.object},
                             {"sub", claims.object},
                             {"appid", claims.application},
                             {"idtyp", "app"},
                             {"ver", "1.0"},
                             {"iat", seconds_of(claims.issued)},
                             {"nbf", seconds_of(claims.not_before)},
                             {"exp", seconds_of(claims.expires)}};
  const Jansson key = load(jwk_);
  const std::string encoded = base64url_encode(json::serialize(payload));
  const Jansson token(json_pack("{s:s}", "payload", encoded.c_str()));
  json_t* header = json_pack("{s:{s:s,s:s,s:s}}", "protected", "alg",
                             std::string(algorithm).c_str(), "typ", "JWT", "kid", id_.c_str());
  const Jansson held(header);
  if (!key || !token || !jose_jws_sig(quiet().get(), token.get(), header, key.get())) return {};
  return text_in(token.get(), "protected") + "." + encoded + "." +
         text_in(token.get(), "signature");
}

Result<Issuer> Issuer::open(std::string name, std::string_view key_set,
                            std::vector<std::string> audiences) {
  const Jansson set = load(key_set);
  if (!set || !json_is_array(json_object_get(set.get(), "keys")))
    return fail(
        Kind::invalid, "InvalidKey",
        fmt::format("The keys of the issuer {} are no JSON Web Key set (RFC 7517, section 5): "
                    "an object with the list \"keys\" is expected.",
                    name));
  Issuer issuer;
  issuer.name_ = std::move(name);
  issuer.key_set_ = key_set;
  issuer.audiences_ = std::move(audiences);
  return issuer;
}

bool Issuer::signed_by(std::string_view token) const {
  const std::optional<Parts> parts = parts_of(token);
  if (!parts) return false;
  const std::optional<json::object> header = object_of(parts->header);
  if (!header || std::ranges::find(accepted_algorithms, text_in(*header, "alg")) ==
                     std::end(accepted_algorithms))
    return false;
  const Jansson jws(json_pack("{s:s%,s:s%,s:s%}", "protected", parts->header.data(),
                              parts->header.size(), "payload", parts->payload.data(),
                              parts->payload.size(), "signature", parts->signature.data(),
                              parts->signature.size()));
  const Jansson set = load(key_set_);
  if (!jws || !set) return false;
  const Quiet configuration = quiet();
  const std::string wanted = text_in(*header, "kid");
  std::size_t index = 0;
  json_t* key = nullptr;
  json_array_foreach(json_object_get(set.get(), "keys"), index, key) {
    const std::string id = text_in(key, "kid");
    if (!wanted.empty() && !id.empty() && wanted != id) continue;
    const std::string kind = text_in(key, "kty");
    if ((kind == "RSA" || kind == "EC") &&
        jose_jws_ver(configuration.get(), jws.get(), nullptr, key, true))
      return true;
  }
  return false;
}

Result<Claims> check_token(std::string_view token, const std::vector<Issuer>& issuers,
                           const std::vector<std::string>& audiences, Time now) {
  const std::optional<Parts> parts = parts_of(token);
  const std::optional<json::object> claims = parts ? object_of(parts->payload) : std::nullopt;
  if (!claims)
    return refuse("InvalidAuthenticationToken",
                  "The access token is no JSON Web Token: three parts in base64url, with dots "
                  "between them, are expected.");
  const std::string name = text_in(*claims, "iss");
  const auto issuer = std::ranges::find(issuers, name, &Issuer::name);
  if (issuer == issuers.end())
    return refuse("InvalidAuthenticationTokenIssuer",
                  fmt::format("The access token is from the wrong issuer '{}'. Known are: {}.",
                              name, join(names_of(issuers), ", ")));
  if (!issuer->signed_by(token))
    return refuse(
        "InvalidAuthenticationToken",
        fmt::format("The signature of the access token is none of the issuer '{}'.", name));
  std::vector<std::string> meant = audiences;
  meant.insert(meant.end(), issuer->audiences().begin(), issuer->audiences().end());
  return claims_of(*claims, meant, now);
}

}  // namespace batchyard::identity
