#include "service/storage_files.h"
#include "service/json_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t container_name_max = 63;

// A URL is shown without what may be a signature.
std::string shown(const std::string& url) {
  return url.substr(0, url.find('?'));
}

Result<> check_url(const std::string& property, const std::string& url) {
  const std::string folded = fold(url.substr(0, 8));
  const bool plain = std::ranges::all_of(url, [](unsigned char letter) { return letter > ' '; });
  if ((!folded.starts_with("http://") && !folded.starts_with("https://")) || !plain)
    return bad_property(property, shown(url), "It must be an http or https URL.");
  return Done();
}

// A node is somebody in the built-in storage alone: there it needs no signature.
Result<> check_identity(const json::object& owner, std::string_view place, const std::string& where,
                        const StorageFacts& storage) {
  const json::value* reference = owner.if_contains("identityReference");
  if (reference == nullptr) return Done();
  const std::string url = text_at(owner, place);
  const bool ours = !storage.own_url.empty() && !url.contains('?') &&
                    fold(url).starts_with(fold(storage.own_url) + "/");
  if (!ours)
    return bad_property(
        where + ".identityReference", "",
        fmt::format(
            "Batchyard has no managed identities{}. Give a URL with a shared access "
            "signature instead.",
            storage.own_url.empty()
                ? ""
                : " but for URLs without a signature in its own storage, " + storage.own_url));
  if (!text_at(reference->as_object(), "resourceId").empty()) return Done();
  return bad_property(where + ".identityReference.resourceId", "",
                      "It is needed: the resource id of a user-assigned identity.");
}

bool leads_out(const std::string& path) {
  const std::vector<std::string_view> parts = split(path, '/');
  return path.starts_with('/') || std::ranges::find(parts, "..") != parts.end();
}

bool is_container_name(const std::string& name) {
  return name.size() >= 3 && name.size() <= container_name_max &&
         std::ranges::all_of(name, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                  letter == '-' || letter == '$';
         });
}

Result<> check_source(const json::object& file, const std::string& where,
                      const StorageFacts& storage) {
  const std::string http = text_at(file, "httpUrl");
  const std::string container = text_at(file, "storageContainerUrl");
  const std::string own = text_at(file, "autoStorageContainerName");
  if (!http.empty()) return check_url(where + ".httpUrl", http);
  if (!container.empty()) return check_url(where + ".storageContainerUrl", container);
  if (!is_container_name(own))
    return bad_property(where + ".autoStorageContainerName", own,
                        "It must be a container's name: 3 to 63 lower-case letters, digits and "
                        "hyphens.");
  if (!storage.auto_storage)
    return bad_property(
        where + ".autoStorageContainerName", own,
        "This account has no storage. Start the service without --no-storage, "
        "or with --auto-storage-url, or give storageContainerUrl with a shared access signature.");
  return Done();
}

Result<> check_resource_file(const json::object& file, const std::string& where,
                             const StorageFacts& storage) {
  const int sources = file.contains("httpUrl") + file.contains("storageContainerUrl") +
                      file.contains("autoStorageContainerName");
  if (sources != 1)
    return bad_property(
        where, fmt::format("{} sources", sources),
        "Give exactly one of httpUrl, storageContainerUrl and autoStorageContainerName.");
  TRY(check_source(file, where, storage));
  TRY(check_identity(file, file.contains("httpUrl") ? "httpUrl" : "storageContainerUrl", where,
                     storage));
  const std::string path = text_at(file, "filePath");
  if (file.contains("httpUrl") && path.empty())
    return bad_property(where + ".filePath", "",
                        "It is needed with httpUrl: the file's place in the working directory.");
  if (leads_out(path))
    return bad_property(where + ".filePath", path,
                        "It must be relative and must not lead out of the working directory.");
  if (file.contains("httpUrl") && file.contains("blobPrefix"))
    return bad_property(where + ".blobPrefix", text_at(file, "blobPrefix"),
                        "It goes with storageContainerUrl and autoStorageContainerName only.");
  const std::string mode = text_at(file, "fileMode");
  if (mode.size() > 4 || mode.find_first_not_of("01234567") != std::string::npos)
    return bad_property(where + ".fileMode", mode, "It must be an octal mode, for example 0770.");
  return Done();
}

Result<> check_header(const json::object& header, const std::string& where) {
  static constexpr std::string_view ours[] = {
      "authorization",     "content-length", "host",      "connection",    "expect",
      "transfer-encoding", "x-ms-version",   "x-ms-date", "x-ms-blob-type"};
  const std::string name = text_at(header, "name");
  const bool token = !name.empty() && std::ranges::all_of(name, [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
  });
  if (!token) return bad_property(where + ".name", name, "It must be the name of an HTTP header.");
  if (std::ranges::any_of(ours, [&](std::string_view one) { return same_folded(one, name); }))
    return bad_property(where + ".name", name, "This header is the service's own. Leave it out.");
  const std::string value = text_at(header, "value");
  if (std::ranges::any_of(value, [](unsigned char letter) { return letter < ' '; }))
    return bad_property(where + ".value", "", "It must be one line without control characters.");
  return Done();
}

Result<> check_output_file(const json::object& file, const std::string& where,
                           const StorageFacts& storage) {
  if (trim(text_at(file, "filePattern")).empty())
    return bad_property(where + ".filePattern", "", "Say which files are to be uploaded.");
  const json::value* destination = file.if_contains("destination");
  const json::value* container = destination == nullptr || !destination->is_object()
                                     ? nullptr
                                     : destination->get_object().if_contains("container");
  if (container == nullptr || !container->is_object())
    return bad_property(where + ".destination.container", "", "Say where the files go.");
  const std::string inner = where + ".destination.container";
  const json::object& to = container->get_object();
  TRY(check_url(inner + ".containerUrl", text_at(to, "containerUrl")));
  TRY(check_identity(to, "containerUrl", inner, storage));
  const json::value* headers = to.if_contains("uploadHeaders");
  if (headers == nullptr || !headers->is_array()) return Done();
  std::size_t index = 0;
  for (const json::value& header : headers->get_array())
    TRY(check_header(header.as_object(), fmt::format("{}.uploadHeaders[{}]", inner, index++)));
  return Done();
}

}  // namespace

Result<> check_resource_files(const json::object& owner, std::string_view list,
                              const StorageFacts& storage) {
  const json::value* files = owner.if_contains(list);
  if (files == nullptr || !files->is_array()) return Done();
  std::size_t index = 0;
  for (const json::value& file : files->get_array())
    TRY(check_resource_file(file.as_object(), fmt::format("{}[{}]", list, index++), storage));
  return Done();
}

Result<> check_output_files(const json::object& task, const StorageFacts& storage) {
  const json::value* files = task.if_contains("outputFiles");
  if (files == nullptr || !files->is_array()) return Done();
  std::size_t index = 0;
  for (const json::value& file : files->get_array())
    TRY(check_output_file(file.as_object(), fmt::format("outputFiles[{}]", index++), storage));
  return Done();
}

}  // namespace batchyard::service
