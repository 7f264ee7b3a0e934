// `storage`: containers and blobs, of the built-in storage or another one.
#pragma once

#include <string>

#include "apps/cli/inspect.h"
#include "apps/cli/storage_client.h"

namespace batchyard::cli {

struct StorageOptions {
  StoragePlace place;
  std::string what;  // CONTAINER, CONTAINER/BLOB or CONTAINER/PREFIX
  std::string file;
  bool recursive = false;
  std::string permissions = "rl";
  std::string lasts = "P1D";
  Output output = Output::table;
};

int create_container(const StorageOptions& options);
int delete_container(const StorageOptions& options);
int list_containers(const StorageOptions& options);
int list_blobs(const StorageOptions& options);
int upload_blob(const StorageOptions& options);
int download_blob(const StorageOptions& options);
int delete_blob(const StorageOptions& options);
// A URL with a signature.
int sign_url(const StorageOptions& options);

}  // namespace batchyard::cli
