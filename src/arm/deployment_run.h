// A deployment that is going on: each resource is put by a request of the management plane's own,
// in the name of who deploys, when those that it waits for are there. Its steps are run one at a
// time, from any thread; what it has come to is kept before the next one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "arm/deployment_record.h"
#include "base/http_message.h"
#include "templates/deployment.h"

namespace batchyard::arm {

class DeploymentRun : public std::enable_shared_from_this<DeploymentRun> {
 public:
  struct Ports {
    std::function<Time()> now;
    std::function<std::string()> new_guid;
    // Does that when it is its turn: no step is taken within another.
    std::function<void(std::function<void()>)> later;
    // A request in the name of who deploys.
    std::function<void(HttpRequest, HttpReply)> ask;
    std::function<Result<>(const DeploymentRecord&)> keep;
    // What it has come to at its end, and that it goes on no longer, at once.
    std::function<void(const DeploymentRecord&)> end;
    // Does that when the deployment of that id has ended, at once if it has.
    std::function<void(const std::string& id, std::function<void()>)> when_ended;
  };

  DeploymentRun(std::unique_ptr<templates::Deployment> plan, DeploymentRecord record, Ports ports)
      : plan_(std::move(plan)), record_(std::move(record)), ports_(std::move(ports)) {}

  void start();
  // It ends behind the resource that it is at.
  void cancel();
  void when_ended(std::function<void()> done);

 private:
  bool is_cancelled();
  void proceed();
  void step();
  const templates::Resource* next();
  void put(const templates::Resource& resource, boost::json::object body);
  void put_was_answered(const templates::Resource& resource, const HttpResponse& response);
  void look_at_nested(const templates::Resource& resource);
  void ask_question(const templates::Question& question);
  void failed(const templates::Resource& resource, int status, boost::json::object error);
  void end_operation(const templates::Resource& resource, std::string state, int status,
                     boost::json::object error);
  void finish();
  void end(std::string state, boost::json::object error);
  bool keep();

  std::unique_ptr<templates::Deployment> plan_;
  DeploymentRecord record_;
  Ports ports_;
  std::size_t at_ = 0;
  std::set<std::size_t> failed_;  // and what waits for them
  boost::json::array failures_;
  boost::json::object question_failed_;
  std::mutex mutex_;  // of what others ask for meanwhile
  bool cancelled_ = false;
  bool ended_ = false;
  std::vector<std::function<void()>> waiting_;
};

// The error in an answer of the management plane's, without what is another at every request.
boost::json::object error_told(const HttpResponse& response);

}  // namespace batchyard::arm
