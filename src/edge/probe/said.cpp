#include "edge/probe/said.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace batchyard::edge {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t output_max = std::size_t{4} << 20;

std::vector<char*> word_pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

pid_t start_program(const std::string& path, const std::vector<std::string>& words, int out,
                    int view) {
  const std::vector<char*> arguments = word_pointers(words);
  const char* loader = getenv("LD_LIBRARY_PATH");
  const std::vector<std::string> variables{
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
      std::string("LD_LIBRARY_PATH=") + (loader == nullptr ? "" : loader)};
  const std::vector<char*> environment = word_pointers(variables);
  const pid_t child = fork();
  if (child != 0) return child;
  setpgid(0, 0);
  if (view >= 0 && setns(view, CLONE_NEWNS) != 0) _exit(127);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(out, 1);
  dup2(out, 2);
  close_range(3, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve(path.c_str(), arguments.data(), environment.data());
  _exit(127);
}

// False when the time was up before the other end was closed.
bool read_until(int from, SteadyClock::time_point deadline, std::string& into) {
  char part[16384];
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    pollfd ready{from, POLLIN, 0};
    if (left.count() <= 0) return false;
    if (poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = read(from, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    if (into.size() < output_max) into.append(part, static_cast<std::size_t>(got));
  }
}

}  // namespace

std::string program_path(const std::string& name, const std::string& process) {
  for (const char* directory :
       {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/",
        "/usr/local/nvidia/bin/", "/opt/intel/oneapi/mpi/latest/bin/"}) {
    std::string path = directory + name;
    struct stat there{};
    // A link in another root leads to places of that root.
    const bool is_there = process.empty() ? access(path.c_str(), X_OK) == 0
                                          : lstat((process + "/root" + path).c_str(), &there) == 0;
    if (is_there) return path;
  }
  return {};
}

ProgramSaid said_by(const std::string& name, std::vector<std::string> arguments,
                    std::chrono::milliseconds at_most, const std::string& process) {
  ProgramSaid said;
  const std::string path = name.starts_with('/') ? name : program_path(name, process);
  int ends[2];
  if (path.empty() || pipe2(ends, O_CLOEXEC) != 0) return said;
  const int view = process.empty() ? -1 : open((process + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC);
  arguments.insert(arguments.begin(), path);
  const bool seen = process.empty() || view >= 0;
  const pid_t child = seen ? start_program(path, arguments, ends[1], view) : -1;
  close(ends[1]);
  if (view >= 0) close(view);
  if (child > 0 && !read_until(ends[0], SteadyClock::now() + at_most, said.out)) {
    said.late = true;
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  if (child <= 0) return said;
  // One that hangs in a broken driver cannot be ended: it is not waited for.
  for (int round = 0; round < 100; ++round) {
    const pid_t ended = waitpid(child, &status, said.late ? WNOHANG : 0);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    if (said.late) poll(nullptr, 0, 10);
  }
  if (!said.late && WIFEXITED(status) && WEXITSTATUS(status) != 127)
    said.code = WEXITSTATUS(status);
  return said;
}

}  // namespace batchyard::edge
