#include "blob/sas.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "blob/codes.h"
#include "signing/signing.h"

namespace batchyard::blob {

namespace {

constexpr std::string_view signed_version = "2021-12-02";  // of signatures that we make
// What is signed has changed with these.
constexpr std::string_view oldest_version = "2015-04-05";
constexpr std::string_view with_resource = "2018-11-09";
constexpr std::string_view with_scope = "2020-12-06";

std::unexpected<Error> unsigned_rightly(std::string why) {
  return refused("AuthenticationFailed", {}, {{"AuthenticationErrorDetail", std::move(why)}});
}

std::optional<Time> sas_time(std::string_view text) {
  if (text.size() == 10) return parse_iso8601(std::string(text) + "T00:00:00Z");
  if (text.size() == 17 && text.ends_with('Z'))
    return parse_iso8601(std::string(text.substr(0, 16)) + ":00Z");
  return parse_iso8601(text);
}

bool is_within(std::string_view range, std::string_view peer) {
  const auto number = [](std::string_view text) -> std::optional<std::uint32_t> {
    std::uint32_t address = 0;
    const std::vector<std::string_view> parts = split(text, '.');
    if (parts.size() != 4) return std::nullopt;
    for (const std::string_view part : parts) {
      const std::optional<std::int64_t> value = parse_integer(part);
      if (!value || *value < 0 || *value > 255) return std::nullopt;
      address = address << 8U | static_cast<std::uint32_t>(*value);
    }
    return address;
  };
  const std::size_t dash = std::min(range.find('-'), range.size());
  const auto first = number(range.substr(0, dash));
  const auto last = dash == range.size() ? first : number(range.substr(dash + 1));
  const auto caller = number(peer);
  return first && last && caller && *first <= *caller && *caller <= *last;
}

// The members that both kinds have, a stored policy's among them.
struct Members {
  std::string permissions;
  std::string start;
  std::string expiry;
};

Result<> check_validity(const SasCall& call, const Members& members, Time now) {
  const std::optional<Time> expiry = sas_time(members.expiry);
  if (!expiry)
    return unsigned_rightly("se is missing or no time: give the expiry as 2030-01-31T12:00:00Z");
  if (!members.start.empty()) {
    const std::optional<Time> start = sas_time(members.start);
    if (!start) return unsigned_rightly("st is no time: write it as 2030-01-31T12:00:00Z");
    if (now < *start)
      return unsigned_rightly(
          fmt::format("Signature not valid in the specified time frame: it begins at {}, and it is "
                      "{} now.",
                      members.start, to_iso8601(now)));
  }
  if (now >= *expiry)
    return unsigned_rightly(fmt::format(
        "Signature not valid in the specified time frame: it expired at {}, and it is {} now.",
        members.expiry, to_iso8601(now)));
  const std::string_view protocol = call.address.parameter("spr");
  if (protocol == "https" && call.scheme != "https")
    return refused("AuthorizationProtocolMismatch");
  const std::string_view range = call.address.parameter("sip");
  if (!range.empty() && !is_within(range, call.peer))
    return refused("AuthorizationSourceIPMismatch");
  return Done();
}

bool fits(const Account& account, const std::string& text, std::string_view signature) {
  return std::ranges::any_of(
      account.keys, [&](const std::string& key) { return is_signature(signature, key, text); });
}

std::string account_text(std::string_view name, const Address& address) {
  const auto member = [&](std::string_view of) { return address.parameter(of); };
  const std::string_view version = member("sv");
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", name, member("sp"), member("ss"),
                     member("srt"), member("st"), member("se"), member("sip"), member("spr"),
                     version,
                     version >= with_scope ? fmt::format("{}\n", member("ses")) : std::string());
}

std::string service_text(std::string_view name, const Address& address) {
  const auto member = [&](std::string_view of) { return address.parameter(of); };
  const std::string_view version = member("sv");
  std::string resource = fmt::format("/blob/{}/{}", name, address.container);
  if (member("sr") == "b") resource += "/" + address.blob;
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", member("sp"), member("st"), member("se"),
                  resource, member("si"), member("sip"), member("spr"), version);
  if (version >= with_resource) text += fmt::format("{}\n\n", member("sr"));
  if (version >= with_scope) text += fmt::format("{}\n", member("ses"));
  return text + fmt::format("{}\n{}\n{}\n{}\n{}", member("rscc"), member("rscd"), member("rsce"),
                            member("rscl"), member("rsct"));
}

Result<Grant> check_account_sas(const Account& account, const SasCall& call, Time now) {
  const Address& address = call.address;
  if (!fits(account, account_text(account.name, address), address.parameter("sig")))
    return unsigned_rightly(fmt::format("Signature did not match. String to sign used was {}",
                                        account_text(account.name, address)));
  const Members members{std::string(address.parameter("sp")), std::string(address.parameter("st")),
                        std::string(address.parameter("se"))};
  TRY(check_validity(call, members, now));
  if (!address.parameter("ss").contains('b')) return refused("AuthorizationServiceMismatch");
  const char type = facts_of(call.operation).type;
  if (type != '*' && !address.parameter("srt").contains(type))
    return refused("AuthorizationResourceTypeMismatch",
                   fmt::format("srt={} has no '{}', which {} needs.", address.parameter("srt"),
                               type, facts_of(call.operation).name));
  return Grant{members.permissions, true};
}

// What the signature says itself the policy may not say again.
Result<std::string> from_policy(std::string_view own, const std::string& stored,
                                std::string_view name) {
  if (!own.empty() && !stored.empty())
    return unsigned_rightly(fmt::format(
        "{} is set by the stored policy and by the signature; leave it out of one.", name));
  return own.empty() ? stored : std::string(own);
}

Result<Members> members_of(const Address& address, const Container* container) {
  const std::string_view id = address.parameter("si");
  Members members{std::string(address.parameter("sp")), std::string(address.parameter("st")),
                  std::string(address.parameter("se"))};
  if (id.empty()) return members;
  if (container == nullptr) return unsigned_rightly("The container of the policy is not there.");
  const auto policy = std::ranges::find(container->policies, id, &Policy::id);
  if (policy == container->policies.end())
    return unsigned_rightly(
        fmt::format("The container has no stored policy '{}'.", readable(id, 64)));
  members.permissions = TRY(from_policy(members.permissions, policy->permissions, "sp"));
  members.start = TRY(from_policy(members.start, policy->start, "st"));
  members.expiry = TRY(from_policy(members.expiry, policy->expiry, "se"));
  return members;
}

Result<Grant> check_service_sas(const Account& account, const SasCall& call,
                                const Container* container, Time now) {
  const Address& address = call.address;
  const std::string_view resource = address.parameter("sr");
  if (resource != "c" && resource != "b")
    return unsigned_rightly(fmt::format(
        "sr is '{}'; signatures are for c (a container) or b (a blob).", readable(resource, 20)));
  if (!fits(account, service_text(account.name, address), address.parameter("sig")))
    return unsigned_rightly(fmt::format("Signature did not match. String to sign used was {}",
                                        service_text(account.name, address)));
  const Members members = TRY(members_of(address, container));
  TRY(check_validity(call, members, now));
  return Grant{members.permissions, false};
}

std::string query_text(const std::vector<Parameter>& members) {
  std::string text;
  for (const Parameter& member : members) {
    if (member.value.empty()) continue;
    text +=
        fmt::format("{}{}={}", text.empty() ? "" : "&", member.name, percent_encode(member.value));
  }
  return text;
}

}  // namespace

bool has_sas(const Address& address) {
  return address.has("sig");
}

std::string_view policy_of(const Address& address) {
  return has_sas(address) && !address.has("ss") ? address.parameter("si") : std::string_view();
}

Result<Grant> check_sas(const Account& account, const SasCall& call, const Container* container,
                        Time now) {
  const Address& address = call.address;
  if (address.has("skoid"))
    return refused("FeatureNotSupported",
                   "Signatures by a user's delegation key are not known here; sign with the "
                   "account's key.");
  const std::string_view version = address.parameter("sv");
  if (version < oldest_version)
    return unsigned_rightly(fmt::format("sv is '{}'; signatures are known from {} on.",
                                        readable(version, 20), oldest_version));
  return address.has("ss") || address.has("srt") ? check_account_sas(account, call, now)
                                                 : check_service_sas(account, call, container, now);
}

std::string make_account_sas(const Account& account, const AccountSas& wanted) {
  Address address;
  address.query = {{"sv", std::string(signed_version)},
                   {"ss", "b"},
                   {"srt", wanted.types},
                   {"sp", wanted.permissions},
                   {"se", to_iso8601(std::chrono::floor<std::chrono::seconds>(wanted.expiry))}};
  address.query.push_back(
      {"sig", signature_of(account.keys.front(), account_text(account.name, address))});
  return query_text(address.query);
}

std::string make_service_sas(const Account& account, const ServiceSas& wanted) {
  Address address;
  address.container = wanted.container;
  address.blob = wanted.blob;
  const bool expires = wanted.expiry != Time();
  address.query = {
      {"sv", std::string(signed_version)},
      {"sr", wanted.blob.empty() ? "c" : "b"},
      {"sp", wanted.permissions},
      {"se", expires ? to_iso8601(std::chrono::floor<std::chrono::seconds>(wanted.expiry)) : ""},
      {"si", wanted.policy}};
  address.query.push_back(
      {"sig", signature_of(account.keys.front(), service_text(account.name, address))});
  return query_text(address.query);
}

}  // namespace batchyard::blob
