// Made by tools/generate_api from spec/. Do not edit.
// clang-format off

#pragma once

#include "api/generated/common.h"

// Members as on the wire (a C++ keyword gets a `_`). Enums, times and durations are texts in their canonical form.
namespace batchyard::api {

struct AffinityInformation {
  std::optional<std::string> affinityId;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, AffinityInformation>
void each_member(Value& value, Visit visit) {
  visit("affinityId", value.affinityId);
}
struct TaskIdRange {
  std::optional<std::int32_t> end;
  std::optional<std::int32_t> start;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskIdRange>
void each_member(Value& value, Visit visit) {
  visit("end", value.end);
  visit("start", value.start);
}
struct TaskDependencies {
  std::vector<TaskIdRange> taskIdRanges;
  std::vector<std::string> taskIds;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskDependencies>
void each_member(Value& value, Visit visit) {
  visit("taskIdRanges", value.taskIdRanges);
  visit("taskIds", value.taskIds);
}
struct ExitOptions {
  std::optional<std::string> dependencyAction;
  std::optional<std::string> jobAction;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ExitOptions>
void each_member(Value& value, Visit visit) {
  visit("dependencyAction", value.dependencyAction);
  visit("jobAction", value.jobAction);
}
struct ExitCodeRangeMapping {
  std::optional<std::int32_t> end;
  std::optional<ExitOptions> exitOptions;
  std::optional<std::int32_t> start;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ExitCodeRangeMapping>
void each_member(Value& value, Visit visit) {
  visit("end", value.end);
  visit("exitOptions", value.exitOptions);
  visit("start", value.start);
}
struct ExitCodeMapping {
  std::optional<std::int32_t> code;
  std::optional<ExitOptions> exitOptions;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ExitCodeMapping>
void each_member(Value& value, Visit visit) {
  visit("code", value.code);
  visit("exitOptions", value.exitOptions);
}
struct ExitConditions {
  std::optional<ExitOptions> default_;
  std::vector<ExitCodeRangeMapping> exitCodeRanges;
  std::vector<ExitCodeMapping> exitCodes;
  std::optional<ExitOptions> fileUploadError;
  std::optional<ExitOptions> preProcessingError;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, ExitConditions>
void each_member(Value& value, Visit visit) {
  visit("default", value.default_);
  visit("exitCodeRanges", value.exitCodeRanges);
  visit("exitCodes", value.exitCodes);
  visit("fileUploadError", value.fileUploadError);
  visit("preProcessingError", value.preProcessingError);
}
struct MultiInstanceSettings {
  std::vector<ResourceFile> commonResourceFiles;
  std::optional<std::string> coordinationCommandLine;
  std::optional<std::int32_t> numberOfInstances;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, MultiInstanceSettings>
void each_member(Value& value, Visit visit) {
  visit("commonResourceFiles", value.commonResourceFiles);
  visit("coordinationCommandLine", value.coordinationCommandLine);
  visit("numberOfInstances", value.numberOfInstances);
}
struct TaskAddParameter {
  std::optional<AffinityInformation> affinityInfo;
  std::vector<ApplicationPackageReference> applicationPackageReferences;
  std::optional<AuthenticationTokenSettings> authenticationTokenSettings;
  std::optional<std::string> commandLine;
  std::optional<TaskConstraints> constraints;
  std::optional<TaskContainerSettings> containerSettings;
  std::optional<TaskDependencies> dependsOn;
  std::optional<std::string> displayName;
  std::vector<EnvironmentSetting> environmentSettings;
  std::optional<ExitConditions> exitConditions;
  std::optional<std::string> id;
  std::optional<MultiInstanceSettings> multiInstanceSettings;
  std::vector<OutputFile> outputFiles;
  std::optional<std::int32_t> requiredSlots;
  std::vector<ResourceFile> resourceFiles;
  std::optional<UserIdentity> userIdentity;
};
template <class Value, class Visit>
  requires std::is_same_v<std::remove_const_t<Value>, TaskAddParameter>
void each_member(Value& value, Visit visit) {
  visit("affinityInfo", value.affinityInfo);
  visit("applicationPackageReferences", value.applicationPackageReferences);
  visit("authenticationTokenSettings", value.authenticationTokenSettings);
  visit("commandLine", value.commandLine);
  visit("constraints", value.constraints);
  visit("containerSettings", value.containerSettings);
  visit("dependsOn", value.dependsOn);
  visit("displayName", value.displayName);
  visit("environmentSettings", value.environmentSettings);
  visit("exitConditions", value.exitConditions);
  visit("id", value.id);
  visit("multiInstanceSettings", value.multiInstanceSettings);
  visit("outputFiles", value.outputFiles);
  visit("requiredSlots", value.requiredSlots);
  visit("resourceFiles", value.resourceFiles);
  visit("userIdentity", value.userIdentity);
}

}  // namespace batchyard::api
