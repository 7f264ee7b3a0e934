#include "edge/fleet/abilities.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "edge/fleet/netlink.h"
#include "edge/fleet/node_group.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// Tries something in a process of its own, because namespaces cannot be left again. The text is
// what went wrong.
std::string try_apart(const std::function<Result<>()>& attempt) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<> result = attempt();
    const std::string text = result ? std::string("ok") : result.error().message;
    ::_exit(::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  const Descriptor answer(ends[0]);
  std::string text;
  char buffer[512];
  for (ssize_t count = ::read(answer.number(), buffer, sizeof buffer); count > 0;
       count = ::read(answer.number(), buffer, sizeof buffer))
    text.append(buffer, static_cast<std::size_t>(count));
  if (child > 0) ::waitpid(child, nullptr, 0);
  return text.empty() ? "the attempt died" : text;
}

Ability judge(std::string name, const std::string& finding, std::string cure) {
  if (finding == "ok") return {std::move(name), true, "works", std::string()};
  return {std::move(name), false, finding, std::move(cure)};
}

constexpr int node_namespaces =
    CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC;

Result<> enter(int namespaces) {
  if (::unshare(namespaces) != 0) return cannot("make namespaces");
  return Done{};
}

Result<> try_links() {
  TRY(enter(CLONE_NEWNET));
  const Descriptor here = TRY(open_file("/proc/self/ns/net", O_RDONLY));
  Netlink netlink = TRY(Netlink::open());
  TRY(netlink.add_bridge("probe"));
  TRY(netlink.add_pair({.name = "probe0", .peer_name = "probe1", .peer_namespace = here.number()}));
  return netlink.join("probe1", "probe");
}

// In the first process of a PID namespace, as a node does it; /proc can be mounted only there.
Result<> try_mounts_inside() {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    return cannot("separate mounts");
  const Descriptor tree(::open_tree(AT_FDCWD, "/tmp", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  if (!tree.is_open()) return cannot("take a part of the file tree");
  if (::mount("proc", "/proc", "proc", 0, nullptr) != 0) return cannot("mount a new /proc");
  if (::mount("sysfs", "/sys", "sysfs", 0, nullptr) != 0) return cannot("mount a new /sys");
  if (::mount("tmpfs", "/mnt", "tmpfs", 0, "size=64k") != 0) return cannot("mount a new /mnt");
  if (::move_mount(tree.number(), "", AT_FDCWD, "/mnt", MOVE_MOUNT_F_EMPTY_PATH) != 0)
    return cannot("put down a part of the file tree");
  return Done{};
}

Result<> try_mounts() {
  TRY(enter(node_namespaces));
  const std::string finding = try_apart(try_mounts_inside);
  if (finding != "ok") return fail(Kind::internal, "NodeNotMade", finding);
  return Done{};
}

Ability probe_cgroup_v2() {
  const std::string mount = cgroup_mount();
  if (mount.empty())
    return judge("cgroup version 2", "not mounted",
                 "mount it: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 "
                 "/sys/fs/cgroup/unified");
  const std::string path = mount + "/batchyard-probe-" + std::to_string(::getpid());
  if (::mkdir(path.c_str(), 0755) != 0)
    return judge("cgroup version 2", cannot("make " + path).error().message,
                 "run as root, or in a container with a writable cgroup tree");
  ::rmdir(path.c_str());
  Ability ability = judge("cgroup version 2", "ok", "");
  ability.finding = mount;
  return ability;
}

Ability probe_cgroup_v1() {
  const bool there = ::access("/sys/fs/cgroup/memory/cgroup.procs", F_OK) == 0;
  Ability ability = judge("cgroup version 1 controllers", there ? "ok" : "not mounted", "");
  if (!there) ability.cure = "none is needed: version 2 is enough";
  return ability;
}

}  // namespace

FleetAbilities probe() {
  const std::string as_root =
      "run as root; in a container give it CAP_SYS_ADMIN and CAP_NET_ADMIN (docker run "
      "--privileged)";
  FleetAbilities abilities;
  abilities.root =
      judge("root", ::geteuid() == 0 ? "ok" : "this is user " + std::to_string(::geteuid()),
            "run as root: isolated nodes and tasks under users of their own need it");
  abilities.namespaces =
      judge("namespaces", try_apart([] { return enter(node_namespaces); }), as_root);
  abilities.links = judge("bridge and virtual Ethernet", try_apart(try_links),
                          as_root + ", and a kernel with CONFIG_BRIDGE and CONFIG_VETH");
  abilities.mounts = judge("mounts", try_apart(try_mounts), as_root + ", on Linux 5.2 or newer");
  abilities.cgroup_v2 = probe_cgroup_v2();
  abilities.cgroup_v1 = probe_cgroup_v1();
  abilities.user_namespaces =
      judge("user namespaces", try_apart([] { return enter(CLONE_NEWUSER); }),
            "sysctl user.max_user_namespaces=15000; on some systems also "
            "kernel.unprivileged_userns_clone=1 (nodes do not need them)");
  return abilities;
}

}  // namespace batchyard::fleet
