// Every line of tests/golden/templates/functions.txt: an expression, "=>", and what it comes to or
// why it comes to nothing. BATCHYARD_REWRITE_GOLDEN=1 writes what comes of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.h"
#include "templates/evaluate.h"
#include "templates/functions.h"

namespace batchyard::templates {
namespace {

namespace json = boost::json;

constexpr const char* golden_file = "tests/golden/templates/functions.txt";

// A template's names without the template.
class FixedNames : public Scope {
 public:
  explicit FixedNames(Limits& some) : Scope(some) {
    loops = {{.name = "outer", .index = 2, .of_resource = true}, {.name = "inner", .index = 5}};
  }
  Result<json::value> parameter(const std::string& name) override {
    if (name == "size") return json::value("STANDARD_D2S_V3");
    return wrong("There is no parameter '" + name + "'.");
  }
  Result<json::value> variable(const std::string& name) override {
    const json::object all{{"list", {1, 2, 3}},
                           {"object", {{"one", 1}, {"Two", {{"deep", "yes"}}}}},
                           {"nothing", nullptr},
                           {"world", "Grüße 🌍"}};
    if (const json::value* value = all.if_contains(name)) return *value;
    return wrong("There is no variable '" + name + "'.");
  }
  Result<json::value> outside(const std::string& function, const json::array& given) override {
    return json::value(function + " of " + json::serialize(given));
  }
  Result<json::value> own_function(const std::string& name, const json::array& given) override {
    return json::value(name + " of " + json::serialize(given));
  }
};

std::string told_of(const std::string& text) {
  Limits limits;
  FixedNames names(limits);
  const Result<json::value> value = resolve(json::value(text), names, Unknown::refuses, "");
  return value ? json::serialize(*value) : "error: " + value.error().message;
}

TEST(Language, WhatEveryExpressionComesTo) {
  std::ifstream file(golden_file);
  std::stringstream rewritten;
  std::set<std::string> covered;
  int lines = 0;
  for (std::string line; std::getline(file, line);) {
    const std::size_t arrow = line.find(" => ");
    if (line.empty() || line.starts_with('#') || arrow == std::string::npos) {
      rewritten << line << "\n";
      continue;
    }
    const std::string expression = line.substr(0, arrow);
    const std::string told = told_of(expression);
    rewritten << expression << " => " << told << "\n";
    if (std::getenv("BATCHYARD_REWRITE_GOLDEN") == nullptr) {
      EXPECT_EQ(told, line.substr(arrow + 4)) << expression;
    }
    covered.insert(fold(expression.substr(1, expression.find('(') - 1)));
    ++lines;
  }
  EXPECT_GT(lines, 100);
  if (std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr)
    std::ofstream(golden_file) << rewritten.str();
  for (const auto table : {text_functions(), value_functions(), list_functions()}) {
    for (const Function& one : table)
      EXPECT_TRUE(covered.contains(fold(one.name))) << one.name << " has no example";
  }
}

TEST(Language, AFunctionThatIsNotThereIsNamed) {
  const std::string told = told_of("[dateTimeAdd('2026', 'P1D')]");
  EXPECT_TRUE(
      told.starts_with("error: The template function 'dateTimeAdd' is not served here. "
                       "Put what it comes to into a parameter. There are: add, and, "))
      << told;
}

TEST(Language, WhatIsTooDeepHasAnEnd) {
  std::string deep = "x()";
  for (int at = 0; at < 100; ++at) deep = "not(" + deep + ")";
  EXPECT_TRUE(told_of("[" + deep + "]").contains("nested more than 64 deep"));
  EXPECT_TRUE(told_of("[" + std::string(30'000, ' ') + "1]").contains("24576 are allowed"));
}

TEST(Language, WhatGrowsHasAnEnd) {
  EXPECT_TRUE(told_of("[replace(padLeft('', 1000000, '1'), '1', '12')]").contains("more than"));
  EXPECT_TRUE(told_of("[concat(padLeft('', 1048576), 'x')]").contains("more than 1048576 bytes"));
  std::string many = "range(0, 10000)";
  for (int at = 0; at < 6; ++at) many = "concat(" + many + ", " + many + ")";
  EXPECT_TRUE(told_of("[length(" + many + ")]").contains("too many parts"));
  EXPECT_TRUE(told_of("[union(range(0, 9000), range(0, 9000))]").contains("more than 10000"));
}

TEST(Language, CopyLoopsStandForTheirElements) {
  Limits limits;
  FixedNames names(limits);
  const json::value loop = json::parse(R"({"fixed": 1, "copy": [{"name": "files", "count": 2,
      "input": {"path": "[format('f{0}-{1}', copyIndex('files', 1), copyIndex())]"}}]})");
  EXPECT_EQ(json::serialize(*resolve(loop, names, Unknown::refuses, "$")),
            R"({"fixed":1,"files":[{"path":"f1-2"},{"path":"f2-2"}]})");
  const json::value wrong_count =
      json::parse(R"({"copy": [{"name": "files", "count": "[length('x']", "input": 1}]})");
  EXPECT_TRUE(resolve(wrong_count, names, Unknown::refuses, "$.x")
                  .error()
                  .message.starts_with("At '$.x.copy[0].count': The expression"));
  EXPECT_EQ(*resolve(wrong_count, names, Unknown::stays, ""), wrong_count);
  const json::value too_many = json::parse(R"({"copy": [{"name":"f","count":801,"input":1}]})");
  EXPECT_TRUE(resolve(too_many, names, Unknown::refuses, "$").error().message.contains("0 to 800"));
}

TEST(Language, AnErrorSaysWhereItIs) {
  Limits limits;
  FixedNames names(limits);
  const json::value value = json::parse(R"({"a": [1, {"odd name": "[variables('none')]"}]})");
  EXPECT_EQ(resolve(value, names, Unknown::refuses, "$.resources[0]").error().message,
            "At '$.resources[0].a[1]['odd name']': There is no variable 'none'.");
}

}  // namespace
}  // namespace batchyard::templates
