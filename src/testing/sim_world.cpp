#include "testing/sim_world.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>

#include "base/described_json.h"
#include "testing/sim_node.h"
#include "testing/sim_rest.h"
#include "testing/sim_workload.h"

namespace batchyard::testing {

namespace {

using namespace std::chrono_literals;

constexpr int commands_max = 40;
constexpr Duration healing_max = 30min;
constexpr std::uint64_t steps_max = 400'000;

// Every world has faults of its own: some of these kinds, at some rate (swarm testing).
SimFaults pick_faults(Random& random) {
  SimFaults faults;
  const auto some = [&](std::uint64_t rate) {
    return random.once_in(2) ? rate * static_cast<std::uint64_t>(random.between(1, 4)) : 0;
  };
  faults.crash_before_commit = some(40);
  faults.crash_after_commit = some(40);
  faults.server_kill = some(20);
  faults.agent_kill = some(10);
  faults.node_crash = some(20);
  faults.link_cut = some(6);
  faults.make_fails = some(10);
  faults.task_fails = some(5);
  faults.latency_max = Duration(random.between(0, 200));
  return faults;
}

class World {
 public:
  explicit World(const SimWish& wish)
      : random_(wish.seed),
        canary_(wish.canary),
        trace_(wish.keep_trace),
        faults_(pick_faults(random_)),
        server_(clock_, random_, trace_, faults_, wish.canary,
                {[this](const engine::NodeOrder& order) { make_node(order); },
                 [this](const PoolId& pool, const NodeId& node) { unmake_node(pool, node); },
                 [this](const PoolId& pool, const NodeId& node) {
                   if (node_at(pool, node) != nullptr) lose_node({pool, node});
                 },
                 [this](const PoolId& pool, const NodeId& node, protocol::ToAgent message) {
                   send_down(pool, node, std::move(message));
                 }}) {
    server_.on_change = [this](bool up) { server_changed(up); };
  }

  SimOutcome run();

 private:
  using Place = std::pair<PoolId, NodeId>;
  SimNode* node_at(const PoolId& pool, const NodeId& id) {
    const auto found = nodes_.find({pool, id});
    return found == nodes_.end() ? nullptr : found->second.get();
  }

  // ---- fleet ----
  void make_node(const engine::NodeOrder& order);
  void unmake_node(const PoolId& pool, const NodeId& id);
  void make_now(const Place& place, std::int64_t life, std::int64_t image);
  void made(const Place& place);
  // Orders about one node are carried out in the order in which they were given.
  Time turn_of(const Place& place, std::int64_t most) {
    Time& last = fleet_busy_[place];
    return last = std::max(last, clock_.now() + Duration(random_.between(1, most)));
  }
  void lose_node(const Place& place);
  void remove_orphans();

  // ---- network ----
  void connect(const Place& place);
  void cut(SimNode& node);
  void send_up(const Place& place, protocol::FromAgent message);
  void send_down(const PoolId& pool, const NodeId& id, protocol::ToAgent message);
  Time arrival(Time& last) {
    last = std::max(last, clock_.now() + Duration(random_.between(0, faults_.latency_max.count())));
    return last;
  }
  void server_changed(bool up);

  // ---- users and faults ----
  void act();
  void add_pool(const std::string& id, bool gangs);
  void add_application();
  void add_job(const std::string& id);
  void add_tasks();
  void act_on_node();
  // A server with a blind gate does not know what its nodes must have.
  protocol::Promise promise() const {
    return canary_ == Canary::blind_gate ? protocol::Promise() : sim_promise;
  }
  void inject_fault();
  void repair_nodes();
  void add_schedule();
  void act_on_schedule();
  void tick_nodes();
  void second();
  void heal();
  void enable_jobs();
  std::string unrest() {
    return unrest_of(server_, [this](const PoolId& pool, const NodeId& id) -> const SimNode* {
      return node_at(pool, id);
    });
  }
  void check_end();

  SimClock clock_;
  Random random_;
  Canary canary_;
  SimTrace trace_;
  SimFaults faults_;
  SimServer server_;
  SimWorkload workload_{random_, server_.checks};
  std::map<Place, std::unique_ptr<SimNode>> nodes_;
  std::map<Place, Time> fleet_busy_;
  std::map<Place, std::int64_t> images_;  // that the nodes' files belong to
  std::int64_t last_incarnation_ = 0;
  int commands_ = 0;
  std::int64_t tasks_of_schedules_ = 0;
  std::int64_t faults_done_ = 0;
  bool healing_ = false;
  std::set<JobId> releasing_;  // jobs with a release task
};

void World::made(const Place& place) {
  server_.submit(engine::FleetMade{{.pool = place.first,
                                    .node = place.second,
                                    .ip_address = "10.0.0.4",
                                    .host_name = place.second.text(),
                                    .life = nodes_.at(place)->life}},
                 {});
}

void World::make_now(const Place& place, std::int64_t life, std::int64_t image) {
  if (std::int64_t& has = images_[place]; has < image) {
    has = image;
    server_.checks.files_lost(place.second);
  }
  if (SimNode* node = node_at(place.first, place.second)) {
    if (node->life >= life) return made(place);
    cut(*node);
    node->crash();
    nodes_.erase(place);
  }
  if (random_.once_in(faults_.make_fails)) {
    ++faults_done_;
    server_.submit(
        engine::FleetFailed{place.first, place.second, Error{.message = "it could not be made"}},
        {});
    return;
  }
  nodes_[place] = std::make_unique<SimNode>(
      SimNodeWorld{clock_, random_, trace_, server_.checks, faults_.task_fails}, place.first,
      place.second, fmt::format("boot-{}", ++last_incarnation_),
      [this, place](protocol::FromAgent message) { send_up(place, std::move(message)); });
  nodes_[place]->life = life;
  nodes_[place]->start_agent();
  made(place);
  connect(place);
}

void World::make_node(const engine::NodeOrder& order) {
  const Place place(order.pool, order.node);
  clock_.after(
      turn_of(place, 500) - clock_.now(),
      [this, place, life = order.life, image = order.image] { make_now(place, life, image); });
}

void World::unmake_node(const PoolId& pool, const NodeId& id) {
  clock_.after(turn_of({pool, id}, 100) - clock_.now(), [this, pool, id] {
    if (SimNode* node = node_at(pool, id)) {
      cut(*node);
      node->crash();
      nodes_.erase({pool, id});
    }
    server_.submit(engine::FleetUnmade{pool, id}, {});
  });
}

void World::lose_node(const Place& place) {
  SimNode& node = *nodes_.at(place);
  cut(node);
  node.crash();
  nodes_.erase(place);
  server_.submit(engine::FleetFailed{place.first, place.second,
                                     Error{.message = "its first process has died"}},
                 {});
}

// A fleet that is opened again removes what nobody knows.
void World::remove_orphans() {
  for (auto at = nodes_.begin(); at != nodes_.end();) {
    const bool known =
        server_.store
            .read({engine::EntityKind::node, at->first.first.text(), at->first.second.text()})
            ->has_value();
    if (!known) at->second->crash();
    at = known ? std::next(at) : nodes_.erase(at);
  }
}

void World::connect(const Place& place) {
  SimNode* node = node_at(place.first, place.second);
  if (node == nullptr || node->connected || !node->agent_alive()) return;
  if (!server_.up()) {
    clock_.after(Duration(random_.between(50, 1000)), [this, place] { connect(place); });
    return;
  }
  node->connected = true;
  ++node->link;
  trace_.note(clock_.now(), "link up " + place.second.text());
  send_up(place, node->hello());
}

void World::cut(SimNode& node) {
  if (!std::exchange(node.connected, false)) return;
  ++node.link;
  node.link_lost();
  trace_.note(clock_.now(), "link cut " + node.id.text());
  server_.submit(engine::AgentLost{node.pool, node.id}, {});
}

void World::send_up(const Place& place, protocol::FromAgent message) {
  SimNode* node = node_at(place.first, place.second);
  if (node == nullptr || !node->connected) return;
  auto shared = std::make_shared<protocol::FromAgent>(std::move(message));
  clock_.after(arrival(node->last_up) - clock_.now(), [this, place, shared, link = node->link] {
    const SimNode* now = node_at(place.first, place.second);
    if (now != nullptr && now->link == link && server_.up())
      server_.submit(engine::AgentSaid{place.first, place.second, *shared}, {});
  });
}

void World::send_down(const PoolId& pool, const NodeId& id, protocol::ToAgent message) {
  SimNode* node = node_at(pool, id);
  if (node == nullptr || !node->connected) return;
  auto shared = std::make_shared<protocol::ToAgent>(std::move(message));
  clock_.after(arrival(node->last_down) - clock_.now(),
               [this, pool, id, shared, link = node->link] {
                 SimNode* now = node_at(pool, id);
                 if (now != nullptr && now->link == link && now->agent_alive())
                   now->receive(*shared);
               });
}

void World::server_changed(bool up) {
  if (up) {
    remove_orphans();
    return;
  }
  ++faults_done_;
  for (auto& [place, node] : nodes_) {
    if (std::exchange(node->connected, false)) {
      ++node->link;
      node->link_lost();
    }
    clock_.after(Duration(random_.between(50, 1000)), [this, at = place] { connect(at); });
  }
}

void World::add_pool(const std::string& id, bool gangs) {
  engine::AddPool command{.id = PoolId::trusted(id),
                          .facts = {},
                          .target_dedicated = static_cast<std::int32_t>(random_.between(2, 4)),
                          .spec = "{}"};
  command.facts.inter_node = gangs;
  command.facts.promise = promise();
  command.facts.task_slots = gangs ? 1 : 2;
  command.facts.spread = random_.once_in(2);
  command.facts.start_task = random_.once_in(2);
  command.target_low_priority = static_cast<std::int32_t>(random_.between(0, 2));
  if (canary_ == Canary::no_images || random_.once_in(4)) {
    command.facts.set_up = command.facts.containers = true;
    workload_.pool_runs_containers(command.id);
  }
  const bool extends = random_.once_in(4);
  // A gate that waits hides what a blind one does.
  if (canary_ == Canary::no_extensions || (extends && canary_ != Canary::blind_gate)) {
    command.facts.set_up = command.facts.extensions = true;
    server_.checks.pool_extends(command.id);
  }
  if (random_.once_in(2))
    command.facts.packages = {{ApplicationId::trusted("app"), PackageVersion::trusted("1")}};
  server_.submit(std::move(command), {});
}

// An application with two versions, one of them by default. They stay.
void World::add_application() {
  const ApplicationId app = ApplicationId::trusted("app");
  server_.submit(engine::SetApplication{.id = app, .add = true}, {});
  for (const char* text : {"1", "2"}) {
    const PackageVersion version = PackageVersion::trusted(text);
    server_.submit(
        engine::StorePackage{app, version, {std::string("content-") + text, 1, std::string(text)}},
        {});
    server_.submit(engine::ActivatePackage{app, version, "zip"}, {});
  }
  server_.submit(engine::SetApplication{.id = app, .default_version = PackageVersion::trusted("2")},
                 {});
}

// Some have a preparation, of those some a release; some have a manager.
void World::add_job(const std::string& id) {
  engine::AddJob command =
      workload_.job(JobId::trusted(id), PoolId::trusted(random_.once_in(2) ? "p1" : "p2"));
  JobHelpers helpers;
  if (!random_.once_in(4)) {
    helpers.preparation = TaskId::trusted("jobpreparation");
    helpers.preparation_gates = !random_.once_in(5);
    if (helpers.preparation_gates) server_.checks.job_prepares(command.id);
    if (!random_.once_in(4)) {
      helpers.release = TaskId::trusted("jobrelease");
      releasing_.insert(command.id);
    }
  }
  if (random_.once_in(4)) {
    helpers.manager = TaskId::trusted("m");
    helpers.manager_exclusive = random_.once_in(2);
    helpers.manager_ends_job = random_.once_in(2);
    command.manager.emplace();
    command.manager->id = helpers.manager;
    workload_.set_command(*command.manager, command.facts.pool,
                          fmt::format(R"("commandLine":"sim {} 0")", random_.between(1, 30'000)));
  }
  if (!helpers.preparation.empty() || command.manager) command.facts.helpers = helpers;
  server_.submit(std::move(command), {});
}

void World::add_tasks() {
  const JobId job = JobId::trusted(fmt::format("j{}", random_.between(1, 3)));
  engine::AddTasks command = workload_.tasks(job);
  std::vector<TaskId> ids;
  for (const engine::NewTask& task : command.tasks) ids.push_back(task.id);
  server_.submit(std::move(command), [this, job, ids](Result<engine::Reply> reply) {
    for (std::size_t at = 0; reply && at < ids.size(); ++at) {
      if (reply->items[at]) server_.checks.task_acknowledged(job, ids[at]);
    }
  });
}

// Any fault, for a while, on one node or on all.
void World::inject_fault() {
  if (nodes_.empty()) return;
  auto at = nodes_.begin();
  std::advance(at, random_.between(0, static_cast<std::int64_t>(nodes_.size()) - 1));
  const auto [pool, node] = at->first;
  // What keeps a pool from its targets is the business of formulas' checks on that one.
  const bool shown = canary_ == Canary::blind_gate || pool == PoolId::trusted("p3");
  const std::uint64_t kinds = shown ? 4 : 9;
  FaultPlan plan{.node = random_.once_in(2) ? node.text() : "*",
                 .fault = {.kind = static_cast<protocol::FaultKind>(random_.below(kinds)),
                           .gpu = static_cast<std::int32_t>(random_.below(2)),
                           .value = 79},
                 .after = Duration(random_.between(0, 5000)),
                 .lasts = Duration(random_.between(1, 15'000))};
  if (plan.fault.kind >= protocol::FaultKind::allocation) plan.node = "*";
  server_.submit(engine::InjectFault{pool, plan}, {});
}

// The operator's work at the end: no fault is left, and what is in quarantine, or whose start task
// was made to fail, starts anew.
void World::repair_nodes() {
  if (server_.up()) {
    std::vector<engine::ClearFaults> clears;
    std::vector<engine::ActOnNode> reboots;
    for (const auto& [id, pool] : server_.state().pools) {
      const bool all_over =
          std::ranges::all_of(pool.status.faults, [](const auto& fault) { return fault.over; });
      if (!all_over) clears.push_back({id, 0});
      for (const auto& [node_id, node] : pool.nodes) {
        const bool out = node.status.quarantined && node.status.state == NodeState::unusable;
        const bool faulty = node.status.faulty && node.status.state == NodeState::unusable;
        if (out || faulty || node.status.state == NodeState::starttaskfailed)
          reboots.push_back({.pool = id, .node = node_id, .action = engine::NodeAction::reboot});
      }
    }
    for (engine::ClearFaults& clear : clears) server_.submit(std::move(clear), {});
    for (engine::ActOnNode& reboot : reboots) server_.submit(std::move(reboot), {});
  }
  clock_.after(5s, [this] { repair_nodes(); });
}

// What users and the operator ask of single nodes: any of it, in whatever state the node is.
void World::act_on_node() {
  if (nodes_.empty()) return;
  auto at = nodes_.begin();
  std::advance(at, random_.between(0, static_cast<std::int64_t>(nodes_.size()) - 1));
  const auto [pool, node] = at->first;
  const auto option = static_cast<Deallocation>(random_.below(3));
  switch (const std::uint64_t what = random_.below(9)) {
    case 0:
      // The targets of that one are its formula's, which the checks compare.
      if (pool == PoolId::trusted("p3")) break;
      server_.submit(
          engine::RemoveNodes{
              .id = pool, .nodes = {node}, .deallocation = option, .if_version = {}},
          {});
      break;
    case 1:
    case 2:
      server_.submit(engine::PreemptNode{pool, node, Duration(random_.between(1, 20'000))}, {});
      break;
    default:
      server_.submit(
          engine::ActOnNode{pool, node, static_cast<engine::NodeAction>(what - 3), option}, {});
  }
}

// Its jobs are on a pool that a formula sizes.
void World::add_schedule() {
  engine::AddPool pool{.id = PoolId::trusted("p3"), .facts = {}, .spec = "{}"};
  pool.facts.promise = promise();
  pool.autoscale =
      AutoScaleFacts{random_.once_in(4) ? "$TargetDedicatedNodes = 1 / (time().second < 30 ? 0 : 1)"
                                        : "$TargetDedicatedNodes = min(3, 1 + $PendingTasks)",
                     Duration(random_.between(2000, 20'000))};
  server_.submit(std::move(pool), {});
  engine::AddSchedule schedule{
      .id = ScheduleId::trusted("s"), .facts = {}, .spec = R"({"jobSpecification":{}})"};
  schedule.facts.job.pool = PoolId::trusted("p3");
  schedule.facts.interval = Duration(random_.between(1000, 15'000));
  if (random_.once_in(2)) schedule.facts.window = Duration(random_.between(100, 15'000));
  server_.submit(std::move(schedule), {});
}

void World::act_on_schedule() {
  if (!server_.up()) return;
  const auto schedule = server_.state().schedules.find(ScheduleId::trusted("s"));
  if (schedule == server_.state().schedules.end()) return;
  const JobId job = schedule->second.status.recent;
  switch (random_.below(6)) {
    case 0:
      server_.submit(engine::SteerSchedule{schedule->first, engine::ScheduleVerb::disable, {}}, {});
      break;
    case 1:
      server_.submit(engine::SteerSchedule{schedule->first, engine::ScheduleVerb::enable, {}}, {});
      break;
    case 2:
      if (random_.once_in(4)) {
        server_.checks.job_deletion_asked(job);
        server_.submit(engine::DeleteJob{job, {}}, {});
      }
      break;
    case 3:
      server_.submit(engine::AddTasks{job,
                                      {{TaskId::trusted(fmt::format("s{}", ++tasks_of_schedules_)),
                                        {},
                                        R"({"commandLine":"sim 500 0"})"}}},
                     {});
      break;
    default:
      server_.submit(engine::TerminateJob{job, "enough", {}}, {});
  }
}

// One thing that a user does.
void World::act() {
  if (++commands_ > commands_max) return heal();
  const PoolId pool = PoolId::trusted(random_.once_in(2) ? "p1" : "p2");
  const JobId job = JobId::trusted(fmt::format("j{}", random_.between(1, 3)));
  const TaskId task = workload_.some_task();
  switch (random_.below(16)) {
    case 0:
      server_.submit(
          engine::ResizePool{.id = pool,
                             .target_dedicated = static_cast<std::int32_t>(random_.between(1, 5)),
                             .target_low_priority = {},
                             .deallocation = static_cast<Deallocation>(random_.below(3)),
                             .if_version = {}},
          {});
      break;
    case 1:
      server_.checks.run_disturbed_task(job, task);
      server_.submit(engine::TerminateTask{job, task, {}}, {});
      break;
    case 2:
      server_.checks.task_deletion_asked(job, task);
      server_.submit(engine::DeleteTask{job, task, {}}, {});
      break;
    case 3:
      server_.checks.task_reactivation_asked(job, task);
      server_.submit(engine::ReactivateTask{job, task, {}}, {});
      break;
    case 4:
      if (random_.once_in(4)) {
        server_.checks.job_deletion_asked(job);
        const bool force = random_.once_in(3);
        if (force) releasing_.erase(job);  // nobody waits for that
        server_.submit(engine::DeleteJob{job, {}, force}, {});
      } else if (random_.once_in(4)) {
        server_.submit(engine::TerminateJob{job, "enough", {}, random_.once_in(3)}, {});
      }
      break;
    case 5:
      server_.submit(engine::StopResize{pool, {}}, {});
      break;
    case 6:
      server_.submit(workload_.disable(job), {});
      break;
    case 7:
      server_.submit(engine::EnableJob{job, {}}, {});
      break;
    case 8:
    case 9:
      canary_ == Canary::blind_gate || random_.once_in(3) ? inject_fault() : act_on_node();
      break;
    default:
      add_tasks();
  }
  if (random_.once_in(3)) act_on_schedule();
  clock_.after(Duration(random_.between(0, 3000)), [this] { act(); });
}

// What goes wrong by itself.
// What agents do at their deadlines.
void World::tick_nodes() {
  for (auto& [place, node] : nodes_) node->tick();
  clock_.after(1s, [this] { tick_nodes(); });
}

void World::second() {
  if (healing_) return;
  if (random_.once_in(faults_.server_kill)) server_.kill();
  std::vector<Place> places;
  for (auto& [place, node] : nodes_) places.push_back(place);
  for (const Place& place : places) {
    SimNode& node = *nodes_.at(place);
    if (random_.once_in(faults_.node_crash)) {
      ++faults_done_;
      lose_node(place);
    } else if (node.agent_alive() && random_.once_in(faults_.agent_kill)) {
      ++faults_done_;
      cut(node);
      node.kill_agent();
      clock_.after(Duration(random_.between(100, 5000)), [this, place] {
        SimNode* back = node_at(place.first, place.second);
        if (back != nullptr && !back->agent_alive()) {
          back->start_agent();
          connect(place);
        }
      });
    } else if (node.connected && random_.once_in(faults_.link_cut)) {
      ++faults_done_;
      cut(node);
      // Now and then for so long that the server gives its tasks to others.
      const bool long_cut = random_.once_in(10);
      if (long_cut) {
        node.disturb_runs();
        server_.checks.node_silent(place.second);
      }
      clock_.after(
          Duration(long_cut ? random_.between(240'000, 420'000) : random_.between(10, 5000)),
          [this, place] { connect(place); });
    }
  }
  clock_.after(1s, [this] { second(); });
}

// From now on nothing goes wrong any more, and everything that can end must end.
void World::heal() {
  healing_ = true;
  const Duration latency = faults_.latency_max;
  faults_ = SimFaults();
  faults_.latency_max = latency;
  trace_.note(clock_.now(), "all faults end");
  enable_jobs();
  repair_nodes();
}

// Whoever has disabled a job enables it again in the end.
void World::enable_jobs() {
  std::vector<JobId> disabled;
  if (server_.up()) {
    for (const auto& [id, job] : server_.state().jobs)
      if (job.status.state == JobState::disabled) disabled.push_back(id);
  }
  for (const JobId& job : disabled) server_.submit(engine::EnableJob{job, {}}, {});
  clock_.after(5s, [this] { enable_jobs(); });
}

// Jobs that have ended were released on every node that they had used and that is still there.
void World::check_end() {
  if (!server_.up()) return;
  for (const JobId& id : releasing_) {
    const auto job = server_.state().jobs.find(id);
    if (job != server_.state().jobs.end() && job->second.status.state != JobState::completed)
      continue;
    for (const auto& [pool_id, pool] : server_.state().pools) {
      for (const auto& [node_id, node] : pool.nodes) {
        if (node.status.state == NodeState::idle) server_.checks.check_released(id, node_id);
      }
    }
  }
}

SimOutcome World::run() {
  add_application();
  add_pool("p1", true);
  add_pool("p2", false);
  for (const char* job : {"j1", "j2", "j3"}) add_job(job);
  if (random_.once_in(2)) add_schedule();
  clock_.after(100ms, [this] { act(); });
  clock_.after(1s, [this] { second(); });
  clock_.after(1s, [this] { tick_nodes(); });
  Time limit = Time::max();
  bool rest = false;
  for (std::uint64_t step = 0; step < steps_max && server_.checks.violation().empty(); ++step) {
    if (!clock_.step()) break;
    if (healing_ && limit == Time::max()) limit = clock_.now() + healing_max;
    if (clock_.now() > limit) break;
    rest = healing_ && step % 16 == 0 && unrest().empty();
    if (rest) break;
  }
  SimOutcome outcome;
  if (rest) check_end();
  server_.checks.check_acknowledged();
  if (rest) server_.checks.check_due(server_.state(), clock_.now());
  outcome.violation = server_.checks.violation();
  if (outcome.violation.empty() && !rest && !unrest().empty())
    outcome.violation = "no rest after all faults had ended: " + unrest();
  outcome.trace = trace_.hash();
  outcome.lines = trace_.lines();
  const auto committed = server_.store.events("", outcome.lines.empty() ? 0 : 40);
  for (auto event = committed->rbegin(); event != committed->rend(); ++event)
    outcome.lines.push_back(to_iso8601(event->when) + "  committed " + event->entity + " " +
                            event->what);
  outcome.faults = faults_done_;
  outcome.tasks_completed = server_.checks.completions();
  outcome.jobs_of_schedules = server_.checks.jobs_of_schedules();
  outcome.commands_in_containers = server_.checks.commands_in_containers();
  outcome.extensions_done = server_.checks.extensions_done();
  return outcome;
}

}  // namespace

SimOutcome run_world(const SimWish& wish) {
  World world(wish);
  return world.run();
}

}  // namespace batchyard::testing
