// Does in the world what the engine decided: on a thread of its own, so that the engine never waits
// for it. What is lost here is asked for again: by the next Hello of a node, or by the next start
// of the service.
#pragma once

#include <boost/json/fwd.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "apps/server/auto_storage.h"
#include "apps/server/farewell.h"
#include "apps/server/switchboard.h"
#include "catalogue/catalogue.h"
#include "edge/clock/load.h"
#include "engine/effect.h"
#include "engine/fleet.h"
#include "engine/store.h"
#include "service/handler_port.h"
#include "service/package_port.h"

namespace batchyard::server {

struct OutboxOptions {
  std::string account_name;
  std::string account_url;
  std::string secret;  // makes the gangs' secrets
  NodeStorage storage;
  service::PackagePort* packages = nullptr;
  service::HandlerPort* handlers = nullptr;
  const Catalogue* catalogue = nullptr;
};

class Outbox : public engine::EffectSink {
 public:
  Outbox(OutboxOptions options, engine::StoreReader& store, Switchboard& switchboard,
         edge::Load& load);
  ~Outbox() override;

  void set_account_url(std::string url) {
    options_.account_url = std::move(url);
  }  // before start()

  // Effects wait until then. Without a farewell, nodes are given back as they are.
  void start(engine::Fleet& fleet, Farewell* farewell);
  void stop();

  void perform(engine::Effect effect) override;

 private:
  void loop();
  void act(engine::WantNode& effect);
  void act(engine::DropNode& effect);
  void act(engine::GreetAgent& effect);
  void set_up(const engine::GreetAgent& effect, const boost::json::object& spec);
  void act(engine::StartRun& effect);
  void act(engine::StartJobTask& effect);
  void act(engine::TellAgent& effect);
  void act(engine::ForgetFiles& effect);
  void act(engine::DropContent& effect);
  void act(engine::LoseNode& effect);
  const std::vector<protocol::NameValue>& environment_of(const JobId& job, Time created);

  OutboxOptions options_;
  engine::StoreReader& store_;
  Switchboard& switchboard_;
  edge::Load& load_;
  engine::Fleet* fleet_ = nullptr;
  Farewell* farewell_ = nullptr;
  std::mutex mutex_;
  std::condition_variable work_;
  std::vector<engine::Effect> waiting_;
  bool stopping_ = false;
  // commonEnvironmentSettings cannot be changed, so a job is read once; one added again under its
  // id was created later.
  std::map<std::pair<JobId, Time>, std::vector<protocol::NameValue>> environments_;
  std::thread thread_;
};

}  // namespace batchyard::server
