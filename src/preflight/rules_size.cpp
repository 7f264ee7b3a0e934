// Machine sizes: their names, what they may carry, and how many tasks.
#include <fmt/format.h>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

bool is_series(const Definition& pool) {
  return pool.size() == nullptr && !pool.catalogue().series(pool.text("vmSize")).empty();
}

std::string names_of(const std::vector<const Size*>& sizes) {
  std::vector<std::string> names;
  for (const Size* size : sizes) names.push_back(size->name);
  return join(names, ", ");
}

}  // namespace

std::vector<Rule> size_rules() {
  using enum Severity;
  return {
      {"size-missing", error, "BatchService.json", "All nodes of a pool have one size.",
       [](const Definition& pool, Report& report) {
         if (!pool.given("vmSize"))
           report.at("vmSize", "Give a machine size, for example Standard_D2_v3.");
       },
       "MissingRequiredProperty"},
      {"size-unknown", error, "BatchService.json", "A size that nobody knows cannot be allocated.",
       [](const Definition& pool, Report& report) {
         const std::string name = pool.text("vmSize");
         if (!name.empty() && pool.size() == nullptr && !is_series(pool))
           report.at("vmSize", "It names no known machine size. Similar ones are: " +
                                   pool.catalogue().similar_sizes(name) + ".");
       }},
      {"size-series", error, "batch-pool-compute-intensive-sizes.md",
       "Tables speak of series; a pool needs one size of the series.",
       [](const Definition& pool, Report& report) {
         if (!is_series(pool)) return;
         const auto sizes = pool.catalogue().series(pool.text("vmSize"));
         report.at("vmSize", "It names a series. Its sizes are: " + names_of(sizes) + ".")
             .set("vmSize", sizes.front()->name);
       }},
      {"size-spelling", error, "batch-pool-compute-intensive-sizes.md",
       "The portal shows NC6 Standard; the API writes Standard_NC6, in any case of letters.",
       [](const Definition& pool, Report& report) {
         const std::string name = pool.text("vmSize");
         const bool by_old_name =
             pool.kind() == PoolKind::cloud_service && !service_size(name).empty();
         if (pool.size() != nullptr && pool.catalogue().size(name) == nullptr && !by_old_name)
           report.at("vmSize", "The API writes this size " + pool.size()->name + ".")
               .set("vmSize", pool.size()->name);
       }},
      {"size-not-offered", error, "batch-pool-vm-sizes.md",
       "Not every size exists everywhere: a known size may not be had here.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && !pool.size()->offered)
           report.at("vmSize", fmt::format("{} is known, but this installation does not offer it. "
                                           "`batchyard catalogue sizes` says which it offers.",
                                           pool.size()->name));
       }},
      {"size-not-for-batch", error, "BatchService.json",
       "Some sizes are not for pools: Standard_A0 is too small for the node agent, the B series "
       "lives "
       "on credits.",
       [](const Definition& pool, Report& report) {
         if (pool.on_machines() && pool.size() != nullptr && !pool.size()->virtual_machine)
           report.at("vmSize", pool.size()->name +
                                   " cannot be had in pools. Give Standard_A1_v2 "
                                   "or a larger one.");
       }},
      {"size-preview-only", warning, "sizes-gpu.md",
       "Some sizes were shown in a preview and never sold.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && pool.size()->status == "preview-only")
           report.at("vmSize", pool.size()->name +
                                   " never left its preview; no region has it. "
                                   "Give a current size of the family.");
       }},
      {"size-guest-system", warning, "nvv4-series.md",
       "NVv4 has AMD GPUs whose driver exists for Windows guests only.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && pool.size() != nullptr && !pool.size()->guests.empty() &&
             pool.size()->guests.front() == "windows")
           report.at("vmSize", fmt::format("The GPU of {} works in Windows guests only, and the "
                                           "image is a Linux. Give an NVadsA10_v5 size or a "
                                           "Windows image.",
                                           pool.size()->name));
       }},
      {"slots-too-few", error, "BatchService.json", "A node runs at least one task.",
       [](const Definition& pool, Report& report) {
         if (pool.number(pool.slots_at()) && pool.slots() < 1)
           report.at(pool.slots_at(), "It must be at least 1.").set(pool.slots_at(), 1);
       }},
      {"slots-too-many", error, "batch-parallel-node-tasks.md",
       "A node has at most four task slots for each core, and 256 in all.",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || pool.slots() <= slots_max(pool.size()->cores)) return;
         const int most = slots_max(pool.size()->cores);
         report
             .at(pool.slots_at(),
                 fmt::format("{} has {} cores; at most {} slots (4 for each core, 256 in all) are "
                             "possible.",
                             pool.size()->name, pool.size()->cores, most))
             .set(pool.slots_at(), most);
       }},
      {"slots-pack-of-one", note, "BatchService.json",
       "How nodes are filled matters when they take more than one task.",
       [](const Definition& pool, Report& report) {
         if (pool.is("taskSchedulingPolicy/nodeFillType", "pack") && pool.slots() == 1 &&
             !pool.given(pool.slots_at()))
           report.at("taskSchedulingPolicy/nodeFillType",
                     "With one task slot a node is full with its first task. Give "
                     "taskSlotsPerNode, or leave it out.");
       }},
      {"slots-gpus", note, "n-series-driver-setup.md",
       "Tasks that share a GPU share its memory, and one may starve the other.",
       [](const Definition& pool, Report& report) {
         if (pool.has_gpus() && !pool.has_rdma() && pool.slots() > pool.size()->gpus)
           report
               .at(pool.slots_at(), fmt::format("{} has {} GPUs: with {} slots tasks share them.",
                                                pool.size()->name, pool.size()->gpus, pool.slots()))
               .set(pool.slots_at(), pool.size()->gpus);
       }},
  };
}

}  // namespace batchyard::preflight
