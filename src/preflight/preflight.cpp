#include "preflight/preflight.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace batchyard::preflight {

namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto topic :
       {shape_rules,      configuration_rules, size_rules,   image_rules,   agent_rules,
        scale_rules,      account_rules,       mount_rules,  network_rules, disk_rules,
        start_task_rules, command_rules,       line_rules,   package_rules, extension_rules,
        container_rules,  fabric_rules,        driver_rules, table_rules,   calendar_rules})
    std::ranges::move(topic(), std::back_inserter(all));
  return all;
}

bool is_secret(std::string_view path) {
  const std::string name = fold(path.substr(path.rfind('/') + 1));
  return name.ends_with("password") || name.ends_with("key") || name == "protectedsettings";
}

}  // namespace

Finding& Report::at(std::string path, std::string wrong) {
  Finding& finding = findings_.emplace_back();
  finding.rule = &rule_;
  finding.pool = &pool_;
  const boost::json::value* value = pool_.at(path);
  // Neither what is secret nor what may hold something secret.
  if (value != nullptr && !value->is_structured())
    finding.value = is_secret(path) ? "(secret)" : shown(value);
  finding.path = std::move(path);
  finding.wrong = std::move(wrong);
  finding.code = rule_.severity == Severity::error ? rule_.code : "";
  return finding;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

const Rule* find_rule(std::string_view id) {
  const auto found = std::ranges::find(rules(), id, &Rule::id);
  return found == rules().end() ? nullptr : &*found;
}

std::vector<Finding> findings_of(const Definition& pool) {
  std::vector<Finding> findings;
  for (const Rule& rule : rules()) {
    Report report(pool, rule, findings);
    rule.check(pool, report);
  }
  return findings;
}

}  // namespace batchyard::preflight
