#include "apps/server/site_file.h"

#include <boost/describe/class.hpp>

#include "base/described_json.h"
#include "edge/clock/clock.h"
#include "edge/identity/make_key.h"
#include "edge/seal/sealed_file.h"

namespace batchyard::server {

BOOST_DESCRIBE_STRUCT(SiteFile, (),
                      (tenant, subscription, signing_key, secret, admin_client, admin_secret,
                       identity_client, identity_path))

namespace {

Result<SiteFile> make_site() {
  SiteFile site{.tenant = edge::random_guid(),
                .subscription = edge::random_guid(),
                .signing_key = {},
                .secret = edge::random_hex(32),
                .admin_client = edge::random_guid(),
                .admin_secret = edge::random_hex(20),
                .identity_client = edge::random_guid(),
                .identity_path = "/identity/" + edge::random_hex(16) + "/token"};
  site.signing_key = TRY(edge::make_signing_key());
  return site;
}

}  // namespace

Result<SiteFile> open_site(const std::string& directory, const edge::Seal& seal) {
  const std::string text = TRY(edge::read_sealed_file(directory, edge::site_file, seal));
  if (!text.empty()) return from_json<SiteFile>(text);
  SiteFile site = TRY(make_site());
  TRY(edge::write_sealed_file(directory, edge::site_file, to_json(site), seal));
  return site;
}

}  // namespace batchyard::server
