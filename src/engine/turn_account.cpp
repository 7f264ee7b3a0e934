// What belongs to the account rather than to pools and jobs: certificates, applications, packages.
#include <boost/describe.hpp>

#include "base/described_json.h"
#include "engine/event_detail.h"
#include "engine/turn.h"

namespace batchyard::engine {

// Rare: written at once. A later touch in the same batch writes a row that replaces this one.
void Turn::put_now(Told& told, EventRecord event, EntityKey key, std::string status,
                   const char* word_of_state) {
  const std::int64_t version = event.version;
  event.entity = name_of(key);
  record(told, word_of_state, std::move(event));
  std::optional<std::string> spec = take_spec(key.kind, key.parent, key.id);
  batch_.puts.push_back({.key = std::move(key),
                         .version = version,
                         .modified = now,
                         .spec = std::move(spec),
                         .status = std::move(status),
                         .state = word_of_state,
                         .live = true,
                         .event = std::exchange(told.event, -1)});
}

void Turn::touch(CertificateRecord& certificate, std::string_view what) {
  certificate.version = next_version();
  certificate.status.modified = now;
  put_now(certificate.told,
          {.what = std::string(what),
           .detail = detail_of(certificate.status),
           .version = certificate.version},
          {EntityKind::certificate, "", certificate.id}, to_json(certificate.status),
          boost::describe::enum_to_string(certificate.status.state, ""));
}

void Turn::touch(ApplicationRecord& application, std::string_view what) {
  application.version = next_version();
  application.status.modified = now;
  put_now(application.told,
          {.what = std::string(what),
           .detail = detail_of(application.status),
           .version = application.version},
          {EntityKind::application, "", application.id.text()}, to_json(application.status),
          "active");
}

void Turn::touch(const ApplicationRecord& application, PackageRecord& package,
                 std::string_view what) {
  package.version = next_version();
  package.status.modified = now;
  put_now(
      package.told,
      {.what = std::string(what), .detail = detail_of(package.status), .version = package.version},
      {EntityKind::package, application.id.text(), package.id.text()}, to_json(package.status),
      boost::describe::enum_to_string(package.status.state, ""));
}

}  // namespace batchyard::engine
