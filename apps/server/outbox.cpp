#include "apps/server/outbox.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "apps/server/auto_storage.h"
#include "apps/server/set_up.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "service/extension_rules.h"
#include "service/token.h"
#include "signing/signing.h"

namespace batchyard::server {

namespace {

constexpr std::size_t environments_max = 10'000;

// authenticationTokenSettings.access names the job. Most specs need not be parsed for it.
bool wants_token(const std::string& spec) {
  if (spec.find("authenticationTokenSettings") == std::string::npos) return false;
  boost::system::error_code error;
  const boost::json::value task = boost::json::parse(spec, error);
  const boost::json::value* access =
      error ? nullptr : task.find_pointer("/authenticationTokenSettings/access", error);
  return access != nullptr && access->is_array() && !access->get_array().empty();
}

}  // namespace

Outbox::Outbox(OutboxOptions options, engine::StoreReader& store, Switchboard& switchboard,
               edge::Load& load)
    : options_(std::move(options)), store_(store), switchboard_(switchboard), load_(load) {}

Outbox::~Outbox() {
  stop();
}

void Outbox::start(engine::Fleet& fleet, Farewell* farewell) {
  fleet_ = &fleet;
  farewell_ = farewell;
  thread_ = std::thread([this] { loop(); });
}

void Outbox::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Outbox::perform(engine::Effect effect) {
  load_.add();
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(effect));
  if (waiting_.size() == 1) work_.notify_one();
}

void Outbox::loop() {
  while (true) {
    std::vector<engine::Effect> batch;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      batch.swap(waiting_);
    }
    for (engine::Effect& effect : batch) std::visit([this](auto& one) { act(one); }, effect);
    load_.done(static_cast<std::int64_t>(batch.size()));
  }
}

void Outbox::act(engine::WantNode& effect) {
  effect.order.token = switchboard_.token_of(effect.order.pool, effect.order.node);
  if (farewell_ == nullptr || effect.order.image == 0) return fleet_->make(std::move(effect.order));
  // A disk that is wiped first hands over what tasks have written there.
  load_.add();
  farewell_->node_leaves(effect.order.pool, effect.order.node, [this, order = effect.order] {
    fleet_->make(order);
    load_.done();
  });
}

void Outbox::act(engine::DropNode& effect) {
  if (farewell_ == nullptr) return fleet_->unmake(effect.pool, effect.node);
  load_.add();
  farewell_->node_leaves(effect.pool, effect.node, [this, pool = effect.pool, node = effect.node] {
    fleet_->unmake(pool, node);
    load_.done();
  });
}

void Outbox::act(engine::GreetAgent& effect) {
  switchboard_.send(effect.pool, effect.node,
                    protocol::Welcome{.account_name = options_.account_name,
                                      .account_url = options_.account_url,
                                      .task_slots = effect.facts.task_slots,
                                      .cores = effect.facts.cores,
                                      .dedicated = effect.dedicated});
  if (!effect.start_generation && !effect.facts.set_up && effect.packages.empty()) return;
  const Result<std::optional<engine::Row>> row =
      store_.read({engine::EntityKind::pool, "", effect.pool.text()});
  if (!row || !*row) return;
  boost::system::error_code error;
  const boost::json::value spec = boost::json::parse((*row)->spec, error);
  if (error) return;
  if (effect.facts.set_up) set_up(effect, spec.as_object());
  if (!effect.packages.empty())
    switchboard_.send(effect.pool, effect.node,
                      protocol::DeployPackages{std::move(effect.packages)});
  const boost::json::value* start_task = spec.as_object().if_contains("startTask");
  if (start_task != nullptr && effect.start_generation)
    switchboard_.send(effect.pool, effect.node,
                      protocol::RunStartTask{
                          *effect.start_generation,
                          with_signed_urls(boost::json::serialize(*start_task), options_.storage)});
}

// Before its start task: what the pool wants on the node.
void Outbox::set_up(const engine::GreetAgent& effect, const boost::json::object& spec) {
  protocol::SetUpNode order = set_up_of(spec);
  if (effect.facts.extensions) {
    order.extensions = service::extensions_to_run(spec, effect.facts, options_.handlers->handlers(),
                                                  *options_.catalogue);
    order.extended = effect.extended;
  }
  for (protocol::Certificate& certificate : order.certificates) {
    const Result<std::optional<engine::Row>> row =
        store_.read({engine::EntityKind::certificate, "", certificate.name});
    if (row && *row) fill_certificate((*row)->spec, certificate);
  }
  switchboard_.send(effect.pool, effect.node, std::move(order));
}

const std::vector<protocol::NameValue>& Outbox::environment_of(const JobId& job, Time created) {
  if (const auto found = environments_.find({job, created}); found != environments_.end())
    return found->second;
  if (environments_.size() > environments_max) environments_.clear();
  std::vector<protocol::NameValue>& environment = environments_[{job, created}];
  const Result<std::optional<engine::Row>> row =
      store_.read({engine::EntityKind::job, "", job.text()});
  if (!row || !*row) return environment;
  boost::system::error_code error;
  const boost::json::value spec = boost::json::parse((*row)->spec, error);
  const boost::json::value* list =
      error ? nullptr : spec.as_object().if_contains("commonEnvironmentSettings");
  if (list == nullptr) return environment;
  for (const boost::json::value& setting : list->as_array()) {
    const boost::json::value* value = setting.as_object().if_contains("value");
    environment.push_back({std::string(setting.at("name").as_string()),
                           value == nullptr ? std::string() : std::string(value->as_string())});
  }
  return environment;
}

void Outbox::act(engine::StartRun& effect) {
  const Result<std::optional<engine::Row>> row =
      store_.read({engine::EntityKind::task, effect.key.job.text(), effect.key.task.text()});
  if (!row || !*row) return;
  protocol::RunTask order{.key = effect.key,
                          .slots = effect.slots,
                          .spec = with_signed_urls((*row)->spec, options_.storage),
                          .job_environment = environment_of(effect.key.job, effect.job_created),
                          .gang = {},
                          .preparation = effect.preparation,
                          .authentication_token = {},
                          .packages = std::move(effect.packages)};
  if (wants_token(order.spec))
    order.authentication_token =
        service::make_token(options_.secret, {.job = effect.key.job,
                                              .task = effect.key.task,
                                              .attempt = effect.key.attempt,
                                              .expires = edge::now() + service::token_life});
  if (effect.gang) {
    order.gang.emplace();
    order.gang->no_fabric = std::move(effect.no_fabric);
    order.gang->secret = hex_encode(hmac_sha256(
        options_.secret, fmt::format("gang/{}/{}/{}", fold(effect.key.job.text()),
                                     fold(effect.key.task.text()), effect.key.attempt)));
    std::int32_t number = 0;
    for (engine::GangSeat& seat : effect.seats)
      order.gang->members.push_back(
          {number++, seat.node, seat.ip_address, seat.host_name, seat.launch_endpoint});
  }
  for (std::size_t member = 0; member < effect.seats.size(); ++member) {
    if (effect.only && *effect.only != static_cast<std::int32_t>(member)) continue;
    if (order.gang) order.gang->member = static_cast<std::int32_t>(member);
    order.incarnation = effect.seats[member].incarnation;
    switchboard_.send(effect.pool, effect.seats[member].node, order);
  }
}

void Outbox::act(engine::StartJobTask& effect) {
  const Result<std::optional<engine::Row>> row =
      store_.read({engine::EntityKind::job, "", effect.job.text()});
  if (!row || !*row) return;
  const bool release = effect.kind == protocol::JobTaskKind::release;
  boost::system::error_code error;
  const boost::json::value spec = boost::json::parse((*row)->spec, error);
  const boost::json::value* task =
      error ? nullptr
            : spec.as_object().if_contains(release ? "jobReleaseTask" : "jobPreparationTask");
  if (task == nullptr) return;
  switchboard_.send(effect.pool, effect.node,
                    protocol::RunJobTask{
                        .generation = effect.generation,
                        .job = effect.job,
                        .kind = effect.kind,
                        .task = release ? effect.helpers.release : effect.helpers.preparation,
                        .preparation = effect.helpers.preparation,
                        .spec = with_signed_urls(boost::json::serialize(*task), options_.storage),
                        .job_environment = environment_of(effect.job, effect.job_created)});
}

void Outbox::act(engine::ForgetFiles& effect) {
  if (farewell_ != nullptr) farewell_->forget(effect.job, effect.task);
  switchboard_.forget_kept(effect.job, effect.task);
}

void Outbox::act(engine::DropContent& effect) {
  options_.packages->drop(effect.content);
}

void Outbox::act(engine::LoseNode& effect) {
  fleet_->lose(effect.pool, effect.node);
}

void Outbox::act(engine::TellAgent& effect) {
  switchboard_.send(effect.pool, effect.node, effect.message);
}

}  // namespace batchyard::server
