// Which node can be talked to: the links of the agents. An agent's first word must be a Hello with
// its node's token.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "edge/archive/archive.h"
#include "edge/instant/instant_fleet.h"
#include "engine/command.h"
#include "protocol/channel.h"
#include "protocol/messages.h"
#include "service/service.h"

namespace batchyard::server {

struct SwitchboardOptions {
  std::string secret;  // makes the nodes' tokens: HMAC of their names
  std::function<engine::Inbox&()> inbox;
  // Where a node of this machine lies: its files can be read while its agent is away.
  std::function<std::string(const PoolId&, const NodeId&)> node_directory;
  edge::Archive* archive = nullptr;  // of nodes that are gone
  std::function<Time()> now;         // the service's clock
};

class Switchboard : public service::FilePort {
 public:
  explicit Switchboard(SwitchboardOptions options) : options_(std::move(options)) {}

  std::string token_of(const PoolId& pool, const NodeId& node) const;

  // For the HTTP server: takes a link.
  Result<protocol::ChannelEvents> accept(const HttpRequest& request,
                                         std::shared_ptr<protocol::Channel> channel);

  // Its nodes are talked to here, without links.
  void use(instant::InstantFleet& fleet) { instant_ = &fleet; }

  // False when the node has no link; what is lost is said again when it joins.
  bool send(const PoolId& pool, const NodeId& node, const protocol::ToAgent& message);

  void ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request,
           service::OnFile done) override;
  void ask_kept(const protocol::RunKey& run, protocol::FileRequest request,
                service::OnFile done) override;
  // What simulated nodes that are gone have left of a task, or of a whole job.
  void forget_kept(const JobId& job, const TaskId& task);

 private:
  struct Link;
  using Place = std::pair<PoolId, NodeId>;
  void heard(const std::shared_ptr<Link>& link, const std::string& frame);
  bool joined(const std::shared_ptr<Link>& link, const protocol::Hello& hello);
  void lost(const std::shared_ptr<Link>& link);

  bool read_on_disk(const PoolId& pool, const NodeId& node, const protocol::FileRequest& request,
                    service::OnFile& done) const;

  SwitchboardOptions options_;
  instant::InstantFleet* instant_ = nullptr;
  std::mutex mutex_;
  std::map<Place, std::shared_ptr<Link>> links_;
  std::int64_t last_request_ = 0;
};

}  // namespace batchyard::server
