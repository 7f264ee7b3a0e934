// Archives of root file systems that are nearly right: taken, or refused with a reason; nothing is
// written outside of the directory that they are unpacked into.
#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>

#include "edge/files/beneath.h"
#include "edge/image/image_test.h"
#include "edge/image/unpack_root.h"
#include "testing/mutator.h"

namespace batchyard::edge {
namespace {

constexpr int root_archives = 400;

class FuzzedRoots : public ImageTest {
 protected:
  std::vector<std::string> examples() {
    TarFile plain(path("plain.tar"));
    plain.directory("usr/bin").file("usr/bin/tool", "#!/bin/sh", 0755).link("bin", "usr/bin");
    plain.file("bin/other", std::string(2'000, 'a')).hard_link("twin", "usr/bin/tool");
    TarFile bad(path("bad.tar"));
    bad.file("good", "x").link("out", "../outside").file("out/evil", "x").file("../evil", "x");
    return {content_of(plain.close()), content_of(bad.close())};
  }
};

TEST_F(FuzzedRoots, NearlyRightArchivesAreTakenOrRefusedAndStayInside) {
  put("outside/theirs", "theirs");
  testing::Mutator mutator(1, examples());
  int taken = 0;
  for (int at = 0; at < root_archives; ++at) {
    const std::string bytes = mutator.next();
    const Opened file(memfd_create("archive", MFD_CLOEXEC));
    ASSERT_EQ(write(file.number(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    std::filesystem::create_directories(path("root"));
    const Opened root(open(path("root").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Result<RootFacts> facts = unpack_root(file.number(), root.number());
    taken += facts ? 1 : 0;
    if (!facts) {
      ASSERT_FALSE(facts.error().code.empty()) << at;
      ASSERT_FALSE(facts.error().message.empty()) << at;
    }
    std::filesystem::remove_all(path("root"));
  }
  EXPECT_GT(taken, 0);
  std::vector<std::string> there;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_))
    there.push_back(std::filesystem::relative(entry.path(), directory_));
  std::ranges::sort(there);
  EXPECT_EQ(there, (std::vector<std::string>{"bad.tar", "outside", "outside/theirs", "plain.tar"}));
}

}  // namespace
}  // namespace batchyard::edge
