// Where a rank is launched: the agent's part of launching without ssh. Tasks of a gang reach their
// own node's broker over a local socket, brokers reach each other over TCP and prove to each other
// that they know the gang's secret, and the broker of the wanted node starts the command there as
// the task's user, in the task's environment and network.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/process/shim_order.h"
#include "protocol/messages.h"

namespace batchyard::edge {

struct BrokerOptions {
  std::string directory;         // for the socket and the gangs' files; tasks must see it
  std::string record_directory;  // for the shims
  std::string shim_program;
  std::string program;  // batchyard-launch, as tasks see it
  std::string listen_host = "127.0.0.1";
};

class Broker {
 public:
  static Result<std::unique_ptr<Broker>> open(BrokerOptions options);
  ~Broker();  // ends what was launched

  const std::string& endpoint() const { return endpoint_; }  // for the peers: host:port

  // Commands of this gang may be launched here from now on, `as` says how. Gives the variables that
  // make Open MPI, MPICH and Intel MPI launch through the broker.
  std::vector<std::string> open_gang(const std::string& mark, const protocol::Gang& gang, int cores,
                                     ShimOrder as);
  // …not any more; what was launched ends.
  void close_gang(const std::string& mark);

 private:
  struct OpenGang {
    protocol::Gang gang;
    ShimOrder as;
  };
  explicit Broker(BrokerOptions options) : options_(std::move(options)) {}
  Result<> listen();
  void accept_loop();
  void serve_task(int socket);
  void serve_peer(int socket);
  void run_command(int socket, const std::string& mark, const ShimOrder& as,
                   const std::string& command);
  std::optional<OpenGang> find(const std::string& mark);
  bool enter(const std::string& mark, int socket);
  void leave(const std::string& mark, int socket);

  BrokerOptions options_;
  std::string endpoint_;
  int task_listener_ = -1;
  int peer_listener_ = -1;
  int wake_ = -1;
  std::mutex mutex_;
  std::map<std::string, OpenGang> gangs_;
  std::multimap<std::string, int> sockets_;  // open connections by mark
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace batchyard::edge
