// The tables of the article on compute-intensive sizes, row by row: what a row names is sound, and
// whatever of its five columns a pool breaks is found by that row's rule.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/examples.h"

namespace batchyard::preflight {
namespace {

namespace json = boost::json;

using Names = std::vector<std::string>;

struct TableRow {
  std::string id;
  Names sizes;  // or series
  Names systems;
  bool is_rdma = false;
  std::string os = "linux";
  bool in_services = false;
};

const Names rdma_sizes = {"H16r", "H16mr", "A8", "A9", "NC24r", "NC24rs_v2", "NC24rs_v3", "ND24rs"};

const std::vector<TableRow>& article_rows() {
  static const std::vector<TableRow> rows = {
      {"l1", rdma_sizes, {"Ubuntu 16.04", "CentOS-HPC 7.4"}, true},
      {"l2", {"NC", "NCv2", "NCv3", "NDv2"}, {"Ubuntu 16.04", "CentOS 7.3", "CentOS 7.4"}},
      {"l3", {"NV", "NVv2"}, {"Ubuntu 16.04", "CentOS 7.3"}},
      {"w1",
       rdma_sizes,
       {"Windows Server 2016", "Windows Server 2012 R2", "Windows Server 2012"},
       true,
       "windows"},
      {"w2",
       {"NC", "NCv2", "NCv3", "ND", "NDv2"},
       {"Windows Server 2016", "Windows Server 2012 R2"},
       false,
       "windows"},
      {"w3", {"NV", "NVv2"}, {"Windows Server 2016", "Windows Server 2012 R2"}, false, "windows"},
      {"c1", {"H16r", "H16mr", "A8", "A9"}, {"5", "4", "3", "2"}, true, "windows", true}};
  return rows;
}

const Catalogue& known() {
  return Catalogue::built_in();
}

std::vector<const Size*> row_sizes(const TableRow& row) {
  std::vector<const Size*> sizes;
  for (const std::string& name : row.sizes) {
    if (const Size* size = known().size_meant(name)) {
      sizes.push_back(size);
      continue;
    }
    for (const Size* size : known().series(name)) sizes.push_back(size);
  }
  return sizes;
}

const Image& image_of(const std::string& system) {
  const auto& images = known().facts().images;
  const auto found = std::ranges::find_if(images, [&](const Image& image) {
    return image.system == system && image.publisher != "batch" &&
           (image.has.empty() || system.starts_with("CentOS-HPC"));
  });
  EXPECT_NE(found, images.end()) << system;
  return *found;
}

// A pool of the row: a package and an elevated start task that is waited for bring the software.
json::object pool_of(const TableRow& row, const Size& size, const std::string& system) {
  const bool windows = row.os == "windows";
  json::object pool{
      {"id", "p"},
      {"vmSize", size.name},
      {"targetDedicatedNodes", 2},
      {"applicationPackageReferences", json::array{{{"applicationId", "setup"}}}},
      {"startTask",
       {{"commandLine", windows ? "cmd /c \"%AZ_BATCH_APP_PACKAGE_setup%\\setup.exe /s\""
                                : "/bin/sh -c '$AZ_BATCH_APP_PACKAGE_setup/setup.sh'"},
        {"userIdentity", {{"autoUser", {{"scope", "pool"}, {"elevationLevel", "admin"}}}}},
        {"waitForSuccess", true}}}};
  if (row.in_services) {
    pool["cloudServiceConfiguration"] = {{"osFamily", system}};
  } else {
    const Image& image = image_of(system);
    pool["virtualMachineConfiguration"] = {
        {"imageReference",
         {{"publisher", image.publisher}, {"offer", image.offer}, {"sku", image.sku}}},
        {"nodeAgentSKUId", image.agent}};
  }
  if (row.is_rdma) {
    pool["enableInterNodeCommunication"] = true;
    pool["taskSlotsPerNode"] = 1;
  }
  return pool;
}

// The rules of that row, and whatever else refuses the pool.
Names told_by(const TableRow& row, const json::object& pool) {
  Names names;
  const Definition definition(pool);
  for (const Finding& finding : findings_of(definition)) {
    if (finding.rule->id.starts_with(row.id + "-") || finding.rule->severity == Severity::error)
      names.push_back(finding.rule->id);
  }
  return names;
}

template <class Visit>
void for_every_pool(const Visit& visit) {
  for (const TableRow& row : article_rows()) {
    const std::vector<const Size*> sizes = row_sizes(row);
    EXPECT_GE(sizes.size(), row.sizes.size()) << row.id;
    for (const Size* size : sizes) {
      for (const std::string& system : row.systems)
        visit(row, pool_of(row, *size, system),
              fmt::format("{}: {} with {}", row.id, size->name, system));
    }
  }
}

TEST(Tables, WhatARowNamesIsSound) {
  int pools = 0;
  for_every_pool([&](const TableRow& row, const json::object& pool, const std::string& what) {
    ++pools;
    EXPECT_EQ(told_by(row, pool), Names()) << what;
  });
  EXPECT_GT(pools, 150);
}

TEST(Tables, EachSizeSaysWhichRowItIsIn) {
  for_every_pool([&](const TableRow& row, const json::object& pool, const std::string& what) {
    const Definition definition(pool);
    const std::vector<const Requirement*> needs = definition.needs();
    EXPECT_TRUE(std::ranges::any_of(needs, [&](const Requirement* one) {
      return fold(one->id) == row.id;
    })) << what;
    const Size& size = *definition.size();
    EXPECT_EQ(!size.rdma.empty() || !row.is_rdma, true) << what;
    EXPECT_EQ(size.gpus > 0, row.sizes != rdma_sizes ? !row.is_rdma : size.name.contains("_N"))
        << what;
  });
}

TEST(Tables, AnotherSystemIsFound) {
  for_every_pool([&](const TableRow& row, const json::object& pool, const std::string& what) {
    const std::string other = row.in_services       ? "6"
                              : row.os == "windows" ? "Windows Server 2008 R2"
                                                    : "Ubuntu 14.04";
    const Size& size = *known().size(pool.at("vmSize").as_string());
    EXPECT_EQ(told_by(row, pool_of(row, size, other)), Names{row.id + "-system"}) << what;
  });
}

TEST(Tables, MissingSoftwareIsFound) {
  for_every_pool([&](const TableRow& row, json::object pool, const std::string& what) {
    pool.erase("startTask");
    pool.erase("applicationPackageReferences");
    const bool has_it = what.ends_with("CentOS-HPC 7.4");
    // Drivers and an MPI are two things to be missing.
    const std::size_t parts = has_it ? 0 : row.is_rdma ? 2 : 1;
    EXPECT_EQ(told_by(row, pool), Names(parts, row.id + "-software")) << what;
  });
}

// What brings only a part of it is not enough; either of two is.
TEST(Tables, SoftwareCountsByItsKind) {
  const TableRow windows = article_rows()[3];
  json::object pool = pool_of(windows, *known().size("Standard_H16r"), "Windows Server 2016");
  json::object bare = pool;
  bare.erase("startTask");
  bare.erase("applicationPackageReferences");
  bare["virtualMachineConfiguration"].as_object()["extensions"] =
      json::array{{{"name", "e"}, {"publisher", "Microsoft.HpcCompute"}, {"type", "HpcVmDrivers"}}};
  EXPECT_EQ(told_by(windows, bare), Names{"w1-software"});  // RDMA, and no MPI
  for (const char* command :
       {"cmd /c MSMpiSetup.exe -unattend", "cmd /c w_mpi_p_5.1.3.180.exe /s"}) {
    bare["startTask"] = pool.at("startTask");
    bare["startTask"].as_object()["commandLine"] = command;
    bare["startTask"].as_object()["resourceFiles"] =
        json::array{{{"httpUrl", "https://files.example/setup.exe"}, {"filePath", "setup.exe"}}};
    EXPECT_EQ(told_by(windows, bare), Names()) << command;
  }
}

TEST(Tables, PoolSettingsCountWhereTheRowHasThem) {
  for_every_pool([&](const TableRow& row, json::object pool, const std::string& what) {
    pool["taskSlotsPerNode"] = 4;
    EXPECT_EQ(told_by(row, pool), row.is_rdma ? Names{row.id + "-slots"} : Names()) << what;
    pool.erase("taskSlotsPerNode");
    pool["enableInterNodeCommunication"] = false;
    EXPECT_EQ(told_by(row, pool), row.is_rdma ? Names{row.id + "-inter-node"} : Names()) << what;
    pool.erase("enableInterNodeCommunication");
    EXPECT_EQ(told_by(row, pool), row.is_rdma ? Names{row.id + "-inter-node"} : Names()) << what;
  });
}

TEST(Tables, ContainersRunOnTheImagesThatHaveAnEngine) {
  const auto told = [](const char* publisher, const char* offer, const char* sku) {
    json::object pool =
        pool_of(article_rows()[0], *known().size("Standard_H16r"), "CentOS-HPC 7.4");
    pool.erase("startTask");
    json::object& machine = pool["virtualMachineConfiguration"].as_object();
    const Image* image = known().image(publisher, offer, sku);
    machine["imageReference"] = {{"publisher", publisher}, {"offer", offer}, {"sku", sku}};
    machine["nodeAgentSKUId"] = image->agent;
    machine["containerConfiguration"] = {{"type", "dockerCompatible"},
                                         {"containerImageNames", json::array{"ubuntu:16.04"}}};
    Names names;
    const Definition definition(pool);
    for (const Finding& finding : findings_of(definition)) {
      if (finding.rule->id.starts_with("containers-")) names.push_back(finding.rule->id);
    }
    return names;
  };
  EXPECT_EQ(told("OpenLogic", "CentOS-HPC", "7.4"), Names());
  EXPECT_EQ(told("microsoft-azure-batch", "centos-container-rdma", "7-4"), Names());
  EXPECT_EQ(told("microsoft-azure-batch", "ubuntu-server-container-rdma", "16-04-lts"), Names());
  EXPECT_EQ(told("OpenLogic", "CentOS-HPC", "7.3"), Names{"containers-without-engine"});
}

// No row of Cloud Services has a size of the N-series: each is refused with the reason.
TEST(Tables, NoGpusInCloudServices) {
  int sizes = 0;
  for (const Size& size : known().facts().sizes) {
    if (!size.family.starts_with("N")) continue;
    ++sizes;
    const json::object pool{{"id", "p"},
                            {"vmSize", size.name},
                            {"targetDedicatedNodes", 1},
                            {"cloudServiceConfiguration", {{"osFamily", "5"}}}};
    const Definition definition(pool);
    const std::vector<Finding> findings = findings_of(definition);
    const auto found = std::ranges::find_if(
        findings, [](const Finding& one) { return one.rule->id == "cloud-services-gpu"; });
    ASSERT_NE(found, findings.end()) << size.name;
    EXPECT_EQ(found->rule->severity, Severity::error);
  }
  EXPECT_GT(sizes, 40);
}

// A second driver would put the first one out: another image is the cure.
TEST(Tables, NoDriverIsOfferedBesideAnother) {
  const auto patch_for = [](const char* sku) {
    const Definition pool(json::parse(R"({"id": "p", "vmSize": "Standard_NV36ads_A10_v5",
        "virtualMachineConfiguration": {"imageReference": )" +
                                      std::string(sku) + "}}")
                              .as_object());
    for (const Finding& finding : findings_of(pool)) {
      if (finding.rule->id == "g2-software") return json::serialize(finding.patch);
    }
    return std::string("not found");
  };
  EXPECT_EQ(patch_for(R"({"publisher": "microsoft-dsvm", "offer": "ubuntu-hpc", "sku": "2204"})"),
            "[]");
  EXPECT_NE(patch_for(R"({"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy",
                          "sku": "22_04-lts-gen2"})")
                .find("NvidiaGpuDriverLinux"),
            std::string::npos);
}

}  // namespace
}  // namespace batchyard::preflight
