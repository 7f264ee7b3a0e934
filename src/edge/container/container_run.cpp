#include "edge/container/container_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/described_json.h"
#include "base/text.h"
#include "edge/container/podman.h"
#include "model/container.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;
using protocol::Failure;
using protocol::FailureCategory;

constexpr int not_found = 127;
constexpr int cannot_run = 126;
// From SIGTERM to SIGKILL, as for commands without a container.
constexpr std::chrono::seconds grace{2};

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGCHLD}) sigaddset(&signals, number);
  return signals;
}

bool is_told_to_end() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGTERM) == 1;
}

Failure failure_of(const Error& error) {
  return {FailureCategory::usererror, error.code, error.message, {}};
}

// As the task's user: what lies in the task's directory may be a link to anywhere.
int open_as(const std::string& path, std::int64_t uid, std::int64_t gid) {
  if (path.empty()) return -1;
  const uid_t before_user = geteuid();
  const gid_t before_group = getegid();
  if (uid > 0 && (setegid(static_cast<gid_t>(gid)) != 0 || seteuid(static_cast<uid_t>(uid)) != 0))
    _exit(Podman::not_run);
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (uid > 0 && (seteuid(before_user) != 0 || setegid(before_group) != 0)) _exit(Podman::not_run);
  return file;
}

// What podman has said last, of a command that it could not start.
std::string end_of(int file) {
  std::string text(2048, '\0');
  const off_t size = file < 0 ? 0 : lseek(file, 0, SEEK_END);
  const auto length = static_cast<off_t>(text.size());
  const ssize_t got = pread(file, text.data(), text.size(), size > length ? size - length : 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  const std::size_t line = text.rfind("Error: ");
  return std::string(trim(line == std::string::npos ? text : text.substr(line)));
}

class Container {
 public:
  explicit Container(const ContainerJob& job)
      : job_(job), podman_(job.store), beside_(job.store + "/run/" + job.name) {}

  int run() {
    write_private(beside_ + ".auth", authentication_text(job_.registries));
    write_private(beside_ + ".env", environment_file(job_.environment).lines);
    int code = Podman::not_run;
    if (job_.image.empty())
      code = fetch_all();
    else if (have_image(job_.image) && create())
      code = execute();
    else if (is_told_to_end()) {
      outcome_.failure.reset();
      code = 128 + SIGTERM;
    }
    for (const char* ending : {".auth", ".env"}) unlink((beside_ + ending).c_str());
    write_private(job_.outcome + ".new", to_json(outcome_));
    rename((job_.outcome + ".new").c_str(), job_.outcome.c_str());
    return code;
  }

 private:
  int fetch_all() {
    if (const std::string why = why_no_containers(job_.store, job_.trial); !why.empty()) {
      outcome_.failure = Failure{FailureCategory::servererror,
                                 "ContainerMiscError",
                                 "The pool has a containerConfiguration, but " + why + ".",
                                 {}};
      return Podman::not_run;
    }
    for (const std::string& image : job_.fetch) {
      if (!have_image(image)) return Podman::not_run;
    }
    return 0;
  }

  // What is here already is not asked for again: neither the node's nor the machine's own.
  bool have_image(const std::string& text) {
    const Result<ImageName> name = parse_image(text);
    const Result<std::vector<std::string>> words = pull_arguments(text, beside_ + ".auth");
    if (!name || !words) {
      outcome_.failure = failure_of(words.error());
      return false;
    }
    if (podman_.run({"image", "exists", name->whole}).code == 0) return true;
    std::vector<std::string> pull = *words;
    pull.insert(pull.begin(), "pull");
    const Podman::Said said = podman_.run(std::move(pull));
    if (said.code == 0) return true;
    outcome_.failure = pull_failure(text, said.text);
    return false;
  }

  bool create() {
    Result<std::vector<std::string>> words = create_arguments(job_, beside_ + ".env");
    if (!words) {
      outcome_.failure = failure_of(words.error());
      return false;
    }
    words->insert(words->begin(), "create");
    const Podman::Said said = podman_.run(*std::move(words), job_.network);
    if (said.code == 0) return true;
    outcome_.failure = Failure{FailureCategory::usererror,
                               "ContainerInvalidSettings",
                               fmt::format("No container could be made of the image {}. Check "
                                           "containerSettings.containerRunOptions.",
                                           job_.image),
                               {{"Image", job_.image}, {"Message", std::string(trim(said.text))}}};
    return false;
  }

  int execute() {
    const int out = open_as(job_.out, job_.uid, job_.gid);
    const int error = open_as(job_.error, job_.uid, job_.gid);
    const pid_t child =
        podman_.start({"start", "--attach", "--sig-proxy=false", job_.name},
                      {.out = out, .error = error, .network = job_.network, .own_group = true});
    const int code = child < 0 ? Podman::not_run : await(child);
    look_back(code, error);
    return code;
  }

  // The container ends by itself, or because we are told to end it: asked first, then made to.
  int await(pid_t child) const {
    const sigset_t signals = awaited_signals();
    int status = 0;
    bool asked = false;
    bool made = false;
    auto deadline = std::chrono::steady_clock::time_point::max();
    while (true) {
      const pid_t ended = waitpid(child, &status, WNOHANG);
      if (ended == child) break;
      if (ended < 0 && errno == ECHILD) return Podman::not_run;
      timespec wait{1, 0};
      const int signal =
          asked ? sigtimedwait(&signals, nullptr, &wait) : sigwaitinfo(&signals, nullptr);
      if (signal == SIGTERM && !asked) {
        asked = true;
        podman_.run({"kill", "--signal", "TERM", job_.name});
        deadline = std::chrono::steady_clock::now() + grace;
      }
      if (asked && !made && std::chrono::steady_clock::now() >= deadline) {
        made = true;
        podman_.run({"kill", "--signal", "KILL", job_.name});
      }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void look_back(int code, int error) {
    const Podman::Said found =
        podman_.run({"container", "inspect", "--format",
                     "{{.Id}}|{{.State.Status}}|{{.State.Error}}|{{.State.ExitCode}}", job_.name});
    const std::string line(trim(found.text));
    const std::vector<std::string_view> parts = split(line, '|');
    bool started = false;
    if (found.code == 0 && parts.size() >= 4) {
      started = parts[1] != "created" && parts[1] != "configured" && parts[1] != "initialized";
      outcome_.container = protocol::ContainerInfo{std::string(parts[0]), std::string(parts[1]),
                                                   std::string(parts[2])};
    }
    if (!started && code >= Podman::not_run && code <= not_found) {
      const std::string said = end_of(error);
      if (said.contains("no such file or directory") || said.contains("not found"))
        code = not_found;
      else if (said.contains("permission denied"))
        code = cannot_run;
      outcome_.failure = Failure{FailureCategory::usererror,
                                 code == not_found    ? "CommandProgramNotFound"
                                 : code == cannot_run ? "CommandLaunchFailed"
                                                      : "ContainerMiscError",
                                 code == not_found ? "The specified command program is not found"
                                                   : "The specified command could not be launched",
                                 {{"Image", job_.image}, {"Message", said}}};
    }
    podman_.run({"rm", "--force", "--ignore", job_.name});
  }

  const ContainerJob& job_;
  Podman podman_;
  std::string beside_;
  ContainerOutcome outcome_;
};

}  // namespace

int container_main(int argument_count, char** arguments) {
  const sigset_t signals = awaited_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  std::stringstream text;
  if (argument_count > 1) text << std::ifstream(arguments[1]).rdbuf();
  const Result<ContainerJob> job = from_json<ContainerJob>(text.str());
  if (!job) {
    fmt::print(stderr, "`container` is run by a node's agent, for a task.\n");
    return 2;
  }
  return Container(*job).run();
}

void remove_containers(const std::string& store, const std::string& name) {
  std::error_code ignored;
  if (!fs::exists(store + "/containers.conf", ignored)) return;
  if (!name.empty()) {
    for (const char* ending : {".auth", ".env"}) unlink((store + "/run/" + name + ending).c_str());
    Podman(store).run({"rm", "--force", "--ignore", "--time", "0", name});
    return;
  }
  // The processes that podman has on record were of the earlier life: without that record it looks
  // for none, and hits none that has the same number now.
  fs::remove_all(store + "/run", ignored);
  Podman(store).run({"rm", "--force", "--all"});
}

}  // namespace batchyard::edge
