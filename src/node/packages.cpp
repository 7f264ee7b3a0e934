// Application packages: the pool's before its start task, a task's own before its command. One that
// is under way is waited for by everybody who needs it; what is there is not fetched again.
#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

namespace {

constexpr const char* packages_record = "packages";
constexpr std::string_view awaited_package = "package:";
constexpr std::size_t digest_shown = 12;
constexpr const char* package_error = "ApplicationPackageError";

struct PackagesRecord {
  std::vector<protocol::Package> packages;
  bool deployed = false;
  std::optional<protocol::NodeFault> fault;
};
BOOST_DESCRIBE_STRUCT(PackagesRecord, (), (packages, deployed, fault))

std::string name_of(const protocol::Package& package) {
  return package.version.empty() ? package.application + " (its default version)"
                                 : package.application + " " + package.version;
}

Error gone(const protocol::Package& package) {
  return {Kind::not_found,
          package_error,
          fmt::format("The application package {} does not exist any more, or is not active.",
                      name_of(package)),
          {{"ApplicationId", package.application}, {"Version", package.version}},
          {}};
}

// The service's word, whatever went wrong; the reason is among the details.
protocol::NodeFault fault_of_package(const Error& error) {
  protocol::NodeFault fault{
      package_error,
      "One or more application packages of the pool could not be deployed: " + error.message,
      {}};
  for (const Detail& detail : error.details) fault.details.push_back({detail.key, detail.value});
  return fault;
}

protocol::RunEnd package_failure(const Error& error, Time now) {
  const bool users = error.kind == Kind::not_found || error.kind == Kind::invalid;
  protocol::Failure failure{
      users ? protocol::FailureCategory::usererror : protocol::FailureCategory::servererror,
      package_error,
      error.message,
      {}};
  for (const Detail& detail : error.details) failure.details.push_back({detail.key, detail.value});
  return {.exit_code = std::nullopt, .failure = std::move(failure), .started = {}, .ended = now};
}

// The letters that a shell's variable may have.
std::string flattened(std::string name) {
  for (char& letter : name) {
    if (letter == '.' || letter == '-' || letter == '#') letter = '_';
  }
  return name;
}

}  // namespace

std::string directory_of(const protocol::Package& package) {
  return fmt::format("applications/{}/{}/{}", fold(package.application), fold(package.version),
                     package.sha256.substr(0, digest_shown));
}

bool is_package(const std::string& awaited) {
  return awaited.starts_with(awaited_package);
}

void Node::order_package(const protocol::Package& package) {
  const std::string directory = node::directory_of(package);
  if (deploying_.insert(directory).second)
    ports_.deploy({.directory = directory,
                   .content = package.content,
                   .sha256 = package.sha256,
                   .size = package.size});
}

// ---- of the pool
// ------------------------------------------------------------------------------------------------------------

void Node::deploy_pool_packages(const protocol::DeployPackages& order) {
  if (!pool_packages_) {
    pool_packages_ = PoolPackages{.packages = order.packages};
    for (const protocol::Package& package : order.packages) {
      if (package.content.empty() && !pool_packages_->fault)
        pool_packages_->fault = fault_of_package(gone(package));
      else
        pool_packages_->awaited.insert(node::directory_of(package));
    }
    ports_.keep_record(packages_record,
                       to_json(PackagesRecord{order.packages, false, pool_packages_->fault}));
    await_pool_packages();
  }
  if (pool_packages_->fault)
    ports_.send(*pool_packages_->fault);
  else if (pool_packages_->awaited.empty())
    ports_.send(protocol::PackagesDeployed());
}

void Node::await_pool_packages() {
  if (!pool_packages_ || pool_packages_->fault) return;
  for (const protocol::Package& package : pool_packages_->packages) {
    if (pool_packages_->awaited.contains(node::directory_of(package))) order_package(package);
  }
}

void Node::restore_pool_packages(const std::string& text) {
  Result<PackagesRecord> record = from_json<PackagesRecord>(text);
  if (!record) return;
  pool_packages_ = PoolPackages{.packages = std::move(record->packages)};
  pool_packages_->fault = std::move(record->fault);
  if (record->deployed) return;
  for (const protocol::Package& package : pool_packages_->packages)
    pool_packages_->awaited.insert(node::directory_of(package));
}

void Node::pool_package_came(const std::string& directory, const Result<>& outcome, Time now) {
  if (!pool_packages_ || !pool_packages_->awaited.contains(directory)) return;
  if (outcome) pool_packages_->awaited.erase(directory);
  if (pool_packages_->fault) return;  // there is one already
  if (!outcome)
    pool_packages_->fault = fault_of_package(outcome.error());
  else if (!pool_packages_->awaited.empty())
    return;
  ports_.keep_record(packages_record, to_json(PackagesRecord{pool_packages_->packages, !!outcome,
                                                             pool_packages_->fault}));
  if (pool_packages_->fault) return ports_.send(*pool_packages_->fault);
  ports_.send(protocol::PackagesDeployed());
  if (const auto order = std::exchange(pool_packages_->start_task, {}))
    start_task_ordered(*order, now);
}

void Node::start_task_ordered(const protocol::RunStartTask& order, Time now) {
  if (pool_packages_ && pool_packages_->fault) return;  // the node must start anew first
  if (pool_packages_ && !pool_packages_->awaited.empty()) {
    pool_packages_->start_task = order;
    return;
  }
  run_chore({.generation = order.generation,
             .job = {},
             .task = {},
             .preparation = {},
             .spec = order.spec,
             .job_environment = {}},
            now);
}

// ---- of tasks
// ------------------------------------------------------------------------------------------------------------

void Node::await_packages(Run& run, Time now) {
  for (const protocol::Package& package : run.order.packages) {
    if (!package.content.empty())
      run.fetching.insert(std::string(awaited_package) + node::directory_of(package));
    else if (!run.fetch_failure)
      run.fetch_failure = package_failure(gone(package), now);
  }
  for (const protocol::Package& package : run.order.packages) {
    if (!package.content.empty()) order_package(package);
  }
}

// A job's release may be ordered as soon as the node is back. The start task is not begun before.
void Node::await_pool_packages(Chore& chore) const {
  if (chore.is_start_task() || !pool_packages_ || pool_packages_->fault) return;
  for (const std::string& directory : pool_packages_->awaited)
    chore.fetching.insert(std::string(awaited_package) + directory);
}

void Node::on_deployed(const std::string& directory, const Result<>& outcome, Time now) {
  deploying_.erase(directory);
  pool_package_came(directory, outcome, now);
  // What follows may change the runs and the chores.
  std::vector<protocol::RunKey> waiting;
  std::vector<std::pair<JobId, protocol::JobTaskKind>> waiting_chores;
  const auto came = [&](auto& one) {
    if (one.fetching.erase(std::string(awaited_package) + directory) == 0) return false;
    if (!outcome && !one.fetch_failure) one.fetch_failure = package_failure(outcome.error(), now);
    return one.fetching.empty();
  };
  for (auto& [key, run] : runs_) {
    if (came(*run)) waiting.push_back(key);
  }
  for (auto& [key, chore] : chores_) {
    if (came(*chore)) waiting_chores.push_back(key);
  }
  for (const auto& [job, kind] : waiting_chores) {
    if (Chore* chore = find_chore(job, kind)) chore_fetched(*chore, now);
  }
  for (const protocol::RunKey& key : waiting) {
    if (Run* run = find(key); run != nullptr && run->phase != protocol::RunPhase::ended)
      prepared(*run, now);
  }
}

// Programs look for the name with its marks ("GPUDriver#411.82") or for one that a shell can read,
// as it was written or in lower case: each finds its own.
void Node::add_packages(std::vector<std::string>& environment,
                        const std::vector<protocol::Package>& packages) const {
  const auto add = [&](const protocol::Package& package) {
    const bool missing =
        pool_packages_ && pool_packages_->awaited.contains(node::directory_of(package));
    if (package.content.empty() || missing) return;
    const std::string name =
        package.by_default ? package.application : package.application + "#" + package.version;
    const std::string value = identity_.root + "/" + node::directory_of(package);
    for (const std::string& spelling : {name, flattened(name), fold(flattened(name))})
      set_variable(environment, "AZ_BATCH_APP_PACKAGE_" + spelling, value);
  };
  if (pool_packages_) std::ranges::for_each(pool_packages_->packages, add);
  std::ranges::for_each(packages, add);
}

}  // namespace batchyard::node
