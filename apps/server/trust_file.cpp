#include "apps/server/trust_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace batchyard::server {

namespace {

namespace json = boost::json;

std::unexpected<Error> bad_trust(const std::string& path, std::string what) {
  return fail(Kind::invalid, "InvalidTrustFile", fmt::format("--trust {}: {}", path, what));
}

bool is_on_loopback(std::string_view url) {
  for (const char* host : {"http://127.0.0.1", "http://[::1]", "http://localhost"}) {
    const std::string_view start = host;
    if (url.starts_with(start) &&
        (url.size() == start.size() || std::string_view(":/").contains(url[start.size()])))
      return true;
  }
  return false;
}

Result<edge::TrustedIssuer> issuer_of(const std::string& path, std::size_t at,
                                      const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr)
    return bad_trust(path, fmt::format("[{}] is no object with \"issuer\".", at));
  edge::TrustedIssuer issuer;
  for (const auto& [key, member] : *object) {
    const std::string where = fmt::format("[{}].{}", at, std::string_view(key));
    if (key == "audiences") {
      const json::array* texts = member.if_array();
      if (texts == nullptr ||
          !std::ranges::all_of(*texts, [](const json::value& one) { return one.is_string(); }))
        return bad_trust(path, where + " is no list of texts.");
      for (const json::value& one : *texts) issuer.audiences.emplace_back(one.get_string());
      continue;
    }
    std::string* place = key == "issuer"     ? &issuer.name
                         : key == "keysFile" ? &issuer.keys_file
                         : key == "caFile"   ? &issuer.ca_file
                                             : nullptr;
    if (place == nullptr)
      return bad_trust(path, where + " is not known: issuer, audiences, keysFile and caFile are.");
    if (!member.is_string()) return bad_trust(path, where + " is no text.");
    *place = member.get_string();
  }
  if (!issuer.name.starts_with("https://") && !is_on_loopback(issuer.name))
    return bad_trust(path, fmt::format("[{}].issuer is '{}': give the https URL that its tokens "
                                       "have as 'iss' (http on loopback alone).",
                                       at, issuer.name));
  return issuer;
}

}  // namespace

Result<std::vector<edge::TrustedIssuer>> open_trust(const std::string& path) {
  std::vector<edge::TrustedIssuer> issuers;
  if (path.empty()) return issuers;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return bad_trust(path, "it cannot be read. Give a JSON file of issuers (docs/management.md).");
  boost::system::error_code error;
  const json::value value = json::parse(text.str(), error);
  const json::array* list = error ? nullptr : value.if_array();
  if (list == nullptr)
    return bad_trust(path, "it is no JSON list of issuers: [{\"issuer\": \"https://…\"}].");
  for (std::size_t at = 0; at < list->size(); ++at) {
    edge::TrustedIssuer issuer = TRY(issuer_of(path, at, (*list)[at]));
    if (std::ranges::find(issuers, issuer.name, &edge::TrustedIssuer::name) != issuers.end())
      return bad_trust(path, fmt::format("[{}].issuer '{}' is there twice.", at, issuer.name));
    issuers.push_back(std::move(issuer));
  }
  return issuers;
}

}  // namespace batchyard::server
