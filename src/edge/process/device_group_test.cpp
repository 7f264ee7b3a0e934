#include "edge/process/device_group.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace batchyard::edge {
namespace {

std::string version_2_tree() {
  std::ifstream mounts("/proc/self/mounts");
  for (std::string source, target, type, rest; mounts >> source >> target >> type;
       std::getline(mounts, rest)) {
    if (type == "cgroup2") return target;
  }
  return {};
}

// The errno of opening each file, by a process of the group.
std::vector<int> opened_in(const std::string& group, const std::vector<std::string>& files) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    const int processes = open((group + "/cgroup.procs").c_str(), O_WRONLY);
    if (write(processes, "0", 1) != 1) _exit(1);
    for (const std::string& file : files) {
      const int error = open(file.c_str(), O_RDWR) >= 0 ? 0 : errno;
      if (write(ends[1], &error, sizeof error) < 0) _exit(1);
    }
    _exit(0);
  }
  close(ends[1]);
  std::vector<int> errors(files.size(), -1);
  for (int& error : errors) {
    if (read(ends[0], &error, sizeof error) != sizeof error) break;
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return errors;
}

TEST(DeviceGroup, OnlyItsOwnGpusCanBeOpened) {
  const std::string parent = version_2_tree() + "/by-test-" + std::to_string(getpid());
  char directory[] = "/tmp/by-devices-XXXXXX";
  if (mkdir(parent.c_str(), 0755) != 0 || mkdtemp(directory) == nullptr)
    GTEST_SKIP() << "no cgroup of version 2 can be made here";
  std::vector<std::string> files{"/dev/null"};
  for (const int minor : {0, 1, 2, 255}) {
    files.push_back(std::string(directory) + "/nvidia" + std::to_string(minor));
    mknod(files.back().c_str(), S_IFCHR | 0600, makedev(195, static_cast<unsigned int>(minor)));
  }
  const std::string group = make_device_group(parent, "run", {0, 2});
  const std::vector<int> errors = group.empty() ? std::vector<int>() : opened_in(group, files);
  drop_device_group(parent, "run");
  const bool left = std::filesystem::exists(group);
  rmdir(parent.c_str());
  std::filesystem::remove_all(directory);
  if (group.empty()) GTEST_SKIP() << "the kernel takes no device programs here";
  EXPECT_FALSE(left);
  EXPECT_EQ(errors[0], 0);
  // Whether there is such a device at all is another question than whether it may be asked for.
  EXPECT_NE(errors[1], EPERM);
  EXPECT_EQ(errors[2], EPERM);
  EXPECT_NE(errors[3], EPERM);
  EXPECT_NE(errors[4], EPERM) << "the driver's own file";
}

TEST(DeviceGroup, WithoutATreeThereIsNone) {
  EXPECT_EQ(make_device_group("", "run", {}), "");
  EXPECT_EQ(make_device_group("/nowhere", "run", {}), "");
}

}  // namespace
}  // namespace batchyard::edge
