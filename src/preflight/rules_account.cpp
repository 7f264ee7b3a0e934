// Accounts on nodes and certificates.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

constexpr std::size_t account_name_max = 20;
constexpr std::size_t certificates_max = 12;
const char* const accounts_api = "BatchService.json";

// Calls `look` with the path of each account.
void each_account(const Definition& pool,
                  const std::function<void(const std::string& account)>& look) {
  for (std::size_t at = 0; at < pool.count("userAccounts"); ++at)
    look(fmt::format("userAccounts/{}", at));
}

void each_certificate(const Definition& pool,
                      const std::function<void(const std::string& certificate)>& look) {
  for (std::size_t at = 0; at < pool.count("certificateReferences"); ++at)
    look(fmt::format("certificateReferences/{}", at));
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

void find_unknown_user(const Definition& pool, Report& report) {
  const std::string name = pool.text("startTask/userIdentity/username");
  if (name.empty()) return;
  std::string known;
  bool there = false;
  each_account(pool, [&](const std::string& account) {
    const std::string one = pool.text(account + "/name");
    there = there || one == name;
    known += (known.empty() ? "" : ", ") + one;
  });
  if (!there)
    report.at("startTask/userIdentity/username",
              known.empty() ? "The pool has no userAccounts. Add the account to the pool, or use "
                              "autoUser."
                            : "The pool's userAccounts are: " + known + ".");
}

}  // namespace

std::vector<Rule> account_rules() {
  using enum Severity;
  return {
      {"account-name", error, accounts_api, "A name has 1 to 20 characters.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           const std::string name = pool.text(account + "/name");
           const bool unknown =
               name.empty() && pool.given(account + "/name") && !pool.at(account + "/name");
           if (!unknown && (name.empty() || name.size() > account_name_max ||
                            name.find_first_of(":/\\\r\n\t ") != std::string::npos))
             report.at(account + "/name",
                       "Give 1 to 20 characters without ':', '/', '\\' and blanks.");
         });
       }},
      {"account-of-node", warning, "useradd(8)",
       "A node has accounts of its system already, and one of the same name cannot be added.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           const std::string name = fold(pool.text(account + "/name"));
           const bool taken = pool.on_windows() ? name == "administrator" || name == "guest"
                                                : name == "root" || name == "daemon" ||
                                                      name == "nobody" || name == "bin";
           if (taken) report.at(account + "/name", "The system has it already: give another name.");
         });
       }},
      {"account-twice", error, accounts_api, "An account is told by its name.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, int> names;
         each_account(pool, [&](const std::string& account) {
           const std::string name = pool.text(account + "/name");
           if (!name.empty() && ++names[name] == 2)
             report.at(account + "/name", "Another account of the pool has this name.")
                 .remove(account);
         });
       }},
      {"account-half-id", error, accounts_api,
       "A user id and a group id are given together or not at all.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           const std::string where = account + "/linuxUserConfiguration";
           const bool uid = pool.given(where + "/uid");
           if (uid != pool.given(where + "/gid"))
             report.at(where, "Give uid and gid together, or neither.").value = uid ? "uid" : "gid";
         });
       }},
      {"account-id-of-root", error, accounts_api,
       "Numbers are those of plain users: an administrator is one by elevationLevel.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           const std::string where = account + "/linuxUserConfiguration";
           const auto uid = pool.number(where + "/uid");
           const auto gid = pool.number(where + "/gid");
           if (uid && gid && (*uid < 1 || *gid < 1))
             report
                 .at(where,
                     "Give numbers from 1 on; use elevationLevel admin for an "
                     "administrator.")
                 .value = fmt::format("uid {}, gid {}", *uid, *gid);
         });
       }},
      {"account-id-shared", warning, accounts_api,
       "Accounts of one user id can read and end each other's processes and files.",
       [](const Definition& pool, Report& report) {
         std::map<std::int64_t, int> ids;
         each_account(pool, [&](const std::string& account) {
           const std::string where = account + "/linuxUserConfiguration/uid";
           const auto uid = pool.number(where);
           if (uid && ++ids[*uid] == 2)
             report.at(where, "Another account of the pool has this number.");
         });
       }},
      {"account-linux-on-windows", warning, accounts_api, "These settings are Linux's.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           if (pool.on_windows() && pool.given(account + "/linuxUserConfiguration"))
             report
                 .at(account + "/linuxUserConfiguration",
                     "The nodes are Windows. Leave it out, or give windowsUserConfiguration.")
                 .remove(account + "/linuxUserConfiguration");
         });
       }},
      {"account-windows-on-linux", warning, accounts_api, "These settings are Windows'.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           if (pool.on_linux() && pool.given(account + "/windowsUserConfiguration"))
             report
                 .at(account + "/windowsUserConfiguration",
                     "The nodes are Linux. Leave it out, or give linuxUserConfiguration.")
                 .remove(account + "/windowsUserConfiguration");
         });
       }},
      {"account-ssh-key-unused", warning, accounts_api,
       "The key lets nodes reach each other without a password; they cannot reach each other "
       "without inter-node communication.",
       [](const Definition& pool, Report& report) {
         each_account(pool, [&](const std::string& account) {
           const std::string key = account + "/linuxUserConfiguration/sshPrivateKey";
           if (pool.given(key) && !pool.given("enableInterNodeCommunication")) {
             Finding& finding =
                 report.at(key, "It is ignored unless enableInterNodeCommunication is true.")
                     .set("enableInterNodeCommunication", true);
             finding.value = "(secret)";
           }
         });
       }},
      {"account-of-start-task", error, accounts_api,
       "A start task runs under an account of its pool.", find_unknown_user},
      {"account-twofold-user", error, accounts_api,
       "A task runs under a named account or one that is made for it.",
       [](const Definition& pool, Report& report) {
         const std::string user = "startTask/userIdentity";
         if (pool.given(user + "/username") && pool.given(user + "/autoUser"))
           report.at(user, "Give either username or autoUser, not both.")
               .remove(user + "/autoUser");
       }},
      {"certificates-many", error, "batch-quota-limit.md", "A pool has at most 12 certificates.",
       [](const Definition& pool, Report& report) {
         if (pool.count("certificateReferences") > certificates_max)
           report.at("certificateReferences", "A pool can refer to at most 12 certificates.")
               .value = std::to_string(pool.count("certificateReferences"));
       }},
      {"certificate-thumbprint", warning, accounts_api, "A SHA-1 thumbprint has 40 hex digits.",
       [](const Definition& pool, Report& report) {
         each_certificate(pool, [&](const std::string& certificate) {
           std::string print = pool.text(certificate + "/thumbprint");
           std::erase(print, ' ');
           if (pool.is(certificate + "/thumbprintAlgorithm", "sha1") && !print.empty() &&
               (print.size() != 40 || !is_hexadecimal(print)))
             report.at(certificate + "/thumbprint", "Give the 40 hex digits of its SHA-1.");
         });
       }},
      {"certificate-twice", warning, accounts_api, "One reference installs a certificate.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, int> prints;
         each_certificate(pool, [&](const std::string& certificate) {
           const std::string print = fold(pool.text(certificate + "/thumbprint"));
           if (!print.empty() && ++prints[print] == 2)
             report.at(certificate + "/thumbprint", "The pool refers to this certificate twice.")
                 .remove(certificate);
         });
       }},
      {"certificate-store-on-linux", warning, accounts_api,
       "Stores exist on Windows; Linux nodes find certificates in AZ_BATCH_CERTIFICATES_DIR.",
       [](const Definition& pool, Report& report) {
         each_certificate(pool, [&](const std::string& certificate) {
           for (const char* member : {"/storeName", "/storeLocation"}) {
             if (pool.on_linux() && pool.given(certificate + member))
               report.at(certificate + member, "Linux nodes have no such store. Leave it out.")
                   .remove(certificate + member);
           }
         });
       }},
  };
}

}  // namespace batchyard::preflight
