#include "apps/cli/az_cloud.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <vector>

#include "base/text.h"

extern char** environ;

namespace batchyard::cli {

namespace {

constexpr const char* cloud_name = "batchyard";
constexpr const char* public_cloud = "AzureCloud";
// Whom tokens of the data plane are meant for.
constexpr const char* data_plane =
    R"({"endpoints":{"batchResourceId":"https://batch.core.windows.net/"}})";

struct Ended {
  int code = -1;
  std::string said;  // on its standard output
};

// az, with what it says on its standard output taken; what it complains of is shown or not.
Ended run_az(std::vector<std::string> words, bool shows_complaints) {
  words.insert(words.begin(), "az");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  if (!shows_complaints)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // Our threads have signals blocked, and it must not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = -1;
  const int error = posix_spawnp(&process, "az", &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  Ended ended;
  char part[4096];
  for (ssize_t count = 0; error == 0 && (count = read(ends[0], part, sizeof part)) > 0;)
    ended.said.append(part, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  if (error == 0 && waitpid(process, &status, 0) == process && WIFEXITED(status))
    ended.code = WEXITSTATUS(status);
  return ended;
}

Result<> must(const std::vector<std::string>& words) {
  fmt::print("az {}\n", join(words, " "));
  std::fflush(stdout);
  if (run_az(words, true).code == 0) return Done();
  return fail(Kind::invalid, "",
              fmt::format("`az {}` did not succeed. Leave --register-az out, or see what az says.",
                          join(words, " ")));
}

}  // namespace

std::string az_lines(const server::ManagementFacts& management) {
  return fmt::format(
      "az cloud register -n {0} --endpoint-resource-manager {1}\n"
      "az cloud update -n {0} --cloud-config '{2}'\n"
      "az cloud set -n {0}\n"
      "az login --service-principal -u \"$AZURE_CLIENT_ID\" -p \"$AZURE_CLIENT_SECRET\" --tenant "
      "\"$AZURE_TENANT_ID\"\n",
      cloud_name, management.endpoint, data_plane);
}

Result<> find_az() {
  if (run_az({"--help"}, false).code == 0) return Done();
  return fail(
      Kind::invalid, "",
      "--register-az needs az (the package azure-cli), and it cannot be run. Install it, or "
      "leave --register-az out and use the commands that are printed then.");
}

Result<> AzCloud::enter(const server::ManagementFacts& management) {
  if (management.endpoint.empty())
    return fail(Kind::invalid, "",
                "--register-az is for the management plane: leave out "
                "--no-management.");
  const Ended in_use = run_az({"cloud", "list", "--query", "[?isActive].name", "-o", "tsv"}, true);
  before_ = trim(in_use.said);
  // One of an earlier start, at another address.
  if (before_ == cloud_name) {
    before_ = public_cloud;
    TRY(must({"cloud", "set", "-n", public_cloud}));
  }
  (void)run_az({"cloud", "unregister", "-n", cloud_name}, false);
  setenv("REQUESTS_CA_BUNDLE", management.ca_file.c_str(), 1);
  TRY(must(
      {"cloud", "register", "-n", cloud_name, "--endpoint-resource-manager", management.endpoint}));
  TRY(must({"cloud", "update", "-n", cloud_name, "--cloud-config", data_plane}));
  return must({"cloud", "set", "-n", cloud_name});
}

void AzCloud::withdraw() {
  if (before_.empty()) return;
  (void)run_az({"cloud", "set", "-n", before_}, false);
  (void)run_az({"cloud", "unregister", "-n", cloud_name}, false);
}

}  // namespace batchyard::cli
