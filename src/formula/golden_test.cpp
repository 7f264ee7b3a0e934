// Every example in tests/golden/formula/*.txt: what a formula gives, or how it is refused.
//
// An example is a formula, lines that begin with '@' for what it sees, four dashes, and what comes
// of it: the results, or the error with line and caret. "====" separates examples; a line that
// begins with '#' is for readers. With BATCHYARD_REWRITE_GOLDEN=1 in the environment the second
// halves are written anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "formula/formula.h"
#include "formula/limits.h"

namespace batchyard::formula {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string head;  // up to the dashes, with comments and settings
  std::string formula;
  std::vector<std::string> settings;
  std::string expected;
};

std::string read_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::vector<Example> examples_of(const std::string& text) {
  std::vector<Example> examples(1);
  bool after = false;
  for (const std::string_view line : split(text, '\n')) {
    Example& last = examples.back();
    if (line == "====") {
      examples.emplace_back();
      after = false;
    } else if (after) {
      last.expected += std::string(line) + "\n";
    } else if (line == "----") {
      after = true;
    } else {
      last.head += std::string(line) + "\n";
      if (line.starts_with("@"))
        last.settings.emplace_back(line.substr(1));
      else if (!line.starts_with("#"))
        last.formula += std::string(line) + "\n";
    }
  }
  for (Example& example : examples) {
    while (example.formula.ends_with("\n")) example.formula.pop_back();
    while (example.expected.ends_with("\n")) example.expected.pop_back();
  }
  return examples;
}

// "now TIME", "targets DEDICATED LOW OPTION", "random NUMBER", "$Metric VALUES…" (one each 30 s,
// the last one now; '-' where none was taken), "current $Metric VALUE".
void set(Scope& scope, const std::string& setting) {
  std::stringstream words(setting);
  std::string first;
  words >> first;
  if (first == "now") {
    std::string text;
    words >> text;
    scope.now = parse_iso8601(text).value();
  } else if (first == "targets") {
    words >> scope.target_dedicated >> scope.target_low_priority >> scope.deallocation;
  } else if (first == "random") {
    double value = 0;
    words >> value;
    scope.random = [value] { return value; };
  } else if (first == "current") {
    std::string name;
    double value = 0;
    words >> name >> value;
    scope.metrics[name.substr(1)].current = value;
  } else {
    ASSERT_TRUE(find_service_name(first.substr(1))) << setting;
    std::vector<std::string> values;
    for (std::string value; words >> value;) values.push_back(value);
    Metric& metric = scope.metrics[first.substr(1)];
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == "-") continue;
      const auto age = static_cast<std::int64_t>(values.size() - 1 - i);
      metric.samples.push_back({scope.now - age * scope.sample_period, std::stod(values[i])});
    }
  }
}

std::string outcome_of(const Example& example) {
  const Verdict verdict = check_formula(example.formula);
  if (verdict.flaw == Flaw::too_long) return "too long: " + verdict.message;
  if (verdict.flaw == Flaw::syntax) return "syntax error: " + verdict.message;
  Scope scope;
  scope.now = parse_iso8601("2026-11-24T12:00:00Z").value();
  scope.random = [] { return 0.5; };
  for (const ServiceName& name : service_names()) {
    if (name.kind == ServiceKind::metric) scope.metrics[std::string(name.name)];
  }
  for (const std::string& setting : example.settings) set(scope, setting);
  const Program program = parse(example.formula).value();
  const Outcome outcome = evaluate(program, scope);
  if (outcome.fault) return "error: " + show(example.formula, *outcome.fault);
  return outcome.results;
}

TEST(Golden, EveryExampleComesOutAsWritten) {
  const bool rewrite = std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("tests/golden/formula")) {
    std::vector<Example> examples = examples_of(read_file(entry.path()));
    std::string whole;
    for (const Example& example : examples) {
      const std::string outcome = outcome_of(example);
      ++count;
      if (!rewrite) {
        EXPECT_EQ(outcome, example.expected) << entry.path() << "\n" << example.head;
      }
      whole += (whole.empty() ? "" : "====\n") + example.head + "----\n" + outcome + "\n";
    }
    if (rewrite) std::ofstream(entry.path()) << whole;
  }
  EXPECT_GT(count, 150u);
}

// No function, constant, service variable or operator is without an example.
TEST(Golden, EveryNameHasAnExample) {
  std::string all;
  for (const auto& entry : fs::directory_iterator("tests/golden/formula")) {
    for (const Example& example : examples_of(read_file(entry.path()))) all += example.formula;
  }
  for (const ServiceName& name : service_names())
    EXPECT_NE(all.find("$" + std::string(name.name)), all.npos) << name.name;
  for (const ConstantName& name : constant_names())
    EXPECT_NE(all.find(name.name), all.npos) << name.name;
  for (const char* name : {"avg",
                           "max",
                           "min",
                           "sum",
                           "len",
                           "norm",
                           "range",
                           "std",
                           "lg",
                           "ln",
                           "log",
                           "percentile",
                           "rand",
                           "val",
                           "time",
                           "stop",
                           "ceil",
                           "floor",
                           "round",
                           ".GetSample",
                           ".GetSamplePercent",
                           ".GetSamplePeriod",
                           ".Count",
                           ".HistoryBeginTime"})
    EXPECT_NE(all.find(std::string(name) + "("), all.npos) << name;
  for (int verb = 0; verb <= static_cast<int>(Operator::negation); ++verb)
    EXPECT_NE(all.find(symbol_of(static_cast<Operator>(verb))), all.npos) << verb;
}

TEST(Limits, AFormulaMayHaveSoManyCharactersAndStatements) {
  std::string formula = "$TargetDedicatedNodes = 1;";
  formula += std::string(8192 - formula.size(), ' ');
  EXPECT_EQ(check_formula(formula).flaw, Flaw::none);
  const Verdict longer = check_formula(formula + " ");
  EXPECT_EQ(longer.flaw, Flaw::too_long);
  EXPECT_EQ(longer.message, "The formula has 8193 characters; at most 8192 are possible.");
  std::string statements;
  for (int i = 0; i < 100; ++i) statements += "x = 1;\n";
  EXPECT_EQ(check_formula(statements).flaw, Flaw::none);
  EXPECT_EQ(check_formula(statements + "x = 1").message,
            "line 101, column 1: a formula has at most 100 statements\nx = 1\n^");
}

// Whatever is thrown at it, the parser answers.
TEST(Limits, DeepFormulasAreRefusedAndNotFollowed) {
  for (const auto& [open, close] :
       {std::pair("(", ")"), std::pair("-", ""), std::pair("[", "]"), std::pair("max(", ")"),
        std::pair("1+(", ")"), std::pair("1?1:(", ")")}) {
    std::string formula = "x = ";
    for (int i = 0; i < 1500; ++i) formula += open;
    formula += "1";
    for (int i = 0; i < 1500; ++i) formula += close;
    if (formula.size() > 8192) formula.resize(8192);
    const Verdict verdict = check_formula(formula);
    EXPECT_EQ(verdict.flaw, Flaw::syntax) << open;
    EXPECT_NE(verdict.message.find("levels deep"), std::string::npos) << verdict.message;
  }
  const std::string within =
      std::string(nesting_max - 1, '(') + "1" + std::string(nesting_max - 1, ')');
  EXPECT_EQ(check_formula("x = " + within).flaw, Flaw::none);
  std::string sum = "x = 1";
  for (int i = 0; i < depth_max - 1; ++i) sum += "+1";
  EXPECT_EQ(check_formula(sum).flaw, Flaw::none);
  for (int i = 0; i < 2000; ++i) sum += "+1";
  EXPECT_NE(check_formula(sum).message.find("levels deep"), std::string::npos);
}

TEST(Limits, EveryBeginningOfAFormulaIsAnsweredAndEveryMangledOne) {
  const std::string whole =
      "$c = time(); // now\n$w = $c.hour >= 8 && !($c.hour == 18);\n"
      "$p = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);\n"
      "$TargetDedicatedNodes = $p < 70 ? max(1, [2,3]) : min(20, "
      "avg($PendingTasks.GetSample(1)));\n"
      "$NodeDeallocationOption = taskcompletion; x = \"text\" == 'text' || -1.5e1 / 2 != 3";
  Scope scope;
  scope.random = [] { return 0.5; };
  scope.metrics["PendingTasks"].samples = {{scope.now, 3}};
  ASSERT_EQ(check_formula(whole).message, "");
  const auto attempt = [&](const std::string& formula) {
    const Checked<Program> program = parse(formula);
    if (program)
      evaluate(*program, scope);
    else
      EXPECT_FALSE(show(formula, program.error()).empty());
  };
  for (std::size_t size = 0; size < whole.size(); ++size) attempt(whole.substr(0, size));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char letter : std::string("$\"'().;?1a \n\x80\xff&+"))
      attempt(std::string(whole).replace(at, 1, 1, letter));
  }
}

}  // namespace
}  // namespace batchyard::formula
