#include "edge/process/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/check.h"
#include "base/id.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/process/shim_record.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr int order_descriptor = 3;

void write_all(int descriptor, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = write(descriptor, bytes.data() + at, bytes.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    at += static_cast<std::size_t>(put);
  }
}

node::ProcessEnd failed_end(int error) {
  return {.exit_code = {},
          .signal = {},
          .error = error,
          .not_found = false,
          .lost = false,
          .started = now(),
          .ended = now()};
}

}  // namespace

UserNumbers numbers_of(const node::User& user) {
  constexpr long pool_user = 60'001;
  constexpr long first_task_user = 61'000;
  constexpr long task_users = 4'000;
  if (geteuid() != 0) return {};
  if (user.admin) return {0, 0};
  if (user.uid >= 0) return {user.uid, user.gid};
  if (!user.task_scope) return {pool_user, pool_user};
  const long number = first_task_user + static_cast<long>(folded_hash(user.own_key) % task_users);
  return {number, number};
}

Runner::Runner(RunnerOptions options, OnEnd on_end)
    : options_(std::move(options)), on_end_(std::move(on_end)) {
  std::error_code ignored;
  fs::create_directories(options_.record_directory, ignored);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{.events = EPOLLIN, .data = {.fd = wake_}};
  check(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0, "epoll cannot be used");
  thread_ = std::thread([this] { loop(); });
}

Runner::~Runner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  eventfd_write(wake_, 1);
  thread_.join();
  for (const auto& [descriptor, watched] : watched_) close(descriptor);
  close(wake_);
  close(epoll_);
}

void Runner::watch(const std::string& id, int pid) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  const std::lock_guard lock(mutex_);
  if (descriptor < 0) {
    told_.emplace_back(id, read_end(id));
    eventfd_write(wake_, 1);
    return;
  }
  watched_[descriptor] = {id, pid};
  epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

std::vector<std::string> Runner::adopt() {
  std::vector<std::string> ids;
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(options_.record_directory, ignored)) {
    if (entry.path().extension() != ".run") continue;
    const std::string id = entry.path().stem();
    const ShimRecord record = read_record(record_of(id));
    if (record.pid == 0) continue;
    ids.push_back(id);
    if (!record.end && record.started != 0 && start_time(record.pid) == record.started) {
      watch(id, record.pid);
    } else {
      const std::lock_guard lock(mutex_);
      told_.emplace_back(id, read_end(id));
    }
  }
  eventfd_write(wake_, 1);
  return ids;
}

void Runner::start(const std::string& id, ShimOrder order, bool keep_tree) {
  order.record = record_of(id);
  int ends[2];
  const auto refuse = [&](int error) {
    const std::lock_guard lock(mutex_);
    told_.emplace_back(id, failed_end(error));
    eventfd_write(wake_, 1);
  };
  if (pipe2(ends, O_CLOEXEC) != 0) return refuse(errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[0], order_descriptor);
  std::string name = "batchyard-shim";
  char* arguments[] = {name.data(), nullptr};
  std::string keep = "BATCHYARD_KEEP_TREE=1";
  char* environment[] = {keep_tree ? keep.data() : nullptr, nullptr};
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, options_.shim_program.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  if (error == 0) {
    write_all(ends[1], to_bytes(order));
    watch(id, pid);
  }
  close(ends[1]);
  if (error != 0) refuse(error);
}

void Runner::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (const auto& [descriptor, watched] : watched_) {
    if (watched.id == id) syscall(SYS_pidfd_send_signal, descriptor, SIGTERM, nullptr, 0);
  }
}

void Runner::forget(const std::string& id) {
  forget_record(record_of(id));
}

node::ProcessEnd Runner::read_end(const std::string& id) const {
  if (const std::optional<node::ProcessEnd> end = read_record(record_of(id)).end) return *end;
  node::ProcessEnd lost;
  lost.lost = true;
  lost.ended = now();
  return lost;
}

void Runner::ended(int descriptor) {
  Watched watched;
  {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(descriptor);
    if (found == watched_.end()) return;
    watched = found->second;
    watched_.erase(found);
    // Before the close: a child that is being made may still hold a copy of the descriptor.
    epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  }
  siginfo_t info;
  waitid(P_PIDFD, static_cast<id_t>(descriptor), &info, WEXITED | WNOHANG);
  close(descriptor);
  on_end_(watched.id, read_end(watched.id));
}

void Runner::loop() {
  epoll_event events[64];
  while (true) {
    const int count = epoll_wait(epoll_, events, 64, -1);
    // The wake-up is taken before what it announces: one that comes later counts for the next
    // round.
    for (int at = 0; at < count; ++at) {
      if (events[at].data.fd == wake_) {
        eventfd_t value;
        eventfd_read(wake_, &value);
      } else {
        ended(events[at].data.fd);
      }
    }
    std::vector<std::pair<std::string, node::ProcessEnd>> told;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      told.swap(told_);
    }
    for (auto& [id, end] : told) on_end_(id, end);
  }
}

void kill_marked(const std::string& mark) {
  const std::string wanted = "BATCHYARD_RUN=" + mark;
  // A process that is just being made may be missed once, not for ever.
  for (int round = 0; round < 100; ++round) {
    bool found = false;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
      const std::optional<std::int64_t> pid = parse_integer(entry.path().filename().string());
      if (!pid || *pid == getpid()) continue;
      const int file = open((entry.path() / "environ").c_str(), O_RDONLY | O_CLOEXEC);
      if (file < 0) continue;
      std::string environment(64 * 1024, '\0');
      const ssize_t got = read(file, environment.data(), environment.size());
      close(file);
      environment.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
      for (const std::string_view variable : split(environment, '\0')) {
        if (variable == wanted && kill(static_cast<pid_t>(*pid), SIGKILL) == 0) found = true;
      }
    }
    if (!found) return;
  }
}

}  // namespace batchyard::edge
