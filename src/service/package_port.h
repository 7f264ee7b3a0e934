// Where the archives of packages are kept, as the service asks for it (edge/package/vault.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/result.h"
#include "model/application_status.h"

namespace batchyard::service {

struct PackageBytes {
  BodySource source;
  std::uint64_t size = 0;
};

class PackagePort {
 public:
  using OnKept = std::move_only_function<void(Result<PackageContent>)>;
  virtual ~PackagePort() = default;

  // An archive comes in parts: the name of a new, empty upload. TooManyUploads.
  virtual Result<std::string> begin() = 0;
  // What lies at `offset`, which is no further than the upload's end; the size it has then. A part
  // may be sent again. UploadNotFound, InvalidUploadOffset, ArchiveTooLarge.
  virtual Result<std::int64_t> append(const std::string& upload, std::int64_t offset,
                                      std::string_view bytes) = 0;
  // The upload is whole: it is checked, and durable when `done` is called, from any thread.
  // UploadNotFound, InvalidArchive. It is gone either way.
  virtual void finish(const std::string& upload, OnKept done) = 0;
  // The upload is whole and no package: its file is the caller's from now on, under `path`.
  // UploadNotFound.
  virtual Result<> take(const std::string& upload, const std::string& path) = 0;
  virtual void abandon(const std::string& upload) = 0;

  virtual Result<PackageBytes> read(const std::string& content) = 0;
  virtual void drop(const std::string& content) = 0;
};

}  // namespace batchyard::service
