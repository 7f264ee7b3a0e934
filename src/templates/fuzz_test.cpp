// Expressions and templates that are nearly right: each comes to something or is refused with a
// reason.
#include <gtest/gtest.h>

#include <fstream>

#include "templates/deployment.h"
#include "templates/functions.h"
#include "templates/relaxed_json.h"
#include "testing/mutator.h"

namespace batchyard::templates {
namespace {

namespace json = boost::json;

constexpr int rounds = 20'000;

std::vector<std::string> example_expressions() {
  std::vector<std::string> expressions;
  std::ifstream file("tests/golden/templates/functions.txt");
  for (std::string line; std::getline(file, line);) {
    const std::size_t arrow = line.find(" => ");
    if (arrow != std::string::npos && line.starts_with('['))
      expressions.push_back(line.substr(0, arrow));
  }
  return expressions;
}

// A template with that as its output's value.
std::string around(const std::string& expression) {
  return std::string(R"({"$schema": "https://x/deploymentTemplate.json#", "contentVersion": "1",
      "variables": {"list": [1, 2, 3], "object": {"one": 1}, "self": "[variables('self')]"},
      "resources": [/* none */], "outputs": {"x": {"type": "string", "value": )") +
         json::serialize(json::value(expression)) + "}}}";
}

void deploy(const std::string& text) {
  boost::system::error_code error;
  const json::value source = json::parse(plain_json(text), error);
  if (error || !source.is_object()) return;
  Facts facts;
  facts.new_guid = [] { return "g"; };
  const auto deployment = Deployment::open(source.get_object(), {}, facts);
  if (!deployment) {
    ASSERT_FALSE(deployment.error().message.empty()) << text;
    return;
  }
  const Result<json::object> outputs = (*deployment)->outputs();
  if (!outputs) {
    ASSERT_FALSE(outputs.error().message.empty()) << text;
  }
}

TEST(TemplatesFuzz, NearlyRightExpressions) {
  const std::vector<std::string> expressions = example_expressions();
  ASSERT_GT(expressions.size(), 100u);
  testing::Mutator mutator(1, expressions);
  for (int round = 0; round < rounds && !::testing::Test::HasFatalFailure(); ++round)
    deploy(around(mutator.next()));
}

TEST(TemplatesFuzz, NearlyRightTemplates) {
  std::vector<std::string> templates;
  for (const char* expression : {"[variables('object').one]", "[variables('self')]"})
    templates.push_back(around(expression));
  testing::Mutator mutator(2, templates);
  for (int round = 0; round < rounds && !::testing::Test::HasFatalFailure(); ++round)
    deploy(mutator.next());
}

TEST(TemplatesFuzz, DeepNestingIsRefused) {
  for (const auto& [open, close] : {std::pair{"not(", ")"}, std::pair{"[", "]"},
                                    std::pair{"createArray(", ")"}, std::pair{"-", ""}}) {
    for (const std::size_t depth : {150, 1'500, 100'000})
      deploy(around("[" + testing::nested(open, "1", close, depth) + "]"));
  }
}

}  // namespace
}  // namespace batchyard::templates
