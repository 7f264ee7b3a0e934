// What belongs to the account rather than to pools and jobs: certificates, applications, packages.
#include <boost/describe.hpp>

#include "base/described_json.h"
#include "engine/turn.h"

namespace batchyard::engine {

// Rare: written at once. A later touch in the same batch writes a row that replaces this one.
void Turn::put_now(EntityKey key, std::int64_t version, std::string status,
                   std::string word_of_state) {
  std::optional<std::string> spec = take_spec(key.kind, key.parent, key.id);
  batch_.puts.push_back({.key = std::move(key),
                         .version = version,
                         .modified = now,
                         .spec = std::move(spec),
                         .status = std::move(status),
                         .state = std::move(word_of_state),
                         .live = true});
}

void Turn::touch(CertificateRecord& certificate, std::string_view what) {
  certificate.version = next_version();
  certificate.status.modified = now;
  record("certificate/" + certificate.id, what);
  put_now({EntityKind::certificate, "", certificate.id}, certificate.version,
          to_json(certificate.status),
          boost::describe::enum_to_string(certificate.status.state, ""));
}

void Turn::touch(ApplicationRecord& application, std::string_view what) {
  application.version = next_version();
  application.status.modified = now;
  record("application/" + application.id.text(), what);
  put_now({EntityKind::application, "", application.id.text()}, application.version,
          to_json(application.status), "active");
}

void Turn::touch(const ApplicationRecord& application, PackageRecord& package,
                 std::string_view what) {
  package.version = next_version();
  package.status.modified = now;
  record("package/" + application.id.text() + "/" + package.id.text(), what);
  put_now({EntityKind::package, application.id.text(), package.id.text()}, package.version,
          to_json(package.status), boost::describe::enum_to_string(package.status.state, ""));
}

}  // namespace batchyard::engine
