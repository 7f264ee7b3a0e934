#include "testing/sim_server.h"

#include <fmt/format.h>

#include "base/described_json.h"

namespace batchyard::testing {

// The disk: shows every commit to the checks, and fails as the world wants.
class SimServer::WatchedStore : public engine::Store {
 public:
  explicit WatchedStore(SimServer& server) : server_(server) {}

  Result<> commit(const engine::Batch& batch) override {
    if (server_.random_.once_in(server_.faults_.crash_before_commit))
      return fail(Kind::internal, "Crash", "before the commit");
    if (server_.canary_ == Canary::lying_disk && server_.random_.once_in(8)) return Done();
    engine::Batch written = batch;
    if (server_.canary_ == Canary::lost_count)
      std::erase_if(written.puts, [&](const engine::Put& put) {
        return put.key.kind == engine::EntityKind::job && server_.random_.once_in(8);
      });
    TRY(server_.store.commit(written));
    server_.checks.committed(batch);
    server_.checks.check_counts();
    if (server_.random_.once_in(server_.faults_.crash_after_commit))
      return fail(Kind::internal, "Crash", "after the commit");
    return Done();
  }
  Result<> load(const std::function<void(const engine::LoadedRow&)>& each) override {
    return server_.store.load(each);
  }
  Result<std::int64_t> last_version() override { return server_.store.last_version(); }
  Result<std::optional<engine::Row>> read(const engine::EntityKey& key) override {
    return server_.store.read(key);
  }
  Result<engine::Page> list(const engine::Query& query) override {
    return server_.store.list(query);
  }
  Result<std::vector<engine::EventRecord>> events(std::string_view entity,
                                                  std::size_t limit) override {
    return server_.store.events(entity, limit);
  }
  Result<engine::EventPage> events_after(const engine::EventQuery& query) override {
    return server_.store.events_after(query);
  }
  Result<engine::Past> past(const engine::EntityKey& key, Time at) override {
    return server_.store.past(key, at);
  }

 private:
  SimServer& server_;
};

SimServer::SimServer(SimClock& clock, Random& random, SimTrace& trace, SimFaults& faults,
                     Canary canary, SimServerPorts ports)
    : clock_(clock),
      random_(random),
      trace_(trace),
      faults_(faults),
      canary_(canary),
      ports_(std::move(ports)),
      watched_(std::make_shared<WatchedStore>(*this)) {
  start();
}

void SimServer::start() {
  ++life_;
  turned_ = false;
  armed_ = Time::max();
  engine_ = std::make_unique<engine::Engine>(*watched_, *this);
  if (const Result<> loaded = engine_->load(clock_.now()); !loaded)
    trace_.note(clock_.now(), "the state could not be loaded: " + loaded.error().message);
  trace_.note(clock_.now(), "server up");
  checks.check_acknowledged();
  if (on_change) on_change(true);
  wake(Duration(0));
}

void SimServer::kill() {
  if (!up()) return;
  trace_.note(clock_.now(), "server killed");
  ++life_;
  engine_.reset();
  waiting_.clear();  // nobody gets an answer
  if (on_change) on_change(false);
  clock_.after(Duration(random_.between(100, 5000)), [this] { start(); });
}

void SimServer::submit(engine::Command command, engine::OnDone done) {
  if (!up()) return;
  if (auto* added = std::get_if<engine::AddTasks>(&command);
      added != nullptr && canary_ == Canary::no_order) {
    for (engine::NewTask& task : added->tasks) task.facts.rules.reset();
  }
  waiting_.push_back({std::move(command), std::move(done)});
  if (waiting_.size() == 1) wake(Duration(random_.between(0, 3)));
}

void SimServer::wake(Duration delay) {
  clock_.after(delay, [this, life = life_] {
    if (life == life_) turn();
  });
}

void SimServer::turn() {
  std::vector<engine::Submission> batch = std::exchange(waiting_, {});
  if (engine_->next_deadline() <= clock_.now()) batch.push_back({engine::Tick(), {}});
  if (!batch.empty() && !engine_->run(batch, clock_.now())) {
    kill();
    return;
  }
  turned_ = true;
  if (const Time deadline = engine_->next_deadline();
      deadline < Time::max() && deadline != armed_) {
    armed_ = deadline;
    wake(std::max(Duration(1), deadline - clock_.now()));
  }
}

void SimServer::perform(engine::Effect effect) {
  // The outbox is a thread of its own: what it has not done when the server dies is lost.
  auto shared = std::make_shared<engine::Effect>(std::move(effect));
  clock_.after(Duration(0), [this, shared, life = life_] {
    if (life == life_) act(*shared);
  });
}

void SimServer::start_run(const engine::StartRun& run) {
  const auto row = store.read({engine::EntityKind::task, run.key.job.text(), run.key.task.text()});
  if (!row->has_value()) return;
  protocol::RunTask order{.key = run.key,
                          .slots = run.slots,
                          .spec = (*row)->spec,
                          .job_environment = {},
                          .gang = {},
                          .preparation = run.preparation,
                          .authentication_token = {},
                          .packages = run.packages};
  if (canary_ == Canary::lost_packages) order.packages.clear();
  if (run.gang) {
    order.gang.emplace();
    for (std::size_t member = 0; member < run.seats.size(); ++member)
      order.gang->members.push_back({.member = static_cast<std::int32_t>(member),
                                     .node = run.seats[member].node,
                                     .ip_address = run.seats[member].ip_address,
                                     .host_name = run.seats[member].host_name,
                                     .launch_endpoint = run.seats[member].launch_endpoint});
  }
  for (std::size_t member = 0; member < run.seats.size(); ++member) {
    if (run.only && *run.only != static_cast<std::int32_t>(member)) continue;
    if (order.gang) order.gang->member = static_cast<std::int32_t>(member);
    order.incarnation = run.seats[member].incarnation;
    ports_.send(run.pool, run.seats[member].node, order);
    if (canary_ == Canary::double_start && random_.once_in(4)) {
      protocol::RunTask again = order;
      ++again.key.attempt;
      ports_.send(run.pool, run.seats[member].node, again);
    }
  }
}

void SimServer::start_job_task(const engine::StartJobTask& task) {
  // What is to run there stands in the job's row.
  if (!store.read({engine::EntityKind::job, "", task.job.text()})->has_value()) return;
  const bool release = task.kind == protocol::JobTaskKind::release;
  if (canary_ == Canary::skipped_preparation && !release) {
    protocol::JobTaskReport report{.job = task.job, .kind = task.kind, .report = {}};
    report.report.phase = protocol::StartTaskPhase::succeeded;
    report.report.generation = task.generation;
    submit(engine::AgentSaid{task.pool, task.node, protocol::JobTaskChanged{report}}, {});
    return;
  }
  ports_.send(task.pool, task.node,
              protocol::RunJobTask{
                  .generation = task.generation,
                  .job = task.job,
                  .kind = task.kind,
                  .task = release ? task.helpers.release : task.helpers.preparation,
                  .preparation = task.helpers.preparation,
                  .spec = fmt::format(
                      R"({{"commandLine":"sim {} {}","constraints":{{"maxTaskRetryCount":1}}}})",
                      random_.between(1, 3000), random_.once_in(6) ? 3 : 0),
                  .job_environment = {}});
}

std::vector<protocol::Extension> sim_extensions() {
  protocol::Extension restarts{.name = "restarts", .publisher = "p", .type = "t"};
  protocol::Extension last{.name = "last", .publisher = "p", .type = "t", .after = {"restarts"}};
  restarts.script = last.script = "sim";
  restarts.reboots = true;
  return {last, restarts};
}

void SimServer::set_up(const engine::GreetAgent& greet) {
  // The server that does not wait for them believes an agent that says so too early.
  if (canary_ == Canary::no_images && greet.facts.containers)
    submit(engine::AgentSaid{greet.pool, greet.node, protocol::ImagesReady()}, {});
  protocol::SetUpNode order;
  if (greet.facts.containers) order.containers.emplace().images = {"tiny"};
  if (greet.facts.extensions) {
    order.extensions = sim_extensions();
    order.extended = greet.extended;
    // …and so does the one that does not wait for extensions.
    if (canary_ == Canary::no_extensions)
      submit(engine::AgentSaid{greet.pool, greet.node,
                               protocol::ExtensionsChanged{{}, protocol::ExtensionsPhase::done}},
             {});
  }
  ports_.send(greet.pool, greet.node, std::move(order));
}

void SimServer::act(engine::Effect& effect) {
  if (auto* want = std::get_if<engine::WantNode>(&effect)) {
    ports_.make_node(want->order);
  } else if (auto* drop = std::get_if<engine::DropNode>(&effect)) {
    ports_.unmake_node(drop->pool, drop->node);
  } else if (auto* lose = std::get_if<engine::LoseNode>(&effect)) {
    ports_.lose_node(lose->pool, lose->node);
  } else if (auto* greet = std::get_if<engine::GreetAgent>(&effect)) {
    ports_.send(
        greet->pool, greet->node,
        protocol::Welcome{.task_slots = greet->facts.task_slots, .cores = greet->facts.cores});
    if (greet->facts.set_up) set_up(*greet);
    if (!greet->packages.empty())
      ports_.send(greet->pool, greet->node, protocol::DeployPackages{greet->packages});
    if (greet->start_generation)
      ports_.send(greet->pool, greet->node,
                  protocol::RunStartTask{*greet->start_generation, R"({"commandLine":"start"})"});
  } else if (auto* run = std::get_if<engine::StartRun>(&effect)) {
    start_run(*run);
  } else if (auto* tell = std::get_if<engine::TellAgent>(&effect)) {
    ports_.send(tell->pool, tell->node, tell->message);
  } else if (auto* job_task = std::get_if<engine::StartJobTask>(&effect)) {
    start_job_task(*job_task);
  }
}

}  // namespace batchyard::testing
