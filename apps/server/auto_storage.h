// The storage of the account (--auto-storage-url): its containers stand behind
// autoStorageContainerName.
#pragma once

#include <string>

#include "base/result.h"

namespace batchyard::server {

// `text` must be an http or https URL; what is wrong is said without its signature.
Result<> check_auto_storage(const std::string& url);

// The canonical JSON of a task or start task in which every autoStorageContainerName has become a
// storageContainerUrl. Agents get it so; it is never stored.
std::string with_container_urls(std::string spec, const std::string& auto_storage_url);

}  // namespace batchyard::server
