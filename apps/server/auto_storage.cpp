#include "apps/server/auto_storage.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

#include "base/text.h"
#include "blob/sas.h"
#include "edge/clock/clock.h"
#include "edge/transfer/transfer.h"

namespace batchyard::server {

namespace {

namespace json = boost::json;

constexpr std::string_view by_name = "autoStorageContainerName";
constexpr std::string_view by_identity = "identityReference";

// What a URL of a file may be called, and what is done there.
struct SignedPlace {
  std::string_view name;
  const char* permissions;
};
constexpr SignedPlace signed_places[] = {
    {"httpUrl", "r"}, {"storageContainerUrl", "rl"}, {"containerUrl", "cw"}};

void sign(json::object& file, const NodeStorage& storage) {
  for (const SignedPlace& place : signed_places) {
    json::value* url = file.if_contains(place.name);
    if (url == nullptr || !url->is_string()) continue;
    const std::string text(url->get_string());
    // The service has taken no other (storage_files.cpp).
    if (!fold(text).starts_with(fold(storage.own_url) + "/")) continue;
    const std::string path = text.substr(storage.own_url.size() + 1);
    *url = text + "?" + storage.sign(path.substr(0, path.find('/')), place.permissions);
    file.erase(by_identity);
  }
}

void put_urls(json::value& value, const NodeStorage& storage) {
  if (value.is_array()) {
    for (json::value& one : value.get_array()) put_urls(one, storage);
    return;
  }
  if (!value.is_object()) return;
  json::object& object = value.get_object();
  if (const json::value* name = object.if_contains(by_name);
      name != nullptr && name->is_string() && !storage.auto_url.empty()) {
    const std::string url = edge::blob_url(storage.auto_url, std::string(name->get_string()));
    object.erase(by_name);
    object["storageContainerUrl"] = url;
  }
  if (object.contains(by_identity) && !storage.own_url.empty()) sign(object, storage);
  for (auto& member : object) put_urls(member.value(), storage);
}

bool is_web_url(const std::string& text) {
  return fold(text).starts_with("https://") || fold(text).starts_with("http://");
}

// Tasks are handed the signature when they start and may run for long; it ends with the key.
constexpr std::chrono::hours signed_for{10 * 365 * 24};

Result<AutoStorage> from_connection_string(const std::string& text, Time now) {
  std::map<std::string, std::string> parts;
  for (const std::string_view part : split(text, ';')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    if (equals < part.size()) parts[fold(part.substr(0, equals))] = part.substr(equals + 1);
  }
  AutoStorage storage;
  storage.account = {parts["accountname"], {parts["accountkey"]}};
  storage.endpoint = parts["blobendpoint"];
  const std::string& suffix = parts["endpointsuffix"];
  if (storage.endpoint.empty() && !storage.account.name.empty())
    storage.endpoint = fmt::format("https://{}.blob.{}", storage.account.name,
                                   suffix.empty() ? "core.windows.net" : suffix);
  while (storage.endpoint.ends_with('/')) storage.endpoint.pop_back();
  const bool whole = !storage.account.name.empty() && is_web_url(storage.endpoint) &&
                     base64_decode(parts["accountkey"]).value_or("") != "";
  if (!whole)
    return fail(Kind::invalid, "",
                "the connection string of --auto-storage-url lacks a part, or one is not valid. "
                "Give AccountName=…;AccountKey=…(base64);BlobEndpoint=https://… (or "
                "EndpointSuffix=…).");
  storage.url = fmt::format(
      "{}?{}", storage.endpoint,
      blob::make_account_sas(storage.account,
                             {.permissions = "rl", .types = "co", .expiry = now + signed_for}));
  return storage;
}

}  // namespace

Result<AutoStorage> read_auto_storage(const std::string& text, Time now) {
  AutoStorage storage;
  if (text.empty()) return storage;
  if (fold(text).contains("accountkey=") || fold(text).starts_with("defaultendpointsprotocol="))
    return from_connection_string(text, now);
  if (!is_web_url(text))
    return fail(Kind::invalid, "",
                "--auto-storage-url " + edge::without_query(text) +
                    " is no http or https URL. Give a blob endpoint with an account's shared "
                    "access signature (https://NAME.blob.core.windows.net/?sv=…&sig=…), or a "
                    "connection string with its key.");
  storage.url = text;
  storage.endpoint = edge::without_query(text);
  return storage;
}

NodeStorage node_storage(std::string auto_url, const Storage* own) {
  NodeStorage storage{.auto_url = std::move(auto_url), .own_url = {}, .sign = {}};
  if (own == nullptr) return storage;
  storage.own_url = own->endpoint();
  storage.sign = [own](const std::string& container, const std::string& permissions) {
    return own->signature(container, permissions, edge::now());
  };
  return storage;
}

std::string with_signed_urls(std::string spec, const NodeStorage& storage) {
  // Nearly always there is nothing to do.
  if (spec.find(by_name) == std::string::npos && spec.find(by_identity) == std::string::npos)
    return spec;
  boost::system::error_code error;
  json::value whole = json::parse(spec, error);
  if (error) return spec;
  put_urls(whole, storage);
  return json::serialize(whole);
}

}  // namespace batchyard::server
