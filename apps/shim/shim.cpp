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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

constexpr int order_fd = 3;
constexpr unsigned order_max = 4u << 20;
// Nearly every order is this small; only larger ones take memory of their own, since each page that
// a process touches costs more than the system calls around it.
constexpr unsigned order_usual = 32u << 10;
constexpr long words_usual = 512;

struct Order {
  const char* record;     // the file <record>.run
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

char usual[order_usual];
char* words[words_usual];
long words_taken = 0;
char* cursor = usual;
char* order_end = usual;

const char* next_text() {
  const char* text = cursor;
  if (cursor >= order_end) _exit(120);
  cursor += strlen(cursor) + 1;
  return text;
}

void* more_memory(unsigned long bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(120);
  return memory;
}

char** next_list() {
  const long count = atol(next_text());
  char** list = words + words_taken;
  if (count < words_usual - words_taken)
    words_taken += count + 1;
  else
    list = static_cast<char**>(more_memory(sizeof(char*) * static_cast<unsigned long>(count + 1)));
  for (long at = 0; at < count; ++at) list[at] = const_cast<char*>(next_text());
  list[count] = nullptr;
  return list;
}

Order read_order() {
  unsigned have = 0;
  unsigned room = order_usual;
  while (have < order_max - 1) {
    if (have == room - 1) {
      cursor = static_cast<char*>(more_memory(order_max));
      memcpy(cursor, usual, have);
      room = order_max;
    }
    const ssize_t got = read(order_fd, cursor + have, room - 1 - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<unsigned>(got);
  }
  close(order_fd);
  order_end = cursor + have;
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

// A line is written at once: a reader that finds no line's end finds nothing.
void keep(int record, const char* text) {
  (void)!write(record, text, strlen(text));
}

// The process's name for good: its pid and when it started (field 22 of /proc/PID/stat).
int open_record(const char* record) {
  char stat[1024];
  ssize_t got = 0;
  const int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    got = read(file, stat, sizeof stat - 1);
    close(file);
  }
  stat[got > 0 ? got : 0] = 0;
  const char* at = strrchr(stat, ')');
  for (int field = 2; at != nullptr && field < 22; ++field) at = strchr(at + 1, ' ');
  char text[4096];
  snprintf(text, sizeof text, "%s.run", record);
  const int kept = open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  snprintf(text, sizeof text, "%d %llu\n", getpid(),
           at == nullptr ? 0ULL : strtoull(at, nullptr, 10));
  keep(kept, text);
  return kept;
}

// What became of the start: 0, or where it failed and the errno. The child says it, whose memory is
// ours until it has become the command.
struct Failure {
  char step;
  int error;
};
volatile Failure failure{0, 0};

[[noreturn]] void give_up(char step) {
  failure.error = errno;
  failure.step = step;
  _exit(127);
}

void open_as(const char* path, int descriptor) {
  if (*path == 0) return;
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || dup2(file, descriptor) < 0) give_up('o');
}

// The calls that change users are the kernel's own: a C library asks all threads, and there are
// none.
bool become_user(const Order& order) {
  const gid_t group = static_cast<gid_t>(order.gid);
  return syscall(SYS_setgroups, 1, &group) == 0 && syscall(SYS_setgid, group) == 0 &&
         syscall(SYS_setuid, static_cast<uid_t>(order.uid)) == 0;
}

[[noreturn]] void become(const Order& order) {
  setsid();
  if (*order.network != 0) {
    const int space = open(order.network, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) give_up('n');
  }
  if (order.uid >= 0 && !become_user(order)) give_up('u');
  umask(022);
  open_as(order.out, 1);
  open_as(order.error, 2);
  if (chdir(order.directory) != 0) give_up('d');
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  environ = order.environment;
  execvp(order.arguments[0], order.arguments);
  give_up('x');
}

// Orphans of the tree become our children (PR_SET_CHILD_SUBREAPER): killing all children until none
// is left kills all.
void kill_tree() {
  if (waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) return;
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
  const int record = open_record(order.record);
  const bool keeps_tree = getenv("BATCHYARD_KEEP_TREE") != nullptr;

  const long long started = now_ms();
  // The child borrows our memory until it is the command: copying it would cost as much as the
  // rest.
  const pid_t child = vfork();
  if (child == 0) become(order);
  if (child < 0) {
    failure.error = errno;
    failure.step = 'f';
  }
  // Ranks are started with pipes: the other side must see their end when the command closes them.
  if (*order.out == 0 || *order.error == 0) {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int descriptor = 0; descriptor < 3; ++descriptor) dup2(nothing, descriptor);
  }

  const int status = child < 0 ? 0 : wait_for(child, order.grace_ms);
  char text[256];
  if (failure.step != 0)
    snprintf(text, sizeof text, "failed %c %d %lld %lld\n", failure.step, failure.error, started,
             now_ms());
  else if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "signaled - %d %lld %lld\n", WTERMSIG(status), started, now_ms());
  else
    snprintf(text, sizeof text, "exited - %d %lld %lld\n", WEXITSTATUS(status), started, now_ms());
  if (!keeps_tree) kill_tree();
  keep(record, text);
  _exit(0);
}
