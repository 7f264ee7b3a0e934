#include "apps/server/site_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/describe/class.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/described_json.h"
#include "edge/clock/clock.h"
#include "edge/identity/make_key.h"

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

Result<SiteFile> open_site(const std::string& directory) {
  const std::string path = directory + "/site";
  if (std::ifstream file(path); file) {
    std::stringstream text;
    text << file.rdbuf();
    return from_json<SiteFile>(text.str());
  }
  const SiteFile site = TRY(make_site());
  const std::string text = to_json(site);
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  // Never over one that somebody else has made meanwhile.
  if (!written || (link(beside.c_str(), path.c_str()) != 0 && errno != EEXIST))
    return fail(Kind::internal, "DataDirectoryUnusable",
                fmt::format("cannot write {}: {}. Give a --data-dir that can be written.", path,
                            std::strerror(error)));
  unlink(beside.c_str());
  return open_site(directory);
}

}  // namespace batchyard::server
