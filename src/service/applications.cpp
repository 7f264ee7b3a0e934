// Applications, as the data plane shows them: which can be had on nodes, in which versions. What an
// operator does with them is in packages.cpp.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t versions_max = 1000;

// Its versions are those that a reference may name now.
Result<json::object> application_summary(const engine::Row& row, engine::StoreReader& store) {
  const ApplicationStatus status = TRY(from_json<ApplicationStatus>(row.status));
  const engine::Page page = TRY(store.list(
      {.kind = engine::EntityKind::package, .parent = row.key.id, .limit = versions_max}));
  json::array versions;
  for (const engine::Row& package : page.rows) {
    if (TRY(from_json<PackageStatus>(package.status)).state == PackageState::active)
      versions.emplace_back(package.key.id);
  }
  json::object summary{{"id", row.key.id}, {"versions", std::move(versions)}};
  if (!status.display_name.empty()) summary["displayName"] = status.display_name;
  return summary;
}

}  // namespace

void Service::list_applications(Call call) {
  list(
      call, "listapplicationsummariesresponses",
      {.kind = engine::EntityKind::application, .parent = {}, .filter = nullptr, .after = {}}, "",
      [&](const engine::Row& row) { return application_summary(row, *ports_.store); },
      api::Model::ApplicationSummary);
}

void Service::get_application(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::application, "", call.parameters[0]));
    json::object summary = TRY(application_summary(row, *ports_.store));
    api::view(api::Model::ApplicationSummary, call.version, summary);
    answer_entity(call, "getapplicationsummaryresponse/@Element", std::move(summary));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
