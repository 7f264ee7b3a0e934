// batchyard-shim: owns one process tree. It outlives the agent that started it: it waits for the
// command, kills what the command leaves behind, and keeps the exit code in a file until an agent
// asks. Small and static, since one exists for every running process. Its order comes over
// descriptor 3 as texts that end in NUL (see edge/process/shim_order.h).
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int order_fd = 3;
constexpr unsigned order_max = 4u << 20;

struct Order {
  const char* record;     // the files <record>.state and <record>.exit
  const char* directory;  // where the command starts
  const char* out;        // standard output; empty: descriptor 1 as it is
  const char* error;
  const char* network;  // a network namespace to enter; empty: none
  long uid;
  long gid;
  long grace_ms;
  char** arguments;
  char** environment;
};

char buffer[order_max];
char* cursor = buffer;
char* order_end = buffer;

const char* next_text() {
  const char* text = cursor;
  if (cursor >= order_end) _exit(120);
  cursor += strlen(cursor) + 1;
  return text;
}

char** next_list() {
  const long count = atol(next_text());
  char** list = static_cast<char**>(malloc(sizeof(char*) * static_cast<unsigned long>(count + 1)));
  for (long at = 0; at < count; ++at) list[at] = const_cast<char*>(next_text());
  list[count] = nullptr;
  return list;
}

Order read_order() {
  unsigned have = 0;
  while (have < order_max - 1) {
    const ssize_t got = read(order_fd, buffer + have, order_max - 1 - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<unsigned>(got);
  }
  close(order_fd);
  order_end = buffer + have;
  Order order{};
  order.record = next_text();
  order.directory = next_text();
  order.out = next_text();
  order.error = next_text();
  order.network = next_text();
  order.uid = atol(next_text());
  order.gid = atol(next_text());
  order.grace_ms = atol(next_text());
  order.arguments = next_list();
  order.environment = next_list();
  return order;
}

long long now_ms() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

// Written beside and renamed: a reader finds all of it or nothing.
void keep(const char* record, const char* ending, const char* text) {
  char path[4096];
  char beside[4096];
  snprintf(path, sizeof path, "%s%s", record, ending);
  snprintf(beside, sizeof beside, "%s%s.new", record, ending);
  const int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  const size_t length = strlen(text);
  const bool whole = write(file, text, length) == static_cast<ssize_t>(length);
  close(file);
  if (whole) rename(beside, path);
}

// The process's name for good: its pid and when it started (field 22 of /proc/PID/stat).
void keep_state(const char* record) {
  char stat[1024] = {};
  const int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    const ssize_t got = read(file, stat, sizeof stat - 1);
    close(file);
    if (got < 0) stat[0] = 0;
  }
  const char* at = strrchr(stat, ')');
  for (int field = 2; at != nullptr && field < 22; ++field) at = strchr(at + 1, ' ');
  char text[128];
  snprintf(text, sizeof text, "%d %llu\n", getpid(),
           at == nullptr ? 0ULL : strtoull(at, nullptr, 10));
  keep(record, ".state", text);
}

// What became of the start, told by the child: 0, or where it failed and the errno.
struct Failure {
  char step;
  int error;
};

[[noreturn]] void give_up(int pipe_end, char step) {
  const Failure failure{step, errno};
  (void)!write(pipe_end, &failure, sizeof failure);
  _exit(127);
}

void open_as(const char* path, int descriptor, int pipe_end) {
  if (*path == 0) return;
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || dup2(file, descriptor) < 0) give_up(pipe_end, 'o');
}

[[noreturn]] void become(const Order& order, int pipe_end) {
  setsid();
  if (*order.network != 0) {
    const int space = open(order.network, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) give_up(pipe_end, 'n');
  }
  if (order.uid >= 0) {
    const gid_t group = static_cast<gid_t>(order.gid);
    if (setgroups(1, &group) != 0 || setgid(group) != 0 ||
        setuid(static_cast<uid_t>(order.uid)) != 0)
      give_up(pipe_end, 'u');
  }
  umask(022);
  open_as(order.out, 1, pipe_end);
  open_as(order.error, 2, pipe_end);
  if (chdir(order.directory) != 0) give_up(pipe_end, 'd');
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  environ = order.environment;
  execvp(order.arguments[0], order.arguments);
  give_up(pipe_end, 'x');
}

// Orphans of the tree become our children (PR_SET_CHILD_SUBREAPER): killing all children until none
// is left kills all.
void kill_tree() {
  for (int round = 0; round < 10000; ++round) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    char list[65536];
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t got = file < 0 ? -1 : read(file, list, sizeof list - 1);
    if (file >= 0) close(file);
    if (got > 0) {
      list[got] = 0;
      for (char* at = list; *at != 0;) {
        const long pid = strtol(at, &at, 10);
        if (pid > 0) kill(static_cast<pid_t>(pid), SIGKILL);
        while (*at == ' ') ++at;
      }
    }
    if (waitpid(-1, nullptr, 0) < 0 && errno == ECHILD) return;
  }
}

bool reap(pid_t child, int& status) {
  bool ended = false;
  int one = 0;
  for (pid_t pid = waitpid(-1, &one, WNOHANG); pid > 0; pid = waitpid(-1, &one, WNOHANG)) {
    if (pid == child) {
      status = one;
      ended = true;
    }
  }
  return ended;
}

// Waits for the command's end; SIGTERM asks it to end, and after the grace makes it.
int wait_for(pid_t child, long grace_ms) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  long long deadline = 0;
  int status = 0;
  while (!reap(child, status)) {
    timespec wait{3600, 0};
    if (deadline != 0) {
      const long long rest = deadline - now_ms();
      if (rest <= 0) {
        kill(-child, SIGKILL);
        kill(child, SIGKILL);
        deadline = now_ms() + 3600000;
      }
      wait = {rest <= 0 ? 1 : rest / 1000, rest <= 0 ? 0 : rest % 1000 * 1000000};
    }
    if (sigtimedwait(&signals, nullptr, &wait) == SIGTERM && deadline == 0) {
      kill(-child, SIGTERM);
      deadline = now_ms() + grace_ms;
    }
  }
  return status;
}

}  // namespace

int main() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGPIPE);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  const Order order = read_order();
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  keep_state(order.record);

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return 120;
  const long long started = now_ms();
  const pid_t child = fork();
  if (child == 0) become(order, ends[1]);
  close(ends[1]);
  Failure failure{0, errno};
  if (child < 0)
    failure.step = 'f';
  else if (read(ends[0], &failure, sizeof failure) != static_cast<ssize_t>(sizeof failure))
    failure.step = 0;
  close(ends[0]);
  // Ranks are started with pipes: the other side must see their end when the command closes them.
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int descriptor = 0; descriptor < 3; ++descriptor) dup2(nothing, descriptor);

  const int status = child < 0 ? 0 : wait_for(child, order.grace_ms);
  char text[256];
  if (failure.step != 0)
    snprintf(text, sizeof text, "failed %c %d %lld %lld\n", failure.step, failure.error, started,
             now_ms());
  else if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "signaled - %d %lld %lld\n", WTERMSIG(status), started, now_ms());
  else
    snprintf(text, sizeof text, "exited - %d %lld %lld\n", WEXITSTATUS(status), started, now_ms());
  if (getenv("BATCHYARD_KEEP_TREE") == nullptr) kill_tree();
  keep(order.record, ".exit", text);
  return 0;
}
