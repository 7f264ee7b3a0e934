#include "apps/cli/lint_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;
using preflight::Severity;

const char* word_of(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

Colour colour_of(Severity severity) {
  return severity == Severity::error     ? Colour::red
         : severity == Severity::warning ? Colour::yellow
                                         : Colour::blue;
}

std::string name_of(const preflight::FoundPool& pool) {
  const json::value* id = pool.pool.if_contains("id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : "";
}

// "/properties/vmSize" as people write it: "properties.vmSize".
std::string property_of(const std::string& pointer) {
  return pointer.empty() ? "" : preflight::property_of(std::string_view(pointer).substr(1));
}

// A name of a file has signs that an address may not have.
std::string uri_of(const std::string& name) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(name, '/')) parts.push_back(percent_encode(part));
  return (name.starts_with('/') ? "file://" : "") + join(parts, "/");
}

json::object rule_of(const preflight::Rule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.why}}},
          {"help", {{"text", rule.why + " Source: " + rule.source}}},
          {"defaultConfiguration", {{"level", word_of(rule.severity)}}}};
}

json::object place_of(const LintedFile& file, const LintedFile::Found& found) {
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(file.name)}}},
            {"region", {{"startLine", file.line_of(found)}}}}},
          {"logicalLocations",
           json::array{json::object{{"fullyQualifiedName", property_of(file.pointer_of(found))}}}}};
}

}  // namespace

std::string LintedFile::pointer_of(const Found& found) const {
  return pools[found.pool].pointer_of(found.finding.path);
}

boost::json::array LintedFile::patch_of(const Found& found) const {
  if (found.finding.patch.empty()) return {};
  return pools[found.pool].patch_of(found.finding, text.value);
}

int LintedFile::line_of(const Found& found) const {
  return text.line_of(pointer_of(found));
}

std::string lint_text(const std::deque<LintedFile>& files) {
  std::string text;
  for (const LintedFile& file : files) {
    for (const LintedFile::Found& found : file.findings) {
      const preflight::Finding& finding = found.finding;
      const std::string value = finding.value.empty() ? "" : fmt::format(" '{}'", finding.value);
      text += fmt::format("{}:{}: {} {}\n", file.name, file.line_of(found),
                          paint(word_of(finding.rule->severity), colour_of(finding.rule->severity)),
                          finding.rule->id);
      text +=
          fmt::format("  {}{}: {}\n", property_of(file.pointer_of(found)), value, finding.wrong);
      text += fmt::format("  {} ({})\n", finding.rule->why, finding.rule->source);
      if (!file.tried && !file.text.commented && !file.patch_of(found).empty())
        text += "  --fix mends it.\n";
    }
  }
  return text;
}

std::string lint_json(const std::deque<LintedFile>& files) {
  json::array pools;
  json::array findings;
  for (const LintedFile& file : files) {
    for (const preflight::FoundPool& pool : file.pools)
      pools.push_back(json::object{
          {"file", file.name}, {"form", pool.form}, {"pointer", pool.base}, {"id", name_of(pool)}});
    for (const LintedFile::Found& found : file.findings) {
      const preflight::Finding& finding = found.finding;
      json::object one{{"rule", finding.rule->id},
                       {"severity", word_of(finding.rule->severity)},
                       {"file", file.name},
                       {"line", file.line_of(found)},
                       {"pool", name_of(file.pools[found.pool])},
                       {"pointer", file.pointer_of(found)},
                       {"property", preflight::property_of(finding.path)},
                       {"value", finding.value},
                       {"message", finding.wrong},
                       {"why", finding.rule->why},
                       {"source", finding.rule->source}};
      if (!finding.code.empty()) one["code"] = finding.code;
      if (json::array patch = file.patch_of(found); !patch.empty()) one["patch"] = std::move(patch);
      findings.push_back(std::move(one));
    }
  }
  return edge::indented(
      json::object{{"version", 1}, {"pools", std::move(pools)}, {"findings", std::move(findings)}});
}

std::string lint_sarif(const std::deque<LintedFile>& files) {
  json::array rules;
  json::array results;
  std::set<std::string> known;
  for (const LintedFile& file : files) {
    for (const LintedFile::Found& found : file.findings) {
      const preflight::Finding& finding = found.finding;
      if (known.insert(finding.rule->id).second) rules.push_back(rule_of(*finding.rule));
      results.push_back(json::object{{"ruleId", finding.rule->id},
                                     {"level", word_of(finding.rule->severity)},
                                     {"message", {{"text", finding.wrong}}},
                                     {"locations", json::array{place_of(file, found)}},
                                     {"properties", {{"patch", file.patch_of(found)}}}});
    }
  }
  json::object driver{
      {"name", "batchyard lint"}, {"version", "0.1.0"}, {"rules", std::move(rules)}};
  return edge::indented(
      json::object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", json::array{json::object{{"tool", {{"driver", std::move(driver)}}},
                                                     {"results", std::move(results)}}}}});
}

}  // namespace batchyard::cli
