// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// Members as on the wire (a C++ keyword gets a `_`). Enums, times and durations are texts in their canonical form.
namespace batchyard::api {

struct ApplicationPackageReference {
  std::optional<std::string> applicationId;
  std::optional<std::string> version;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ApplicationPackageReference>
void each_member(Value& value, Visit visit) {
  visit("applicationId", value.applicationId);
  visit("version", value.version);
}
struct AuthenticationTokenSettings {
  std::vector<std::string> access;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AuthenticationTokenSettings>
void each_member(Value& value, Visit visit) {
  visit("access", value.access);
}
struct AutoUserSpecification {
  std::optional<std::string> elevationLevel;
  std::optional<std::string> scope;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AutoUserSpecification>
void each_member(Value& value, Visit visit) {
  visit("elevationLevel", value.elevationLevel);
  visit("scope", value.scope);
}
struct AutomaticOSUpgradePolicy {
  std::optional<bool> disableAutomaticRollback;
  std::optional<bool> enableAutomaticOSUpgrade;
  std::optional<bool> osRollingUpgradeDeferral;
  std::optional<bool> useRollingUpgradePolicy;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AutomaticOSUpgradePolicy>
void each_member(Value& value, Visit visit) {
  visit("disableAutomaticRollback", value.disableAutomaticRollback);
  visit("enableAutomaticOSUpgrade", value.enableAutomaticOSUpgrade);
  visit("osRollingUpgradeDeferral", value.osRollingUpgradeDeferral);
  visit("useRollingUpgradePolicy", value.useRollingUpgradePolicy);
}
struct ComputeNodeIdentityReference {
  std::optional<std::string> resourceId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ComputeNodeIdentityReference>
void each_member(Value& value, Visit visit) {
  visit("resourceId", value.resourceId);
}
struct AzureBlobFileSystemConfiguration {
  std::optional<std::string> accountKey;
  std::optional<std::string> accountName;
  std::optional<std::string> blobfuseOptions;
  std::optional<std::string> containerName;
  std::optional<ComputeNodeIdentityReference> identityReference;
  std::optional<std::string> relativeMountPath;
  std::optional<std::string> sasKey;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AzureBlobFileSystemConfiguration>
void each_member(Value& value, Visit visit) {
  visit("accountKey", value.accountKey);
  visit("accountName", value.accountName);
  visit("blobfuseOptions", value.blobfuseOptions);
  visit("containerName", value.containerName);
  visit("identityReference", value.identityReference);
  visit("relativeMountPath", value.relativeMountPath);
  visit("sasKey", value.sasKey);
}
struct AzureFileShareConfiguration {
  std::optional<std::string> accountKey;
  std::optional<std::string> accountName;
  std::optional<std::string> azureFileUrl;
  std::optional<std::string> mountOptions;
  std::optional<std::string> relativeMountPath;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AzureFileShareConfiguration>
void each_member(Value& value, Visit visit) {
  visit("accountKey", value.accountKey);
  visit("accountName", value.accountName);
  visit("azureFileUrl", value.azureFileUrl);
  visit("mountOptions", value.mountOptions);
  visit("relativeMountPath", value.relativeMountPath);
}
struct BatchPoolIdentityReference {
  std::optional<std::string> resourceId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, BatchPoolIdentityReference>
void each_member(Value& value, Visit visit) {
  visit("resourceId", value.resourceId);
}
struct CIFSMountConfiguration {
  std::optional<std::string> mountOptions;
  std::optional<std::string> password;
  std::optional<std::string> relativeMountPath;
  std::optional<std::string> source;
  std::optional<std::string> username;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, CIFSMountConfiguration>
void each_member(Value& value, Visit visit) {
  visit("mountOptions", value.mountOptions);
  visit("password", value.password);
  visit("relativeMountPath", value.relativeMountPath);
  visit("source", value.source);
  visit("username", value.username);
}
struct CertificateReference {
  std::optional<std::string> storeLocation;
  std::optional<std::string> storeName;
  std::optional<std::string> thumbprint;
  std::optional<std::string> thumbprintAlgorithm;
  std::vector<std::string> visibility;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, CertificateReference>
void each_member(Value& value, Visit visit) {
  visit("storeLocation", value.storeLocation);
  visit("storeName", value.storeName);
  visit("thumbprint", value.thumbprint);
  visit("thumbprintAlgorithm", value.thumbprintAlgorithm);
  visit("visibility", value.visibility);
}
struct CloudServiceConfiguration {
  std::optional<std::string> osFamily;
  std::optional<std::string> osVersion;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, CloudServiceConfiguration>
void each_member(Value& value, Visit visit) {
  visit("osFamily", value.osFamily);
  visit("osVersion", value.osVersion);
}
struct ContainerRegistry {
  std::optional<ComputeNodeIdentityReference> identityReference;
  std::optional<std::string> password;
  std::optional<std::string> registryServer;
  std::optional<std::string> username;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ContainerRegistry>
void each_member(Value& value, Visit visit) {
  visit("identityReference", value.identityReference);
  visit("password", value.password);
  visit("registryServer", value.registryServer);
  visit("username", value.username);
}
struct ContainerConfiguration {
  std::vector<std::string> containerImageNames;
  std::vector<ContainerRegistry> containerRegistries;
  std::optional<std::string> type;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ContainerConfiguration>
void each_member(Value& value, Visit visit) {
  visit("containerImageNames", value.containerImageNames);
  visit("containerRegistries", value.containerRegistries);
  visit("type", value.type);
}
struct ContainerHostBatchBindMountEntry {
  std::optional<bool> isReadOnly;
  std::optional<std::string> source;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ContainerHostBatchBindMountEntry>
void each_member(Value& value, Visit visit) {
  visit("isReadOnly", value.isReadOnly);
  visit("source", value.source);
}
struct DiskEncryptionSetParameters {
  std::optional<std::string> id;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, DiskEncryptionSetParameters>
void each_member(Value& value, Visit visit) {
  visit("id", value.id);
}
struct VMDiskSecurityProfile {
  std::optional<DiskEncryptionSetParameters> diskEncryptionSet;
  std::optional<std::string> securityEncryptionType;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, VMDiskSecurityProfile>
void each_member(Value& value, Visit visit) {
  visit("diskEncryptionSet", value.diskEncryptionSet);
  visit("securityEncryptionType", value.securityEncryptionType);
}
struct ManagedDisk {
  std::optional<DiskEncryptionSetParameters> diskEncryptionSet;
  std::optional<VMDiskSecurityProfile> securityProfile;
  std::optional<std::string> storageAccountType;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ManagedDisk>
void each_member(Value& value, Visit visit) {
  visit("diskEncryptionSet", value.diskEncryptionSet);
  visit("securityProfile", value.securityProfile);
  visit("storageAccountType", value.storageAccountType);
}
struct DataDisk {
  std::optional<std::string> caching;
  std::optional<std::int32_t> diskSizeGB;
  std::optional<std::int32_t> lun;
  std::optional<ManagedDisk> managedDisk;
  std::optional<std::string> storageAccountType;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, DataDisk>
void each_member(Value& value, Visit visit) {
  visit("caching", value.caching);
  visit("diskSizeGB", value.diskSizeGB);
  visit("lun", value.lun);
  visit("managedDisk", value.managedDisk);
  visit("storageAccountType", value.storageAccountType);
}
struct DiffDiskSettings {
  std::optional<std::string> placement;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, DiffDiskSettings>
void each_member(Value& value, Visit visit) {
  visit("placement", value.placement);
}
struct DiskCustomerManagedKey {
  std::optional<BatchPoolIdentityReference> identityReference;
  std::optional<std::string> keyUrl;
  std::optional<bool> rotationToLatestKeyVersionEnabled;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, DiskCustomerManagedKey>
void each_member(Value& value, Visit visit) {
  visit("identityReference", value.identityReference);
  visit("keyUrl", value.keyUrl);
  visit("rotationToLatestKeyVersionEnabled", value.rotationToLatestKeyVersionEnabled);
}
struct DiskEncryptionConfiguration {
  std::optional<DiskCustomerManagedKey> customerManagedKey;
  std::vector<std::string> targets;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, DiskEncryptionConfiguration>
void each_member(Value& value, Visit visit) {
  visit("customerManagedKey", value.customerManagedKey);
  visit("targets", value.targets);
}
struct EnvironmentSetting {
  std::optional<std::string> name;
  std::optional<std::string> value;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, EnvironmentSetting>
void each_member(Value& value, Visit visit) {
  visit("name", value.name);
  visit("value", value.value);
}
struct HostEndpointSettings {
  std::optional<std::string> inVMAccessControlProfileReferenceId;
  std::optional<std::string> mode;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, HostEndpointSettings>
void each_member(Value& value, Visit visit) {
  visit("inVMAccessControlProfileReferenceId", value.inVMAccessControlProfileReferenceId);
  visit("mode", value.mode);
}
struct HttpHeader {
  std::optional<std::string> name;
  std::optional<std::string> value;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, HttpHeader>
void each_member(Value& value, Visit visit) {
  visit("name", value.name);
  visit("value", value.value);
}
struct IPTag {
  std::optional<std::string> ipTagType;
  std::optional<std::string> tag;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, IPTag>
void each_member(Value& value, Visit visit) {
  visit("ipTagType", value.ipTagType);
  visit("tag", value.tag);
}
struct ImageReference {
  std::optional<std::string> communityGalleryImageId;
  std::optional<std::string> exactVersion;
  std::optional<std::string> offer;
  std::optional<std::string> publisher;
  std::optional<std::string> sharedGalleryImageId;
  std::optional<std::string> sku;
  std::optional<std::string> version;
  std::optional<std::string> virtualMachineImageId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ImageReference>
void each_member(Value& value, Visit visit) {
  visit("communityGalleryImageId", value.communityGalleryImageId);
  visit("exactVersion", value.exactVersion);
  visit("offer", value.offer);
  visit("publisher", value.publisher);
  visit("sharedGalleryImageId", value.sharedGalleryImageId);
  visit("sku", value.sku);
  visit("version", value.version);
  visit("virtualMachineImageId", value.virtualMachineImageId);
}
struct NetworkSecurityGroupRule {
  std::optional<std::string> access;
  std::optional<std::int32_t> priority;
  std::optional<std::string> sourceAddressPrefix;
  std::vector<std::string> sourcePortRanges;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, NetworkSecurityGroupRule>
void each_member(Value& value, Visit visit) {
  visit("access", value.access);
  visit("priority", value.priority);
  visit("sourceAddressPrefix", value.sourceAddressPrefix);
  visit("sourcePortRanges", value.sourcePortRanges);
}
struct InboundNATPool {
  std::optional<std::int32_t> backendPort;
  std::optional<std::int32_t> frontendPortRangeEnd;
  std::optional<std::int32_t> frontendPortRangeStart;
  std::optional<std::string> name;
  std::vector<NetworkSecurityGroupRule> networkSecurityGroupRules;
  std::optional<std::string> protocol;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, InboundNATPool>
void each_member(Value& value, Visit visit) {
  visit("backendPort", value.backendPort);
  visit("frontendPortRangeEnd", value.frontendPortRangeEnd);
  visit("frontendPortRangeStart", value.frontendPortRangeStart);
  visit("name", value.name);
  visit("networkSecurityGroupRules", value.networkSecurityGroupRules);
  visit("protocol", value.protocol);
}
struct LinuxUserConfiguration {
  std::optional<std::int32_t> gid;
  std::optional<std::string> sshPrivateKey;
  std::optional<std::int32_t> uid;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, LinuxUserConfiguration>
void each_member(Value& value, Visit visit) {
  visit("gid", value.gid);
  visit("sshPrivateKey", value.sshPrivateKey);
  visit("uid", value.uid);
}
struct MetadataItem {
  std::optional<std::string> name;
  std::optional<std::string> value;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, MetadataItem>
void each_member(Value& value, Visit visit) {
  visit("name", value.name);
  visit("value", value.value);
}
struct NFSMountConfiguration {
  std::optional<std::string> mountOptions;
  std::optional<std::string> relativeMountPath;
  std::optional<std::string> source;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, NFSMountConfiguration>
void each_member(Value& value, Visit visit) {
  visit("mountOptions", value.mountOptions);
  visit("relativeMountPath", value.relativeMountPath);
  visit("source", value.source);
}
struct MountConfiguration {
  std::optional<AzureBlobFileSystemConfiguration> azureBlobFileSystemConfiguration;
  std::optional<AzureFileShareConfiguration> azureFileShareConfiguration;
  std::optional<CIFSMountConfiguration> cifsMountConfiguration;
  std::optional<NFSMountConfiguration> nfsMountConfiguration;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, MountConfiguration>
void each_member(Value& value, Visit visit) {
  visit("azureBlobFileSystemConfiguration", value.azureBlobFileSystemConfiguration);
  visit("azureFileShareConfiguration", value.azureFileShareConfiguration);
  visit("cifsMountConfiguration", value.cifsMountConfiguration);
  visit("nfsMountConfiguration", value.nfsMountConfiguration);
}
struct PoolEndpointConfiguration {
  std::vector<InboundNATPool> inboundNATPools;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PoolEndpointConfiguration>
void each_member(Value& value, Visit visit) {
  visit("inboundNATPools", value.inboundNATPools);
}
struct PublicIPAddressConfiguration {
  std::vector<std::string> ipAddressIds;
  std::vector<std::string> ipFamilies;
  std::vector<IPTag> ipTags;
  std::optional<std::string> provision;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, PublicIPAddressConfiguration>
void each_member(Value& value, Visit visit) {
  visit("ipAddressIds", value.ipAddressIds);
  visit("ipFamilies", value.ipFamilies);
  visit("ipTags", value.ipTags);
  visit("provision", value.provision);
}
struct NetworkConfiguration {
  std::optional<std::string> dynamicVNetAssignmentScope;
  std::optional<bool> enableAcceleratedNetworking;
  std::optional<PoolEndpointConfiguration> endpointConfiguration;
  std::optional<PublicIPAddressConfiguration> publicIPAddressConfiguration;
  std::optional<std::string> subnetId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, NetworkConfiguration>
void each_member(Value& value, Visit visit) {
  visit("dynamicVNetAssignmentScope", value.dynamicVNetAssignmentScope);
  visit("enableAcceleratedNetworking", value.enableAcceleratedNetworking);
  visit("endpointConfiguration", value.endpointConfiguration);
  visit("publicIPAddressConfiguration", value.publicIPAddressConfiguration);
  visit("subnetId", value.subnetId);
}
struct NodePlacementConfiguration {
  std::optional<std::string> policy;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, NodePlacementConfiguration>
void each_member(Value& value, Visit visit) {
  visit("policy", value.policy);
}
struct OSDisk {
  std::optional<std::string> caching;
  std::optional<std::int32_t> diskSizeGB;
  std::optional<DiffDiskSettings> ephemeralOSDiskSettings;
  std::optional<ManagedDisk> managedDisk;
  std::optional<bool> writeAcceleratorEnabled;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, OSDisk>
void each_member(Value& value, Visit visit) {
  visit("caching", value.caching);
  visit("diskSizeGB", value.diskSizeGB);
  visit("ephemeralOSDiskSettings", value.ephemeralOSDiskSettings);
  visit("managedDisk", value.managedDisk);
  visit("writeAcceleratorEnabled", value.writeAcceleratorEnabled);
}
struct OutputFileBlobContainerDestination {
  std::optional<std::string> containerUrl;
  std::optional<ComputeNodeIdentityReference> identityReference;
  std::optional<std::string> path;
  std::vector<HttpHeader> uploadHeaders;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, OutputFileBlobContainerDestination>
void each_member(Value& value, Visit visit) {
  visit("containerUrl", value.containerUrl);
  visit("identityReference", value.identityReference);
  visit("path", value.path);
  visit("uploadHeaders", value.uploadHeaders);
}
struct OutputFileDestination {
  std::optional<OutputFileBlobContainerDestination> container;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, OutputFileDestination>
void each_member(Value& value, Visit visit) {
  visit("container", value.container);
}
struct OutputFileUploadOptions {
  std::optional<std::string> uploadCondition;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, OutputFileUploadOptions>
void each_member(Value& value, Visit visit) {
  visit("uploadCondition", value.uploadCondition);
}
struct OutputFile {
  std::optional<OutputFileDestination> destination;
  std::optional<std::string> filePattern;
  std::optional<OutputFileUploadOptions> uploadOptions;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, OutputFile>
void each_member(Value& value, Visit visit) {
  visit("destination", value.destination);
  visit("filePattern", value.filePattern);
  visit("uploadOptions", value.uploadOptions);
}
struct ProxyAgentSettings {
  std::optional<bool> enabled;
  std::optional<HostEndpointSettings> imds;
  std::optional<HostEndpointSettings> wireServer;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ProxyAgentSettings>
void each_member(Value& value, Visit visit) {
  visit("enabled", value.enabled);
  visit("imds", value.imds);
  visit("wireServer", value.wireServer);
}
struct ResourceFile {
  std::optional<std::string> autoStorageContainerName;
  std::optional<std::string> blobPrefix;
  std::optional<std::string> fileMode;
  std::optional<std::string> filePath;
  std::optional<std::string> httpUrl;
  std::optional<ComputeNodeIdentityReference> identityReference;
  std::optional<std::string> storageContainerUrl;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ResourceFile>
void each_member(Value& value, Visit visit) {
  visit("autoStorageContainerName", value.autoStorageContainerName);
  visit("blobPrefix", value.blobPrefix);
  visit("fileMode", value.fileMode);
  visit("filePath", value.filePath);
  visit("httpUrl", value.httpUrl);
  visit("identityReference", value.identityReference);
  visit("storageContainerUrl", value.storageContainerUrl);
}
struct RollingUpgradePolicy {
  std::optional<bool> enableCrossZoneUpgrade;
  std::optional<std::int32_t> maxBatchInstancePercent;
  std::optional<std::int32_t> maxUnhealthyInstancePercent;
  std::optional<std::int32_t> maxUnhealthyUpgradedInstancePercent;
  std::optional<std::string> pauseTimeBetweenBatches;
  std::optional<bool> prioritizeUnhealthyInstances;
  std::optional<bool> rollbackFailedInstancesOnPolicyBreach;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, RollingUpgradePolicy>
void each_member(Value& value, Visit visit) {
  visit("enableCrossZoneUpgrade", value.enableCrossZoneUpgrade);
  visit("maxBatchInstancePercent", value.maxBatchInstancePercent);
  visit("maxUnhealthyInstancePercent", value.maxUnhealthyInstancePercent);
  visit("maxUnhealthyUpgradedInstancePercent", value.maxUnhealthyUpgradedInstancePercent);
  visit("pauseTimeBetweenBatches", value.pauseTimeBetweenBatches);
  visit("prioritizeUnhealthyInstances", value.prioritizeUnhealthyInstances);
  visit("rollbackFailedInstancesOnPolicyBreach", value.rollbackFailedInstancesOnPolicyBreach);
}
struct UefiSettings {
  std::optional<bool> secureBootEnabled;
  std::optional<bool> vTpmEnabled;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, UefiSettings>
void each_member(Value& value, Visit visit) {
  visit("secureBootEnabled", value.secureBootEnabled);
  visit("vTpmEnabled", value.vTpmEnabled);
}
struct SecurityProfile {
  std::optional<bool> encryptionAtHost;
  std::optional<ProxyAgentSettings> proxyAgentSettings;
  std::optional<std::string> securityType;
  std::optional<UefiSettings> uefiSettings;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, SecurityProfile>
void each_member(Value& value, Visit visit) {
  visit("encryptionAtHost", value.encryptionAtHost);
  visit("proxyAgentSettings", value.proxyAgentSettings);
  visit("securityType", value.securityType);
  visit("uefiSettings", value.uefiSettings);
}
struct ServiceArtifactReference {
  std::optional<std::string> id;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ServiceArtifactReference>
void each_member(Value& value, Visit visit) {
  visit("id", value.id);
}
struct TaskContainerSettings {
  std::vector<ContainerHostBatchBindMountEntry> containerHostBatchBindMounts;
  std::optional<std::string> containerRunOptions;
  std::optional<std::string> imageName;
  std::optional<ContainerRegistry> registry;
  std::optional<std::string> workingDirectory;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskContainerSettings>
void each_member(Value& value, Visit visit) {
  visit("containerHostBatchBindMounts", value.containerHostBatchBindMounts);
  visit("containerRunOptions", value.containerRunOptions);
  visit("imageName", value.imageName);
  visit("registry", value.registry);
  visit("workingDirectory", value.workingDirectory);
}
struct UserIdentity {
  std::optional<AutoUserSpecification> autoUser;
  std::optional<std::string> username;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, UserIdentity>
void each_member(Value& value, Visit visit) {
  visit("autoUser", value.autoUser);
  visit("username", value.username);
}
struct StartTask {
  std::optional<std::string> commandLine;
  std::optional<TaskContainerSettings> containerSettings;
  std::vector<EnvironmentSetting> environmentSettings;
  std::optional<std::int32_t> maxTaskRetryCount;
  std::vector<ResourceFile> resourceFiles;
  std::optional<UserIdentity> userIdentity;
  std::optional<bool> waitForSuccess;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, StartTask>
void each_member(Value& value, Visit visit) {
  visit("commandLine", value.commandLine);
  visit("containerSettings", value.containerSettings);
  visit("environmentSettings", value.environmentSettings);
  visit("maxTaskRetryCount", value.maxTaskRetryCount);
  visit("resourceFiles", value.resourceFiles);
  visit("userIdentity", value.userIdentity);
  visit("waitForSuccess", value.waitForSuccess);
}
struct TaskConstraints {
  std::optional<std::int32_t> maxTaskRetryCount;
  std::optional<std::string> maxWallClockTime;
  std::optional<std::string> retentionTime;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskConstraints>
void each_member(Value& value, Visit visit) {
  visit("maxTaskRetryCount", value.maxTaskRetryCount);
  visit("maxWallClockTime", value.maxWallClockTime);
  visit("retentionTime", value.retentionTime);
}
struct TaskSchedulingPolicy {
  std::optional<std::string> jobDefaultOrder;
  std::optional<std::string> nodeFillType;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskSchedulingPolicy>
void each_member(Value& value, Visit visit) {
  visit("jobDefaultOrder", value.jobDefaultOrder);
  visit("nodeFillType", value.nodeFillType);
}
struct UpgradePolicy {
  std::optional<AutomaticOSUpgradePolicy> automaticOSUpgradePolicy;
  std::optional<std::string> mode;
  std::optional<RollingUpgradePolicy> rollingUpgradePolicy;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, UpgradePolicy>
void each_member(Value& value, Visit visit) {
  visit("automaticOSUpgradePolicy", value.automaticOSUpgradePolicy);
  visit("mode", value.mode);
  visit("rollingUpgradePolicy", value.rollingUpgradePolicy);
}
struct WindowsUserConfiguration {
  std::optional<std::string> loginMode;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, WindowsUserConfiguration>
void each_member(Value& value, Visit visit) {
  visit("loginMode", value.loginMode);
}
struct UserAccount {
  std::optional<std::string> elevationLevel;
  std::optional<LinuxUserConfiguration> linuxUserConfiguration;
  std::optional<std::string> name;
  std::optional<std::string> password;
  std::optional<WindowsUserConfiguration> windowsUserConfiguration;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, UserAccount>
void each_member(Value& value, Visit visit) {
  visit("elevationLevel", value.elevationLevel);
  visit("linuxUserConfiguration", value.linuxUserConfiguration);
  visit("name", value.name);
  visit("password", value.password);
  visit("windowsUserConfiguration", value.windowsUserConfiguration);
}
struct VMExtension {
  std::optional<bool> autoUpgradeMinorVersion;
  std::optional<bool> enableAutomaticUpgrade;
  std::optional<std::string> name;
  std::optional<std::string> protectedSettings;
  std::vector<std::string> provisionAfterExtensions;
  std::optional<std::string> publisher;
  std::optional<std::string> settings;
  std::optional<std::string> type;
  std::optional<std::string> typeHandlerVersion;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, VMExtension>
void each_member(Value& value, Visit visit) {
  visit("autoUpgradeMinorVersion", value.autoUpgradeMinorVersion);
  visit("enableAutomaticUpgrade", value.enableAutomaticUpgrade);
  visit("name", value.name);
  visit("protectedSettings", value.protectedSettings);
  visit("provisionAfterExtensions", value.provisionAfterExtensions);
  visit("publisher", value.publisher);
  visit("settings", value.settings);
  visit("type", value.type);
  visit("typeHandlerVersion", value.typeHandlerVersion);
}
struct WindowsConfiguration {
  std::optional<bool> enableAutomaticUpdates;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, WindowsConfiguration>
void each_member(Value& value, Visit visit) {
  visit("enableAutomaticUpdates", value.enableAutomaticUpdates);
}
struct VirtualMachineConfiguration {
  std::optional<ContainerConfiguration> containerConfiguration;
  std::vector<DataDisk> dataDisks;
  std::optional<DiskEncryptionConfiguration> diskEncryptionConfiguration;
  std::vector<VMExtension> extensions;
  std::optional<ImageReference> imageReference;
  std::optional<std::string> licenseType;
  std::optional<std::string> nodeAgentSKUId;
  std::optional<NodePlacementConfiguration> nodePlacementConfiguration;
  std::optional<OSDisk> osDisk;
  std::optional<SecurityProfile> securityProfile;
  std::optional<ServiceArtifactReference> serviceArtifactReference;
  std::optional<WindowsConfiguration> windowsConfiguration;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, VirtualMachineConfiguration>
void each_member(Value& value, Visit visit) {
  visit("containerConfiguration", value.containerConfiguration);
  visit("dataDisks", value.dataDisks);
  visit("diskEncryptionConfiguration", value.diskEncryptionConfiguration);
  visit("extensions", value.extensions);
  visit("imageReference", value.imageReference);
  visit("licenseType", value.licenseType);
  visit("nodeAgentSKUId", value.nodeAgentSKUId);
  visit("nodePlacementConfiguration", value.nodePlacementConfiguration);
  visit("osDisk", value.osDisk);
  visit("securityProfile", value.securityProfile);
  visit("serviceArtifactReference", value.serviceArtifactReference);
  visit("windowsConfiguration", value.windowsConfiguration);
}

}  // namespace batchyard::api
