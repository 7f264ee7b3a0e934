// The storages that tasks name without a signature: the account's (--auto-storage-url), whose
// containers stand behind autoStorageContainerName, and the built-in one, where a node is somebody
// (identityReference).
#pragma once

#include <functional>
#include <string>

#include "apps/server/storage.h"
#include "base/result.h"

namespace batchyard::server {

// `text` must be an http or https URL; what is wrong is said without its signature.
Result<> check_auto_storage(const std::string& url);

struct NodeStorage {
  std::string auto_url;  // with its signature; empty: none
  std::string own_url;   // of the built-in storage; empty: none
  // The query of a signature with these permissions ("rl") for a container of it.
  std::function<std::string(const std::string& container, const std::string& permissions)> sign;
};

NodeStorage node_storage(std::string auto_url, const Storage* own);

// The canonical JSON of a task or start task in which every autoStorageContainerName has become a
// storageContainerUrl, and every identityReference a signature. Agents get it so; it is never
// stored.
std::string with_signed_urls(std::string spec, const NodeStorage& storage);

}  // namespace batchyard::server
