#include "edge/files/as_user.h"

#include <grp.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace batchyard::edge {

namespace {

// The library's setgroups changes every thread; the kernel's only the calling one.
bool set_groups(const std::vector<gid_t>& groups) {
  return syscall(SYS_setgroups, groups.size(), groups.data()) == 0;
}

constexpr uid_t nobody_at_all = static_cast<uid_t>(-1);  // sets nothing, and tells who it is now

}  // namespace

AsUser::AsUser(long uid, long gid) {
  if (uid <= 0 || geteuid() != 0) return;
  changed_ = true;
  groups_.resize(static_cast<std::size_t>(std::max(0, getgroups(0, nullptr))));
  const int count = getgroups(static_cast<int>(groups_.size()), groups_.data());
  groups_.resize(static_cast<std::size_t>(std::max(0, count)));
  good_ = set_groups({static_cast<gid_t>(gid)});
  setfsgid(static_cast<gid_t>(gid));
  setfsuid(static_cast<uid_t>(uid));  // takes the capabilities over files along
  good_ = good_ && setfsuid(nobody_at_all) == static_cast<int>(uid) &&
          setfsgid(nobody_at_all) == static_cast<int>(gid);
}

AsUser::~AsUser() {
  if (!changed_) return;
  setfsuid(geteuid());
  setfsgid(getegid());
  set_groups(groups_);
}

}  // namespace batchyard::edge
