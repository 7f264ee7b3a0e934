#include "apps/server/package_storage.h"

#include <fmt/format.h>

#include <cerrno>

#include "base/error_codes.h"
#include "base/text.h"
#include "blob/sas.h"

namespace batchyard::server {

namespace {

constexpr unsigned archives_at_once = 2;
constexpr std::chrono::hours url_good_for{4};
constexpr std::chrono::hours asked_for{1};  // what we do ourselves, with the longest archive
constexpr std::string_view storage_version = "x-ms-version: 2021-12-02";
constexpr int conflict = 409;
constexpr int not_found = 404;

}  // namespace

std::string upload_endpoint(const std::string& endpoint, const std::string& account) {
  const std::size_t host = endpoint.find("://");
  if (host == std::string::npos) return endpoint;
  const std::string rest = endpoint.substr(host + 3);
  if (fold(rest).starts_with(fold(account) + ".blob.")) return endpoint;
  return fmt::format("{}://{}.blob.batchyard@{}", endpoint.substr(0, host), account, rest);
}

Result<ArchivePlace> archive_place(const std::string& auto_storage_url, const Storage* built_in,
                                   const std::string& ca_file, Time now) {
  ArchivePlace place;
  place.storage = TRY(read_auto_storage(auto_storage_url, now));
  place.upload_endpoint = place.storage.endpoint;
  if (auto_storage_url.empty() && built_in != nullptr)
    place = {.storage = {.url = built_in->signed_url(now),
                         .endpoint = built_in->endpoint(),
                         .account = built_in->account()},
             .upload_endpoint = built_in->secure_endpoint(),
             .ca_file = ca_file,
             .direct = true};
  place.upload_endpoint = upload_endpoint(place.upload_endpoint, place.storage.account.name);
  return place;
}

ArchiveStorage::ArchiveStorage(ArchivePlace place, std::function<Time()> now)
    : place_(std::move(place)), now_(std::move(now)), crew_(archives_at_once) {}

ArchiveStorage::~ArchiveStorage() {
  stop();
}

void ArchiveStorage::stop() {
  halt_.set();
  crew_.stop();
}

// Who was given a signature can give away no narrower one.
Result<> ArchiveStorage::can_sign() const {
  if (!place_.storage.account.keys.empty()) return Done();
  return refusal(
      "AutoStorageNotConfigured",
      fmt::format("The account's storage {} is known by a signature, of which no URL for one "
                  "archive can be made. Give --auto-storage-url a connection string with an "
                  "AccountKey, or use `batchyard app upload`.",
                  edge::without_query(place_.storage.url)));
}

std::string ArchiveStorage::signed_blob(const std::string& endpoint, const std::string& blob,
                                        const std::string& permissions, Time expiry) const {
  const std::size_t slash = blob.find('/');
  return fmt::format(
      "{}/{}?{}", endpoint, blob,
      blob::make_service_sas(place_.storage.account, {.container = blob.substr(0, slash),
                                                      .blob = blob.substr(slash + 1),
                                                      .permissions = permissions,
                                                      .expiry = expiry,
                                                      .policy = {}}));
}

Result<service::SignedUrl> ArchiveStorage::url_of(const std::string& blob, service::UrlUse use) {
  TRY(can_sign());
  const Time expiry = std::chrono::floor<std::chrono::seconds>(now_() + url_good_for);
  return service::SignedUrl{
      signed_blob(place_.upload_endpoint, blob, use == service::UrlUse::write ? "rw" : "r", expiry),
      expiry};
}

Result<> ArchiveStorage::check(const edge::TransferAnswer& answer, const std::string& what) const {
  if (answer.good()) return Done();
  return refusal("ServerBusy", fmt::format("The account's storage at {} could not be asked to {}: "
                                           "{}. Try again.",
                                           place_.storage.endpoint, what, answer.in_words()));
}

Result<> ArchiveStorage::make_container(const std::string& container) {
  TRY(can_sign());
  const std::string signature = blob::make_account_sas(
      place_.storage.account, {.permissions = "cw", .types = "c", .expiry = now_() + asked_for});
  edge::Transfer transfer(place_.ca_file);
  const edge::TransferAnswer answer =
      transfer.perform({.method = "PUT",
                        .url = fmt::format("{}/{}?restype=container&{}", place_.storage.endpoint,
                                           container, signature),
                        .headers = {std::string(storage_version)},
                        .direct = place_.direct},
                       halt_);
  if (answer.end == edge::TransferEnd::answered && answer.status == conflict) return Done();
  return check(answer, "make the container " + container);
}

void ArchiveStorage::prepare(const std::string& container, OnReady done) {
  crew_.post(
      [this, container, done = std::move(done)]() mutable { done(make_container(container)); });
}

Result<std::string> ArchiveStorage::fetch(const std::string& blob, service::PackagePort& into) {
  TRY(can_sign());
  const std::string upload = TRY(into.begin());
  std::int64_t size = 0;
  Result<> kept = Done();
  const auto keep = [&](const char* bytes, std::size_t count) {
    const Result<std::int64_t> now = into.append(upload, size, {bytes, count});
    if (!now) {
      kept = std::unexpected(now.error());
      return EIO;
    }
    size = *now;
    return 0;
  };
  edge::Transfer transfer(place_.ca_file);
  const edge::TransferAnswer answer =
      transfer.perform({.url = signed_blob(place_.storage.endpoint, blob, "r", now_() + asked_for),
                        .headers = {std::string(storage_version)},
                        .sink = keep,
                        .direct = place_.direct},
                       halt_);
  if (answer.good()) return upload;
  into.abandon(upload);
  TRY(std::move(kept));
  if (answer.end == edge::TransferEnd::answered && answer.status == not_found)
    return refusal(
        "ApplicationPackageBlobNotFound",
        fmt::format("The specified application package blob does not exist: {}. Put the archive "
                    "where the package's storageUrl says, then activate the package.",
                    blob));
  TRY(check(answer, "give the archive " + blob));
  return upload;
}

void ArchiveStorage::take(const std::string& blob, service::PackagePort& into, OnTaken done) {
  crew_.post([this, blob, &into, done = std::move(done)]() mutable { done(fetch(blob, into)); });
}

void ArchiveStorage::remove(const std::string& blob) {
  if (!can_sign()) return;
  crew_.post([this, blob] {
    edge::Transfer transfer(place_.ca_file);
    const edge::TransferAnswer answer = transfer.perform_patiently(
        {.method = "DELETE",
         .url = signed_blob(place_.storage.endpoint, blob, "d", now_() + asked_for),
         .headers = {std::string(storage_version)},
         .direct = place_.direct},
        halt_);
    if (!answer.good() && answer.status != not_found)
      fmt::print(stderr, "batchyard: the archive {} stays in the account's storage: {}\n", blob,
                 answer.in_words());
  });
}

}  // namespace batchyard::server
