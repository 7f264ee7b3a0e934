#include "edge/mount/mount.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/text.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int tool_time_ms = 60'000;

// One entry, as commands of the system's tools.
struct Mount {
  std::string kind;                      // the configuration's member, and the log's first word
  std::string path;                      // relative
  std::string tool;                      // that must be there
  std::string package;                   // that has it
  std::vector<std::string> arguments;    // of `mount`, or of the tool itself
  std::vector<std::string> environment;  // secrets, which a command line would show
};

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string find_tool(const MountSite& site, const std::string& name) {
  for (const std::string_view directory : split(site.tools, ':')) {
    std::string path = std::string(directory) + "/" + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

// Users write them as for mount(8): "-o vers=3.0,…" or several options.
void add_options(std::vector<std::string>& arguments, const std::string& options) {
  if (const auto words = split_command_line(options))
    arguments.insert(arguments.end(), words->begin(), words->end());
}

Mount nfs_mount(const json::object& one, const std::string& target) {
  Mount mount{"nfs", text_at(one, "relativeMountPath"), "mount.nfs", "nfs-common", {}, {}};
  mount.arguments = {"mount", "-t", "nfs"};
  add_options(mount.arguments, text_at(one, "mountOptions"));
  mount.arguments.push_back(text_at(one, "source"));
  mount.arguments.push_back(target);
  return mount;
}

Mount cifs_mount(const json::object& one, const std::string& target, const std::string& source,
                 const std::string& user, const std::string& password) {
  Mount mount{"cifs", text_at(one, "relativeMountPath"), "mount.cifs", "cifs-utils", {}, {}};
  mount.arguments = {"mount", "-t", "cifs", "-o", "username=" + user};
  add_options(mount.arguments, text_at(one, "mountOptions"));
  mount.arguments.push_back(source);
  mount.arguments.push_back(target);
  mount.environment = {"PASSWD=" + password};
  return mount;
}

// "https://account.file.core.windows.net/share" is //account.file.core.windows.net/share.
std::string share_of(const std::string& url) {
  const std::size_t colon = url.find("://");
  return colon == std::string::npos ? url : url.substr(colon + 1);
}

Mount blob_mount(const json::object& one, const std::string& target) {
  Mount mount{"blobfuse", text_at(one, "relativeMountPath"), "blobfuse2", "blobfuse2", {}, {}};
  mount.arguments = {"blobfuse2", "mount", target,
                     "--container-name=" + text_at(one, "containerName")};
  add_options(mount.arguments, text_at(one, "blobfuseOptions"));
  mount.environment = {"AZURE_STORAGE_ACCOUNT=" + text_at(one, "accountName")};
  if (const std::string key = text_at(one, "accountKey"); !key.empty())
    mount.environment.push_back("AZURE_STORAGE_ACCESS_KEY=" + key);
  if (const std::string sas = text_at(one, "sasKey"); !sas.empty())
    mount.environment.push_back("AZURE_STORAGE_SAS_TOKEN=" + sas);
  return mount;
}

std::string target_of(const MountSite& site, const json::object& one) {
  return site.directory + "/" + text_at(one, "relativeMountPath");
}

Result<Mount> read_mount(const MountSite& site, const json::object& entry) {
  for (const auto& member : entry) {
    if (!member.value().is_object()) continue;
    const json::object& one = member.value().get_object();
    const std::string target = target_of(site, one);
    if (member.key() == "nfsMountConfiguration") return nfs_mount(one, target);
    if (member.key() == "cifsMountConfiguration")
      return cifs_mount(one, target, text_at(one, "source"), text_at(one, "username"),
                        text_at(one, "password"));
    if (member.key() == "azureFileShareConfiguration")
      return cifs_mount(one, target, share_of(text_at(one, "azureFileUrl")),
                        text_at(one, "accountName"), text_at(one, "accountKey"));
    if (member.key() == "azureBlobFileSystemConfiguration") return blob_mount(one, target);
  }
  return fail(Kind::internal, "MountConfigurationError",
              "An entry of mountConfiguration names no file system.");
}

std::unexpected<Error> failed(const Mount& mount, const std::string& why) {
  return fail(Kind::internal, "MountConfigurationError",
              fmt::format("The mount {} ({}) failed: {}. Correct it and reboot the node.",
                          mount.path, mount.kind, why),
              {{"Path", mount.path}, {"Reason", why}});
}

bool is_mount_point(const std::string& path) {
  struct stat self{};
  struct stat parent{};
  return ::stat(path.c_str(), &self) == 0 && ::stat((path + "/..").c_str(), &parent) == 0 &&
         self.st_dev != parent.st_dev;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

// Its exit status; -1 when it took too long. Nothing but system calls after the fork.
int run_tool(const std::string& program, const Mount& mount, std::vector<std::string> environment,
             int log) {
  environment.insert(environment.end(), mount.environment.begin(), mount.environment.end());
  const std::vector<char*> argv = pointers(mount.arguments);
  const std::vector<char*> envp = pointers(environment);
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::close_range(3, ~0u, 0);
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  pollfd ended{handle, POLLIN, 0};
  const bool in_time = handle < 0 || ::poll(&ended, 1, tool_time_ms) != 0;
  if (!in_time) ::kill(child, SIGKILL);
  if (handle >= 0) ::close(handle);
  int status = 0;
  ::waitpid(child, &status, 0);
  return in_time ? status : -1;
}

Result<> mount_one(const MountSite& site, const Mount& mount) {
  const fs::path relative(mount.path);
  if (mount.path.empty() || relative.is_absolute() ||
      std::ranges::find(relative, fs::path("..")) != relative.end())
    return failed(mount, "relativeMountPath must lie below the mounts directory");
  const std::string target = site.directory + "/" + mount.path;
  if (is_mount_point(target)) return Done();
  std::error_code error;
  fs::create_directories(target, error);
  if (error) return failed(mount, "the directory cannot be made: " + error.message());
  if (!site.own_view)
    return failed(mount,
                  "nodes that are plain processes have no mounts of their own; `batchyard doctor` "
                  "says what isolation needs");
  if (find_tool(site, mount.tool).empty())
    return failed(mount, fmt::format("{} is not on this node. Install {} on the machine",
                                     mount.tool, mount.package));
  std::string name = mount.path;
  for (char& letter : name) letter = letter == '/' ? '-' : letter;
  const std::string log_file = fmt::format("{}/{}-{}.log", site.directory, mount.kind, name);
  const int log =
      ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (log < 0) return failed(mount, "the log cannot be written: " + std::string(strerror(errno)));
  const int status =
      run_tool(find_tool(site, mount.arguments.front()), mount, {"PATH=" + site.tools}, log);
  ::close(log);
  if (status == 0) return Done();
  if (status == -1) return failed(mount, "it took longer than a minute");
  return failed(mount,
                fmt::format("{} ended with status {}; read {}-{}.log in the mounts directory",
                            mount.arguments.front(),
                            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                            mount.kind, name));
}

}  // namespace

Result<> mount_all(const MountSite& site, const std::string& configuration) {
  boost::system::error_code error;
  const json::value list = json::parse(configuration, error);
  if (error || !list.is_array())
    return fail(Kind::internal, "MountConfigurationError", "mountConfiguration cannot be read.");
  for (const json::value& entry : list.get_array()) {
    const Mount mount = TRY(read_mount(site, entry.as_object()));
    TRY(mount_one(site, mount));
  }
  return Done();
}

}  // namespace batchyard::edge
