#include "apps/cli/storage_client.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <pugixml.hpp>

#include "base/text.h"
#include "blob/shared_key.h"
#include "edge/clock/clock.h"

namespace batchyard::cli {

namespace {

constexpr std::chrono::minutes exchange_max{10};
constexpr std::string_view storage_version = "2021-12-02";

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::map<std::string, std::string> parts_of(const std::string& connection_string) {
  std::map<std::string, std::string> parts;
  for (const std::string_view part : split(connection_string, ';')) {
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos)
      parts[fold(part.substr(0, equals))] = part.substr(equals + 1);
  }
  return parts;
}

Error refusal_of(const HttpResponse& response) {
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  std::string message = document.child("Error").child("Message").text().get();
  message.resize(std::min(message.find('\n'), message.size()));
  std::string code(response.header("x-ms-error-code"));
  if (message.empty()) message = fmt::format("the storage answered {}", response.status);
  return {Kind::conflict, std::move(code), std::move(message), {}, {}};
}

StorageEntry entry_of(const pugi::xml_node& node) {
  const pugi::xml_node name = node.child("Name");
  std::string text = name.text().get();
  if (name.attribute("Encoded").as_bool()) text = percent_decode(text).value_or(text);
  const pugi::xml_node properties = node.child("Properties");
  return {std::move(text), std::string_view(node.name()) == "BlobPrefix",
          properties.child("Content-Length").text().as_llong(),
          properties.child("Last-Modified").text().get()};
}

}  // namespace

StorageClient::StorageClient(blob::Account account, std::string endpoint,
                             const std::string& ca_file)
    : account_(std::move(account)),
      endpoint_(std::move(endpoint)),
      client_({.ca_file = ca_file, .timeout = exchange_max}) {}

Result<StorageClient> StorageClient::open(const StoragePlace& place) {
  const bool given = !place.connection_string.empty();
  const std::string text =
      given ? place.connection_string : from_environment("AZURE_STORAGE_CONNECTION_STRING");
  if (text.empty())
    return fail(Kind::invalid, "",
                "no storage is named: set AZURE_STORAGE_CONNECTION_STRING (batchyard up prints "
                "it), or give --connection-string");
  std::map<std::string, std::string> parts = parts_of(text);
  for (const char* name : {"AccountName", "AccountKey"}) {
    if (parts[fold(name)].empty())
      return fail(Kind::invalid, "", fmt::format("the connection string has no {}", name));
  }
  std::string endpoint = parts["blobendpoint"];
  if (endpoint.empty()) {
    const std::string suffix =
        parts["endpointsuffix"].empty() ? "core.windows.net" : parts["endpointsuffix"];
    endpoint = fmt::format("https://{}.blob.{}", parts["accountname"], suffix);
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const std::string ca_file =
      place.ca_file.empty() ? from_environment("REQUESTS_CA_BUNDLE") : place.ca_file;
  return StorageClient({parts["accountname"], {parts["accountkey"]}}, std::move(endpoint), ca_file);
}

std::string StorageClient::url(const std::string& container, const std::string& blob) const {
  std::string path = endpoint_;
  if (!container.empty()) path += "/" + percent_encode(container);
  if (blob.empty()) return path;
  for (const std::string_view part : split(blob, '/')) path += "/" + percent_encode(part);
  return path;
}

Result<HttpRequest> StorageClient::request(std::string method, const std::string& url,
                                           const std::string& query,
                                           std::vector<HttpHeader> headers,
                                           std::string body) const {
  HttpRequest request = TRY(
      edge::request_for(std::move(method), query.empty() ? url : fmt::format("{}?{}", url, query)));
  request.headers = std::move(headers);
  request.headers.push_back({"x-ms-version", std::string(storage_version)});
  request.body = std::move(body);
  // The carrier says the length itself; only the signature has to know it.
  request.headers.push_back({"Content-Length", std::to_string(request.body.size())});
  blob::sign(account_, request, edge::now());
  std::erase_if(request.headers,
                [](const HttpHeader& header) { return header.name == "Content-Length"; });
  return request;
}

Result<HttpResponse> StorageClient::send(std::string method, const std::string& url,
                                         const std::string& query, std::vector<HttpHeader> headers,
                                         std::string body) {
  const HttpRequest asked =
      TRY(request(std::move(method), url, query, std::move(headers), std::move(body)));
  HttpResponse response = TRY(client_.send(asked));
  if (response.status >= 300) return std::unexpected(refusal_of(response));
  return response;
}

Result<HttpResponse> StorageClient::fetch(const std::string& url, std::vector<HttpHeader> headers,
                                          const edge::BodySink& sink) {
  const HttpRequest asked = TRY(request("GET", url, {}, std::move(headers), {}));
  HttpResponse response = TRY(client_.send(asked, sink));
  if (response.status >= 300) return std::unexpected(refusal_of(response));
  return response;
}

Result<StoragePage> StorageClient::list(const std::string& container, const std::string& prefix,
                                        const std::string& delimiter, const std::string& marker) {
  std::string query = container.empty() ? "comp=list" : "restype=container&comp=list";
  if (!prefix.empty()) query += "&prefix=" + percent_encode(prefix);
  if (!delimiter.empty()) query += "&delimiter=" + percent_encode(delimiter);
  if (!marker.empty()) query += "&marker=" + percent_encode(marker);
  const HttpResponse response = TRY(send("GET", url(container), query));
  pugi::xml_document document;
  const bool read = document.load_buffer(response.body.data(), response.body.size());
  const pugi::xml_node root = document.child("EnumerationResults");
  if (!read || !root) return fail(Kind::internal, "", "the storage's list cannot be read");
  StoragePage page;
  const pugi::xml_node entries = root.child(container.empty() ? "Containers" : "Blobs");
  for (const pugi::xml_node node : entries.children()) page.entries.push_back(entry_of(node));
  page.next = root.child("NextMarker").text().get();
  return page;
}

}  // namespace batchyard::cli
