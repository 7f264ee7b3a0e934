// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#include "api/schema.h"

namespace batchyard::api {

namespace {

constexpr Member members_of_AccountListSupportedImagesResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 60, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AffinityInformation[] = {
    {"affinityId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ApplicationListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 4, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ApplicationPackageReference[] = {
    {"applicationId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ApplicationSummary[] = {
    {"displayName", Shape::one, Type::text, 0, 63, 63, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"versions", Shape::list, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_AuthenticationTokenSettings[] = {
    {"access", Shape::list, Type::choice, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AutoPoolSpecification[] = {
    {"autoPoolIdPrefix", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"keepAlive", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"pool", Shape::one, Type::model, 124, 63, 0, 0, no_min, no_max},
    {"poolLifetimeOption", Shape::one, Type::choice, 44, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_AutoScaleRun[] = {
    {"error", Shape::one, Type::model, 8, 63, 0, 0, no_min, no_max},
    {"results", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"timestamp", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_AutoScaleRunError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AutoUserSpecification[] = {
    {"elevationLevel", Shape::one, Type::choice, 24, 63, 0, 0, no_min, no_max},
    {"scope", Shape::one, Type::choice, 2, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AutomaticOSUpgradePolicy[] = {
    {"disableAutomaticRollback", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"enableAutomaticOSUpgrade", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"osRollingUpgradeDeferral", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"useRollingUpgradePolicy", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_AzureBlobFileSystemConfiguration[] = {
    {"accountKey", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"accountName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"blobfuseOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"containerName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 37, 62, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"sasKey", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
};
constexpr Member members_of_AzureFileShareConfiguration[] = {
    {"accountKey", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"accountName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"azureFileUrl", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"mountOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_BatchError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::model, 51, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 14, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_BatchErrorDetail[] = {
    {"key", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_BatchPoolIdentity[] = {
    {"type", Shape::one, Type::choice, 43, 62, 62, 0, no_min, no_max},
    {"userAssignedIdentities", Shape::list, Type::model, 165, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_BatchPoolIdentityReference[] = {
    {"resourceId", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_CIFSMountConfiguration[] = {
    {"mountOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"source", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_Certificate[] = {
    {"deleteCertificateError", Shape::one, Type::model, 45, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 6, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"publicData", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 6, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CertificateAddParameter[] = {
    {"certificateFormat", Shape::one, Type::choice, 5, 63, 0, 0, no_min, no_max},
    {"data", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_CertificateListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 18, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CertificateReference[] = {
    {"storeLocation", Shape::one, Type::choice, 7, 63, 0, 0, no_min, no_max},
    {"storeName", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"visibility", Shape::list, Type::choice, 8, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJob[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 66, 63, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 68, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"jobManagerTask", Shape::one, Type::model, 69, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 73, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 75, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 70, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 40, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 41, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 118, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 34, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
    {"state", Shape::one, Type::choice, 34, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 84, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"usesTaskDependencies", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobListPreparationAndReleaseTaskStatusResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 72, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 22, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobSchedule[] = {
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 78, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"jobSpecification", Shape::one, Type::model, 83, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 33, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 135, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 33, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 80, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobScheduleListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 25, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudPool[] = {
    {"allocationState", Shape::one, Type::choice, 1, 63, 0, 0, no_min, no_max},
    {"allocationStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleRun", Shape::one, Type::model, 7, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 29, 15, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"currentDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"currentLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"currentNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, Member::read_only, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"identity", Shape::one, Type::model, 15, 62, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 90, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 94, 63, 0, 0, no_min, no_max},
    {"resizeErrors", Shape::list, Type::model, 131, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 45, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 125, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 155, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 160, 56, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 164, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 170, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudPoolListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 27, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudServiceConfiguration[] = {
    {"osFamily", Shape::one, Type::text, 0, 15, 15, 0, no_min, no_max},
    {"osVersion", Shape::one, Type::text, 0, 15, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTask[] = {
    {"affinityInfo", Shape::one, Type::model, 1, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 5, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"dependsOn", Shape::one, Type::model, 150, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 151, 63, 0, 0, no_min, no_max},
    {"exitConditions", Shape::one, Type::model, 54, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"multiInstanceSettings", Shape::one, Type::model, 91, 63, 0, 0, no_min, no_max},
    {"nodeInfo", Shape::one, Type::model, 38, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 110, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 55, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 55, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 157, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTaskListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 30, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTaskListSubtasksResult[] = {
    {"value", Shape::list, Type::model, 140, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNode[] = {
    {"affinityId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"allocationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 0, 0, no_min, no_max},
    {"endpointConfiguration", Shape::one, Type::model, 34, 63, 0, 0, no_min, no_max},
    {"errors", Shape::list, Type::model, 35, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipAddress", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipv6Address", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"isDedicated", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"lastBootTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"nodeAgentInfo", Shape::one, Type::model, 96, 63, 0, 0, no_min, no_max},
    {"recentTasks", Shape::list, Type::model, 154, 63, 0, 0, no_min, no_max},
    {"runningTaskSlotsCount", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"runningTasksCount", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"schedulingState", Shape::one, Type::choice, 46, 63, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"startTaskInfo", Shape::one, Type::model, 139, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 14, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"totalTasksRun", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"totalTasksSucceeded", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"virtualMachineInfo", Shape::one, Type::model, 171, 62, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeEndpointConfiguration[] = {
    {"inboundEndpoints", Shape::list, Type::model, 62, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"errorDetails", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeGetRemoteLoginSettingsResult[] = {
    {"ipv6RemoteLoginIPAddress", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"ipv6RemoteLoginPort", Shape::one, Type::integer32, 0, 32, 0, 0, no_min, no_max},
    {"remoteLoginIPAddress", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"remoteLoginPort", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeIdentityReference[] = {
    {"resourceId", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeInformation[] = {
    {"affinityId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectory", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectoryUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 33, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeUser[] = {
    {"expiryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"isAdmin", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"sshPublicKey", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ContainerConfiguration[] = {
    {"containerImageNames", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"containerRegistries", Shape::list, Type::model, 43, 63, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::choice, 16, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ContainerHostBatchBindMountEntry[] = {
    {"isReadOnly", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"source", Shape::one, Type::choice, 15, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_ContainerRegistry[] = {
    {"identityReference", Shape::one, Type::model, 37, 62, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 1, Member::secret, no_min, no_max},
    {"registryServer", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 63, 1, 0, no_min, no_max},
};
constexpr Member members_of_DataDisk[] = {
    {"caching", Shape::one, Type::choice, 4, 63, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"lun", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 88, 32, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 51, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_DeleteCertificateError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiffDiskSettings[] = {
    {"placement", Shape::one, Type::choice, 19, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiskCustomerManagedKey[] = {
    {"identityReference", Shape::one, Type::model, 16, 32, 0, 0, no_min, no_max},
    {"keyUrl", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"rotationToLatestKeyVersionEnabled", Shape::one, Type::boolean, 0, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiskEncryptionConfiguration[] = {
    {"customerManagedKey", Shape::one, Type::model, 47, 32, 0, 0, no_min, no_max},
    {"targets", Shape::list, Type::choice, 22, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiskEncryptionSetParameters[] = {
    {"id", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_EnvironmentSetting[] = {
    {"name", Shape::one, Type::text, 0, 63, 63, Member::variable_name, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ErrorMessage[] = {
    {"lang", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ExitCodeMapping[] = {
    {"code", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"exitOptions", Shape::one, Type::model, 55, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ExitCodeRangeMapping[] = {
    {"end", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"exitOptions", Shape::one, Type::model, 55, 63, 63, 0, no_min, no_max},
    {"start", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ExitConditions[] = {
    {"default", Shape::one, Type::model, 55, 63, 0, 0, no_min, no_max},
    {"exitCodeRanges", Shape::list, Type::model, 53, 63, 0, 0, no_min, no_max},
    {"exitCodes", Shape::list, Type::model, 52, 63, 0, 0, no_min, no_max},
    {"fileUploadError", Shape::one, Type::model, 55, 63, 0, 0, no_min, no_max},
    {"preProcessingError", Shape::one, Type::model, 55, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ExitOptions[] = {
    {"dependencyAction", Shape::one, Type::choice, 18, 63, 0, 0, no_min, no_max},
    {"jobAction", Shape::one, Type::choice, 30, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_FileProperties[] = {
    {"contentLength", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"contentType", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"fileMode", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_HostEndpointSettings[] = {
    {"inVMAccessControlProfileReferenceId", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"mode", Shape::one, Type::choice, 26, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_HttpHeader[] = {
    {"name", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_IPTag[] = {
    {"ipTagType", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"tag", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_ImageInformation[] = {
    {"batchSupportEndOfLife", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"capabilities", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"imageReference", Shape::one, Type::model, 61, 63, 63, 0, no_min, no_max},
    {"nodeAgentSKUId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"osType", Shape::one, Type::choice, 39, 63, 63, 0, no_min, no_max},
    {"verificationType", Shape::one, Type::choice, 57, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ImageReference[] = {
    {"communityGalleryImageId", Shape::one, Type::text, 0, 48, 0, 0, no_min, no_max},
    {"exactVersion", Shape::one, Type::text, 0, 62, 0, Member::read_only, no_min, no_max},
    {"offer", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"publisher", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"sharedGalleryImageId", Shape::one, Type::text, 0, 48, 0, 0, no_min, no_max},
    {"sku", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"virtualMachineImageId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_InboundEndpoint[] = {
    {"backendPort", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"frontendPort", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"protocol", Shape::one, Type::choice, 29, 63, 63, 0, no_min, no_max},
    {"publicFQDN", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"publicIPAddress", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_InboundNATPool[] = {
    {"backendPort", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"frontendPortRangeEnd", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"frontendPortRangeStart", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"networkSecurityGroupRules", Shape::list, Type::model, 95, 63, 0, 0, no_min, no_max},
    {"protocol", Shape::one, Type::choice, 29, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_InstanceViewStatus[] = {
    {"code", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"displayStatus", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"level", Shape::one, Type::choice, 50, 62, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"time", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobAddParameter[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 66, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"jobManagerTask", Shape::one, Type::model, 69, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 73, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 75, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 70, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 40, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 41, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 118, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
    {"usesTaskDependencies", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobConstraints[] = {
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 63, 0, 0, -1, 2147483647},
    {"maxWallClockTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobDisableParameter[] = {
    {"disableTasks", Shape::one, Type::choice, 21, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobExecutionInformation[] = {
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"schedulingError", Shape::one, Type::model, 82, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"terminateReason", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobManagerTask[] = {
    {"allowLowPriorityNode", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 5, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"killJobOnCompletion", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 110, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"runExclusive", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobNetworkConfiguration[] = {
    {"skipWithdrawFromVNet", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"subnetId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobPatchParameter[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 66, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 70, 48, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 40, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 118, 63, 0, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
};
constexpr Member members_of_JobPreparationAndReleaseTaskExecutionInformation[] = {
    {"jobPreparationTaskExecutionInfo", Shape::one, Type::model, 74, 63, 0, 0, no_min, no_max},
    {"jobReleaseTaskExecutionInfo", Shape::one, Type::model, 76, 63, 0, 0, no_min, no_max},
    {"nodeId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobPreparationTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, Member::is_id, no_min, no_max},
    {"rerunOnNodeRebootAfterSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
    {"waitForSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobPreparationTaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 54, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 31, 63, 63, 0, no_min, no_max},
    {"taskRootDirectory", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectoryUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobReleaseTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, Member::is_id, no_min, no_max},
    {"maxWallClockTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"retentionTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobReleaseTaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 54, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 32, 63, 63, 0, no_min, no_max},
    {"taskRootDirectory", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectoryUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleAddParameter[] = {
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"jobSpecification", Shape::one, Type::model, 83, 63, 63, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 135, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleExecutionInformation[] = {
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"nextRunTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"recentJob", Shape::one, Type::model, 130, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobSchedulePatchParameter[] = {
    {"jobSpecification", Shape::one, Type::model, 83, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 135, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleStatistics[] = {
    {"kernelCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"numFailedTasks", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"numSucceededTasks", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"numTaskRetries", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"readIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"readIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"userCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"waitTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"wallClockTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"writeIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"writeIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleUpdateParameter[] = {
    {"jobSpecification", Shape::one, Type::model, 83, 63, 63, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 135, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobSchedulingError[] = {
    {"category", Shape::one, Type::choice, 25, 63, 63, 0, no_min, no_max},
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobSpecification[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 66, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"jobManagerTask", Shape::one, Type::model, 69, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 73, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 75, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 70, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 40, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 41, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 118, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
    {"usesTaskDependencies", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobStatistics[] = {
    {"kernelCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"numFailedTasks", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"numSucceededTasks", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"numTaskRetries", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"readIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"readIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"userCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"waitTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"wallClockTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"writeIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"writeIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobTerminateParameter[] = {
    {"terminateReason", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobUpdateParameter[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 66, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 40, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 118, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
};
constexpr Member members_of_LinuxUserConfiguration[] = {
    {"gid", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"sshPrivateKey", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"uid", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ManagedDisk[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 49, 32, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 167, 48, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 51, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_MetadataItem[] = {
    {"name", Shape::one, Type::text, 0, 63, 63, Member::metadata_key, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_MountConfiguration[] = {
    {"azureBlobFileSystemConfiguration", Shape::one, Type::model, 11, 63, 0, 0, no_min, no_max},
    {"azureFileShareConfiguration", Shape::one, Type::model, 12, 63, 0, 0, no_min, no_max},
    {"cifsMountConfiguration", Shape::one, Type::model, 17, 63, 0, 0, no_min, no_max},
    {"nfsMountConfiguration", Shape::one, Type::model, 92, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_MultiInstanceSettings[] = {
    {"commonResourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"coordinationCommandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"numberOfInstances", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 10000},
};
constexpr Member members_of_NFSMountConfiguration[] = {
    {"mountOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"source", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_NameValuePair[] = {
    {"name", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NetworkConfiguration[] = {
    {"dynamicVNetAssignmentScope", Shape::one, Type::choice, 23, 63, 0, 0, no_min, no_max},
    {"enableAcceleratedNetworking", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"endpointConfiguration", Shape::one, Type::model, 116, 63, 0, 0, no_min, no_max},
    {"publicIPAddressConfiguration", Shape::one, Type::model, 129, 63, 0, 0, no_min, no_max},
    {"subnetId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NetworkSecurityGroupRule[] = {
    {"access", Shape::one, Type::choice, 36, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 63, 0, -2147483648, 2147483647},
    {"sourceAddressPrefix", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"sourcePortRanges", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeAgentInformation[] = {
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_NodeCounts[] = {
    {"creating", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"deallocated", Shape::one, Type::integer32, 0, 48, 48, 0, no_min, no_max},
    {"deallocating", Shape::one, Type::integer32, 0, 48, 48, 0, no_min, no_max},
    {"idle", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"leavingPool", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"offline", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"preempted", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"rebooting", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"reimaging", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"running", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTaskFailed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"starting", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"total", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"unknown", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"unusable", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"upgradingOS", Shape::one, Type::integer32, 0, 56, 56, 0, no_min, no_max},
    {"waitingForStartTask", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_NodeDeallocateParameter[] = {
    {"nodeDeallocateOption", Shape::one, Type::choice, 9, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeDisableSchedulingParameter[] = {
    {"nodeDisableSchedulingOption", Shape::one, Type::choice, 20, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeFile[] = {
    {"isDirectory", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"properties", Shape::one, Type::model, 56, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeFileListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 100, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodePlacementConfiguration[] = {
    {"policy", Shape::one, Type::choice, 38, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeRebootParameter[] = {
    {"nodeRebootOption", Shape::one, Type::choice, 12, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeReimageParameter[] = {
    {"nodeReimageOption", Shape::one, Type::choice, 13, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeRemoveParameter[] = {
    {"nodeDeallocationOption", Shape::one, Type::choice, 10, 63, 0, 0, no_min, no_max},
    {"nodeList", Shape::list, Type::text, 0, 63, 63, 0, no_min, 100},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeUpdateUserParameter[] = {
    {"expiryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"sshPublicKey", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeVMExtension[] = {
    {"instanceView", Shape::one, Type::model, 169, 62, 0, 0, no_min, no_max},
    {"provisioningState", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"vmExtension", Shape::one, Type::model, 168, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeVMExtensionList[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 107, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_OSDisk[] = {
    {"caching", Shape::one, Type::choice, 4, 56, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 56, 0, 0, no_min, no_max},
    {"ephemeralOSDiskSettings", Shape::one, Type::model, 46, 62, 0, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 88, 56, 0, 0, no_min, no_max},
    {"writeAcceleratorEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFile[] = {
    {"destination", Shape::one, Type::model, 112, 63, 63, 0, no_min, no_max},
    {"filePattern", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"uploadOptions", Shape::one, Type::model, 113, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileBlobContainerDestination[] = {
    {"containerUrl", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 37, 62, 0, 0, no_min, no_max},
    {"path", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"uploadHeaders", Shape::list, Type::model, 58, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileDestination[] = {
    {"container", Shape::one, Type::model, 111, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileUploadOptions[] = {
    {"uploadCondition", Shape::one, Type::choice, 42, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolAddParameter[] = {
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 29, 15, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 90, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 94, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 155, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 160, 56, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 164, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 170, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 63, Member::not_empty, no_min, no_max},
};
constexpr Member members_of_PoolEnableAutoScaleParameter[] = {
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolEndpointConfiguration[] = {
    {"inboundNATPools", Shape::list, Type::model, 63, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolEvaluateAutoScaleParameter[] = {
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolInformation[] = {
    {"autoPoolSpecification", Shape::one, Type::model, 6, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolListUsageMetricsResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 127, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolNodeCounts[] = {
    {"dedicated", Shape::one, Type::model, 97, 63, 0, 0, no_min, no_max},
    {"lowPriority", Shape::one, Type::model, 97, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolNodeCountsListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 120, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolPatchParameter[] = {
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 48, 0, 0, no_min, 1024},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 90, 48, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 94, 48, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 16, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 155, 48, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 48, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 160, 48, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 164, 48, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 170, 48, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolResizeParameter[] = {
    {"nodeDeallocationOption", Shape::one, Type::choice, 10, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
};
constexpr Member members_of_PoolSpecification[] = {
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 29, 15, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 90, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 94, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 155, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 160, 56, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 164, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 170, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolStatistics[] = {
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"resourceStats", Shape::one, Type::model, 133, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"usageStats", Shape::one, Type::model, 163, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolUpdatePropertiesParameter[] = {
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 63, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 21, 31, 31, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 89, 63, 63, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 138, 63, 0, 0, no_min, no_max},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 37, 30, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolUsageMetrics[] = {
    {"endTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"totalCoreHours", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ProxyAgentSettings[] = {
    {"enabled", Shape::one, Type::boolean, 0, 32, 0, 0, no_min, no_max},
    {"imds", Shape::one, Type::model, 57, 32, 0, 0, no_min, no_max},
    {"wireServer", Shape::one, Type::model, 57, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_PublicIPAddressConfiguration[] = {
    {"ipAddressIds", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipFamilies", Shape::list, Type::choice, 28, 32, 0, 0, no_min, no_max},
    {"ipTags", Shape::list, Type::model, 59, 32, 0, 0, no_min, no_max},
    {"provision", Shape::one, Type::choice, 27, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_RecentJob[] = {
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ResizeError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ResourceFile[] = {
    {"autoStorageContainerName", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"blobPrefix", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"fileMode", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"filePath", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"httpUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 37, 62, 0, 0, no_min, no_max},
    {"storageContainerUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ResourceStatistics[] = {
    {"avgCPUPercentage", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"avgDiskGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"avgMemoryGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"diskReadGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"diskReadIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"diskWriteGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"diskWriteIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"networkReadGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"networkWriteGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"peakDiskGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"peakMemoryGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_RollingUpgradePolicy[] = {
    {"enableCrossZoneUpgrade", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"maxBatchInstancePercent", Shape::one, Type::integer32, 0, 56, 0, 0, 5, 100},
    {"maxUnhealthyInstancePercent", Shape::one, Type::integer32, 0, 56, 0, 0, 5, 100},
    {"maxUnhealthyUpgradedInstancePercent", Shape::one, Type::integer32, 0, 56, 0, 0, 0, 100},
    {"pauseTimeBetweenBatches", Shape::one, Type::duration, 0, 56, 0, 0, no_min, no_max},
    {"prioritizeUnhealthyInstances", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"rollbackFailedInstancesOnPolicyBreach", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_Schedule[] = {
    {"doNotRunAfter", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"doNotRunUntil", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"recurrenceInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"startWindow", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_SecurityProfile[] = {
    {"encryptionAtHost", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"proxyAgentSettings", Shape::one, Type::model, 128, 32, 0, 0, no_min, no_max},
    {"securityType", Shape::one, Type::choice, 48, 56, 0, 0, no_min, no_max},
    {"uefiSettings", Shape::one, Type::model, 159, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_ServiceArtifactReference[] = {
    {"id", Shape::one, Type::text, 0, 56, 56, 0, no_min, no_max},
};
constexpr Member members_of_StartTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 63, 0, 0, -1, 2147483647},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
    {"waitForSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_StartTaskInformation[] = {
    {"containerInfo", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 54, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 49, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_SubtaskInformation[] = {
    {"containerInfo", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"nodeInfo", Shape::one, Type::model, 38, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 52, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 54, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 52, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddCollectionParameter[] = {
    {"value", Shape::list, Type::model, 143, 63, 63, 0, no_min, 100},
};
constexpr Member members_of_TaskAddCollectionResult[] = {
    {"value", Shape::list, Type::model, 144, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddParameter[] = {
    {"affinityInfo", Shape::one, Type::model, 1, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 5, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"dependsOn", Shape::one, Type::model, 150, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"environmentSettings", Shape::list, Type::model, 50, 63, 0, 0, no_min, no_max},
    {"exitConditions", Shape::one, Type::model, 54, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"multiInstanceSettings", Shape::one, Type::model, 91, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 110, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 132, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 166, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddResult[] = {
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"error", Shape::one, Type::model, 13, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"status", Shape::one, Type::choice, 53, 63, 63, 0, no_min, no_max},
    {"taskId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskConstraints[] = {
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 63, 0, 0, -1, 2147483647},
    {"maxWallClockTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"retentionTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskContainerExecutionInformation[] = {
    {"containerId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"error", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskContainerSettings[] = {
    {"containerHostBatchBindMounts", Shape::list, Type::model, 42, 48, 0, 0, no_min, no_max},
    {"containerRunOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"imageName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"registry", Shape::one, Type::model, 43, 63, 0, 0, no_min, no_max},
    {"workingDirectory", Shape::one, Type::choice, 17, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskCounts[] = {
    {"active", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"completed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"failed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"running", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"succeeded", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskCountsResult[] = {
    {"taskCounts", Shape::one, Type::model, 148, 63, 63, 0, no_min, no_max},
    {"taskSlotCounts", Shape::one, Type::model, 156, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskDependencies[] = {
    {"taskIdRanges", Shape::list, Type::model, 153, 63, 0, 0, no_min, no_max},
    {"taskIds", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"lastRequeueTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"requeueCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 54, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskFailureInformation[] = {
    {"category", Shape::one, Type::choice, 25, 63, 63, 0, no_min, no_max},
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 93, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskIdRange[] = {
    {"end", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"start", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskInformation[] = {
    {"executionInfo", Shape::one, Type::model, 151, 63, 0, 0, no_min, no_max},
    {"jobId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"subtaskId", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"taskId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskState", Shape::one, Type::choice, 55, 63, 63, 0, no_min, no_max},
    {"taskUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskSchedulingPolicy[] = {
    {"jobDefaultOrder", Shape::one, Type::choice, 3, 32, 0, 0, no_min, no_max},
    {"nodeFillType", Shape::one, Type::choice, 11, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskSlotCounts[] = {
    {"active", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"completed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"failed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"running", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"succeeded", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskStatistics[] = {
    {"kernelCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"readIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"readIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"userCPUTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"waitTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"wallClockTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"writeIOGiB", Shape::one, Type::number, 0, 63, 63, 0, no_min, no_max},
    {"writeIOps", Shape::one, Type::integer64, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskUpdateParameter[] = {
    {"constraints", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_UefiSettings[] = {
    {"secureBootEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"vTpmEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_UpgradePolicy[] = {
    {"automaticOSUpgradePolicy", Shape::one, Type::model, 10, 56, 0, 0, no_min, no_max},
    {"mode", Shape::one, Type::choice, 56, 56, 56, 0, no_min, no_max},
    {"rollingUpgradePolicy", Shape::one, Type::model, 134, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_UploadBatchServiceLogsConfiguration[] = {
    {"containerUrl", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 37, 62, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_UploadBatchServiceLogsResult[] = {
    {"numberOfFilesUploaded", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"virtualDirectoryName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_UsageStatistics[] = {
    {"dedicatedCoreTime", Shape::one, Type::duration, 0, 63, 63, 0, no_min, no_max},
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_UserAccount[] = {
    {"elevationLevel", Shape::one, Type::choice, 24, 63, 0, 0, no_min, no_max},
    {"linuxUserConfiguration", Shape::one, Type::model, 87, 63, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"windowsUserConfiguration", Shape::one, Type::model, 173, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_UserAssignedIdentity[] = {
    {"clientId", Shape::one, Type::text, 0, 62, 0, Member::read_only, no_min, no_max},
    {"principalId", Shape::one, Type::text, 0, 62, 0, Member::read_only, no_min, no_max},
    {"resourceId", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
};
constexpr Member members_of_UserIdentity[] = {
    {"autoUser", Shape::one, Type::model, 9, 63, 0, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_VMDiskSecurityProfile[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 49, 32, 0, 0, no_min, no_max},
    {"securityEncryptionType", Shape::one, Type::choice, 47, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_VMExtension[] = {
    {"autoUpgradeMinorVersion", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"enableAutomaticUpgrade", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
    {"protectedSettings", Shape::one, Type::any, 0, 62, 0, Member::secret, no_min, no_max},
    {"provisionAfterExtensions", Shape::list, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"publisher", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
    {"settings", Shape::one, Type::any, 0, 62, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
    {"typeHandlerVersion", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_VMExtensionInstanceView[] = {
    {"name", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"statuses", Shape::list, Type::model, 64, 62, 0, 0, no_min, no_max},
    {"subStatuses", Shape::list, Type::model, 64, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_VirtualMachineConfiguration[] = {
    {"containerConfiguration", Shape::one, Type::model, 41, 63, 0, 0, no_min, no_max},
    {"dataDisks", Shape::list, Type::model, 44, 63, 0, 0, no_min, no_max},
    {"diskEncryptionConfiguration", Shape::one, Type::model, 48, 63, 0, 0, no_min, no_max},
    {"extensions", Shape::list, Type::model, 168, 62, 0, 0, no_min, no_max},
    {"imageReference", Shape::one, Type::model, 61, 63, 63, 0, no_min, no_max},
    {"licenseType", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeAgentSKUId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"nodePlacementConfiguration", Shape::one, Type::model, 102, 62, 0, 0, no_min, no_max},
    {"osDisk", Shape::one, Type::model, 109, 62, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 136, 56, 0, 0, no_min, no_max},
    {"serviceArtifactReference", Shape::one, Type::model, 137, 56, 0, 0, no_min, no_max},
    {"windowsConfiguration", Shape::one, Type::model, 172, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_VirtualMachineInfo[] = {
    {"imageReference", Shape::one, Type::model, 61, 62, 0, 0, no_min, no_max},
    {"scaleSetVmResourceId", Shape::one, Type::text, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_WindowsConfiguration[] = {
    {"enableAutomaticUpdates", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_WindowsUserConfiguration[] = {
    {"loginMode", Shape::one, Type::choice, 35, 63, 0, 0, no_min, no_max},
};
constexpr Choice choices_of_AccessScope[] = {
    {"job", 63},
};
constexpr Choice choices_of_AllocationState[] = {
    {"resizing", 63},
    {"steady", 63},
    {"stopping", 63},
};
constexpr Choice choices_of_AutoUserScope[] = {
    {"pool", 63},
    {"task", 63},
};
constexpr Choice choices_of_BatchJobDefaultOrder[] = {
    {"creationtime", 32},
    {"none", 32},
};
constexpr Choice choices_of_CachingType[] = {
    {"None", 63},
    {"ReadOnly", 63},
    {"ReadWrite", 63},
};
constexpr Choice choices_of_CertificateFormat[] = {
    {"cer", 63},
    {"pfx", 63},
};
constexpr Choice choices_of_CertificateState[] = {
    {"active", 63},
    {"deletefailed", 63},
    {"deleting", 63},
};
constexpr Choice choices_of_CertificateStoreLocation[] = {
    {"CurrentUser", 63},
    {"LocalMachine", 63},
};
constexpr Choice choices_of_CertificateVisibility[] = {
    {"remoteuser", 63},
    {"starttask", 63},
    {"task", 63},
};
constexpr Choice choices_of_ComputeNodeDeallocateOption[] = {
    {"requeue", 48},
    {"retaineddata", 48},
    {"taskcompletion", 48},
    {"terminate", 48},
};
constexpr Choice choices_of_ComputeNodeDeallocationOption[] = {
    {"requeue", 63},
    {"retaineddata", 63},
    {"taskcompletion", 63},
    {"terminate", 63},
};
constexpr Choice choices_of_ComputeNodeFillType[] = {
    {"Pack", 63},
    {"Spread", 63},
};
constexpr Choice choices_of_ComputeNodeRebootOption[] = {
    {"requeue", 63},
    {"retaineddata", 63},
    {"taskcompletion", 63},
    {"terminate", 63},
};
constexpr Choice choices_of_ComputeNodeReimageOption[] = {
    {"requeue", 63},
    {"retaineddata", 63},
    {"taskcompletion", 63},
    {"terminate", 63},
};
constexpr Choice choices_of_ComputeNodeState[] = {
    {"creating", 63},
    {"deallocated", 48},
    {"deallocating", 48},
    {"idle", 63},
    {"leavingpool", 63},
    {"offline", 63},
    {"preempted", 63},
    {"rebooting", 63},
    {"reimaging", 63},
    {"running", 63},
    {"starting", 63},
    {"starttaskfailed", 63},
    {"unknown", 63},
    {"unusable", 63},
    {"upgradingos", 56},
    {"waitingforstarttask", 63},
};
constexpr Choice choices_of_ContainerHostDataPath[] = {
    {"Applications", 48},
    {"JobPrep", 48},
    {"Shared", 48},
    {"Startup", 48},
    {"Task", 48},
    {"VfsMounts", 48},
};
constexpr Choice choices_of_ContainerType[] = {
    {"criCompatible", 56},
    {"dockerCompatible", 63},
};
constexpr Choice choices_of_ContainerWorkingDirectory[] = {
    {"containerImageDefault", 63},
    {"taskWorkingDirectory", 63},
};
constexpr Choice choices_of_DependencyAction[] = {
    {"block", 63},
    {"satisfy", 63},
};
constexpr Choice choices_of_DiffDiskPlacement[] = {
    {"CacheDisk", 62},
};
constexpr Choice choices_of_DisableComputeNodeSchedulingOption[] = {
    {"requeue", 63},
    {"taskcompletion", 63},
    {"terminate", 63},
};
constexpr Choice choices_of_DisableJobOption[] = {
    {"requeue", 63},
    {"terminate", 63},
    {"wait", 63},
};
constexpr Choice choices_of_DiskEncryptionTarget[] = {
    {"OsDisk", 63},
    {"TemporaryDisk", 63},
};
constexpr Choice choices_of_DynamicVNetAssignmentScope[] = {
    {"job", 63},
    {"none", 63},
};
constexpr Choice choices_of_ElevationLevel[] = {
    {"admin", 63},
    {"nonadmin", 63},
};
constexpr Choice choices_of_ErrorCategory[] = {
    {"ServerError", 63},
    {"UserError", 63},
};
constexpr Choice choices_of_HostEndpointSettingsModeTypes[] = {
    {"Audit", 32},
    {"Enforce", 32},
};
constexpr Choice choices_of_IPAddressProvisioningType[] = {
    {"batchmanaged", 63},
    {"nopublicipaddresses", 63},
    {"usermanaged", 63},
};
constexpr Choice choices_of_IPFamily[] = {
    {"IPv4", 32},
    {"IPv6", 32},
};
constexpr Choice choices_of_InboundEndpointProtocol[] = {
    {"tcp", 63},
    {"udp", 63},
};
constexpr Choice choices_of_JobAction[] = {
    {"disable", 63},
    {"none", 63},
    {"terminate", 63},
};
constexpr Choice choices_of_JobPreparationTaskState[] = {
    {"completed", 63},
    {"running", 63},
};
constexpr Choice choices_of_JobReleaseTaskState[] = {
    {"completed", 63},
    {"running", 63},
};
constexpr Choice choices_of_JobScheduleState[] = {
    {"active", 63},
    {"completed", 63},
    {"deleting", 63},
    {"disabled", 63},
    {"terminating", 63},
};
constexpr Choice choices_of_JobState[] = {
    {"active", 63},
    {"completed", 63},
    {"deleting", 63},
    {"disabled", 63},
    {"disabling", 63},
    {"enabling", 63},
    {"terminating", 63},
};
constexpr Choice choices_of_LoginMode[] = {
    {"batch", 63},
    {"interactive", 63},
};
constexpr Choice choices_of_NetworkSecurityGroupRuleAccess[] = {
    {"allow", 63},
    {"deny", 63},
};
constexpr Choice choices_of_NodeCommunicationMode[] = {
    {"classic", 62},
    {"default", 62},
    {"simplified", 62},
};
constexpr Choice choices_of_NodePlacementPolicyType[] = {
    {"Regional", 62},
    {"Zonal", 62},
};
constexpr Choice choices_of_OSType[] = {
    {"linux", 63},
    {"windows", 63},
};
constexpr Choice choices_of_OnAllTasksComplete[] = {
    {"noaction", 63},
    {"terminatejob", 63},
};
constexpr Choice choices_of_OnTaskFailure[] = {
    {"noaction", 63},
    {"performexitoptionsjobaction", 63},
};
constexpr Choice choices_of_OutputFileUploadCondition[] = {
    {"taskcompletion", 63},
    {"taskfailure", 63},
    {"tasksuccess", 63},
};
constexpr Choice choices_of_PoolIdentityType[] = {
    {"None", 62},
    {"UserAssigned", 62},
};
constexpr Choice choices_of_PoolLifetimeOption[] = {
    {"job", 63},
    {"jobschedule", 63},
};
constexpr Choice choices_of_PoolState[] = {
    {"active", 63},
    {"deleting", 63},
};
constexpr Choice choices_of_SchedulingState[] = {
    {"disabled", 63},
    {"enabled", 63},
};
constexpr Choice choices_of_SecurityEncryptionTypes[] = {
    {"DiskWithVMGuestState", 32},
    {"NonPersistedTPM", 48},
    {"VMGuestStateOnly", 48},
};
constexpr Choice choices_of_SecurityTypes[] = {
    {"confidentialVM", 48},
    {"trustedlaunch", 56},
};
constexpr Choice choices_of_StartTaskState[] = {
    {"completed", 63},
    {"running", 63},
};
constexpr Choice choices_of_StatusLevelTypes[] = {
    {"Error", 62},
    {"Info", 62},
    {"Warning", 62},
};
constexpr Choice choices_of_StorageAccountType[] = {
    {"premium_lrs", 63},
    {"standard_lrs", 63},
    {"standardssd_lrs", 56},
};
constexpr Choice choices_of_SubtaskState[] = {
    {"completed", 63},
    {"preparing", 63},
    {"running", 63},
};
constexpr Choice choices_of_TaskAddStatus[] = {
    {"ClientError", 63},
    {"ServerError", 63},
    {"Success", 63},
};
constexpr Choice choices_of_TaskExecutionResult[] = {
    {"failure", 63},
    {"success", 63},
};
constexpr Choice choices_of_TaskState[] = {
    {"active", 63},
    {"completed", 63},
    {"preparing", 63},
    {"running", 63},
};
constexpr Choice choices_of_UpgradeMode[] = {
    {"automatic", 56},
    {"manual", 56},
    {"rolling", 56},
};
constexpr Choice choices_of_VerificationType[] = {
    {"unverified", 63},
    {"verified", 63},
};

}  // namespace

constexpr ModelSchema model_schemas[] = {
    {"AccountListSupportedImagesResult", members_of_AccountListSupportedImagesResult},
    {"AffinityInformation", members_of_AffinityInformation},
    {"ApplicationListResult", members_of_ApplicationListResult},
    {"ApplicationPackageReference", members_of_ApplicationPackageReference},
    {"ApplicationSummary", members_of_ApplicationSummary},
    {"AuthenticationTokenSettings", members_of_AuthenticationTokenSettings},
    {"AutoPoolSpecification", members_of_AutoPoolSpecification},
    {"AutoScaleRun", members_of_AutoScaleRun},
    {"AutoScaleRunError", members_of_AutoScaleRunError},
    {"AutoUserSpecification", members_of_AutoUserSpecification},
    {"AutomaticOSUpgradePolicy", members_of_AutomaticOSUpgradePolicy},
    {"AzureBlobFileSystemConfiguration", members_of_AzureBlobFileSystemConfiguration},
    {"AzureFileShareConfiguration", members_of_AzureFileShareConfiguration},
    {"BatchError", members_of_BatchError},
    {"BatchErrorDetail", members_of_BatchErrorDetail},
    {"BatchPoolIdentity", members_of_BatchPoolIdentity},
    {"BatchPoolIdentityReference", members_of_BatchPoolIdentityReference},
    {"CIFSMountConfiguration", members_of_CIFSMountConfiguration},
    {"Certificate", members_of_Certificate},
    {"CertificateAddParameter", members_of_CertificateAddParameter},
    {"CertificateListResult", members_of_CertificateListResult},
    {"CertificateReference", members_of_CertificateReference},
    {"CloudJob", members_of_CloudJob},
    {"CloudJobListPreparationAndReleaseTaskStatusResult", members_of_CloudJobListPreparationAndReleaseTaskStatusResult},
    {"CloudJobListResult", members_of_CloudJobListResult},
    {"CloudJobSchedule", members_of_CloudJobSchedule},
    {"CloudJobScheduleListResult", members_of_CloudJobScheduleListResult},
    {"CloudPool", members_of_CloudPool},
    {"CloudPoolListResult", members_of_CloudPoolListResult},
    {"CloudServiceConfiguration", members_of_CloudServiceConfiguration},
    {"CloudTask", members_of_CloudTask},
    {"CloudTaskListResult", members_of_CloudTaskListResult},
    {"CloudTaskListSubtasksResult", members_of_CloudTaskListSubtasksResult},
    {"ComputeNode", members_of_ComputeNode},
    {"ComputeNodeEndpointConfiguration", members_of_ComputeNodeEndpointConfiguration},
    {"ComputeNodeError", members_of_ComputeNodeError},
    {"ComputeNodeGetRemoteLoginSettingsResult", members_of_ComputeNodeGetRemoteLoginSettingsResult},
    {"ComputeNodeIdentityReference", members_of_ComputeNodeIdentityReference},
    {"ComputeNodeInformation", members_of_ComputeNodeInformation},
    {"ComputeNodeListResult", members_of_ComputeNodeListResult},
    {"ComputeNodeUser", members_of_ComputeNodeUser},
    {"ContainerConfiguration", members_of_ContainerConfiguration},
    {"ContainerHostBatchBindMountEntry", members_of_ContainerHostBatchBindMountEntry},
    {"ContainerRegistry", members_of_ContainerRegistry},
    {"DataDisk", members_of_DataDisk},
    {"DeleteCertificateError", members_of_DeleteCertificateError},
    {"DiffDiskSettings", members_of_DiffDiskSettings},
    {"DiskCustomerManagedKey", members_of_DiskCustomerManagedKey},
    {"DiskEncryptionConfiguration", members_of_DiskEncryptionConfiguration},
    {"DiskEncryptionSetParameters", members_of_DiskEncryptionSetParameters},
    {"EnvironmentSetting", members_of_EnvironmentSetting},
    {"ErrorMessage", members_of_ErrorMessage},
    {"ExitCodeMapping", members_of_ExitCodeMapping},
    {"ExitCodeRangeMapping", members_of_ExitCodeRangeMapping},
    {"ExitConditions", members_of_ExitConditions},
    {"ExitOptions", members_of_ExitOptions},
    {"FileProperties", members_of_FileProperties},
    {"HostEndpointSettings", members_of_HostEndpointSettings},
    {"HttpHeader", members_of_HttpHeader},
    {"IPTag", members_of_IPTag},
    {"ImageInformation", members_of_ImageInformation},
    {"ImageReference", members_of_ImageReference},
    {"InboundEndpoint", members_of_InboundEndpoint},
    {"InboundNATPool", members_of_InboundNATPool},
    {"InstanceViewStatus", members_of_InstanceViewStatus},
    {"JobAddParameter", members_of_JobAddParameter},
    {"JobConstraints", members_of_JobConstraints},
    {"JobDisableParameter", members_of_JobDisableParameter},
    {"JobExecutionInformation", members_of_JobExecutionInformation},
    {"JobManagerTask", members_of_JobManagerTask},
    {"JobNetworkConfiguration", members_of_JobNetworkConfiguration},
    {"JobPatchParameter", members_of_JobPatchParameter},
    {"JobPreparationAndReleaseTaskExecutionInformation", members_of_JobPreparationAndReleaseTaskExecutionInformation},
    {"JobPreparationTask", members_of_JobPreparationTask},
    {"JobPreparationTaskExecutionInformation", members_of_JobPreparationTaskExecutionInformation},
    {"JobReleaseTask", members_of_JobReleaseTask},
    {"JobReleaseTaskExecutionInformation", members_of_JobReleaseTaskExecutionInformation},
    {"JobScheduleAddParameter", members_of_JobScheduleAddParameter},
    {"JobScheduleExecutionInformation", members_of_JobScheduleExecutionInformation},
    {"JobSchedulePatchParameter", members_of_JobSchedulePatchParameter},
    {"JobScheduleStatistics", members_of_JobScheduleStatistics},
    {"JobScheduleUpdateParameter", members_of_JobScheduleUpdateParameter},
    {"JobSchedulingError", members_of_JobSchedulingError},
    {"JobSpecification", members_of_JobSpecification},
    {"JobStatistics", members_of_JobStatistics},
    {"JobTerminateParameter", members_of_JobTerminateParameter},
    {"JobUpdateParameter", members_of_JobUpdateParameter},
    {"LinuxUserConfiguration", members_of_LinuxUserConfiguration},
    {"ManagedDisk", members_of_ManagedDisk},
    {"MetadataItem", members_of_MetadataItem},
    {"MountConfiguration", members_of_MountConfiguration},
    {"MultiInstanceSettings", members_of_MultiInstanceSettings},
    {"NFSMountConfiguration", members_of_NFSMountConfiguration},
    {"NameValuePair", members_of_NameValuePair},
    {"NetworkConfiguration", members_of_NetworkConfiguration},
    {"NetworkSecurityGroupRule", members_of_NetworkSecurityGroupRule},
    {"NodeAgentInformation", members_of_NodeAgentInformation},
    {"NodeCounts", members_of_NodeCounts},
    {"NodeDeallocateParameter", members_of_NodeDeallocateParameter},
    {"NodeDisableSchedulingParameter", members_of_NodeDisableSchedulingParameter},
    {"NodeFile", members_of_NodeFile},
    {"NodeFileListResult", members_of_NodeFileListResult},
    {"NodePlacementConfiguration", members_of_NodePlacementConfiguration},
    {"NodeRebootParameter", members_of_NodeRebootParameter},
    {"NodeReimageParameter", members_of_NodeReimageParameter},
    {"NodeRemoveParameter", members_of_NodeRemoveParameter},
    {"NodeUpdateUserParameter", members_of_NodeUpdateUserParameter},
    {"NodeVMExtension", members_of_NodeVMExtension},
    {"NodeVMExtensionList", members_of_NodeVMExtensionList},
    {"OSDisk", members_of_OSDisk},
    {"OutputFile", members_of_OutputFile},
    {"OutputFileBlobContainerDestination", members_of_OutputFileBlobContainerDestination},
    {"OutputFileDestination", members_of_OutputFileDestination},
    {"OutputFileUploadOptions", members_of_OutputFileUploadOptions},
    {"PoolAddParameter", members_of_PoolAddParameter},
    {"PoolEnableAutoScaleParameter", members_of_PoolEnableAutoScaleParameter},
    {"PoolEndpointConfiguration", members_of_PoolEndpointConfiguration},
    {"PoolEvaluateAutoScaleParameter", members_of_PoolEvaluateAutoScaleParameter},
    {"PoolInformation", members_of_PoolInformation},
    {"PoolListUsageMetricsResult", members_of_PoolListUsageMetricsResult},
    {"PoolNodeCounts", members_of_PoolNodeCounts},
    {"PoolNodeCountsListResult", members_of_PoolNodeCountsListResult},
    {"PoolPatchParameter", members_of_PoolPatchParameter},
    {"PoolResizeParameter", members_of_PoolResizeParameter},
    {"PoolSpecification", members_of_PoolSpecification},
    {"PoolStatistics", members_of_PoolStatistics},
    {"PoolUpdatePropertiesParameter", members_of_PoolUpdatePropertiesParameter},
    {"PoolUsageMetrics", members_of_PoolUsageMetrics},
    {"ProxyAgentSettings", members_of_ProxyAgentSettings},
    {"PublicIPAddressConfiguration", members_of_PublicIPAddressConfiguration},
    {"RecentJob", members_of_RecentJob},
    {"ResizeError", members_of_ResizeError},
    {"ResourceFile", members_of_ResourceFile},
    {"ResourceStatistics", members_of_ResourceStatistics},
    {"RollingUpgradePolicy", members_of_RollingUpgradePolicy},
    {"Schedule", members_of_Schedule},
    {"SecurityProfile", members_of_SecurityProfile},
    {"ServiceArtifactReference", members_of_ServiceArtifactReference},
    {"StartTask", members_of_StartTask},
    {"StartTaskInformation", members_of_StartTaskInformation},
    {"SubtaskInformation", members_of_SubtaskInformation},
    {"TaskAddCollectionParameter", members_of_TaskAddCollectionParameter},
    {"TaskAddCollectionResult", members_of_TaskAddCollectionResult},
    {"TaskAddParameter", members_of_TaskAddParameter},
    {"TaskAddResult", members_of_TaskAddResult},
    {"TaskConstraints", members_of_TaskConstraints},
    {"TaskContainerExecutionInformation", members_of_TaskContainerExecutionInformation},
    {"TaskContainerSettings", members_of_TaskContainerSettings},
    {"TaskCounts", members_of_TaskCounts},
    {"TaskCountsResult", members_of_TaskCountsResult},
    {"TaskDependencies", members_of_TaskDependencies},
    {"TaskExecutionInformation", members_of_TaskExecutionInformation},
    {"TaskFailureInformation", members_of_TaskFailureInformation},
    {"TaskIdRange", members_of_TaskIdRange},
    {"TaskInformation", members_of_TaskInformation},
    {"TaskSchedulingPolicy", members_of_TaskSchedulingPolicy},
    {"TaskSlotCounts", members_of_TaskSlotCounts},
    {"TaskStatistics", members_of_TaskStatistics},
    {"TaskUpdateParameter", members_of_TaskUpdateParameter},
    {"UefiSettings", members_of_UefiSettings},
    {"UpgradePolicy", members_of_UpgradePolicy},
    {"UploadBatchServiceLogsConfiguration", members_of_UploadBatchServiceLogsConfiguration},
    {"UploadBatchServiceLogsResult", members_of_UploadBatchServiceLogsResult},
    {"UsageStatistics", members_of_UsageStatistics},
    {"UserAccount", members_of_UserAccount},
    {"UserAssignedIdentity", members_of_UserAssignedIdentity},
    {"UserIdentity", members_of_UserIdentity},
    {"VMDiskSecurityProfile", members_of_VMDiskSecurityProfile},
    {"VMExtension", members_of_VMExtension},
    {"VMExtensionInstanceView", members_of_VMExtensionInstanceView},
    {"VirtualMachineConfiguration", members_of_VirtualMachineConfiguration},
    {"VirtualMachineInfo", members_of_VirtualMachineInfo},
    {"WindowsConfiguration", members_of_WindowsConfiguration},
    {"WindowsUserConfiguration", members_of_WindowsUserConfiguration},
};
constexpr EnumSchema enum_schemas[] = {
    {"AccessScope", choices_of_AccessScope},
    {"AllocationState", choices_of_AllocationState},
    {"AutoUserScope", choices_of_AutoUserScope},
    {"BatchJobDefaultOrder", choices_of_BatchJobDefaultOrder},
    {"CachingType", choices_of_CachingType},
    {"CertificateFormat", choices_of_CertificateFormat},
    {"CertificateState", choices_of_CertificateState},
    {"CertificateStoreLocation", choices_of_CertificateStoreLocation},
    {"CertificateVisibility", choices_of_CertificateVisibility},
    {"ComputeNodeDeallocateOption", choices_of_ComputeNodeDeallocateOption},
    {"ComputeNodeDeallocationOption", choices_of_ComputeNodeDeallocationOption},
    {"ComputeNodeFillType", choices_of_ComputeNodeFillType},
    {"ComputeNodeRebootOption", choices_of_ComputeNodeRebootOption},
    {"ComputeNodeReimageOption", choices_of_ComputeNodeReimageOption},
    {"ComputeNodeState", choices_of_ComputeNodeState},
    {"ContainerHostDataPath", choices_of_ContainerHostDataPath},
    {"ContainerType", choices_of_ContainerType},
    {"ContainerWorkingDirectory", choices_of_ContainerWorkingDirectory},
    {"DependencyAction", choices_of_DependencyAction},
    {"DiffDiskPlacement", choices_of_DiffDiskPlacement},
    {"DisableComputeNodeSchedulingOption", choices_of_DisableComputeNodeSchedulingOption},
    {"DisableJobOption", choices_of_DisableJobOption},
    {"DiskEncryptionTarget", choices_of_DiskEncryptionTarget},
    {"DynamicVNetAssignmentScope", choices_of_DynamicVNetAssignmentScope},
    {"ElevationLevel", choices_of_ElevationLevel},
    {"ErrorCategory", choices_of_ErrorCategory},
    {"HostEndpointSettingsModeTypes", choices_of_HostEndpointSettingsModeTypes},
    {"IPAddressProvisioningType", choices_of_IPAddressProvisioningType},
    {"IPFamily", choices_of_IPFamily},
    {"InboundEndpointProtocol", choices_of_InboundEndpointProtocol},
    {"JobAction", choices_of_JobAction},
    {"JobPreparationTaskState", choices_of_JobPreparationTaskState},
    {"JobReleaseTaskState", choices_of_JobReleaseTaskState},
    {"JobScheduleState", choices_of_JobScheduleState},
    {"JobState", choices_of_JobState},
    {"LoginMode", choices_of_LoginMode},
    {"NetworkSecurityGroupRuleAccess", choices_of_NetworkSecurityGroupRuleAccess},
    {"NodeCommunicationMode", choices_of_NodeCommunicationMode},
    {"NodePlacementPolicyType", choices_of_NodePlacementPolicyType},
    {"OSType", choices_of_OSType},
    {"OnAllTasksComplete", choices_of_OnAllTasksComplete},
    {"OnTaskFailure", choices_of_OnTaskFailure},
    {"OutputFileUploadCondition", choices_of_OutputFileUploadCondition},
    {"PoolIdentityType", choices_of_PoolIdentityType},
    {"PoolLifetimeOption", choices_of_PoolLifetimeOption},
    {"PoolState", choices_of_PoolState},
    {"SchedulingState", choices_of_SchedulingState},
    {"SecurityEncryptionTypes", choices_of_SecurityEncryptionTypes},
    {"SecurityTypes", choices_of_SecurityTypes},
    {"StartTaskState", choices_of_StartTaskState},
    {"StatusLevelTypes", choices_of_StatusLevelTypes},
    {"StorageAccountType", choices_of_StorageAccountType},
    {"SubtaskState", choices_of_SubtaskState},
    {"TaskAddStatus", choices_of_TaskAddStatus},
    {"TaskExecutionResult", choices_of_TaskExecutionResult},
    {"TaskState", choices_of_TaskState},
    {"UpgradeMode", choices_of_UpgradeMode},
    {"VerificationType", choices_of_VerificationType},
};

const ModelSchema& schema_of(Model model) { return model_schemas[static_cast<int>(model)]; }
const EnumSchema& enum_schema(int index) { return enum_schemas[index]; }

}  // namespace batchyard::api
