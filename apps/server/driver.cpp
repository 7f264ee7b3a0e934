#include "apps/server/driver.h"

#include <utility>

namespace batchyard::server {

namespace {

// What waits together is committed together; more than this at once would let the first wait too
// long.
constexpr std::size_t batch_max = 512;

}  // namespace

Driver::Driver(engine::Store& store, engine::EffectSink& sink, edge::Clock& clock, edge::Load& load,
               std::function<void(Error)> on_broken, std::function<void()> on_commit)
    : engine_(store, sink),
      clock_(clock),
      load_(load),
      on_broken_(std::move(on_broken)),
      on_commit_(std::move(on_commit)) {}

Driver::~Driver() {
  stop();
}

Result<> Driver::start() {
  TRY(engine_.load(clock_.now()));
  next_deadline_ = engine_.next_deadline();
  thread_ = std::thread([this] { run(); });
  return Done();
}

void Driver::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Driver::submit(engine::Command command, engine::OnDone done) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      load_.add();
      waiting_.push_back({std::move(command), std::move(done)});
      if (waiting_.size() == 1) work_.notify_one();
      return;
    }
  }
  if (done) done(fail(Kind::busy, "ServerBusy", "The service is ending. Try again when it is up."));
}

void Driver::made(engine::NodeMade node) {
  submit(engine::FleetMade{std::move(node)}, {});
}
void Driver::failed(PoolId pool, NodeId node, Error error) {
  submit(engine::FleetFailed{std::move(pool), std::move(node), std::move(error)}, {});
}
void Driver::unmade(PoolId pool, NodeId node) {
  submit(engine::FleetUnmade{std::move(pool), std::move(node)}, {});
}

// False when the thread shall end.
bool Driver::wait_for_work(std::vector<engine::Submission>& batch) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopping_ || !waiting_.empty(); };
  if (const std::optional<Duration> wait = clock_.until(engine_.next_deadline()))
    work_.wait_for(lock, *wait, ready);
  else
    work_.wait(lock, ready);
  if (waiting_.empty()) return !stopping_;
  if (waiting_.size() <= batch_max) {
    batch = std::exchange(waiting_, {});
  } else {
    batch.insert(batch.end(), std::make_move_iterator(waiting_.begin()),
                 std::make_move_iterator(waiting_.begin() + batch_max));
    waiting_.erase(waiting_.begin(), waiting_.begin() + batch_max);
  }
  return true;
}

void Driver::run() {
  std::vector<engine::Submission> batch;
  while (wait_for_work(batch)) {
    const Time now = clock_.now();
    const auto submitted = static_cast<std::int64_t>(batch.size());
    if (engine_.next_deadline() <= now) batch.push_back({engine::Tick(), {}});
    if (Result<> done = engine_.run(batch, now); !done) {
      on_broken_(std::move(done).error());
      return;
    }
    on_commit_();
    next_deadline_ = engine_.next_deadline();
    load_.done(submitted);
  }
}

}  // namespace batchyard::server
