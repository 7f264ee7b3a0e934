#include "apps/cli/fault_commands.h"

#include <memory>

#include "apps/cli/fault.h"
#include "apps/cli/on_service.h"

namespace batchyard::cli {

namespace {

constexpr const char* fault_footer = R"(Examples:
  batchyard fault inject train 1 xid --value 79 --gpu 0       GPU 0 of the first node falls off its bus
  batchyard fault inject train '*' preempt --at PT10M         low-priority nodes are taken away in ten minutes
  batchyard fault inject train '*' quota --for PT5M           no new nodes for five minutes
  batchyard fault clear train                                 all is well again)";

struct FaultWords {
  Connection connection;
  FaultOptions options;
  std::string output = "table";
};

}  // namespace

void add_fault_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<FaultWords>();
  FaultOptions& options = words->options;
  CLI::App* parent = program.add_subcommand(
      "fault", "hardware and nodes that fail on purpose, to test programs (docs/hardware.md)");
  parent->require_subcommand(1);
  parent->footer(fault_footer);
  CLI::App* inject = parent->add_subcommand(
      "inject", "let something fail: at once, or later, for ever or for a while");
  inject->add_option("pool", options.pool)->required();
  inject->add_option("node", options.node, "a node, its number in the order of creation, or *")
      ->required();
  inject
      ->add_option(
          "kind", options.kind,
          "xid, ecc, linkdown, drivermismatch, starttask, preempt, lost, allocation, quota")
      ->required();
  inject->add_option("--gpu", options.gpu, "which GPU, or which RDMA port; 0 is the first");
  inject->add_option("--value", options.value, "the XID (79), or how many errors (1)");
  inject->add_option("--at", options.at, "an instant, or PT30S for so long from now");
  inject->add_option("--for", options.lasts, "PT5M; for ever when left out");
  on_service(*inject, words->connection, code,
             [words](ApiClient& api) { return inject_fault(api, words->options); });
  CLI::App* list = parent->add_subcommand("list", "a pool's faults, with those that are over");
  list->add_option("pool", options.pool)->required();
  list->add_option("-o,--output", words->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  on_service(*list, words->connection, code, [words](ApiClient& api) {
    return list_faults(api, words->options, words->output == "json" ? Output::json : Output::table);
  });
  CLI::App* clear = parent->add_subcommand("clear", "end one fault of a pool, or all");
  clear->add_option("pool", options.pool)->required();
  clear->add_option("id", options.id, "of one");
  on_service(*clear, words->connection, code,
             [words](ApiClient& api) { return clear_faults(api, words->options); });
}

}  // namespace batchyard::cli
