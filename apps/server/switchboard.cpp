#include "apps/server/switchboard.h"

#include <fmt/format.h>

#include "base/text.h"
#include "protocol/codec.h"
#include "service/shared_key.h"

namespace batchyard::server {

struct Switchboard::Link {
  std::shared_ptr<protocol::Channel> channel;
  std::optional<Place> place;                        // who it is, once it has said so
  std::map<std::int64_t, service::OnFile> requests;  // that wait for an answer
};

namespace {

std::unexpected<Error> not_reachable(const NodeId& node) {
  return fail(Kind::conflict, "NodeNotReady",
              fmt::format("The node {} cannot be reached: its agent has no link to the service. "
                          "Try again when the node is idle or running.",
                          node.text()));
}

}  // namespace

std::string Switchboard::token_of(const PoolId& pool, const NodeId& node) const {
  return hex_encode(
      service::hmac_sha256(secret_, "node/" + fold(pool.text()) + "/" + fold(node.text())));
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
  inbox_().submit(engine::AgentSaid{link->place->first, link->place->second, *std::move(message)},
                  {});
}

bool Switchboard::joined(const std::shared_ptr<Link>& link, const protocol::Hello& hello) {
  if (link->place || hello.version != protocol::version ||
      !service::equal_in_constant_time(hello.token, token_of(hello.pool, hello.node)))
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
  if (current) inbox_().submit(engine::AgentLost{link->place->first, link->place->second}, {});
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
  if (!link) return done(not_reachable(node));
  link->channel->send(protocol::encode(protocol::ToAgent(std::move(request))));
}

}  // namespace batchyard::server
