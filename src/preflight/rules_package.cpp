// Application packages, metadata and extensions of machines.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

constexpr std::size_t packages_max = 10;
const std::string packages_at = "applicationPackageReferences";
const std::string extensions_at = machine + "/extensions";
const char* const packages_page = "batch-application-packages.md";

void each_package(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count(packages_at); ++at)
    look(fmt::format("{}/{}", packages_at, at));
}

void each_extension(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count(extensions_at); ++at)
    look(fmt::format("{}/{}", extensions_at, at));
}

bool is_name(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '_' || letter == '-' ||
           more.find(static_cast<char>(letter)) != std::string_view::npos;
  });
}

// Its counterpart for the pool's system, where there is one.
void replace_extension(const Definition& pool, const Extension& known, Finding& finding,
                       const std::string& path) {
  for (const Extension& other : pool.catalogue().facts().extensions) {
    if (other.os != pool.os() || other.installs != known.installs) continue;
    finding.set(path + "/publisher", other.publisher).set(path + "/type", other.type);
    if (!other.version.empty()) finding.set(path + "/typeHandlerVersion", other.version);
    return;
  }
  finding.remove(path);
}

// Each extension with those that it names as coming first, folded.
std::map<std::string, std::vector<std::string>> extensions_after(const Definition& pool) {
  std::map<std::string, std::vector<std::string>> after;
  each_extension(pool, [&](const std::string& extension) {
    std::vector<std::string>& names = after[fold(pool.text(extension + "/name"))];
    for (std::size_t at = 0; at < pool.count(extension + "/provisionAfterExtensions"); ++at)
      names.push_back(
          fold(pool.text(fmt::format("{}/provisionAfterExtensions/{}", extension, at))));
  });
  return after;
}

// By however many steps; each is looked at once.
bool comes_after(const std::map<std::string, std::vector<std::string>>& after,
                 const std::string& name, const std::string& first) {
  std::set<std::string> seen;
  std::vector<std::string> left{name};
  while (!left.empty()) {
    const auto found = after.find(left.back());
    left.pop_back();
    if (found == after.end()) continue;
    for (const std::string& one : found->second) {
      if (one == first) return true;
      if (seen.insert(one).second) left.push_back(one);
    }
  }
  return false;
}

const Extension* known_extension(const Definition& pool, const std::string& at) {
  return pool.catalogue().extension(pool.text(at + "/publisher"), pool.text(at + "/type"));
}

bool fits_size(const Definition& pool, std::string_view need) {
  const Size& size = *pool.size();
  if (need == "rdma") return !size.rdma.empty();
  if (need == "rdma:sriov") return size.rdma == "sriov";
  if (need == "nvidia") return size.gpu_vendor == "NVIDIA";
  return need != "amd" || size.gpu_vendor == "AMD";
}

// "AZ_BATCH_APP_PACKAGE_NAME#1.0", however it is written: the words after the prefix.
std::vector<std::string> packages_of_command(const Definition& pool) {
  std::vector<std::string> names;
  const std::string& command = pool.command();
  constexpr std::string_view prefix = "az_batch_app_package_";
  for (std::size_t at = command.find(prefix); at != std::string::npos;
       at = command.find(prefix, at + 1)) {
    std::size_t end = at + prefix.size();
    while (end < command.size() &&
           (std::isalnum(static_cast<unsigned char>(command[end])) != 0 ||
            std::string_view("_#.-").find(command[end]) != std::string_view::npos))
      ++end;
    names.push_back(command.substr(at + prefix.size(), end - at - prefix.size()));
  }
  return names;
}

std::string flattened(std::string text) {
  for (char& letter : text) {
    if (letter == '.' || letter == '-' || letter == '#') letter = '_';
  }
  return text;
}

void find_unreferenced(const Definition& pool, Report& report) {
  if (!pool.given("startTask/commandLine")) return;
  std::set<std::string> known;
  bool unclear = false;
  each_package(pool, [&](const std::string& package) {
    const std::string id = fold(pool.text(package + "/applicationId"));
    const std::string version = fold(pool.text(package + "/version"));
    unclear = unclear || id.empty() || (version.empty() && pool.given(package + "/version"));
    known.insert(flattened(version.empty() ? id : id + "_" + version));
  });
  if (unclear) return;
  for (const std::string& name : packages_of_command(pool)) {
    if (!known.contains(flattened(name)))
      report.at("startTask/commandLine",
                fmt::format("It uses the package '{}', which applicationPackageReferences does not "
                            "have in this version: the variable is empty.",
                            name));
  }
}

}  // namespace

std::vector<Rule> package_rules() {
  using enum Severity;
  return {
      {"packages-many", error, "batch-quota-limit.md", "A pool has at most 10 packages.",
       [](const Definition& pool, Report& report) {
         if (pool.count(packages_at) > packages_max)
           report.at(packages_at, "A pool can refer to at most 10 application packages.").value =
               std::to_string(pool.count(packages_at));
       }},
      {"package-id", error, "arm-batch.d.ts", "An application's id has 1 to 64 letters.",
       [](const Definition& pool, Report& report) {
         each_package(pool, [&](const std::string& package) {
           const std::string id = pool.text(package + "/applicationId");
           if (!id.empty() && (id.size() > 64 || !is_name(id, "")))
             report.at(package + "/applicationId", "Give 1 to 64 letters, digits, '-' and '_'.");
         });
       }},
      {"package-version", error, "arm-batch.d.ts", "A version has 1 to 64 letters.",
       [](const Definition& pool, Report& report) {
         each_package(pool, [&](const std::string& package) {
           const std::string version = pool.text(package + "/version");
           if (!version.empty() &&
               (version.size() > 64 || !is_name(version, ".") || version.front() == '.'))
             report.at(package + "/version",
                       "Give 1 to 64 letters, digits, '-', '_' and '.', not "
                       "starting with '.'.");
         });
       }},
      {"package-twice", error, packages_page, "A package is referred to once.",
       [](const Definition& pool, Report& report) {
         std::set<std::string> seen;
         each_package(pool, [&](const std::string& package) {
           const std::string name =
               fold(pool.text(package + "/applicationId") + " " + pool.text(package + "/version"));
           if (name.size() > 1 && !seen.insert(name).second)
             report.at(package, "The pool refers to this package twice.").remove(package);
         });
       }},
      {"package-not-referenced", warning, packages_page,
       "A package's directory is named by a variable that exists when the pool refers to it.",
       find_unreferenced},
      {"package-variable-on-linux", warning, packages_page,
       "Shells of Linux know no '#', '.' or '-' in names: there the variable has '_' in their "
       "place.",
       [](const Definition& pool, Report& report) {
         if (!pool.on_linux()) return;
         for (const std::string& name : packages_of_command(pool)) {
           if (name == flattened(name)) continue;
           Finding& finding =
               report.at("startTask/commandLine",
                         fmt::format("On Linux write AZ_BATCH_APP_PACKAGE_{} for the package '{}'.",
                                     flattened(name), name));
           std::string line = pool.text("startTask/commandLine");
           const std::string variable = "AZ_BATCH_APP_PACKAGE_";
           const std::size_t at = line.find(variable + name);
           if (at != std::string::npos)
             finding.set("startTask/commandLine",
                         line.replace(at + variable.size(), name.size(), flattened(name)));
         }
       }},
      {"package-variable-on-windows", warning, packages_page,
       "On Windows the variable is AZ_BATCH_APP_PACKAGE_ID#VERSION.",
       [](const Definition& pool, Report& report) {
         if (!pool.on_windows()) return;
         for (const std::string& name : packages_of_command(pool)) {
           bool exact = false;
           std::string meant;
           each_package(pool, [&](const std::string& package) {
             const std::string id = fold(pool.text(package + "/applicationId"));
             const std::string version = fold(pool.text(package + "/version"));
             const std::string full = version.empty() ? id : id + "#" + version;
             exact = exact || full == name;
             if (flattened(full) == name) meant = full;
           });
           if (!exact && !meant.empty() && meant != name)
             report.at("startTask/commandLine",
                       fmt::format("On Windows write %AZ_BATCH_APP_PACKAGE_{}%.", meant));
         }
       }},
      {"package-installer-idle", warning, "batch-pool-compute-intensive-sizes.md",
       "A package is unpacked, not run: an installer needs a start task that runs it.",
       [](const Definition& pool, Report& report) {
         if (pool.has_start_task() || !pool.given(packages_at)) return;
         each_package(pool, [&](const std::string& package) {
           const std::string id = fold(pool.text(package + "/applicationId"));
           for (const char* sign : {"driver", "setup", "installer", "cuda"}) {
             if (id.find(sign) == std::string::npos) continue;
             report.at(package + "/applicationId",
                       "Nothing runs it. Add a start task that does, elevated and with "
                       "waitForSuccess.");
             return;
           }
         });
       }},
      {"metadata-name", error, "BatchService.json", "An item of metadata has a name.",
       [](const Definition& pool, Report& report) {
         for (std::size_t at = 0; at < pool.count("metadata"); ++at) {
           const std::string path = fmt::format("metadata/{}/name", at);
           if (pool.given(path) && pool.at(path) && pool.text(path).empty())
             report.at(path, "It must not be empty.");
         }
       },
       "EmptyMetadataKey"},
  };
}

std::vector<Rule> extension_rules() {
  using enum Severity;
  return {
      {"extension-twice", error, "BatchService.json", "Extensions are told by their names.",
       [](const Definition& pool, Report& report) {
         std::set<std::string> seen;
         each_extension(pool, [&](const std::string& extension) {
           const std::string name = fold(pool.text(extension + "/name"));
           if (!name.empty() && !seen.insert(name).second)
             report.at(extension + "/name", "Another extension of the pool has this name.");
         });
       }},
      {"extension-after-unknown", error, "BatchService.json",
       "An extension can wait for another one of the pool.",
       [](const Definition& pool, Report& report) {
         std::set<std::string> names;
         each_extension(pool, [&](const std::string& extension) {
           names.insert(fold(pool.text(extension + "/name")));
         });
         each_extension(pool, [&](const std::string& extension) {
           for (std::size_t at = 0; at < pool.count(extension + "/provisionAfterExtensions");
                ++at) {
             const std::string path = fmt::format("{}/provisionAfterExtensions/{}", extension, at);
             const std::string name = fold(pool.text(path));
             if (!name.empty() && !names.contains(name))
               report.at(path, "The pool has no extension of this name.").remove(path);
           }
         });
       }},
      {"extension-circle", error, "BatchService.json",
       "Extensions that wait for each other would wait for ever.",
       [](const Definition& pool, Report& report) {
         const std::map<std::string, std::vector<std::string>> after = extensions_after(pool);
         each_extension(pool, [&](const std::string& extension) {
           const std::string name = fold(pool.text(extension + "/name"));
           if (!name.empty() && comes_after(after, name, name))
             report
                 .at(extension + "/provisionAfterExtensions",
                     "The extension waits for one that waits for it.")
                 .remove(extension + "/provisionAfterExtensions");
         });
       }},
      {"extension-other-system", warning, "hpccompute-gpu-linux.md",
       "An extension is made for one operating system; on another the node fails.",
       [](const Definition& pool, Report& report) {
         each_extension(pool, [&](const std::string& extension) {
           const Extension* known = known_extension(pool, extension);
           if (known != nullptr && !pool.os().empty() && known->os != pool.os())
             replace_extension(
                 pool, *known,
                 report.at(extension + "/type", fmt::format("It is for {}, and the image is of {}.",
                                                            known->os, pool.os())),
                 extension);
         });
       }},
      {"extension-other-size", warning, "hpccompute-gpu-linux.md",
       "A driver finds nothing to drive on a size without its device, and the node fails.",
       [](const Definition& pool, Report& report) {
         each_extension(pool, [&](const std::string& extension) {
           const Extension* known = known_extension(pool, extension);
           if (known != nullptr && pool.size() != nullptr && !fits_size(pool, known->needs))
             report
                 .at(extension + "/type",
                     fmt::format("{} has no device for it ({}).", pool.size()->name, known->needs))
                 .remove(extension);
         });
       }},
      {"extension-installed-already", warning, "hpccompute-gpu-linux.md",
       "Two drivers of one device on a machine put each other out.",
       [](const Definition& pool, Report& report) {
         each_extension(pool, [&](const std::string& extension) {
           const Extension* known = known_extension(pool, extension);
           if (known == nullptr || !pool.image_has(known->installs.front())) return;
           report
               .at(extension + "/type",
                   "The image has this driver already. Leave the extension out.")
               .remove(extension);
         });
       }},
      {"extension-old-gpu-driver", warning, "hpccompute-gpu-linux.md",
       "For the K80 of the NC series the last branch of NVIDIA's driver is 470.",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || pool.size()->gpu != "Tesla K80") return;
         each_extension(pool, [&](const std::string& extension) {
           const std::string path = extension + "/settings/driverVersion";
           const std::string branch = pool.text(path).substr(0, 3);
           if (parse_integer(branch).value_or(0) > 470)
             report.at(path, "The Tesla K80 is driven by branch 470 and older: give 470.82.01.")
                 .set(path, "470.82.01");
         });
       }},
      {"extension-own-image", note, "batch-custom-images.md",
       "An image that was made with the driver in it needs no extension for it.",
       [](const Definition& pool, Report& report) {
         each_extension(pool, [&](const std::string& extension) {
           if (pool.own_image() && known_extension(pool, extension) != nullptr)
             report.at(extension + "/type",
                       "If the image has this driver, leave the extension out.");
         });
       }},
  };
}

}  // namespace batchyard::preflight
