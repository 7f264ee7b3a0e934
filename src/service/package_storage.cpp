// Packages whose archives are put into the account's storage: they are declared, which gives the
// URL, and their activation takes what lies there.
#include "service/package_storage.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"
#include "signing/signing.h"

namespace batchyard::service {

namespace {

using engine::EntityKind;

constexpr std::size_t readable_max = 20;  // of an application's id in its container's name
constexpr std::size_t digest_shown = 32;  // hexadecimal digits

// Containers may have less in their names than applications; the digest keeps them apart.
std::string container_of(const ApplicationId& id) {
  std::string shown;
  for (const char letter : fold(id.text())) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (plain) shown += letter;
    if (shown.size() == readable_max) break;
  }
  const std::string digest = hex_encode(hmac_sha256("application", fold(id.text())));
  return fmt::format("app-{}{}{}", shown, shown.empty() ? "" : "-", digest.substr(0, digest_shown));
}

Result<PackageStorage*> in_use(PackageStorage* storage) {
  if (storage != nullptr) return storage;
  return refusal("AutoStorageNotConfigured",
                 "The account has no storage for archives of packages. Start the service without "
                 "--no-storage, or use `batchyard app upload`, which needs none.");
}

}  // namespace

Result<> Service::show_storage_url(const Call& call, const engine::Row& row,
                                   boost::json::object& package) const {
  const std::string_view use = call.query_value("storageurl");
  if (use.empty()) return Done();
  if (use != "read" && use != "write")
    return refusal(
        "InvalidQueryParameterValue",
        "The value specified for one of the query parameters is invalid: storageUrl is "
        "neither read nor write.",
        {{"QueryParameterName", "storageUrl"}, {"QueryParameterValue", std::string(use)}});
  if (use == "write" && !call.may_write)
    return refusal("Forbidden",
                   "Access is Forbidden: the sender's roles do not allow to change packages, so "
                   "there is no URL that does. Ask with storageUrl=read.");
  const std::string blob = TRY(from_json<PackageStatus>(row.status)).blob;
  if (blob.empty() || ports_.package_storage == nullptr) return Done();
  const SignedUrl place =
      TRY(ports_.package_storage->url_of(blob, use == "write" ? UrlUse::write : UrlUse::read));
  package["storageUrl"] = place.url;
  package["storageUrlExpiry"] = to_iso8601(place.expiry);
  return Done();
}

// The container is there before anyone is told of it.
void Service::declare_package(Call call, engine::DeclarePackage command) {
  const Result<PackageStorage*> storage = in_use(ports_.package_storage);
  if (!storage) return answer_error(call, storage.error());
  const std::string container = container_of(command.application);
  command.blob = container + "/" + command.version.text();
  auto kept = std::make_shared<Call>(std::move(call));
  (*storage)->prepare(container,
                      [this, kept, command = std::move(command)](Result<> ready) mutable {
                        if (!ready) return answer_error(*kept, ready.error());
                        act(std::move(*kept), std::move(command), 201);
                      });
}

void Service::activate_package(Call call, engine::ActivatePackage command) {
  const auto blob_of = [&]() -> Result<std::string> {
    const std::optional<engine::Row> row = TRY(ports_.store->read(
        {EntityKind::package, command.application.text(), command.version.text()}));
    if (!row) return std::string();  // the engine refuses it
    const PackageStatus status = TRY(from_json<PackageStatus>(row->status));
    return status.uploaded ? std::string() : status.blob;
  };
  const Result<std::string> blob = blob_of();
  if (!blob) return answer_error(call, blob.error());
  if (blob->empty()) return act(std::move(call), std::move(command), 204);
  const Result<PackageStorage*> storage = in_use(ports_.package_storage);
  if (!storage) return answer_error(call, storage.error());
  auto kept = std::make_shared<Call>(std::move(call));
  (*storage)->take(*blob, *ports_.packages,
                   [this, kept, command = std::move(command)](Result<std::string> upload) mutable {
                     if (!upload) return answer_error(*kept, upload.error());
                     activate_taken(std::move(kept), std::move(command), *upload);
                   });
}

void Service::activate_taken(std::shared_ptr<Call> call, engine::ActivatePackage command,
                             const std::string& upload) {
  ports_.packages->finish(upload, [this, call = std::move(call), command = std::move(command)](
                                      Result<PackageContent> content) mutable {
    if (!content) return answer_error(*call, content.error());
    command.content = *content;
    ports_.inbox->submit(std::move(command),
                         [packages = ports_.packages, call = std::move(call),
                          content = *content](const Result<engine::Reply>& reply) {
                           if (reply) return answer_empty(*call, 204);
                           packages->drop(content.name);
                           answer_error(*call, reply.error());
                         });
  });
}

// With the blob that it came from, if it came from one.
void Service::delete_package(Call call, engine::DeletePackage command) {
  const auto blob_of = [&]() -> Result<std::string> {
    const std::optional<engine::Row> row = TRY(ports_.store->read(
        {EntityKind::package, command.application.text(), command.version.text()}));
    return row ? TRY(from_json<PackageStatus>(row->status)).blob : std::string();
  };
  const Result<std::string> blob = blob_of();
  if (!blob) return answer_error(call, blob.error());
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(std::move(command), [storage = ports_.package_storage, kept,
                                            blob = *blob](const Result<engine::Reply>& reply) {
    if (!reply) return answer_error(*kept, reply.error());
    if (!blob.empty() && storage != nullptr) storage->remove(blob);
    answer_empty(*kept, 204);
  });
}

}  // namespace batchyard::service
