#include "apps/agent/agent.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "apps/agent/containers.h"
#include "apps/agent/credentials.h"
#include "apps/agent/hardware.h"
#include "apps/agent/queue.h"
#include "apps/agent/say.h"
#include "apps/agent/service_logs.h"
#include "base/described_json.h"
#include "base/text.h"
#include "edge/accounts/accounts.h"
#include "edge/clock/clock.h"
#include "edge/fetch/fetcher.h"
#include "edge/files/node_files.h"
#include "edge/files/record_log.h"
#include "edge/launch/broker.h"
#include "edge/link/redial.h"
#include "edge/mount/mount.h"
#include "edge/package/deployer.h"
#include "edge/probe/usage.h"
#include "edge/process/runner.h"
#include "edge/upload/uploader.h"
#include "node/node.h"
#include "protocol/codec.h"

namespace batchyard::agent {

namespace {

namespace fs = std::filesystem;

constexpr Duration sweep_pause = std::chrono::milliseconds(200);

class Agent : public node::Ports {
 public:
  explicit Agent(const AgentOptions& options)
      : options_(options),
        files_(options.root_directory),
        containers_(options),
        usage_(options.root_directory),
        hardware_(options,
                  [this](protocol::Probe probe) {
                    queue_.post([this, probe = std::move(probe)]() mutable {
                      if (node_) node_->on_probed(std::move(probe), edge::now());
                    });
                  }),
        runner_(
            {options.state_directory + "/processes", options.program_directory + "/batchyard-shim"},
            [this](const std::string& id, node::ProcessEnd end) {
              queue_.post([this, id, end]() mutable {
                if (containers_.tell(id, end))
                  file_work_.post([this, id] { containers_.remove(id); });
                // Only what is no doing of the command's: the log lives as long as the agent.
                if (end.lost) say(fmt::format("the shim of {} vanished without a record", id));
                if (end.error && !end.not_found)
                  say(fmt::format("{} could not be started: {}", id, std::strerror(*end.error)));
                node_->on_process_ended(id, end, edge::now());
              });
            }),
        fetcher_({options.root_directory, options.ca_file},
                 [this](const std::string& id, Result<> outcome) {
                   queue_.post([this, id, outcome = std::move(outcome)] {
                     node_->on_fetched(id, outcome, edge::now());
                   });
                 }),
        uploader_({options.root_directory, options.ca_file},
                  [this](const std::string& id, Result<> outcome) {
                    queue_.post([this, id, outcome = std::move(outcome)] {
                      node_->on_uploaded(id, outcome, edge::now());
                    });
                  }),
        deployer_(deployer_options(options),
                  [this](const std::string& directory, Result<> outcome) {
                    queue_.post([this, directory, outcome = std::move(outcome)] {
                      complain(outcome);
                      node_->on_deployed(directory, outcome, edge::now());
                    });
                  }) {}

  Result<> open();
  void run();
  void stop() {
    queue_.post([this] { stopping_ = true; });
  }

  void start_process(const node::ProcessOrder& order) override {
    edge::ShimOrder shim = shim_order(order);
    if (order.container)
      shim = containers_.contain(order, hardware_.probe(), std::move(shim));
    else
      hardware_.confine(order, shim);
    runner_.start(order.id, std::move(shim));
  }
  void end_process(const std::string& id) override { runner_.end(id); }
  void end_tree(const std::string& mark) override { edge::kill_marked(mark); }
  void forget_process(const std::string& id) override {
    runner_.forget(id);
    containers_.forget(id);
    hardware_.release(id);
  }
  Result<> make_task_directory(const std::string& path, const node::User& user) override {
    const edge::UserNumbers numbers = edge::numbers_of(user);
    return files_.make_task_directory(path, numbers.uid, numbers.gid);
  }
  void put_secret(const std::string& path, const std::string& bytes,
                  const node::User& user) override {
    const edge::UserNumbers numbers = edge::numbers_of(user);
    complain(files_.put_secret(path, bytes, numbers.uid, numbers.gid));
  }
  // Without a file system view of its own the node has no accounts of its own: tasks run under
  // their numbers all the same.
  Result<> set_accounts(const std::vector<protocol::Account>& accounts) override {
    if (options_.network_namespace.empty()) return Done();
    Result<> written =
        edge::write_accounts({.directory = options_.own_root ? "/proc/1/root/etc" : "/etc",
                              .homes = options_.root_directory + "/volatile/home"},
                             accounts);
    complain(written);
    return written;
  }
  Result<> mount(const std::string& mounts) override {
    Result<> mounted = edge::mount_all({.directory = options_.root_directory + "/fsmounts",
                                        .own_view = !options_.network_namespace.empty()},
                                       mounts);
    complain(mounted);
    return mounted;
  }
  void remove(const std::string& path) override {
    files_.set_aside(path);
    sweeping_ = true;
  }
  void fetch(const node::FetchOrder& order) override {
    const edge::UserNumbers numbers = edge::numbers_of(order.user);
    fetcher_.fetch(order, numbers.uid, numbers.gid);
  }
  void upload(const node::UploadOrder& order) override {
    const edge::UserNumbers numbers = edge::numbers_of(order.user);
    uploader_.upload(order, numbers.uid, numbers.gid);
  }
  void end_upload(const std::string& id) override { uploader_.end(id); }
  void deploy(const node::DeployOrder& order) override { deployer_.deploy(order); }
  void keep_record(const std::string& name, const std::string& text) override {
    complain(records_.keep(name, text));
  }
  void drop_record(const std::string& name) override { complain(records_.drop(name)); }
  void send(protocol::FromAgent message) override {
    if (std::holds_alternative<protocol::RunEnded>(message)) hardware_.run_ended();
    if (channel_) channel_->send(protocol::encode(message));
  }
  std::vector<std::string> open_gang(const std::string& mark, const protocol::Gang& gang,
                                     std::int32_t cores, const node::ProcessOrder& as) override {
    edge::ShimOrder ranks = shim_order(as);
    hardware_.confine(as, ranks);
    return broker_->open_gang(mark, gang, cores, ranks);
  }
  void close_gang(const std::string& mark) override {
    broker_->close_gang(mark);
    hardware_.release(mark);
  }
  void show_hardware(const std::string& text) override { hardware_.show(text); }
  std::string device_limit() override { return hardware_.limit(); }
  bool look() override {
    hardware_.look_again();
    return true;
  }
  std::string end_of(const std::string& path) override { return files_.end_of(path); }

 private:
  static void complain(const Result<>& outcome) {
    if (!outcome) say(outcome.error().message);
  }
  edge::ShimOrder shim_order(const node::ProcessOrder& order) const;
  void take_over();
  void dial();
  void answer_files();
  void on_frame(const std::string& frame);
  void report_usage();

  AgentOptions options_;
  edge::RecordLog records_;
  edge::NodeFiles files_;
  Containers containers_;
  edge::UsageProbe usage_;
  Time next_usage_;
  Queue queue_;
  Queue file_work_;
  Hardware hardware_;
  std::thread file_thread_;
  edge::Runner runner_;
  edge::Fetcher fetcher_;
  edge::Uploader uploader_;
  edge::Deployer deployer_;
  std::unique_ptr<edge::Broker> broker_;
  std::unique_ptr<node::Node> node_;
  edge::LinkThread link_thread_;
  std::shared_ptr<protocol::Channel> channel_;  // nothing while there is no link
  std::unique_ptr<edge::Redialer> redialer_;
  std::string last_loss_;  // said once
  bool sweeping_ = true;
  bool stopping_ = false;
};

edge::ShimOrder Agent::shim_order(const node::ProcessOrder& order) const {
  const edge::UserNumbers numbers = edge::numbers_of(order.user);
  const auto below_root = [&](const std::string& path) {
    return path.empty() ? std::string() : options_.root_directory + "/" + path;
  };
  edge::ShimOrder shim;
  shim.directory = below_root(order.directory);
  shim.out = below_root(order.out);
  shim.error = below_root(order.error);
  shim.network = options_.network_namespace;
  if (options_.own_root) shim.view = "/proc/1/ns/mnt";
  shim.uid = numbers.uid;
  shim.gid = numbers.gid;
  shim.arguments = order.arguments;
  shim.keeps_tree = order.keep_tree;
  shim.environment = order.environment;
  return shim;
}

Result<> Agent::open() {
  std::error_code error;
  fs::create_directories(options_.state_directory, error);
  for (const char* name :
       {"shared", "startup", "workitems", "volatile", "applications", "fsmounts"})
    fs::create_directories(options_.root_directory + "/" + name, error);
  if (error)
    return fail(Kind::internal, "DiskFull",
                fmt::format("cannot make the node's directories in {}: {}", options_.root_directory,
                            error.message()));
  TRY(records_.open(options_.state_directory + "/records"));
  chmod(options_.root_directory.c_str(), 0755);
  chmod((options_.root_directory + "/shared").c_str(), 01777);
  broker_ = TRY(edge::Broker::open({.directory = options_.root_directory + "/volatile/launch",
                                    .record_directory = options_.state_directory + "/launched",
                                    .shim_program = options_.program_directory + "/batchyard-shim",
                                    .program = options_.program_directory + "/batchyard-launch"}));
  const protocol::Promise promise = TRY(from_json<protocol::Promise>(options_.promise));
  node_ = std::make_unique<node::Node>(node::Identity{.pool = PoolId::trusted(options_.pool),
                                                      .node = NodeId::trusted(options_.node),
                                                      .token = token_of(options_),
                                                      .incarnation = options_.incarnation,
                                                      .ip_address = options_.ip_address,
                                                      .host_name = options_.host_name,
                                                      .launch_endpoint = broker_->endpoint(),
                                                      .root = options_.root_directory,
                                                      .probe = hardware_.first_look(),
                                                      .promise = promise,
                                                      .emulates = options_.emulates},
                                       *this);
  take_over();
  dial();
  return Done();
}

void Agent::take_over() {
  std::error_code ignored;
  // Records of an earlier life of the node are of processes that are gone.
  const std::string stamp = options_.state_directory + "/incarnation";
  std::string before;
  std::ifstream(stamp) >> before;
  const bool anew = before != options_.incarnation;
  const Time now = edge::now();
  for (const std::string& record : records_.names()) {
    const std::string text = records_.text(record);
    if (!anew) {
      node_->restore(record, text, now);
    } else {
      node_->bury(record, text, now);
      if (!node::Retention::owns(record)) drop_record(record);
    }
  }
  if (anew) {
    for (const fs::directory_entry& entry :
         fs::directory_iterator(options_.state_directory + "/processes", ignored))
      fs::remove(entry.path(), ignored);
    containers_.remove({});
    static_cast<void>(edge::keep_file(stamp, options_.incarnation + "\n"));
  }
  node_->resume(runner_.adopt(), now);
}

void Agent::dial() {
  edge::RedialEvents events;
  events.on_open = [this](std::shared_ptr<protocol::Channel> channel) {
    queue_.post([this, channel = std::move(channel)] {
      channel_ = channel;
      node_->on_link(true, edge::now());
      say(fmt::format("linked to {} as node {} of pool {}", options_.server, options_.node,
                      options_.pool));
      send(node_->hello());
      next_usage_ = later(edge::now(), edge::usage_pause);
    });
  };
  events.on_frame = [this](std::string frame) {
    queue_.post([this, frame = std::move(frame)] { on_frame(frame); });
  };
  events.on_lost = [this](std::string why, std::chrono::milliseconds) {
    queue_.post([this, why = std::move(why)] {
      channel_.reset();
      node_->on_link(false, edge::now());
      if (why != last_loss_) say(fmt::format("no link to {}: {}", options_.server, why));
      last_loss_ = why;
    });
  };
  redialer_ = std::make_unique<edge::Redialer>(
      link_thread_,
      [this] {
        edge::DialOptions dial;
        dial.url = options_.server;
        dial.ca_file = options_.ca_file;
        return dial;
      },
      std::move(events),
      [] {
        return static_cast<double>(static_cast<unsigned char>(edge::random_bytes(1)[0])) / 256.0;
      },
      edge::Backoff::Range{std::chrono::milliseconds(50), std::chrono::milliseconds(3000)});
}

// On a thread of its own: a directory of a million names must not keep tasks waiting.
void Agent::answer_files() {
  while (true) {
    for (Queue::Action& action : file_work_.take(Time::max())) {
      if (!action) return;
      action();
    }
  }
}

void Agent::on_frame(const std::string& frame) {
  const Result<protocol::ToAgent> message = protocol::decode_to_agent(frame);
  if (!message) {
    say(message.error().message);
    return;
  }
  if (const auto* request = std::get_if<protocol::FileRequest>(&*message))
    file_work_.post([this, request = *request] {
      protocol::FileAnswer answer =
          request.verb == protocol::FileVerb::upload_logs
              ? upload_service_logs(request, options_.ca_file)
              : files_.answer(request, node::Node::directory_of(request.job, request.task));
      queue_.post([this, answer = std::move(answer)] { send(answer); });
    });
  else
    node_->on_message(*message, edge::now());
}

void Agent::report_usage() {
  if (!channel_ || edge::now() < next_usage_) return;
  next_usage_ = later(edge::now(), edge::usage_pause);
  send(usage_.since_last());
}

void Agent::run() {
  hardware_.begin(edge::now());
  file_thread_ = std::thread([this] { answer_files(); });
  while (!stopping_) {
    const Time now = edge::now();
    Time until = node_->next_deadline();
    if (sweeping_) until = std::min(until, later(now, sweep_pause));
    if (channel_) until = std::min({until, next_usage_, hardware_.next_look()});
    for (Queue::Action& action : queue_.take(until)) action();
    report_usage();
    hardware_.tick(edge::now(), channel_ != nullptr);
    node_->tick(edge::now());
    if (sweeping_ && edge::now() >= until) sweeping_ = files_.sweep();
  }
  redialer_.reset();
  file_work_.post({});
  file_thread_.join();
}

}  // namespace

int agent_main(const AgentOptions& options) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  auto agent = std::make_unique<Agent>(options);
  if (const Result<> opened = agent->open(); !opened) {
    say(opened.error().message);
    return 1;
  }
  std::thread waiter([&] {
    int number = 0;
    sigwait(&signals, &number);
    agent->stop();
  });
  agent->run();
  waiter.join();
  return 0;
}

}  // namespace batchyard::agent
