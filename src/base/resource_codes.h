// Every code with which a resource tells what went wrong with it, rather than a request being
// refused with it (error_codes.h has those). src/service/resource_codes_test.cpp holds the table
// against the sources that produce them; docs/errors.md is made of it.
#pragma once

#include <string_view>

namespace batchyard {

struct ResourceCode {
  std::string_view place;  // the member that tells it
  std::string_view code;
  std::string_view source;  // a file of src that produces it
};

inline constexpr ResourceCode resource_codes[] = {
    {"pool resizeErrors", "AccountCoreQuotaReached", "engine/quota.cpp"},
    {"pool resizeErrors", "AccountLowPriorityCoreQuotaReached", "engine/quota.cpp"},
    {"pool resizeErrors", "AllocationFailed", "engine/decide_node.cpp"},
    {"pool resizeErrors", "AllocationTimedOut", "engine/decide_pool.cpp"},
    {"pool resizeErrors", "RemoveNodesFailed", "engine/decide_pool.cpp"},
    {"pool resizeErrors", "ResizeStopped", "engine/decide_pool.cpp"},
    {"pool autoScaleRun.error", "AutoScalingFormulaEvaluationError", "engine/decide_autoscale.cpp"},
    {"node errors", "AgentLost", "engine/decide_node.cpp"},
    {"node errors", "HardwareCheckFailed", "engine/gate.cpp"},
    {"node errors", "NodeLost", "engine/decide_node.cpp"},
    {"node errors", "NodeQuarantined", "engine/gate.cpp"},
    {"node errors", "StartTaskFailed", "engine/decide_node.cpp"},
    {"node errors", "MountConfigurationError", "edge/mount/mount.cpp"},
    {"node errors", "VMExtensionProvisioningError", "node/extensions.cpp"},
    {"job schedulingError", "AutoPoolCreationFailedWithQuotaReached",
     "engine/decide_auto_pool.cpp"},
    {"job schedulingError", "InvalidApplicationPackageReferencesInAutoPool",
     "engine/decide_auto_pool.cpp"},
    {"job schedulingError", "InvalidAutoPoolSettings", "service/auto_pools.cpp"},
    {"job schedulingError", "InvalidAutoScaleFormulaInAutoPool", "service/auto_pools.cpp"},
    {"job schedulingError", "InvalidCertificatesInAutoPool", "engine/decide_auto_pool.cpp"},
    {"task failureInfo", "ApplicationPackageError", "node/packages.cpp"},
    {"task failureInfo", "BlobAccessDenied", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "BlobDownloadMiscError", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "BlobDownloadTimedOut", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "BlobNotFound", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "CommandLaunchFailed", "node/run.cpp"},
    {"task failureInfo", "CommandProgramNotFound", "node/run.cpp"},
    {"task failureInfo", "ContainerInvalidImage", "edge/container/container_job.cpp"},
    {"task failureInfo", "ContainerInvalidRegistry", "edge/container/container_job.cpp"},
    {"task failureInfo", "ContainerInvalidSettings", "node/containers.cpp"},
    {"task failureInfo", "ContainerMiscError", "edge/container/container_run.cpp"},
    {"task failureInfo", "DiskFull", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "FailureExitCode", "node/run.cpp"},
    {"task failureInfo", "FileUploadAccessDenied", "edge/upload/put_blob.cpp"},
    {"task failureInfo", "FileUploadConflict", "edge/upload/put_blob.cpp"},
    {"task failureInfo", "FileUploadContainerNotFound", "edge/upload/put_blob.cpp"},
    {"task failureInfo", "FileUploadMiscError", "edge/upload/put_blob.cpp"},
    {"task failureInfo", "FileUploadTimedOut", "edge/upload/put_blob.cpp"},
    {"task failureInfo", "JobPreparationTaskFailed", "engine/decide_run.cpp"},
    {"task failureInfo", "ResourceContainerAccessDenied", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceContainerListMiscError", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceContainerListTimedOut", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceContainerNotFound", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceDirectoryCreateFailed", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceFileCreateFailed", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "ResourceFileWriteFailed", "edge/fetch/fetch.cpp"},
    {"task failureInfo", "TaskEnded", "engine/decide_run.cpp"},
    {"task failureInfo", "Unknown", "node/run.cpp"},
    {"certificate deleteCertificateError", "CertificateDeleteFailed", "service/certificates.cpp"},
};

}  // namespace batchyard
