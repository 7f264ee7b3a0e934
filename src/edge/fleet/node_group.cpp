#include "edge/fleet/node_group.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

bool is_populated(const std::string& path) {
  const Result<std::string> events = read_file(path + "/cgroup.events");
  return events && events->find("populated 1") != std::string::npos;
}

// cgroup.events tells of each change by POLLPRI. Bounded: a process in an uninterruptible call ends
// when it returns.
bool wait_until_empty(const std::string& path) {
  const Result<Descriptor> events = open_file(path + "/cgroup.events", O_RDONLY);
  for (int round = 0; events && round < 50 && is_populated(path); ++round) {
    char text[256];
    if (::pread(events->number(), text, sizeof text, 0) < 0) return false;
    pollfd change{events->number(), POLLPRI, 0};
    ::poll(&change, 1, 100);
  }
  return !is_populated(path);
}

int remove_tree(const std::string& path) {
  if (DIR* listing = ::opendir(path.c_str())) {
    while (const dirent* item = ::readdir(listing)) {
      if (item->d_type == DT_DIR && std::string(item->d_name) != "." &&
          std::string(item->d_name) != "..")
        remove_tree(path + "/" + item->d_name);
    }
    ::closedir(listing);
  }
  return ::rmdir(path.c_str()) == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

std::string cgroup_mount() {
  const Result<std::string> mounts = read_file("/proc/self/mounts");
  std::istringstream lines(mounts ? *mounts : std::string());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string source, target, type;
    words >> source >> target >> type;
    if (type == "cgroup2") return target;
  }
  return std::string();
}

std::string make_node_group(const std::string& installation, const std::string& node, pid_t init) {
  const std::string mount = cgroup_mount();
  if (mount.empty()) return std::string();
  std::string path = mount + "/batchyard/" + installation + "/" + node;
  const std::string service = path + "/service";
  if (!make_directory(service, 0755) ||
      !write_file(service + "/cgroup.procs", std::to_string(init), 0)) {
    if (const Result<> ended = end_node_group(path); !ended) return std::string();
    return std::string();
  }
  return path;
}

Result<> end_node_group(const std::string& path) {
  if (path.empty() || ::access(path.c_str(), F_OK) != 0) return Done{};
  if (is_populated(path)) {
    TRY(write_file(path + "/cgroup.kill", "1", 0));
    if (!wait_until_empty(path)) return cannot("end the processes of the cgroup " + path, EBUSY);
  }
  if (const int error = remove_tree(path); error != 0)
    return cannot("remove the cgroup " + path, error);
  // The installation's group, then the common one; each only when it is empty.
  const std::string installation = parent_path(path);
  if (::rmdir(installation.c_str()) == 0) ::rmdir(parent_path(installation).c_str());
  return Done{};
}

}  // namespace batchyard::fleet
