#include "model/image.h"

#include <gtest/gtest.h>

namespace batchyard {
namespace {

using namespace std::chrono_literals;

constexpr const char* gallery =
    "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/galleries/shelf/images/gpu";
constexpr const char* managed =
    "/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/images/gpu";

ImageRecord image(std::string name, std::string id, int minute) {
  ImageRecord record;
  record.name = std::move(name);
  record.id = std::move(id);
  record.made = Time(std::chrono::minutes(minute));
  return record;
}

TEST(Image, NamesAreFilesNamesAndNoWordsOfOurOwn) {
  for (const char* good : {"gpu", "Ubuntu_16.04-cuda", "a"}) EXPECT_TRUE(is_image_name(good));
  for (const char* bad : {"", ".hidden", "-x", "a/b", "<custom image id>", "host", "Host-Copy"})
    EXPECT_FALSE(is_image_name(bad)) << bad;
}

TEST(Image, AnIdNamesItsImage) {
  EXPECT_EQ(image_name_in(managed), "gpu");
  EXPECT_EQ(image_name_in(std::string(gallery) + "/versions/1.2.3"), "gpu");
  EXPECT_EQ(image_name_in("gpu"), "gpu");
  EXPECT_EQ(image_name_in("/subscriptions/S/disks/gpu"), "");
  EXPECT_EQ(name_for_id(std::string(gallery) + "/versions/1.2.3"), "gpu-1.2.3");
  EXPECT_EQ(name_for_id(managed), "gpu");
  EXPECT_TRUE(is_own_image(managed));
  EXPECT_TRUE(is_own_image("gpu"));
  EXPECT_FALSE(is_own_image("OpenLogic/CentOS-HPC/7.4/latest"));
}

TEST(Image, AnImageByNameServesEveryIdThatNamesIt) {
  const std::vector<ImageRecord> images{image("gpu", "", 1)};
  for (const std::string& id : {std::string("GPU"), std::string(managed), std::string(gallery),
                                std::string(gallery) + "/versions/7.0.0"})
    EXPECT_EQ(find_image(images, id), &images[0]) << id;
  EXPECT_EQ(find_image(images, "cpu"), nullptr);
}

TEST(Image, OfAGallerysVersionsTheNamedOrTheNewestIsMeant) {
  const std::string id = gallery;
  const std::vector<ImageRecord> images{image("gpu-2.0.0", id + "/versions/2.0.0", 2),
                                        image("gpu-1.0.0", id + "/versions/1.0.0", 1)};
  EXPECT_EQ(find_image(images, id + "/Versions/1.0.0"), &images[1]);
  EXPECT_EQ(find_image(images, id), &images[0]);
  EXPECT_EQ(find_image(images, id + "/versions/latest"), &images[0]);
  EXPECT_EQ(find_image(images, id + "/versions/3.0.0"), nullptr);
  EXPECT_EQ(find_image(images, managed), nullptr) << "another image of the same name";
  EXPECT_EQ(find_image(images, "gpu-1.0.0"), &images[1]);
}

TEST(Image, BindingsGoFromTheVersionToTheImageToAll) {
  std::vector<ImageBinding> bindings{{"OpenLogic/CentOS-HPC/7.4", "centos"}};
  EXPECT_EQ(binding_of(bindings, "openlogic/centos-hpc/7.4/latest"), "centos");
  EXPECT_EQ(binding_of(bindings, "canonical/ubuntuserver/16.04/latest"), "host");
  bindings.push_back({"OpenLogic/CentOS-HPC/7.4/7.4.2018", "old"});
  bindings.push_back({"*", "host-copy"});
  EXPECT_EQ(binding_of(bindings, "openlogic/centos-hpc/7.4/7.4.2018"), "old");
  EXPECT_EQ(binding_of(bindings, "canonical/ubuntuserver/16.04/latest"), "host-copy");
}

TEST(Image, ItsSystemSaysWhichAgentItFits) {
  const SystemFacts debian =
      system_of("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n");
  EXPECT_EQ(debian.name, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(debian.agent, "batch.node.debian 12");
  EXPECT_EQ(system_of("ID=ubuntu\nVERSION_ID=22.04\n").agent, "batch.node.ubuntu 22.04");
  EXPECT_EQ(system_of("ID=\"rocky\"\nVERSION_ID=\"9.4\"").agent, "batch.node.el 9");
  EXPECT_EQ(system_of("NAME=Plain\nID=debian\n").agent, "");
  EXPECT_EQ(system_of("NAME=Plain\nID=other\n").name, "Plain");
}

}  // namespace
}  // namespace batchyard
