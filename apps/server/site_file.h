// What an installation is, made once at its first start: its tenant and subscription, the key that
// signs its tokens, and what its own administrator logs in with.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/seal/seal.h"

namespace batchyard::server {

struct SiteFile {
  std::string tenant;  // GUIDs
  std::string subscription;
  std::string signing_key;   // a private JSON Web Key
  std::string secret;        // digests of secrets of principals are made with it
  std::string admin_client;  // a GUID
  std::string admin_secret;
  std::string identity_client;  // of the managed identity
  std::string identity_path;    // where its tokens are asked for
};

// Reads `directory`/site, or makes it: sealed (0600). Who calls it has the data directory.
Result<SiteFile> open_site(const std::string& directory, const edge::Seal& seal);

}  // namespace batchyard::server
