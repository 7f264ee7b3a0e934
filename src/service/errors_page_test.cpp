// docs/errors.md is what the table of error codes says, and what the contract's documents name
// beside it. With BATCHYARD_REWRITE_GOLDEN=1 in the environment it is written anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "base/error_codes.h"
#include "base/resource_codes.h"
#include "service/call.h"

namespace batchyard::service {
namespace {

constexpr const char* errors_page = "docs/errors.md";

struct ExplainedCode {
  std::string_view codes;  // separated by blanks
  std::string_view reason;
};

// What is no answer but stands in a job: why its pool could not be made.
constexpr ExplainedCode scheduling_errors[] = {
    {"InvalidCertificatesInAutoPool",
     "the pool refers to a certificate that the account has not, or that is being deleted"},
    {"InvalidApplicationPackageReferencesInAutoPool",
     "it refers to a package that is not there, or not active"},
    {"InvalidAutoScaleFormulaInAutoPool", "its formula cannot be read"},
    {"AutoPoolCreationFailedWithQuotaReached", "the account has as many pools as `--quota` allows"},
    {"InvalidAutoPoolSettings", "it could not be added by a user either; the message says why"},
};

// What the documents name and nobody here is answered with.
constexpr ExplainedCode unanswered[] = {
    {"MissingRequiredHeader UnsupportedHeader HostInformationNotPresent",
     "no header is required but Authorization, whose absence is AuthenticationFailed; the others "
     "are read or passed over"},
    {"MissingContentLengthHeader", "a body may come in chunks; without a length there is none"},
    {"UnsupportedHttpVersion InvalidHttpVerb RequestUrlFailedToParse",
     "bytes that are no HTTP/1.1 request are refused before there is a path: 400 InvalidRequest; a "
     "verb or path that nothing has is UnsupportedHttpVerb or InvalidUri"},
    {"UnsupportedProperty", "an unknown property is InvalidRequestBody, as recorded"},
    {"OutOfRangeInput InvalidInput OutOfRangeQueryParameterValue InvalidConstraintValue "
     "UnsupportedConstraint",
     "a value that cannot be is InvalidPropertyValue or InvalidQueryParameterValue, which name it; "
     "a priority out of range is OutOfRangePriority"},
    {"InvalidMetadata MetadataTooLarge",
     "metadata may be any text, its size counts to the body's; a name that is empty is "
     "EmptyMetadataKey"},
    {"InsufficientAccountPermissions AccountIsDisabled InvalidRestAPIForAccountSetting "
     "StorageAccountNotFound",
     "one account, which may do everything"},
    {"ResourceAlreadyExists ResourceTypeMismatch PathNotFound",
     "every kind of thing has a code of its own"},
    {"OperationTimedOut NotImplemented IOError TooManyRequests",
     "answers do not wait, every operation is served, a fault inside is InternalError and too many "
     "requests are ServerBusy or TooManyEnableAutoScaleRequests"},
    {"PoolBeingCreated", "a pool is there as soon as it was added"},
    {"AutoScaleFormulaTooLong", "the SDK's word for AutoScalingFormulaTooLong, which is answered"},
    {"NodeAgentSKUNotFound", "an unknown nodeAgentSKUId is InvalidPropertyValue, which lists them"},
    {"NodeCountsMismatch", "nothing is told how many nodes there are"},
    {"OSVersionNotFound OSVersionDisabled OSVersionExpired PoolVersionEqualsUpgradeVersion "
     "PoolNotEligibleForOSVersionUpgrade UpgradePoolVersionConflict",
     "there are no cloud services"},
    {"JobDisabled JobNotActive JobScheduleDisabled",
     "a disabled job takes tasks and changes, a disabled schedule changes"},
    {"JobPreparationTaskNotSpecified JobReleaseTaskNotSpecified JobPreparationTaskNotRunOnNode "
     "JobReleaseTaskNotRunOnNode",
     "no operation asks for one of them alone; the list of them is "
     "JobPreparationTaskOrReleaseTaskNotSpecified"},
    {"CertificateDeleteFailed",
     "deleting is accepted; why it cannot end yet is the certificate's deleteCertificateError"},
};

// What the documents name inside resources, and no resource here tells.
constexpr ExplainedCode untold[] = {
    {"AccountVMSeriesCoreQuotaReached", "no quota is of a series of sizes alone"},
    {"AllocationTimedout", "one document's spelling of AllocationTimedOut"},
    {"MaxInternalRetryCountReached", "what is not the task's fault is tried again without limit"},
    {"TaskSchedulingConstraintFailed", "a task waits until its pool has room for it"},
};

std::string told_text() {
  std::string text =
      "\n## Inside resources\n\nCodes with which a resource tells what went wrong with it; the "
      "request "
      "itself is answered.\n\n| member | codes |\n| --- | --- |\n";
  std::string_view place;
  for (const ResourceCode& one : resource_codes) {
    text += one.place == place
                ? fmt::format(", {}", one.code)
                : fmt::format("{}| {} | {}", place.empty() ? "" : " |\n", one.place, one.code);
    place = one.place;
  }
  text += " |\n\nNever told:\n\n| codes | why |\n| --- | --- |\n";
  for (const ExplainedCode& one : untold)
    text +=
        fmt::format("| {} | {} |\n",
                    std::regex_replace(std::string(one.codes), std::regex(" "), ", "), one.reason);
  return text;
}

std::string errors_text() {
  std::string text =
      "# Error codes\n\n"
      "Every code that a request is answered with, and its status. An exchange that shows each is "
      "in\n`tests/golden/api/errors`. `ConditionNotMet` is 304 on reads with `If-None-Match` or "
      "`If-Modified-Since`.\nThe event stream has 410 `EventsTrimmed` beside these "
      "([events](events.md)), what is no HTTP request 400\n`InvalidRequest` or "
      "`RequestHeadTooLarge`.\n\n| code | status |\n| --- | --- |\n";
  for (const CodeFacts& facts : error_codes) {
    const Error error{facts.kind, std::string(facts.code), "", {}, ""};
    text += fmt::format("| {} | {} |\n", facts.code, error_response({}, error, "", Time()).status);
  }
  text +=
      "\n## In a job\n\nA job whose autoPoolSpecification describes no possible pool is added, and "
      "completed at once; so is\neach job of such a schedule. Its `schedulingError` has one of "
      "these codes.\n\n| code | why |\n| --- | --- |\n";
  for (const ExplainedCode& one : scheduling_errors)
    text += fmt::format("| {} | {} |\n", one.codes, one.reason);
  text +=
      "\n## Never answered\n\nCodes that the contract's documents name and this service has no "
      "use for.\n\n| codes | why |\n| --- | --- |\n";
  for (const ExplainedCode& one : unanswered) {
    std::string codes(one.codes);
    codes = std::regex_replace(codes, std::regex(" "), ", ");
    text += fmt::format("| {} | {} |\n", codes, one.reason);
  }
  return text + told_text();
}

std::string text_of_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ErrorsPage, TellsWhatTheTableTells) {
  if (std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr)
    std::ofstream(errors_page) << errors_text();
  EXPECT_EQ(text_of_file(errors_page), errors_text())
      << "run this test with BATCHYARD_REWRITE_GOLDEN=1";
}

TEST(ErrorsPage, NoCodeIsBothAnsweredAndNot) {
  for (const CodeFacts& facts : error_codes) {
    EXPECT_FALSE(std::ranges::any_of(unanswered, [&](const ExplainedCode& one) {
      return (" " + std::string(one.codes) + " ").contains(fmt::format(" {} ", facts.code));
    })) << facts.code;
  }
}

// How many codes inside resources the line of the document names; the page has each.
int codes_told_in(const std::string& line) {
  static const std::regex code(R"(\b([A-Z][a-z]+[A-Z][A-Za-z]+)\b)");
  // Of other words that look like codes.
  static const std::set<std::string> others = {
      "UserError",        "ServerError", "JMComplete",          "MaxWallClockTimeExpiry",
      "AllTasksComplete", "TaskFailed",  "TerminateJobSchedule"};
  int count = 0;
  for (std::sregex_iterator at(line.begin(), line.end(), code), end; at != end; ++at) {
    if (others.contains((*at)[1])) continue;
    ++count;
    EXPECT_TRUE(errors_text().contains((*at)[1].str())) << line;
  }
  return count;
}

// Where the contract's originals are at hand: their table names nothing that the page has not.
TEST(ErrorsPage, KnowsEveryCodeOfTheContract) {
  const char* folder = std::getenv("BATCHYARD_CONTRACT");
  if (folder == nullptr)
    GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
  std::stringstream lines(text_of_file(std::string(folder) + "/error-codes.md"));
  static const std::regex row(R"(^\| ([A-Z][A-Za-z]+) .*)");
  int known = 0;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ARM codes")) break;
    if (line.starts_with("## Codes inside")) inside = true;
    if (inside) {
      known += codes_told_in(line);
      continue;
    }
    std::smatch found;
    if (!std::regex_match(line, found, row)) continue;
    ++known;
    EXPECT_TRUE(errors_text().contains(found[1].str())) << line;
  }
  EXPECT_GT(known, 60);
}

}  // namespace
}  // namespace batchyard::service
