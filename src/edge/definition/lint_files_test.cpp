// Whole files: pools as people broke theirs, rebuilt from public descriptions, and sound ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "edge/definition/definition_text.h"
#include "preflight/document.h"

namespace batchyard::edge {
namespace {

namespace json = boost::json;

const std::filesystem::path lint_files = "tests/golden/lint";

std::string whole_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Told {
  std::string form;
  std::set<std::string> rules;
  std::string text;
  std::size_t pools = 0;
};

Told told_of(const std::string& text, const std::string& date) {
  Told told;
  const auto read = read_definition(text);
  EXPECT_TRUE(read.has_value()) << read.error().message;
  if (!read) return told;
  for (const preflight::FoundPool& pool :
       preflight::pools_in(read->value, preflight::Circumstances{.date = date})) {
    ++told.pools;
    told.form = pool.form;
    const preflight::Definition definition(pool.pool, pool.circumstances);
    for (const preflight::Finding& finding : preflight::findings_of(definition)) {
      if (finding.rule->severity == preflight::Severity::note) continue;
      told.rules.insert(finding.rule->id);
      told.text += fmt::format("\n  {}: {}", finding.rule->id, finding.wrong);
    }
  }
  return told;
}

TEST(LintFiles, WhatBrokePeoplesPoolsIsFound) {
  const json::value expected = json::parse(whole_file(lint_files / "expected.json"));
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(lint_files / "broken")) {
    const std::string name = entry.path().filename().string();
    const json::object& want = expected.at(name).as_object();
    const json::value* date = want.if_contains("date");
    const Told told =
        told_of(whole_file(entry.path()), date == nullptr ? "" : std::string(date->get_string()));
    for (const json::value& rule : want.at("rules").as_array())
      EXPECT_TRUE(told.rules.contains(std::string(rule.get_string())))
          << name << " lacks " << rule << "; found" << told.text;
    ++seen;
  }
  EXPECT_EQ(seen, expected.as_object().size());
}

TEST(LintFiles, SoundFilesOfEveryFormAreSound) {
  std::set<std::string> forms;
  for (const auto& entry : std::filesystem::directory_iterator(lint_files / "sound")) {
    const Told told = told_of(whole_file(entry.path()), "");
    EXPECT_EQ(told.pools, 1U) << entry.path();
    EXPECT_EQ(told.text, "") << entry.path();
    forms.insert(told.form);
  }
  EXPECT_EQ(forms,
            (std::set<std::string>{"ARM", "Batch CLI template", "Batch Shipyard", "data plane"}));
}

TEST(LintFiles, TheExamplesAreSound) {
  int pools = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("examples")) {
    if (!entry.path().filename().string().starts_with("pool")) continue;
    const Told told = told_of(whole_file(entry.path()), "");
    EXPECT_EQ(told.text, "") << entry.path();
    ++pools;
  }
  EXPECT_GE(pools, 4);
}

TEST(LintFiles, APatchIsInTheWordsOfItsFile) {
  std::string text = whole_file(lint_files / "sound/arm_template.json");
  text.replace(text.find("Enabled"), 7, "Disabled");
  const auto read = read_definition(text);
  ASSERT_TRUE(read.has_value());
  const auto pools = preflight::pools_in(read->value, {});
  const preflight::Definition definition(pools[0].pool, pools[0].circumstances);
  const auto findings = preflight::findings_of(definition);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(pools[0].pointer_of(findings[0].path),
            "/resources/0/resources/0/properties/interNodeCommunication");
  EXPECT_EQ(json::serialize(pools[0].patch_of(findings[0], read->value)),
            R"([{"op":"add","path":"/resources/0/resources/0/properties/interNodeCommunication",)"
            R"("value":"Enabled"}])");
}

}  // namespace
}  // namespace batchyard::edge
