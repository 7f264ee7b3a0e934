#include "apps/cli/fault.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

std::string faults_path(const FaultOptions& options) {
  return "/batchyard/pools/" + percent_encode(options.pool) + "/faults";
}

std::string shown(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string gibibytes(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const std::int64_t bytes = value != nullptr && value->is_int64() ? value->get_int64() : 0;
  return fmt::format("{} MiB", bytes >> 20);
}

const json::array& list_at(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

void print_gpus(const json::object& probe) {
  for (const json::value& one : list_at(probe, "gpus")) {
    const json::object& gpu = one.as_object();
    fmt::print("  GPU {} {} {} driver {}{}{}\n", shown(gpu, "uuid"), shown(gpu, "name"),
               gibibytes(gpu, "memory"), shown(gpu, "driver"),
               shown(gpu, "driver_kind") == "grid" ? " (GRID)" : "",
               gpu.contains("emulated") ? paint(" (emulated)", Colour::yellow) : "");
    for (const json::value& mig : list_at(gpu, "mig"))
      fmt::print("    MIG {} {}\n", shown(mig.as_object(), "uuid"),
                 gibibytes(mig.as_object(), "memory"));
  }
  for (const json::value& one : list_at(probe, "fabrics")) {
    const json::object& port = one.as_object();
    fmt::print("  RDMA {}:{} {} {}{}\n", shown(port, "device"), shown(port, "port"),
               shown(port, "state"), shown(port, "rate"),
               port.contains("emulated") ? paint(" (emulated)", Colour::yellow) : "");
  }
  for (const json::value& fault : list_at(probe, "injected"))
    fmt::print("  {} {}\n", paint("injected fault:", Colour::yellow),
               std::string_view(fault.as_string()));
}

void print_node(const json::object& node) {
  const json::object& probe = node.at("probe").as_object();
  fmt::print("{}:\n", paint("hardware", Colour::bold));
  fmt::print("  {}, {} processors, {}\n", shown(probe, "os"), shown(probe, "cpus"),
             gibibytes(probe, "memory"));
  print_gpus(probe);
  for (const json::value& mpi : list_at(probe, "mpi"))
    fmt::print("  {}\n", std::string_view(mpi.as_string()));
  for (const json::value& one : list_at(node, "checks")) {
    const json::object& check = one.as_object();
    const bool passed = check.at("passed").as_bool();
    fmt::print("  {} {:<20} {} (expected: {})\n",
               passed ? paint("passed", Colour::green) : paint("failed", Colour::red),
               shown(check, "check"), shown(check, "measured"), shown(check, "expected"));
    if (!passed) fmt::print("         {}\n", paint("→ " + shown(check, "cure"), Colour::dim));
  }
}

void print_task(const json::object& task) {
  std::vector<std::string> gpus;
  for (const json::value& gpu : list_at(task, "gpus")) gpus.emplace_back(gpu.as_string());
  const std::string fabric = shown(task, "fabric");
  if (gpus.empty() && fabric.empty()) return;
  fmt::print("{}:\n", paint("hardware", Colour::bold));
  if (!gpus.empty())
    fmt::print("  GPUs: {}{}{}\n", join(gpus, ", "), task.at("shared").as_bool() ? " (shared)" : "",
               task.at("emulated").as_bool() ? " (emulated)" : "");
  if (!gpus.empty())
    fmt::print("  kept from other GPUs by: {}\n",
               shown(task, "limitedBy").empty() ? "variables only" : shown(task, "limitedBy"));
  if (!fabric.empty()) fmt::print("  fabric: {}\n", fabric);
}

}  // namespace

void print_hardware(ApiClient& api, const std::string& path) {
  const Result<json::value> hardware = api.get("/batchyard" + path + "/hardware");
  if (!hardware || !hardware->is_object()) return;
  if (hardware->as_object().contains("probe"))
    print_node(hardware->as_object());
  else
    print_task(hardware->as_object());
}

int inject_fault(ApiClient& api, const FaultOptions& options) {
  json::object body{{"kind", options.kind}, {"node", options.node}};
  if (options.gpu) body["gpu"] = *options.gpu;
  if (options.value) body["value"] = *options.value;
  if (!options.at.empty()) body[options.at.starts_with('P') ? "after" : "at"] = options.at;
  if (!options.lasts.empty()) body["for"] = options.lasts;
  const Result<json::value> injected = api.send_json("POST", faults_path(options), body);
  if (!injected) return report(injected.error());
  fmt::print("fault {} of pool {}: {}\n", shown(injected->as_object(), "id"), options.pool,
             options.kind);
  return ExitCode::done;
}

int list_faults(ApiClient& api, const FaultOptions& options, Output output) {
  const Result<json::value> all = api.get(faults_path(options));
  if (!all) return report(all.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(all->at("value")));
    return ExitCode::done;
  }
  Table table{.head = {"ID", "STATE", "KIND", "NODE", "GPU", "VALUE", "AT", "UNTIL", "OUTCOME"},
              .rows = {},
              .state_column = 1};
  for (const json::value& one : all->at("value").as_array()) {
    std::vector<std::string> row;
    for (const char* name :
         {"id", "state", "kind", "node", "gpu", "value", "at", "until", "outcome"})
      row.push_back(shown(one.as_object(), name));
    table.rows.push_back(std::move(row));
  }
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int clear_faults(ApiClient& api, const FaultOptions& options) {
  const std::string one = options.id.empty() ? std::string() : "/" + percent_encode(options.id);
  const Result<> cleared = api.remove(faults_path(options) + one);
  return cleared ? static_cast<int>(ExitCode::done) : report(cleared.error());
}

}  // namespace batchyard::cli
