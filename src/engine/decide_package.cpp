// Applications and their packages, and what references to them mean.
#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "base/text.h"
#include "engine/decide.h"

namespace batchyard::engine {

namespace {

constexpr std::size_t applications_max = 200;
constexpr std::size_t packages_max = 40;  // of an application

Result<ApplicationRecord*> existing(Turn& turn, const ApplicationId& id) {
  const auto found = turn.state.applications.find(id);
  if (found == turn.state.applications.end())
    return refusal(
        "ApplicationNotFound",
        fmt::format("The specified application does not exist: {}. `batchyard app create {}` "
                    "makes it.",
                    id.text(), id.text()));
  return &found->second;
}

Result<PackageRecord*> existing(ApplicationRecord& application, const PackageVersion& version) {
  const auto found = application.packages.find(version);
  if (found == application.packages.end())
    return refusal("ApplicationPackageNotFound",
                   fmt::format("The specified application package does not exist: {} of {}.",
                               version.text(), application.id.text()));
  return &found->second;
}

const PackageRecord* active_package(const ApplicationRecord& application,
                                    const PackageVersion& version) {
  const auto found = application.packages.find(version);
  if (found == application.packages.end() || found->second.status.state != PackageState::active)
    return nullptr;
  return &found->second;
}

Result<> check_updates(const ApplicationRecord& application, const PackageRecord& package) {
  if (application.status.allow_updates || package.status.state == PackageState::pending)
    return Done();
  return refusal(
      "OperationInvalidForCurrentState",
      fmt::format("The package {} of application {} is active, and allowUpdates of the "
                  "application is false. Use another version, or set allowUpdates to true.",
                  package.id.text(), application.id.text()),
      {{"PropertyName", "allowUpdates"}, {"PropertyValue", "false"}});
}

void drop(Turn& turn, const std::optional<PackageContent>& content) {
  if (content) turn.perform(DropContent{content->name});
}

Reply reply_of(const ApplicationRecord& application) {
  return {.version = application.version, .modified = application.status.modified};
}
Reply reply_of(const PackageRecord& package) {
  return {.version = package.version, .modified = package.status.modified};
}

// What is wrong with a reference, in the service's words; nothing when it is good.
std::optional<std::string> fault_of(const State& state, const PackageReference& reference) {
  const auto found = state.applications.find(reference.application);
  if (found == state.applications.end()) return "The specified application package does not exist.";
  const ApplicationRecord& application = found->second;
  PackageVersion version = reference.version;
  if (version.empty()) version = application.status.default_version;
  if (version.empty())
    return "The application has no default version. Set one, or name a version in the reference.";
  const auto package = application.packages.find(version);
  if (package == application.packages.end())
    return fmt::format("The specified application package does not exist: version {}.",
                       version.text());
  if (package->second.status.state == PackageState::active) return std::nullopt;
  return fmt::format(
      "The specified application package is not active: version {}. Upload its "
      "archive and activate it.",
      version.text());
}

}  // namespace

Result<> check_packages(const State& state, const std::vector<PackageReference>& wanted,
                        const std::vector<PackageReference>& held) {
  std::vector<Detail> faults;
  for (const PackageReference& reference : wanted) {
    if (std::ranges::find(held, reference) != held.end()) continue;
    if (std::optional<std::string> fault = fault_of(state, reference))
      faults.push_back({reference.application.text(), *std::move(fault)});
  }
  if (faults.empty()) return Done();
  return refusal("InvalidApplicationPackageReferences",
                 "One or more of the specified application package references are invalid.",
                 std::move(faults));
}

std::vector<protocol::Package> packages_of(const State& state,
                                           const std::vector<PackageReference>& references) {
  std::vector<protocol::Package> packages;
  for (const PackageReference& reference : references) {
    protocol::Package& package = packages.emplace_back();
    package.application = reference.application.text();
    package.version = reference.version.text();
    package.by_default = reference.version.empty();
    const auto found = state.applications.find(reference.application);
    if (found == state.applications.end()) continue;
    const ApplicationRecord& application = found->second;
    const PackageRecord* active = active_package(
        application, package.by_default ? application.status.default_version : reference.version);
    package.application = application.id.text();
    if (active == nullptr) continue;
    package.version = active->id.text();
    package.content = active->status.content->name;
    package.sha256 = active->status.content->sha256;
    package.size = active->status.content->size;
  }
  return packages;
}

Result<Reply> decide(Turn& turn, SetApplication& command) {
  const auto found = turn.state.applications.find(command.id);
  const bool known = found != turn.state.applications.end();
  if (known && command.add)
    return refusal("ApplicationExists", "The specified application already exists.");
  if (!known && !command.add) TRY(existing(turn, command.id));
  if (!known && turn.state.applications.size() >= applications_max)
    return refusal("ApplicationQuotaReached",
                   fmt::format("The account has {} applications, and can have no more. Delete one.",
                               applications_max));
  const PackageVersion version = command.default_version.value_or(PackageVersion());
  if (!version.empty() && (!known || active_package(found->second, version) == nullptr))
    return refusal(
        "RequestedDefaultVersionNotActive",
        fmt::format("The requested default version is no active package of application {}: "
                    "{}. Upload and activate it first.",
                    command.id.text(), version.text()),
        {{"PropertyName", "defaultVersion"}, {"PropertyValue", version.text()}});
  ApplicationRecord& application = turn.state.applications[command.id];
  if (!known) {
    application.id = command.id;
    application.status.created = turn.now;
    turn.spec({EntityKind::application, "", application.id.text()}, "{}");
  }
  if (command.display_name) application.status.display_name = *std::move(command.display_name);
  if (command.default_version) application.status.default_version = version;
  if (command.allow_updates) application.status.allow_updates = *command.allow_updates;
  if (command.tags) application.status.tags = *std::move(command.tags);
  turn.touch(application, known ? "ApplicationChanged" : "ApplicationAdded");
  return reply_of(application);
}

Result<Reply> decide(Turn& turn, DeleteApplication& command) {
  const ApplicationRecord* application = TRY(existing(turn, command.id));
  if (!application->packages.empty())
    return refusal("ApplicationPackagesNotEmpty",
                   fmt::format("The application {} has {} packages. Delete them first.",
                               application->id.text(), application->packages.size()));
  turn.erase({EntityKind::application, "", application->id.text()}, "ApplicationDeleted");
  turn.state.applications.erase(command.id);
  return Reply();
}

namespace {

// The package of that version, new if need be; one that is there must allow to be replaced.
Result<PackageRecord*> opened(Turn& turn, ApplicationRecord& application,
                              const PackageVersion& version) {
  const auto found = application.packages.find(version);
  if (found != application.packages.end()) {
    TRY(check_updates(application, found->second));
    return &found->second;
  }
  if (application.packages.size() >= packages_max)
    return refusal(
        "ApplicationPackageQuotaReached",
        fmt::format("The application {} has {} packages, and can have no more. Delete one.",
                    application.id.text(), packages_max));
  PackageRecord& package = application.packages[version];
  package.id = version;
  package.status.created = turn.now;
  turn.spec({EntityKind::package, application.id.text(), package.id.text()}, "{}");
  return &package;
}

// What came from the storage takes the place of what waits; what is the same as before changes
// nothing.
Result<> take_in(Turn& turn, const ApplicationRecord& application, PackageRecord& package,
                 const PackageContent& content) {
  PackageStatus& status = package.status;
  const bool same = status.content && status.content->sha256 == content.sha256;
  if (!same) TRY(check_updates(application, package));
  drop(turn, status.uploaded);
  status.uploaded.reset();
  if (same)
    drop(turn, content);
  else
    status.uploaded = content;
  return Done();
}

}  // namespace

Result<Reply> decide(Turn& turn, DeclarePackage& command) {
  ApplicationRecord* application = TRY(existing(turn, command.application));
  PackageRecord* package = TRY(opened(turn, *application, command.version));
  drop(turn, package->status.uploaded);
  package->status.uploaded.reset();
  if (package->status.blob.empty()) package->status.blob = std::move(command.blob);
  if (command.tags) package->status.tags = *std::move(command.tags);
  turn.touch(*application, *package, "PackageDeclared");
  return reply_of(*package);
}

Result<Reply> decide(Turn& turn, StorePackage& command) {
  ApplicationRecord* application = TRY(existing(turn, command.application));
  PackageRecord* package = TRY(opened(turn, *application, command.version));
  drop(turn, package->status.uploaded);
  package->status.uploaded = std::move(command.content);
  package->status.blob.clear();
  turn.touch(*application, *package, "PackageUploaded");
  return reply_of(*package);
}

Result<Reply> decide(Turn& turn, ActivatePackage& command) {
  ApplicationRecord* application = TRY(existing(turn, command.application));
  PackageRecord* package = TRY(existing(*application, command.version));
  PackageStatus& status = package->status;
  if (command.content) TRY(take_in(turn, *application, *package, *command.content));
  if (!status.uploaded && !status.content)
    return refusal("ApplicationPackageBlobNotFound",
                   fmt::format("The archive of package {} of application {} was not uploaded yet. "
                               "Put it where its storageUrl says, then activate it.",
                               package->id.text(), application->id.text()));
  if (status.uploaded) {
    drop(turn, status.content);
    status.content = std::exchange(status.uploaded, {});
  }
  status.state = PackageState::active;
  status.format = std::move(command.format);
  status.activated = turn.now;
  turn.touch(*application, *package, "PackageActivated");
  return reply_of(*package);
}

Result<Reply> decide(Turn& turn, DeletePackage& command) {
  ApplicationRecord* application = TRY(existing(turn, command.application));
  PackageRecord* package = TRY(existing(*application, command.version));
  TRY(check_updates(*application, *package));
  drop(turn, package->status.uploaded);
  drop(turn, package->status.content);
  if (application->status.default_version == package->id) {
    application->status.default_version = {};
    turn.touch(*application, "ApplicationChanged");
  }
  turn.erase({EntityKind::package, application->id.text(), package->id.text()}, "PackageDeleted");
  application->packages.erase(command.version);
  return Reply();
}

}  // namespace batchyard::engine
