// The command line of a start task, as far as one can see without running it: which shell, which
// system it is written for, and what would wait for an answer that nobody gives.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const commands_api = "BatchService.json";
const std::string line_at = "startTask/commandLine";

bool says(const Definition& pool, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return pool.command().find(word) != std::string::npos; });
}

bool has_shell(const std::string& command) {
  const std::string_view line = trim(command);
  for (const std::string_view shell :
       {"/bin/sh", "/bin/bash", "sh ", "bash ", "/usr/bin/env", "cmd", "powershell", "pwsh",
        "/bin/zsh", "/usr/bin/bash", "/usr/bin/sh"}) {
    if (line.starts_with(shell)) return true;
  }
  return false;
}

// "${NAME}" or "$NAME", but not a price or a regular expression's end.
bool has_posix_variable(const std::string& command) {
  for (std::size_t at = command.find('$'); at != std::string::npos;
       at = command.find('$', at + 1)) {
    if (at + 1 < command.size() && (std::isalpha(static_cast<unsigned char>(command[at + 1])) ||
                                    command[at + 1] == '{' || command[at + 1] == '_'))
      return true;
  }
  return false;
}

bool has_windows_variable(const std::string& command) {
  const std::size_t at = command.find("%az_batch_");
  return at != std::string::npos && command.find('%', at + 1) != std::string::npos;
}

// What only a shell knows: there is no such program.
bool starts_with_builtin(const Definition& pool) {
  const std::string_view line = trim(pool.command());
  const std::string_view first = line.substr(0, line.find(' '));
  static constexpr std::string_view of_linux[] = {"source", ".",     "cd",    "export",
                                                  "ulimit", "umask", "set",   "eval",
                                                  "if",     "for",   "while", "exec"};
  static constexpr std::string_view of_windows[] = {"copy", "echo", "set",  "dir", "mkdir", "md",
                                                    "del",  "move", "type", "rd",  "rmdir", "if",
                                                    "for",  "call", "cd",   "ren", "start"};
  return pool.on_windows() ? std::ranges::find(of_windows, first) != std::end(of_windows)
                           : std::ranges::find(of_linux, first) != std::end(of_linux);
}

// As a word of its own: not "-noreboot", "/norestart" or "REBOOT=ReallySuppress".
bool restarts(const std::string& command) {
  constexpr std::string_view ends = " \t\n;&|'\")";
  for (const std::string_view call : {"reboot", "shutdown -r", "shutdown /r", "restart-computer"}) {
    for (std::size_t at = command.find(call); at != std::string::npos;
         at = command.find(call, at + 1)) {
      const std::size_t after = at + call.size();
      const bool starts = at == 0 || ends.find(command[at - 1]) != std::string_view::npos ||
                          command[at - 1] == '/' || command[at - 1] == '(';
      if (starts &&
          (after == command.size() || ends.find(command[after]) != std::string_view::npos))
        return true;
    }
  }
  return false;
}

// The words of a package manager's call, up to the next command.
std::string call_of(const std::string& command, std::string_view verb) {
  const std::size_t at = command.find(verb);
  if (at == std::string::npos) return {};
  const std::size_t end = command.find_first_of(";&|\n", at);
  std::string call = command.substr(at, end == std::string::npos ? end : end - at);
  while (call.ends_with('\'') || call.ends_with('"')) call.pop_back();  // the script's end
  return call;
}

bool answers_yes(const std::string& call) {
  return (call + " ").find(" -y ") != std::string::npos ||
         call.find("--yes") != std::string::npos ||
         call.find("--assume-yes") != std::string::npos ||
         call.find(" -qqy") != std::string::npos || call.find(" -qy") != std::string::npos ||
         call.find(" -yq") != std::string::npos;
}

void find_unanswered(const Definition& pool, Report& report,
                     std::initializer_list<std::string_view> verbs) {
  if (says(pool, {"yes |", "yes|"})) return;
  for (const std::string_view verb : verbs) {
    const std::string call = call_of(pool.command(), verb);
    if (!call.empty() && !answers_yes(call)) {
      Finding& finding = report.at(
          line_at,
          fmt::format("'{}' asks whether to go on, and nobody answers: give -y.", trim(call)));
      std::string line = pool.text(line_at);
      const std::size_t at = line.find(verb);
      if (at != std::string::npos) finding.set(line_at, line.insert(at + verb.size(), " -y"));
      return;
    }
  }
}

// "ubuntu1604" or "ubuntu/18.04" in an address, on a system of another release.
void find_other_release(const Definition& pool, Report& report) {
  if (!pool.system().starts_with("Ubuntu ")) return;
  const std::string release = pool.system().substr(7, 5);  // 16.04
  std::string plain = release;
  std::erase(plain, '.');
  const std::string& command = pool.command();
  for (const char* other : {"1404", "1604", "1804", "2004", "2204", "2404"}) {
    const std::string dotted = std::string(other).insert(2, ".");
    if (other == plain) continue;
    if (command.find("ubuntu" + std::string(other)) != std::string::npos ||
        command.find("ubuntu/" + dotted) != std::string::npos ||
        command.find("ubuntu" + dotted) != std::string::npos)
      report.at(line_at, fmt::format("It uses a repository for Ubuntu {}, and the image is Ubuntu "
                                     "{}. Give that of the image's release.",
                                     dotted, release));
  }
}

}  // namespace

std::vector<Rule> command_rules() {
  using enum Severity;
  return {
      {"command-without-shell", warning, commands_api,
       "A command line is no shell line: variables, pipes and redirections need a shell.",
       [](const Definition& pool, Report& report) {
         const std::string& command = pool.command();
         if (command.empty() || has_shell(command) || pool.given("startTask/containerSettings"))
           return;
         if (says(pool, {"&&", "||", " | ", " > ", " >> ", "; "}) || has_posix_variable(command) ||
             has_windows_variable(command) || starts_with_builtin(pool)) {
           const std::string line = pool.text(line_at);
           Finding& finding = report.at(
               line_at, pool.on_windows()
                            ? "No shell reads it. Write cmd /c \"…\"."
                            : "No shell reads it: the words reach the program as they are. Write "
                              "/bin/bash -c '…'.");
           if (pool.on_linux() && line.find('\'') == std::string::npos)
             finding.set(line_at, "/bin/bash -c '" + line + "'");
           if (pool.on_windows() && line.find('"') == std::string::npos)
             finding.set(line_at, "cmd /c \"" + line + "\"");
         }
       }},
      {"command-of-windows", warning, commands_api, "cmd and PowerShell scripts are Windows'.",
       [](const Definition& pool, Report& report) {
         const std::string_view line = trim(pool.command());
         if (pool.on_linux() && (line.starts_with("cmd /c") || line.starts_with("cmd.exe") ||
                                 line.starts_with("powershell") || says(pool, {"msiexec"})))
           report.at(line_at, "It is written for Windows, and the image is a Linux.");
       }},
      {"command-of-linux", warning, commands_api, "/bin/sh is Linux'.",
       [](const Definition& pool, Report& report) {
         const std::string_view line = trim(pool.command());
         if (pool.on_windows() && (line.starts_with("/bin/") || line.starts_with("bash ") ||
                                   line.starts_with("sh ") || line.starts_with("/usr/bin/")))
           report.at(line_at,
                     "It is written for Linux, and the nodes are Windows. Write "
                     "cmd /c \"…\".");
       }},
      {"command-quotes-of-linux", warning, "cmd.exe", "cmd knows \" alone as a quote.",
       [](const Definition& pool, Report& report) {
         const std::string_view line = trim(pool.command());
         if (!pool.on_windows() ||
             !(line.starts_with("cmd /c '") || line.starts_with("cmd.exe /c '")))
           return;
         std::string whole = pool.text(line_at);
         Finding& finding =
             report.at(line_at, "cmd takes ' for a sign of the command's name. Write \".");
         if (whole.find('"') != std::string::npos) return;
         std::ranges::replace(whole, '\'', '"');
         finding.set(line_at, whole);
       }},
      {"command-variables-of-windows", warning, "batch-compute-node-environment-variables.md",
       "A shell of Linux reads $NAME; %NAME% stays as it is.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && has_windows_variable(pool.command()))
           report.at(line_at, "%NAME% is Windows' way. Write $AZ_BATCH_….");
       }},
      {"command-variables-of-linux", warning, "batch-compute-node-environment-variables.md",
       "cmd reads %NAME%; $NAME stays as it is.",
       [](const Definition& pool, Report& report) {
         if (pool.on_windows() && trim(pool.command()).starts_with("cmd") &&
             says(pool, {"$az_batch_", "${az_batch_"}))
           report.at(line_at, "$NAME is a Linux shell's way. Write %AZ_BATCH_…%.");
       }},
      {"command-manager-of-other-system", warning, commands_api,
       "Ubuntu and Debian have apt, CentOS and its kin have yum.",
       [](const Definition& pool, Report& report) {
         const std::string& system = pool.system();
         if (system.empty() || !pool.on_linux()) return;
         const bool debian = system.starts_with("Ubuntu") || system.starts_with("Debian");
         const bool suse = system.starts_with("SLES") || system.starts_with("openSUSE");
         const bool apt = says(pool, {"apt-get ", "apt install", "dpkg -i"});
         const bool yum = says(pool, {"yum ", "dnf "});
         if ((debian && yum && !apt) || (!debian && !suse && apt && !yum))
           report.at(line_at, fmt::format("{} has {}, not {}.", system, debian ? "apt-get" : "yum",
                                          debian ? "yum" : "apt-get"));
       }},
      {"command-apt-asks", warning, "batch-pool-node-error-checking.md",
       "A start task has no one to answer questions.",
       [](const Definition& pool, Report& report) {
         find_unanswered(pool, report, {"apt-get install", "apt install", "apt-get upgrade"});
       }},
      {"command-yum-asks", warning, "batch-pool-node-error-checking.md",
       "yum asks before it installs.",
       [](const Definition& pool, Report& report) {
         find_unanswered(pool, report, {"yum install", "yum update", "dnf install"});
       }},
      {"command-zypper-asks", warning, "batch-pool-node-error-checking.md",
       "zypper asks unless it is told not to.",
       [](const Definition& pool, Report& report) {
         const std::string call = call_of(pool.command(), "zypper ");
         if (call.find("install") != std::string::npos && !answers_yes(call) &&
             call.find(" -n") == std::string::npos &&
             call.find("--non-interactive") == std::string::npos)
           report.at(line_at, "zypper asks whether to go on, and nobody answers: give -n.");
       }},
      {"command-nvidia-installer-asks", warning, "linux/n-series-driver-setup.md",
       "NVIDIA's installer shows dialogs unless it is silent.",
       [](const Definition& pool, Report& report) {
         const std::string call = call_of(pool.command(), "nvidia-linux");
         if (call.find(".run") != std::string::npos && call.find(" -s") == std::string::npos &&
             call.find("--silent") == std::string::npos &&
             call.find("--ui=none") == std::string::npos && says(pool, {"sh nvidia", "./nvidia"}))
           report.at(line_at, "The installer asks questions, and nobody answers: give --silent.");
       }},
      {"command-windows-installer-asks", warning, "batch-pool-compute-intensive-sizes.md",
       "An installer of Windows opens a window that nobody sees unless it is silent.",
       [](const Definition& pool, Report& report) {
         const std::string call = call_of(pool.command(), "setup.exe");
         const bool silent = std::ranges::any_of(
             std::initializer_list<std::string_view>{"/s", "-s", "/q", "/quiet", "/verysilent",
                                                     "-unattend", "/passive", "/install"},
             [&](std::string_view word) { return call.find(word) != std::string::npos; });
         if (pool.on_windows() && !call.empty() && !silent)
           report.at(line_at,
                     "The installer waits for someone to click. Give its silent option, "
                     "for example /s.");
       }},
      {"command-msi-asks", warning, "batch-pool-compute-intensive-sizes.md",
       "msiexec shows its pages unless it is quiet.",
       [](const Definition& pool, Report& report) {
         const std::string call = call_of(pool.command(), "msiexec");
         if (!call.empty() && call.find("/q") == std::string::npos &&
             call.find("/passive") == std::string::npos)
           report.at(line_at, "msiexec waits for someone to click. Give /qn.");
       }},
      {"command-restarts", warning, "windows/n-series-driver-setup.md",
       "The start task runs again after a restart: one that always restarts never ends.",
       [](const Definition& pool, Report& report) {
         if (restarts(pool.command()) &&
             !says(pool, {"if ", "test ", "[ ", "[[", "nvidia-smi ||", "nvidia-smi &&"}))
           report.at(line_at,
                     "It restarts the node each time it runs, for ever. Test first whether "
                     "there is something to do.");
       }},
      {"command-background", warning, "best-practices.md",
       "What a start task leaves in the background ends with it.",
       [](const Definition& pool, Report& report) {
         const std::string_view line = trim(pool.command());
         if (pool.on_linux() && !line.ends_with("&&") &&
             (line.ends_with("&") || line.ends_with("&'") || line.ends_with("&\"")))
           report.at(line_at,
                     "Its last command runs in the background and ends with the start "
                     "task. Make it a service of the system.");
       }},
      {"command-other-release", warning, "linux/n-series-driver-setup.md",
       "Packages are built for one release of a system.", find_other_release},
      {"command-docker-without-engine", warning, "batch-docker-container-workloads.md",
       "docker is there when the image has it.",
       [](const Definition& pool, Report& report) {
         if (says(pool, {"docker run", "docker pull", "docker login"}) &&
             !says(pool, {"install", "get.docker.com"}) && pool.image() != nullptr &&
             !pool.image_has("docker"))
           report.at(line_at,
                     "The image has no docker. Give an image that `batchyard catalogue "
                     "images --with docker` shows.");
       }},
      {"command-modules", warning, "azure-batch-samples issue 302",
       "`module` is a function of login shells: a plain shell does not know it.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && says(pool, {"module load", "module avail"}) &&
             !says(pool, {"bash -l", "modules.sh", "--login", "bash -ic", "profile"}))
           report.at(line_at,
                     "Without a login shell there is no `module`. Write /bin/bash -lc "
                     "'…', or source /etc/profile.d/modules.sh first.");
       }},
  };
}

}  // namespace batchyard::preflight
