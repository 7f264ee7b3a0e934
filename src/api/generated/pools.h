// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#pragma once

#include "api/generated/common.h"

// Members as on the wire (a C++ keyword gets a `_`). Enums, times and durations are texts in their canonical form.
namespace batchyard::api {

struct PoolAddParameter {
  std::vector<std::string> applicationLicenses;
  std::vector<ApplicationPackageReference> applicationPackageReferences;
  std::optional<std::string> autoScaleEvaluationInterval;
  std::optional<std::string> autoScaleFormula;
  std::vector<CertificateReference> certificateReferences;
  std::optional<CloudServiceConfiguration> cloudServiceConfiguration;
  std::optional<std::string> displayName;
  std::optional<bool> enableAutoScale;
  std::optional<bool> enableInterNodeCommunication;
  std::optional<std::string> id;
  std::vector<MetadataItem> metadata;
  std::vector<MountConfiguration> mountConfiguration;
  std::optional<NetworkConfiguration> networkConfiguration;
  std::optional<std::string> resizeTimeout;
  std::map<std::string, std::string> resourceTags;
  std::optional<StartTask> startTask;
  std::optional<std::int32_t> targetDedicatedNodes;
  std::optional<std::int32_t> targetLowPriorityNodes;
  std::optional<std::string> targetNodeCommunicationMode;
  std::optional<TaskSchedulingPolicy> taskSchedulingPolicy;
  std::optional<std::int32_t> taskSlotsPerNode;
  std::optional<UpgradePolicy> upgradePolicy;
  std::vector<UserAccount> userAccounts;
  std::optional<VirtualMachineConfiguration> virtualMachineConfiguration;
  std::optional<std::string> vmSize;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PoolAddParameter>
void each_member(Value& value, Visit visit) {
  visit("applicationLicenses", value.applicationLicenses);
  visit("applicationPackageReferences", value.applicationPackageReferences);
  visit("autoScaleEvaluationInterval", value.autoScaleEvaluationInterval);
  visit("autoScaleFormula", value.autoScaleFormula);
  visit("certificateReferences", value.certificateReferences);
  visit("cloudServiceConfiguration", value.cloudServiceConfiguration);
  visit("displayName", value.displayName);
  visit("enableAutoScale", value.enableAutoScale);
  visit("enableInterNodeCommunication", value.enableInterNodeCommunication);
  visit("id", value.id);
  visit("metadata", value.metadata);
  visit("mountConfiguration", value.mountConfiguration);
  visit("networkConfiguration", value.networkConfiguration);
  visit("resizeTimeout", value.resizeTimeout);
  visit("resourceTags", value.resourceTags);
  visit("startTask", value.startTask);
  visit("targetDedicatedNodes", value.targetDedicatedNodes);
  visit("targetLowPriorityNodes", value.targetLowPriorityNodes);
  visit("targetNodeCommunicationMode", value.targetNodeCommunicationMode);
  visit("taskSchedulingPolicy", value.taskSchedulingPolicy);
  visit("taskSlotsPerNode", value.taskSlotsPerNode);
  visit("upgradePolicy", value.upgradePolicy);
  visit("userAccounts", value.userAccounts);
  visit("virtualMachineConfiguration", value.virtualMachineConfiguration);
  visit("vmSize", value.vmSize);
}
struct PoolPatchParameter {
  std::vector<ApplicationPackageReference> applicationPackageReferences;
  std::vector<CertificateReference> certificateReferences;
  std::optional<std::string> displayName;
  std::optional<bool> enableInterNodeCommunication;
  std::vector<MetadataItem> metadata;
  std::vector<MountConfiguration> mountConfiguration;
  std::optional<NetworkConfiguration> networkConfiguration;
  std::map<std::string, std::string> resourceTags;
  std::optional<StartTask> startTask;
  std::optional<std::string> targetNodeCommunicationMode;
  std::optional<TaskSchedulingPolicy> taskSchedulingPolicy;
  std::optional<std::int32_t> taskSlotsPerNode;
  std::optional<UpgradePolicy> upgradePolicy;
  std::vector<UserAccount> userAccounts;
  std::optional<VirtualMachineConfiguration> virtualMachineConfiguration;
  std::optional<std::string> vmSize;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PoolPatchParameter>
void each_member(Value& value, Visit visit) {
  visit("applicationPackageReferences", value.applicationPackageReferences);
  visit("certificateReferences", value.certificateReferences);
  visit("displayName", value.displayName);
  visit("enableInterNodeCommunication", value.enableInterNodeCommunication);
  visit("metadata", value.metadata);
  visit("mountConfiguration", value.mountConfiguration);
  visit("networkConfiguration", value.networkConfiguration);
  visit("resourceTags", value.resourceTags);
  visit("startTask", value.startTask);
  visit("targetNodeCommunicationMode", value.targetNodeCommunicationMode);
  visit("taskSchedulingPolicy", value.taskSchedulingPolicy);
  visit("taskSlotsPerNode", value.taskSlotsPerNode);
  visit("upgradePolicy", value.upgradePolicy);
  visit("userAccounts", value.userAccounts);
  visit("virtualMachineConfiguration", value.virtualMachineConfiguration);
  visit("vmSize", value.vmSize);
}
struct PoolResizeParameter {
  std::optional<std::string> nodeDeallocationOption;
  std::optional<std::string> resizeTimeout;
  std::optional<std::int32_t> targetDedicatedNodes;
  std::optional<std::int32_t> targetLowPriorityNodes;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PoolResizeParameter>
void each_member(Value& value, Visit visit) {
  visit("nodeDeallocationOption", value.nodeDeallocationOption);
  visit("resizeTimeout", value.resizeTimeout);
  visit("targetDedicatedNodes", value.targetDedicatedNodes);
  visit("targetLowPriorityNodes", value.targetLowPriorityNodes);
}

}  // namespace batchyard::api
