#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error_codes.h"
#include "base/text.h"
#include "preflight/examples.h"

namespace batchyard::preflight {
namespace {

namespace json = boost::json;

// What an example's pool is judged to be. `file` is the whole document.
struct Judged {
  json::value file;
  std::unique_ptr<Catalogue> catalogue;
  std::vector<FoundPool> found;
  std::vector<std::unique_ptr<Definition>> pools;
  std::vector<Finding> findings;

  bool has(const std::string& rule) const {
    return std::ranges::any_of(findings, [&](const Finding& one) { return one.rule->id == rule; });
  }
  std::string told(bool notes) const {
    std::string text;
    for (const Finding& one : findings)
      if (notes || one.rule->severity != Severity::note)
        text += fmt::format("\n  {} at {} ({}): {}", one.rule->id, one.path, one.value, one.wrong);
    return text;
  }
};

std::unique_ptr<Judged> judge(json::value file, const Example& example) {
  auto judged = std::make_unique<Judged>();
  judged->file = std::move(file);
  Circumstances circumstances{.date = example.date};
  if (!example.catalogue.empty()) {
    judged->catalogue = std::make_unique<Catalogue>(Catalogue::with(example.catalogue).value());
    circumstances.catalogue = judged->catalogue.get();
  }
  judged->found = pools_in(judged->file, circumstances);
  for (const FoundPool& one : judged->found) {
    judged->pools.push_back(std::make_unique<Definition>(one.pool, one.circumstances));
    for (Finding& finding : findings_of(*judged->pools.back()))
      judged->findings.push_back(std::move(finding));
  }
  return judged;
}

json::value file_of(const Example& example, const json::value& change) {
  if (example.file) return change;
  json::value pool = sound_pools().at(example.of);
  merge(pool, change);
  return pool;
}

TEST(Rules, EachHasANameASourceAndAReason) {
  std::set<std::string> names;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(names.insert(rule.id).second) << rule.id;
    EXPECT_FALSE(rule.source.empty()) << rule.id;
    EXPECT_GT(rule.why.size(), 15U) << rule.id;
  }
  EXPECT_GE(rules().size(), 150U);
}

TEST(Rules, EachHasAnExampleThatFailsAndOneThatPasses) {
  std::map<std::string, int> seen;
  for (const Example& example : examples()) ++seen[example.rule];
  for (const Rule& rule : rules()) EXPECT_GE(seen[rule.id], 1) << "no example of " << rule.id;
  for (const auto& [name, count] : seen)
    EXPECT_NE(find_rule(name), nullptr) << "an example of no rule: " << name;
}

TEST(Rules, WhatFailsIsFoundAndWhatPassesIsSound) {
  for (const Example& example : examples()) {
    const auto bad = judge(file_of(example, example.fails), example);
    ASSERT_FALSE(bad->found.empty()) << example.rule;
    EXPECT_TRUE(bad->has(example.rule))
        << example.rule << " finds nothing; found:" << bad->told(true);
    const auto good = judge(file_of(example, example.passes), example);
    ASSERT_FALSE(good->found.empty()) << example.rule;
    EXPECT_FALSE(good->has(example.rule)) << example.rule;
    EXPECT_EQ(good->told(false), "") << "what passes " << example.rule;
  }
}

TEST(Rules, APatchMendsWhatItsFindingSays) {
  int patches = 0;
  for (const Example& example : examples()) {
    const auto bad = judge(file_of(example, example.fails), example);
    for (const Finding& finding : bad->findings) {
      if (finding.rule->id != example.rule || finding.patch.empty()) continue;
      ++patches;
      json::value mended = bad->file;
      const Result<> applied = apply(mended, bad->found.front().patch_of(finding, bad->file));
      ASSERT_TRUE(applied.has_value()) << example.rule << ": " << applied.error().message;
      const auto after = judge(mended, example);
      const auto same = std::ranges::count_if(after->findings, [&](const Finding& one) {
        return one.rule == finding.rule && one.path == finding.path && one.value == finding.value &&
               one.wrong == finding.wrong;
      });
      EXPECT_EQ(same, 0) << example.rule << " still finds: " << finding.wrong << "\n"
                         << json::serialize(mended);
      break;
    }
  }
  EXPECT_GT(patches, 90);
}

TEST(Rules, SoundPoolsAreSound) {
  for (const auto& [name, pool] : sound_pools()) {
    const auto judged = judge(pool, {});
    EXPECT_EQ(judged->told(false), "") << std::string_view(name);
  }
}

TEST(Rules, AnErrorHasACodeOfTheService) {
  for (const Rule& rule : rules()) {
    const bool refuses = rule.severity == Severity::error;
    EXPECT_TRUE(!refuses || facts_of_code(rule.code) != nullptr) << rule.id;
  }
}

// ---- docs/rules.md

std::string shortened(const json::value& value) {
  constexpr std::size_t shown_max = 300;
  std::string text = json::serialize(value);
  if (text.size() > shown_max) text.replace(shown_max, std::string::npos, "…");
  return text;
}

std::string page() {
  std::string text =
      "# Rules\n\nWhat `batchyard lint` and the service look for in pools: " +
      std::to_string(rules().size()) +
      " rules. An **error** is what Azure refuses, with its\ncode; a **warning** is what Azure "
      "takes "
      "and what will not do; a **note** is shown by `lint --notes` alone. Rules of the calendar\n"
      "(`ended-`, `ends-`) ask what Azure still has, and only `--date` makes them.\n\nThe examples "
      "are the tests: a sound pool of `tests/golden/rules/pools.json` with these members merged "
      "into it.\nThis page is made of them (`BATCHYARD_REWRITE_GOLDEN=1 by_preflight_test`).\n";
  std::map<std::string, Example> by_rule;
  for (const Example& example : examples()) by_rule.emplace(example.rule, example);
  std::string topic;
  for (const Rule& rule : rules()) {
    const Example& example = by_rule[rule.id];
    if (example.topic != topic) {
      topic = example.topic;
      std::string title = topic;
      std::ranges::replace(title, '_', ' ');
      text += "\n## " + title + "\n";
    }
    const char* severity = rule.severity == Severity::error     ? "error"
                           : rule.severity == Severity::warning ? "warning"
                                                                : "note";
    text += fmt::format("\n### {}\n\n**{}**{} {} Source: {}.\n\n", rule.id, severity,
                        rule.severity == Severity::error ? " " + rule.code + "." : ".", rule.why,
                        rule.source);
    if (!example.of.empty()) text += fmt::format("On the pool \"{}\"", example.of);
    if (!example.date.empty()) text += fmt::format(", on {}", example.date);
    text +=
        fmt::format("{}\n\n- fails: `{}`\n- passes: `{}`\n",
                    example.of.empty() ? "As a file:" : ":", shortened(example.fails),
                    example.passes.as_object().empty() ? "as it is" : shortened(example.passes));
  }
  return text;
}

TEST(RulesPage, IsMadeOfTheRulesAndTheirExamples) {
  const std::string made = page();
  if (std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr) {
    std::ofstream("docs/rules.md") << made;
    return;
  }
  std::ifstream file("docs/rules.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(text.str() == made)
      << "docs/rules.md is not what the rules give: BATCHYARD_REWRITE_GOLDEN=1 by_preflight_test";
}

}  // namespace
}  // namespace batchyard::preflight
