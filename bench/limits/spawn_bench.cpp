// Process creation limits: spawn + wait of a trivial program, several kernel paths,
// bare or with everything a batch node must do per task.
// usage: spawn_bench MODE N CONC [batch] [rss_mb] [root_dir]
// env PROG=path to the program (default /bin/true)
// env KEEP=1 leaves the task directories (on ext4 deleting thousands of inodes makes the next run
// slow for up to 5 minutes: the allocator skips recently deleted inodes one by one)
//   MODE: posix_spawn | fork | vfork | clone3 | loop   (loop = one thread, clone3, epoll on pidfds)
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <poll.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>
extern char** environ;
static double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}
static bool g_batch = false;
static std::string g_root;
static uid_t g_uid = 65534;
static gid_t g_gid = 65534;
static const char* g_prog = getenv("PROG") ? getenv("PROG") : "/bin/true";
struct Job {
  int out = -1, err = -1;
  char wd[256];
  bool batch;
};
static char* const kArgv[] = {(char*)"true", nullptr};

// everything done by the parent before the process exists
static bool prepare(Job& j, long id) {
  j.batch = g_batch;
  if (!g_batch) return true;
  char d[200], f[256];
  snprintf(d, sizeof d, "%s/t%07ld", g_root.c_str(), id);
  if (mkdir(d, 0755)) {
    perror("mkdir");
    return false;
  }
  snprintf(j.wd, sizeof j.wd, "%s/wd", d);
  if (mkdir(j.wd, 0755)) return false;
  if (chown(j.wd, g_uid, g_gid)) return false;
  snprintf(f, sizeof f, "%s/stdout.txt", d);
  j.out = open(f, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
  if (fchown(j.out, g_uid, g_gid)) return false;
  snprintf(f, sizeof f, "%s/stderr.txt", d);
  j.err = open(f, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
  if (fchown(j.err, g_uid, g_gid)) return false;
  return j.out >= 0 && j.err >= 0;
}
static void finish(Job& j) {
  if (j.out >= 0) close(j.out);
  if (j.err >= 0) close(j.err);
  j.out = j.err = -1;
}
// runs in the child; raw syscalls only (the parent's memory may be shared)
static int child(void* p) {
  Job* j = (Job*)p;
  if (j->batch) {
    syscall(SYS_setsid);
    if (syscall(SYS_dup2, j->out, 1) < 0 || syscall(SYS_dup2, j->err, 2) < 0) _exit(126);
    if (syscall(SYS_chdir, j->wd)) _exit(125);
    gid_t g = g_gid;
    if (syscall(SYS_setgroups, 1, &g) || syscall(SYS_setresgid, g_gid, g_gid, g_gid) ||
        syscall(SYS_setresuid, g_uid, g_uid, g_uid))
      _exit(124);
  }
  syscall(SYS_execve, g_prog, kArgv, environ);
  _exit(127);
}
static pid_t do_clone3(Job* j, int* pidfd, void* stack, size_t ss) {
  clone_args a{};
  a.flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD;
  a.pidfd = (uint64_t)pidfd;
  a.exit_signal = SIGCHLD;
  a.stack = (uint64_t)stack;
  a.stack_size = ss;
  long ret;
  register int (*fn)(void*) asm("r8") = child;
  register void* arg asm("r9") = j;
  asm volatile(
      "syscall\n\ttest %%rax,%%rax\n\tjnz 1f\n\txor %%ebp,%%ebp\n\tmov %[a],%%rdi\n\tcall "
      "*%[f]\n\tmov %%eax,%%edi\n\tmov $60,%%eax\n\tsyscall\n1:"
      : "=a"(ret)
      : "0"(435L), "D"(&a), "S"(sizeof a), [f] "r"(fn), [a] "r"(arg)
      : "rcx", "r11", "memory");
  if (ret < 0) {
    errno = -ret;
    return -1;
  }
  return (pid_t)ret;
}
__attribute__((noinline)) static pid_t do_vfork(Job* j) {
  pid_t p = vfork();
  if (p == 0) child(j);
  return p;
}
static int wait_status(pid_t p) {
  int st = 0;
  while (waitpid(p, &st, 0) < 0 && errno == EINTR) {
  }
  return st;
}

int main(int argc, char** argv) {
  if (argc < 4) {
    fprintf(stderr, "usage\n");
    return 2;
  }
  std::string mode = argv[1];
  long n = atol(argv[2]);
  int conc = atoi(argv[3]);
  g_batch = argc > 4 && !strcmp(argv[4], "batch");
  long rss = argc > 5 ? atol(argv[5]) : 0;
  std::string base = argc > 6 ? argv[6] : "/tmp";
  if (g_batch) {
    char t[256];
    snprintf(t, sizeof t, "%s/spawnXXXXXX", base.c_str());
    g_root = mkdtemp(t);
    chmod(t, 0755);
  }
  if (rss) {
    size_t b = rss << 20;
    char* m = (char*)mmap(0, b, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < b; i += 4096) m[i] = 1;
  }
  std::atomic<long> next{0}, bad{0};
  rusage r0{};
  getrusage(RUSAGE_SELF, &r0);
  double c_self0 =
      r0.ru_utime.tv_sec + r0.ru_stime.tv_sec + 1e-6 * (r0.ru_utime.tv_usec + r0.ru_stime.tv_usec);
  double t0 = now();
  if (mode == "loop") {
    int ep = epoll_create1(EPOLL_CLOEXEC);
    struct Slot {
      Job j;
      int pidfd;
    };
    std::vector<Slot> slots(conc);
    std::vector<int> freeS;
    for (int i = conc - 1; i >= 0; --i) freeS.push_back(i);
    void* st =
        mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    long started = 0, done = 0;
    while (done < n) {
      while (!freeS.empty() && started < n) {
        int s = freeS.back();
        freeS.pop_back();
        Slot& x = slots[s];
        if (!prepare(x.j, started++)) return 1;
        if (do_clone3(&x.j, &x.pidfd, st, 65536) < 0) {
          perror("clone3");
          return 1;
        }
        finish(x.j);
        epoll_event e{};
        e.events = EPOLLIN;
        e.data.u32 = s;
        epoll_ctl(ep, EPOLL_CTL_ADD, x.pidfd, &e);
      }
      // EPOLL_CTL_DEL must come before close(): a vforked child may still hold a copy of the pidfd
      // (its close-on-exec runs after the parent has resumed), and then close() alone leaves the
      // registration alive: ghost events
      epoll_event ev[64];
      int k = epoll_wait(ep, ev, 64, -1);
      for (int i = 0; i < k; ++i) {
        Slot& x = slots[ev[i].data.u32];
        siginfo_t si{};
        waitid((idtype_t)3, x.pidfd, &si, WEXITED);
        if (si.si_code != CLD_EXITED || si.si_status) ++bad;
        epoll_ctl(ep, EPOLL_CTL_DEL, x.pidfd, nullptr);
        close(x.pidfd);
        freeS.push_back(ev[i].data.u32);
        ++done;
      }
    }
  } else {
    auto work = [&] {
      void* st =
          mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
      for (long i; (i = next++) < n;) {
        Job j;
        if (!prepare(j, i)) {
          ++bad;
          continue;
        }
        pid_t p = -1;
        int status = 0;
        if (mode == "posix_spawn") {
          posix_spawn_file_actions_t fa;
          posix_spawn_file_actions_init(&fa);
          posix_spawnattr_t at;
          posix_spawnattr_init(&at);
          if (g_batch) {
            posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSID);
            posix_spawn_file_actions_adddup2(&fa, j.out, 1);
            posix_spawn_file_actions_adddup2(&fa, j.err, 2);
            posix_spawn_file_actions_addchdir_np(&fa, j.wd);
          }
          if (posix_spawn(&p, g_prog, &fa, &at, kArgv, environ)) {
            ++bad;
            continue;
          }
          posix_spawn_file_actions_destroy(&fa);
          posix_spawnattr_destroy(&at);
          status = wait_status(p);
        } else if (mode == "fork") {
          p = fork();
          if (p == 0) child(&j);
          status = wait_status(p);
        } else if (mode == "vfork") {
          p = do_vfork(&j);
          status = wait_status(p);
        } else if (mode == "clone3") {
          int fd = -1;
          p = do_clone3(&j, &fd, st, 65536);
          if (p < 0) {
            perror("clone3");
            ++bad;
            continue;
          }
          siginfo_t si{};
          waitid((idtype_t)3, fd, &si, WEXITED);
          status = si.si_status;
          close(fd);
        }
        if (status) ++bad;
        finish(j);
      }
    };
    std::vector<std::thread> th;
    for (int i = 0; i < conc; ++i) th.emplace_back(work);
    for (auto& t : th) t.join();
  }
  double dt = now() - t0, clean = 0;
  auto cpu = [](int who) {
    rusage r{};
    getrusage(who, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + 1e-6 * (r.ru_utime.tv_usec + r.ru_stime.tv_usec);
  };
  double cpu_self = cpu(RUSAGE_SELF) - c_self0, cpu_kids = cpu(RUSAGE_CHILDREN);
  if (g_batch && !getenv("KEEP")) {
    double c0 = now();
    for (long i = 0; i < n; ++i) {
      char f[300];
      snprintf(f, sizeof f, "%s/t%07ld/stdout.txt", g_root.c_str(), i);
      unlink(f);
      snprintf(f, sizeof f, "%s/t%07ld/stderr.txt", g_root.c_str(), i);
      unlink(f);
      snprintf(f, sizeof f, "%s/t%07ld/wd", g_root.c_str(), i);
      rmdir(f);
      snprintf(f, sizeof f, "%s/t%07ld", g_root.c_str(), i);
      rmdir(f);
    }
    rmdir(g_root.c_str());
    clean = now() - c0;
  }
  printf(
      "%s%s conc=%d rss=%ldMB n=%ld rate=%.0f/s us_per_task=%.1f cpu_us_self=%.1f "
      "cpu_us_child=%.1f cleanup_us=%.1f bad=%ld\n",
      mode.c_str(), g_batch ? "+batch" : "", conc, rss, n, n / dt, dt / n * 1e6, cpu_self / n * 1e6,
      cpu_kids / n * 1e6, clean / n * 1e6, bad.load());
}
