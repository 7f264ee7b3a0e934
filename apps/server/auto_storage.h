// The storages that tasks name without a signature: the account's (--auto-storage-url), whose
// containers stand behind autoStorageContainerName, and the built-in one, where a node is somebody
// (identityReference).
#pragma once

#include <functional>
#include <string>

#include "apps/server/storage.h"
#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"

namespace batchyard::server {

struct AutoStorage {
  std::string url;        // with a signature, for agents; empty: there is none
  std::string endpoint;   // without it, and without a slash at its end
  blob::Account account;  // with keys, if they are known
};

// `text` is an http or https URL with a signature, or a connection string with an account's key;
// what is wrong is said without either.
Result<AutoStorage> read_auto_storage(const std::string& text, Time now);

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
