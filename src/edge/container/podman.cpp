#include "edge/container/podman.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/text.h"
#include "edge/container/container_job.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr const char* podman_program = "/usr/bin/podman";
constexpr const char* machine_store = "/var/lib/containers/storage";
constexpr std::size_t said_max = 8192;
constexpr rlim_t open_files_max = 1 << 20;
constexpr rlim_t processes_max = 1 << 15;
constexpr const char* cure =
    "apt-get install --no-install-recommends podman runc conmon, on the machine of the nodes; "
    "`batchyard doctor` tries it";

bool has_program(const std::string& name) {
  for (const char* directory : {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/"}) {
    if (access((directory + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

// One overlay cannot lie upon another: there, files are copied.
bool is_overlay(const std::string& path) {
  struct statfs status{};
  return statfs(path.c_str(), &status) == 0 && status.f_type == OVERLAYFS_SUPER_MAGIC;
}

std::string storage_text(const std::string& store) {
  const bool copies = is_overlay(store);
  std::error_code ignored;
  const bool machine =
      !copies && fs::exists(std::string(machine_store) + "/overlay-images/images.json", ignored);
  return fmt::format(
      "[storage]\ndriver=\"{1}\"\ngraphroot=\"{0}/images\"\nrunroot=\"{0}/run\"\n"
      "[storage.options]\nadditionalimagestores=[{2}]\n",
      store, copies ? "vfs" : "overlay", machine ? fmt::format("\"{}\"", machine_store) : "");
}

// podman asks for more than the kernel's limits allow where these are low, so they are named.
std::string limit_text(const char* name, int resource, rlim_t most) {
  rlimit limit{};
  getrlimit(static_cast<__rlimit_resource>(resource), &limit);
  return fmt::format("\"{0}={1}:{1}\"", name, std::min(limit.rlim_max, most));
}

// No systemd is asked for anything. runc, for crun refuses machines with both cgroup versions.
std::string engine_text(const std::string& store) {
  return fmt::format(
      "[containers]\ndefault_sysctls=[]\ndefault_ulimits=[{1},{2}]\n"
      "[engine]\ncgroup_manager=\"cgroupfs\"\nevents_logger=\"none\"\nlock_type=\"file\"\n"
      "tmp_dir=\"{0}/run/t\"\n{3}",
      store, limit_text("nofile", RLIMIT_NOFILE, open_files_max),
      limit_text("nproc", RLIMIT_NPROC, processes_max),
      has_program("runc") ? "runtime=\"runc\"\n" : "");
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

bool write_private(const std::string& path, const std::string& text) {
  unlink(path.c_str());
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool whole = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  return whole;
}

Podman::Podman(std::string store)
    : store_(std::move(store)),
      environment_{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   "HOME=" + store_,
                   "TMPDIR=" + store_ + "/run",
                   "LANG=C.UTF-8",
                   "CONTAINERS_STORAGE_CONF=" + store_ + "/storage.conf",
                   "CONTAINERS_CONF=" + store_ + "/containers.conf"} {
  for (const char* name :
       {"http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    if (const char* value = getenv(name)) environment_.push_back(fmt::format("{}={}", name, value));
  }
  std::error_code ignored;
  fs::create_directories(store_ + "/run", ignored);
  chmod(store_.c_str(), 0700);
  if (!fs::exists(store_ + "/containers.conf", ignored)) {
    // Several may come first at the same time: each writes the same, and renames it.
    for (const auto& [name, text] : {std::pair("storage.conf", storage_text(store_)),
                                     std::pair("containers.conf", engine_text(store_))}) {
      const std::string beside = fmt::format("{}/{}.{}", store_, name, getpid());
      write_private(beside, text);
      rename(beside.c_str(), (store_ + "/" + name).c_str());
    }
  }
}

pid_t Podman::start(std::vector<std::string> words, const Surroundings& around) const {
  words.insert(words.begin(), "podman");
  const std::vector<char*> arguments = pointers(words);
  const std::vector<char*> environment = pointers(environment_);
  const pid_t child = fork();
  if (child != 0) return child;
  if (around.own_group) setpgid(0, 0);
  if (around.out >= 0) dup2(around.out, 1);
  if (around.error >= 0) dup2(around.error, 2);
  if (!around.network.empty()) {
    const int space = open(around.network.c_str(), O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) != 0) _exit(not_run);
  }
  close_range(3, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  umask(022);
  execve(podman_program, arguments.data(), environment.data());
  _exit(not_run);
}

Podman::Said Podman::run(std::vector<std::string> words, const std::string& network) const {
  Said said{not_run, {}};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return said;
  const pid_t child =
      start(std::move(words), {.out = ends[1], .error = ends[1], .network = network});
  close(ends[1]);
  char part[4096];
  while (true) {
    const ssize_t got = read(ends[0], part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    said.text.append(part, static_cast<std::size_t>(got));
    if (said.text.size() > 2 * said_max) said.text.erase(0, said.text.size() - said_max);
  }
  close(ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child > 0) said.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return said;
}

std::string why_no_containers(const std::string& store, const std::string& trial) {
  if (geteuid() != 0) return "containers need a service that runs as root";
  if (access(podman_program, X_OK) != 0)
    return fmt::format("there is no podman on this machine: {}", cure);
  if (!has_program("conmon")) return fmt::format("podman has no conmon here: {}", cure);
  if (!has_program("runc") && !has_program("crun"))
    return fmt::format("podman has no runc here: {}", cure);
  const Podman podman(store);
  const std::string root = store + "/run/trial";
  std::error_code error;
  fs::create_directories(root, error);
  fs::copy_file(trial, root + "/trial", fs::copy_options::overwrite_existing, error);
  const Podman::Said said =
      podman.run({"run", "--rm", "--replace", "--name", "trial", "--network", "host", "--uts",
                  "host", "--log-driver", "none", "--rootfs", root, "/trial"});
  fs::remove_all(root, error);
  if (said.code == trial_code) return {};
  return fmt::format("podman cannot run a container here ({}): {}", trim(said.text), cure);
}

}  // namespace batchyard::edge
