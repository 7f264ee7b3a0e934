// Every error code that the management plane answers with, and which sort of refusal each is. Those
// of the data plane (base/error_codes.h) come through where a request is handed on to an account.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace batchyard::arm {

struct CodeFacts {
  std::string_view code;
  Kind kind;
};

inline constexpr CodeFacts codes[] = {
    // Of any request, in the words of the gateway.
    {"MissingApiVersionParameter", Kind::invalid},
    {"InvalidApiVersionParameter", Kind::invalid},
    {"InvalidResourceType", Kind::not_found},
    {"MethodNotAllowed", Kind::bad_verb},
    {"InvalidRequestContent", Kind::invalid},
    {"InvalidRequestBody", Kind::invalid},
    {"InvalidQueryParameterValue", Kind::invalid},
    {"AuthenticationFailed", Kind::unauthenticated},
    {"AuthorizationFailed", Kind::forbidden},
    {"LinkedAuthorizationFailed", Kind::forbidden},
    {"SubscriptionNotFound", Kind::not_found},
    {"ResourceGroupNotFound", Kind::not_found},
    {"ResourceNotFound", Kind::not_found},
    {"InvalidResourceName", Kind::invalid},
    {"InvalidResourceLocation", Kind::conflict},
    // Of accounts.
    {"AccountAlreadyExists", Kind::conflict},
    {"AccountBeingDeleted", Kind::conflict},
    {"SubscriptionQuotaExceeded", Kind::conflict},
    {"ResourceGroupNotEmpty", Kind::conflict},
    {"ConditionNotMet", Kind::unmet},
    // Of deployments.
    {"InvalidTemplate", Kind::invalid},
    {"InvalidTemplateDeployment", Kind::invalid},
    {"InvalidDeploymentName", Kind::invalid},
    {"DeploymentNotFound", Kind::not_found},
    {"DeploymentOperationNotFound", Kind::not_found},
    {"DeploymentActive", Kind::conflict},
    {"DeploymentNotActive", Kind::conflict},
    {"DeploymentQuotaExceeded", Kind::conflict},
    // Of what lies in accounts, where the data plane has no word for it.
    {"CertificateDeleteFailed", Kind::conflict},
    {"AutoStorageNotConfigured", Kind::conflict},
    // Of storage accounts.
    {"StorageAccountNotFound", Kind::not_found},
    {"StorageAccountAlreadyTaken", Kind::conflict},
    {"StorageAccountInUse", Kind::conflict},
    {"StorageAccountNotServed", Kind::conflict},
    {"LinkedInvalidPropertyId", Kind::invalid},
    // Of paths below /batchyard/, which are beside the contract.
    {"PrincipalNotFound", Kind::not_found},
    {"PrincipalExists", Kind::conflict},
    {"PrincipalInUse", Kind::conflict},
    {"RoleAssignmentNotFound", Kind::not_found},
};

constexpr std::size_t line_of(std::string_view code) {
  std::size_t line = 0;
  while (line < std::size(codes) && codes[line].code != code) ++line;
  return line;
}

// A code of the table, written where it is used.
class ArmCode {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a code stands where it is refused.
  consteval ArmCode(const char* code) : line_(line_of(code)) {
    if (line_ == std::size(codes))
      throw "arm::codes has no such code: add it, and a golden exchange";
  }
  std::string_view text() const { return codes[line_].code; }
  Kind kind() const { return codes[line_].kind; }

 private:
  std::size_t line_;
};

// The detail of an error that says what it is about, where that is no property.
inline constexpr std::string_view detail_of_target = "Target";

inline std::unexpected<Error> refuse(ArmCode code, std::string message) {
  return fail(code.kind(), std::string(code.text()), std::move(message));
}

}  // namespace batchyard::arm
