#include "apps/shim/command.h"

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

char boot[64] = "-";

long long now_ms() {
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

// A line is written at once: a reader that finds no line's end finds nothing.
void keep(int record, const char* text) {
  (void)!write(record, text, strlen(text));
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
  if (*order.group != 0) {
    const int processes = open(order.group, O_WRONLY | O_CLOEXEC);
    if (processes < 0 || write(processes, "0", 1) != 1) give_up('g');
  }
  if (*order.view != 0) {
    const int space = open(order.view, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNS) != 0) give_up('v');
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

void find_boot() {
  const int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t got = read(file, boot, sizeof boot - 1);
  close(file);
  boot[got > 0 ? got - 1 : 0] = 0;
}

// The process's name for good: its pid, a time (ticks of 10 ms since the machine started) that no
// later process of that number can have started before, and which start of the machine that was.
int open_record(const char* record) {
  char text[4096];
  snprintf(text, sizeof text, "%s.run", record);
  const int kept = open(text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  timespec time;
  clock_gettime(CLOCK_BOOTTIME, &time);
  snprintf(text, sizeof text, "%d %lld %s\n", getpid(),
           time.tv_sec * 100LL + time.tv_nsec / 10'000'000, boot);
  keep(kept, text);
  return kept;
}

void run(const Order& order, int record) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGPIPE);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1);

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
  if (!order.keeps_tree) kill_tree();
  keep(record, text);
}
