#include "edge/fetch/fetcher.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/text.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr mode_t mode_default = 0770;  // source: resourceFiles.fileMode
constexpr long connect_seconds = 15;
constexpr long slow_bytes_per_second = 1;
constexpr long slow_seconds = 60;
constexpr int tries_max = 3;

struct Sink {
  int file;
  int error = 0;
};

std::size_t write_part(char* data, std::size_t size, std::size_t count, void* to) {
  auto* sink = static_cast<Sink*>(to);
  const std::size_t length = size * count;
  for (std::size_t at = 0; at < length;) {
    const ssize_t put = write(sink->file, data + at, length - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      sink->error = errno;
      return 0;
    }
    at += static_cast<std::size_t>(put);
  }
  return length;
}

std::unexpected<Error> failed(const char* code, const std::string& url, std::string why) {
  return fail(
      Kind::invalid, code,
      fmt::format("The resource file {} could not be had: {}", url.substr(0, url.find('?')), why));
}

// No way out of the working directory.
bool is_inside(const std::string& path) {
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") return false;
  }
  return !path.starts_with('/');
}

Result<> transfer(const std::string& url, const std::string& ca_file, Sink& sink) {
  const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_TIME, slow_seconds);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, write_part);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &sink);
  if (!ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, ca_file.c_str());
  const CURLcode code = curl_easy_perform(handle.get());
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK) return Done();
  if (sink.error == ENOSPC || sink.error == EDQUOT)
    return failed("DiskFull", url, "the node's disk is full");
  if (sink.error != 0) return failed("ResourceFileWriteFailed", url, std::strerror(sink.error));
  if (status == 404) return failed("BlobNotFound", url, "the server answered 404: check the URL");
  if (status == 401 || status == 403)
    return failed(
        "BlobAccessDenied", url,
        fmt::format("the server answered {}: check the URL's signature and its expiry", status));
  if (code == CURLE_OPERATION_TIMEDOUT)
    return failed("BlobDownloadTimedOut", url, curl_easy_strerror(code));
  return failed(
      "BlobDownloadMiscError", url,
      status != 0 ? fmt::format("the server answered {}", status) : curl_easy_strerror(code));
}

bool may_try_again(const Error& error) {
  return error.code == "BlobDownloadTimedOut" || error.code == "BlobDownloadMiscError";
}

}  // namespace

Fetcher::Fetcher(FetcherOptions options, OnFetched on_fetched)
    : options_(std::move(options)), on_fetched_(std::move(on_fetched)) {
  for (unsigned number = 0; number < options_.threads; ++number)
    threads_.emplace_back([this] { loop(); });
}

Fetcher::~Fetcher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Fetcher::fetch(node::FetchOrder order, long uid, long gid) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(order), uid, gid});
  }
  work_.notify_one();
}

void Fetcher::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    on_fetched_(job.order.id, run(job));
    lock.lock();
  }
}

Result<> Fetcher::run(const Job& job) const {
  if (!is_inside(job.order.path))
    return failed(
        "ResourceFileCreateFailed", job.order.url,
        fmt::format("its filePath {} leads out of the working directory", job.order.path));
  const std::string path = options_.root + "/" + job.order.path;
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  for (int number = 1;; ++number) {
    Sink sink{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (sink.file < 0)
      return failed("ResourceFileCreateFailed", job.order.url, std::strerror(errno));
    Result<> outcome = transfer(job.order.url, options_.ca_file, sink);
    unsigned mode = mode_default;
    std::from_chars(job.order.mode.data(), job.order.mode.data() + job.order.mode.size(), mode, 8);
    if (outcome && (fchmod(sink.file, mode) != 0 ||
                    (job.uid >= 0 && fchown(sink.file, static_cast<uid_t>(job.uid),
                                            static_cast<gid_t>(job.gid)) != 0)))
      outcome = failed("ResourceFileCreateFailed", job.order.url, std::strerror(errno));
    close(sink.file);
    if (outcome || number >= tries_max || !may_try_again(outcome.error())) return outcome;
  }
}

}  // namespace batchyard::edge
