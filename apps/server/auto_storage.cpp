#include "apps/server/auto_storage.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "edge/transfer/transfer.h"

namespace batchyard::server {

namespace {

namespace json = boost::json;

constexpr std::string_view by_name = "autoStorageContainerName";

void put_urls(json::value& value, const std::string& storage) {
  if (value.is_array()) {
    for (json::value& one : value.get_array()) put_urls(one, storage);
    return;
  }
  if (!value.is_object()) return;
  json::object& object = value.get_object();
  if (const json::value* name = object.if_contains(by_name); name != nullptr && name->is_string()) {
    const std::string url = edge::blob_url(storage, std::string(name->get_string()));
    object.erase(by_name);
    object["storageContainerUrl"] = url;
  }
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

std::string with_container_urls(std::string spec, const std::string& auto_storage_url) {
  // Nearly always there is nothing to do.
  if (auto_storage_url.empty() || spec.find(by_name) == std::string::npos) return spec;
  boost::system::error_code error;
  json::value whole = json::parse(spec, error);
  if (error) return spec;
  put_urls(whole, auto_storage_url);
  return json::serialize(whole);
}

}  // namespace batchyard::server
