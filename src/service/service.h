// The data plane: what does this request mean in this API version? A request is matched,
// authenticated, checked and turned into a read of the store or a command for the engine. Called
// from many threads; keeps no state between requests.
#pragma once

#include <functional>
#include <string>

#include "base/http_message.h"
#include "engine/command.h"
#include "engine/store.h"
#include "protocol/messages.h"
#include "service/call.h"
#include "service/shared_key.h"
#include "service/storage_files.h"

namespace batchyard::service {

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

struct ServicePorts {
  engine::Inbox* inbox = nullptr;
  engine::StoreReader* store = nullptr;
  FilePort* files = nullptr;
  std::function<Time()> now;
  std::function<std::string()> new_request_id;  // a GUID
  StorageFacts storage;
};

class Service {
 public:
  Service(Account account, ServicePorts ports);

  void handle(HttpRequest request, HttpReply reply);
  // Whether requests for it are served at all.
  static bool serves(api::Operation operation) { return handler_of(operation) != nullptr; }

  // For requests that never reach handle(): too large, not HTTP.
  HttpResponse refuse(const HttpRequest& request, const Error& error);

 private:
  using Handler = void (Service::*)(Call call);
  static Handler handler_of(api::Operation operation);

  // Reads and checks the body of a call: canonical JSON of the operation's model.
  Result<boost::json::value> body_of(const Call& call) const;
  // A conditional write: checks the conditions on the row as it is, and gives the version that the
  // engine must still find.
  Result<std::optional<std::int64_t>> guard(const Call& call, const engine::Row& row) const;
  Result<engine::Row> row_of(engine::EntityKind kind, const std::string& parent,
                             const std::string& id) const;
  // Submits and answers: status and headers on success.
  void write(Call call, engine::Command command, int status, std::string location = {});
  void list(Call& call, std::string_view set, engine::Query query, std::string_view filter_text,
            const std::function<Result<boost::json::object>(const engine::Row&)>& entity,
            api::Model model);

  void supported_images(Call call);
  void node_counts(Call call);

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

  void add_job(Call call);
  void get_job(Call call);
  void list_jobs(Call call);
  void patch_job(Call call);
  void terminate_job(Call call);
  void delete_job(Call call);
  void task_counts(Call call);

  void add_task(Call call);
  void add_tasks(Call call);
  void get_task(Call call);
  void list_tasks(Call call);
  void list_subtasks(Call call);
  void terminate_task(Call call);
  void delete_task(Call call);
  void reactivate_task(Call call);

  void list_files(Call call);
  void get_file(Call call);
  void file_properties(Call call);
  void delete_file(Call call);

  Account account_;
  ServicePorts ports_;
};

}  // namespace batchyard::service
