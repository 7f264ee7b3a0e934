#include "edge/accounts/accounts.h"

#include <crypt.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

// In the comment of a passwd entry: tells which are ours.
constexpr std::string_view mark = "Batchyard node account";

std::vector<std::string> read_lines(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// In place: the file is a mount of its own, so nothing can be renamed over it.
Result<> write_lines(const std::string& path, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const auto size = static_cast<ssize_t>(text.size());
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == size && ::ftruncate(file, size) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (written) return Done();
  return fail(Kind::internal, "AccountsNotWritten",
              fmt::format("cannot write {}: {}", path, std::strerror(error)));
}

std::string first_field(std::string_view line) {
  return std::string(line.substr(0, line.find(':')));
}

// Takes our names out of a group's list of members, and puts the wanted ones in.
std::string with_members(const std::string& line, const std::set<std::string>& ours,
                         const std::vector<std::string>& wanted) {
  const std::size_t colon = line.rfind(':');
  if (colon == std::string::npos) return line;
  std::vector<std::string> members;
  for (const std::string_view member : split(std::string_view(line).substr(colon + 1), ',')) {
    if (!member.empty() && !ours.contains(std::string(member))) members.emplace_back(member);
  }
  members.insert(members.end(), wanted.begin(), wanted.end());
  return line.substr(0, colon + 1) + join(members, ",");
}

long long days_of(Time time) {
  return std::chrono::duration_cast<std::chrono::days>(time.time_since_epoch()).count();
}

// Its home, and the key that it may log in with.
void make_home(const std::string& home, const protocol::Account& account) {
  std::error_code ignored;
  fs::create_directories(home + "/.ssh", ignored);
  const std::string keys = home + "/.ssh/authorized_keys";
  if (account.ssh_public_key.empty())
    fs::remove(keys, ignored);
  else
    std::ofstream(keys) << account.ssh_public_key << "\n";
  for (const std::string& path : {home, home + "/.ssh", keys}) {
    if (::chown(path.c_str(), static_cast<uid_t>(account.uid), static_cast<gid_t>(account.gid)) ==
        0)
      ::chmod(path.c_str(), path == keys ? 0600 : 0700);
  }
}

}  // namespace

std::string hash_password(const std::string& password) {
  const std::string bytes = random_bytes(32);
  char salt[CRYPT_GENSALT_OUTPUT_SIZE];
  if (::crypt_gensalt_rn("$6$", 0, bytes.data(), static_cast<int>(bytes.size()), salt,
                         sizeof salt) == nullptr)
    return "!";
  auto data = std::make_unique<crypt_data>();
  const char* hash = ::crypt_r(password.c_str(), salt, data.get());
  return hash == nullptr || hash[0] == '*' ? "!" : hash;
}

Result<> write_accounts(const AccountFiles& files, const std::vector<protocol::Account>& accounts) {
  const std::string passwd_file = files.directory + "/passwd";
  const std::string shadow_file = files.directory + "/shadow";
  const std::string group_file = files.directory + "/group";
  std::set<std::string> ours;
  std::set<std::string> theirs;
  std::vector<std::string> passwd;
  for (const std::string& line : read_lines(passwd_file)) {
    const bool own = line.find(mark) != std::string::npos;
    (own ? ours : theirs).insert(first_field(line));
    if (!own) passwd.push_back(line);
  }
  std::vector<std::string> admins;
  for (const protocol::Account& account : accounts) {
    if (theirs.contains(account.name))
      return fail(Kind::conflict, "AccountsNotWritten",
                  fmt::format("the node's system has an account of the name {} already; choose "
                              "another name",
                              account.name));
    if (account.admin) admins.push_back(account.name);
  }
  std::vector<std::string> shadow;
  for (const std::string& line : read_lines(shadow_file)) {
    if (!ours.contains(first_field(line))) shadow.push_back(line);
  }
  std::vector<std::string> group;
  for (const std::string& line : read_lines(group_file)) {
    if (ours.contains(first_field(line))) continue;
    group.push_back(first_field(line) == "sudo" ? with_members(line, ours, admins) : line);
  }
  for (const protocol::Account& account : accounts) {
    const std::string home = files.homes + "/" + account.name;
    make_home(home, account);
    passwd.push_back(fmt::format("{}:x:{}:{}:{}:{}:/bin/bash", account.name, account.uid,
                                 account.gid, mark, home));
    group.push_back(fmt::format("{}:x:{}:", account.name, account.gid));
    shadow.push_back(fmt::format(
        "{}:{}:{}:0:99999:7::{}:", account.name,
        account.password_hash.empty() ? "*" : account.password_hash, days_of(now()),
        account.expires == Time::max() ? std::string() : std::to_string(days_of(account.expires))));
  }
  TRY(write_lines(group_file, group));
  TRY(write_lines(shadow_file, shadow));
  return write_lines(passwd_file, passwd);
}

}  // namespace batchyard::edge
