#include "catalogue/catalogue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace batchyard {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Catalogue& ours() {
  return Catalogue::built_in();
}

std::vector<std::string> names_of(const std::vector<const Size*>& sizes) {
  std::vector<std::string> names;
  for (const Size* size : sizes) names.push_back(size->name);
  return names;
}

TEST(Catalogue, EverySizeOfTheTablesIsThereWithWhatItHas) {
  struct Expected {
    const char* name;
    int cores;
    int gpus;
    const char* gpu;
    const char* rdma;
  };
  for (const Expected& one : {Expected{"Standard_H16r", 16, 0, "", "networkDirect"},
                              {"Standard_H16mr", 16, 0, "", "networkDirect"},
                              {"Standard_A8", 8, 0, "", "networkDirect"},
                              {"Standard_A9", 16, 0, "", "networkDirect"},
                              {"Standard_NC24r", 24, 4, "Tesla K80", "networkDirect"},
                              {"Standard_NC24rs_v2", 24, 4, "Tesla P100", "sriov"},
                              {"Standard_NC24rs_v3", 24, 4, "Tesla V100", "sriov"},
                              {"Standard_ND24rs", 24, 4, "Tesla P40", "sriov"},
                              {"Standard_NV6", 6, 1, "Tesla M60", ""}}) {
    const Size* size = ours().size(one.name);
    ASSERT_NE(size, nullptr) << one.name;
    EXPECT_EQ(size->cores, one.cores) << one.name;
    EXPECT_EQ(size->gpus, one.gpus) << one.name;
    EXPECT_EQ(size->gpu, one.gpu) << one.name;
    EXPECT_EQ(size->rdma, one.rdma) << one.name;
  }
}

TEST(Catalogue, APersonMayWriteASizeInManyWays) {
  for (const char* text : {"Standard_NC6", "STANDARD_nc6", "NC6 Standard", "nc6 standard", "NC6",
                           "standard nc6", " NC6_Standard "}) {
    const Size* size = ours().size_meant(text);
    ASSERT_NE(size, nullptr) << text;
    EXPECT_EQ(size->name, "Standard_NC6") << text;
  }
  EXPECT_EQ(ours().size_meant("H16r Standard"), ours().size("standard_h16r"));
  EXPECT_EQ(ours().size_meant("NC7"), nullptr);
  EXPECT_EQ(ours().size("NC6 Standard"), nullptr);  // the API takes its own spelling alone
}

TEST(Catalogue, SimilarSizesAreThoseThatAreNearlySpeltSo) {
  EXPECT_TRUE(ours().similar_sizes("Standard_NC6_v3").starts_with("Standard_NC6s_v3, "));
  EXPECT_TRUE(ours().similar_sizes("Standard_HB120rsv3").starts_with("Standard_HB120rs_v3, "));
  EXPECT_TRUE(ours().similar_sizes("standar_d2s_v5").starts_with("Standard_D2s_v5, "));
}

TEST(Catalogue, ASeriesIsItsSizesInOrder) {
  EXPECT_THAT(names_of(ours().series("NC")),
              ElementsAre("Standard_NC6", "Standard_NC12", "Standard_NC24", "Standard_NC24r"));
  EXPECT_EQ(ours().series("ncv3"), ours().series("NCv3-series"));
  EXPECT_EQ(ours().series("NC_A100_v4"), ours().series("nc a100 v4 series"));
  for (const char* series : {"NC", "NCv2", "NCv3", "ND", "NDv2", "NV", "NVv2"})
    EXPECT_FALSE(ours().series(series).empty()) << series;
  EXPECT_TRUE(ours().series("Standard_NC6").empty());
}

TEST(Catalogue, ARowSaysWhatASizeNeeds) {
  const auto rows = [](const char* size, const char* os, Configuration configuration) {
    std::vector<std::string> ids;
    for (const Requirement* row : ours().needs(*ours().size(size), os, configuration))
      ids.push_back(row->id);
    return ids;
  };
  // RDMA-capable N-series sizes have GPUs, too.
  EXPECT_THAT(rows("Standard_NC24r", "linux", Configuration::virtual_machine),
              ElementsAre("L1", "L2"));
  EXPECT_THAT(rows("Standard_ND24rs", "windows", Configuration::virtual_machine),
              ElementsAre("W1", "W2"));
  EXPECT_THAT(rows("Standard_NV6", "windows", Configuration::virtual_machine), ElementsAre("W3"));
  EXPECT_THAT(rows("Standard_A8", "windows", Configuration::cloud_service), ElementsAre("C1"));
  EXPECT_THAT(rows("Standard_NC6", "windows", Configuration::cloud_service), ElementsAre());
  EXPECT_THAT(rows("Standard_D2_v3", "linux", Configuration::virtual_machine), ElementsAre());
}

TEST(Catalogue, ImagesSayWhatIsInstalled) {
  const auto has = [](const char* publisher, const char* offer, const char* sku) {
    const Image* image = ours().image(publisher, offer, sku);
    EXPECT_NE(image, nullptr) << offer << " " << sku;
    return image == nullptr ? std::vector<std::string>() : image->has;
  };
  EXPECT_THAT(has("OpenLogic", "CentOS-HPC", "7.4"),
              testing::IsSupersetOf({"intel-mpi", "rdma:networkDirect", "docker"}));
  EXPECT_THAT(has("microsoft-dsvm", "linux-data-science-vm-ubuntu", "linuxdsvmubuntu"),
              testing::Contains("cuda"));
  EXPECT_THAT(has("microsoft-dsvm", "dsvm-windows", "server-2016"), testing::Contains("cuda"));
  for (const auto& [offer, sku] :
       {std::pair("centos-container-rdma", "7-4"), {"ubuntu-server-container-rdma", "16-04-lts"}})
    EXPECT_THAT(has("microsoft-azure-batch", offer, sku),
                testing::IsSupersetOf({"cuda", "docker", "rdma:networkDirect"}));
  EXPECT_THAT(has("MicrosoftWindowsServer", "WindowsServer", "2016-Datacenter"), ElementsAre());
  EXPECT_THAT(has("Canonical", "UbuntuServer", "16.04-LTS"), ElementsAre());
  EXPECT_THAT(has("OpenLogic", "CentOS", "7.3"), ElementsAre());
  EXPECT_THAT(has("OpenLogic", "CentOS", "7.4"), ElementsAre());
  const auto mine = Catalogue::with(R"({"images":[{"publisher":"us","offer":"hpc","sku":"1",
      "os":"linux","system":"Debian 12","agent":"batch.node.debian 12","has":["mpi"]}]})");
  ASSERT_TRUE(mine.has_value()) << mine.error().message;
  EXPECT_THAT(mine->image("US", "hpc", "1")->has, ElementsAre("mpi"));
}

TEST(Catalogue, TheDriverOfAGpuSizeIsKnownByItsKind) {
  for (const Size& size : ours().facts().sizes) {
    if (size.gpu_vendor != "NVIDIA") {
      EXPECT_EQ(ours().driver_of(size), "") << size.name;
      continue;
    }
    const bool graphics = size.family.starts_with("NV");
    EXPECT_EQ(ours().driver_of(size), graphics ? "grid" : "cuda") << size.name;
  }
}

TEST(Catalogue, EveryFactHasASourceAndEveryNameIsOne) {
  const CatalogueFacts& facts = ours().facts();
  std::set<std::string> names;
  for (const Size& size : facts.sizes) {
    EXPECT_TRUE(names.insert(fold(size.name)).second) << size.name;
    EXPECT_FALSE(size.sources.empty()) << size.name;
    EXPECT_EQ(size.gpus > 0, !size.gpu.empty()) << size.name;
    EXPECT_EQ(size.rdma.empty(), size.gbps == 0) << size.name;
    EXPECT_EQ(size.ends.empty(), size.ends_source.empty()) << size.name;
  }
  for (const Image& image : facts.images) {
    EXPECT_TRUE(names.insert(fold(image.publisher + "/" + image.offer + "/" + image.sku)).second)
        << image.offer << " " << image.sku;
    EXPECT_FALSE(image.sources.empty()) << image.offer;
    const Agent* agent = ours().agent(image.agent);
    ASSERT_NE(agent, nullptr) << image.agent;
    EXPECT_EQ(agent->os, image.os) << image.offer;
  }
}

TEST(Catalogue, EveryRowNamesWhatThereIs) {
  const CatalogueFacts& facts = ours().facts();
  for (const Requirement& row : facts.required) {
    for (const std::string& name : row.sizes) EXPECT_NE(ours().size(name), nullptr) << name;
    for (const std::string& family : row.families)
      EXPECT_FALSE(ours().series(family).empty()) << family;
    for (const std::vector<std::string>& any : row.software) {
      for (const std::string& token : any) EXPECT_NE(ours().software_name(token), token) << token;
    }
    EXPECT_FALSE(row.sources.empty()) << row.id;
  }
  for (const Size& size : facts.sizes) {
    const bool barred = size.family.starts_with("N");
    EXPECT_TRUE(!barred || size.cloud_services == Offer::no) << size.name;
  }
}

TEST(Catalogue, AnOperatorAddsSizesAndChangesMembers) {
  const auto mine = Catalogue::with(R"({"sizes":[
      {"name":"Standard_Rack4","family":"Rack","cores":64,"memory_gib":512,"gpus":4,"gpu":"L40S"},
      {"name":"STANDARD_nc6","offered":false}]})");
  ASSERT_TRUE(mine.has_value()) << mine.error().message;
  ASSERT_NE(mine->size("standard_rack4"), nullptr);
  EXPECT_EQ(mine->size("standard_rack4")->gpus, 4);
  EXPECT_FALSE(mine->size("Standard_NC6")->offered);
  EXPECT_EQ(mine->size("Standard_NC6")->cores, 6);  // what was not said stays
  EXPECT_TRUE(ours().size("Standard_NC6")->offered);
}

TEST(Catalogue, AFileThatCannotBeReadSaysWhereAndWhy) {
  for (const auto& [text, expected] :
       {std::pair(R"({"sizes":[{"name":"S","vcpus":4}]})", "sizes S has an unknown member vcpus"),
        {R"({"sizes":[{"name":"S","cores":"four"}]})", "sizes S has cores in the wrong form"},
        {R"({"sizes":[{"cores":4}]})", "sizes[0] has no name"},
        {R"({"sizes":[{"name":"S","cores":-1}]})", "sizes S has cores '-1': give at least 1"},
        {R"({"sizes":[{"name":"S","rdma":"quick"}]})", "rdma 'quick': give networkDirect or sriov"},
        {R"({"sizes":[{"name":"S","ends":"soon"}]})", "ends 'soon': write a day"},
        {R"({"sizes":[{"name":"S","generations":[3]}]})", "a generation '3'"},
        {R"({"images":[{"publisher":"a"}]})", "images a// has offer ''"},
        {R"({"images":[{"publisher":"a","offer":"b","sku":"c","os":"linux","agent":"none"}]})",
         "agent 'none': there is no such node agent"},
        {R"({"images":[{"publisher":"a","offer":"b","sku":"c","os":"windows",
            "agent":"batch.node.ubuntu 22.04"}]})",
         "its node agent is for linux"},
        {R"({"required":[{"id":"X","os":"linux","sizes":["Standard_Z9"]}]})",
         "the size 'Standard_Z9'"},
        {R"({"required":[{"id":"X","os":"linux","software":[["cuba"]]}]})",
         "the software 'cuba': known are rdma"},
        {R"({"machines":[]})", "member machines is not known; known are sizes"},
        {R"({"sizes":{}})", "sizes must be a list"},
        {R"({"schema":2})", "schema 2 is not known"},
        {R"({"sizes":)", "is not JSON"}}) {
    const auto refused = Catalogue::with(text);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_THAT(refused.error().message, HasSubstr(expected));
  }
}

}  // namespace
}  // namespace batchyard
