// VM extensions: each is a script that an operator has registered, run as root before anything else
// of the pool's comes to the node. One that fails makes the node unusable until it starts anew.
#include "node/extensions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::Extension;
using protocol::ExtensionReport;
using protocol::ExtensionsPhase;
using protocol::ExtensionState;

namespace {

constexpr std::string_view extension_process = "extension-";
constexpr const char* extension_error = "VMExtensionProvisioningError";

const User& extension_user() {
  static const User root{.admin = true};
  return root;
}

bool is_driver_of(const Extension& extension, std::string_view token) {
  return std::ranges::find(extension.installs, token) != extension.installs.end();
}

// How a run has ended, for people.
std::string how_ended(const ProcessEnd& end, bool late) {
  constexpr std::chrono::minutes most =
      std::chrono::duration_cast<std::chrono::minutes>(extension_time_max);
  if (late) return fmt::format("did not end within {} minutes", most.count());
  if (end.exit_code) return fmt::format("ended with exit code {}", *end.exit_code);
  if (end.signal) return fmt::format("was ended by signal {}", *end.signal);
  if (end.error) return "could not be started: its interpreter is not there, or is no program";
  return "was lost: its process vanished";
}

}  // namespace

// What follows on them is followed when they are through.
bool Node::holds(const protocol::ToAgent& message) {
  const bool follows = std::holds_alternative<protocol::RunStartTask>(message) ||
                       std::holds_alternative<protocol::DeployPackages>(message) ||
                       std::holds_alternative<protocol::RunJobTask>(message) ||
                       std::holds_alternative<protocol::EndJobTask>(message) ||
                       std::holds_alternative<protocol::ForgetJob>(message);
  if (!follows || !is_extending() || fault_) return false;
  extending_.held.push_back(message);
  return true;
}

void Node::begin_extensions() {
  extending_ = {};
  if (set_up_->extensions.empty()) return;
  extending_.reports = first_reports(set_up_->extensions, set_up_->extended);
  extending_.phase = ExtensionsPhase::running;
  tell_if_changed();
}

void Node::tell_extensions() {
  if (!extending_.reports.empty())
    ports_.send(protocol::ExtensionsChanged{extending_.reports, extending_.phase});
}

void Node::go_on_with_extensions(Time now) {
  if (extending_.phase != ExtensionsPhase::running || !extending_.process.empty() ||
      extending_.looking)
    return;
  if (const std::optional<std::size_t> at = next_extension(set_up_->extensions, extending_.reports))
    return start_extension(*at, now);
  // The machine may have what it had not before: the gate shall see it.
  extending_.looking = extending_.ran && ports_.look();
  if (!extending_.looking) extensions_through(now);
}

void Node::extensions_through(Time now) {
  extending_.phase = ExtensionsPhase::done;
  keep_set_up();
  tell_if_changed();
  tell_extensions();
  want_images();
  for (const protocol::ToAgent& message : std::exchange(extending_.held, {}))
    on_message(message, now);
}

std::vector<std::string> Node::environment_of(const Extension& extension,
                                              const ExtensionReport& report) const {
  std::vector<std::string> environment = common_environment();
  const std::string directory = identity_.root + "/" + extension_directory(extension);
  const protocol::Promise& promise = identity_.promise;
  std::vector<std::string> emulated;
  if (identity_.emulates && promise.gpus > 0 && identity_.probe.gpus.empty() &&
      identity_.probe.gpu_fault.empty())
    emulated.emplace_back("gpu");
  if (identity_.emulates && promise.rdma && identity_.probe.fabrics.empty())
    emulated.emplace_back("rdma");
  for (const std::string& variable :
       {"HOME=" + directory + "/wd", "BATCHYARD_EXTENSION_NAME=" + extension.name,
        "BATCHYARD_EXTENSION_PUBLISHER=" + extension.publisher,
        "BATCHYARD_EXTENSION_TYPE=" + extension.type,
        "BATCHYARD_EXTENSION_RUN=" + std::to_string(report.runs),
        "BATCHYARD_EXTENSION_SETTINGS=" + directory + "/config/settings.json",
        "BATCHYARD_EXTENSION_PROTECTED_SETTINGS=" + directory + "/config/protected.json",
        "BATCHYARD_SIZE_GPUS=" + std::to_string(promise.gpus),
        "BATCHYARD_SIZE_GPU_DRIVER=" + promise.driver, "BATCHYARD_SIZE_RDMA=" + promise.rdma_kind,
        "BATCHYARD_EMULATED=" + join(emulated, " ")})
    environment.push_back(variable);
  for (const std::string& variable : simulated_variables(extension.settings))
    environment.push_back(variable);
  return environment;
}

void Node::start_extension(std::size_t at, Time now) {
  const Extension& extension = set_up_->extensions[at];
  ExtensionReport& report = extending_.reports[at];
  const std::string directory = extension_directory(extension);
  const std::string config = directory + "/config/";
  report.state = ExtensionState::running;
  report.exit_code.reset();
  report.output.clear();
  report.error.clear();
  ++report.runs;
  report.started = now;
  report.ended = Time();
  if (const Result<> made = ports_.make_task_directory(directory, extension_user()); !made)
    return extension_failed(extension, report, "could not be started: " + made.error().message);
  const auto given = [](const std::string& settings) {
    return settings.empty() ? std::string("{}") : settings;
  };
  ports_.put_secret(config + "settings.json", given(extension.settings), extension_user());
  ports_.put_secret(config + "protected.json", given(extension.protected_settings),
                    extension_user());
  ports_.put_secret(config + "handler", extension.script, extension_user());
  ProcessOrder order;
  order.id = std::string(extension_process) + std::to_string(at);
  order.arguments = script_words(extension.script, identity_.root + "/" + config + "handler");
  order.environment = environment_of(extension, report);
  order.directory = directory + "/wd";
  order.out = directory + "/stdout.txt";
  order.error = directory + "/stderr.txt";
  order.user = extension_user();
  extending_.process = order.id;
  extending_.ran = true;
  extending_.late = false;
  keep_set_up();
  tell_extensions();
  ports_.start_process(order);
}

void Node::extension_ended(const ProcessEnd& end, Time now) {
  const auto at = static_cast<std::size_t>(
      parse_integer(extending_.process.substr(extension_process.size())).value_or(0));
  extending_.process.clear();
  if (at >= extending_.reports.size()) return;
  const Extension& extension = set_up_->extensions[at];
  ExtensionReport& report = extending_.reports[at];
  const std::string directory = extension_directory(extension);
  report.exit_code = end.exit_code;
  report.ended = end.ended == Time() ? now : end.ended;
  report.output =
      told_output(ports_.end_of(directory + "/stdout.txt"), extension.protected_settings);
  report.error =
      told_output(ports_.end_of(directory + "/stderr.txt"), extension.protected_settings);
  ports_.remove(directory + "/config");
  const bool restart = end.exit_code == restart_wanted_code && !extending_.late;
  if (restart && report.runs > restarts_max)
    return extension_failed(extension, report,
                            fmt::format("has asked {} times for the node to start anew (exit code "
                                        "{}) and would not be done",
                                        report.runs, restart_wanted_code));
  if (!restart && (end.exit_code != 0 || extending_.late))
    return extension_failed(extension, report, how_ended(end, extending_.late));
  report.state = restart ? ExtensionState::restarting : ExtensionState::succeeded;
  if (restart || extension.reboots) extending_.phase = ExtensionsPhase::restart;
  keep_set_up();
  tell_if_changed();
  tell_extensions();
  go_on_with_extensions(now);
}

void Node::extension_failed(const Extension& extension, const ExtensionReport& report,
                            const std::string& why) {
  for (ExtensionReport& one : extending_.reports) {
    if (one.name == report.name) one.state = ExtensionState::failed;
  }
  const std::string& said = report.error.empty() ? report.output : report.error;
  fault_ = protocol::NodeFault{
      extension_error,
      fmt::format("The extension {} ({}/{}) {}.{} Read {}/stdout.txt and stderr.txt of the node, "
                  "correct its settings or its handler (batchyard extension register), then reboot "
                  "or reimage the node.",
                  extension.name, extension.publisher, extension.type, why,
                  said.empty() ? "" : " It said: " + said, extension_directory(extension)),
      {{"Extension", extension.name},
       {"ExitCode", report.exit_code ? std::to_string(*report.exit_code) : "none"},
       {"Output", said}}};
  extending_.held.clear();
  keep_set_up();
  tell_extensions();
  ports_.send(*fault_);
}

// One that was to run and never began is started again.
void Node::resume_extensions(const std::vector<std::string>& alive, Time now) {
  if (!set_up_ || fault_ || !is_extending()) return;
  for (std::size_t at = 0; at < extending_.reports.size(); ++at) {
    if (extending_.reports[at].state != ExtensionState::running) continue;
    extending_.ran = true;
    const std::string process = std::string(extension_process) + std::to_string(at);
    if (std::ranges::find(alive, process) != alive.end()) {
      extending_.process = process;
      return;
    }
    --extending_.reports[at].runs;
  }
  // What one has changed is to be looked at, whichever agent saw its end.
  extending_.ran = true;
  go_on_with_extensions(now);
}

void Node::end_late_extension(Time now) {
  if (extending_.process.empty() || extending_.late || extension_deadline() > now) return;
  extending_.late = true;
  ports_.end_process(extending_.process);
}

Time Node::extension_deadline() const {
  if (extending_.process.empty() || extending_.late) return Time::max();
  const auto running =
      std::ranges::find(extending_.reports, ExtensionState::running, &ExtensionReport::state);
  return running == extending_.reports.end() ? Time::max()
                                             : later(running->started, extension_time_max);
}

void Node::hide_undriven(protocol::Probe& probe) const {
  if (!set_up_) return;
  const auto awaits = [&](std::initializer_list<std::string_view> tokens) {
    for (std::size_t at = 0; at < extending_.reports.size(); ++at) {
      const ExtensionState state = extending_.reports[at].state;
      const Extension& extension = set_up_->extensions[at];
      const bool is_driver = std::ranges::any_of(
          tokens, [&](std::string_view token) { return is_driver_of(extension, token); });
      // What is to start anew yet is not loaded.
      const bool there =
          state == ExtensionState::notrun ||
          (state == ExtensionState::succeeded && extending_.phase != ExtensionsPhase::restart);
      if (is_driver && !there) return true;
    }
    return false;
  };
  const bool gpus = std::ranges::any_of(probe.gpus, &protocol::Gpu::emulated);
  if (gpus && awaits({"cuda", "grid"})) {
    probe.gpus.clear();
    probe.cuda.clear();
  }
  if (awaits({"rdma"})) std::erase_if(probe.fabrics, &protocol::Fabric::emulated);
}

}  // namespace batchyard::node
