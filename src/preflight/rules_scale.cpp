// How many nodes a pool wants: targets, autoscale, limits.
#include <fmt/format.h>

#include "base/text.h"
#include "base/time.h"
#include "formula/formula.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const autoscaling = "batch-automatic-scaling.md";
constexpr std::int64_t inter_node_nodes_max = 100;
constexpr std::int64_t image_dedicated_max = 2000;
constexpr std::int64_t image_low_priority_max = 1000;

bool scales(const Definition& pool) {
  return pool.flag("enableAutoScale").value_or(false);
}
std::int64_t dedicated(const Definition& pool) {
  return pool.number("targetDedicatedNodes").value_or(0);
}
std::int64_t low_priority(const Definition& pool) {
  return pool.number("targetLowPriorityNodes").value_or(0);
}
std::optional<Duration> span(const Definition& pool, std::string_view path) {
  const std::string text = pool.text(path);
  return text.empty() ? std::nullopt : parse_duration(text);
}

void find_formula(const Definition& pool, Report& report, formula::Flaw flaw) {
  const std::string text = pool.text("autoScaleFormula");
  if (text.empty()) return;
  const formula::Verdict verdict = formula::check_formula(text);
  if (verdict.flaw == flaw) report.at("autoScaleFormula", verdict.message);
}

}  // namespace

std::vector<Rule> scale_rules() {
  using enum Severity;
  return {
      {"scale-targets-with-formula", error, autoscaling,
       "With autoscale the formula sets the targets.",
       [](const Definition& pool, Report& report) {
         for (const char* target : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
           if (scales(pool) && pool.given(target))
             report
                 .at(target,
                     "with enableAutoScale the formula sets the targets. Leave "
                     "targetDedicatedNodes and targetLowPriorityNodes out.")
                 .remove(target);
         }
       },
       "InvalidAutoScalingSettings"},
      {"scale-formula-missing", error, autoscaling, "Autoscale needs a formula.",
       [](const Definition& pool, Report& report) {
         if (scales(pool) && !pool.given("autoScaleFormula"))
           report.at("autoScaleFormula", "with enableAutoScale an autoScaleFormula is needed.");
       },
       "InvalidAutoScalingSettings"},
      {"scale-formula-unused", error, autoscaling, "A formula needs autoscale to be on.",
       [](const Definition& pool, Report& report) {
         if (pool.given("autoScaleFormula") && !scales(pool) &&
             (pool.flag("enableAutoScale") || !pool.given("enableAutoScale")))
           report.at("autoScaleFormula", "an autoScaleFormula needs enableAutoScale to be true.")
               .set("enableAutoScale", true);
       },
       "InvalidAutoScalingSettings"},
      {"scale-interval-unused", error, autoscaling, "An interval needs autoscale to be on.",
       [](const Definition& pool, Report& report) {
         if (pool.given("autoScaleEvaluationInterval") && !scales(pool) &&
             !pool.given("autoScaleFormula"))
           report
               .at("autoScaleEvaluationInterval",
                   "an autoScaleEvaluationInterval needs enableAutoScale to be true.")
               .remove("autoScaleEvaluationInterval");
       },
       "InvalidAutoScalingSettings"},
      {"scale-interval-range", error, autoscaling,
       "A formula is evaluated every 5 minutes to 168 hours.",
       [](const Definition& pool, Report& report) {
         const auto interval = span(pool, "autoScaleEvaluationInterval");
         if (!interval ||
             (*interval >= std::chrono::minutes(5) && *interval <= std::chrono::hours(168)))
           return;
         const bool low = *interval < std::chrono::minutes(5);
         report
             .at("autoScaleEvaluationInterval",
                 "autoScaleEvaluationInterval must be 5 minutes (PT5M) to 168 hours (P7D).")
             .set("autoScaleEvaluationInterval", low ? "PT5M" : "P7D");
       },
       "InvalidAutoScalingSettings"},
      {"scale-formula-long", error, autoscaling, "A formula has at most 8 KiB.",
       [](const Definition& pool, Report& report) {
         find_formula(pool, report, formula::Flaw::too_long);
       },
       "AutoScalingFormulaTooLong"},
      {"scale-formula-syntax", error, autoscaling, "A formula that cannot be read is refused.",
       [](const Definition& pool, Report& report) {
         find_formula(pool, report, formula::Flaw::syntax);
       },
       "AutoScalingFormulaSyntaxError"},
      {"scale-formula-without-target", warning, autoscaling,
       "A formula that sets no target leaves the pool as it is, which at first is empty.",
       [](const Definition& pool, Report& report) {
         const std::string text = pool.text("autoScaleFormula");
         if (!text.empty() && text.find("$TargetDedicated") == std::string::npos &&
             text.find("$TargetLowPriority") == std::string::npos)
           report.at("autoScaleFormula",
                     "It assigns neither $TargetDedicatedNodes nor $TargetLowPriorityNodes.");
       }},
      {"scale-formula-blind", note, autoscaling,
       "Right after a pool is made there are no samples: a formula should look how many there are.",
       [](const Definition& pool, Report& report) {
         const std::string text = pool.text("autoScaleFormula");
         if (text.find("GetSample(") != std::string::npos &&
             text.find("GetSamplePercent") == std::string::npos)
           report.at("autoScaleFormula",
                     "It takes samples without asking GetSamplePercent whether "
                     "there are enough of them.");
       }},
      {"scale-targets-missing", note, "BatchService.json",
       "A pool without targets and without autoscale has no nodes.",
       [](const Definition& pool, Report& report) {
         if (!pool.given("targetDedicatedNodes") && !pool.given("targetLowPriorityNodes") &&
             !pool.given("enableAutoScale") && !pool.given("autoScaleFormula"))
           report.at("targetDedicatedNodes", "No nodes are asked for. Give targetDedicatedNodes.");
       }},
      {"scale-target-negative", error, "BatchService.json", "A target is a number of nodes.",
       [](const Definition& pool, Report& report) {
         for (const char* target : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
           if (pool.number(target).value_or(0) < 0)
             report.at(target, "It must be at least 0.").set(target, 0);
         }
       }},
      {"scale-resize-timeout", error, "BatchService.json",
       "Machines take minutes to come: a resize may take at least 5.",
       [](const Definition& pool, Report& report) {
         const auto timeout = span(pool, "resizeTimeout");
         if (timeout && *timeout < std::chrono::minutes(5))
           report.at("resizeTimeout", "It must be at least 5 minutes (PT5M).")
               .set("resizeTimeout", "PT5M");
       }},
      {"scale-resize-timeout-unused", note, "BatchService.json",
       "With autoscale the resize timeout is ignored.",
       [](const Definition& pool, Report& report) {
         if (scales(pool) && pool.given("resizeTimeout"))
           report.at("resizeTimeout", "Autoscale ignores it. Leave it out.")
               .remove("resizeTimeout");
       }},
      {"scale-inter-node-limit", warning, "batch-quota-limit.md",
       "Nodes that talk to each other lie in one group of at most 100 machines.",
       [](const Definition& pool, Report& report) {
         const std::int64_t nodes = dedicated(pool) + low_priority(pool);
         if (pool.flag("enableInterNodeCommunication").value_or(false) &&
             nodes > inter_node_nodes_max)
           report
               .at("targetDedicatedNodes",
                   fmt::format("{} nodes are asked for; with inter-node communication a pool "
                               "reaches {}, then the resize ends with "
                               "CommunicationEnabledPoolReachedMaxVMCount.",
                               nodes, inter_node_nodes_max))
               .set("targetDedicatedNodes", inter_node_nodes_max)
               .set("targetLowPriorityNodes", 0);
       }},
      {"scale-inter-node-mixed", warning, "docs/13-batch-shipyard-configuration-pool.md",
       "Dedicated and low-priority nodes do not share a group of nodes that talk to each other.",
       [](const Definition& pool, Report& report) {
         if (pool.flag("enableInterNodeCommunication").value_or(false) && dedicated(pool) > 0 &&
             low_priority(pool) > 0)
           report
               .at("targetLowPriorityNodes",
                   "With inter-node communication give dedicated nodes alone.")
               .set("targetLowPriorityNodes", 0);
       }},
      {"scale-own-image-limit", warning, "batch-custom-images.md",
       "One managed image carries 2000 dedicated and 1000 low-priority nodes.",
       [](const Definition& pool, Report& report) {
         if (!pool.own_image()) return;
         if (dedicated(pool) > image_dedicated_max)
           report.at("targetDedicatedNodes", "An image of one's own carries at most 2000 nodes.")
               .set("targetDedicatedNodes", image_dedicated_max);
         if (low_priority(pool) > image_low_priority_max)
           report
               .at("targetLowPriorityNodes",
                   "An image of one's own carries at most 1000 low-priority nodes.")
               .set("targetLowPriorityNodes", image_low_priority_max);
       }},
      {"scale-own-image-timeout", warning, "batch-sig-images.md",
       "A gallery image is copied to many machines: allow 15 minutes for each 1000.",
       [](const Definition& pool, Report& report) {
         const std::int64_t nodes = dedicated(pool) + low_priority(pool);
         const auto timeout = span(pool, "resizeTimeout").value_or(std::chrono::minutes(15));
         const std::int64_t needed = 15 * ((nodes + 999) / 1000);
         if (pool.own_image() && nodes > 1000 && timeout < std::chrono::minutes(needed))
           report
               .at("resizeTimeout", fmt::format("{} nodes with an image of one's own take about {} "
                                                "minutes. Give PT{}M.",
                                                nodes, needed, needed))
               .set("resizeTimeout", fmt::format("PT{}M", needed));
       }},
  };
}

}  // namespace batchyard::preflight
