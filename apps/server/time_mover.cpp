#include "apps/server/time_mover.h"

#include <fmt/format.h>

#include <algorithm>

namespace batchyard::server {

namespace {

// Of the world's time: what has not come to rest by then goes round in a circle.
constexpr std::chrono::seconds move_time_max{300};
constexpr std::chrono::seconds rest_time_max{60};
constexpr int rounds_at_one_instant_max = 100'000;
constexpr std::size_t orders_max = 100;

std::unexpected<Error> no_rest(Time now) {
  return fail(Kind::busy, "ServerBusy",
              fmt::format("What happens at {} does not come to rest, so the clock cannot be moved "
                          "on. Does a task fail at once and may be tried again without limit?",
                          to_iso8601(now)));
}

}  // namespace

Result<std::unique_ptr<edge::Clock>> open_clock(edge::ClockMode mode, std::optional<Time> start,
                                                engine::StoreReader& store) {
  if (mode == edge::ClockMode::real) return std::make_unique<edge::Clock>();
  Time begin = start.value_or(edge::now());
  for (const engine::EventRecord& last : TRY(store.events("", 1)))
    begin = std::max(begin, last.when);
  return std::make_unique<edge::Clock>(mode, begin);
}

TimeMover::TimeMover(edge::Clock& clock, edge::Load& load, Driver& driver,
                     instant::InstantFleet* fleet)
    : clock_(clock), load_(load), driver_(driver), fleet_(fleet), thread_([this] { loop(); }) {}

TimeMover::~TimeMover() {
  stop();
}

void TimeMover::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

service::ClockReading TimeMover::read() {
  static constexpr std::string_view words[] = {"real", "virtual", "frozen"};
  return {.now = clock_.now(), .mode = words[static_cast<std::size_t>(clock_.mode())]};
}

void TimeMover::move(service::ClockMove move, service::OnClockMoved done) {
  if (clock_.mode() == edge::ClockMode::real)
    return done(fail(Kind::conflict, "ClockIsReal",
                     "The service goes by the world's clock, which cannot be moved. Start it with "
                     "--clock virtual or --clock frozen."));
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && orders_.size() < orders_max) {
      orders_.push_back({move, std::move(done)});
      work_.notify_one();
      return;
    }
  }
  done(fail(Kind::busy, "ServerBusy", "The clock is being moved by others. Try again."));
}

void TimeMover::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !orders_.empty(); });
    if (stopping_) break;
    Order order = std::move(orders_.front());
    orders_.pop_front();
    lock.unlock();
    const Time target = order.move.to.value_or(later(clock_.now(), order.move.advance));
    const Result<> moved = move_to(target);
    if (moved)
      order.done(read());
    else
      order.done(std::unexpected(moved.error()));
    lock.lock();
  }
  std::deque<Order> left = std::exchange(orders_, {});
  lock.unlock();
  for (Order& order : left) order.done(fail(Kind::busy, "ServerBusy", "The service is ending."));
}

// Everybody looks at the clock, and does what is due.
bool TimeMover::settle() {
  driver_.submit(engine::Tick(), {});
  if (fleet_ != nullptr) fleet_->clock_moved();
  return load_.wait_for_rest(std::chrono::steady_clock::now() + rest_time_max);
}

Time TimeMover::next_deadline() {
  const Time engine = driver_.next_deadline();
  return fleet_ == nullptr ? engine : std::min(engine, fleet_->next_deadline());
}

Result<> TimeMover::move_to(Time target) {
  if (target < clock_.now())
    return fail(Kind::conflict, "TimeHasPassed",
                fmt::format("It is {} already; the clock cannot go back to {}.",
                            to_iso8601(clock_.now()), to_iso8601(target)));
  const auto give_up = std::chrono::steady_clock::now() + move_time_max;
  int rounds = 0;
  for (Time at = clock_.now();;) {
    if (!settle() || ++rounds > rounds_at_one_instant_max ||
        std::chrono::steady_clock::now() > give_up)
      return no_rest(clock_.now());
    if (at == target && next_deadline() > target) return Done();
    const Time next = std::clamp(next_deadline(), at, target);
    if (next > at) rounds = 0;
    at = next;
    clock_.move_to(at);
  }
}

}  // namespace batchyard::server
