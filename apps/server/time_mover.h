// Moves a virtual clock: every deadline on the way at its own time, and on only when all that
// follows from it has come to rest.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "apps/server/driver.h"
#include "edge/instant/instant_fleet.h"
#include "service/service.h"

namespace batchyard::server {

// A virtual clock goes on from where the store's past ends at the earliest.
Result<std::unique_ptr<edge::Clock>> open_clock(edge::ClockMode mode, std::optional<Time> start,
                                                engine::StoreReader& store);

class TimeMover : public service::ClockPort {
 public:
  // `fleet` is nothing when the nodes are no simulated ones: those keep the world's time.
  TimeMover(edge::Clock& clock, edge::Load& load, Driver& driver, instant::InstantFleet* fleet);
  ~TimeMover() override;
  void stop();

  service::ClockReading read() override;
  void move(service::ClockMove move, service::OnClockMoved done) override;

 private:
  struct Order {
    service::ClockMove move;
    service::OnClockMoved done;
  };
  void loop();
  Result<> move_to(Time target);
  bool settle();
  Time next_deadline();

  edge::Clock& clock_;
  edge::Load& load_;
  Driver& driver_;
  instant::InstantFleet* fleet_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Order> orders_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
