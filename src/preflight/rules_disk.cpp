// Disks, their encryption, placement and upgrades.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const disks_api = "BatchService.json";
const std::string disks_at = machine + "/dataDisks";
const std::string encryption_at = machine + "/diskEncryptionConfiguration/targets";
const std::string rolling_at = "upgradePolicy/rollingUpgradePolicy";

void each_disk(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count(disks_at); ++at)
    look(fmt::format("{}/{}", disks_at, at));
}

bool lacks_premium(const Definition& pool) {
  return pool.size() != nullptr && pool.size()->premium_storage == std::optional(false);
}

bool encrypts(const Definition& pool, std::string_view disk) {
  for (std::size_t at = 0; at < pool.count(encryption_at); ++at) {
    if (pool.is(fmt::format("{}/{}", encryption_at, at), disk)) return true;
  }
  return false;
}

// A machine of the first years cannot encrypt what leaves it.
bool is_of_old_make(const Size& size) {
  static constexpr std::string_view families[] = {"A", "Av2", "A8-A11", "D", "H", "NC", "NV"};
  return std::ranges::find(families, size.family) != std::end(families);
}

// The system disk that an image brings, in GiB; 0: not known.
double system_disk_of(const Definition& pool) {
  if (const auto given = pool.number(machine + "/osDisk/diskSizeGB"))
    return static_cast<double>(*given);
  if (pool.image() == nullptr || !pool.on_windows()) return 0;
  return fold(pool.image()->sku).find("smalldisk") != std::string::npos ? 30 : 127;
}

void find_ephemeral(const Definition& pool, Report& report) {
  const std::string where = machine + "/osDisk/ephemeralOSDiskSettings";
  if (!pool.given(where) || pool.size() == nullptr) return;
  const Size& size = *pool.size();
  const double needed = system_disk_of(pool);
  if (lacks_premium(pool) || (size.premium_storage == std::optional(true) && size.disk_gib == 0)) {
    report
        .at(where, size.name +
                       " has no cache for it: allocation fails. Leave it out, or give a size "
                       "with an s and a disk of its own (Dsv3, Ddsv4, Ddsv5).")
        .remove(where);
  } else if (size.cache_gib > 0 && needed > size.cache_gib) {
    report
        .at(where, fmt::format("The system disk of {} GiB does not fit into the cache of {}, {} "
                               "GiB: allocation fails. Give a larger size, or an image with a "
                               "smaller disk.",
                               needed, size.name, size.cache_gib))
        .remove(where);
  }
}

void find_percentages(const Definition& pool, Report& report) {
  for (const auto& [name, least] : {std::pair("maxBatchInstancePercent", 5),
                                    {"maxUnhealthyInstancePercent", 5},
                                    {"maxUnhealthyUpgradedInstancePercent", 0}}) {
    const std::string path = rolling_at + "/" + name;
    const auto value = pool.number(path);
    if (value && (*value < least || *value > 100))
      report.at(path, fmt::format("Give {} to 100.", least))
          .set(path, *value < least ? least : 100);
  }
}

}  // namespace

std::vector<Rule> disk_rules() {
  using enum Severity;
  return {
      {"disk-lun", error, disks_api, "Data disks are numbered 0 to 63.",
       [](const Definition& pool, Report& report) {
         each_disk(pool, [&](const std::string& disk) {
           const auto lun = pool.number(disk + "/lun");
           if (lun && (*lun < 0 || *lun > 63)) report.at(disk + "/lun", "It must be from 0 to 63.");
         });
       }},
      {"disk-lun-twice", error, disks_api, "Each data disk has a number of its own.",
       [](const Definition& pool, Report& report) {
         std::map<std::int64_t, int> taken;
         each_disk(pool, [&](const std::string& disk) {
           const auto lun = pool.number(disk + "/lun");
           if (lun && ++taken[*lun] == 2)
             report.at(disk + "/lun", "Another data disk has this number.");
         });
       }},
      {"disk-size", error, disks_api, "A disk has at least 1 GB.",
       [](const Definition& pool, Report& report) {
         each_disk(pool, [&](const std::string& disk) {
           const auto size = pool.number(disk + "/diskSizeGB");
           if (size && *size < 1) report.at(disk + "/diskSizeGB", "It must be at least 1.");
         });
       }},
      {"disk-premium", warning, "the size's page",
       "Premium disks need a size that has premium storage (an s in its name).",
       [](const Definition& pool, Report& report) {
         each_disk(pool, [&](const std::string& disk) {
           if (lacks_premium(pool) && pool.is(disk + "/storageAccountType", "premium_lrs"))
             report
                 .at(disk + "/storageAccountType",
                     pool.size()->name +
                         " has no premium storage: allocation fails. Give "
                         "standard_lrs, or a size with an s in its name.")
                 .set(disk + "/storageAccountType", "standard_lrs");
         });
       }},
      {"disk-not-formatted", note, disks_api,
       "Data disks come empty and unformatted: a start task has to make them usable.",
       [](const Definition& pool, Report& report) {
         if (pool.count(disks_at) > 0 && !pool.has_start_task())
           report.at(disks_at, "Nothing formats and mounts them. Add a start task that does.");
       }},
      {"disk-ephemeral", warning, "ephemeral-os-disks.md",
       "A system disk on the machine's cache needs a size with premium storage and a cache that it "
       "fits into.",
       find_ephemeral},
      {"disk-host-encryption-size", warning, "disk-encryption.md",
       "Sizes of the first years have no encryption at the host: allocation fails.",
       [](const Definition& pool, Report& report) {
         const std::string where = machine + "/securityProfile/encryptionAtHost";
         if (pool.flag(where).value_or(false) && pool.size() != nullptr &&
             is_of_old_make(*pool.size()))
           report
               .at(where, pool.size()->name +
                              " has no encryption at the host. Leave it out, or give a newer "
                              "size, for example Standard_D2s_v3.")
               .set(where, false);
       }},
      {"disk-encrypted-twice", warning, "disk-encryption.md",
       "Machines that encrypt at the host take no other encryption of their disks.",
       [](const Definition& pool, Report& report) {
         if (pool.flag(machine + "/securityProfile/encryptionAtHost").value_or(false) &&
             pool.count(encryption_at) > 0)
           report
               .at(machine + "/diskEncryptionConfiguration",
                   "securityProfile.encryptionAtHost encrypts the disks already. Give one of "
                   "the two.")
               .remove(machine + "/diskEncryptionConfiguration");
       }},
      {"disk-encryption-linux", error, disks_api, "On Linux the temporary disk can be encrypted.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && encrypts(pool, "osdisk"))
           report.at(encryption_at, "On Linux give temporarydisk alone.")
               .set(encryption_at, boost::json::array{"temporarydisk"});
       }},
      {"disk-encryption-windows", error, disks_api, "On Windows both disks are encrypted together.",
       [](const Definition& pool, Report& report) {
         if (pool.on_windows() && pool.count(encryption_at) > 0 &&
             !(encrypts(pool, "osdisk") && encrypts(pool, "temporarydisk")))
           report.at(encryption_at, "On Windows give osdisk and temporarydisk together.")
               .set(encryption_at, boost::json::array{"osdisk", "temporarydisk"});
       }},
      {"disk-encryption-own-image", error, disks_api,
       "Disks of Linux machines from an image of one's own cannot be encrypted by the service.",
       [](const Definition& pool, Report& report) {
         if (pool.own_image() && pool.on_linux() && pool.count(encryption_at) > 0)
           report.at(encryption_at, "Leave diskEncryptionConfiguration out.")
               .remove(machine + "/diskEncryptionConfiguration");
       }},
      {"disk-no-temporary", warning, "dv4-dsv4-series.md",
       "The service encrypts a temporary disk that is there.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && pool.size()->disk_gib == 0 &&
             encrypts(pool, "temporarydisk"))
           report.at(encryption_at, pool.size()->name +
                                        " has no temporary disk. Give a size with "
                                        "one (a d in its name).");
       }},
      {"placement-zones", warning, "sizes-hpc.md",
       "RDMA works in one group of machines, which lies in one zone.",
       [](const Definition& pool, Report& report) {
         const std::string policy = machine + "/nodePlacementConfiguration/policy";
         if (pool.is(policy, "zonal") && pool.flag("enableInterNodeCommunication").value_or(false))
           report.at(policy, "Nodes of several zones do not share a fast network. Give regional.")
               .set(policy, "regional");
       }},
      {"upgrade-percentages", error, "models.tsp", "Percentages of an upgrade have ranges.",
       find_percentages},
      {"upgrade-batch-above-unhealthy", error, "models.tsp",
       "An upgrade that takes more nodes at once than may be unhealthy stops itself.",
       [](const Definition& pool, Report& report) {
         const auto batch = pool.number(rolling_at + "/maxBatchInstancePercent");
         const auto unhealthy = pool.number(rolling_at + "/maxUnhealthyInstancePercent");
         if (batch && unhealthy && *batch > *unhealthy)
           report
               .at(rolling_at + "/maxBatchInstancePercent",
                   fmt::format("It must not be larger than maxUnhealthyInstancePercent, {}.",
                               *unhealthy))
               .set(rolling_at + "/maxBatchInstancePercent", *unhealthy);
       }},
  };
}

}  // namespace batchyard::preflight
