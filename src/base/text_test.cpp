#include "base/text.h"

#include <gtest/gtest.h>

namespace batchyard {
namespace {

using Words = std::vector<std::string>;

TEST(Fold, AsciiOnly) {
  EXPECT_EQ(fold("AbC-9_Z"), "abc-9_z");
  EXPECT_EQ(fold("\xc3\x84"), "\xc3\x84");
  EXPECT_TRUE(same_folded("Pool", "pOOL"));
  EXPECT_FALSE(same_folded("pool", "pools"));
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("a", ',').size(), 1u);
  EXPECT_EQ(trim(" \ta b\t "), "a b");
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Integer, WholeTextOrNothing) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-7"), -7);
  for (const char* text : {"", "4x", " 4", "4.0", "99999999999999999999"})
    EXPECT_FALSE(parse_integer(text)) << text;
}

TEST(Percent, DecodesAndRefusesBrokenEscapes) {
  EXPECT_EQ(percent_decode("a%20b%2Fc"), "a b/c");
  EXPECT_FALSE(percent_decode("a%2"));
  EXPECT_FALSE(percent_decode("a%zz"));
  EXPECT_EQ(percent_encode("a b/c~"), "a%20b%2Fc~");
}

TEST(Percent, EveryByteComesBack) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
}

// Vectors of RFC 4648, section 10.
TEST(Base64, Vectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64_encode(plain), encoded);
    EXPECT_EQ(base64_decode(encoded), plain);
  }
  EXPECT_FALSE(base64_decode("Zg="));
  EXPECT_FALSE(base64_decode("Z*=="));
  for (const char* plain : {"", "f", "fo", "foo", "\xFB\xFF\xFE"}) {
    const std::string encoded = base64url_encode(plain);
    EXPECT_EQ(encoded.find_first_of("+/="), std::string::npos) << encoded;
    EXPECT_EQ(base64url_decode(encoded), plain);
  }
  EXPECT_EQ(base64url_encode("\xFB\xFF\xFE"), "-__-");
  for (const char* wrong : {"Zg==", "Z", "+__-", "Z*"}) EXPECT_FALSE(base64url_decode(wrong));
}

TEST(Hex, LowerCase) {
  EXPECT_EQ(hex_encode(std::string_view("\x00\xff\x1a", 3)), "00ff1a");
}

TEST(CommandLine, GroupsAsAShellDoes) {
  EXPECT_EQ(split_command_line("mpirun  -n 3 ./app"), (Words{"mpirun", "-n", "3", "./app"}));
  EXPECT_EQ(split_command_line("/bin/sh -c 'echo \"a  b\"'"),
            (Words{"/bin/sh", "-c", "echo \"a  b\""}));
  EXPECT_EQ(split_command_line("a \"b \\\" c\" d\\ e"), (Words{"a", "b \" c", "d e"}));
  EXPECT_EQ(split_command_line("a '' b"), (Words{"a", "", "b"}));
}

TEST(CommandLine, ThereIsNoShell) {
  EXPECT_EQ(split_command_line("echo $HOME > x; ls | wc"),
            (Words{"echo", "$HOME", ">", "x;", "ls", "|", "wc"}));
}

TEST(CommandLine, OpenQuotesAreRefused) {
  EXPECT_FALSE(split_command_line("echo 'a"));
  EXPECT_FALSE(split_command_line("echo \"a"));
}

TEST(Text, WhateverCameIsShownReadable) {
  EXPECT_EQ(readable("plain \u00fc \u20ac", 99), "plain \u00fc \u20ac");
  EXPECT_EQ(readable("a\xFF\xC3", 99), "a??");
  EXPECT_EQ(readable("\xED\xA0\x80z", 99), "???z");
  EXPECT_EQ(readable("abcdef", 3), "abc...");
  EXPECT_EQ(readable("ab\u20ac", 4), "ab...");  // a character is shown whole or not at all
  EXPECT_EQ(readable("", 0), "");
}

TEST(Text, PlainUtf8IsWhatJsonTakes) {
  for (const char* good : {"", "plain", "\u00fc", "\u20ac", "\U0001F600"})
    EXPECT_TRUE(is_plain_utf8(good));
  for (const char* bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80"})
    EXPECT_FALSE(is_plain_utf8(bad));
  EXPECT_FALSE(is_plain_utf8(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace batchyard
