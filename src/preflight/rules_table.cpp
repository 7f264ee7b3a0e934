// The tables of required software (the catalogue's `required`), a row at a time: is the system one
// of the row's, does something bring the software, are the pool's settings as it says? And the
// calendar: what Azure has ended by the given day.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

bool applies(const Definition& pool, const std::string& row) {
  const auto rows = pool.needs();
  return std::ranges::any_of(rows, [&](const Requirement* one) { return one->id == row; });
}

const Requirement* row_for(const Definition& pool, const std::string& id) {
  for (const Requirement* row : pool.needs()) {
    if (row->id == id) return row;
  }
  return nullptr;
}

bool among(const std::vector<std::string>& systems, const std::string& system) {
  return std::ranges::any_of(systems,
                             [&](const std::string& one) { return system.starts_with(one); });
}

std::string system_at(const Definition& pool) {
  return pool.kind() == PoolKind::cloud_service ? "cloudServiceConfiguration/osFamily" : image_at;
}

std::string names(const Definition& pool, const std::vector<std::string>& tokens) {
  std::vector<std::string> words;
  for (const std::string& token : tokens) words.push_back(pool.catalogue().software_name(token));
  return join(words, " or ");
}

void find_system(const Definition& pool, Report& report, const std::string& id) {
  const Requirement* row = row_for(pool, id);
  if (row == nullptr || pool.system().empty() || row->systems.empty()) return;
  if (among(row->systems, pool.system()) || among(row->later_systems, pool.system())) return;
  Finding& finding =
      report.at(system_at(pool), fmt::format("{} is supported on {}, not on {}.", pool.size()->name,
                                             join(row->systems, ", "), pool.system()));
  finding.value = pool.system();
  // The image of the article's example has all that RDMA needs.
  if (row->inter_node && pool.on_linux())
    give_image(pool, finding, {"OpenLogic", "CentOS-HPC", "7.4"});
}

// The row on RDMA is all that an N-series size for RDMA is held to when its pool is made for MPI:
// its GPUs may stay unused.
bool is_for_mpi(const Definition& pool, const Requirement& row) {
  if (row.inter_node || !pool.has_rdma() ||
      !pool.flag("enableInterNodeCommunication").value_or(false))
    return false;
  for (const Requirement* other : pool.needs()) {
    if (!other->inter_node) continue;
    return std::ranges::all_of(other->software, [&](const std::vector<std::string>& any) {
      return std::ranges::any_of(any,
                                 [&](const std::string& token) { return pool.image_has(token); });
    });
  }
  return false;
}

// Microsoft's extension that brings the software to this system and size, where there is one.
void add_extension(const Definition& pool, Finding& finding, const std::string& token) {
  for (const Extension& one : pool.catalogue().facts().extensions) {
    const bool fits = one.os == pool.os() &&
                      std::ranges::find(one.installs, token) != one.installs.end() &&
                      (!one.needs.starts_with("rdma:") || one.needs == "rdma:" + pool.size()->rdma);
    // Beside another driver of the same device it would do harm.
    const bool is_there = std::ranges::any_of(
        one.installs, [&](const std::string& driver) { return pool.image_has(driver); });
    if (!fits || is_there || (token == "grid" && pool.size()->gpu_vendor != "NVIDIA")) continue;
    const boost::json::object extension{
        {"name", token == "rdma" ? "fabric" : "gpu"},
        {"publisher", one.publisher},
        {"type", one.type},
        {"typeHandlerVersion", one.version.empty() ? "1.0" : one.version}};
    if (pool.count(machine + "/extensions") > 0)
      finding.set(machine + "/extensions/-", extension);
    else
      finding.set(machine + "/extensions", boost::json::array{extension});
    return;
  }
}

void find_software(const Definition& pool, Report& report, const std::string& id) {
  const Requirement* row = row_for(pool, id);
  if (row != nullptr && is_for_mpi(pool, *row)) return;
  // A system that the row does not know is a finding of its own.
  if (row == nullptr ||
      (!row->systems.empty() && !pool.system().empty() && !among(row->systems, pool.system()) &&
       !among(row->later_systems, pool.system())))
    return;
  for (const std::vector<std::string>& any : row->software) {
    const bool there =
        std::ranges::any_of(any, [&](const std::string& token) { return pool.may_have(token); });
    if (there) continue;
    Finding& finding = report.at(
        system_at(pool),
        fmt::format("{} needs {}, and nothing brings it: give an image that has it, an extension, "
                    "or an application package and a start task that installs it (elevated, with "
                    "waitForSuccess).",
                    pool.size()->name, names(pool, any)));
    finding.value = pool.system();
    if (pool.on_machines()) add_extension(pool, finding, any.front());
  }
}

void find_inter_node(const Definition& pool, Report& report, const std::string& id) {
  if (!applies(pool, id) || pool.flag("enableInterNodeCommunication").value_or(false) ||
      (pool.given("enableInterNodeCommunication") && !pool.at("enableInterNodeCommunication")))
    return;
  report
      .at("enableInterNodeCommunication",
          fmt::format("{} has RDMA, and nodes that do not talk to each other cannot use it.",
                      pool.size()->name))
      .set("enableInterNodeCommunication", true);
}

void find_slots(const Definition& pool, Report& report, const std::string& id) {
  if (!applies(pool, id) || pool.slots() <= 1) return;
  report
      .at(pool.slots_at(),
          fmt::format("{} has RDMA: tasks that share a node share its fabric, and MPI wants the "
                      "node alone.",
                      pool.size()->name))
      .set(pool.slots_at(), 1);
}

using FindInRow = void (*)(const Definition&, Report&, const std::string&);
Rule row_rule(const Requirement& row, const char* what, std::string why, FindInRow find) {
  return {fold(row.id) + "-" + what, Severity::warning, join(row.sources, ", "), std::move(why),
          [id = row.id, find](const Definition& pool, Report& report) { find(pool, report, id); }};
}

std::string sizes_of(const Requirement& row) {
  std::vector<std::string> words;
  for (const std::string& size : row.sizes) words.push_back(size.substr(size.find('_') + 1));
  for (const std::string& family : row.families) words.push_back(family + "-series");
  const bool service = row.configuration == Configuration::cloud_service;
  return fmt::format("{} ({}) {}", row.capability, join(words, ", "),
                     service               ? "in Cloud Services"
                     : row.os == "windows" ? "on Windows"
                                           : "on Linux");
}

// ---- the calendar

Rule ending_rule(const char* id, const char* what, std::function<bool(const Definition&)> uses,
                 const char* path) {
  const CalendarEntry* entry = Catalogue::built_in().ending(what);
  return {id, Severity::warning, entry == nullptr ? "" : join(entry->sources, ", "),
          fmt::format("Azure ends {}.", what),
          [what, uses = std::move(uses), path](const Definition& pool, Report& report) {
            const CalendarEntry* known = pool.catalogue().ending(what);
            if (known == nullptr || pool.date().empty() || pool.date() < known->ends || !uses(pool))
              return;
            report
                .at(path, fmt::format("Azure has ended {} on {}. Give {}.", what, known->ends,
                                      known->instead))
                .value.clear();
          }};
}

// A year before the end is time to move.
bool comes_soon(const std::string& date, const std::string& ends) {
  if (date.empty() || ends.empty() || date >= ends) return false;
  std::string next_year = date;
  const std::int64_t year = parse_integer(date.substr(0, 4)).value_or(0) + 1;
  next_year.replace(0, 4, fmt::format("{:04}", year));
  return ends <= next_year;
}

bool is_past(const std::string& date, const std::string& ends) {
  return !date.empty() && !ends.empty() && date >= ends;
}

}  // namespace

std::vector<Rule> table_rules() {
  std::vector<Rule> rules;
  for (const Requirement& row : Catalogue::built_in().facts().required) {
    const std::string sizes = sizes_of(row);
    if (!row.systems.empty())
      rules.push_back(row_rule(
          row, "system", sizes + " works with these systems: " + join(row.systems, ", ") + ".",
          find_system));
    std::vector<std::string> software;
    for (const std::vector<std::string>& any : row.software) {
      std::vector<std::string> words;
      for (const std::string& token : any)
        words.push_back(Catalogue::built_in().software_name(token));
      software.push_back(join(words, " or "));
    }
    rules.push_back(row_rule(row, "software", sizes + " needs " + join(software, " and ") + ".",
                             find_software));
    if (row.inter_node)
      rules.push_back(
          row_rule(row, "inter-node", sizes + " is used between nodes.", find_inter_node));
    if (row.slots == 1)
      rules.push_back(row_rule(row, "slots", sizes + " wants one task on a node.", find_slots));
  }
  return rules;
}

std::vector<Rule> calendar_rules() {
  using enum Severity;
  std::vector<Rule> rules = {
      {"ended-size", warning, "the size's retirement page",
       "Azure ends sizes: a pool of one can then not be allocated there. It goes on here.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && is_past(pool.date(), pool.size()->ends))
           report.at("vmSize", fmt::format("Azure has ended {} on {}.", pool.size()->name,
                                           pool.size()->ends));
       }},
      {"ends-size", warning, "the size's retirement page",
       "Azure ends sizes: within a year from the given day this one.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && comes_soon(pool.date(), pool.size()->ends))
           report.at("vmSize",
                     fmt::format("Azure ends {} on {}.", pool.size()->name, pool.size()->ends));
       }},
      {"superseded-size", warning, "sizes-gpu.md", "A preview's name was given up for another one.",
       [](const Definition& pool, Report& report) {
         if (!pool.date().empty() && pool.size() != nullptr && pool.size()->status == "superseded")
           report.at("vmSize", pool.size()->name +
                                   " was a preview; the series has another name "
                                   "now.");
       }},
      {"ended-agent", warning, "Azure/Batch issue 180",
       "Azure ends node agents with their systems: pools of one are then forced to zero nodes.",
       [](const Definition& pool, Report& report) {
         const std::string path = machine + "/nodeAgentSKUId";
         const Agent* agent = pool.catalogue().agent(pool.text(path));
         if (agent != nullptr && is_past(pool.date(), agent->ends))
           report.at(path, fmt::format("Azure has ended it on {}: give an image of a newer system.",
                                       agent->ends));
       }},
      {"ends-agent", warning, "Azure/Batch issue 200",
       "Azure ends node agents with their systems: within a year from the given day this one.",
       [](const Definition& pool, Report& report) {
         const std::string path = machine + "/nodeAgentSKUId";
         const Agent* agent = pool.catalogue().agent(pool.text(path));
         if (agent != nullptr && comes_soon(pool.date(), agent->ends))
           report.at(path, fmt::format("Azure ends it on {}.", agent->ends));
       }},
      {"ended-image", warning, "BatchService.json",
       "After an image's end of support Azure refuses new pools of it.",
       [](const Definition& pool, Report& report) {
         if (pool.image() != nullptr && is_past(pool.date(), pool.image()->ends))
           report
               .at(image_at, fmt::format("Azure has ended the support of this image on {}.",
                                         pool.image()->ends))
               .value = pool.image()->offer + " " + pool.image()->sku;
       }},
      {"ends-image", warning, "BatchService.json",
       "Images have an end of support: within a year from the given day this one.",
       [](const Definition& pool, Report& report) {
         if (pool.image() != nullptr && comes_soon(pool.date(), pool.image()->ends))
           report
               .at(image_at,
                   fmt::format("Azure ends the support of this image on {}.", pool.image()->ends))
               .value = pool.image()->offer + " " + pool.image()->sku;
       }},
  };
  rules.push_back(ending_rule(
      "ended-cloud-services", "cloudServiceConfiguration",
      [](const Definition& pool) { return pool.kind() == PoolKind::cloud_service; },
      "cloudServiceConfiguration"));
  rules.push_back(ending_rule(
      "ended-certificates", "certificates",
      [](const Definition& pool) { return pool.count("certificateReferences") > 0; },
      "certificateReferences"));
  rules.push_back(ending_rule(
      "ended-low-priority", "low-priority nodes",
      [](const Definition& pool) { return pool.number("targetLowPriorityNodes").value_or(0) > 0; },
      "targetLowPriorityNodes"));
  rules.push_back(ending_rule(
      "ended-classic-communication", "classic node communication",
      [](const Definition& pool) { return pool.is("targetNodeCommunicationMode", "classic"); },
      "targetNodeCommunicationMode"));
  rules.push_back(ending_rule(
      "ended-managed-image", "managed images",
      [](const Definition& pool) {
        const std::string id = fold(pool.text(image_at + "/virtualMachineImageId"));
        return id.starts_with("/subscriptions/") && id.find("/galleries/") == std::string::npos;
      },
      "virtualMachineConfiguration/imageReference/virtualMachineImageId"));
  return rules;
}

}  // namespace batchyard::preflight
