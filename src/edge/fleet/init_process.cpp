#include "edge/fleet/init_process.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "edge/fleet/node_plan.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// What a node takes over from the service's environment: nothing that could be a secret.
std::vector<std::string> node_environment() {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH",
                           "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "SSL_CERT_FILE",
                           "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy"}) {
    if (const char* value = ::getenv(name)) environment.push_back(std::string(name) + "=" + value);
  }
  if (::getenv("PATH") == nullptr)
    environment.emplace_back("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  return environment;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

// Everything that the new process does before it becomes another program. It has one thread of
// many, so it may use nothing but system calls.
struct Becoming {
  char* const* argv;
  char* const* environment;
  const int* descriptors;  // all above `descriptors_end`
  int descriptor_count;
  int log;
};

[[noreturn]] void become_init(const Becoming& becoming) {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::setsid();
  ::dup2(becoming.log, 1);
  ::dup2(becoming.log, 2);
  for (int i = 0; i < becoming.descriptor_count; ++i)
    ::dup2(becoming.descriptors[i], hub_descriptor + i);
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, 0);
  ::close_range(static_cast<unsigned>(hub_descriptor + becoming.descriptor_count), ~0u, 0);
  ::execve(becoming.argv[0], becoming.argv, becoming.environment);
  constexpr std::string_view text = "cannot run the program of the node's first process";
  if (::write(report_descriptor, text.data(), text.size()) < 0) {
    // The exit status below tells it too.
  }
  ::_exit(127);
}

// Copies far above the numbers that they are to have, so that one never overwrites the next.
Result<std::vector<Descriptor>> lift(const std::vector<int>& descriptors) {
  std::vector<Descriptor> lifted;
  for (int descriptor : descriptors) {
    Descriptor null;
    if (descriptor < 0) {
      null = TRY(open_file("/dev/null", O_RDWR));
      descriptor = null.number();
    }
    lifted.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, 64));
    if (!lifted.back().is_open()) return cannot("copy a descriptor for the node");
  }
  return lifted;
}

}  // namespace

Result<InitProcess> start_init(const InitStart& start) {
  const std::vector<std::string> environment = node_environment();
  const std::vector<char*> argv = pointers(start.command);
  const std::vector<char*> envp = pointers(environment);
  const Descriptor log = TRY(open_file(start.log_file, O_WRONLY | O_CREAT | O_APPEND, 0644));
  const Descriptor high_log(::fcntl(log.number(), F_DUPFD_CLOEXEC, 64));
  const std::vector<Descriptor> lifted = TRY(lift(start.descriptors));
  std::vector<int> numbers;
  for (const Descriptor& descriptor : lifted) numbers.push_back(descriptor.number());
  const Becoming becoming{argv.data(), envp.data(), numbers.data(),
                          static_cast<int>(numbers.size()), high_log.number()};

  int handle = -1;
  clone_args arguments{};
  arguments.flags = CLONE_PIDFD;
  if (start.namespaces)
    arguments.flags |= CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;
  arguments.pidfd = reinterpret_cast<std::uint64_t>(&handle);
  arguments.exit_signal = SIGCHLD;
  // No handler of the service may run in the child before it has put them back to their defaults.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const long pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) become_init(becoming);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return cannot("start the node's first process", error);
  ::fcntl(handle, F_SETFD, FD_CLOEXEC);
  return InitProcess{static_cast<pid_t>(pid), Descriptor(handle)};
}

Result<InitProcess> find_init(pid_t pid, unsigned long long start_time) {
  InitProcess process{pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)))};
  if (!process.handle.is_open()) return cannot("find process " + std::to_string(pid));
  // Looked at after the handle is held: the pid cannot be given to another process in between
  // unnoticed.
  if (process_start_time(pid) != start_time)
    return cannot("find process " + std::to_string(pid), ESRCH);
  return process;
}

void signal_init(const InitProcess& process, int signal) {
  ::syscall(SYS_pidfd_send_signal, process.handle.number(), signal, nullptr, 0);
}

std::string reap_init(const InitProcess& process) {
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(process.handle.number()), &info, WEXITED | WNOHANG) !=
          0 ||
      info.si_pid == 0)
    return "has ended";
  if (info.si_code == CLD_EXITED) return "ended with status " + std::to_string(info.si_status);
  return "was killed by signal " + std::to_string(info.si_status);
}

}  // namespace batchyard::fleet
