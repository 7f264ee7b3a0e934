#include "preflight/expression.h"

#include <gtest/gtest.h>

#include <string>

namespace batchyard::preflight {
namespace {

namespace json = boost::json;

const char* const template_text = R"({
  "parameters": {"size": {"type": "string", "defaultValue": "D2s_v3"}, "open": {"type": "string"},
                 "big": {"type": "bool", "defaultValue": false}},
  "variables": {"agents": {"ubuntu": "batch.node.ubuntu 22.04", "by number": ["a", "b"]},
                "again": "[variables('again')]", "inner": "[parameters('size')]"}
})";

json::value told(const std::string& expression) {
  const json::value document = json::parse(template_text);
  return resolved(json::value(expression), Scope{.document = document.if_object()});
}

TEST(Expression, WhatTheTemplateSaysIsPutInItsPlace) {
  EXPECT_EQ(told("[parameters('size')]"), "D2s_v3");
  EXPECT_EQ(told("[ parameters( 'Size' ) ]"), "D2s_v3");
  EXPECT_EQ(told("[variables('inner')]"), "D2s_v3");
  EXPECT_EQ(told("[variables('agents').ubuntu]"), "batch.node.ubuntu 22.04");
  EXPECT_EQ(told("[variables('agents')['by number'][1]]"), "b");
  EXPECT_EQ(told("[concat('Standard_', parameters('size'))]"), "Standard_D2s_v3");
  EXPECT_EQ(told("[format('{0}-{1} it''s', 4, toLower('X'))]"), "4-x it's");
  EXPECT_EQ(told("[if(equals(parameters('big'), true()), 'yes', 'no')]"), "no");
  EXPECT_EQ(told("[-3]"), -3);
  EXPECT_EQ(told("no expression"), "no expression");
}

TEST(Expression, WhatIsNotKnownStaysAsItIsWritten) {
  for (const char* text :
       {"[parameters('open')]", "[parameters('none')]", "[variables('again')]",
        "[resourceGroup().location]", "[concat('a', parameters('open'))]", "[concat('a']",
        "[variables('agents').none]", "['open]", "[format('{7}', 1)]", "[parameters('size') extra]",
        "[if(parameters('open'), 1, 2)]", "[variables('agents')['by number'][9]]"})
    EXPECT_EQ(told(text), text);
}

TEST(Expression, LoopsOfPropertiesAreWrittenOut) {
  const json::value document = json::parse(template_text);
  const Scope scope{.document = document.if_object()};
  const json::value loop = json::parse(
      R"({"copy": [{"name": "files", "count": 2, "input": "[concat('f', copyIndex('files'))]"}]})");
  EXPECT_EQ(json::serialize(resolved(loop, scope)), R"({"files":["f0","f1"]})");
  const json::value open =
      json::parse(R"({"copy": [{"name": "files", "count": "[parameters('open')]", "input": 1}]})");
  EXPECT_EQ(resolved(open, scope), open);
  EXPECT_EQ(told("[union(variables('agents')['by number'], createArray('c'))]"),
            json::parse(R"(["a","b","c"])"));
}

TEST(Expression, ANestedTemplateHasNamesOfItsOwn) {
  const json::value outer = json::parse(template_text);
  const json::value inner = json::parse(R"({"parameters": {"size": {"defaultValue": "mine"},
                                            "other": {"defaultValue": "default"}}})");
  const json::value given = json::parse(R"({"size": {"value": "[parameters('size')]"}})");
  const Scope around{.document = outer.if_object()};
  const Scope scope{.document = inner.if_object(), .given = given.if_object(), .outer = &around};
  EXPECT_EQ(resolved(json::value("[parameters('size')]"), scope), "D2s_v3");
  EXPECT_EQ(resolved(json::value("[parameters('other')]"), scope), "default");
  EXPECT_EQ(resolved(json::value("[variables('agents')]"), scope), "[variables('agents')]");
}

TEST(Expression, NamesThatDoubleThemselvesHaveAnEnd) {
  std::string text = R"({"variables": {"v0": "x")";
  for (int at = 1; at < 30; ++at) {
    const std::string below = "[variables('v" + std::to_string(at - 1) + "')]";
    text += ", \"v" + std::to_string(at) + "\": [\"" + below + "\", \"" + below + "\"]";
  }
  const json::value document = json::parse(text + "}}");
  const json::value value =
      resolved(json::value("[variables('v29')]"), Scope{.document = document.if_object()});
  EXPECT_LT(json::serialize(value).size(), 10'000'000U);
}

}  // namespace
}  // namespace batchyard::preflight
