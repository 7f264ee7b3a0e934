// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#include "api/operations.h"

namespace batchyard::api {

namespace {

constexpr OperationFacts operation_table[] = {
    {Operation::Account_ListPoolNodeCounts, "Account_ListPoolNodeCounts", "GET", "/nodecounts", "$filter,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::PoolNodeCountsListResult, "", false},
    {Operation::Account_ListSupportedImages, "Account_ListSupportedImages", "GET", "/supportedimages", "$filter,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::AccountListSupportedImagesResult, "", false},
    {Operation::Application_Get, "Application_Get", "GET", "/applications/{applicationId}", "api-version,timeout", 63, 200, std::nullopt, false, Model::ApplicationSummary, "", false},
    {Operation::Application_List, "Application_List", "GET", "/applications", "api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::ApplicationListResult, "", false},
    {Operation::Certificate_Add, "Certificate_Add", "POST", "/certificates", "api-version,timeout", 31, 201, Model::CertificateAddParameter, true, std::nullopt, "", false},
    {Operation::Certificate_CancelDeletion, "Certificate_CancelDeletion", "POST", "/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})/canceldelete", "api-version,timeout", 31, 204, std::nullopt, false, std::nullopt, "", false},
    {Operation::Certificate_Delete, "Certificate_Delete", "DELETE", "/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})", "api-version,timeout", 31, 202, std::nullopt, false, std::nullopt, "", false},
    {Operation::Certificate_Get, "Certificate_Get", "GET", "/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})", "$select,api-version,timeout", 31, 200, std::nullopt, false, Model::Certificate, "", false},
    {Operation::Certificate_List, "Certificate_List", "GET", "/certificates", "$filter,$select,api-version,maxresults,timeout", 31, 200, std::nullopt, false, Model::CertificateListResult, "", false},
    {Operation::ComputeNodeExtension_Get, "ComputeNodeExtension_Get", "GET", "/pools/{poolId}/nodes/{nodeId}/extensions/{extensionName}", "$select,api-version,timeout", 62, 200, std::nullopt, false, Model::NodeVMExtension, "", false},
    {Operation::ComputeNodeExtension_List, "ComputeNodeExtension_List", "GET", "/pools/{poolId}/nodes/{nodeId}/extensions", "$select,api-version,maxresults,timeout", 62, 200, std::nullopt, false, Model::NodeVMExtensionList, "", false},
    {Operation::ComputeNode_AddUser, "ComputeNode_AddUser", "POST", "/pools/{poolId}/nodes/{nodeId}/users", "api-version,timeout", 63, 201, Model::ComputeNodeUser, true, std::nullopt, "", false},
    {Operation::ComputeNode_Deallocate, "ComputeNode_Deallocate", "POST", "/pools/{poolId}/nodes/{nodeId}/deallocate", "api-version,timeout", 48, 202, Model::NodeDeallocateParameter, false, std::nullopt, "", false},
    {Operation::ComputeNode_DeleteUser, "ComputeNode_DeleteUser", "DELETE", "/pools/{poolId}/nodes/{nodeId}/users/{userName}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::ComputeNode_DisableScheduling, "ComputeNode_DisableScheduling", "POST", "/pools/{poolId}/nodes/{nodeId}/disablescheduling", "api-version,timeout", 63, 200, Model::NodeDisableSchedulingParameter, false, std::nullopt, "", false},
    {Operation::ComputeNode_EnableScheduling, "ComputeNode_EnableScheduling", "POST", "/pools/{poolId}/nodes/{nodeId}/enablescheduling", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::ComputeNode_Get, "ComputeNode_Get", "GET", "/pools/{poolId}/nodes/{nodeId}", "$select,api-version,timeout", 63, 200, std::nullopt, false, Model::ComputeNode, "", false},
    {Operation::ComputeNode_GetRemoteDesktop, "ComputeNode_GetRemoteDesktop", "GET", "/pools/{poolId}/nodes/{nodeId}/rdp", "api-version,timeout", 15, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::ComputeNode_GetRemoteLoginSettings, "ComputeNode_GetRemoteLoginSettings", "GET", "/pools/{poolId}/nodes/{nodeId}/remoteloginsettings", "api-version,timeout", 63, 200, std::nullopt, false, Model::ComputeNodeGetRemoteLoginSettingsResult, "", false},
    {Operation::ComputeNode_List, "ComputeNode_List", "GET", "/pools/{poolId}/nodes", "$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::ComputeNodeListResult, "", false},
    {Operation::ComputeNode_Reboot, "ComputeNode_Reboot", "POST", "/pools/{poolId}/nodes/{nodeId}/reboot", "api-version,timeout", 63, 202, Model::NodeRebootParameter, false, std::nullopt, "", false},
    {Operation::ComputeNode_Reimage, "ComputeNode_Reimage", "POST", "/pools/{poolId}/nodes/{nodeId}/reimage", "api-version,timeout", 63, 202, Model::NodeReimageParameter, false, std::nullopt, "", false},
    {Operation::ComputeNode_Start, "ComputeNode_Start", "POST", "/pools/{poolId}/nodes/{nodeId}/start", "api-version,timeout", 48, 202, std::nullopt, false, std::nullopt, "", false},
    {Operation::ComputeNode_UpdateUser, "ComputeNode_UpdateUser", "PUT", "/pools/{poolId}/nodes/{nodeId}/users/{userName}", "api-version,timeout", 63, 200, Model::NodeUpdateUserParameter, true, std::nullopt, "", false},
    {Operation::ComputeNode_UploadBatchServiceLogs, "ComputeNode_UploadBatchServiceLogs", "POST", "/pools/{poolId}/nodes/{nodeId}/uploadbatchservicelogs", "api-version,timeout", 63, 200, Model::UploadBatchServiceLogsConfiguration, true, Model::UploadBatchServiceLogsResult, "", false},
    {Operation::File_DeleteFromComputeNode, "File_DeleteFromComputeNode", "DELETE", "/pools/{poolId}/nodes/{nodeId}/files/{filePath}", "api-version,recursive,timeout", 63, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::File_DeleteFromTask, "File_DeleteFromTask", "DELETE", "/jobs/{jobId}/tasks/{taskId}/files/{filePath}", "api-version,recursive,timeout", 63, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::File_GetFromComputeNode, "File_GetFromComputeNode", "GET", "/pools/{poolId}/nodes/{nodeId}/files/{filePath}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-modified-since,if-unmodified-since", true},
    {Operation::File_GetFromTask, "File_GetFromTask", "GET", "/jobs/{jobId}/tasks/{taskId}/files/{filePath}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-modified-since,if-unmodified-since", true},
    {Operation::File_GetPropertiesFromComputeNode, "File_GetPropertiesFromComputeNode", "HEAD", "/pools/{poolId}/nodes/{nodeId}/files/{filePath}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-modified-since,if-unmodified-since", false},
    {Operation::File_GetPropertiesFromTask, "File_GetPropertiesFromTask", "HEAD", "/jobs/{jobId}/tasks/{taskId}/files/{filePath}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-modified-since,if-unmodified-since", false},
    {Operation::File_ListFromComputeNode, "File_ListFromComputeNode", "GET", "/pools/{poolId}/nodes/{nodeId}/files", "$filter,api-version,maxresults,recursive,timeout", 63, 200, std::nullopt, false, Model::NodeFileListResult, "", false},
    {Operation::File_ListFromTask, "File_ListFromTask", "GET", "/jobs/{jobId}/tasks/{taskId}/files", "$filter,api-version,maxresults,recursive,timeout", 63, 200, std::nullopt, false, Model::NodeFileListResult, "", false},
    {Operation::JobSchedule_Add, "JobSchedule_Add", "POST", "/jobschedules", "api-version,timeout", 63, 201, Model::JobScheduleAddParameter, true, std::nullopt, "", false},
    {Operation::JobSchedule_Delete, "JobSchedule_Delete", "DELETE", "/jobschedules/{jobScheduleId}", "api-version,force,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Disable, "JobSchedule_Disable", "POST", "/jobschedules/{jobScheduleId}/disable", "api-version,timeout", 63, 204, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Enable, "JobSchedule_Enable", "POST", "/jobschedules/{jobScheduleId}/enable", "api-version,timeout", 63, 204, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Exists, "JobSchedule_Exists", "HEAD", "/jobschedules/{jobScheduleId}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Get, "JobSchedule_Get", "GET", "/jobschedules/{jobScheduleId}", "$expand,$select,api-version,timeout", 63, 200, std::nullopt, false, Model::CloudJobSchedule, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_List, "JobSchedule_List", "GET", "/jobschedules", "$expand,$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudJobScheduleListResult, "", false},
    {Operation::JobSchedule_Patch, "JobSchedule_Patch", "PATCH", "/jobschedules/{jobScheduleId}", "api-version,timeout", 63, 200, Model::JobSchedulePatchParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Terminate, "JobSchedule_Terminate", "POST", "/jobschedules/{jobScheduleId}/terminate", "api-version,force,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::JobSchedule_Update, "JobSchedule_Update", "PUT", "/jobschedules/{jobScheduleId}", "api-version,timeout", 63, 200, Model::JobScheduleUpdateParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Add, "Job_Add", "POST", "/jobs", "api-version,timeout", 63, 201, Model::JobAddParameter, true, std::nullopt, "", false},
    {Operation::Job_Delete, "Job_Delete", "DELETE", "/jobs/{jobId}", "api-version,force,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Disable, "Job_Disable", "POST", "/jobs/{jobId}/disable", "api-version,timeout", 63, 202, Model::JobDisableParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Enable, "Job_Enable", "POST", "/jobs/{jobId}/enable", "api-version,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Get, "Job_Get", "GET", "/jobs/{jobId}", "$expand,$select,api-version,timeout", 63, 200, std::nullopt, false, Model::CloudJob, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_GetAllLifetimeStatistics, "Job_GetAllLifetimeStatistics", "GET", "/lifetimejobstats", "api-version,timeout", 3, 200, std::nullopt, false, Model::JobStatistics, "", false},
    {Operation::Job_GetTaskCounts, "Job_GetTaskCounts", "GET", "/jobs/{jobId}/taskcounts", "api-version,timeout", 63, 200, std::nullopt, false, Model::TaskCountsResult, "", false},
    {Operation::Job_List, "Job_List", "GET", "/jobs", "$expand,$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudJobListResult, "", false},
    {Operation::Job_ListFromJobSchedule, "Job_ListFromJobSchedule", "GET", "/jobschedules/{jobScheduleId}/jobs", "$expand,$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudJobListResult, "", false},
    {Operation::Job_ListPreparationAndReleaseTaskStatus, "Job_ListPreparationAndReleaseTaskStatus", "GET", "/jobs/{jobId}/jobpreparationandreleasetaskstatus", "$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudJobListPreparationAndReleaseTaskStatusResult, "", false},
    {Operation::Job_Patch, "Job_Patch", "PATCH", "/jobs/{jobId}", "api-version,timeout", 63, 200, Model::JobPatchParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Terminate, "Job_Terminate", "POST", "/jobs/{jobId}/terminate", "api-version,force,timeout", 63, 202, Model::JobTerminateParameter, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Job_Update, "Job_Update", "PUT", "/jobs/{jobId}", "api-version,timeout", 63, 200, Model::JobUpdateParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_Add, "Pool_Add", "POST", "/pools", "api-version,timeout", 63, 201, Model::PoolAddParameter, true, std::nullopt, "", false},
    {Operation::Pool_Delete, "Pool_Delete", "DELETE", "/pools/{poolId}", "api-version,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_DisableAutoScale, "Pool_DisableAutoScale", "POST", "/pools/{poolId}/disableautoscale", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "", false},
    {Operation::Pool_EnableAutoScale, "Pool_EnableAutoScale", "POST", "/pools/{poolId}/enableautoscale", "api-version,timeout", 63, 200, Model::PoolEnableAutoScaleParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_EvaluateAutoScale, "Pool_EvaluateAutoScale", "POST", "/pools/{poolId}/evaluateautoscale", "api-version,timeout", 63, 200, Model::PoolEvaluateAutoScaleParameter, true, Model::AutoScaleRun, "", false},
    {Operation::Pool_Exists, "Pool_Exists", "HEAD", "/pools/{poolId}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_Get, "Pool_Get", "GET", "/pools/{poolId}", "$expand,$select,api-version,timeout", 63, 200, std::nullopt, false, Model::CloudPool, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_GetAllLifetimeStatistics, "Pool_GetAllLifetimeStatistics", "GET", "/lifetimepoolstats", "api-version,timeout", 3, 200, std::nullopt, false, Model::PoolStatistics, "", false},
    {Operation::Pool_List, "Pool_List", "GET", "/pools", "$expand,$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudPoolListResult, "", false},
    {Operation::Pool_ListUsageMetrics, "Pool_ListUsageMetrics", "GET", "/poolusagemetrics", "$filter,api-version,endtime,maxresults,starttime,timeout", 63, 200, std::nullopt, false, Model::PoolListUsageMetricsResult, "", false},
    {Operation::Pool_Patch, "Pool_Patch", "PATCH", "/pools/{poolId}", "api-version,timeout", 63, 200, Model::PoolPatchParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_RemoveNodes, "Pool_RemoveNodes", "POST", "/pools/{poolId}/removenodes", "api-version,timeout", 63, 202, Model::NodeRemoveParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_Resize, "Pool_Resize", "POST", "/pools/{poolId}/resize", "api-version,timeout", 63, 202, Model::PoolResizeParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_StopResize, "Pool_StopResize", "POST", "/pools/{poolId}/stopresize", "api-version,timeout", 63, 202, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Pool_UpdateProperties, "Pool_UpdateProperties", "POST", "/pools/{poolId}/updateproperties", "api-version,timeout", 63, 204, Model::PoolUpdatePropertiesParameter, true, std::nullopt, "", false},
    {Operation::Task_Add, "Task_Add", "POST", "/jobs/{jobId}/tasks", "api-version,timeout", 63, 201, Model::TaskAddParameter, true, std::nullopt, "", false},
    {Operation::Task_AddCollection, "Task_AddCollection", "POST", "/jobs/{jobId}/addtaskcollection", "api-version,timeout", 63, 200, Model::TaskAddCollectionParameter, true, Model::TaskAddCollectionResult, "", false},
    {Operation::Task_Delete, "Task_Delete", "DELETE", "/jobs/{jobId}/tasks/{taskId}", "api-version,timeout", 63, 200, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Task_Get, "Task_Get", "GET", "/jobs/{jobId}/tasks/{taskId}", "$expand,$select,api-version,timeout", 63, 200, std::nullopt, false, Model::CloudTask, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Task_List, "Task_List", "GET", "/jobs/{jobId}/tasks", "$expand,$filter,$select,api-version,maxresults,timeout", 63, 200, std::nullopt, false, Model::CloudTaskListResult, "", false},
    {Operation::Task_ListSubtasks, "Task_ListSubtasks", "GET", "/jobs/{jobId}/tasks/{taskId}/subtasksinfo", "$select,api-version,timeout", 63, 200, std::nullopt, false, Model::CloudTaskListSubtasksResult, "", false},
    {Operation::Task_Reactivate, "Task_Reactivate", "POST", "/jobs/{jobId}/tasks/{taskId}/reactivate", "api-version,timeout", 63, 204, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Task_Terminate, "Task_Terminate", "POST", "/jobs/{jobId}/tasks/{taskId}/terminate", "api-version,timeout", 63, 204, std::nullopt, false, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
    {Operation::Task_Update, "Task_Update", "PUT", "/jobs/{jobId}/tasks/{taskId}", "api-version,timeout", 63, 200, Model::TaskUpdateParameter, true, std::nullopt, "if-match,if-none-match,if-modified-since,if-unmodified-since", false},
};

}  // namespace

std::span<const OperationFacts> operations() { return operation_table; }

namespace {

constexpr VersionFacts version_table[] = {
    {"2018-08-01.7.0", 0, true},
    {"2018-12-01.8.0", 0, true},
    {"2019-06-01.9.0", 0, true},
    {"2019-08-01.10.0", 0, true},
    {"2020-03-01.11.0", 0, true},
    {"2020-09-01.12.0", 0, false},
    {"2021-06-01.14.0", 0, false},
    {"2022-01-01.15.0", 0, false},
    {"2022-10-01.16.0", 1, false},
    {"2023-05-01.17.0", 2, false},
    {"2023-11-01.18.0", 2, false},
    {"2024-02-01.19.0", 3, false},
    {"2024-07-01.20.0", 4, false},
    {"2025-06-01", 5, false},
};

}  // namespace

std::span<const VersionFacts> versions() { return version_table; }

}  // namespace batchyard::api
