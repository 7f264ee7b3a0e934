#include "edge/definition/definition_text.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

namespace json = boost::json;

constexpr const char* shipyard_pool = R"(# Our pool.
pool_specification:
  id: render
  vm_size: STANDARD_H16R   # with RDMA
  vm_count: {dedicated: 2, low_priority: 0}
  inter_node_communication_enabled: false
  vm_configuration:
    platform_image:
      sku: '7.4'
      version: 7.4
)";

json::object step(const char* verb, const char* path, json::value value = nullptr) {
  json::object made{{"op", verb}, {"path", path}};
  if (std::string_view(verb) != "remove") made["value"] = std::move(value);
  return made;
}

TEST(DefinitionText, YamlIsReadWithItsTypesAndLines) {
  const auto read = read_definition(shipyard_pool);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(read->yaml);
  const json::object& pool = read->value.at("pool_specification").as_object();
  EXPECT_EQ(pool.at("vm_count").at("dedicated"), json::value(2));
  EXPECT_EQ(pool.at("inter_node_communication_enabled"), json::value(false));
  EXPECT_EQ(pool.at("vm_configuration").at("platform_image").at("sku"), json::value("7.4"));
  EXPECT_EQ(pool.at("vm_configuration").at("platform_image").at("version"), json::value("7.4"));
  EXPECT_EQ(read->line_of("/pool_specification/vm_size"), 4);
  EXPECT_EQ(read->line_of("/pool_specification/vm_configuration/platform_image/offer"), 8);
}

TEST(DefinitionText, JsonIsReadWithItsLines) {
  const auto read = read_definition("{\n \"vmSize\": \"a\",\n \"x\": [\n  {\"y\": 1}]}\n");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_FALSE(read->yaml);
  EXPECT_EQ(read->line_of("/vmSize"), 2);
  EXPECT_EQ(read->line_of("/x/0/y"), 4);
  EXPECT_EQ(read->line_of("/none"), 1);
}

TEST(DefinitionText, WhatIsNeitherSaysWhere) {
  for (const char* text : {"{\"a\": ", "a: [1, 2", "just words", ""})
    EXPECT_FALSE(read_definition(text).has_value()) << text;
  EXPECT_NE(read_definition("a: b\n - c: [").error().message.find("line"), std::string::npos);
  std::string deep;
  for (int depth = 0; depth < 100; ++depth) deep += "[";
  EXPECT_FALSE(read_definition(deep + std::string(100, ']')).has_value());
}

TEST(DefinitionText, AnAliasThatGrowsWithoutEndIsRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 9; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [";
    for (int count = 0; count < 9; ++count) text += (count == 0 ? "" : ", ") + below;
    text += "]\n";
  }
  EXPECT_FALSE(read_definition(text).has_value());
}

TEST(DefinitionText, APatchKeepsTheCommentsOfYaml) {
  auto text = patched(shipyard_pool, step("add", "/pool_specification/vm_size", "STANDARD_H16MR"));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  EXPECT_NE(text->find("vm_size: STANDARD_H16MR   # with RDMA"), std::string::npos) << *text;
  text = patched(*text, step("add", "/pool_specification/inter_node_communication_enabled", true));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  text = patched(*text, step("add", "/pool_specification/max_tasks_per_node", 1));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  text =
      patched(*text, step("remove", "/pool_specification/vm_configuration/platform_image/version"));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  EXPECT_EQ(*text, R"(# Our pool.
pool_specification:
  max_tasks_per_node: 1
  id: render
  vm_size: STANDARD_H16MR   # with RDMA
  vm_count: {dedicated: 2, low_priority: 0}
  inter_node_communication_enabled: true
  vm_configuration:
    platform_image:
      sku: '7.4'
)");
}

TEST(DefinitionText, MappingsOnOneLineAreWrittenInto) {
  auto text = patched(shipyard_pool, step("add", "/pool_specification/vm_count/dedicated", 3));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  EXPECT_NE(text->find("vm_count: {dedicated: 3, low_priority: 0}"), std::string::npos) << *text;
  text = patched("a: {b: 1}\n", step("add", "/a/c", "x y"));
  ASSERT_TRUE(text.has_value()) << text.error().message;
  EXPECT_EQ(*text, "a: {c: \"x y\", b: 1}\n");
  EXPECT_FALSE(patched("a: {b: 1, c: 2}\n", step("remove", "/a/c")).has_value());
}

TEST(DefinitionText, AMemberGoesWithAllOfItsLines) {
  const std::string text =
      "pool:\n  disks:\n    targets:\n    - one\n\n    # its own\n    - two\n  # of what comes "
      "next\n"
      "  size: 3\n";
  const auto without = patched(text, step("remove", "/pool/disks"));
  ASSERT_TRUE(without.has_value()) << without.error().message;
  EXPECT_EQ(*without, "pool:\n  # of what comes next\n  size: 3\n");
  const auto last = patched(text, step("remove", "/pool/size"));
  ASSERT_TRUE(last.has_value()) << last.error().message;
  EXPECT_TRUE(last->ends_with("  # of what comes next\n")) << *last;
  const auto list = patched("a: 1\nb:\n- x\n- y\nc: 2\n", step("remove", "/b"));
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_EQ(*list, "a: 1\nc: 2\n");
}

TEST(DefinitionText, WhatCannotBeReadIsToldWithItsPlace) {
  const auto reason = [](const std::string& text) {
    const auto read = read_definition(text);
    return read ? std::string("it was read") : read.error().message;
  };
  EXPECT_EQ(reason(""), "the file is empty");
  EXPECT_EQ(reason("{\n \"id\": \"p\",\n"), "line 3: it is no JSON: incomplete JSON");
  EXPECT_EQ(reason("id: a\n---\nid: b\n"),
            "it has 2 YAML documents: give each in a file of its own");
  EXPECT_EQ(reason("{\"id\": \"\xff\"}"), "the file is no text: it is neither UTF-8 nor UTF-16");
  EXPECT_EQ(reason(std::string(definition_max + 1, ' ')), "the file is larger than 4 MiB");
}

TEST(DefinitionText, ASignTooManyIsNoReasonToReadForEver) {
  EXPECT_FALSE(read_definition("{\"a\": {\n\"b\n},\n\"c\": 1\n}\n}\n").has_value());
  EXPECT_FALSE(read_definition("{\"id\": \"p\", \"vmSize\": }").has_value());
  EXPECT_FALSE(read_definition("{\"id\": \"p\"}}").has_value());
  EXPECT_TRUE(read_definition("{id: p, vmSize: Standard_D2_v3}").has_value());
  EXPECT_TRUE(read_definition("# head\n---\nid: p\n...\n").has_value());
}

TEST(DefinitionText, FilesOfPowerShellAreRead) {
  const std::string little("\xFF\xFE{\0\"\0a\0\"\0:\0\"\0\xE9\0=\xD8\0\xDE\"\0}\0", 24);
  std::string big = little;
  for (std::size_t at = 0; at + 1 < big.size(); at += 2) std::swap(big[at], big[at + 1]);
  for (const std::string& text : {little, big}) {
    const auto read = read_definition(text);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->value.at("a"), "\u00e9\U0001F600");
    const auto mended = patched(text, step("add", "/a", "b"));
    ASSERT_TRUE(mended.has_value());
    EXPECT_EQ(*mended, "{\n  \"a\": \"b\"\n}\n");
  }
}

TEST(DefinitionText, CommentsOfJsonAreReadOverAndKept) {
  const std::string text = "// first\n{\n  \"a\": \"b//c\", /* two\n lines */ \"d\": [1, 2,],\n}\n";
  const auto read = read_definition(text);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(json::serialize(read->value), R"({"a":"b//c","d":[1,2]})");
  EXPECT_EQ(read->line_of("/a"), 3);
  EXPECT_EQ(read->line_of("/d"), 4);
  EXPECT_FALSE(patched(text, step("remove", "/a")).has_value());
  EXPECT_FALSE(read_definition("{\"a\": 1 /* open").has_value());
}

TEST(DefinitionText, APatchOfJsonKeepsTheOrderOfMembers) {
  const auto text = patched(R"({"b":1,"a":{"x":[]},"c":true})", step("remove", "/b"));
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, "{\n  \"a\": {\n    \"x\": []\n  },\n  \"c\": true\n}\n");
}

}  // namespace
}  // namespace batchyard::edge
