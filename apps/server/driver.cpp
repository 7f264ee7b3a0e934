#include "apps/server/driver.h"

#include <utility>

#include "edge/clock/clock.h"

namespace batchyard::server {

namespace {

// What waits together is committed together; more than this at once would let the first wait too
// long.
constexpr std::size_t batch_max = 512;

}  // namespace

Driver::Driver(engine::Store& store, engine::EffectSink& sink, std::function<void(Error)> on_broken)
    : engine_(store, sink), on_broken_(std::move(on_broken)) {}

Driver::~Driver() {
  stop();
}

Result<> Driver::start() {
  TRY(engine_.load(edge::now()));
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
  const Time deadline = engine_.next_deadline();
  const auto ready = [this] { return stopping_ || !waiting_.empty(); };
  if (deadline == Time::max())
    work_.wait(lock, ready);
  else
    work_.wait_for(lock, std::max(Duration(0), deadline - edge::now()), ready);
  if (waiting_.empty()) {
    if (stopping_) return false;
    batch.push_back({engine::Tick(), {}});
    return true;
  }
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
    const Time now = edge::now();
    if (engine_.next_deadline() <= now) batch.push_back({engine::Tick(), {}});
    if (Result<> done = engine_.run(batch, now); !done) {
      on_broken_(std::move(done).error());
      return;
    }
  }
}

}  // namespace batchyard::server
