// Formulas that are nearly right: each is an answer or a fault that says where, never more.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "formula/formula.h"
#include "testing/mutator.h"

namespace batchyard::formula {
namespace {

constexpr int rounds = 20'000;
constexpr std::size_t answer_max = 64 << 10;

// The formulas of the examples, without what they see.
std::vector<std::string> example_formulas() {
  std::vector<std::string> formulas;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden/formula")) {
    std::stringstream whole;
    whole << std::ifstream(entry.path()).rdbuf();
    std::string formula;
    bool after = false;
    const std::string text = whole.str();
    for (const std::string_view line : split(text, '\n')) {
      if (line == "====" && !formula.empty()) formulas.push_back(std::exchange(formula, {}));
      after = line == "----" || (after && line != "====");
      if (!after && line != "====" && !line.starts_with("#") && !line.starts_with("@"))
        formula += std::string(line) + "\n";
    }
  }
  std::ranges::sort(formulas);  // a directory has no order
  return formulas;
}

Scope some_scope() {
  Scope scope;
  scope.now = parse_iso8601("2026-11-24T12:00:00Z").value();
  scope.random = [] { return 0.5; };
  for (const ServiceName& name : service_names()) {
    if (name.kind != ServiceKind::metric) continue;
    Metric& metric = scope.metrics[std::string(name.name)];
    for (int age = 0; age < 20; ++age)
      metric.samples.push_back({scope.now - (19 - age) * scope.sample_period, age * 1.0});
  }
  return scope;
}

void read(const std::string& formula, const Scope& scope) {
  const Verdict verdict = check_formula(formula);
  ASSERT_LT(verdict.message.size(), answer_max);
  if (verdict.flaw != Flaw::none) {
    ASSERT_FALSE(verdict.message.empty()) << formula;
    return;
  }
  const Outcome outcome = evaluate(parse(formula).value(), scope);
  ASSERT_LT(outcome.results.size(), answer_max) << formula;
  ASSERT_GE(outcome.targets.dedicated, 0) << formula;
  ASSERT_GE(outcome.targets.low_priority, 0) << formula;
  if (outcome.fault) {
    ASSERT_FALSE(outcome.fault->message.empty()) << formula;
  }
}

TEST(FormulaFuzz, NearlyRightFormulasAreAnsweredOrSayWhere) {
  const std::vector<std::string> examples = example_formulas();
  ASSERT_GT(examples.size(), 50U);
  const Scope scope = some_scope();
  testing::Mutator mutator(1, examples);
  for (int round = 0; round < rounds && !::testing::Test::HasFatalFailure(); ++round)
    read(mutator.next(), scope);
}

TEST(FormulaFuzz, DeepNestingIsRefused) {
  for (const auto& [open, close] :
       {std::pair{"(", ")"}, std::pair{"-", ""}, std::pair{"!", ""}, std::pair{"min(", ")"},
        std::pair{"1?1:", ""}, std::pair{"{", "}"}}) {
    for (const std::size_t depth : {150, 1'500, 100'000}) {
      const std::string formula =
          "$TargetDedicatedNodes=" + testing::nested(open, "1", close, depth) + ";";
      const Verdict verdict = check_formula(formula);
      EXPECT_TRUE(verdict.flaw != Flaw::none || std::string_view(close).empty())
          << open << " " << depth;
      read(formula, some_scope());
    }
  }
}

}  // namespace
}  // namespace batchyard::formula
