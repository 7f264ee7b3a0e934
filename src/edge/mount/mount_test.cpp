#include "edge/mount/mount.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

// Tools that only write down what they are asked, in the place of the system's.
class Mounts : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/mounts-XXXXXX";
    directory_ = ::mkdtemp(path);
    fs::create_directories(directory_ + "/bin");
    fs::create_directories(directory_ + "/fsmounts");
    site_ = {directory_ + "/fsmounts", true, directory_ + "/bin"};
    tool("mount", "echo \"$@ password=$PASSWD\"");
  }
  void TearDown() override { fs::remove_all(directory_); }

  void tool(const std::string& name, const std::string& script) {
    const std::string path = directory_ + "/bin/" + name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
  }
  std::string log(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(directory_ + "/fsmounts/" + name).rdbuf();
    return text.str();
  }
  std::string error(const std::string& configuration) const {
    const Result<> mounted = mount_all(site_, configuration);
    return mounted ? "" : mounted.error().code + ": " + mounted.error().message;
  }

  std::string directory_;
  MountSite site_;
};

constexpr const char* nfs =
    R"([{"nfsMountConfiguration":{"source":"host:/data","relativeMountPath":"data",
         "mountOptions":"-o vers=4"}}])";

TEST_F(Mounts, AreMadeByTheSystemsTools) {
  tool("mount.nfs", "");
  tool("mount.cifs", "");
  EXPECT_EQ(error(nfs), "");
  EXPECT_EQ(log("nfs-data.log"),
            "-t nfs -o vers=4 host:/data " + directory_ + "/fsmounts/data password=\n");
  EXPECT_EQ(error(R"([{"azureFileShareConfiguration":{"accountName":"acc","accountKey":"k3y",
        "azureFileUrl":"https://acc.file.core.windows.net/share","relativeMountPath":"s/t"}}])"),
            "");
  EXPECT_EQ(log("cifs-s-t.log"), "-t cifs -o username=acc //acc.file.core.windows.net/share " +
                                     directory_ + "/fsmounts/s/t password=k3y\n");
}

TEST_F(Mounts, AToolThatIsMissingIsNamedWithItsPackage) {
  EXPECT_NE(error(nfs).find("MountConfigurationError"), std::string::npos);
  EXPECT_NE(error(nfs).find("nfs-common"), std::string::npos);
}

TEST_F(Mounts, AFailureNamesTheMountAndItsLog) {
  tool("mount.nfs", "");
  tool("mount", "echo no such host; exit 32");
  EXPECT_NE(error(nfs).find("status 32"), std::string::npos);
  EXPECT_NE(error(nfs).find("nfs-data.log"), std::string::npos);
  EXPECT_EQ(log("nfs-data.log"), "no such host\n");
}

TEST_F(Mounts, StayBelowTheirDirectoryAndTheNode) {
  EXPECT_NE(error(R"([{"nfsMountConfiguration":{"source":"h:/","relativeMountPath":"../x"}}])")
                .find("relativeMountPath"),
            std::string::npos);
  site_.own_view = false;
  EXPECT_NE(error(nfs).find("plain processes"), std::string::npos);
}

}  // namespace
}  // namespace batchyard::edge
