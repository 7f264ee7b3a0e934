#include "apps/cli/storage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"
#include "blob/sas.h"
#include "edge/clock/clock.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::int64_t block_size = std::int64_t{8} << 20;  // and what is put as a whole
constexpr std::int64_t blocks_max = 50'000;

struct Path {
  std::string container;
  std::string rest;
};

Path path_of(const std::string& what) {
  const std::size_t slash = std::min(what.find('/'), what.size());
  return {what.substr(0, slash), what.substr(std::min(slash + 1, what.size()))};
}

Result<Path> blob_path(const std::string& what) {
  Path path = path_of(what);
  if (!path.container.empty() && !path.rest.empty()) return path;
  return fail(Kind::invalid, "", fmt::format("{} names no blob: write CONTAINER/BLOB", what));
}

// The last part of a name.
std::string base_of(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

int end_of(const Result<>& outcome) {
  return outcome ? static_cast<int>(ExitCode::done) : report(outcome.error());
}

Result<std::vector<StorageEntry>> everything(StorageClient& storage, const std::string& container,
                                             const std::string& prefix,
                                             const std::string& delimiter) {
  std::vector<StorageEntry> all;
  std::string marker;
  do {
    StoragePage page = TRY(storage.list(container, prefix, delimiter, marker));
    std::ranges::move(page.entries, std::back_inserter(all));
    marker = std::move(page.next);
  } while (!marker.empty());
  return all;
}

void show(const std::vector<StorageEntry>& entries, bool sized, Output output) {
  if (output == Output::json) {
    json::array list;
    for (const StorageEntry& entry : entries) {
      json::object one{{"name", entry.name}};
      if (sized && !entry.is_group) one["size"] = entry.size;
      if (!entry.modified.empty()) one["lastModified"] = entry.modified;
      list.push_back(std::move(one));
    }
    fmt::print("{}\n", json::serialize(list));
    return;
  }
  Table table;
  table.head = sized ? std::vector<std::string>{"NAME", "SIZE", "MODIFIED"}
                     : std::vector<std::string>{"NAME", "MODIFIED"};
  for (const StorageEntry& entry : entries) {
    std::vector<std::string> row{entry.name};
    if (sized) row.push_back(entry.is_group ? std::string() : std::to_string(entry.size));
    row.push_back(entry.modified);
    table.rows.push_back(std::move(row));
  }
  fmt::print("{}", table.text());
}

Result<> put_in_blocks(StorageClient& storage, std::ifstream& file, std::int64_t size,
                       const std::string& url) {
  const std::int64_t length = std::max(block_size, (size + blocks_max - 1) / blocks_max);
  std::string part(static_cast<std::size_t>(length), '\0');
  std::string list = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>";
  ProgressLine progress;
  std::int64_t sent = 0;
  for (int number = 0; sent < size; ++number) {
    file.read(part.data(), length);
    if (file.gcount() == 0)
      return fail(Kind::invalid, "", "the file has become shorter while it was read");
    const std::string id = base64_encode(fmt::format("{:08}", number));
    TRY(storage.send("PUT", url, "comp=block&blockid=" + percent_encode(id), {},
                     part.substr(0, static_cast<std::size_t>(file.gcount()))));
    list += "<Latest>" + id + "</Latest>";
    sent += file.gcount();
    progress.show(fmt::format("{} of {} MiB", sent >> 20, size >> 20));
  }
  TRY(storage.send("PUT", url, "comp=blocklist", {}, list + "</BlockList>"));
  return Done();
}

Result<> upload(const StorageOptions& options) {
  StorageClient storage = TRY(StorageClient::open(options.place));
  Path path = path_of(options.what);
  if (path.rest.empty() || path.rest.ends_with('/')) path.rest += base_of(options.file);
  std::error_code error;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(options.file, error));
  std::ifstream file(options.file, std::ios::binary);
  if (error || !file)
    return fail(Kind::invalid, "", fmt::format("{} cannot be read: give a file", options.file));
  const std::string url = storage.url(path.container, path.rest);
  if (size > block_size) return put_in_blocks(storage, file, size, url);
  std::string whole(static_cast<std::size_t>(size), '\0');
  if (!file.read(whole.data(), size))
    return fail(Kind::invalid, "", fmt::format("{} cannot be read to its end", options.file));
  TRY(storage.send("PUT", url, {}, {{"x-ms-blob-type", "BlockBlob"}}, std::move(whole)));
  return Done();
}

// Beside, and renamed once it is whole.
Result<> download(const StorageOptions& options) {
  StorageClient storage = TRY(StorageClient::open(options.place));
  const Path path = TRY(blob_path(options.what));
  const std::string url = storage.url(path.container, path.rest);
  const HttpResponse known = TRY(storage.send("HEAD", url, {}));
  const std::string target = options.file.empty() ? base_of(path.rest) : options.file;
  const std::string beside = target + ".part";
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  const auto sink = [&file](std::string_view part) {
    return static_cast<bool>(file.write(part.data(), std::ssize(part)));
  };
  // What is written to in the meantime is not mixed.
  const auto fetched = storage.fetch(url, {{"If-Match", std::string(known.header("ETag"))}}, sink);
  file.close();
  if (!fetched || !file) unlink(beside.c_str());
  TRY(Result<HttpResponse>(fetched));
  if (!file || rename(beside.c_str(), target.c_str()) != 0)
    return fail(Kind::invalid, "", fmt::format("{} cannot be written", target));
  return Done();
}

Result<std::string> signed_url(const StorageOptions& options) {
  const StorageClient storage = TRY(StorageClient::open(options.place));
  const std::optional<Duration> lasts = parse_duration(options.lasts);
  if (!lasts || *lasts == Duration(0))
    return fail(Kind::invalid, "",
                fmt::format("--for {} is no duration: write PT1H, or P7D", options.lasts));
  const Path path = path_of(options.what);
  const std::string query =
      blob::make_service_sas(storage.account(), {.container = path.container,
                                                 .blob = path.rest,
                                                 .permissions = options.permissions,
                                                 .expiry = later(edge::now(), *lasts)});
  return storage.url(path.container, path.rest) + "?" + query;
}

Result<> on_container(const StorageOptions& options, const char* method) {
  StorageClient storage = TRY(StorageClient::open(options.place));
  TRY(storage.send(method, storage.url(options.what), "restype=container"));
  return Done();
}

Result<> list(const StorageOptions& options, bool blobs) {
  StorageClient storage = TRY(StorageClient::open(options.place));
  const Path path = blobs ? path_of(options.what) : Path();
  const std::string delimiter = blobs && !options.recursive ? "/" : "";
  show(TRY(everything(storage, path.container, path.rest, delimiter)), blobs, options.output);
  return Done();
}

Result<> remove(const StorageOptions& options) {
  StorageClient storage = TRY(StorageClient::open(options.place));
  const Path path = TRY(blob_path(options.what));
  TRY(storage.send("DELETE", storage.url(path.container, path.rest), {}));
  return Done();
}

}  // namespace

int create_container(const StorageOptions& options) {
  return end_of(on_container(options, "PUT"));
}
int delete_container(const StorageOptions& options) {
  return end_of(on_container(options, "DELETE"));
}
int list_containers(const StorageOptions& options) {
  return end_of(list(options, false));
}
int list_blobs(const StorageOptions& options) {
  return end_of(list(options, true));
}
int upload_blob(const StorageOptions& options) {
  return end_of(upload(options));
}
int download_blob(const StorageOptions& options) {
  return end_of(download(options));
}
int delete_blob(const StorageOptions& options) {
  return end_of(remove(options));
}
int sign_url(const StorageOptions& options) {
  const Result<std::string> url = signed_url(options);
  if (!url) return report(url.error());
  fmt::print("{}\n", *url);
  return ExitCode::done;
}

}  // namespace batchyard::cli
