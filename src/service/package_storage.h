// The account's storage, as far as archives of packages lie in it until they are activated
// (apps/server/package_storage.h).
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "service/package_port.h"

namespace batchyard::service {

// A URL whose signature lets anyone who has it at what it names.
struct SignedUrl {
  std::string url;
  Time expiry;
};
enum class UrlUse { read, write };

// Blobs are named CONTAINER/BLOB. What is refused: AutoStorageNotConfigured,
// ApplicationPackageBlobNotFound, ArchiveTooLarge, ServerBusy. Called from any thread, and so are
// the callbacks.
class PackageStorage {
 public:
  using OnReady = std::move_only_function<void(Result<>)>;
  using OnTaken = std::move_only_function<void(Result<std::string>)>;
  virtual ~PackageStorage() = default;

  // The container is there when `done` is called.
  virtual void prepare(const std::string& container, OnReady done) = 0;
  virtual Result<SignedUrl> url_of(const std::string& blob, UrlUse use) = 0;
  // What the blob holds becomes an upload of `into`, whose name is given.
  virtual void take(const std::string& blob, PackagePort& into, OnTaken done) = 0;
  // When it can; nobody waits for it.
  virtual void remove(const std::string& blob) = 0;
};

}  // namespace batchyard::service
