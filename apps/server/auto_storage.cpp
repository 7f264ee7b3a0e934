#include "apps/server/auto_storage.h"

#include <boost/json.hpp>

#include "base/text.h"
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

}  // namespace

Result<> check_auto_storage(const std::string& url) {
  if (url.empty() || fold(url).starts_with("https://") || fold(url).starts_with("http://"))
    return Done();
  return fail(Kind::invalid, "",
              "--auto-storage-url " + edge::without_query(url) +
                  " is no http or https URL. Give a blob endpoint with an account's shared access "
                  "signature: https://NAME.blob.core.windows.net/?sv=…&sig=…");
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
