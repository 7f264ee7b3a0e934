#include "blob/shared_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/limits.h"
#include "signing/signing.h"

namespace batchyard::blob {

namespace {

constexpr std::string_view scheme = "SharedKey ";

// Clients sort the names of x-ms- headers by their bytes, or as the storage does, to whom '-' comes
// first and signs come before digits. The two differ for names of metadata with '_'.
enum class Order { bytes, storage };

std::string sort_key(const std::string& name, Order order) {
  if (order == Order::bytes) return name;
  static constexpr std::string_view alphabet =
      "-!#$%&*.^_|~+\"'(),/`0123456789:;<=>?@[]abcdefghijklmnopqrstuvwxyz{}";
  std::string key;
  for (const char letter : name) {
    const std::size_t weight = alphabet.find(letter);
    key += static_cast<char>(weight == std::string_view::npos ? alphabet.size() : weight);
  }
  return key;
}

std::string own_headers(const HttpRequest& request, Order order) {
  std::multimap<std::string, std::string> sorted;
  for (const HttpHeader& header : request.headers) {
    const std::string name = fold(header.name);
    if (name.starts_with("x-ms-"))
      sorted.emplace(sort_key(name, order), fmt::format("{}:{}\n", name, trim(header.value)));
  }
  std::string text;
  for (const auto& [key, line] : sorted) text += line;
  return text;
}

std::string canonical_query(const Address& address) {
  std::map<std::string, std::vector<std::string>> sorted;
  for (const Parameter& parameter : address.query)
    sorted[parameter.name].push_back(parameter.value);
  std::string text;
  for (auto& [name, values] : sorted) {
    std::ranges::sort(values);
    text += fmt::format("\n{}:{}", name, join(values, ","));
  }
  return text;
}

std::string string_to_sign(const HttpRequest& request, const Address& address,
                           std::string_view account, std::string_view length, Order order) {
  std::string text = request.method + "\n";
  const bool dated = !request.header("x-ms-date").empty();
  for (const std::string_view name : signed_headers) {
    if (name == "Content-Length")
      text += length;
    else if (name != "Date" || !dated)
      text += request.header(name);
    text += '\n';
  }
  text += own_headers(request, order);
  text += fmt::format("/{}{}", account, address.raw_path);
  return text + canonical_query(address);
}

Result<> check_date(const HttpRequest& request, Time now) {
  std::string_view text = request.header("x-ms-date");
  if (text.empty()) text = request.header("Date");
  const std::optional<Time> sent = parse_http_date(text);
  if (!sent)
    return refused("AuthenticationFailed",
                   fmt::format("x-ms-date (or Date) is no HTTP date: '{}'.", readable(text, 80)));
  if (std::chrono::abs(now - *sent) > clock_skew_max)
    return refused("AuthenticationFailed",
                   fmt::format("The request was made at {}, more than 15 minutes from the "
                               "storage's clock ({}). Set the caller's clock.",
                               readable(text, 80), to_rfc1123(now)));
  return Done();
}

}  // namespace

Result<> check_shared_key(const Account& account, const HttpRequest& request,
                          const Address& address, Time now) {
  const std::string_view header = request.header("Authorization");
  if (!same_folded(header.substr(0, scheme.size()), scheme))
    return refused("AuthenticationFailed",
                   "The schemes are SharedKey <account>:<signature>, and signatures in the URL.");
  const std::string_view credentials = trim(header.substr(scheme.size()));
  const std::size_t colon = std::min(credentials.rfind(':'), credentials.size());
  const std::string_view name = credentials.substr(0, colon);
  if (colon == credentials.size() || !same_folded(name, account.name))
    return refused("AuthenticationFailed",
                   fmt::format("This endpoint serves the account {}.", account.name));
  TRY(check_date(request, now));
  const std::string_view given = credentials.substr(colon + 1);
  const std::string_view sent = request.header("Content-Length");
  // Versions before 2015-02-21 sign a length of nothing as "0".
  std::vector<std::string_view> lengths{sent == "0" ? std::string_view() : sent};
  if (sent.empty() || sent == "0") lengths.emplace_back("0");
  for (const Order order : {Order::bytes, Order::storage}) {
    for (const std::string_view length : lengths) {
      const std::string text = string_to_sign(request, address, name, length, order);
      for (const std::string& key : account.keys) {
        if (is_signature(given, key, text)) return Done();
      }
    }
  }
  return refused(
      "AuthenticationFailed", {},
      {{"AuthenticationErrorDetail",
        fmt::format("The MAC signature found in the HTTP request is not the same as any "
                    "computed signature. Server used following string to sign: '{}'.",
                    string_to_sign(request, address, name, lengths.front(), Order::bytes))}});
}

void sign(const Account& account, HttpRequest& request, Time now) {
  request.headers.push_back({"x-ms-date", to_rfc1123(now)});
  const Result<Address> address = address_of(request.target, request.host, account.name);
  if (!address) return;  // refused where it arrives, with the reason
  std::string_view length = request.header("Content-Length");
  if (length == "0") length = {};
  const std::string text = string_to_sign(request, *address, account.name, length, Order::bytes);
  request.headers.push_back(
      {"Authorization",
       fmt::format("SharedKey {}:{}", account.name, signature_of(account.keys.front(), text))});
}

}  // namespace batchyard::blob
