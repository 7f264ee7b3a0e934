// A rule says one thing about pools. The tables of rules stand in rules_*.cpp, one file a topic;
// examples of each lie in tests/golden/rules, and docs/rules.md is made of both.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "preflight/finding.h"

namespace batchyard::preflight {

enum class Severity {
  error,    // Azure refuses the pool
  warning,  // Azure takes it, and it will not do what it is made for
  note,     // it works, and could be better
};

// Where a rule writes what it found.
class Report {
 public:
  Report(const Definition& pool, const Rule& rule, std::vector<Finding>& findings)
      : pool_(pool), rule_(rule), findings_(findings) {}
  // `path` is the property at fault, `wrong` what is wrong with it and what would be right.
  Finding& at(std::string path, std::string wrong);

 private:
  const Definition& pool_;
  const Rule& rule_;
  std::vector<Finding>& findings_;
};

using Check = std::function<void(const Definition& pool, Report& report)>;

struct Rule {
  std::string id;
  Severity severity = Severity::warning;
  std::string source;
  std::string why;
  Check check;
  // Azure's, of an error.
  std::string code = "InvalidPropertyValue";
};

// One topic each; rules() has them all, in this order.
std::vector<Rule> shape_rules();
std::vector<Rule> configuration_rules();
std::vector<Rule> size_rules();
std::vector<Rule> image_rules();
std::vector<Rule> agent_rules();
std::vector<Rule> scale_rules();
std::vector<Rule> account_rules();
std::vector<Rule> mount_rules();
std::vector<Rule> network_rules();
std::vector<Rule> disk_rules();
std::vector<Rule> start_task_rules();
std::vector<Rule> command_rules();
std::vector<Rule> line_rules();
std::vector<Rule> package_rules();
std::vector<Rule> extension_rules();
std::vector<Rule> container_rules();
std::vector<Rule> fabric_rules();
std::vector<Rule> driver_rules();
// Of the catalogue's tables of required software.
std::vector<Rule> table_rules();
std::vector<Rule> calendar_rules();

}  // namespace batchyard::preflight
