#include "edge/fleet/node_root.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "edge/fleet/node_plan.h"
#include "edge/fleet/piece.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// A directory of the machine's view that the root stands on for a moment.
constexpr char covered[] = "/mnt";

// Colons and commas are the mount options' own.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char letter : path) {
    if (letter == ':' || letter == ',' || letter == '\\') text += '\\';
    text += letter;
  }
  return text;
}

Result<> mount_here(const char* type, const std::string& place, const std::string& options) {
  if (::mount(type, place.c_str(), type, 0, options.c_str()) != 0)
    return cannot("mount the image's root file system");
  return Done{};
}

Result<> mount_overlay(const std::string& place, const std::string& options,
                       const std::string& workshop) {
  TRY(make_directory(workshop + "/nothing", 0755));
  TRY(make_directory(place, 0755));
  return mount_here("overlay", place, options);
}

// Everything below is looked up in the image from here on, so none of its links leads out of it.
Result<> make_root(const std::string& root) {
  if (::chdir(root.c_str()) != 0) return cannot("enter the image");
  // The old root lies below the new one for a moment, then nowhere.
  if (::syscall(SYS_pivot_root, ".", ".") != 0) return cannot("make the image the root");
  if (::umount2(".", MNT_DETACH) != 0) return cannot("leave the machine's root");
  if (::chdir("/") != 0) return cannot("enter the image");
  return Done{};
}

// A file of the node's own in its /etc: whatever the image had there, a link into its own /run for
// instance, is no more.
Result<> own_file(const std::string& path, const std::string& text) {
  ::unlink(path.c_str());
  return write_file(path, text, 0644);
}

Result<> fill_root(const std::vector<Piece>& pieces, const Piece& hosts,
                   const std::string& host_name, const std::string& resolver) {
  for (const Piece& piece : pieces) {
    TRY(make_directory(piece.target, 0755));
    TRY(put(piece));
  }
  TRY(make_directory("/run", 0755));
  if (::mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") != 0)
    return cannot("mount /run in the node");
  TRY(make_directory("/etc", 0755));
  TRY(own_file(hosts.target, ""));
  TRY(put(hosts));
  TRY(own_file("/etc/hostname", host_name + "\n"));
  return own_file("/etc/resolv.conf", resolver);
}

}  // namespace

std::vector<std::string> layers_of(const std::string& node_directory) {
  std::vector<std::string> layers;
  const Result<std::string> text = read_file(node_directory + "/" + boot_file);
  if (!text) return layers;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    if (end > at) layers.push_back(text->substr(at, end - at));
    at = end + 1;
  }
  return layers;
}

Result<> write_boot(const std::string& node_directory, const std::vector<std::string>& layers) {
  const std::string disk = node_directory + "/" + disk_directory;
  if (!layers.empty()) {
    for (const char* part : {"/upper", "/work", "/root"}) TRY(make_directory(disk + part, 0755));
  }
  std::string text;
  for (const std::string& layer : layers) text += layer + "\n";
  return replace_file(node_directory + "/" + boot_file, text, 0444);
}

Result<Piece> build_root(const std::string& node_directory,
                         const std::vector<std::string>& layers) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    return cannot("separate the node's mounts");
  const std::string disk = node_directory + "/" + disk_directory;
  const std::string place = disk + "/root";
  TRY(mount_here("tmpfs", place, "mode=755,size=1m"));
  std::string below;
  for (const std::string& layer : layers) {
    // No layer of an overlay may lie in another one, and all lie in the machine's root: that stands
    // alone, as an overlay of itself and nothing.
    const bool apart = layer == "/" && layers.size() > 1;
    if (apart)
      TRY(mount_overlay(place + "/machine", "lowerdir=" + escaped(place + "/nothing") + ":/",
                        place));
    below += (below.empty() ? "" : ":") + escaped(apart ? place + "/machine" : layer);
  }
  const std::string whole = place + "/whole";
  TRY(mount_overlay(whole,
                    "lowerdir=" + below + ",upperdir=" + escaped(disk + "/upper") +
                        ",workdir=" + escaped(disk + "/work"),
                    place));
  Piece root = TRY(take(whole, covered));
  if (::umount2(place.c_str(), MNT_DETACH) != 0) return cannot("let go of " + place);
  return root;
}

Result<Descriptor> enter_root(const Piece& root, const std::string& host_name) {
  Descriptor view = TRY(open_file("/proc/self/ns/mnt", O_RDONLY));
  // What the agent mounts below it later (a pool's file systems) appears on both sides.
  if (::mount(nullptr, node_root, nullptr, MS_SHARED, nullptr) != 0)
    return cannot("share the node's directory");
  if (::unshare(CLONE_NEWNS) != 0) return cannot("make a view of the node's own");
  const std::string resolver =
      read_file("/etc/resolv.conf").value_or(std::string());  // a machine without: no names
  std::vector<Piece> pieces;
  for (const char* path : {"/proc", "/sys", "/dev", "/tmp"})
    pieces.push_back(TRY(take(path, path, Depth::with_mounts_below)));
  for (const char* path : {node_root, node_agent, node_program})
    pieces.push_back(TRY(take(path, path)));
  const Piece hosts = TRY(take("/etc/hosts", "/etc/hosts"));
  TRY(put(root));
  TRY(make_root(covered));
  TRY(fill_root(pieces, hosts, host_name, resolver));
  return view;
}

}  // namespace batchyard::fleet
