// The start task: may it do what it is for, are tasks held back for it, and is it told right?
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const start_article = "batch-pool-compute-intensive-sizes.md";
const char* const start_api = "BatchService.json";
constexpr std::size_t start_task_max = 32768;
const std::string command_at = "startTask/commandLine";
const std::string user_at = "startTask/userIdentity";

// Drivers or libraries that the size needs and the start task alone may bring.
bool is_waited_for(const Definition& pool) {
  for (const Requirement* row : pool.needs()) {
    for (const std::vector<std::string>& any : row->software) {
      for (const std::string& token : any) {
        if (pool.start_task_may_install(token) && !pool.image_has(token) && !pool.own_image())
          return true;
      }
    }
  }
  return false;
}

bool installs_with_manager(const Definition& pool) {
  static constexpr std::string_view managers[] = {"apt-get install",
                                                  "apt-get -y install",
                                                  "apt install",
                                                  "apt -y install",
                                                  "apt-get update",
                                                  "yum install",
                                                  "yum -y install",
                                                  "dnf install",
                                                  "dnf -y install",
                                                  "zypper install",
                                                  "zypper -n install",
                                                  "dpkg -i",
                                                  "rpm -i",
                                                  "rpm -u",
                                                  "choco install",
                                                  "msiexec"};
  return std::ranges::any_of(managers, [&](std::string_view one) {
    return pool.command().find(one) != std::string::npos;
  });
}

bool uses_sudo(const std::string& command) {
  for (std::size_t at = command.find("sudo "); at != std::string::npos;
       at = command.find("sudo ", at + 1)) {
    if (at == 0 || std::isalnum(static_cast<unsigned char>(command[at - 1])) == 0) return true;
  }
  return false;
}

void make_admin(const Definition& pool, Finding& finding) {
  const bool named = pool.given(user_at + "/username");
  if (!named)
    finding.set(user_at, boost::json::object{
                             {"autoUser", {{"scope", "pool"}, {"elevationLevel", "admin"}}}});
}

void each_file(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count("startTask/resourceFiles"); ++at)
    look(fmt::format("startTask/resourceFiles/{}", at));
}

bool leads_out_of(std::string_view path) {
  const std::vector<std::string_view> parts = split(path, '/');
  return path.starts_with('/') || std::ranges::find(parts, "..") != parts.end();
}

void find_file_sources(const Definition& pool, Report& report) {
  each_file(pool, [&](const std::string& file) {
    int sources = 0;
    for (const char* source : {"/httpUrl", "/storageContainerUrl", "/autoStorageContainerName"})
      sources += pool.given(file + source) ? 1 : 0;
    if (sources != 1)
      report
          .at(file,
              "Give exactly one of httpUrl, storageContainerUrl and "
              "autoStorageContainerName.")
          .value = fmt::format("{} sources", sources);
  });
}

}  // namespace

std::vector<Rule> start_task_rules() {
  using enum Severity;
  return {
      {"start-task-command", error, start_api, "A start task runs a command.",
       [](const Definition& pool, Report& report) {
         if (pool.has_start_task() && !pool.given("startTask/containerSettings") &&
             (!pool.given(command_at) ||
              (pool.at(command_at) && trim(pool.text(command_at)).empty())))
           report.at(command_at, "It must not be empty.");
       }},
      {"start-task-not-elevated", warning, start_article,
       "What installs drivers needs administrator rights.",
       [](const Definition& pool, Report& report) {
         if (!is_waited_for(pool) || pool.start_task_is_admin()) return;
         make_admin(pool, report.at(user_at,
                                    "The start task has to install what the size needs, "
                                    "and its account is no administrator. Give autoUser "
                                    "with scope pool and elevationLevel admin."));
       }},
      {"start-task-not-waited-for", warning, start_article,
       "Tasks must not run before what they need is installed.",
       [](const Definition& pool, Report& report) {
         if (is_waited_for(pool) && !pool.start_task_gates())
           report
               .at("startTask/waitForSuccess",
                   "The start task installs what the size needs, and tasks do not wait for it.")
               .set("startTask/waitForSuccess", true);
       }},
      {"start-task-packages-not-elevated", warning, "batch-user-accounts.md",
       "A package manager needs administrator rights.",
       [](const Definition& pool, Report& report) {
         if (!installs_with_manager(pool) || pool.start_task_is_admin() || is_waited_for(pool))
           return;
         make_admin(pool, report.at(user_at,
                                    "It installs packages, and its account is no "
                                    "administrator. Give autoUser with scope pool and "
                                    "elevationLevel admin."));
       }},
      {"start-task-packages-not-waited-for", warning, start_api,
       "Tasks that start while packages are being installed find half of them.",
       [](const Definition& pool, Report& report) {
         if (installs_with_manager(pool) && !pool.start_task_gates() && !is_waited_for(pool))
           report
               .at("startTask/waitForSuccess",
                   "It installs packages, and tasks do not wait for them.")
               .set("startTask/waitForSuccess", true);
       }},
      {"start-task-sudo", warning, "batch-user-accounts.md",
       "Accounts of tasks may not use sudo; an administrator's has no need of it.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && !pool.start_task_is_admin() && uses_sudo(pool.command()))
           make_admin(pool, report.at(command_at,
                                      "sudo asks for a password that nobody gives. "
                                      "Run the start task with elevationLevel admin."));
       }},
      {"start-task-retries-invalid", error, start_api, "-1 means for ever; less means nothing.",
       [](const Definition& pool, Report& report) {
         if (pool.number("startTask/maxTaskRetryCount").value_or(0) < -1)
           report.at("startTask/maxTaskRetryCount", "It must be at least -1.")
               .set("startTask/maxTaskRetryCount", -1);
       }},
      {"start-task-retries-for-ever", warning, start_api,
       "A start task that always fails is then tried for ever, and the node is paid for.",
       [](const Definition& pool, Report& report) {
         if (pool.number("startTask/maxTaskRetryCount") == -1)
           report
               .at("startTask/maxTaskRetryCount",
                   "-1 means without end: the node never says that it failed. Give a small number.")
               .set("startTask/maxTaskRetryCount", 3);
       }},
      {"start-task-retries-unwatched", warning, start_api,
       "Retries make a start task succeed in the end; who does not wait for it has no use of them.",
       [](const Definition& pool, Report& report) {
         if (pool.number("startTask/maxTaskRetryCount").value_or(0) > 0 && !pool.start_task_gates())
           report
               .at("startTask/waitForSuccess",
                   "Tasks run while it fails and is tried again. Wait for it, or give no retries.")
               .set("startTask/waitForSuccess", true);
       }},
      {"start-task-network-once", note, "doAzureParallel issue 320",
       "Mirrors fail and locks are held now and then: one failure makes the node unusable.",
       [](const Definition& pool, Report& report) {
         if (installs_with_manager(pool) && pool.start_task_gates() &&
             pool.number("startTask/maxTaskRetryCount").value_or(0) == 0)
           report
               .at("startTask/maxTaskRetryCount",
                   "It installs packages and is tried once. Give it some retries.")
               .set("startTask/maxTaskRetryCount", 2);
       }},
      {"start-task-too-long", error, "nodes-and-pools.md",
       "A start task with its files and variables has at most 32768 characters.",
       [](const Definition& pool, Report& report) {
         const boost::json::value* task = pool.at("startTask");
         if (task == nullptr || boost::json::serialize(*task).size() <= start_task_max) return;
         report.at("startTask",
                   "It has more than 32768 characters. Put the files into a container "
                   "(storageContainerUrl) or into an application package.");
       }},
      {"start-task-file-source", error, start_api, "A resource file comes from one place.",
       find_file_sources},
      {"start-task-file-path", error, start_api, "A file from a URL has a place.",
       [](const Definition& pool, Report& report) {
         each_file(pool, [&](const std::string& file) {
           if (pool.given(file + "/httpUrl") && !pool.given(file + "/filePath"))
             report.at(file + "/filePath",
                       "It is needed with httpUrl: the file's place in the working directory.");
         });
       }},
      {"start-task-file-outside", error, start_api,
       "Resource files lie below the working directory.",
       [](const Definition& pool, Report& report) {
         each_file(pool, [&](const std::string& file) {
           if (leads_out_of(pool.text(file + "/filePath")))
             report.at(file + "/filePath",
                       "It must be relative and must not lead out of the working directory.");
         });
       }},
      {"start-task-file-prefix", error, start_api,
       "A prefix chooses among the blobs of a container.",
       [](const Definition& pool, Report& report) {
         each_file(pool, [&](const std::string& file) {
           if (pool.given(file + "/httpUrl") && pool.given(file + "/blobPrefix"))
             report
                 .at(file + "/blobPrefix",
                     "It goes with storageContainerUrl and autoStorageContainerName only.")
                 .remove(file + "/blobPrefix");
         });
       }},
      {"start-task-file-mode", error, start_api, "A file's mode is octal.",
       [](const Definition& pool, Report& report) {
         each_file(pool, [&](const std::string& file) {
           const std::string mode = pool.text(file + "/fileMode");
           if (mode.size() > 4 || mode.find_first_not_of("01234567") != std::string::npos)
             report.at(file + "/fileMode", "It must be an octal mode, for example 0770.");
         });
       }},
      {"start-task-file-mode-on-windows", warning, start_api, "Windows has no such modes.",
       [](const Definition& pool, Report& report) {
         each_file(pool, [&](const std::string& file) {
           if (pool.on_windows() && pool.given(file + "/fileMode"))
             report.at(file + "/fileMode", "Windows nodes ignore it. Leave it out.")
                 .remove(file + "/fileMode");
         });
       }},
      {"start-task-reserved-variable", warning, "batch-compute-node-environment-variables.md",
       "Variables that start with AZ_BATCH_ are set by the service.",
       [](const Definition& pool, Report& report) {
         for (std::size_t at = 0; at < pool.count("startTask/environmentSettings"); ++at) {
           const std::string path = fmt::format("startTask/environmentSettings/{}/name", at);
           if (fold(pool.text(path)).starts_with("az_batch_"))
             report.at(path,
                       "The service sets variables of this prefix itself. Give it another "
                       "name.");
         }
       }},
  };
}

}  // namespace batchyard::preflight
