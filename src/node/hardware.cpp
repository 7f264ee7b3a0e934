// The node's hardware: what of it shows, with what is emulated and what is to fail, and which part
// of it a run gets.
#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/text.h"
#include "hardware/emulate.h"
#include "hardware/fabric.h"
#include "model/container.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

namespace {

constexpr const char* faults_record = "faults";

using protocol::FaultKind;

}  // namespace

void Node::look_again() {
  machine_ = identity_.probe;
  if (identity_.emulates) emulate(identity_.promise, identity_.node.text(), machine_);
  hide_undriven(machine_);
  probe_ = machine_;
  apply_faults(faults_, probe_);
  // Faults take no device away from tasks: these shall meet them.
  share_.set(share_devices(machine_), welcome_.task_slots);
  if (has_emulated_gpus(machine_)) {
    protocol::Probe shown = probe_;
    shown.gpus = probe_.gpu_fault.empty() ? probe_.gpus : machine_.gpus;
    ports_.show_hardware(stand_in_text(shown));
  }
}

void Node::on_probed(protocol::Probe probe, Time now) {
  identity_.probe = std::move(probe);
  tell_if_changed();
  if (std::exchange(extending_.looking, false)) extensions_through(now);
}

void Node::tell_if_changed() {
  const std::string before = to_json(probe_);
  look_again();
  if (to_json(probe_) != before) ports_.send(protocol::ProbeChanged{probe_});
}

void Node::set_faults(const protocol::SetFaults& order) {
  faults_ = order.faults;
  ports_.keep_record(faults_record, to_json(order));
  tell_if_changed();
}

void Node::restore_faults(const std::string& text) {
  if (const Result<protocol::SetFaults> kept = from_json<protocol::SetFaults>(text))
    faults_ = kept->faults;
  look_again();
}

bool Node::start_task_is_to_fail() const {
  return std::ranges::any_of(
      faults_, [](const protocol::Fault& fault) { return fault.kind == FaultKind::starttask; });
}

// ---- what runs get
// ------------------------------------------------------------------------------------------------------------------

// Once for a run, before its first command.
void Node::grant(Run& run) {
  if (run.grant) return;
  run.grant.emplace();
  if (!share_.empty()) {
    std::optional<std::int32_t> wanted;
    if (run.spec.container) {
      if (const std::optional<GpuWish> wish = gpus_wanted(run.spec.container->options)) {
        wanted = wish->count;
        if (wish->all) wanted = static_cast<std::int32_t>(share_.devices().size());
      }
    }
    const DeviceShare::Given given = share_.give(run.name(), run.order.slots, wanted);
    for (const ShareDevice& device : given.devices) run.grant->gpus.push_back(device.id);
    run.grant->shared = given.shared;
    run.grant->emulated = has_emulated_gpus(machine_);
    run.grant->limited = run.grant->emulated ? "stand-in" : ports_.device_limit();
  }
  if (run.is_gang()) run.grant->fabric = choose_fabric(probe_, run.order.gang->no_fabric).words;
  if (!run.grant->gpus.empty() || !run.grant->fabric.empty())
    ports_.send(protocol::RunGranted{run.order.key, run.member(), *run.grant});
}

void Node::add_hardware(std::vector<std::string>& environment, const Run& run) const {
  if (!run.grant) return;
  if (!run.grant->gpus.empty()) {
    std::vector<std::string> numbers;
    for (const ShareDevice& device : share_.devices()) {
      const std::string number = std::to_string(device.index);
      if (std::ranges::find(run.grant->gpus, device.id) != run.grant->gpus.end() &&
          std::ranges::find(numbers, number) == numbers.end())
        numbers.push_back(number);
    }
    const std::string ids = join(run.grant->gpus, ",");
    environment.push_back("BATCHYARD_GPUS=" + join(numbers, ","));
    if (machine_.gpus.front().vendor == "amd") {
      environment.push_back("ROCR_VISIBLE_DEVICES=" + join(numbers, ","));
    } else {
      environment.push_back("CUDA_DEVICE_ORDER=PCI_BUS_ID");
      environment.push_back("CUDA_VISIBLE_DEVICES=" + ids);
      environment.push_back("NVIDIA_VISIBLE_DEVICES=" + ids);
    }
  }
  if (!run.is_gang()) return;
  environment.push_back("BATCHYARD_FABRIC=" + run.grant->fabric);
  for (const std::string& variable : choose_fabric(probe_, run.order.gang->no_fabric).variables)
    environment.push_back(variable);
}

void Node::add_devices(ProcessOrder& order, const Run& run) const {
  if (!run.grant || run.grant->gpus.empty()) return;
  const auto is_granted = [&](const ShareDevice& device) {
    return std::ranges::find(run.grant->gpus, device.id) != run.grant->gpus.end();
  };
  DeviceGrant devices{
      .gpus = run.grant->gpus, .minors = {}, .withheld = {}, .emulated = run.grant->emulated};
  for (const ShareDevice& device : share_.devices()) {
    if (is_granted(device)) devices.minors.insert(device.minor);
  }
  for (const ShareDevice& device : share_.devices()) {
    if (!devices.minors.contains(device.minor)) devices.withheld.insert(device.minor);
  }
  order.devices = std::move(devices);
}

}  // namespace batchyard::node
