// What helps against errors that nodes, pools and tasks carry, by their codes.
#include <algorithm>

#include "explain/facts.h"

namespace batchyard::explain {

namespace {

struct Cure {
  std::string_view code;
  std::string_view cure;
};

constexpr Cure task_cures[] = {
    {"FailureExitCode",
     "Read stdout.txt and stderr.txt of the task (batchyard logs); the command decided its exit "
     "code."},
    {"CommandProgramNotFound",
     "Name a program that is on the node: of its image, of a resource file, or of an application "
     "package. A command line is no shell line: /bin/sh -c '...' finds what a shell would."},
    {"CommandLaunchFailed",
     "The program is there and cannot be started: check its execute permission (fileMode of the "
     "resource file), its interpreter line, and that it is made for the node's processor."},
    {"TaskEnded",
     "It was ended on purpose, or by a limit that the message names: raise that, or find out what "
     "the "
     "command waits for. Reactivate the task to run it again."},
    {"BlobNotFound", "Check the URL of the resource file: nothing is there."},
    {"BlobAccessDenied",
     "The signature of the resource file's URL has ended, or does not allow to read. Make a new "
     "one."},
    {"ResourceContainerNotFound", "Check storageContainerUrl: there is no such container."},
    {"ResourceContainerAccessDenied",
     "The signature of storageContainerUrl must allow to read and to list."},
    {"FileUploadAccessDenied", "The signature of containerUrl must allow to write."},
    {"FileUploadContainerNotFound", "Make the container that containerUrl names."},
    {"Unknown",
     "The node lost sight of the process: look at the node's health, then run it again."},
};

constexpr Cure resize_cures[] = {
    {"AllocationFailed",
     "The fleet could not make the node for the reason given. Mend it, then resize."},
    {"AllocationTimedOut",
     "Not all nodes came within resizeTimeout. Resize again; give more time if nodes are slow to "
     "come."},
    {"AccountCoreQuotaReached",
     "Resize other pools or give the service a higher --quota; a fault that was asked for is "
     "cleared "
     "by batchyard fault clear. Then resize again."},
    {"AccountLowPriorityCoreQuotaReached",
     "Resize other pools or give the service a higher --quota, then resize again."},
    {"ResizeStopped", "A user stopped the resize. Resize again to go on."},
};

constexpr Cure node_cures[] = {
    {"StartTaskFailed",
     "Read startup/stdout.txt and startup/stderr.txt of the node, correct the pool's start task, "
     "then "
     "reboot the node."},
    {"AgentLost",
     "See whether the node's machine is up and reaches the service; its agent's log says what it "
     "tries. "
     "A node that is beyond help: remove it, or reimage it."},
    {"NodeLost", "Reboot or reimage the node; if that fails, too, remove it."},
    {"MountConfigurationError",
     "Correct mountConfiguration of the pool, or install what the message names; then reboot the "
     "node."},
    {"VMExtensionProvisioningError",
     "Read what its handler said below extensions/ of the node, correct the extension's settings "
     "or "
     "its handler (batchyard extension register), then reboot or reimage the node."},
    {"ApplicationPackageError",
     "Upload and activate the package, or change applicationPackageReferences; then reboot the "
     "node."},
    {"HardwareCheckFailed",
     "Do what the cure in the message says; the node comes back by itself when its checks pass."},
    {"NodeQuarantined",
     "Mend what failed, then reboot or reimage the node, or remove it (docs/hardware.md)."},
    {"AccountsNotWritten", "Make room on the node's disk, then reboot the node."},
    {"DiskFull",
     "Make room on the node's disk: shorter retentionTime of tasks, or fewer files; then reboot "
     "it."},
};

template <std::size_t size>
std::string cure_for(const Cure (&cures)[size], std::string_view code, std::string_view otherwise) {
  const auto* found = std::ranges::find(cures, code, &Cure::code);
  return std::string(found == std::end(cures) ? otherwise : found->cure);
}

std::string with_details(std::string message, const std::vector<NameValue>& details) {
  for (const NameValue& detail : details) {
    if (!detail.value.empty() && message.find(detail.value) == std::string::npos)
      message += fmt::format(" {}: {}", detail.name, detail.value);
  }
  return message;
}

}  // namespace

Reason reason_of(const Failure& failure, const std::string& entity) {
  const bool users = failure.category == protocol::FailureCategory::usererror;
  return {failure.code, with_details(failure.message, failure.details),
          cure_for(task_cures, failure.code,
                   users ? "" : "This is no fault of the command: run it again, on another node."),
          entity};
}

Reason reason_of(const ResizeError& error) {
  return {error.code,
          with_details(error.message, error.values),
          cure_for(resize_cures, error.code, "Mend what the message names, then resize."),
          {}};
}

Reason reason_of(const NodeError& error, const std::string& node) {
  return {error.code, with_details(error.message, error.details),
          cure_for(node_cures, error.code,
                   "Mend what the message names, then reboot or reimage the node."),
          node};
}

}  // namespace batchyard::explain
