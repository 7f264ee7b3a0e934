#include "edge/fleet/agent_keeper.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "edge/fleet/limits.h"
#include "edge/fleet/node_plan.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

using Clock = std::chrono::steady_clock;

sigset_t keeper_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGCHLD, SIGHUP, SIGTERM}) sigaddset(&signals, signal);
  return signals;
}

// The words in the command file.
std::vector<std::string> read_command(const std::string& path) {
  std::vector<std::string> words;
  const Result<std::string> content = read_file(path);
  if (!content) return words;
  for (std::size_t at = 0; at < content->size();) {
    const std::size_t end = std::min(content->find('\0', at), content->size());
    words.push_back(content->substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Nothing but system calls between fork and exec would be needed with threads; this process has
// none.
[[noreturn]] void become_agent(const Keeping& keeping, std::vector<std::string> words) {
  const std::string log = keeping.agent_directory + "/" + log_file;
  struct stat status{};
  if (::stat(log.c_str(), &status) == 0 && status.st_size > agent_log_max)
    ::rename(log.c_str(), (log + ".1").c_str());
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int input = ::open("/dev/null", O_RDONLY);
  ::dup2(input, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::setsid();
  if (keeping.agent_namespace >= 0 && ::setns(keeping.agent_namespace, CLONE_NEWNET) != 0) {
    ::dprintf(2, "the agent cannot enter the machine's network: %s\n", std::strerror(errno));
    ::_exit(126);
  }
  if (keeping.agent_view >= 0 && ::setns(keeping.agent_view, CLONE_NEWNS) != 0) {
    ::dprintf(2, "the agent cannot enter the machine's view: %s\n", std::strerror(errno));
    ::_exit(126);
  }
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::close_range(3, ~0u, 0);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  if (words.empty())
    errno = ENOENT;
  else
    ::execv(argv[0], argv.data());
  ::dprintf(2, "the agent %s cannot be started: %s\n", words.empty() ? "(no command)" : argv[0],
            std::strerror(errno));
  ::_exit(127);
}

class Keeper {
 public:
  explicit Keeper(const Keeping& keeping) : keeping_(keeping) {}
  void run();

 private:
  void start();
  void reap();
  void end_agent();
  int wait_for_signal() const;

  const Keeping& keeping_;
  pid_t agent_ = -1;
  Clock::time_point started_;
  Clock::time_point next_start_;
  std::chrono::milliseconds backoff_ = agent_backoff_min;
};

void Keeper::start() {
  started_ = Clock::now();
  agent_ = ::fork();
  if (agent_ == 0)
    become_agent(keeping_, read_command(keeping_.agent_directory + "/" + command_file));
  if (agent_ < 0) next_start_ = started_ + agent_backoff_max;
}

void Keeper::reap() {
  int status = 0;
  for (pid_t child = ::waitpid(-1, &status, WNOHANG); child > 0;
       child = ::waitpid(-1, &status, WNOHANG)) {
    if (child != agent_) continue;
    agent_ = -1;
    const Clock::time_point now = Clock::now();
    if (now - started_ >= agent_steady) backoff_ = agent_backoff_min;
    next_start_ = now + backoff_;
    backoff_ = std::min(backoff_ * 2, agent_backoff_max);
  }
}

void Keeper::end_agent() {
  backoff_ = agent_backoff_min;
  if (agent_ > 0) {
    ::kill(agent_, SIGKILL);
    ::waitpid(agent_, nullptr, 0);
    agent_ = -1;
  }
  next_start_ = Clock::now();
}

// The signal that came, or -1 when it is time to start the agent.
int Keeper::wait_for_signal() const {
  const sigset_t signals = keeper_signals();
  if (agent_ > 0) return ::sigwaitinfo(&signals, nullptr);
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::max(next_start_ - Clock::now(), Clock::duration::zero()));
  const timespec timeout{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  return ::sigtimedwait(&signals, nullptr, &timeout);
}

void Keeper::run() {
  start();
  while (true) {
    const int signal = wait_for_signal();
    if (signal == SIGTERM) return;
    if (signal == SIGHUP) end_agent();
    if (signal == SIGCHLD) reap();
    if (agent_ < 0 && Clock::now() >= next_start_) start();
  }
}

// Field 4 of /proc/PID/stat.
pid_t parent_of(pid_t pid) {
  const Result<std::string> stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t at = stat ? stat->rfind(')') : std::string::npos;
  return at == std::string::npos ? 0 : std::atoi(stat->c_str() + std::min(at + 4, stat->size()));
}

// Every process whose chain of parents leads here. As the node's subreaper this process is the end
// of all such chains.
std::set<pid_t> descendants() {
  std::map<pid_t, pid_t> parents;
  if (DIR* listing = ::opendir("/proc")) {
    while (const dirent* item = ::readdir(listing)) {
      if (const pid_t pid = std::atoi(item->d_name); pid > 0) parents[pid] = parent_of(pid);
    }
    ::closedir(listing);
  }
  std::set<pid_t> found;
  const pid_t self = ::getpid();
  for (const auto& [pid, first_parent] : parents) {
    pid_t at = first_parent;
    for (std::size_t steps = 0; at > 1 && at != self && steps < parents.size(); ++steps)
      at = parents.contains(at) ? parents[at] : 0;
    if (at == self) found.insert(pid);
  }
  return found;
}

// Killed children's children come to us, so each round finds those that were missed by the one
// before.
void end_tree() {
  const Clock::time_point give_up = Clock::now() + end_time_max / 2;
  while (Clock::now() < give_up) {
    for (const pid_t pid : descendants()) ::kill(pid, SIGKILL);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (::waitpid(-1, nullptr, 0) < 0 && errno == ECHILD) return;
  }
}

}  // namespace

void block_keeper_signals() {
  const sigset_t signals = keeper_signals();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
}

void keep_agent(const Keeping& keeping) {
  if (keeping.ends_tree) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  Keeper(keeping).run();
  if (keeping.ends_tree) end_tree();
}

}  // namespace batchyard::fleet
