#include "edge/fleet/node_mounts.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "edge/fleet/piece.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

Result<> mount_new(const char* type, const std::string& target, const char* options) {
  if (::mount(type, target.c_str(), type, MS_NOSUID | MS_NODEV, options) != 0)
    return cannot("mount " + target + " in the node");
  return Done{};
}

bool is_there(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0;
}

// One entry of the machine's /mnt: how it comes back over the node's own /mnt.
struct Entry {
  std::string name;
  mode_t mode = 0;
  std::string link;  // of a symbolic link
  Piece piece;       // of anything else
};

Result<std::vector<Entry>> take_entries(const std::string& directory) {
  std::vector<Entry> entries;
  DIR* listing = ::opendir(directory.c_str());
  if (listing == nullptr) return cannot("read " + directory);
  while (const dirent* item = ::readdir(listing)) {
    Entry entry;
    entry.name = item->d_name;
    if (entry.name == "." || entry.name == ".." || entry.name == "batch") continue;
    const std::string path = directory + "/" + entry.name;
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) continue;
    entry.mode = status.st_mode;
    if (S_ISLNK(status.st_mode)) {
      char text[4096];
      const ssize_t length = ::readlink(path.c_str(), text, sizeof text);
      entry.link.assign(text, length > 0 ? static_cast<std::size_t>(length) : 0);
    } else {
      Result<Piece> piece = take(path, path, Depth::with_mounts_below);
      if (!piece) continue;  // what cannot be taken (a dead network mount) is not missed by a node
      entry.piece = std::move(*piece);
    }
    entries.push_back(std::move(entry));
  }
  ::closedir(listing);
  return entries;
}

// /mnt/batch must not appear on the machine, so the node gets a /mnt of its own with the machine's
// entries in it.
Result<> build_mnt(const std::vector<Piece>& pieces) {
  const std::vector<Entry> entries = TRY(take_entries("/mnt"));
  TRY(mount_new("tmpfs", "/mnt", "mode=755,size=1m"));
  for (const Entry& entry : entries) {
    const std::string path = "/mnt/" + entry.name;
    if (S_ISLNK(entry.mode)) {
      if (::symlink(entry.link.c_str(), path.c_str()) != 0)
        return cannot("make " + path + " in the node");
      continue;
    }
    if (S_ISDIR(entry.mode))
      TRY(make_directory(path, 0755));
    else
      TRY(write_file(path, "", 0644));
    TRY(put(entry.piece));
  }
  for (const Piece& piece : pieces) {
    TRY(make_directory(piece.target, 0755));
    TRY(put(piece));
  }
  return Done{};
}

// A fresh sysfs shows the node's own network devices but hides the cgroup trees, so these are put
// back.
Result<> build_sys() {
  std::vector<Piece> cgroups;
  if (is_there("/sys/fs/cgroup"))
    cgroups.push_back(TRY(take("/sys/fs/cgroup", "/sys/fs/cgroup", Depth::with_mounts_below)));
  if (::mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
    return cannot("mount /sys in the node");
  for (const Piece& piece : cgroups) TRY(put(piece));
  return Done{};
}

// The paths that the agent is started with (certificates, programs) keep their names even when they
// lie below /tmp.
Result<> build_tmp(const Piece& own, const std::vector<Piece>& visible) {
  TRY(put(own));
  for (const Piece& piece : visible) {
    TRY(make_directory(piece.target, 0755));
    TRY(put(piece));
  }
  return Done{};
}

}  // namespace

Result<> build_mounts(const NodePlan& plan) {
  // Slave: what the machine mounts later appears in the node too, and never the other way round.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    return cannot("separate the node's mounts");
  std::vector<Piece> batch;
  batch.push_back(TRY(take(plan.node_directory + "/root", node_root)));
  batch.push_back(TRY(take(plan.node_directory + "/agent", node_agent)));
  batch.push_back(TRY(take(plan.program_directory, node_program)));
  std::vector<Piece> small;
  small.push_back(TRY(take(plan.node_directory + "/boot_id", "/proc/sys/kernel/random/boot_id")));
  if (is_there("/etc/hosts")) small.push_back(TRY(take(plan.hosts_file, "/etc/hosts")));
  for (const AccountFile& file : account_files) {
    const std::string own = plan.node_directory + "/etc/" + file.name;
    if (is_there(own)) small.push_back(TRY(take(own, std::string("/etc/") + file.name)));
  }
  const Piece own_tmp = TRY(take(plan.node_directory + "/tmp", "/tmp"));
  std::vector<Piece> visible;
  for (const std::string& path : {plan.data_directory, plan.program_directory}) {
    if (lies_below(path, "/tmp"))
      visible.push_back(TRY(take(path, path, Depth::with_mounts_below)));
  }

  TRY(mount_new("proc", "/proc", nullptr));
  // Equal boot ids would make UCX take two nodes for one host and try shared memory between them.
  for (const Piece& piece : small) TRY(put(piece));
  TRY(build_sys());
  TRY(mount_new("tmpfs", "/dev/shm", "mode=1777"));
  TRY(build_mnt(batch));
  return build_tmp(own_tmp, visible);
}

}  // namespace batchyard::fleet
