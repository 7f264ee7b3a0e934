// Which archives are taken, which are refused and for which entry, and what unpacking makes of one.
#include "edge/package/zip.h"

#include <sys/stat.h>

#include "edge/files/beneath.h"
#include "edge/package/package_test.h"
#include "edge/package/unpack.h"

namespace batchyard::edge {
namespace {

class Zips : public PackageTest {
 protected:
  std::string refusal(const std::string& archive) {
    const Opened file(open(archive.c_str(), O_RDONLY | O_CLOEXEC));
    const Result<> checked = check_zip(file.number());
    if (checked) return "";
    EXPECT_EQ(checked.error().code, "InvalidArchive");
    return checked.error().message;
  }
  // Of an archive with one good entry and this one.
  std::string refusal_of(const std::string& name, const std::string& text = "x",
                         unsigned type = AE_IFREG) {
    ZipFile zip(path("a.zip"));
    zip.add("good/file.txt", "good").add(name, text, 0644, type);
    return refusal(zip.close());
  }
  Result<> limited(const ZipLimits& limits) {
    class Nobody : public ZipVisitor {
      Result<> entry(const ZipEntry&) override { return Done(); }
      Result<> bytes(const char*, std::size_t) override { return Done(); }
    } nobody;
    const Opened file(open(path("a.zip").c_str(), O_RDONLY | O_CLOEXEC));
    return walk_zip(file.number(), nobody, limits);
  }
};

TEST_F(Zips, TheEntryThatIsRefusedIsNamed) {
  EXPECT_EQ(refusal_of("other.txt"), "");
  struct Case {
    std::string name, text, why;
    unsigned type = AE_IFREG;
  };
  for (const Case& bad :
       {Case{"evil/link", "/etc/passwd", "symbolic link", AE_IFLNK},
        Case{"../evil", "x", "leads out"}, Case{"a/../../evil", "x", "leads out"},
        Case{"a\\..\\evil", "x", "leads out"}, Case{"/etc/evil", "x", "absolute"},
        Case{"C:/evil", "x", "absolute"}, Case{"GOOD/evil", "x", "case alone"},
        Case{"good/FILE.txt", "x", "case alone"}, Case{"good/file.txt", "x", "twice"},
        Case{"good/file.txt/evil", "x", "a file and a directory"}}) {
    const std::string said = refusal_of(bad.name, bad.text, bad.type);
    EXPECT_NE(said.find(bad.why), std::string::npos) << bad.name << ": " << said;
    EXPECT_NE(said.find("entry '"), std::string::npos) << said;
  }
}

TEST_F(Zips, WhatIsNoSoundArchiveIsRefused) {
  std::ofstream(path("text")) << "no archive at all";
  EXPECT_NE(refusal(path("text")).find("no sound zip"), std::string::npos);
  std::ofstream(path("empty")) << "";
  EXPECT_NE(refusal(path("empty")).find("no sound zip"), std::string::npos);
  ZipFile zip(path("a.zip"));
  zip.add("file", std::string(5000, 'a') + "b");
  std::string bytes = bytes_of(zip.close());
  std::ofstream(path("short"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_NE(refusal(path("short")), "");
  // A byte of its contents is another one: the check sum tells.
  const std::size_t contents = 30 + 4 + static_cast<unsigned char>(bytes[28]);
  bytes[contents + 3] = static_cast<char>(bytes[contents + 3] ^ 0x55);
  std::ofstream(path("damaged"), std::ios::binary) << bytes;
  EXPECT_NE(refusal(path("damaged")).find("'file'"), std::string::npos) << refusal(path("damaged"));
}

TEST_F(Zips, BombsAreRefused) {
  ZipFile zip(path("a.zip"));
  zip.add("one", std::string(1 << 20, '\0')).add("two", std::string(1 << 20, '\0')).close();
  const ZipLimits usual = zip_limits();
  EXPECT_TRUE(limited(usual));
  ZipLimits few = usual;
  few.entries = 1;
  EXPECT_NE(limited(few).error().message.find("at most 1 entries"), std::string::npos);
  ZipLimits small = usual;
  small.unpacked = (1 << 20) + 1;
  EXPECT_NE(limited(small).error().message.find("'two'"), std::string::npos);
  ZipLimits dense = usual;
  dense.ratio_free = 1000;
  EXPECT_NE(limited(dense).error().message.find("times its size"), std::string::npos);
}

TEST_F(Zips, EverybodyMayReadWhatIsUnpackedAndProgramsStayPrograms) {
  ZipFile zip(path("a.zip"));
  zip.add("bin/tool", "#!/bin/sh\n", 04700)
      .add("data/secret.txt", "text", 0600)
      .add("empty/", "", 0700, AE_IFDIR)
      .add("Größe.txt", "ä")
      .close();
  std::filesystem::create_directory(path("out"));
  const Opened archive(open(path("a.zip").c_str(), O_RDONLY | O_CLOEXEC));
  const Opened out(open(path("out").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Result<> unpacked = unpack_zip(archive.number(), out.number());
  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_EQ(bytes_of(path("out/bin/tool")), "#!/bin/sh\n");
  EXPECT_EQ(bytes_of(path("out/Größe.txt")), "ä");
  const auto mode = [&](const std::string& name) {
    struct stat stat{};
    EXPECT_EQ(lstat(path("out/" + name).c_str(), &stat), 0) << name;
    return stat.st_mode & 07777U;
  };
  EXPECT_EQ(mode("bin/tool"), 0755U);
  EXPECT_EQ(mode("bin"), 0755U);
  EXPECT_EQ(mode("data/secret.txt"), 0644U);
  EXPECT_EQ(mode("empty"), 0755U);
}

}  // namespace
}  // namespace batchyard::edge
