// Archives that are nearly right: taken, or refused with a reason; what is taken names no place
// outside of where it is unpacked, and never grows beyond the limits.
#include <sys/mman.h>

#include "base/text.h"
#include "edge/files/beneath.h"
#include "edge/package/package_test.h"
#include "edge/package/zip.h"
#include "testing/mutator.h"

namespace batchyard::edge {
namespace {

constexpr int archives = 1'500;
constexpr ZipLimits little{
    .entries = 50, .unpacked = 1 << 20, .ratio = 200, .ratio_free = 64 << 10};

class FuzzedZips : public PackageTest {
 protected:
  std::vector<std::string> examples() {
    ZipFile plain(path("plain.zip"));
    plain.add("bin/tool", "#!/bin/sh", 0755).add("data/a.txt", std::string(3'000, 'a'));
    ZipFile bad(path("bad.zip"));
    bad.add("good", "x").add("../evil", "x").add("link", "/etc/passwd", 0777, AE_IFLNK);
    ZipFile empty(path("empty.zip"));
    return {bytes_of(plain.close()), bytes_of(bad.close()), bytes_of(empty.close())};
  }
};

struct Looks : public ZipVisitor {
  Result<> entry(const ZipEntry& entry) override {
    ++entries;
    for (const std::string_view part : split(entry.path, '/'))
      sound = sound && !part.empty() && part != "." && part != "..";
    sound = sound && (entry.mode & ~0777U) == 0;
    return Done();
  }
  Result<> bytes(const char*, std::size_t count) override {
    unpacked += static_cast<std::int64_t>(count);
    return Done();
  }
  bool sound = true;
  std::int64_t entries = 0, unpacked = 0;
};

TEST_F(FuzzedZips, NearlyRightArchivesAreSoundOrRefused) {
  testing::Mutator mutator(1, examples());
  int taken = 0;
  for (int at = 0; at < archives; ++at) {
    const std::string bytes = mutator.next();
    const Opened file(memfd_create("archive", MFD_CLOEXEC));
    ASSERT_EQ(write(file.number(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    Looks looks;
    const Result<> walked = walk_zip(file.number(), looks, little);
    ASSERT_TRUE(looks.sound) << at;
    ASSERT_LE(looks.entries, little.entries) << at;
    ASSERT_LE(looks.unpacked, little.unpacked) << at;
    taken += walked ? 1 : 0;
    if (walked) continue;
    ASSERT_EQ(walked.error().code, "InvalidArchive") << at;
    ASSERT_FALSE(walked.error().message.empty()) << at;
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace batchyard::edge
