// File systems that nodes mount.
#include <fmt/format.h>

#include <map>

#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

constexpr std::size_t mounts_max = 10;
const char* const mounts_api = "BatchService.json";
constexpr const char* mount_kinds[] = {"azureBlobFileSystemConfiguration", "nfsMountConfiguration",
                                       "cifsMountConfiguration", "azureFileShareConfiguration"};

// Calls `look` with the path of each file system and its kind.
void each_mount(const Definition& pool,
                const std::function<void(const std::string&, const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count("mountConfiguration"); ++at) {
    for (const char* kind : mount_kinds) {
      const std::string where = fmt::format("mountConfiguration/{}/{}", at, kind);
      if (pool.given(where)) look(where, kind);
    }
  }
}

}  // namespace

std::vector<Rule> mount_rules() {
  using enum Severity;
  return {
      {"mounts-many", error, "batch-quota-limit.md", "A pool mounts at most 10 file systems.",
       [](const Definition& pool, Report& report) {
         if (pool.count("mountConfiguration") > mounts_max)
           report.at("mountConfiguration", "A pool can mount at most 10 file systems.").value =
               std::to_string(pool.count("mountConfiguration"));
       }},
      {"mount-kinds", error, mounts_api, "Each entry is one file system.",
       [](const Definition& pool, Report& report) {
         for (std::size_t at = 0; at < pool.count("mountConfiguration"); ++at) {
           const std::string where = fmt::format("mountConfiguration/{}", at);
           int kinds = 0;
           for (const char* kind : mount_kinds) kinds += pool.given(where + "/" + kind) ? 1 : 0;
           if (kinds != 1)
             report
                 .at(where,
                     "Give exactly one of azureBlobFileSystemConfiguration, "
                     "nfsMountConfiguration, cifsMountConfiguration and "
                     "azureFileShareConfiguration in each entry.")
                 .value = fmt::format("{} file systems", kinds);
         }
       }},
      {"mount-path", error, mounts_api, "A mount lies below the node's mounts directory.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string&) {
           if (!pool.at(mount + "/relativeMountPath") && pool.given(mount + "/relativeMountPath"))
             return;
           const std::string path = pool.text(mount + "/relativeMountPath");
           if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos)
             report.at(mount + "/relativeMountPath",
                       "Give a path relative to the node's mounts directory, without '..'.");
         });
       }},
      {"mount-path-twice", error, mounts_api, "Two file systems cannot lie at one place.",
       [](const Definition& pool, Report& report) {
         std::map<std::string, int> paths;
         each_mount(pool, [&](const std::string& mount, const std::string&) {
           const std::string path = pool.text(mount + "/relativeMountPath");
           if (!path.empty() && ++paths[path] == 2)
             report.at(mount + "/relativeMountPath", "Another mount of the pool has this path.");
         });
       }},
      {"mount-blob-on-windows", warning, "virtual-file-mount.md",
       "Blob containers are mounted by blobfuse, which is for Linux.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           if (pool.on_windows() && kind == mount_kinds[0])
             report
                 .at(mount,
                     "Windows nodes cannot mount it and become unusable. Give an "
                     "azureFileShareConfiguration.")
                 .value.clear();
         });
       }},
      {"mount-nfs-on-windows", warning, "virtual-file-mount.md", "NFS is mounted on Linux nodes.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           if (pool.on_windows() && kind == mount_kinds[1])
             report.at(mount,
                       "Windows nodes cannot mount it and become unusable. Give an "
                       "azureFileShareConfiguration or a cifsMountConfiguration.");
         });
       }},
      {"mount-blob-key", error, mounts_api,
       "A blob container is opened by an account key, a shared access signature or an identity.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           if (kind != mount_kinds[0]) return;
           int keys = 0;
           for (const char* key : {"/accountKey", "/sasKey", "/identityReference"})
             keys += pool.given(mount + key) ? 1 : 0;
           if (keys != 1)
             report.at(mount, "Give exactly one of accountKey, sasKey and identityReference.")
                 .value = fmt::format("{} keys", keys);
         });
       }},
      {"mount-share-address", warning, "virtual-file-mount.md",
       "A file share is named by its address.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           const std::string url = pool.text(mount + "/azureFileUrl");
           if (kind == mount_kinds[3] && !url.empty() && !url.starts_with("https://"))
             report.at(mount + "/azureFileUrl",
                       "Write it as https://ACCOUNT.file.core.windows.net/SHARE.");
         });
       }},
      {"mount-share-options-on-linux", warning, "virtual-file-mount.md",
       "Linux mounts a file share by SMB 3 only when it is told so.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           const std::string options = pool.text(mount + "/mountOptions");
           if (pool.on_linux() && kind == mount_kinds[3] &&
               options.find("vers=") == std::string::npos)
             report
                 .at(mount + "/mountOptions",
                     "Linux nodes need the version of the protocol: -o vers=3.0,dir_mode=0777,"
                     "file_mode=0777")
                 .set(mount + "/mountOptions", "-o vers=3.0,dir_mode=0777,file_mode=0777");
         });
       }},
      {"mount-nfs-source", warning, "virtual-file-mount.md", "An NFS source is HOST:/PATH.",
       [](const Definition& pool, Report& report) {
         each_mount(pool, [&](const std::string& mount, const std::string& kind) {
           const std::string source = pool.text(mount + "/source");
           if (kind == mount_kinds[1] && !source.empty() &&
               (source.find(':') == std::string::npos || source.starts_with("nfs://")))
             report.at(mount + "/source", "Write it as HOST:/PATH.");
         });
       }},
  };
}

}  // namespace batchyard::preflight
