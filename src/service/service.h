// The data plane: what does this request mean in this API version? A request is matched,
// authenticated, checked and turned into a read of the store or a command for the engine. Called
// from many threads; keeps no state between requests.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "catalogue/catalogue.h"
#include "engine/command.h"
#include "engine/store.h"
#include "hardware/gate.h"
#include "identity/access_rules.h"
#include "protocol/messages.h"
#include "service/call.h"
#include "service/handler_port.h"
#include "service/image_port.h"
#include "service/package_port.h"
#include "service/package_storage.h"
#include "service/rights.h"
#include "service/shared_key.h"
#include "service/storage_files.h"
#include "service/token.h"

namespace batchyard::service {

// The longest body of a request, in bytes. The HTTP server does not read a longer one either.
inline constexpr std::size_t body_max = std::size_t{4} << 20;
// Of each round one writer gets through: as many may change one thing at the same time.
inline constexpr int overtaken_max = 64;
inline constexpr std::string_view whole_path = "/batchyard/whole/";

// The files of a node, asked of its agent. The answer comes from any thread; an error when the node
// cannot be reached (NodeNotFound, or "TaskFilesUnavailable" in the words of the caller).
using OnFile = std::move_only_function<void(Result<protocol::FileAnswer>)>;
class FilePort {
 public:
  virtual ~FilePort() = default;
  virtual void ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request,
                   OnFile done) = 0;
  // The files of a run whose node is gone, as far as they were kept: TaskFilesUnavailable, with the
  // reason, when nothing was.
  virtual void ask_kept(const protocol::RunKey& run, protocol::FileRequest request,
                        OnFile done) = 0;
};

// Tells those who follow the events when there may be new ones.
enum class Woken { rung, time_is_up, ending };
class CommitBell {
 public:
  virtual ~CommitBell() = default;
  // How often it has rung.
  virtual std::uint64_t rung() = 0;
  // Calls `then` once, from any thread: when it has rung more than `seen` times, when the time is
  // up, or when the service ends.
  virtual void wait(std::uint64_t seen, Duration at_most,
                    std::move_only_function<void(Woken)> then) = 0;
};

// The clock that the service goes by. Moving it is answered when the service has come to rest.
struct ClockReading {
  Time now;
  std::string_view mode;  // "real", "virtual" or "frozen"
};
struct ClockMove {
  std::optional<Time> to;  // nothing: on by `advance`
  Duration advance{0};
};
using OnClockMoved = std::move_only_function<void(Result<ClockReading>)>;
class ClockPort {
 public:
  virtual ~ClockPort() = default;
  virtual ClockReading read() = 0;
  virtual void move(ClockMove move, OnClockMoved done) = 0;
};

struct ServicePorts {
  engine::Inbox* inbox = nullptr;
  engine::StoreReader* store = nullptr;
  FilePort* files = nullptr;
  std::function<Time()> now;
  std::function<std::string()> new_request_id;  // a GUID
  CommitBell* bell = nullptr;
  std::function<Time()> wall;  // the world's time, which signatures go by; empty: `now`
  std::function<ClockPort&()> clock;
  // crypt(3) with a fresh salt.
  std::function<std::string(const std::string& password)> hash_password = {};
  StorageFacts storage;
  const Catalogue* catalogue = &Catalogue::built_in();
  PackagePort* packages = nullptr;
  PackageStorage* package_storage = nullptr;  // nothing: archives come in uploads alone
  ImagePort* images = nullptr;
  HandlerPort* handlers = nullptr;
  // What proves to be that node.
  std::function<std::string(const PoolId&, const NodeId&)> node_token = {};
  GateRules gate = {};  // what nodes must have, as the engine judges them
  // Whose token that is; the error says why it is good for nothing. Empty: none is accepted.
  std::function<Result<Rights>(std::string_view token)> rights = {};
  bool awaits_access = false;  // until use_access() nobody is let in
};

class Service {
 public:
  Service(Account account, ServicePorts ports);

  void handle(HttpRequest request, HttpReply reply);
  // The same for the account itself, whose right its management plane has checked: no signature is
  // asked for.
  void handle_for_account(HttpRequest request, HttpReply reply);
  // How the account lets itself be asked from now on; until it was told, nobody is let in when it
  // must be told first.
  void use_access(identity::AccessRules rules);
  // Every route there is: those of the contract with braces, those beside it with asterisks, where
  // a path has a part of its own. For those who ask whether each of them asks who comes.
  struct RouteFacts {
    std::string method;
    std::string path;
  };
  static std::vector<RouteFacts> routes();
  // Other keys are good from now on.
  void use_keys(std::vector<std::string> keys);
  // For requests that never reach handle(): too large, not HTTP.
  HttpResponse refuse(const HttpRequest& request, const Error& error);

 private:
  // Paths under /batchyard/ are ours alone, beside the API (docs/events.md).
  void extension(Call call);
  void follow_events(Call call);
  void show_past(Call call);
  void explain_entity(Call call);
  void read_clock(Call call);
  void move_clock(Call call);

  using Handler = void (Service::*)(Call call);
  static Handler handler_of(api::Operation operation);

  struct Extension;
  static std::span<const Extension> extensions();

  // Who asks (sender.cpp): the account by one of its keys, a task with its token, or somebody whom
  // the installation knows.
  struct Sender {
    identity::Credential credential = identity::Credential::shared_key;
    std::optional<TokenHolder> task;
    Rights rights{true, true};
    bool management = false;  // the account's own management plane
  };
  Result<Sender> sender_of(const Call& call) const;
  Call call_of(HttpRequest request, HttpReply reply) const;
  void handle_from(Call call, const Sender& sender);
  // Fills in the call's version, operation and parameters.
  static Result<> find_operation(Call& call);
  // Whether the sender may ask for that.
  // Whether somebody comes from where, and with what, the account lets itself be asked.
  Result<> check_peer(const Call& call) const;
  Result<> check_credential(const Sender& sender) const;
  Result<> check_sender(const Call& call, const Sender& sender) const;
  // A task: of its own job, while it runs.
  Result<> check_holder(const Call& call, const TokenHolder& holder) const;
  // Reads and checks the body of a call: canonical JSON of the operation's model.
  Result<boost::json::value> body_of(const Call& call) const;
  // A conditional write: checks the conditions on the row as it is, and gives the version that the
  // engine must still find.
  Result<std::optional<std::int64_t>> guard(const Call& call, const engine::Row& row) const;
  Result<engine::Row> row_of(engine::EntityKind kind, const std::string& parent,
                             const std::string& id) const;
  // Submits and answers: status and headers on success. When others were faster, the call is
  // handled anew: its own conditions alone may refuse it.
  void write(Call call, engine::Command command, int status, std::string location = {});
  void write_again(Call call);
  // The same for what has no ETag: actions on nodes.
  void act(Call call, engine::Command command, int status, std::string location = {});
  void list(Call& call, std::string_view set, engine::Query query, std::string_view filter_text,
            const std::function<Result<boost::json::object>(const engine::Row&)>& entity,
            api::Model model);

  void supported_images(Call call);
  void node_counts(Call call);

  // An addition of a canonical body.
  Result<engine::AddPool> addition_of(boost::json::value body) const;
  void add_pool(Call call);
  void get_pool(Call call);
  void pool_exists(Call call);
  void list_pools(Call call);
  void patch_pool(Call call);
  void resize_pool(Call call);
  void stop_resize(Call call);
  void delete_pool(Call call);
  void list_nodes(Call call);
  void get_node(Call call);

  void enable_autoscale(Call call);
  void disable_autoscale(Call call);
  void evaluate_autoscale(Call call);

  void add_schedule(Call call);
  void get_schedule(Call call);
  void schedule_exists(Call call);
  void list_schedules(Call call);
  void patch_schedule(Call call);
  void update_schedule(Call call);
  void change_schedule(Call call, bool replaces);
  void steer_schedule(Call call, engine::ScheduleVerb verb, int status);
  void enable_schedule(Call call);
  void disable_schedule(Call call);
  void terminate_schedule(Call call);
  void delete_schedule(Call call);
  void list_jobs_of_schedule(Call call);

  void add_job(Call call);
  void get_job(Call call);
  void list_jobs(Call call);
  void patch_job(Call call);
  void terminate_job(Call call);
  void delete_job(Call call);
  void update_job(Call call);
  void change_job(Call call, bool replaces);
  void disable_job(Call call);
  void enable_job(Call call);
  void task_counts(Call call);
  void list_preparations(Call call);

  void add_task(Call call);
  void add_tasks(Call call);
  void get_task(Call call);
  void list_tasks(Call call);
  void list_subtasks(Call call);
  void terminate_task(Call call);
  void delete_task(Call call);
  void reactivate_task(Call call);
  void update_task(Call call);

  void upload_node_logs(Call call);

  void list_files(Call call);
  void get_file(Call call);
  void file_properties(Call call);
  void delete_file(Call call);

  void update_pool_properties(Call call);
  void remove_nodes(Call call);
  void act_on_node(Call call, engine::NodeAction action, std::string_view option, int status);
  void reboot_node(Call call);
  void reimage_node(Call call);
  void deallocate_node(Call call);
  void start_node(Call call);
  void disable_scheduling(Call call);
  void enable_scheduling(Call call);
  Result<protocol::Account> account_of(const Call& call, const boost::json::object& body) const;
  void add_node_user(Call call);
  void update_node_user(Call call);
  void delete_node_user(Call call);
  void remote_login(Call call);
  // A task that names an account names one of its pool's, as far as the pool is there.
  Result<> check_account(const std::string& job, const boost::json::object& task) const;
  void remote_desktop(Call call);
  Result<boost::json::array> node_extensions(const Call& call) const;
  void list_extensions(Call call);
  void get_extension(Call call);
  void show_findings(Call call);
  // Paths below /batchyard/whole/: what the account's management plane asks for, and nobody else
  // (whole_pools.cpp, certificates.cpp).
  void operate_whole(Call call);
  Result<> show_whole(Call& call, engine::EntityKind kind, const std::string& id) const;
  Result<> list_whole(Call& call, engine::EntityKind kind) const;
  Result<boost::json::object> whole_of(const Call& call, const engine::Row& row) const;
  // What the row is to become of it; nothing: there is none yet. Conditions are checked.
  Result<std::optional<engine::Row>> row_to_replace(const Call& call, engine::EntityKind kind,
                                                    const std::string& id) const;
  Result<engine::Command> whole_pool_command(const Call& call, const std::string& id) const;
  Result<engine::Command> whole_certificate_command(const Call& call, const std::string& id) const;
  // Paths below /batchyard/pools/: what an operator may do beside the contract (operator.cpp).
  void operate(Call call);
  // Hardware and faults: other paths below /batchyard/pools/ and /batchyard/jobs/ (hardware.cpp).
  void operate_hardware(Call call);
  void list_hardware(Call call, const std::string& pool_id);
  void show_node_hardware(Call call, const std::string& pool_id, const std::string& node_id);
  void show_task_hardware(Call call, const std::string& job, const std::string& task);
  void list_faults(Call call, const std::string& pool_id);
  void inject_fault(Call call, const std::string& pool_id);
  // Paths below /batchyard/applications and /batchyard/uploads (packages.cpp).
  void operate_packages(Call call);
  void operate_application(Call call);
  void operate_package(Call call);
  void operate_upload(Call call);
  void store_package(Call call, engine::StorePackage command, const std::string& upload);
  // package_storage.cpp
  void declare_package(Call call, engine::DeclarePackage command);
  void activate_package(Call call, engine::ActivatePackage command);
  void activate_taken(std::shared_ptr<Call> call, engine::ActivatePackage command,
                      const std::string& upload);
  void delete_package(Call call, engine::DeletePackage command);
  Result<> show_storage_url(const Call& call, const engine::Row& row,
                            boost::json::object& package) const;
  Result<boost::json::object> with_packages(const Call& call, const engine::Row& row) const;
  // Paths below /batchyard/images and /batchyard/bindings (own_images.cpp).
  void operate_images(Call call);
  Result<> operate_image(Call& call);
  Result<> operate_binding(Call& call);
  Result<boost::json::object> own_image_entity(const ImageRecord& image) const;
  Result<> list_images(Call& call) const;
  Result<> remove_image(Call& call, const ImageRecord& image);
  Result<> import_image(Call& call);
  Result<> capture_image(Call& call);
  static ImagePort::OnImage answer_image(Call& call);
  Result<std::vector<std::string>> users_of_image(const ImageRecord& image) const;
  // Paths below /batchyard/extensions (handlers.cpp).
  void operate_handlers(Call call);
  Result<> operate_handler(Call& call);
  Result<> keep_handler(Call& call);
  // An image of one's own that nodes can boot is here, and fits the pool's agent.
  Result<> check_boots(const PoolFacts& facts, const boost::json::object& pool) const;
  // For a node, by its own credential.
  void give_package(Call call);
  void add_certificate(Call call);
  void get_certificate(Call call);
  void list_certificates(Call call);
  void delete_certificate(Call call);
  void cancel_certificate_deletion(Call call);
  void lifetime_pool_statistics(Call call);
  void lifetime_job_statistics(Call call);
  void list_usage_metrics(Call call);
  void list_applications(Call call);
  void get_application(Call call);

  std::shared_ptr<const Account> account() const { return account_.load(); }

  std::atomic<std::shared_ptr<const Account>> account_;
  std::atomic<std::shared_ptr<const identity::AccessRules>> access_;
  ServicePorts ports_;
  std::shared_ptr<std::atomic<int>> followers_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace batchyard::service
