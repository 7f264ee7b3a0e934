// Every error code that the REST API is answered with, and which sort of refusal each is: the one
// place that knows them. A refusal with a code that is not here does not compile, and the golden
// exchanges show each code (src/service/golden_test.cpp). docs/errors.md is made of this table.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

#include "base/result.h"

namespace batchyard {

struct CodeFacts {
  std::string_view code;
  Kind kind;
};

inline constexpr CodeFacts error_codes[] = {
    // What may be wrong with any request.
    {"ConditionNotMet", Kind::unmet},
    {"MissingRequiredProperty", Kind::invalid},
    {"MissingRequiredQueryParameter", Kind::invalid},
    {"UnsupportedQueryParameter", Kind::invalid},
    {"UnsupportedHttpVerb", Kind::bad_verb},
    {"UnsupportedRequestVersion", Kind::invalid},
    {"InvalidHeaderValue", Kind::invalid},
    {"InvalidPropertyValue", Kind::invalid},
    {"EmptyMetadataKey", Kind::invalid},
    {"InvalidQueryParameterValue", Kind::invalid},
    {"InvalidRequestBody", Kind::invalid},
    {"InvalidUri", Kind::invalid},
    {"InvalidAuthenticationInfo", Kind::invalid},
    {"AuthenticationFailed", Kind::unauthenticated},
    {"Forbidden", Kind::forbidden},
    {"MultipleConditionHeadersNotSupported", Kind::invalid},
    {"ResourceNotFound", Kind::not_found},
    {"RequestBodyTooLarge", Kind::too_large},
    {"RequestEntityTooLarge", Kind::too_large},
    {"InvalidRange", Kind::bad_range},
    {"InternalError", Kind::internal},
    {"ServerBusy", Kind::busy},
    // Pools and nodes.
    {"PoolNotFound", Kind::not_found},
    {"PoolExists", Kind::conflict},
    {"PoolBeingResized", Kind::conflict},
    {"PoolBeingDeleted", Kind::conflict},
    {"OperationNotValidOnPool", Kind::conflict},
    {"OperationInvalidForCurrentState", Kind::conflict},
    {"InvalidAutoScalingSettings", Kind::invalid},
    {"AutoScalingFormulaSyntaxError", Kind::invalid},
    {"AutoScalingFormulaTooLong", Kind::invalid},
    {"TooManyEnableAutoScaleRequests", Kind::busy},
    {"ApplicationNotFound", Kind::not_found},
    {"InvalidApplicationPackageReferences", Kind::conflict},
    {"InvalidCertificateReferences", Kind::conflict},
    {"NodeNotFound", Kind::not_found},
    {"NodeBeingCreated", Kind::conflict},
    {"NodeBeingStarted", Kind::conflict},
    {"NodeBeingRebooted", Kind::conflict},
    {"NodeBeingReimaged", Kind::conflict},
    {"NodeStateUnusable", Kind::conflict},
    {"NodeAlreadyInTargetSchedulingState", Kind::conflict},
    {"OperationNotValidOnNode", Kind::conflict},
    {"NodeUserExists", Kind::conflict},
    {"NodeUserNotFound", Kind::not_found},
    {"PoolUsageMetricAPIRetired", Kind::invalid},
    {"PoolQuotaReached", Kind::conflict},
    // Jobs, schedules, tasks, files and certificates.
    {"ActiveJobAndScheduleQuotaReached", Kind::conflict},
    {"JobNotFound", Kind::not_found},
    {"JobExists", Kind::conflict},
    {"JobBeingDeleted", Kind::conflict},
    {"JobBeingTerminated", Kind::conflict},
    {"JobCompleted", Kind::conflict},
    {"JobWithSameIdExists", Kind::conflict},
    {"JobScheduleWithSameIdExists", Kind::conflict},
    {"JobScheduleNotFound", Kind::not_found},
    {"JobScheduleExists", Kind::conflict},
    {"JobScheduleBeingDeleted", Kind::conflict},
    {"JobScheduleBeingTerminated", Kind::conflict},
    {"JobScheduleCompleted", Kind::conflict},
    {"JobPreparationTaskOrReleaseTaskNotSpecified", Kind::conflict},
    {"OutOfRangePriority", Kind::invalid},
    {"TaskNotFound", Kind::not_found},
    {"TaskExists", Kind::conflict},
    {"TaskCompleted", Kind::conflict},
    {"TaskNotCompleted", Kind::conflict},
    {"TaskSucceeded", Kind::conflict},
    {"TaskIdSameAsJobPreparationTask", Kind::conflict},
    {"TaskIdSameAsJobReleaseTask", Kind::conflict},
    {"TaskDependenciesNotSpecifiedOnJob", Kind::invalid},
    {"TaskDependencyListTooLong", Kind::invalid},
    {"TaskDependencyRangesTooLong", Kind::invalid},
    {"TaskFilesUnavailable", Kind::conflict},
    {"TaskFilesCleanedup", Kind::conflict},
    {"FileNotFound", Kind::not_found},
    {"CertificateNotFound", Kind::not_found},
    {"CertificateExists", Kind::conflict},
    {"CertificateBeingDeleted", Kind::conflict},
    {"CertificateStateActive", Kind::conflict},
    // Of paths below /batchyard/, which are beside the contract.
    {"ApplicationExists", Kind::conflict},
    {"ApplicationPackageNotFound", Kind::not_found},
    {"ApplicationPackagesNotEmpty", Kind::conflict},
    {"ApplicationPackageBlobNotFound", Kind::conflict},
    {"AutoStorageNotConfigured", Kind::conflict},
    {"RequestedDefaultVersionNotActive", Kind::conflict},
    {"ApplicationQuotaReached", Kind::conflict},
    {"ApplicationPackageQuotaReached", Kind::conflict},
    {"ImageNotFound", Kind::not_found},
    {"ImageExists", Kind::conflict},
    {"ImageInUse", Kind::conflict},
    {"EntityNotFoundThen", Kind::not_found},
    {"HistoryTrimmed", Kind::not_found},
};

// The number of a code's line, or that of all lines when the API does not know the code. A number,
// for g++ 12 compares no addresses in constants when it builds with sanitizers.
constexpr std::size_t line_of_code(std::string_view code) {
  std::size_t line = 0;
  while (line < std::size(error_codes) && error_codes[line].code != code) ++line;
  return line;
}

// Nothing for a code that the API does not know.
constexpr const CodeFacts* facts_of_code(std::string_view code) {
  const std::size_t line = line_of_code(code);
  return line == std::size(error_codes) ? nullptr : &error_codes[line];
}

// A code of the table, written where it is used.
class Code {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a code stands where it is refused.
  consteval Code(const char* code) : line_(line_of_code(code)) {
    if (line_ == std::size(error_codes))
      throw "error_codes has no such code: add it, and a golden exchange";
  }
  std::string_view text() const { return error_codes[line_].code; }
  Kind kind() const { return error_codes[line_].kind; }

 private:
  std::size_t line_;
};

// A refusal in the API's words; its kind is the code's.
inline std::unexpected<Error> refusal(Code code, std::string message,
                                      std::vector<Detail> details = {}) {
  return fail(code.kind(), std::string(code.text()), std::move(message), std::move(details));
}

}  // namespace batchyard
