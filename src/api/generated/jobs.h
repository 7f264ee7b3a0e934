// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#pragma once

#include "api/generated/common.h"

// Members as on the wire (a C++ keyword gets a `_`). Enums, times and durations are texts in their canonical form.
namespace batchyard::api {

struct JobConstraints {
  std::optional<std::int32_t> maxTaskRetryCount;
  std::optional<std::string> maxWallClockTime;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobConstraints>
void each_member(Value& value, Visit visit) {
  visit("maxTaskRetryCount", value.maxTaskRetryCount);
  visit("maxWallClockTime", value.maxWallClockTime);
}
struct JobManagerTask {
  std::optional<bool> allowLowPriorityNode;
  std::vector<ApplicationPackageReference> applicationPackageReferences;
  std::optional<AuthenticationTokenSettings> authenticationTokenSettings;
  std::optional<std::string> commandLine;
  std::optional<TaskConstraints> constraints;
  std::optional<TaskContainerSettings> containerSettings;
  std::optional<std::string> displayName;
  std::vector<EnvironmentSetting> environmentSettings;
  std::optional<std::string> id;
  std::optional<bool> killJobOnCompletion;
  std::vector<OutputFile> outputFiles;
  std::optional<std::int32_t> requiredSlots;
  std::vector<ResourceFile> resourceFiles;
  std::optional<bool> runExclusive;
  std::optional<UserIdentity> userIdentity;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobManagerTask>
void each_member(Value& value, Visit visit) {
  visit("allowLowPriorityNode", value.allowLowPriorityNode);
  visit("applicationPackageReferences", value.applicationPackageReferences);
  visit("authenticationTokenSettings", value.authenticationTokenSettings);
  visit("commandLine", value.commandLine);
  visit("constraints", value.constraints);
  visit("containerSettings", value.containerSettings);
  visit("displayName", value.displayName);
  visit("environmentSettings", value.environmentSettings);
  visit("id", value.id);
  visit("killJobOnCompletion", value.killJobOnCompletion);
  visit("outputFiles", value.outputFiles);
  visit("requiredSlots", value.requiredSlots);
  visit("resourceFiles", value.resourceFiles);
  visit("runExclusive", value.runExclusive);
  visit("userIdentity", value.userIdentity);
}
struct JobPreparationTask {
  std::optional<std::string> commandLine;
  std::optional<TaskConstraints> constraints;
  std::optional<TaskContainerSettings> containerSettings;
  std::vector<EnvironmentSetting> environmentSettings;
  std::optional<std::string> id;
  std::optional<bool> rerunOnNodeRebootAfterSuccess;
  std::vector<ResourceFile> resourceFiles;
  std::optional<UserIdentity> userIdentity;
  std::optional<bool> waitForSuccess;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobPreparationTask>
void each_member(Value& value, Visit visit) {
  visit("commandLine", value.commandLine);
  visit("constraints", value.constraints);
  visit("containerSettings", value.containerSettings);
  visit("environmentSettings", value.environmentSettings);
  visit("id", value.id);
  visit("rerunOnNodeRebootAfterSuccess", value.rerunOnNodeRebootAfterSuccess);
  visit("resourceFiles", value.resourceFiles);
  visit("userIdentity", value.userIdentity);
  visit("waitForSuccess", value.waitForSuccess);
}
struct JobReleaseTask {
  std::optional<std::string> commandLine;
  std::optional<TaskContainerSettings> containerSettings;
  std::vector<EnvironmentSetting> environmentSettings;
  std::optional<std::string> id;
  std::optional<std::string> maxWallClockTime;
  std::vector<ResourceFile> resourceFiles;
  std::optional<std::string> retentionTime;
  std::optional<UserIdentity> userIdentity;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobReleaseTask>
void each_member(Value& value, Visit visit) {
  visit("commandLine", value.commandLine);
  visit("containerSettings", value.containerSettings);
  visit("environmentSettings", value.environmentSettings);
  visit("id", value.id);
  visit("maxWallClockTime", value.maxWallClockTime);
  visit("resourceFiles", value.resourceFiles);
  visit("retentionTime", value.retentionTime);
  visit("userIdentity", value.userIdentity);
}
struct JobNetworkConfiguration {
  std::optional<bool> skipWithdrawFromVNet;
  std::optional<std::string> subnetId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobNetworkConfiguration>
void each_member(Value& value, Visit visit) {
  visit("skipWithdrawFromVNet", value.skipWithdrawFromVNet);
  visit("subnetId", value.subnetId);
}
struct PoolSpecification {
  std::vector<std::string> applicationLicenses;
  std::vector<ApplicationPackageReference> applicationPackageReferences;
  std::optional<std::string> autoScaleEvaluationInterval;
  std::optional<std::string> autoScaleFormula;
  std::vector<CertificateReference> certificateReferences;
  std::optional<CloudServiceConfiguration> cloudServiceConfiguration;
  std::optional<std::string> displayName;
  std::optional<bool> enableAutoScale;
  std::optional<bool> enableInterNodeCommunication;
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
  requires std::is_same_v<std::remove_const_t<Value>, PoolSpecification>
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
struct AutoPoolSpecification {
  std::optional<std::string> autoPoolIdPrefix;
  std::optional<bool> keepAlive;
  std::optional<PoolSpecification> pool;
  std::optional<std::string> poolLifetimeOption;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AutoPoolSpecification>
void each_member(Value& value, Visit visit) {
  visit("autoPoolIdPrefix", value.autoPoolIdPrefix);
  visit("keepAlive", value.keepAlive);
  visit("pool", value.pool);
  visit("poolLifetimeOption", value.poolLifetimeOption);
}
struct PoolInformation {
  std::optional<AutoPoolSpecification> autoPoolSpecification;
  std::optional<std::string> poolId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PoolInformation>
void each_member(Value& value, Visit visit) {
  visit("autoPoolSpecification", value.autoPoolSpecification);
  visit("poolId", value.poolId);
}
struct JobAddParameter {
  std::optional<bool> allowTaskPreemption;
  std::vector<EnvironmentSetting> commonEnvironmentSettings;
  std::optional<JobConstraints> constraints;
  std::optional<std::string> displayName;
  std::optional<std::string> id;
  std::optional<JobManagerTask> jobManagerTask;
  std::optional<JobPreparationTask> jobPreparationTask;
  std::optional<JobReleaseTask> jobReleaseTask;
  std::optional<std::int32_t> maxParallelTasks;
  std::vector<MetadataItem> metadata;
  std::optional<JobNetworkConfiguration> networkConfiguration;
  std::optional<std::string> onAllTasksComplete;
  std::optional<std::string> onTaskFailure;
  std::optional<PoolInformation> poolInfo;
  std::optional<std::int32_t> priority;
  std::optional<bool> usesTaskDependencies;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobAddParameter>
void each_member(Value& value, Visit visit) {
  visit("allowTaskPreemption", value.allowTaskPreemption);
  visit("commonEnvironmentSettings", value.commonEnvironmentSettings);
  visit("constraints", value.constraints);
  visit("displayName", value.displayName);
  visit("id", value.id);
  visit("jobManagerTask", value.jobManagerTask);
  visit("jobPreparationTask", value.jobPreparationTask);
  visit("jobReleaseTask", value.jobReleaseTask);
  visit("maxParallelTasks", value.maxParallelTasks);
  visit("metadata", value.metadata);
  visit("networkConfiguration", value.networkConfiguration);
  visit("onAllTasksComplete", value.onAllTasksComplete);
  visit("onTaskFailure", value.onTaskFailure);
  visit("poolInfo", value.poolInfo);
  visit("priority", value.priority);
  visit("usesTaskDependencies", value.usesTaskDependencies);
}
struct JobPatchParameter {
  std::optional<bool> allowTaskPreemption;
  std::optional<JobConstraints> constraints;
  std::optional<std::int32_t> maxParallelTasks;
  std::vector<MetadataItem> metadata;
  std::optional<JobNetworkConfiguration> networkConfiguration;
  std::optional<std::string> onAllTasksComplete;
  std::optional<PoolInformation> poolInfo;
  std::optional<std::int32_t> priority;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobPatchParameter>
void each_member(Value& value, Visit visit) {
  visit("allowTaskPreemption", value.allowTaskPreemption);
  visit("constraints", value.constraints);
  visit("maxParallelTasks", value.maxParallelTasks);
  visit("metadata", value.metadata);
  visit("networkConfiguration", value.networkConfiguration);
  visit("onAllTasksComplete", value.onAllTasksComplete);
  visit("poolInfo", value.poolInfo);
  visit("priority", value.priority);
}
struct JobTerminateParameter {
  std::optional<std::string> terminateReason;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, JobTerminateParameter>
void each_member(Value& value, Visit visit) {
  visit("terminateReason", value.terminateReason);
}

}  // namespace batchyard::api
