#include "apps/server/switchboard.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.h"
#include "edge/files/node_files.h"
#include "node/node.h"
#include "protocol/codec.h"
#include "signing/signing.h"

namespace batchyard::server {

struct Switchboard::Link {
  std::shared_ptr<protocol::Channel> channel;
  std::optional<Place> place;                        // who it is, once it has said so
  std::map<std::int64_t, service::OnFile> requests;  // that wait for an answer
};

namespace {

constexpr const char* agent_log = "agent.log";

std::unexpected<Error> not_reachable(const NodeId& node) {
  return fail(Kind::conflict, "OperationInvalidForCurrentState",
              fmt::format("The node {} cannot be reached: its agent has no link to the service. "
                          "Try again when the node is idle or running.",
                          node.text()));
}

}  // namespace

std::string Switchboard::token_of(const PoolId& pool, const NodeId& node) const {
  return hex_encode(
      hmac_sha256(options_.secret, "node/" + fold(pool.text()) + "/" + fold(node.text())));
}

Result<protocol::ChannelEvents> Switchboard::accept(const HttpRequest& request,
                                                    std::shared_ptr<protocol::Channel> channel) {
  if (!request.target.starts_with("/batchyard/link"))
    return fail(Kind::not_found, "InvalidUri", "There is no link at this path.");
  auto link = std::make_shared<Link>();
  link->channel = std::move(channel);
  protocol::ChannelEvents events;
  events.on_frame = [this, link](std::string frame) { heard(link, frame); };
  events.on_closed = [this, link](std::string) { lost(link); };
  return events;
}

void Switchboard::heard(const std::shared_ptr<Link>& link, const std::string& frame) {
  Result<protocol::FromAgent> message = protocol::decode_from_agent(frame);
  if (!message) return link->channel->close();
  if (const auto* hello = std::get_if<protocol::Hello>(&*message)) {
    if (!joined(link, *hello)) return link->channel->close();
  } else if (!link->place) {
    return link->channel->close();
  }
  if (auto* answer = std::get_if<protocol::FileAnswer>(&*message)) {
    service::OnFile done;
    {
      const std::lock_guard lock(mutex_);
      if (auto found = link->requests.extract(answer->request)) done = std::move(found.mapped());
    }
    if (done) done(std::move(*answer));
    return;
  }
  options_.inbox().submit(
      engine::AgentSaid{link->place->first, link->place->second, *std::move(message)}, {});
}

bool Switchboard::joined(const std::shared_ptr<Link>& link, const protocol::Hello& hello) {
  if (link->place || hello.version != protocol::version ||
      !equal_in_constant_time(hello.token, token_of(hello.pool, hello.node)))
    return false;
  std::shared_ptr<Link> before;
  {
    const std::lock_guard lock(mutex_);
    link->place = Place(hello.pool, hello.node);
    before = std::exchange(links_[*link->place], link);
  }
  if (before) before->channel->close();
  return true;
}

void Switchboard::lost(const std::shared_ptr<Link>& link) {
  std::map<std::int64_t, service::OnFile> requests;
  bool current = false;
  {
    const std::lock_guard lock(mutex_);
    requests.swap(link->requests);
    if (!link->place) return;
    const auto found = links_.find(*link->place);
    current = found != links_.end() && found->second == link;
    if (current) links_.erase(found);
  }
  for (auto& [number, done] : requests) done(not_reachable(link->place->second));
  // A link that a newer one has replaced says nothing about the node.
  if (current)
    options_.inbox().submit(engine::AgentLost{link->place->first, link->place->second}, {});
}

bool Switchboard::send(const PoolId& pool, const NodeId& node, const protocol::ToAgent& message) {
  if (instant_ != nullptr) return instant_->tell(pool, node, message);
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock(mutex_);
    const auto found = links_.find({pool, node});
    if (found == links_.end()) return false;
    link = found->second;
  }
  link->channel->send(protocol::encode(message));
  return true;
}

void Switchboard::ask(const PoolId& pool, const NodeId& node, protocol::FileRequest request,
                      service::OnFile done) {
  if (instant_ != nullptr) return instant_->ask(pool, node, std::move(request), std::move(done));
  // What a node's agent has said lies beside the node's files, and can be read whatever became of
  // it.
  if (request.job.empty() && request.path == agent_log &&
      (request.verb == protocol::FileVerb::read || request.verb == protocol::FileVerb::properties))
    return done(
        edge::NodeFiles(options_.node_directory(pool, node) + "/agent").answer(request, ""));
  std::shared_ptr<Link> link;
  {
    const std::lock_guard lock(mutex_);
    const auto found = links_.find({pool, node});
    if (found != links_.end()) link = found->second;
    if (link) {
      request.request = ++last_request_;
      link->requests.emplace(request.request, std::exchange(done, {}));
    }
  }
  if (link) return link->channel->send(protocol::encode(protocol::ToAgent(std::move(request))));
  if (!read_on_disk(pool, node, request, done)) done(not_reachable(node));
}

void Switchboard::ask_kept(const protocol::RunKey& run, protocol::FileRequest request,
                           service::OnFile done) {
  if (instant_ != nullptr) return instant_->ask_kept(run, std::move(request), std::move(done));
  done(options_.archive->answer(run, request, options_.now()));
}

void Switchboard::forget_kept(const JobId& job, const TaskId& task) {
  if (instant_ != nullptr) instant_->forget_kept(job, task);
}

// A node that has died, or whose agent is away, still has its files; deletions wait for the agent.
bool Switchboard::read_on_disk(const PoolId& pool, const NodeId& node,
                               const protocol::FileRequest& request, service::OnFile& done) const {
  const std::string root = options_.node_directory(pool, node) + "/root";
  if (request.verb == protocol::FileVerb::remove ||
      request.verb == protocol::FileVerb::upload_logs || access(root.c_str(), F_OK) != 0)
    return false;
  done(edge::NodeFiles(root).answer(request, node::Node::directory_of(request.job, request.task)));
  return true;
}

}  // namespace batchyard::server
