// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#include "api/schema.h"

namespace batchyard::api {

namespace {

constexpr Member members_of_AccountListSupportedImagesResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 200, 63, 0, 0, no_min, no_max},
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
constexpr Member members_of_ArmAccessRule[] = {
    {"name", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"properties", Shape::one, Type::model, 6, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmAccessRuleProperties[] = {
    {"addressPrefixes", Shape::list, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"direction", Shape::one, Type::choice, 2, 6144, 0, 0, no_min, no_max},
    {"emailAddresses", Shape::list, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"fullyQualifiedDomainNames", Shape::list, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"networkSecurityPerimeters", Shape::list, Type::model, 93, 6144, 0, 0, no_min, no_max},
    {"phoneNumbers", Shape::list, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"subscriptions", Shape::list, Type::any, 0, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmAccessRulePropertiesSubscriptionsItem[] = {
    {"id", Shape::one, Type::text, 0, 4096, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmActivateApplicationPackageParameters[] = {
    {"format", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmApplication[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 13, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmApplicationPackage[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 11, 8128, 0, 0, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 4096, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmApplicationPackageProperties[] = {
    {"format", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"lastActivationTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"state", Shape::one, Type::choice, 37, 8128, 0, Member::read_only, no_min, no_max},
    {"storageUrl", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"storageUrlExpiry", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmApplicationPackageReference[] = {
    {"id", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmApplicationProperties[] = {
    {"allowUpdates", Shape::one, Type::boolean, 0, 8128, 0, 0, no_min, no_max},
    {"defaultVersion", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 8128, 0, 0, no_min, 1024},
};
constexpr Member members_of_ArmAutoScaleRun[] = {
    {"error", Shape::one, Type::model, 15, 8128, 0, 0, no_min, no_max},
    {"evaluationTime", Shape::one, Type::datetime, 0, 8128, 8128, 0, no_min, no_max},
    {"results", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutoScaleRunError[] = {
    {"code", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 15, 8128, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutoScaleSettings[] = {
    {"evaluationInterval", Shape::one, Type::duration, 0, 8128, 0, 0, no_min, no_max},
    {"formula", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutoStorageBaseProperties[] = {
    {"authenticationMode", Shape::one, Type::choice, 6, 7936, 0, 0, no_min, no_max},
    {"lastKeySync", Shape::one, Type::text, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"nodeIdentityReference", Shape::one, Type::model, 49, 7936, 0, 0, no_min, no_max},
    {"storageAccountId", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutoStorageProperties[] = {
    {"authenticationMode", Shape::one, Type::choice, 6, 7936, 0, 0, no_min, no_max},
    {"lastKeySync", Shape::one, Type::datetime, 0, 8128, 8128, 0, no_min, no_max},
    {"nodeIdentityReference", Shape::one, Type::model, 49, 7936, 0, 0, no_min, no_max},
    {"storageAccountId", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutoUserSpecification[] = {
    {"elevationLevel", Shape::one, Type::choice, 22, 8128, 0, 0, no_min, no_max},
    {"scope", Shape::one, Type::choice, 7, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmAutomaticOSUpgradePolicy[] = {
    {"disableAutomaticRollback", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
    {"enableAutomaticOSUpgrade", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
    {"osRollingUpgradeDeferral", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
    {"useRollingUpgradePolicy", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmAzureBlobFileSystemConfiguration[] = {
    {"accountKey", Shape::one, Type::text, 0, 8128, 0, Member::secret, no_min, no_max},
    {"accountName", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"blobfuseOptions", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"containerName", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 49, 7936, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"sasKey", Shape::one, Type::text, 0, 8128, 0, Member::secret, no_min, no_max},
};
constexpr Member members_of_ArmAzureFileShareConfiguration[] = {
    {"accountKey", Shape::one, Type::text, 0, 8128, 8128, Member::secret, no_min, no_max},
    {"accountName", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"azureFileUrl", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"mountOptions", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmAzureProxyResource[] = {
    {"etag", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmAzureResource[] = {
    {"id", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccount[] = {
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"identity", Shape::one, Type::model, 28, 8128, 0, 0, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 31, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountCreateParameters[] = {
    {"identity", Shape::one, Type::model, 28, 8128, 0, 0, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"properties", Shape::one, Type::model, 27, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountCreateProperties[] = {
    {"accountEndpoint", Shape::one, Type::text, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"activeJobAndJobScheduleQuota", Shape::one, Type::integer32, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"allowedAuthenticationModes", Shape::list, Type::choice, 5, 7936, 0, 0, no_min, no_max},
    {"autoStorage", Shape::one, Type::model, 17, 8128, 0, 0, no_min, no_max},
    {"dedicatedCoreQuota", Shape::one, Type::integer32, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"dedicatedCoreQuotaPerVMFamily", Shape::list, Type::model, 141, 4096, 0, Member::read_only, no_min, no_max},
    {"dedicatedCoreQuotaPerVMFamilyEnforced", Shape::one, Type::boolean, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"encryption", Shape::one, Type::model, 63, 8128, 0, 0, no_min, no_max},
    {"keyVaultReference", Shape::one, Type::model, 78, 8128, 0, 0, no_min, no_max},
    {"lowPriorityCoreQuota", Shape::one, Type::integer32, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"networkProfile", Shape::one, Type::model, 91, 7936, 0, 0, no_min, no_max},
    {"nodeManagementEndpoint", Shape::one, Type::text, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"poolAllocationMode", Shape::one, Type::choice, 38, 8128, 0, 0, no_min, no_max},
    {"poolQuota", Shape::one, Type::integer32, 0, 4096, 0, Member::read_only, no_min, no_max},
    {"privateEndpointConnections", Shape::list, Type::model, 108, 4096, 0, Member::read_only, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 8, 4096, 0, Member::read_only, no_min, no_max},
    {"publicNetworkAccess", Shape::one, Type::choice, 46, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountIdentity[] = {
    {"principalId", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"tenantId", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::choice, 48, 8128, 8128, 0, no_min, no_max},
    {"userAssignedIdentities", Shape::map, Type::model, 136, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountKeys[] = {
    {"accountName", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"primary", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"secondary", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountListResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 25, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountProperties[] = {
    {"accountEndpoint", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"activeJobAndJobScheduleQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"allowedAuthenticationModes", Shape::list, Type::choice, 5, 7936, 0, Member::read_only, no_min, no_max},
    {"autoStorage", Shape::one, Type::model, 18, 8128, 0, Member::read_only, no_min, no_max},
    {"dedicatedCoreQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"dedicatedCoreQuotaPerVMFamily", Shape::list, Type::model, 141, 8128, 0, Member::read_only, no_min, no_max},
    {"dedicatedCoreQuotaPerVMFamilyEnforced", Shape::one, Type::boolean, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"encryption", Shape::one, Type::model, 63, 8128, 0, Member::read_only, no_min, no_max},
    {"keyVaultReference", Shape::one, Type::model, 78, 8128, 0, Member::read_only, no_min, no_max},
    {"lowPriorityCoreQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"networkProfile", Shape::one, Type::model, 91, 7936, 0, 0, no_min, no_max},
    {"nodeManagementEndpoint", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"poolAllocationMode", Shape::one, Type::choice, 38, 8128, 0, Member::read_only, no_min, no_max},
    {"poolQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"privateEndpointConnections", Shape::list, Type::model, 108, 8128, 0, Member::read_only, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 43, 8128, 0, Member::read_only, no_min, no_max},
    {"publicNetworkAccess", Shape::one, Type::choice, 46, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountRegenerateKeyParameters[] = {
    {"keyName", Shape::one, Type::choice, 3, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountUpdateParameters[] = {
    {"identity", Shape::one, Type::model, 28, 8128, 0, 0, no_min, no_max},
    {"properties", Shape::one, Type::model, 34, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchAccountUpdateProperties[] = {
    {"allowedAuthenticationModes", Shape::list, Type::choice, 5, 7936, 0, 0, no_min, no_max},
    {"autoStorage", Shape::one, Type::model, 17, 8128, 0, 0, no_min, no_max},
    {"encryption", Shape::one, Type::model, 63, 8128, 0, 0, no_min, no_max},
    {"networkProfile", Shape::one, Type::model, 91, 7936, 0, 0, no_min, no_max},
    {"publicNetworkAccess", Shape::one, Type::choice, 46, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmBatchLocationQuota[] = {
    {"accountQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmBatchPoolIdentity[] = {
    {"type", Shape::one, Type::choice, 39, 7936, 7936, 0, no_min, no_max},
    {"userAssignedIdentities", Shape::map, Type::model, 136, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCIFSMountConfiguration[] = {
    {"mountOptions", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 8128, 8128, Member::secret, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"source", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"userName", Shape::one, Type::text, 0, 7936, 7936, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 192, 192, 0, no_min, no_max},
};
constexpr Member members_of_ArmCertificate[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 42, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmCertificateBaseProperties[] = {
    {"format", Shape::one, Type::choice, 10, 8128, 0, 0, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCertificateCreateOrUpdateParameters[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 41, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmCertificateCreateOrUpdateProperties[] = {
    {"data", Shape::one, Type::text, 0, 8128, 8128, Member::secret, no_min, no_max},
    {"format", Shape::one, Type::choice, 10, 8128, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 8128, 0, Member::secret, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCertificateProperties[] = {
    {"deleteCertificateError", Shape::one, Type::model, 54, 8128, 0, Member::read_only, no_min, no_max},
    {"format", Shape::one, Type::choice, 10, 8128, 0, 0, no_min, no_max},
    {"previousProvisioningState", Shape::one, Type::choice, 11, 8128, 0, Member::read_only, no_min, no_max},
    {"previousProvisioningStateTransitionTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 11, 8128, 0, Member::read_only, no_min, no_max},
    {"provisioningStateTransitionTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"publicData", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCertificateReference[] = {
    {"id", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"storeLocation", Shape::one, Type::choice, 12, 8128, 0, 0, no_min, no_max},
    {"storeName", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"visibility", Shape::list, Type::choice, 13, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCheckNameAvailabilityParameters[] = {
    {"name", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"type", Shape::one, Type::choice, 49, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmCheckNameAvailabilityResult[] = {
    {"message", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"nameAvailable", Shape::one, Type::boolean, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"reason", Shape::one, Type::choice, 32, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmCloudError[] = {
    {"error", Shape::one, Type::model, 47, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCloudErrorBody[] = {
    {"code", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 47, 8128, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"target", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmCloudServiceConfiguration[] = {
    {"osFamily", Shape::one, Type::text, 0, 1984, 1984, 0, no_min, no_max},
    {"osVersion", Shape::one, Type::text, 0, 1984, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmComputeNodeIdentityReference[] = {
    {"resourceId", Shape::one, Type::text, 0, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmContainerConfiguration[] = {
    {"containerImageNames", Shape::list, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"containerRegistries", Shape::list, Type::model, 52, 8128, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::choice, 17, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmContainerHostBatchBindMountEntry[] = {
    {"isReadOnly", Shape::one, Type::boolean, 0, 6144, 0, 0, no_min, no_max},
    {"source", Shape::one, Type::choice, 16, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmContainerRegistry[] = {
    {"identityReference", Shape::one, Type::model, 49, 7936, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 8128, 192, Member::secret, no_min, no_max},
    {"registryServer", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 8128, 192, 0, no_min, no_max},
};
constexpr Member members_of_ArmDataDisk[] = {
    {"caching", Shape::one, Type::choice, 9, 8128, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 8128, 8128, 0, no_min, no_max},
    {"lun", Shape::one, Type::integer32, 0, 8128, 8128, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 86, 4096, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 53, 4032, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDeleteCertificateError[] = {
    {"code", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 54, 8128, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"target", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDeploymentConfiguration[] = {
    {"cloudServiceConfiguration", Shape::one, Type::model, 48, 1984, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 140, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDetectorListResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 7936, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 57, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDetectorResponse[] = {
    {"etag", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 58, 7936, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmDetectorResponseProperties[] = {
    {"value", Shape::one, Type::text, 0, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDiffDiskSettings[] = {
    {"placement", Shape::one, Type::choice, 19, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDiskCustomerManagedKey[] = {
    {"identityReference", Shape::one, Type::model, 49, 4096, 0, 0, no_min, no_max},
    {"keyUrl", Shape::one, Type::text, 0, 4096, 0, 0, no_min, no_max},
    {"rotationToLatestKeyVersionEnabled", Shape::one, Type::boolean, 0, 4096, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDiskEncryptionConfiguration[] = {
    {"customerManagedKey", Shape::one, Type::model, 60, 4096, 0, 0, no_min, no_max},
    {"targets", Shape::list, Type::choice, 20, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmDiskEncryptionSetParameters[] = {
    {"id", Shape::one, Type::text, 0, 4096, 4096, 0, no_min, no_max},
};
constexpr Member members_of_ArmEncryptionProperties[] = {
    {"keySource", Shape::one, Type::choice, 30, 8128, 0, 0, no_min, no_max},
    {"keyVaultProperties", Shape::one, Type::model, 77, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmEndpointAccessProfile[] = {
    {"defaultAction", Shape::one, Type::choice, 23, 7936, 7936, 0, no_min, no_max},
    {"ipRules", Shape::list, Type::model, 73, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmEndpointDependency[] = {
    {"description", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"domainName", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"endpointDetails", Shape::list, Type::model, 66, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmEndpointDetail[] = {
    {"port", Shape::one, Type::integer32, 0, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmEnvironmentSetting[] = {
    {"name", Shape::one, Type::text, 0, 8128, 8128, Member::variable_name, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmFirstApplication[] = {
    {"allowUpdates", Shape::one, Type::boolean, 0, 64, 0, 0, no_min, no_max},
    {"defaultVersion", Shape::one, Type::text, 0, 64, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 64, 0, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 64, 0, Member::read_only, no_min, no_max},
    {"packages", Shape::list, Type::model, 69, 64, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmFirstApplicationPackage[] = {
    {"format", Shape::one, Type::text, 0, 64, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 64, 0, Member::read_only, no_min, no_max},
    {"lastActivationTime", Shape::one, Type::datetime, 0, 64, 0, Member::read_only, no_min, no_max},
    {"state", Shape::one, Type::choice, 37, 64, 0, Member::read_only, no_min, no_max},
    {"storageUrl", Shape::one, Type::text, 0, 64, 0, Member::read_only, no_min, no_max},
    {"storageUrlExpiry", Shape::one, Type::datetime, 0, 64, 0, Member::read_only, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 64, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmFirstListApplicationsResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 64, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 68, 64, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmFixedScaleSettings[] = {
    {"nodeDeallocationOption", Shape::one, Type::choice, 14, 8128, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 8128, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 8128, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 8128, 0, 0, 0, 10000},
};
constexpr Member members_of_ArmHostEndpointSettings[] = {
    {"inVMAccessControlProfileReferenceId", Shape::one, Type::text, 0, 4096, 0, 0, no_min, no_max},
    {"mode", Shape::one, Type::choice, 24, 4096, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmIPRule[] = {
    {"action", Shape::one, Type::choice, 26, 7936, 7936, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 7936, 7936, 0, no_min, no_max},
};
constexpr Member members_of_ArmIPTag[] = {
    {"ipTagType", Shape::one, Type::text, 0, 4096, 0, 0, no_min, no_max},
    {"tag", Shape::one, Type::text, 0, 4096, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmImageReference[] = {
    {"communityGalleryImageId", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"offer", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"publisher", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"sharedGalleryImageId", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"sku", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"version", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmInboundNatPool[] = {
    {"backendPort", Shape::one, Type::integer32, 0, 8128, 8128, 0, no_min, no_max},
    {"frontendPortRangeEnd", Shape::one, Type::integer32, 0, 8128, 8128, 0, no_min, no_max},
    {"frontendPortRangeStart", Shape::one, Type::integer32, 0, 8128, 8128, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"networkSecurityGroupRules", Shape::list, Type::model, 92, 8128, 0, 0, no_min, no_max},
    {"protocol", Shape::one, Type::choice, 27, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmKeyVaultProperties[] = {
    {"keyIdentifier", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmKeyVaultReference[] = {
    {"id", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmLinuxUserConfiguration[] = {
    {"gid", Shape::one, Type::integer32, 0, 8128, 0, 0, no_min, no_max},
    {"sshPrivateKey", Shape::one, Type::text, 0, 8128, 0, Member::secret, no_min, no_max},
    {"uid", Shape::one, Type::integer32, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListApplicationPackagesResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 10, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListApplicationsResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 9, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListCertificatesResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 38, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListPoolsResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 104, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListPrivateEndpointConnectionsResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 108, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmListPrivateLinkResourcesResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 110, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmManagedDisk[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 62, 4096, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 138, 6144, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 53, 7680, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmMetadataItem[] = {
    {"name", Shape::one, Type::text, 0, 8128, 8128, Member::metadata_key, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmMountConfiguration[] = {
    {"azureBlobFileSystemConfiguration", Shape::one, Type::model, 21, 8128, 0, 0, no_min, no_max},
    {"azureFileShareConfiguration", Shape::one, Type::model, 22, 8128, 0, 0, no_min, no_max},
    {"cifsMountConfiguration", Shape::one, Type::model, 37, 8128, 0, 0, no_min, no_max},
    {"nfsMountConfiguration", Shape::one, Type::model, 89, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNFSMountConfiguration[] = {
    {"mountOptions", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"relativeMountPath", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"source", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkConfiguration[] = {
    {"dynamicVnetAssignmentScope", Shape::one, Type::choice, 21, 7936, 0, 0, no_min, no_max},
    {"enableAcceleratedNetworking", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
    {"endpointConfiguration", Shape::one, Type::model, 105, 8128, 0, 0, no_min, no_max},
    {"publicIPAddressConfiguration", Shape::one, Type::model, 117, 8128, 0, 0, no_min, no_max},
    {"subnetId", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkProfile[] = {
    {"accountAccess", Shape::one, Type::model, 64, 7936, 0, 0, no_min, no_max},
    {"nodeManagementAccess", Shape::one, Type::model, 64, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityGroupRule[] = {
    {"access", Shape::one, Type::choice, 33, 8128, 8128, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 8128, 8128, 0, -2147483648, 2147483647},
    {"sourceAddressPrefix", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"sourcePortRanges", Shape::list, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityPerimeter[] = {
    {"id", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"perimeterGuid", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityPerimeterConfiguration[] = {
    {"id", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 96, 6144, 0, 0, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 6144, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityPerimeterConfigurationListResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 94, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityPerimeterConfigurationProperties[] = {
    {"networkSecurityPerimeter", Shape::one, Type::model, 93, 6144, 0, 0, no_min, no_max},
    {"profile", Shape::one, Type::model, 97, 6144, 0, 0, no_min, no_max},
    {"provisioningIssues", Shape::list, Type::model, 113, 6144, 0, Member::read_only, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 34, 6144, 0, Member::read_only, no_min, no_max},
    {"resourceAssociation", Shape::one, Type::model, 121, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNetworkSecurityProfile[] = {
    {"accessRules", Shape::list, Type::model, 5, 6144, 0, 0, no_min, no_max},
    {"accessRulesVersion", Shape::one, Type::integer32, 0, 6144, 0, 0, no_min, no_max},
    {"diagnosticSettingsVersion", Shape::one, Type::integer32, 0, 6144, 0, 0, no_min, no_max},
    {"enabledLogCategories", Shape::list, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmNodePlacementConfiguration[] = {
    {"policy", Shape::one, Type::choice, 36, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmOSDisk[] = {
    {"caching", Shape::one, Type::choice, 9, 7680, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 7680, 0, 0, no_min, no_max},
    {"ephemeralOSDiskSettings", Shape::one, Type::model, 59, 7936, 0, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 86, 7680, 0, 0, no_min, no_max},
    {"writeAcceleratorEnabled", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmOperation[] = {
    {"display", Shape::one, Type::any, 0, 8128, 0, 0, no_min, no_max},
    {"isDataAction", Shape::one, Type::boolean, 0, 7936, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"origin", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"properties", Shape::one, Type::any, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmOperationListResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 100, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmOutboundEnvironmentEndpoint[] = {
    {"category", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"endpoints", Shape::list, Type::model, 65, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmOutboundEnvironmentEndpointCollection[] = {
    {"nextLink", Shape::one, Type::text, 0, 7936, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 102, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPool[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"identity", Shape::one, Type::model, 36, 7936, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 106, 8128, 0, 0, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 4096, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPoolEndpointConfiguration[] = {
    {"inboundNatPools", Shape::list, Type::model, 76, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmPoolProperties[] = {
    {"allocationState", Shape::one, Type::choice, 4, 8128, 0, Member::read_only, no_min, no_max},
    {"allocationStateTransitionTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"applicationLicenses", Shape::list, Type::text, 0, 4032, 0, 0, no_min, no_max},
    {"applicationPackages", Shape::list, Type::model, 12, 8128, 0, 0, no_min, no_max},
    {"autoScaleRun", Shape::one, Type::model, 14, 8128, 0, Member::read_only, no_min, no_max},
    {"certificates", Shape::list, Type::model, 43, 4032, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"currentDedicatedNodes", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"currentLowPriorityNodes", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"currentNodeCommunicationMode", Shape::one, Type::choice, 35, 3840, 0, Member::read_only, no_min, no_max},
    {"deploymentConfiguration", Shape::one, Type::model, 55, 8128, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 8128, 0, 0, no_min, 1024},
    {"interNodeCommunication", Shape::one, Type::choice, 28, 8128, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"metadata", Shape::list, Type::model, 87, 8128, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 88, 8128, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 90, 8128, 0, 0, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 40, 8128, 0, Member::read_only, no_min, no_max},
    {"provisioningStateTransitionTime", Shape::one, Type::datetime, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"resizeOperationStatus", Shape::one, Type::model, 119, 8128, 0, Member::read_only, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 3584, 0, 0, no_min, no_max},
    {"scaleSettings", Shape::one, Type::model, 124, 8128, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 128, 8128, 0, 0, no_min, no_max},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 35, 3840, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 132, 8128, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 8128, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 134, 7168, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 135, 8128, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmPrivateEndpoint[] = {
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPrivateEndpointConnection[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 109, 8128, 0, 0, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 4096, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPrivateEndpointConnectionProperties[] = {
    {"groupIds", Shape::list, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"privateEndpoint", Shape::one, Type::model, 107, 8128, 0, Member::read_only, no_min, no_max},
    {"privateLinkServiceConnectionState", Shape::one, Type::model, 112, 8128, 0, 0, no_min, no_max},
    {"provisioningState", Shape::one, Type::choice, 41, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPrivateLinkResource[] = {
    {"etag", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 111, 8128, 0, 0, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPrivateLinkResourceProperties[] = {
    {"groupId", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"requiredMembers", Shape::list, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"requiredZoneNames", Shape::list, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPrivateLinkServiceConnectionState[] = {
    {"actionRequired", Shape::one, Type::text, 0, 192, 0, Member::read_only, no_min, no_max},
    {"actionsRequired", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"description", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"status", Shape::one, Type::choice, 42, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmProvisioningIssue[] = {
    {"name", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"properties", Shape::one, Type::model, 114, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmProvisioningIssueProperties[] = {
    {"description", Shape::one, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
    {"issueType", Shape::one, Type::choice, 29, 6144, 0, Member::read_only, no_min, no_max},
    {"severity", Shape::one, Type::choice, 52, 6144, 0, Member::read_only, no_min, no_max},
    {"suggestedAccessRules", Shape::list, Type::model, 5, 6144, 0, Member::read_only, no_min, no_max},
    {"suggestedResourceIds", Shape::list, Type::text, 0, 6144, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmProxyAgentSettings[] = {
    {"enabled", Shape::one, Type::boolean, 0, 4096, 0, 0, no_min, no_max},
    {"imds", Shape::one, Type::model, 72, 4096, 0, 0, no_min, no_max},
    {"wireServer", Shape::one, Type::model, 72, 4096, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmProxyResource[] = {
    {"etag", Shape::one, Type::text, 0, 1984, 0, Member::read_only, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 6144, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmPublicIPAddressConfiguration[] = {
    {"ipAddressIds", Shape::list, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"ipFamilies", Shape::list, Type::choice, 44, 4096, 0, 0, no_min, no_max},
    {"ipTags", Shape::list, Type::model, 74, 4096, 0, 0, no_min, no_max},
    {"provision", Shape::one, Type::choice, 25, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmResizeError[] = {
    {"code", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 118, 8128, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmResizeOperationStatus[] = {
    {"errors", Shape::list, Type::model, 118, 8128, 0, 0, no_min, no_max},
    {"nodeDeallocationOption", Shape::one, Type::choice, 14, 8128, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 8128, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 8128, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 8128, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 8128, 0, 0, 0, 10000},
};
constexpr Member members_of_ArmResource[] = {
    {"id", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 1984, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"systemData", Shape::one, Type::model, 144, 6144, 0, Member::read_only, no_min, no_max},
    {"tags", Shape::map, Type::text, 0, 1984, 0, Member::read_only, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmResourceAssociation[] = {
    {"accessMode", Shape::one, Type::choice, 47, 6144, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmResourceFile[] = {
    {"autoStorageContainerName", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"blobPrefix", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"fileMode", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"filePath", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"httpUrl", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 49, 7936, 0, 0, no_min, no_max},
    {"storageContainerUrl", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmRollingUpgradePolicy[] = {
    {"enableCrossZoneUpgrade", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
    {"maxBatchInstancePercent", Shape::one, Type::integer32, 0, 7168, 0, 0, 5, 100},
    {"maxUnhealthyInstancePercent", Shape::one, Type::integer32, 0, 7168, 0, 0, 5, 100},
    {"maxUnhealthyUpgradedInstancePercent", Shape::one, Type::integer32, 0, 7168, 0, 0, 0, 100},
    {"pauseTimeBetweenBatches", Shape::one, Type::text, 0, 7168, 0, 0, no_min, no_max},
    {"prioritizeUnhealthyInstances", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
    {"rollbackFailedInstancesOnPolicyBreach", Shape::one, Type::boolean, 0, 7168, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmScaleSettings[] = {
    {"autoScale", Shape::one, Type::model, 16, 8128, 0, 0, no_min, no_max},
    {"fixedScale", Shape::one, Type::model, 71, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmSecurityProfile[] = {
    {"encryptionAtHost", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
    {"proxyAgentSettings", Shape::one, Type::model, 115, 4096, 0, 0, no_min, no_max},
    {"securityType", Shape::one, Type::choice, 51, 7680, 0, 0, no_min, no_max},
    {"uefiSettings", Shape::one, Type::model, 133, 7680, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmServiceArtifactReference[] = {
    {"id", Shape::one, Type::text, 0, 7680, 7680, 0, no_min, no_max},
};
constexpr Member members_of_ArmSkuCapability[] = {
    {"name", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmStartTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 131, 8128, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 67, 8128, 0, 0, no_min, no_max},
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 8128, 0, 0, -1, 2147483647},
    {"resourceFiles", Shape::list, Type::model, 122, 8128, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 137, 8128, 0, 0, no_min, no_max},
    {"waitForSuccess", Shape::one, Type::boolean, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmSupportedSku[] = {
    {"batchSupportEndOfLife", Shape::one, Type::datetime, 0, 7168, 0, Member::read_only, no_min, no_max},
    {"capabilities", Shape::list, Type::model, 127, 7936, 0, Member::read_only, no_min, no_max},
    {"familyName", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmSupportedSkusResult[] = {
    {"nextLink", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"value", Shape::list, Type::model, 129, 7936, 7936, 0, no_min, no_max},
};
constexpr Member members_of_ArmTaskContainerSettings[] = {
    {"containerHostBatchBindMounts", Shape::list, Type::model, 51, 6144, 0, 0, no_min, no_max},
    {"containerRunOptions", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"imageName", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"registry", Shape::one, Type::model, 52, 8128, 0, 0, no_min, no_max},
    {"workingDirectory", Shape::one, Type::choice, 18, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmTaskSchedulingPolicy[] = {
    {"jobDefaultOrder", Shape::one, Type::choice, 54, 4096, 0, 0, no_min, no_max},
    {"nodeFillType", Shape::one, Type::choice, 15, 8128, 8128, 0, no_min, no_max},
};
constexpr Member members_of_ArmUefiSettings[] = {
    {"secureBootEnabled", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
    {"vTpmEnabled", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmUpgradePolicy[] = {
    {"automaticOSUpgradePolicy", Shape::one, Type::model, 20, 7168, 0, 0, no_min, no_max},
    {"mode", Shape::one, Type::choice, 55, 7168, 7168, 0, no_min, no_max},
    {"rollingUpgradePolicy", Shape::one, Type::model, 123, 7168, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmUserAccount[] = {
    {"elevationLevel", Shape::one, Type::choice, 22, 8128, 0, 0, no_min, no_max},
    {"linuxUserConfiguration", Shape::one, Type::model, 79, 8128, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 8128, 8128, Member::secret, no_min, no_max},
    {"windowsUserConfiguration", Shape::one, Type::model, 143, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmUserAssignedIdentities[] = {
    {"clientId", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
    {"principalId", Shape::one, Type::text, 0, 7936, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmUserIdentity[] = {
    {"autoUser", Shape::one, Type::model, 19, 8128, 0, 0, no_min, no_max},
    {"userName", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmVMDiskSecurityProfile[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 62, 4096, 0, 0, no_min, no_max},
    {"securityEncryptionType", Shape::one, Type::choice, 50, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmVMExtension[] = {
    {"autoUpgradeMinorVersion", Shape::one, Type::boolean, 0, 7936, 0, 0, no_min, no_max},
    {"enableAutomaticUpgrade", Shape::one, Type::boolean, 0, 7680, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 7936, 7936, 0, no_min, no_max},
    {"protectedSettings", Shape::one, Type::any, 0, 7936, 0, Member::secret, no_min, no_max},
    {"provisionAfterExtensions", Shape::list, Type::text, 0, 7936, 0, 0, no_min, no_max},
    {"publisher", Shape::one, Type::text, 0, 7936, 7936, 0, no_min, no_max},
    {"settings", Shape::one, Type::any, 0, 7936, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::text, 0, 7936, 7936, 0, no_min, no_max},
    {"typeHandlerVersion", Shape::one, Type::text, 0, 7936, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmVirtualMachineConfiguration[] = {
    {"containerConfiguration", Shape::one, Type::model, 50, 8128, 0, 0, no_min, no_max},
    {"dataDisks", Shape::list, Type::model, 53, 8128, 0, 0, no_min, no_max},
    {"diskEncryptionConfiguration", Shape::one, Type::model, 61, 8128, 0, 0, no_min, no_max},
    {"extensions", Shape::list, Type::model, 139, 7936, 0, 0, no_min, no_max},
    {"imageReference", Shape::one, Type::model, 75, 8128, 8128, 0, no_min, no_max},
    {"licenseType", Shape::one, Type::text, 0, 8128, 0, 0, no_min, no_max},
    {"nodeAgentSkuId", Shape::one, Type::text, 0, 8128, 8128, 0, no_min, no_max},
    {"nodePlacementConfiguration", Shape::one, Type::model, 98, 7936, 0, 0, no_min, no_max},
    {"osDisk", Shape::one, Type::model, 99, 7936, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 125, 7680, 0, 0, no_min, no_max},
    {"serviceArtifactReference", Shape::one, Type::model, 126, 7680, 0, 0, no_min, no_max},
    {"windowsConfiguration", Shape::one, Type::model, 142, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmVirtualMachineFamilyCoreQuota[] = {
    {"coreQuota", Shape::one, Type::integer32, 0, 8128, 0, Member::read_only, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 8128, 0, Member::read_only, no_min, no_max},
};
constexpr Member members_of_ArmWindowsConfiguration[] = {
    {"enableAutomaticUpdates", Shape::one, Type::boolean, 0, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmWindowsUserConfiguration[] = {
    {"loginMode", Shape::one, Type::choice, 31, 8128, 0, 0, no_min, no_max},
};
constexpr Member members_of_ArmsystemData[] = {
    {"createdAt", Shape::one, Type::datetime, 0, 6144, 0, 0, no_min, no_max},
    {"createdBy", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"createdByType", Shape::one, Type::choice, 56, 6144, 0, 0, no_min, no_max},
    {"lastModifiedAt", Shape::one, Type::datetime, 0, 6144, 0, 0, no_min, no_max},
    {"lastModifiedBy", Shape::one, Type::text, 0, 6144, 0, 0, no_min, no_max},
    {"lastModifiedByType", Shape::one, Type::choice, 56, 6144, 0, 0, no_min, no_max},
};
constexpr Member members_of_AuthenticationTokenSettings[] = {
    {"access", Shape::list, Type::choice, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AutoPoolSpecification[] = {
    {"autoPoolIdPrefix", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"keepAlive", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"pool", Shape::one, Type::model, 264, 63, 0, 0, no_min, no_max},
    {"poolLifetimeOption", Shape::one, Type::choice, 99, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_AutoScaleRun[] = {
    {"error", Shape::one, Type::model, 148, 63, 0, 0, no_min, no_max},
    {"results", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"timestamp", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_AutoScaleRunError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_AutoUserSpecification[] = {
    {"elevationLevel", Shape::one, Type::choice, 79, 63, 0, 0, no_min, no_max},
    {"scope", Shape::one, Type::choice, 57, 63, 0, 0, no_min, no_max},
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
    {"identityReference", Shape::one, Type::model, 177, 62, 0, 0, no_min, no_max},
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
    {"message", Shape::one, Type::model, 191, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 154, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_BatchErrorDetail[] = {
    {"key", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_BatchPoolIdentity[] = {
    {"type", Shape::one, Type::choice, 98, 62, 62, 0, no_min, no_max},
    {"userAssignedIdentities", Shape::list, Type::model, 305, 62, 0, 0, no_min, no_max},
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
    {"deleteCertificateError", Shape::one, Type::model, 185, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 61, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"publicData", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 61, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CertificateAddParameter[] = {
    {"certificateFormat", Shape::one, Type::choice, 60, 63, 0, 0, no_min, no_max},
    {"data", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_CertificateListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 158, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CertificateReference[] = {
    {"storeLocation", Shape::one, Type::choice, 62, 63, 0, 0, no_min, no_max},
    {"storeName", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"thumbprint", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"thumbprintAlgorithm", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"visibility", Shape::list, Type::choice, 63, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJob[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 206, 63, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 208, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"jobManagerTask", Shape::one, Type::model, 209, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 213, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 215, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 210, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 95, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 96, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 258, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 89, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
    {"state", Shape::one, Type::choice, 89, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 224, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"usesTaskDependencies", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobListPreparationAndReleaseTaskStatusResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 212, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 162, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobSchedule[] = {
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 218, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"jobSpecification", Shape::one, Type::model, 223, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 88, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 275, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 88, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 220, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudJobScheduleListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 165, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudPool[] = {
    {"allocationState", Shape::one, Type::choice, 1, 63, 0, 0, no_min, no_max},
    {"allocationStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleRun", Shape::one, Type::model, 147, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 169, 15, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"currentDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"currentLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"currentNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, Member::read_only, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"identity", Shape::one, Type::model, 155, 62, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 230, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 234, 63, 0, 0, no_min, no_max},
    {"resizeErrors", Shape::list, Type::model, 271, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 100, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 265, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 295, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 300, 56, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 304, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 310, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudPoolListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 167, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudServiceConfiguration[] = {
    {"osFamily", Shape::one, Type::text, 0, 15, 15, 0, no_min, no_max},
    {"osVersion", Shape::one, Type::text, 0, 15, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTask[] = {
    {"affinityInfo", Shape::one, Type::model, 1, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 285, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"creationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"dependsOn", Shape::one, Type::model, 290, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"executionInfo", Shape::one, Type::model, 291, 63, 0, 0, no_min, no_max},
    {"exitConditions", Shape::one, Type::model, 194, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"multiInstanceSettings", Shape::one, Type::model, 231, 63, 0, 0, no_min, no_max},
    {"nodeInfo", Shape::one, Type::model, 178, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 250, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 110, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 110, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"stats", Shape::one, Type::model, 297, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTaskListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 170, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_CloudTaskListSubtasksResult[] = {
    {"value", Shape::list, Type::model, 280, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNode[] = {
    {"affinityId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"allocationTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 0, 0, no_min, no_max},
    {"endpointConfiguration", Shape::one, Type::model, 174, 63, 0, 0, no_min, no_max},
    {"errors", Shape::list, Type::model, 175, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipAddress", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipv6Address", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"isDedicated", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"lastBootTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"nodeAgentInfo", Shape::one, Type::model, 236, 63, 0, 0, no_min, no_max},
    {"recentTasks", Shape::list, Type::model, 294, 63, 0, 0, no_min, no_max},
    {"runningTaskSlotsCount", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"runningTasksCount", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"schedulingState", Shape::one, Type::choice, 101, 63, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"startTaskInfo", Shape::one, Type::model, 279, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 69, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"totalTasksRun", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"totalTasksSucceeded", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"virtualMachineInfo", Shape::one, Type::model, 311, 62, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeEndpointConfiguration[] = {
    {"inboundEndpoints", Shape::list, Type::model, 202, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ComputeNodeError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"errorDetails", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
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
    {"value", Shape::list, Type::model, 173, 63, 0, 0, no_min, no_max},
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
    {"containerRegistries", Shape::list, Type::model, 183, 63, 0, 0, no_min, no_max},
    {"type", Shape::one, Type::choice, 71, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ContainerHostBatchBindMountEntry[] = {
    {"isReadOnly", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"source", Shape::one, Type::choice, 70, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_ContainerRegistry[] = {
    {"identityReference", Shape::one, Type::model, 177, 62, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 1, Member::secret, no_min, no_max},
    {"registryServer", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 63, 1, 0, no_min, no_max},
};
constexpr Member members_of_DataDisk[] = {
    {"caching", Shape::one, Type::choice, 59, 63, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"lun", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 228, 32, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 106, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_DeleteCertificateError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiffDiskSettings[] = {
    {"placement", Shape::one, Type::choice, 74, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiskCustomerManagedKey[] = {
    {"identityReference", Shape::one, Type::model, 156, 32, 0, 0, no_min, no_max},
    {"keyUrl", Shape::one, Type::text, 0, 32, 0, 0, no_min, no_max},
    {"rotationToLatestKeyVersionEnabled", Shape::one, Type::boolean, 0, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_DiskEncryptionConfiguration[] = {
    {"customerManagedKey", Shape::one, Type::model, 187, 32, 0, 0, no_min, no_max},
    {"targets", Shape::list, Type::choice, 77, 63, 0, 0, no_min, no_max},
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
    {"exitOptions", Shape::one, Type::model, 195, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ExitCodeRangeMapping[] = {
    {"end", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"exitOptions", Shape::one, Type::model, 195, 63, 63, 0, no_min, no_max},
    {"start", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_ExitConditions[] = {
    {"default", Shape::one, Type::model, 195, 63, 0, 0, no_min, no_max},
    {"exitCodeRanges", Shape::list, Type::model, 193, 63, 0, 0, no_min, no_max},
    {"exitCodes", Shape::list, Type::model, 192, 63, 0, 0, no_min, no_max},
    {"fileUploadError", Shape::one, Type::model, 195, 63, 0, 0, no_min, no_max},
    {"preProcessingError", Shape::one, Type::model, 195, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ExitOptions[] = {
    {"dependencyAction", Shape::one, Type::choice, 73, 63, 0, 0, no_min, no_max},
    {"jobAction", Shape::one, Type::choice, 85, 63, 0, 0, no_min, no_max},
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
    {"mode", Shape::one, Type::choice, 81, 32, 0, 0, no_min, no_max},
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
    {"imageReference", Shape::one, Type::model, 201, 63, 63, 0, no_min, no_max},
    {"nodeAgentSKUId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"osType", Shape::one, Type::choice, 94, 63, 63, 0, no_min, no_max},
    {"verificationType", Shape::one, Type::choice, 112, 63, 63, 0, no_min, no_max},
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
    {"protocol", Shape::one, Type::choice, 84, 63, 63, 0, no_min, no_max},
    {"publicFQDN", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"publicIPAddress", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_InboundNATPool[] = {
    {"backendPort", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"frontendPortRangeEnd", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"frontendPortRangeStart", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"networkSecurityGroupRules", Shape::list, Type::model, 235, 63, 0, 0, no_min, no_max},
    {"protocol", Shape::one, Type::choice, 84, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_InstanceViewStatus[] = {
    {"code", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"displayStatus", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"level", Shape::one, Type::choice, 105, 62, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"time", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobAddParameter[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 206, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"jobManagerTask", Shape::one, Type::model, 209, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 213, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 215, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 210, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 95, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 96, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 258, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
    {"usesTaskDependencies", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobConstraints[] = {
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 63, 0, 0, -1, 2147483647},
    {"maxWallClockTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobDisableParameter[] = {
    {"disableTasks", Shape::one, Type::choice, 76, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobExecutionInformation[] = {
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"schedulingError", Shape::one, Type::model, 222, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"terminateReason", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobManagerTask[] = {
    {"allowLowPriorityNode", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 285, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"killJobOnCompletion", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 250, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"runExclusive", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobNetworkConfiguration[] = {
    {"skipWithdrawFromVNet", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"subnetId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobPatchParameter[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 206, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 210, 48, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 95, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 258, 63, 0, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
};
constexpr Member members_of_JobPreparationAndReleaseTaskExecutionInformation[] = {
    {"jobPreparationTaskExecutionInfo", Shape::one, Type::model, 214, 63, 0, 0, no_min, no_max},
    {"jobReleaseTaskExecutionInfo", Shape::one, Type::model, 216, 63, 0, 0, no_min, no_max},
    {"nodeId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobPreparationTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 285, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, Member::is_id, no_min, no_max},
    {"rerunOnNodeRebootAfterSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
    {"waitForSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobPreparationTaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 286, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 292, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 109, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 86, 63, 63, 0, no_min, no_max},
    {"taskRootDirectory", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectoryUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobReleaseTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 0, Member::is_id, no_min, no_max},
    {"maxWallClockTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"retentionTime", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobReleaseTaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 286, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 292, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 109, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 87, 63, 63, 0, no_min, no_max},
    {"taskRootDirectory", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskRootDirectoryUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleAddParameter[] = {
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"jobSpecification", Shape::one, Type::model, 223, 63, 63, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 275, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobScheduleExecutionInformation[] = {
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"nextRunTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"recentJob", Shape::one, Type::model, 270, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobSchedulePatchParameter[] = {
    {"jobSpecification", Shape::one, Type::model, 223, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 275, 63, 0, 0, no_min, no_max},
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
    {"jobSpecification", Shape::one, Type::model, 223, 63, 63, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"schedule", Shape::one, Type::model, 275, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_JobSchedulingError[] = {
    {"category", Shape::one, Type::choice, 80, 63, 63, 0, no_min, no_max},
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_JobSpecification[] = {
    {"allowTaskPreemption", Shape::one, Type::boolean, 0, 62, 0, 0, no_min, no_max},
    {"commonEnvironmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 206, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"jobManagerTask", Shape::one, Type::model, 209, 63, 0, 0, no_min, no_max},
    {"jobPreparationTask", Shape::one, Type::model, 213, 63, 0, 0, no_min, no_max},
    {"jobReleaseTask", Shape::one, Type::model, 215, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 210, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 95, 63, 0, 0, no_min, no_max},
    {"onTaskFailure", Shape::one, Type::choice, 96, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 258, 63, 63, 0, no_min, no_max},
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
    {"constraints", Shape::one, Type::model, 206, 63, 0, 0, no_min, no_max},
    {"maxParallelTasks", Shape::one, Type::integer32, 0, 62, 0, 0, -1, 2147483647},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"onAllTasksComplete", Shape::one, Type::choice, 95, 63, 0, 0, no_min, no_max},
    {"poolInfo", Shape::one, Type::model, 258, 63, 63, 0, no_min, no_max},
    {"priority", Shape::one, Type::integer32, 0, 63, 0, 0, -1000, 1000},
};
constexpr Member members_of_LinuxUserConfiguration[] = {
    {"gid", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"sshPrivateKey", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"uid", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ManagedDisk[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 189, 32, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 307, 48, 0, 0, no_min, no_max},
    {"storageAccountType", Shape::one, Type::choice, 106, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_MetadataItem[] = {
    {"name", Shape::one, Type::text, 0, 63, 63, Member::metadata_key, no_min, no_max},
    {"value", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_MountConfiguration[] = {
    {"azureBlobFileSystemConfiguration", Shape::one, Type::model, 151, 63, 0, 0, no_min, no_max},
    {"azureFileShareConfiguration", Shape::one, Type::model, 152, 63, 0, 0, no_min, no_max},
    {"cifsMountConfiguration", Shape::one, Type::model, 157, 63, 0, 0, no_min, no_max},
    {"nfsMountConfiguration", Shape::one, Type::model, 232, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_MultiInstanceSettings[] = {
    {"commonResourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
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
    {"dynamicVNetAssignmentScope", Shape::one, Type::choice, 78, 63, 0, 0, no_min, no_max},
    {"enableAcceleratedNetworking", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"endpointConfiguration", Shape::one, Type::model, 256, 63, 0, 0, no_min, no_max},
    {"publicIPAddressConfiguration", Shape::one, Type::model, 269, 63, 0, 0, no_min, no_max},
    {"subnetId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NetworkSecurityGroupRule[] = {
    {"access", Shape::one, Type::choice, 91, 63, 63, 0, no_min, no_max},
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
    {"nodeDeallocateOption", Shape::one, Type::choice, 64, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeDisableSchedulingParameter[] = {
    {"nodeDisableSchedulingOption", Shape::one, Type::choice, 75, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeFile[] = {
    {"isDirectory", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"properties", Shape::one, Type::model, 196, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeFileListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 240, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodePlacementConfiguration[] = {
    {"policy", Shape::one, Type::choice, 93, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeRebootParameter[] = {
    {"nodeRebootOption", Shape::one, Type::choice, 67, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeReimageParameter[] = {
    {"nodeReimageOption", Shape::one, Type::choice, 68, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeRemoveParameter[] = {
    {"nodeDeallocationOption", Shape::one, Type::choice, 65, 63, 0, 0, no_min, no_max},
    {"nodeList", Shape::list, Type::text, 0, 63, 63, 0, no_min, 100},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeUpdateUserParameter[] = {
    {"expiryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 0, Member::secret, no_min, no_max},
    {"sshPublicKey", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeVMExtension[] = {
    {"instanceView", Shape::one, Type::model, 309, 62, 0, 0, no_min, no_max},
    {"provisioningState", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"vmExtension", Shape::one, Type::model, 308, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_NodeVMExtensionList[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 62, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 247, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_OSDisk[] = {
    {"caching", Shape::one, Type::choice, 59, 56, 0, 0, no_min, no_max},
    {"diskSizeGB", Shape::one, Type::integer32, 0, 56, 0, 0, no_min, no_max},
    {"ephemeralOSDiskSettings", Shape::one, Type::model, 186, 62, 0, 0, no_min, no_max},
    {"managedDisk", Shape::one, Type::model, 228, 56, 0, 0, no_min, no_max},
    {"writeAcceleratorEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFile[] = {
    {"destination", Shape::one, Type::model, 252, 63, 63, 0, no_min, no_max},
    {"filePattern", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"uploadOptions", Shape::one, Type::model, 253, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileBlobContainerDestination[] = {
    {"containerUrl", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 177, 62, 0, 0, no_min, no_max},
    {"path", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"uploadHeaders", Shape::list, Type::model, 198, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileDestination[] = {
    {"container", Shape::one, Type::model, 251, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_OutputFileUploadOptions[] = {
    {"uploadCondition", Shape::one, Type::choice, 97, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolAddParameter[] = {
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 169, 15, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 230, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 234, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 295, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 300, 56, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 304, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 310, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 63, Member::not_empty, no_min, no_max},
};
constexpr Member members_of_PoolEnableAutoScaleParameter[] = {
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolEndpointConfiguration[] = {
    {"inboundNATPools", Shape::list, Type::model, 203, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolEvaluateAutoScaleParameter[] = {
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolInformation[] = {
    {"autoPoolSpecification", Shape::one, Type::model, 146, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolListUsageMetricsResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 267, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolNodeCounts[] = {
    {"dedicated", Shape::one, Type::model, 237, 63, 0, 0, no_min, no_max},
    {"lowPriority", Shape::one, Type::model, 237, 63, 0, 0, no_min, no_max},
    {"poolId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolNodeCountsListResult[] = {
    {"odata.nextLink", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"value", Shape::list, Type::model, 260, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolPatchParameter[] = {
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 48, 0, 0, no_min, 1024},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 48, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 230, 48, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 234, 48, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 16, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 295, 48, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 48, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 300, 48, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 304, 48, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 310, 48, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 48, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolResizeParameter[] = {
    {"nodeDeallocationOption", Shape::one, Type::choice, 65, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
};
constexpr Member members_of_PoolSpecification[] = {
    {"applicationLicenses", Shape::list, Type::text, 0, 15, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"autoScaleEvaluationInterval", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"autoScaleFormula", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 0, 0, no_min, no_max},
    {"cloudServiceConfiguration", Shape::one, Type::model, 169, 15, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"enableAutoScale", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"enableInterNodeCommunication", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 0, 0, no_min, no_max},
    {"mountConfiguration", Shape::list, Type::model, 230, 63, 0, 0, no_min, no_max},
    {"networkConfiguration", Shape::one, Type::model, 234, 63, 0, 0, no_min, no_max},
    {"resizeTimeout", Shape::one, Type::duration, 0, 63, 0, 0, no_min, no_max},
    {"resourceTags", Shape::map, Type::text, 0, 24, 0, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"targetDedicatedNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetLowPriorityNodes", Shape::one, Type::integer32, 0, 63, 0, 0, 0, 10000},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, 0, no_min, no_max},
    {"taskSchedulingPolicy", Shape::one, Type::model, 295, 63, 0, 0, no_min, no_max},
    {"taskSlotsPerNode", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"upgradePolicy", Shape::one, Type::model, 300, 56, 0, 0, no_min, no_max},
    {"userAccounts", Shape::list, Type::model, 304, 63, 0, 0, no_min, no_max},
    {"virtualMachineConfiguration", Shape::one, Type::model, 310, 63, 0, 0, no_min, no_max},
    {"vmSize", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_PoolStatistics[] = {
    {"lastUpdateTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"resourceStats", Shape::one, Type::model, 273, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"usageStats", Shape::one, Type::model, 303, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_PoolUpdatePropertiesParameter[] = {
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 63, 0, no_min, no_max},
    {"certificateReferences", Shape::list, Type::model, 161, 31, 31, 0, no_min, no_max},
    {"metadata", Shape::list, Type::model, 229, 63, 63, 0, no_min, no_max},
    {"startTask", Shape::one, Type::model, 278, 63, 0, 0, no_min, no_max},
    {"targetNodeCommunicationMode", Shape::one, Type::choice, 92, 30, 0, 0, no_min, no_max},
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
    {"imds", Shape::one, Type::model, 197, 32, 0, 0, no_min, no_max},
    {"wireServer", Shape::one, Type::model, 197, 32, 0, 0, no_min, no_max},
};
constexpr Member members_of_PublicIPAddressConfiguration[] = {
    {"ipAddressIds", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"ipFamilies", Shape::list, Type::choice, 83, 32, 0, 0, no_min, no_max},
    {"ipTags", Shape::list, Type::model, 199, 32, 0, 0, no_min, no_max},
    {"provision", Shape::one, Type::choice, 82, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_RecentJob[] = {
    {"id", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"url", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ResizeError[] = {
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"values", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_ResourceFile[] = {
    {"autoStorageContainerName", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"blobPrefix", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"fileMode", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"filePath", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"httpUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 177, 62, 0, 0, no_min, no_max},
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
    {"proxyAgentSettings", Shape::one, Type::model, 268, 32, 0, 0, no_min, no_max},
    {"securityType", Shape::one, Type::choice, 103, 56, 0, 0, no_min, no_max},
    {"uefiSettings", Shape::one, Type::model, 299, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_ServiceArtifactReference[] = {
    {"id", Shape::one, Type::text, 0, 56, 56, 0, no_min, no_max},
};
constexpr Member members_of_StartTask[] = {
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"maxTaskRetryCount", Shape::one, Type::integer32, 0, 63, 0, 0, -1, 2147483647},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
    {"waitForSuccess", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_StartTaskInformation[] = {
    {"containerInfo", Shape::one, Type::model, 286, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 292, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 109, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 63, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 104, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_SubtaskInformation[] = {
    {"containerInfo", Shape::one, Type::model, 286, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 292, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"nodeInfo", Shape::one, Type::model, 178, 63, 0, 0, no_min, no_max},
    {"previousState", Shape::one, Type::choice, 107, 63, 0, 0, no_min, no_max},
    {"previousStateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 109, 63, 0, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"state", Shape::one, Type::choice, 107, 63, 0, 0, no_min, no_max},
    {"stateTransitionTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddCollectionParameter[] = {
    {"value", Shape::list, Type::model, 283, 63, 63, 0, no_min, 100},
};
constexpr Member members_of_TaskAddCollectionResult[] = {
    {"value", Shape::list, Type::model, 284, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddParameter[] = {
    {"affinityInfo", Shape::one, Type::model, 1, 63, 0, 0, no_min, no_max},
    {"applicationPackageReferences", Shape::list, Type::model, 3, 63, 0, 0, no_min, no_max},
    {"authenticationTokenSettings", Shape::one, Type::model, 145, 63, 0, 0, no_min, no_max},
    {"commandLine", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"constraints", Shape::one, Type::model, 285, 63, 0, 0, no_min, no_max},
    {"containerSettings", Shape::one, Type::model, 287, 63, 0, 0, no_min, no_max},
    {"dependsOn", Shape::one, Type::model, 290, 63, 0, 0, no_min, no_max},
    {"displayName", Shape::one, Type::text, 0, 63, 0, 0, no_min, 1024},
    {"environmentSettings", Shape::list, Type::model, 190, 63, 0, 0, no_min, no_max},
    {"exitConditions", Shape::one, Type::model, 194, 63, 0, 0, no_min, no_max},
    {"id", Shape::one, Type::text, 0, 63, 63, Member::is_id, no_min, no_max},
    {"multiInstanceSettings", Shape::one, Type::model, 231, 63, 0, 0, no_min, no_max},
    {"outputFiles", Shape::list, Type::model, 250, 63, 0, 0, no_min, no_max},
    {"requiredSlots", Shape::one, Type::integer32, 0, 63, 0, 0, 1, 256},
    {"resourceFiles", Shape::list, Type::model, 272, 63, 0, 0, no_min, no_max},
    {"userIdentity", Shape::one, Type::model, 306, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskAddResult[] = {
    {"eTag", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"error", Shape::one, Type::model, 153, 63, 0, 0, no_min, no_max},
    {"lastModified", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"location", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"status", Shape::one, Type::choice, 108, 63, 63, 0, no_min, no_max},
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
    {"containerHostBatchBindMounts", Shape::list, Type::model, 182, 48, 0, 0, no_min, no_max},
    {"containerRunOptions", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"imageName", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"registry", Shape::one, Type::model, 183, 63, 0, 0, no_min, no_max},
    {"workingDirectory", Shape::one, Type::choice, 72, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskCounts[] = {
    {"active", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"completed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"failed", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"running", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"succeeded", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskCountsResult[] = {
    {"taskCounts", Shape::one, Type::model, 288, 63, 63, 0, no_min, no_max},
    {"taskSlotCounts", Shape::one, Type::model, 296, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskDependencies[] = {
    {"taskIdRanges", Shape::list, Type::model, 293, 63, 0, 0, no_min, no_max},
    {"taskIds", Shape::list, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskExecutionInformation[] = {
    {"containerInfo", Shape::one, Type::model, 286, 63, 0, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"exitCode", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"failureInfo", Shape::one, Type::model, 292, 63, 0, 0, no_min, no_max},
    {"lastRequeueTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"lastRetryTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"requeueCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"result", Shape::one, Type::choice, 109, 63, 0, 0, no_min, no_max},
    {"retryCount", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"startTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskFailureInformation[] = {
    {"category", Shape::one, Type::choice, 80, 63, 63, 0, no_min, no_max},
    {"code", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"details", Shape::list, Type::model, 233, 63, 0, 0, no_min, no_max},
    {"message", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskIdRange[] = {
    {"end", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
    {"start", Shape::one, Type::integer32, 0, 63, 63, 0, no_min, no_max},
};
constexpr Member members_of_TaskInformation[] = {
    {"executionInfo", Shape::one, Type::model, 291, 63, 0, 0, no_min, no_max},
    {"jobId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"subtaskId", Shape::one, Type::integer32, 0, 63, 0, 0, no_min, no_max},
    {"taskId", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"taskState", Shape::one, Type::choice, 110, 63, 63, 0, no_min, no_max},
    {"taskUrl", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_TaskSchedulingPolicy[] = {
    {"jobDefaultOrder", Shape::one, Type::choice, 58, 32, 0, 0, no_min, no_max},
    {"nodeFillType", Shape::one, Type::choice, 66, 63, 63, 0, no_min, no_max},
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
    {"constraints", Shape::one, Type::model, 285, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_UefiSettings[] = {
    {"secureBootEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
    {"vTpmEnabled", Shape::one, Type::boolean, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_UpgradePolicy[] = {
    {"automaticOSUpgradePolicy", Shape::one, Type::model, 150, 56, 0, 0, no_min, no_max},
    {"mode", Shape::one, Type::choice, 111, 56, 56, 0, no_min, no_max},
    {"rollingUpgradePolicy", Shape::one, Type::model, 274, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_UploadBatchServiceLogsConfiguration[] = {
    {"containerUrl", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"endTime", Shape::one, Type::datetime, 0, 63, 0, 0, no_min, no_max},
    {"identityReference", Shape::one, Type::model, 177, 62, 0, 0, no_min, no_max},
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
    {"elevationLevel", Shape::one, Type::choice, 79, 63, 0, 0, no_min, no_max},
    {"linuxUserConfiguration", Shape::one, Type::model, 227, 63, 0, 0, no_min, no_max},
    {"name", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"password", Shape::one, Type::text, 0, 63, 63, Member::secret, no_min, no_max},
    {"windowsUserConfiguration", Shape::one, Type::model, 313, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_UserAssignedIdentity[] = {
    {"clientId", Shape::one, Type::text, 0, 62, 0, Member::read_only, no_min, no_max},
    {"principalId", Shape::one, Type::text, 0, 62, 0, Member::read_only, no_min, no_max},
    {"resourceId", Shape::one, Type::text, 0, 62, 62, 0, no_min, no_max},
};
constexpr Member members_of_UserIdentity[] = {
    {"autoUser", Shape::one, Type::model, 149, 63, 0, 0, no_min, no_max},
    {"username", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_VMDiskSecurityProfile[] = {
    {"diskEncryptionSet", Shape::one, Type::model, 189, 32, 0, 0, no_min, no_max},
    {"securityEncryptionType", Shape::one, Type::choice, 102, 48, 0, 0, no_min, no_max},
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
    {"statuses", Shape::list, Type::model, 204, 62, 0, 0, no_min, no_max},
    {"subStatuses", Shape::list, Type::model, 204, 62, 0, 0, no_min, no_max},
};
constexpr Member members_of_VirtualMachineConfiguration[] = {
    {"containerConfiguration", Shape::one, Type::model, 181, 63, 0, 0, no_min, no_max},
    {"dataDisks", Shape::list, Type::model, 184, 63, 0, 0, no_min, no_max},
    {"diskEncryptionConfiguration", Shape::one, Type::model, 188, 63, 0, 0, no_min, no_max},
    {"extensions", Shape::list, Type::model, 308, 62, 0, 0, no_min, no_max},
    {"imageReference", Shape::one, Type::model, 201, 63, 63, 0, no_min, no_max},
    {"licenseType", Shape::one, Type::text, 0, 63, 0, 0, no_min, no_max},
    {"nodeAgentSKUId", Shape::one, Type::text, 0, 63, 63, 0, no_min, no_max},
    {"nodePlacementConfiguration", Shape::one, Type::model, 242, 62, 0, 0, no_min, no_max},
    {"osDisk", Shape::one, Type::model, 249, 62, 0, 0, no_min, no_max},
    {"securityProfile", Shape::one, Type::model, 276, 56, 0, 0, no_min, no_max},
    {"serviceArtifactReference", Shape::one, Type::model, 277, 56, 0, 0, no_min, no_max},
    {"windowsConfiguration", Shape::one, Type::model, 312, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_VirtualMachineInfo[] = {
    {"imageReference", Shape::one, Type::model, 201, 62, 0, 0, no_min, no_max},
    {"scaleSetVmResourceId", Shape::one, Type::text, 0, 56, 0, 0, no_min, no_max},
};
constexpr Member members_of_WindowsConfiguration[] = {
    {"enableAutomaticUpdates", Shape::one, Type::boolean, 0, 63, 0, 0, no_min, no_max},
};
constexpr Member members_of_WindowsUserConfiguration[] = {
    {"loginMode", Shape::one, Type::choice, 90, 63, 0, 0, no_min, no_max},
};
constexpr Choice choices_of_AccessScope[] = {
    {"job", 63},
};
constexpr Choice choices_of_AllocationState[] = {
    {"resizing", 63},
    {"steady", 63},
    {"stopping", 63},
};
constexpr Choice choices_of_ArmAccessRuleDirection[] = {
    {"Inbound", 6144},
    {"Outbound", 6144},
};
constexpr Choice choices_of_ArmAccountKeyType[] = {
    {"Primary", 8128},
    {"Secondary", 8128},
};
constexpr Choice choices_of_ArmAllocationState[] = {
    {"Resizing", 8128},
    {"Steady", 8128},
    {"Stopping", 8128},
};
constexpr Choice choices_of_ArmAuthenticationMode[] = {
    {"AAD", 7936},
    {"SharedKey", 7936},
    {"TaskAuthenticationToken", 7936},
};
constexpr Choice choices_of_ArmAutoStorageAuthenticationMode[] = {
    {"BatchAccountManagedIdentity", 7936},
    {"StorageKeys", 7936},
};
constexpr Choice choices_of_ArmAutoUserScope[] = {
    {"Pool", 8128},
    {"Task", 8128},
};
constexpr Choice choices_of_ArmBatchAccountCreatePropertiesProvisioningState[] = {
    {"Cancelled", 4096},
    {"Creating", 4096},
    {"Deleting", 4096},
    {"Failed", 4096},
    {"Invalid", 4096},
    {"Succeeded", 4096},
};
constexpr Choice choices_of_ArmCachingType[] = {
    {"None", 8128},
    {"ReadOnly", 8128},
    {"ReadWrite", 8128},
};
constexpr Choice choices_of_ArmCertificateFormat[] = {
    {"Cer", 8128},
    {"Pfx", 8128},
};
constexpr Choice choices_of_ArmCertificateProvisioningState[] = {
    {"Deleting", 8128},
    {"Failed", 8128},
    {"Succeeded", 8128},
};
constexpr Choice choices_of_ArmCertificateStoreLocation[] = {
    {"CurrentUser", 8128},
    {"LocalMachine", 8128},
};
constexpr Choice choices_of_ArmCertificateVisibility[] = {
    {"RemoteUser", 8128},
    {"StartTask", 8128},
    {"Task", 8128},
};
constexpr Choice choices_of_ArmComputeNodeDeallocationOption[] = {
    {"Requeue", 8128},
    {"RetainedData", 8128},
    {"TaskCompletion", 8128},
    {"Terminate", 8128},
};
constexpr Choice choices_of_ArmComputeNodeFillType[] = {
    {"Pack", 8128},
    {"Spread", 8128},
};
constexpr Choice choices_of_ArmContainerHostDataPath[] = {
    {"Applications", 6144},
    {"JobPrep", 6144},
    {"Shared", 6144},
    {"Startup", 6144},
    {"Task", 6144},
    {"VfsMounts", 6144},
};
constexpr Choice choices_of_ArmContainerType[] = {
    {"CriCompatible", 7680},
    {"DockerCompatible", 8128},
};
constexpr Choice choices_of_ArmContainerWorkingDirectory[] = {
    {"ContainerImageDefault", 8128},
    {"TaskWorkingDirectory", 8128},
};
constexpr Choice choices_of_ArmDiffDiskPlacement[] = {
    {"CacheDisk", 7936},
};
constexpr Choice choices_of_ArmDiskEncryptionTarget[] = {
    {"OsDisk", 8128},
    {"TemporaryDisk", 8128},
};
constexpr Choice choices_of_ArmDynamicVNetAssignmentScope[] = {
    {"job", 7936},
    {"none", 7936},
};
constexpr Choice choices_of_ArmElevationLevel[] = {
    {"Admin", 8128},
    {"NonAdmin", 8128},
};
constexpr Choice choices_of_ArmEndpointAccessDefaultAction[] = {
    {"Allow", 7936},
    {"Deny", 7936},
};
constexpr Choice choices_of_ArmHostEndpointSettingsMode[] = {
    {"Audit", 4096},
    {"Enforce", 4096},
};
constexpr Choice choices_of_ArmIPAddressProvisioningType[] = {
    {"BatchManaged", 8128},
    {"NoPublicIPAddresses", 8128},
    {"UserManaged", 8128},
};
constexpr Choice choices_of_ArmIPRuleAction[] = {
    {"Allow", 7936},
};
constexpr Choice choices_of_ArmInboundEndpointProtocol[] = {
    {"TCP", 8128},
    {"UDP", 8128},
};
constexpr Choice choices_of_ArmInterNodeCommunicationState[] = {
    {"Disabled", 8128},
    {"Enabled", 8128},
};
constexpr Choice choices_of_ArmIssueType[] = {
    {"ConfigurationPropagationFailure", 6144},
    {"MissingIdentityConfiguration", 6144},
    {"MissingPerimeterConfiguration", 6144},
    {"Unknown", 6144},
};
constexpr Choice choices_of_ArmKeySource[] = {
    {"Microsoft.Batch", 8128},
    {"Microsoft.KeyVault", 8128},
};
constexpr Choice choices_of_ArmLoginMode[] = {
    {"Batch", 8128},
    {"Interactive", 8128},
};
constexpr Choice choices_of_ArmNameAvailabilityReason[] = {
    {"AlreadyExists", 8128},
    {"Invalid", 8128},
};
constexpr Choice choices_of_ArmNetworkSecurityGroupRuleAccess[] = {
    {"Allow", 8128},
    {"Deny", 8128},
};
constexpr Choice choices_of_ArmNetworkSecurityPerimeterConfigurationProvisioningState[] = {
    {"Accepted", 6144},
    {"Canceled", 6144},
    {"Creating", 6144},
    {"Deleting", 6144},
    {"Failed", 6144},
    {"Succeeded", 6144},
    {"Updating", 6144},
};
constexpr Choice choices_of_ArmNodeCommunicationMode[] = {
    {"Classic", 7936},
    {"Default", 7936},
    {"Simplified", 7936},
};
constexpr Choice choices_of_ArmNodePlacementPolicyType[] = {
    {"Regional", 7936},
    {"Zonal", 7936},
};
constexpr Choice choices_of_ArmPackageState[] = {
    {"Active", 8128},
    {"Pending", 8128},
};
constexpr Choice choices_of_ArmPoolAllocationMode[] = {
    {"BatchService", 8128},
    {"UserSubscription", 8128},
};
constexpr Choice choices_of_ArmPoolIdentityType[] = {
    {"None", 7936},
    {"UserAssigned", 7936},
};
constexpr Choice choices_of_ArmPoolProvisioningState[] = {
    {"Deleting", 8128},
    {"Succeeded", 8128},
};
constexpr Choice choices_of_ArmPrivateEndpointConnectionProvisioningState[] = {
    {"Cancelled", 7936},
    {"Creating", 7936},
    {"Deleting", 7936},
    {"Failed", 8128},
    {"Succeeded", 8128},
    {"Updating", 8128},
};
constexpr Choice choices_of_ArmPrivateLinkServiceConnectionStatus[] = {
    {"Approved", 8128},
    {"Disconnected", 8128},
    {"Pending", 8128},
    {"Rejected", 8128},
};
constexpr Choice choices_of_ArmProvisioningState[] = {
    {"Cancelled", 8128},
    {"Creating", 8128},
    {"Deleting", 8128},
    {"Failed", 8128},
    {"Invalid", 8128},
    {"Succeeded", 8128},
};
constexpr Choice choices_of_ArmPublicIPAddressConfigurationIpFamilies[] = {
    {"IPv4", 4096},
    {"IPv6", 4096},
};
constexpr Choice choices_of_ArmPublicNetworkAccess[] = {
    {"Disabled", 6144},
    {"Enabled", 6144},
    {"SecuredByPerimeter", 6144},
};
constexpr Choice choices_of_ArmPublicNetworkAccessType[] = {
    {"Disabled", 8128},
    {"Enabled", 8128},
    {"SecuredByPerimeter", 6144},
};
constexpr Choice choices_of_ArmResourceAssociationAccessMode[] = {
    {"Audit", 6144},
    {"Enforced", 6144},
    {"Learning", 6144},
};
constexpr Choice choices_of_ArmResourceIdentityType[] = {
    {"None", 8128},
    {"SystemAssigned", 8128},
    {"UserAssigned", 7936},
};
constexpr Choice choices_of_ArmResourceType[] = {
    {"Microsoft.Batch/batchAccounts", 8128},
};
constexpr Choice choices_of_ArmSecurityEncryptionTypes[] = {
    {"NonPersistedTPM", 6144},
    {"VMGuestStateOnly", 6144},
};
constexpr Choice choices_of_ArmSecurityTypes[] = {
    {"confidentialVM", 6144},
    {"trustedLaunch", 7680},
};
constexpr Choice choices_of_ArmSeverity[] = {
    {"Error", 6144},
    {"Warning", 6144},
};
constexpr Choice choices_of_ArmStorageAccountType[] = {
    {"Premium_LRS", 8128},
    {"StandardSSD_LRS", 7680},
    {"Standard_LRS", 8128},
};
constexpr Choice choices_of_ArmTaskSchedulingPolicyJobDefaultOrder[] = {
    {"CreationTime", 4096},
    {"None", 4096},
};
constexpr Choice choices_of_ArmUpgradeMode[] = {
    {"automatic", 7168},
    {"manual", 7168},
    {"rolling", 7168},
};
constexpr Choice choices_of_ArmcreatedByType[] = {
    {"Application", 6144},
    {"Key", 6144},
    {"ManagedIdentity", 6144},
    {"User", 6144},
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
    {"ArmAccessRule", members_of_ArmAccessRule},
    {"ArmAccessRuleProperties", members_of_ArmAccessRuleProperties},
    {"ArmAccessRulePropertiesSubscriptionsItem", members_of_ArmAccessRulePropertiesSubscriptionsItem},
    {"ArmActivateApplicationPackageParameters", members_of_ArmActivateApplicationPackageParameters},
    {"ArmApplication", members_of_ArmApplication},
    {"ArmApplicationPackage", members_of_ArmApplicationPackage},
    {"ArmApplicationPackageProperties", members_of_ArmApplicationPackageProperties},
    {"ArmApplicationPackageReference", members_of_ArmApplicationPackageReference},
    {"ArmApplicationProperties", members_of_ArmApplicationProperties},
    {"ArmAutoScaleRun", members_of_ArmAutoScaleRun},
    {"ArmAutoScaleRunError", members_of_ArmAutoScaleRunError},
    {"ArmAutoScaleSettings", members_of_ArmAutoScaleSettings},
    {"ArmAutoStorageBaseProperties", members_of_ArmAutoStorageBaseProperties},
    {"ArmAutoStorageProperties", members_of_ArmAutoStorageProperties},
    {"ArmAutoUserSpecification", members_of_ArmAutoUserSpecification},
    {"ArmAutomaticOSUpgradePolicy", members_of_ArmAutomaticOSUpgradePolicy},
    {"ArmAzureBlobFileSystemConfiguration", members_of_ArmAzureBlobFileSystemConfiguration},
    {"ArmAzureFileShareConfiguration", members_of_ArmAzureFileShareConfiguration},
    {"ArmAzureProxyResource", members_of_ArmAzureProxyResource},
    {"ArmAzureResource", members_of_ArmAzureResource},
    {"ArmBatchAccount", members_of_ArmBatchAccount},
    {"ArmBatchAccountCreateParameters", members_of_ArmBatchAccountCreateParameters},
    {"ArmBatchAccountCreateProperties", members_of_ArmBatchAccountCreateProperties},
    {"ArmBatchAccountIdentity", members_of_ArmBatchAccountIdentity},
    {"ArmBatchAccountKeys", members_of_ArmBatchAccountKeys},
    {"ArmBatchAccountListResult", members_of_ArmBatchAccountListResult},
    {"ArmBatchAccountProperties", members_of_ArmBatchAccountProperties},
    {"ArmBatchAccountRegenerateKeyParameters", members_of_ArmBatchAccountRegenerateKeyParameters},
    {"ArmBatchAccountUpdateParameters", members_of_ArmBatchAccountUpdateParameters},
    {"ArmBatchAccountUpdateProperties", members_of_ArmBatchAccountUpdateProperties},
    {"ArmBatchLocationQuota", members_of_ArmBatchLocationQuota},
    {"ArmBatchPoolIdentity", members_of_ArmBatchPoolIdentity},
    {"ArmCIFSMountConfiguration", members_of_ArmCIFSMountConfiguration},
    {"ArmCertificate", members_of_ArmCertificate},
    {"ArmCertificateBaseProperties", members_of_ArmCertificateBaseProperties},
    {"ArmCertificateCreateOrUpdateParameters", members_of_ArmCertificateCreateOrUpdateParameters},
    {"ArmCertificateCreateOrUpdateProperties", members_of_ArmCertificateCreateOrUpdateProperties},
    {"ArmCertificateProperties", members_of_ArmCertificateProperties},
    {"ArmCertificateReference", members_of_ArmCertificateReference},
    {"ArmCheckNameAvailabilityParameters", members_of_ArmCheckNameAvailabilityParameters},
    {"ArmCheckNameAvailabilityResult", members_of_ArmCheckNameAvailabilityResult},
    {"ArmCloudError", members_of_ArmCloudError},
    {"ArmCloudErrorBody", members_of_ArmCloudErrorBody},
    {"ArmCloudServiceConfiguration", members_of_ArmCloudServiceConfiguration},
    {"ArmComputeNodeIdentityReference", members_of_ArmComputeNodeIdentityReference},
    {"ArmContainerConfiguration", members_of_ArmContainerConfiguration},
    {"ArmContainerHostBatchBindMountEntry", members_of_ArmContainerHostBatchBindMountEntry},
    {"ArmContainerRegistry", members_of_ArmContainerRegistry},
    {"ArmDataDisk", members_of_ArmDataDisk},
    {"ArmDeleteCertificateError", members_of_ArmDeleteCertificateError},
    {"ArmDeploymentConfiguration", members_of_ArmDeploymentConfiguration},
    {"ArmDetectorListResult", members_of_ArmDetectorListResult},
    {"ArmDetectorResponse", members_of_ArmDetectorResponse},
    {"ArmDetectorResponseProperties", members_of_ArmDetectorResponseProperties},
    {"ArmDiffDiskSettings", members_of_ArmDiffDiskSettings},
    {"ArmDiskCustomerManagedKey", members_of_ArmDiskCustomerManagedKey},
    {"ArmDiskEncryptionConfiguration", members_of_ArmDiskEncryptionConfiguration},
    {"ArmDiskEncryptionSetParameters", members_of_ArmDiskEncryptionSetParameters},
    {"ArmEncryptionProperties", members_of_ArmEncryptionProperties},
    {"ArmEndpointAccessProfile", members_of_ArmEndpointAccessProfile},
    {"ArmEndpointDependency", members_of_ArmEndpointDependency},
    {"ArmEndpointDetail", members_of_ArmEndpointDetail},
    {"ArmEnvironmentSetting", members_of_ArmEnvironmentSetting},
    {"ArmFirstApplication", members_of_ArmFirstApplication},
    {"ArmFirstApplicationPackage", members_of_ArmFirstApplicationPackage},
    {"ArmFirstListApplicationsResult", members_of_ArmFirstListApplicationsResult},
    {"ArmFixedScaleSettings", members_of_ArmFixedScaleSettings},
    {"ArmHostEndpointSettings", members_of_ArmHostEndpointSettings},
    {"ArmIPRule", members_of_ArmIPRule},
    {"ArmIPTag", members_of_ArmIPTag},
    {"ArmImageReference", members_of_ArmImageReference},
    {"ArmInboundNatPool", members_of_ArmInboundNatPool},
    {"ArmKeyVaultProperties", members_of_ArmKeyVaultProperties},
    {"ArmKeyVaultReference", members_of_ArmKeyVaultReference},
    {"ArmLinuxUserConfiguration", members_of_ArmLinuxUserConfiguration},
    {"ArmListApplicationPackagesResult", members_of_ArmListApplicationPackagesResult},
    {"ArmListApplicationsResult", members_of_ArmListApplicationsResult},
    {"ArmListCertificatesResult", members_of_ArmListCertificatesResult},
    {"ArmListPoolsResult", members_of_ArmListPoolsResult},
    {"ArmListPrivateEndpointConnectionsResult", members_of_ArmListPrivateEndpointConnectionsResult},
    {"ArmListPrivateLinkResourcesResult", members_of_ArmListPrivateLinkResourcesResult},
    {"ArmManagedDisk", members_of_ArmManagedDisk},
    {"ArmMetadataItem", members_of_ArmMetadataItem},
    {"ArmMountConfiguration", members_of_ArmMountConfiguration},
    {"ArmNFSMountConfiguration", members_of_ArmNFSMountConfiguration},
    {"ArmNetworkConfiguration", members_of_ArmNetworkConfiguration},
    {"ArmNetworkProfile", members_of_ArmNetworkProfile},
    {"ArmNetworkSecurityGroupRule", members_of_ArmNetworkSecurityGroupRule},
    {"ArmNetworkSecurityPerimeter", members_of_ArmNetworkSecurityPerimeter},
    {"ArmNetworkSecurityPerimeterConfiguration", members_of_ArmNetworkSecurityPerimeterConfiguration},
    {"ArmNetworkSecurityPerimeterConfigurationListResult", members_of_ArmNetworkSecurityPerimeterConfigurationListResult},
    {"ArmNetworkSecurityPerimeterConfigurationProperties", members_of_ArmNetworkSecurityPerimeterConfigurationProperties},
    {"ArmNetworkSecurityProfile", members_of_ArmNetworkSecurityProfile},
    {"ArmNodePlacementConfiguration", members_of_ArmNodePlacementConfiguration},
    {"ArmOSDisk", members_of_ArmOSDisk},
    {"ArmOperation", members_of_ArmOperation},
    {"ArmOperationListResult", members_of_ArmOperationListResult},
    {"ArmOutboundEnvironmentEndpoint", members_of_ArmOutboundEnvironmentEndpoint},
    {"ArmOutboundEnvironmentEndpointCollection", members_of_ArmOutboundEnvironmentEndpointCollection},
    {"ArmPool", members_of_ArmPool},
    {"ArmPoolEndpointConfiguration", members_of_ArmPoolEndpointConfiguration},
    {"ArmPoolProperties", members_of_ArmPoolProperties},
    {"ArmPrivateEndpoint", members_of_ArmPrivateEndpoint},
    {"ArmPrivateEndpointConnection", members_of_ArmPrivateEndpointConnection},
    {"ArmPrivateEndpointConnectionProperties", members_of_ArmPrivateEndpointConnectionProperties},
    {"ArmPrivateLinkResource", members_of_ArmPrivateLinkResource},
    {"ArmPrivateLinkResourceProperties", members_of_ArmPrivateLinkResourceProperties},
    {"ArmPrivateLinkServiceConnectionState", members_of_ArmPrivateLinkServiceConnectionState},
    {"ArmProvisioningIssue", members_of_ArmProvisioningIssue},
    {"ArmProvisioningIssueProperties", members_of_ArmProvisioningIssueProperties},
    {"ArmProxyAgentSettings", members_of_ArmProxyAgentSettings},
    {"ArmProxyResource", members_of_ArmProxyResource},
    {"ArmPublicIPAddressConfiguration", members_of_ArmPublicIPAddressConfiguration},
    {"ArmResizeError", members_of_ArmResizeError},
    {"ArmResizeOperationStatus", members_of_ArmResizeOperationStatus},
    {"ArmResource", members_of_ArmResource},
    {"ArmResourceAssociation", members_of_ArmResourceAssociation},
    {"ArmResourceFile", members_of_ArmResourceFile},
    {"ArmRollingUpgradePolicy", members_of_ArmRollingUpgradePolicy},
    {"ArmScaleSettings", members_of_ArmScaleSettings},
    {"ArmSecurityProfile", members_of_ArmSecurityProfile},
    {"ArmServiceArtifactReference", members_of_ArmServiceArtifactReference},
    {"ArmSkuCapability", members_of_ArmSkuCapability},
    {"ArmStartTask", members_of_ArmStartTask},
    {"ArmSupportedSku", members_of_ArmSupportedSku},
    {"ArmSupportedSkusResult", members_of_ArmSupportedSkusResult},
    {"ArmTaskContainerSettings", members_of_ArmTaskContainerSettings},
    {"ArmTaskSchedulingPolicy", members_of_ArmTaskSchedulingPolicy},
    {"ArmUefiSettings", members_of_ArmUefiSettings},
    {"ArmUpgradePolicy", members_of_ArmUpgradePolicy},
    {"ArmUserAccount", members_of_ArmUserAccount},
    {"ArmUserAssignedIdentities", members_of_ArmUserAssignedIdentities},
    {"ArmUserIdentity", members_of_ArmUserIdentity},
    {"ArmVMDiskSecurityProfile", members_of_ArmVMDiskSecurityProfile},
    {"ArmVMExtension", members_of_ArmVMExtension},
    {"ArmVirtualMachineConfiguration", members_of_ArmVirtualMachineConfiguration},
    {"ArmVirtualMachineFamilyCoreQuota", members_of_ArmVirtualMachineFamilyCoreQuota},
    {"ArmWindowsConfiguration", members_of_ArmWindowsConfiguration},
    {"ArmWindowsUserConfiguration", members_of_ArmWindowsUserConfiguration},
    {"ArmsystemData", members_of_ArmsystemData},
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
    {"ArmAccessRuleDirection", choices_of_ArmAccessRuleDirection},
    {"ArmAccountKeyType", choices_of_ArmAccountKeyType},
    {"ArmAllocationState", choices_of_ArmAllocationState},
    {"ArmAuthenticationMode", choices_of_ArmAuthenticationMode},
    {"ArmAutoStorageAuthenticationMode", choices_of_ArmAutoStorageAuthenticationMode},
    {"ArmAutoUserScope", choices_of_ArmAutoUserScope},
    {"ArmBatchAccountCreatePropertiesProvisioningState", choices_of_ArmBatchAccountCreatePropertiesProvisioningState},
    {"ArmCachingType", choices_of_ArmCachingType},
    {"ArmCertificateFormat", choices_of_ArmCertificateFormat},
    {"ArmCertificateProvisioningState", choices_of_ArmCertificateProvisioningState},
    {"ArmCertificateStoreLocation", choices_of_ArmCertificateStoreLocation},
    {"ArmCertificateVisibility", choices_of_ArmCertificateVisibility},
    {"ArmComputeNodeDeallocationOption", choices_of_ArmComputeNodeDeallocationOption},
    {"ArmComputeNodeFillType", choices_of_ArmComputeNodeFillType},
    {"ArmContainerHostDataPath", choices_of_ArmContainerHostDataPath},
    {"ArmContainerType", choices_of_ArmContainerType},
    {"ArmContainerWorkingDirectory", choices_of_ArmContainerWorkingDirectory},
    {"ArmDiffDiskPlacement", choices_of_ArmDiffDiskPlacement},
    {"ArmDiskEncryptionTarget", choices_of_ArmDiskEncryptionTarget},
    {"ArmDynamicVNetAssignmentScope", choices_of_ArmDynamicVNetAssignmentScope},
    {"ArmElevationLevel", choices_of_ArmElevationLevel},
    {"ArmEndpointAccessDefaultAction", choices_of_ArmEndpointAccessDefaultAction},
    {"ArmHostEndpointSettingsMode", choices_of_ArmHostEndpointSettingsMode},
    {"ArmIPAddressProvisioningType", choices_of_ArmIPAddressProvisioningType},
    {"ArmIPRuleAction", choices_of_ArmIPRuleAction},
    {"ArmInboundEndpointProtocol", choices_of_ArmInboundEndpointProtocol},
    {"ArmInterNodeCommunicationState", choices_of_ArmInterNodeCommunicationState},
    {"ArmIssueType", choices_of_ArmIssueType},
    {"ArmKeySource", choices_of_ArmKeySource},
    {"ArmLoginMode", choices_of_ArmLoginMode},
    {"ArmNameAvailabilityReason", choices_of_ArmNameAvailabilityReason},
    {"ArmNetworkSecurityGroupRuleAccess", choices_of_ArmNetworkSecurityGroupRuleAccess},
    {"ArmNetworkSecurityPerimeterConfigurationProvisioningState", choices_of_ArmNetworkSecurityPerimeterConfigurationProvisioningState},
    {"ArmNodeCommunicationMode", choices_of_ArmNodeCommunicationMode},
    {"ArmNodePlacementPolicyType", choices_of_ArmNodePlacementPolicyType},
    {"ArmPackageState", choices_of_ArmPackageState},
    {"ArmPoolAllocationMode", choices_of_ArmPoolAllocationMode},
    {"ArmPoolIdentityType", choices_of_ArmPoolIdentityType},
    {"ArmPoolProvisioningState", choices_of_ArmPoolProvisioningState},
    {"ArmPrivateEndpointConnectionProvisioningState", choices_of_ArmPrivateEndpointConnectionProvisioningState},
    {"ArmPrivateLinkServiceConnectionStatus", choices_of_ArmPrivateLinkServiceConnectionStatus},
    {"ArmProvisioningState", choices_of_ArmProvisioningState},
    {"ArmPublicIPAddressConfigurationIpFamilies", choices_of_ArmPublicIPAddressConfigurationIpFamilies},
    {"ArmPublicNetworkAccess", choices_of_ArmPublicNetworkAccess},
    {"ArmPublicNetworkAccessType", choices_of_ArmPublicNetworkAccessType},
    {"ArmResourceAssociationAccessMode", choices_of_ArmResourceAssociationAccessMode},
    {"ArmResourceIdentityType", choices_of_ArmResourceIdentityType},
    {"ArmResourceType", choices_of_ArmResourceType},
    {"ArmSecurityEncryptionTypes", choices_of_ArmSecurityEncryptionTypes},
    {"ArmSecurityTypes", choices_of_ArmSecurityTypes},
    {"ArmSeverity", choices_of_ArmSeverity},
    {"ArmStorageAccountType", choices_of_ArmStorageAccountType},
    {"ArmTaskSchedulingPolicyJobDefaultOrder", choices_of_ArmTaskSchedulingPolicyJobDefaultOrder},
    {"ArmUpgradeMode", choices_of_ArmUpgradeMode},
    {"ArmcreatedByType", choices_of_ArmcreatedByType},
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
