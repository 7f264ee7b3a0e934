#include "edge/launch/broker.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/launch/environment.h"
#include "edge/launch/wire.h"
#include "edge/process/shim_record.h"
#include "signing/signing.h"

namespace batchyard::edge {

namespace {

constexpr int not_run = 127;

void refuse(int socket, const std::string& why) {
  send_frame(socket, LaunchFrame::failure, why);
}

int dial_peer(const std::string& endpoint) {
  const std::size_t colon = endpoint.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<std::uint16_t>(parse_integer(endpoint.substr(colon + 1)).value_or(0)));
  if (colon == std::string::npos ||
      inet_pton(AF_INET, endpoint.substr(0, colon).c_str(), &address.sin_addr) != 1)
    return -1;
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(peer, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  if (connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return peer;
  close(peer);
  return -1;
}

std::string proof(const std::string& secret, std::string_view side, std::string_view first,
                  std::string_view second) {
  return hex_encode(hmac_sha256(secret, fmt::format("{}\n{}\n{}", side, first, second)));
}

// Frames from one socket to another until one of them ends.
void relay(int from, int to) {
  while (std::optional<LaunchMessage> message = receive_frame(from)) {
    if (!send_frame(to, message->kind, message->bytes)) break;
  }
  shutdown(from, SHUT_RDWR);
  shutdown(to, SHUT_RDWR);
}

void pump(int from, int socket, LaunchFrame kind, std::mutex& sending) {
  char buffer[32768];
  while (true) {
    const ssize_t got = read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    const std::lock_guard lock(sending);
    if (!send_frame(socket, kind, std::string_view(buffer, static_cast<std::size_t>(got)))) return;
  }
}

// The command's process group: that of the shim's only child.
void signal_command(pid_t shim, int number) {
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", shim));
  for (pid_t child = 0; children >> child;) kill(-child, number);
}

int exit_code(const std::string& record) {
  const std::optional<node::ProcessEnd> end = read_record(record).end;
  if (!end) return not_run;
  return end->signal ? 128 + *end->signal : end->exit_code.value_or(not_run);
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
};

std::vector<std::string> parts_of(const std::string& bytes) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(bytes, '\0')) parts.emplace_back(part);
  return parts;
}

std::string variable_of(const std::vector<std::string>& environment, const std::string& name) {
  for (const std::string& one : environment) {
    if (one.starts_with(name + "=")) return one.substr(name.size() + 1);
  }
  return {};
}

void set_variable(std::vector<std::string>& environment, const std::string& setting) {
  const std::string start = setting.substr(0, setting.find('=') + 1);
  std::erase_if(environment, [&](const std::string& one) { return one.starts_with(start); });
  environment.push_back(setting);
}

}  // namespace

Result<std::unique_ptr<Broker>> Broker::open(BrokerOptions options) {
  std::unique_ptr<Broker> broker(new Broker(std::move(options)));
  TRY(broker->listen());
  broker->acceptor_ = std::thread([raw = broker.get()] { raw->accept_loop(); });
  return broker;
}

Result<> Broker::listen() {
  const auto failed = [](const char* doing) {
    return fail(Kind::internal, "LaunchUnavailable",
                fmt::format("cannot {}: {}", doing, std::strerror(errno)));
  };
  std::error_code ignored;
  std::filesystem::create_directories(options_.directory, ignored);
  std::filesystem::create_directories(options_.record_directory, ignored);
  chmod(options_.directory.c_str(), 0755);
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  const std::string path = options_.directory + "/socket";
  if (path.size() >= sizeof local.sun_path)
    return fail(Kind::invalid, "PathTooLong",
                fmt::format("{} is too long for a socket; give a shorter --data-dir", path));
  std::memcpy(local.sun_path, path.data(), path.size());
  unlink(path.c_str());
  task_listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(task_listener_, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
      ::listen(task_listener_, 128) != 0)
    return failed("listen for tasks");
  chmod(path.c_str(), 0666);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, options_.listen_host.c_str(), &address.sin_addr);
  peer_listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t length = sizeof address;
  if (bind(peer_listener_, reinterpret_cast<const sockaddr*>(&address), length) != 0 ||
      ::listen(peer_listener_, 128) != 0 ||
      getsockname(peer_listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return failed("listen for peers");
  endpoint_ = fmt::format("{}:{}", options_.listen_host, ntohs(address.sin_port));
  wake_ = eventfd(0, EFD_CLOEXEC);
  return Done();
}

Broker::~Broker() {
  if (wake_ >= 0) eventfd_write(wake_, 1);
  if (acceptor_.joinable()) acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    gangs_.clear();
    for (const auto& [mark, socket] : sockets_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  for (const int descriptor : {task_listener_, peer_listener_, wake_}) {
    if (descriptor >= 0) close(descriptor);
  }
}

void Broker::accept_loop() {
  while (true) {
    pollfd waits[] = {{task_listener_, POLLIN, 0}, {peer_listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(waits, 3, -1) < 0 && errno != EINTR) return;
    if (waits[2].revents != 0) return;
    for (const bool from_task : {true, false}) {
      if (waits[from_task ? 0 : 1].revents == 0) continue;
      const int socket =
          accept4(from_task ? task_listener_ : peer_listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      // A caller that says nothing must not hold a thread for ever.
      const timeval patience{.tv_sec = 30, .tv_usec = 0};
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      threads_.emplace_back([this, socket, from_task] {
        if (from_task)
          serve_task(socket);
        else
          serve_peer(socket);
        close(socket);
      });
    }
  }
}

std::optional<Broker::OpenGang> Broker::find(const std::string& mark) {
  const std::lock_guard lock(mutex_);
  const auto found = gangs_.find(mark);
  return found == gangs_.end() ? std::nullopt : std::optional(found->second);
}

// False when the gang was closed meanwhile.
bool Broker::enter(const std::string& mark, int socket) {
  const std::lock_guard lock(mutex_);
  if (!gangs_.contains(mark)) return false;
  sockets_.emplace(mark, socket);
  const timeval for_ever{};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &for_ever, sizeof for_ever);
  return true;
}

void Broker::leave(const std::string& mark, int socket) {
  const std::lock_guard lock(mutex_);
  const auto [first, last] = sockets_.equal_range(mark);
  for (auto at = first; at != last; ++at) {
    if (at->second == socket) {
      sockets_.erase(at);
      return;
    }
  }
}

std::vector<std::string> Broker::open_gang(const std::string& mark, const protocol::Gang& gang,
                                           int cores, ShimOrder as) {
  std::string path = variable_of(as.environment, "PATH");
  if (path.empty()) path = "/usr/bin:/bin";
  const std::vector<std::string> variables = launch_environment(
      {options_.directory + "/" + mark, options_.directory + "/socket", options_.program}, gang,
      cores, path);
  for (const std::string& setting : variables) set_variable(as.environment, setting);
  const std::lock_guard lock(mutex_);
  gangs_[mark] = {gang, std::move(as)};
  return variables;
}

void Broker::close_gang(const std::string& mark) {
  {
    const std::lock_guard lock(mutex_);
    gangs_.erase(mark);
    const auto [first, last] = sockets_.equal_range(mark);
    for (auto at = first; at != last; ++at) shutdown(at->second, SHUT_RDWR);
  }
  std::error_code ignored;
  std::filesystem::remove_all(options_.directory + "/" + mark, ignored);
}

void Broker::serve_task(int socket) {
  const std::optional<LaunchMessage> hello = receive_frame(socket);
  const std::vector<std::string> words =
      hello ? parts_of(hello->bytes) : std::vector<std::string>();
  if (!hello || hello->kind != LaunchFrame::hello || words.size() != 4)
    return refuse(socket, "the launcher is of another version than the agent");
  const std::string& mark = words[0];
  const std::string& host = words[2];
  const std::optional<OpenGang> gang = find(mark);
  if (!gang || !equal_in_constant_time(gang->gang.secret, words[1]))
    return refuse(socket, "this task is no member of a running multi-instance task");
  const protocol::GangMember* wanted = nullptr;
  std::string hosts;
  for (const protocol::GangMember& member : gang->gang.members) {
    if (host == member.ip_address || same_folded(host, member.host_name) ||
        same_folded(host, member.node.text()))
      wanted = &member;
    hosts += " " + member.ip_address;
  }
  if (wanted == nullptr)
    return refuse(socket, fmt::format("{} is no host of this multi-instance task; its hosts are:{}",
                                      host, hosts));
  if (!enter(mark, socket)) return refuse(socket, "the multi-instance task has ended");
  if (wanted->member == gang->gang.member) {
    run_command(socket, mark, gang->as, words[3]);
    return leave(mark, socket);
  }
  const int peer = dial_peer(wanted->launch_endpoint);
  const std::string nonce = random_hex(16);
  std::optional<LaunchMessage> answer;
  if (peer >= 0 && send_frame(peer, LaunchFrame::open, mark + std::string(1, '\0') + nonce))
    answer = receive_frame(peer);
  const std::vector<std::string> said =
      answer ? parts_of(answer->bytes) : std::vector<std::string>();
  if (peer < 0 || !answer) {
    refuse(socket, fmt::format("the agent of {} does not answer", host));
  } else if (answer->kind == LaunchFrame::failure) {
    refuse(socket, fmt::format("{}: {}", host, answer->bytes));
  } else if (said.size() != 2 ||
             !equal_in_constant_time(said[1], proof(gang->gang.secret, "peer", nonce, said[0]))) {
    refuse(socket, fmt::format("who answers for {} does not know this gang's secret", host));
  } else {
    send_frame(
        peer, LaunchFrame::command,
        proof(gang->gang.secret, "caller", said[0], nonce) + std::string(1, '\0') + words[3]);
    std::thread back([&] { relay(peer, socket); });
    relay(socket, peer);
    back.join();
  }
  if (peer >= 0) close(peer);
  leave(mark, socket);
}

void Broker::serve_peer(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const std::optional<LaunchMessage> opened = receive_frame(socket);
  const std::vector<std::string> words =
      opened ? parts_of(opened->bytes) : std::vector<std::string>();
  if (!opened || opened->kind != LaunchFrame::open || words.size() != 2) return;
  const std::optional<OpenGang> gang = find(words[0]);
  if (!gang) return refuse(socket, "this node takes no part in that multi-instance task");
  const std::string nonce = random_hex(16);
  send_frame(socket, LaunchFrame::answer,
             nonce + std::string(1, '\0') + proof(gang->gang.secret, "peer", words[1], nonce));
  const std::optional<LaunchMessage> command = receive_frame(socket);
  if (!command || command->kind != LaunchFrame::command) return;
  const std::size_t end = command->bytes.find('\0');
  if (end == std::string::npos ||
      !equal_in_constant_time(command->bytes.substr(0, end),
                              proof(gang->gang.secret, "caller", nonce, words[1])))
    return refuse(socket, "the caller does not know this gang's secret");
  if (!enter(words[0], socket)) return refuse(socket, "the multi-instance task has ended");
  run_command(socket, words[0], gang->as, command->bytes.substr(end + 1));
  leave(words[0], socket);
}

void Broker::run_command(int socket, const std::string& mark, const ShimOrder& as,
                         const std::string& command) {
  ShimOrder order = as;
  order.arguments = {"/bin/sh", "-c", command};
  order.out.clear();
  order.error.clear();
  order.record = options_.record_directory + "/" + mark + "-" + random_hex(6);
  Pipe in, out, error, orders;
  if (!in.open() || !out.open() || !error.open() || !orders.open())
    return refuse(socket, "the node has no descriptor left");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, orders.read_end, 3);
  posix_spawn_file_actions_adddup2(&actions, in.read_end, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end, 1);
  posix_spawn_file_actions_adddup2(&actions, error.write_end, 2);
  std::string name = "batchyard-shim";
  char* arguments[] = {name.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t shim = 0;
  const int failed =
      posix_spawn(&shim, options_.shim_program.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  for (const int descriptor : {orders.read_end, in.read_end, out.write_end, error.write_end})
    close(descriptor);
  if (failed == 0) write_whole(orders.write_end, to_bytes(order));
  close(orders.write_end);
  if (failed != 0) {
    for (const int descriptor : {in.write_end, out.read_end, error.read_end}) close(descriptor);
    return refuse(socket, fmt::format("the shim cannot be started: {}", std::strerror(failed)));
  }
  const int shim_handle = static_cast<int>(syscall(SYS_pidfd_open, shim, 0));
  std::mutex sending;
  std::thread outputs([&] { pump(out.read_end, socket, LaunchFrame::output, sending); });
  std::thread errors([&] { pump(error.read_end, socket, LaunchFrame::error, sending); });
  std::thread inputs([&] {
    bool open_input = true;
    const auto end_input = [&] {
      if (std::exchange(open_input, false)) close(in.write_end);
    };
    while (std::optional<LaunchMessage> message = receive_frame(socket)) {
      if (message->kind == LaunchFrame::signal)
        signal_command(shim, static_cast<int>(parse_integer(message->bytes).value_or(0)));
      else if (message->kind == LaunchFrame::input && message->bytes.empty())
        end_input();
      else if (message->kind == LaunchFrame::input && open_input &&
               !write_whole(in.write_end, message->bytes))
        end_input();
    }
    end_input();
    // Nobody listens any more: the whole tree ends. After its own end this signal meets nobody.
    syscall(SYS_pidfd_send_signal, shim_handle, SIGTERM, nullptr, 0);
  });
  pollfd wait{shim_handle, POLLIN, 0};
  while (poll(&wait, 1, -1) < 0 && errno == EINTR) {
  }
  waitpid(shim, nullptr, 0);
  outputs.join();
  errors.join();
  send_frame(socket, LaunchFrame::exit, std::to_string(exit_code(order.record)));
  shutdown(socket, SHUT_RDWR);
  inputs.join();
  for (const int descriptor : {shim_handle, out.read_end, error.read_end}) close(descriptor);
  forget_record(order.record);
}

}  // namespace batchyard::edge
