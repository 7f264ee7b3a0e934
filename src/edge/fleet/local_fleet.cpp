#include "edge/fleet/local_fleet.h"

#include <filesystem>
#include <future>
#include <system_error>

#include "edge/fleet/abilities.h"
#include "edge/fleet/fleet_loop.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// The first ability that isolated nodes need and that is not there.
Ability missing(const FleetAbilities& abilities) {
  for (const Ability& ability :
       {abilities.root, abilities.namespaces, abilities.links, abilities.mounts}) {
    if (!ability.there) return ability;
  }
  return Ability{"nothing", true, std::string(), std::string()};
}

Result<LocalFleetOptions> settle_paths(LocalFleetOptions options) {
  std::error_code error;
  TRY(make_directory(options.data_directory, 0755));
  options.data_directory = std::filesystem::canonical(options.data_directory, error).string();
  if (error) return cannot("find the data directory", error.value());
  if (!options.agent_program.starts_with('/') || options.init_command.empty())
    return fail(Kind::internal, "NodeNotMade", "the agent's program must be an absolute path");
  return options;
}

}  // namespace

class LocalFleet::Thread {
 public:
  Thread(LocalFleetOptions options, bool with_namespaces, std::string warning,
         engine::FleetListener& listener)
      : isolated(with_namespaces),
        notice(std::move(warning)),
        loop(std::move(options), with_namespaces, listener) {}

  const bool isolated;
  const std::string notice;
  FleetLoop loop;
};

Result<std::unique_ptr<LocalFleet>> LocalFleet::open(LocalFleetOptions options,
                                                     engine::FleetListener& listener) {
  options = TRY(settle_paths(std::move(options)));
  bool isolated = false;
  std::string notice = "Nodes are not isolated, because that was asked for: ";
  if (options.isolation != Isolation::processes) {
    const FleetAbilities abilities = probe();
    isolated = abilities.isolated_nodes();
    const Ability lack = missing(abilities);
    if (!isolated && options.isolation == Isolation::namespaces)
      return fail(Kind::internal, "NodeNotMade",
                  "Nodes cannot be isolated here (" + lack.name + ": " + lack.finding +
                      "). To cure it, " + lack.cure + ".");
    notice = "Nodes are not isolated here (" + lack.name + ": " + lack.finding + "): ";
  }
  notice +=
      "they are plain processes that share this machine's network, host name and files, and pools "
      "can reach "
      "each other. `batchyard doctor` says what isolation needs.";
  if (isolated) notice.clear();
  return std::unique_ptr<LocalFleet>(new LocalFleet(
      std::make_unique<Thread>(std::move(options), isolated, std::move(notice), listener)));
}

LocalFleet::LocalFleet(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}

LocalFleet::~LocalFleet() = default;

void LocalFleet::adopt(std::vector<engine::NodeOrder> wanted) {
  thread_->loop.post(
      [wanted = std::move(wanted)](FleetLoop& loop) mutable { loop.adopt(std::move(wanted)); });
}

void LocalFleet::make(engine::NodeOrder order) {
  thread_->loop.post(
      [order = std::move(order)](FleetLoop& loop) mutable { loop.make(std::move(order)); });
}

void LocalFleet::unmake(PoolId pool, NodeId node) {
  thread_->loop.post([pool = std::move(pool), node = std::move(node)](FleetLoop& loop) {
    loop.unmake(pool, node);
  });
}

void LocalFleet::lose(PoolId pool, NodeId node) {
  thread_->loop.post(
      [pool = std::move(pool), node = std::move(node)](FleetLoop& loop) { loop.lose(pool, node); });
}

void LocalFleet::restart_agent(PoolId pool, NodeId node) {
  thread_->loop.post([pool = std::move(pool), node = std::move(node)](FleetLoop& loop) {
    loop.restart_agent(pool, node);
  });
}

void LocalFleet::stop_all() {
  std::promise<void> done;
  std::future<void> ended = done.get_future();
  thread_->loop.post_last(
      [done = std::move(done)](FleetLoop& loop) mutable { loop.stop(std::move(done)); });
  // A second call is dropped with its promise; there is nothing left to wait for.
  ended.wait();
}

bool LocalFleet::isolated() const {
  return thread_->isolated;
}

const std::string& LocalFleet::notice() const {
  return thread_->notice;
}

}  // namespace batchyard::fleet
