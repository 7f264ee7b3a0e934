#include "edge/accounts/accounts.h"

#include <crypt.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

class Accounts : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/accounts-XXXXXX";
    directory_ = ::mkdtemp(path);
    files_ = {directory_, directory_ + "/home"};
    std::ofstream(directory_ + "/passwd") << "root:x:0:0:root:/root:/bin/bash\n";
    std::ofstream(directory_ + "/shadow") << "root:*:19000:0:99999:7:::\n";
    std::ofstream(directory_ + "/group") << "root:x:0:\nsudo:x:27:carl\n";
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::string text(const std::string& name) const {
    std::stringstream content;
    content << std::ifstream(directory_ + "/" + name).rdbuf();
    return content.str();
  }

  std::string directory_;
  AccountFiles files_;
};

TEST_F(Accounts, AreWrittenAndTakenBack) {
  protocol::Account ann{.name = "ann",
                        .admin = true,
                        .expires = Time(std::chrono::days(20'000)),
                        .password_hash = "$6$hash",
                        .ssh_public_key = "ssh-rsa A",
                        .uid = 62000,
                        .gid = 62000};
  const protocol::Account bob{.name = "bob", .uid = 7001, .gid = 7002};
  ASSERT_TRUE(write_accounts(files_, {ann, bob}));
  EXPECT_NE(text("passwd").find("ann:x:62000:62000:"), std::string::npos) << text("passwd");
  EXPECT_NE(text("passwd").find("bob:x:7001:7002:"), std::string::npos);
  EXPECT_NE(text("shadow").find("ann:$6$hash:"), std::string::npos);
  EXPECT_NE(text("shadow").find(":7::20000:\n"), std::string::npos);
  EXPECT_NE(text("shadow").find("bob:*:"), std::string::npos);
  EXPECT_NE(text("group").find("sudo:x:27:carl,ann\n"), std::string::npos);
  EXPECT_EQ(text("home/ann/.ssh/authorized_keys"), "ssh-rsa A\n");

  ann.ssh_public_key.clear();
  ann.admin = false;
  ASSERT_TRUE(write_accounts(files_, {ann}));
  EXPECT_EQ(text("passwd").find("bob"), std::string::npos);
  EXPECT_NE(text("group").find("sudo:x:27:carl\n"), std::string::npos);
  EXPECT_FALSE(fs::exists(directory_ + "/home/ann/.ssh/authorized_keys"));
  ASSERT_TRUE(write_accounts(files_, {}));
  EXPECT_EQ(text("passwd"), "root:x:0:0:root:/root:/bin/bash\n");
  EXPECT_EQ(text("shadow"), "root:*:19000:0:99999:7:::\n");
  EXPECT_EQ(text("group"), "root:x:0:\nsudo:x:27:carl\n");
}

TEST_F(Accounts, OfTheMachineAreNotTouched) {
  const Result<> refused = write_accounts(files_, {{.name = "root"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("root"), std::string::npos);
  EXPECT_EQ(text("passwd"), "root:x:0:0:root:/root:/bin/bash\n");
}

TEST_F(Accounts, APasswordIsKnownByItsHashOnly) {
  const std::string hash = hash_password("s3cret");
  EXPECT_TRUE(hash.starts_with("$6$"));
  EXPECT_NE(hash, hash_password("s3cret"));
  EXPECT_STREQ(::crypt("s3cret", hash.c_str()), hash.c_str());
  EXPECT_STRNE(::crypt("other", hash.c_str()), hash.c_str());
}

}  // namespace
}  // namespace batchyard::edge
