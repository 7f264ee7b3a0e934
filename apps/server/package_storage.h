// The account's storage, where archives of packages are put by whoever has the URL, and from where
// activations take them: the built-in one or another, spoken to as any client does.
#pragma once

#include <functional>
#include <string>

#include "apps/server/auto_storage.h"
#include "apps/server/storage.h"
#include "edge/blobs/crew.h"
#include "edge/transfer/transfer.h"
#include "service/package_storage.h"

namespace batchyard::server {

struct ArchivePlace {
  AutoStorage storage;
  std::string upload_endpoint;  // that URLs for clients are made of
  std::string ca_file;          // trusted beside the system's authorities; may be empty
  bool direct = false;          // through no proxy
};

class ArchiveStorage : public service::PackageStorage {
 public:
  ArchiveStorage(ArchivePlace place, std::function<Time()> now);
  ~ArchiveStorage() override;

  // What is under way is called off, unanswered.
  void stop();

  void prepare(const std::string& container, OnReady done) override;
  Result<service::SignedUrl> url_of(const std::string& blob, service::UrlUse use) override;
  void take(const std::string& blob, service::PackagePort& into, OnTaken done) override;
  void remove(const std::string& blob) override;

 private:
  Result<> can_sign() const;
  std::string signed_blob(const std::string& endpoint, const std::string& blob,
                          const std::string& permissions, Time expiry) const;
  Result<> make_container(const std::string& container);
  Result<std::string> fetch(const std::string& blob, service::PackagePort& into);
  Result<> check(const edge::TransferAnswer& answer, const std::string& what) const;

  ArchivePlace place_;
  std::function<Time()> now_;
  edge::Halt halt_;
  edge::Crew crew_;
};

// Where archives lie for the text of --auto-storage-url; empty: in the built-in storage, if it is
// served. Without a URL in it there is no place.
Result<ArchivePlace> archive_place(const std::string& auto_storage_url, const Storage* built_in,
                                   const std::string& ca_file, Time now);

// `endpoint`, spelt so that az finds NAME.blob.SUFFIX in it whatever name or address the storage
// has (docs/decisions/118-an-upload-url-that-az-can-read.md).
std::string upload_endpoint(const std::string& endpoint, const std::string& account);

}  // namespace batchyard::server
