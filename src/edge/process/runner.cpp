#include "edge/process/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
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
    : options_(std::move(options)), on_end_(std::move(on_end)), shims_(options_.shim_program) {
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

void Runner::tell(const std::string& id, node::ProcessEnd end) {
  const std::lock_guard lock(mutex_);
  told_.emplace_back(id, std::move(end));
  eventfd_write(wake_, 1);
}

// A shim without a descriptor has ended.
void Runner::watch(const std::string& id, int handle) {
  if (handle < 0) return tell(id, read_end(id));
  const std::lock_guard lock(mutex_);
  watched_[handle] = id;
  epoll_event event{.events = EPOLLIN, .data = {.fd = handle}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, handle, &event);
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
    watch(id, record.end ? -1 : handle_of(record));
  }
  return ids;
}

void Runner::start(const std::string& id, ShimOrder order) {
  order.record = record_of(id);
  const ForkServer::Made made = shims_.make(order);
  if (made.error != 0) return tell(id, failed_end(made.error));
  watch(id, made.handle);
}

void Runner::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (const auto& [descriptor, watched] : watched_) {
    if (watched == id) syscall(SYS_pidfd_send_signal, descriptor, SIGTERM, nullptr, 0);
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
  std::string id;
  {
    const std::lock_guard lock(mutex_);
    const auto found = watched_.find(descriptor);
    if (found == watched_.end()) return;
    id = std::move(found->second);
    watched_.erase(found);
    // Before the close: a child that is being made may still hold a copy of the descriptor.
    epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  }
  close(descriptor);
  on_end_(id, read_end(id));
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
