#include "service/shared_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <map>

#include "base/error_codes.h"
#include "base/text.h"
#include "signing/signing.h"

namespace batchyard::service {

std::unexpected<Error> unauthenticated(std::string detail) {
  return refusal("AuthenticationFailed",
                 "Server failed to authenticate the request. Make sure the value of Authorization "
                 "header is formed correctly including the "
                 "signature.",
                 {{"AuthenticationErrorDetail", std::move(detail)}});
}

namespace {

constexpr Duration clock_skew_max = std::chrono::minutes(15);

std::string ocp_headers(const HttpRequest& request) {
  std::map<std::string, std::string_view> found;
  for (const HttpHeader& header : request.headers) {
    const std::string name = fold(header.name);
    if (name.starts_with("ocp-")) found.emplace(name, trim(header.value));
  }
  std::string text;
  for (const auto& [name, value] : found) text += fmt::format("{}:{}\n", name, value);
  return text;
}

struct Parameter {
  std::string name;
  std::string value;
};

std::vector<Parameter> query_of(std::string_view target) {
  std::vector<Parameter> parameters;
  const std::size_t start = target.find('?');
  if (start == std::string_view::npos) return parameters;
  for (const std::string_view part : split(target.substr(start + 1), '&')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    std::string name =
        percent_decode(part.substr(0, equals)).value_or(std::string(part.substr(0, equals)));
    const std::string_view raw =
        equals < part.size() ? part.substr(equals + 1) : std::string_view();
    parameters.push_back({std::move(name), percent_decode(raw).value_or(std::string(raw))});
  }
  return parameters;
}

// How a client writes query parameters into the string to sign.
enum class Names { as_sent, lower_case };
enum class Repeats { all, joined, first };
enum class Empties { kept, left_out };

struct Variant {
  Names names;
  Repeats repeats;
  Empties empties;
};
constexpr Variant variants[] = {{Names::as_sent, Repeats::all, Empties::kept},
                                {Names::lower_case, Repeats::all, Empties::kept},
                                {Names::lower_case, Repeats::joined, Empties::kept},
                                {Names::as_sent, Repeats::first, Empties::left_out}};

std::string canonical_query(std::vector<Parameter> parameters, Names names, Repeats repeats,
                            Empties empties) {
  if (empties == Empties::left_out)
    std::erase_if(parameters, [](const Parameter& parameter) { return parameter.value.empty(); });
  if (names == Names::lower_case) {
    for (Parameter& parameter : parameters) parameter.name = fold(parameter.name);
  }
  std::ranges::stable_sort(parameters, {}, &Parameter::name);
  std::string text;
  for (std::size_t at = 0; at < parameters.size(); ++at) {
    const bool repeated = at > 0 && parameters[at].name == parameters[at - 1].name;
    if (repeated && repeats == Repeats::joined)
      text += "," + parameters[at].value;
    else if (!repeated || repeats == Repeats::all)
      text += fmt::format("\n{}:{}", parameters[at].name, parameters[at].value);
  }
  return text;
}

std::string string_to_sign(const HttpRequest& request, std::string_view account,
                           std::string_view content_length, std::string_view query) {
  std::string text = request.method + "\n";
  const bool dated = !request.header("ocp-date").empty();
  for (const std::string_view name : signed_headers) {
    if (name == "Content-Length")
      text += content_length;
    else if (name != "Date" || !dated)
      text += request.header(name);
    text += '\n';
  }
  text += ocp_headers(request);
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  text += fmt::format("/{}{}", account, path);
  text += query;
  return text;
}

std::unexpected<Error> malformed(std::string detail) {
  return refusal(
      "InvalidAuthenticationInfo",
      "The authentication information was not provided in the correct format. Verify the "
      "value of Authorization header.",
      {{"AuthenticationErrorDetail", std::move(detail)}});
}

Result<> check_date(const HttpRequest& request, Time now) {
  std::string_view text = request.header("ocp-date");
  if (text.empty()) text = request.header("Date");
  const std::optional<Time> sent = parse_http_date(text);
  if (!sent)
    return unauthenticated(
        fmt::format("The ocp-date or Date header is missing or is no HTTP date: '{}'.", text));
  if (std::chrono::abs(now - *sent) > clock_skew_max)
    return unauthenticated(
        fmt::format("The request was made at {}, which is more than 15 minutes from the service's "
                    "clock ({}). Set the caller's clock.",
                    text, to_rfc1123(now)));
  return Done();
}

bool fits(const Account& account, const std::string& text, std::string_view signature) {
  bool good = false;
  for (const std::string& key : account.keys) good = is_signature(signature, key, text) || good;
  return good;
}

}  // namespace

Result<> authenticate(const Account& account, const HttpRequest& request, Time now) {
  const std::string_view header = request.header("Authorization");
  constexpr std::string_view scheme = "SharedKey ";
  if (header.empty())
    return unauthenticated(
        "The Authorization header is missing. Sign the request with the account's shared key.");
  if (!same_folded(header.substr(0, scheme.size()), scheme))
    return malformed(
        "The schemes are SharedKey <account>:<signature> and, for tasks, Bearer <token>.");
  const std::string_view credentials = trim(header.substr(scheme.size()));
  const std::size_t colon = credentials.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return malformed("The credentials must be <account>:<signature>.");
  if (!same_folded(credentials.substr(0, colon), account.name))
    return unauthenticated(fmt::format("This endpoint serves the account {}, not {}.", account.name,
                                       credentials.substr(0, colon)));
  TRY(check_date(request, now));
  const std::string_view signature = credentials.substr(colon + 1);
  const std::string_view signed_name = credentials.substr(0, colon);
  const std::vector<Parameter> parameters = query_of(request.target);
  const std::string_view sent_length = request.header("Content-Length");
  std::vector<std::string_view> lengths{sent_length};
  if (request.body.empty())
    lengths = sent_length == "0" ? std::vector<std::string_view>{"0", ""}
                                 : std::vector<std::string_view>{"", "0"};
  // The commonest first; each is made when those before it did not fit.
  std::vector<std::string> queries;
  for (const auto& [names, repeats, empties] : variants) {
    std::string query = canonical_query(parameters, names, repeats, empties);
    if (std::ranges::find(queries, query) != queries.end()) continue;
    for (const std::string_view length : lengths) {
      if (fits(account, string_to_sign(request, signed_name, length, query), signature))
        return Done();
    }
    queries.push_back(std::move(query));
  }
  return unauthenticated(
      fmt::format("The MAC signature found in the HTTP request '{}' is not the same as any "
                  "computed signature. Server used following "
                  "string to sign: '{}'.",
                  signature, string_to_sign(request, signed_name, sent_length, queries.front())));
}

void sign(const Account& account, HttpRequest& request, Time now) {
  request.headers.push_back({"ocp-date", to_rfc1123(now)});
  std::string length = request.body.empty() ? "" : std::to_string(request.body.size());
  const std::string text = string_to_sign(
      request, account.name, length,
      canonical_query(query_of(request.target), Names::as_sent, Repeats::all, Empties::kept));
  const std::string secret = base64_decode(account.keys.front()).value_or("");
  request.headers.push_back(
      {"Authorization",
       fmt::format("SharedKey {}:{}", account.name, base64_encode(hmac_sha256(secret, text)))});
}

}  // namespace batchyard::service
