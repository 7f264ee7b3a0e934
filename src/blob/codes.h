// Every error code that the blob endpoint answers with, its status and its usual words: the one
// place that knows them. They are the storage's own, beside those of the Batch API
// (base/error_codes.h). A refusal with a code that is not here does not compile.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::blob {

struct CodeFacts {
  std::string_view code;
  int status;
  Kind kind;
  std::string_view words;
};

inline constexpr CodeFacts codes[] = {
    {"AuthenticationFailed", 403, Kind::unauthenticated,
     "Server failed to authenticate the request. Make sure the value of Authorization header is "
     "formed correctly including the signature."},
    {"AuthorizationPermissionMismatch", 403, Kind::forbidden,
     "This request is not authorized to perform this operation using this permission."},
    {"AuthorizationProtocolMismatch", 403, Kind::forbidden,
     "This request is not authorized to perform this operation using this protocol."},
    {"AuthorizationResourceTypeMismatch", 403, Kind::forbidden,
     "This request is not authorized to perform this operation using this resource type."},
    {"AuthorizationServiceMismatch", 403, Kind::forbidden,
     "This request is not authorized to perform this operation using this service."},
    {"AuthorizationSourceIPMismatch", 403, Kind::forbidden,
     "This request is not authorized to perform this operation using this source IP."},
    {"BlobAlreadyExists", 409, Kind::conflict, "The specified blob already exists."},
    {"BlobNotFound", 404, Kind::not_found, "The specified blob does not exist."},
    {"BlockCountExceedsLimit", 409, Kind::conflict,
     "The uncommitted block count exceeds the maximum limit of 100,000 blocks."},
    {"BlockListTooLong", 400, Kind::invalid,
     "The block list may not contain more than 50,000 blocks."},
    {"CannotVerifyCopySource", 404, Kind::not_found,
     "Could not verify the copy source within the specified time."},
    {"ConditionNotMet", 412, Kind::unmet,
     "The condition specified using HTTP conditional header(s) is not met."},
    {"ContainerAlreadyExists", 409, Kind::conflict, "The specified container already exists."},
    {"ContainerNotFound", 404, Kind::not_found, "The specified container does not exist."},
    {"Crc64Mismatch", 400, Kind::invalid,
     "The CRC64 value specified in the request did not match with the CRC64 value calculated by "
     "the server."},
    {"FeatureNotSupported", 501, Kind::invalid, "This storage does not have the feature."},
    {"InternalError", 500, Kind::internal,
     "The server encountered an internal error. Its log says why. Please retry the request."},
    {"InvalidBlobOrBlock", 400, Kind::invalid, "The specified blob or block content is invalid."},
    {"InvalidBlockId", 400, Kind::invalid, "The specified block ID is invalid."},
    {"InvalidBlockList", 400, Kind::invalid, "The specified block list is invalid."},
    {"InvalidHeaderValue", 400, Kind::invalid,
     "The value for one of the HTTP headers is not in the correct format."},
    {"InvalidInput", 400, Kind::invalid, "One of the request inputs is not valid."},
    {"InvalidMd5", 400, Kind::invalid, "The MD5 value specified in the request is invalid."},
    {"InvalidMetadata", 400, Kind::invalid, "The specified metadata is invalid."},
    {"InvalidQueryParameterValue", 400, Kind::invalid,
     "Value for one of the query parameters specified in the request URI is invalid."},
    {"InvalidRange", 416, Kind::bad_range,
     "The range specified is invalid for the current size of the resource."},
    {"InvalidResourceName", 400, Kind::invalid,
     "The specified resource name contains invalid characters."},
    {"InvalidUri", 400, Kind::invalid,
     "The requested URI does not represent any resource on the server."},
    {"InvalidXmlDocument", 400, Kind::invalid, "XML specified is not syntactically valid."},
    {"LeaseAlreadyPresent", 409, Kind::conflict, "There is already a lease present."},
    {"LeaseIdMismatchWithBlobOperation", 412, Kind::unmet,
     "The lease ID specified did not match the lease ID for the blob."},
    {"LeaseIdMismatchWithContainerOperation", 412, Kind::unmet,
     "The lease ID specified did not match the lease ID for the container."},
    {"LeaseIdMismatchWithLeaseOperation", 409, Kind::conflict,
     "The lease ID specified did not match the lease ID for the resource."},
    {"LeaseIdMissing", 412, Kind::unmet,
     "There is currently a lease on the resource and no lease ID was specified in the request."},
    {"LeaseIsBreakingAndCannotBeAcquired", 409, Kind::conflict,
     "The lease is breaking: it cannot be acquired before it is broken."},
    {"LeaseIsBreakingAndCannotBeChanged", 409, Kind::conflict,
     "The lease is breaking: it cannot be changed."},
    {"LeaseIsBrokenAndCannotBeRenewed", 409, Kind::conflict,
     "The lease is broken: it cannot be renewed. Acquire a new one."},
    {"LeaseLost", 412, Kind::unmet,
     "A lease ID was specified, but the lease for the resource has expired."},
    {"LeaseNotPresentWithBlobOperation", 412, Kind::unmet,
     "There is currently no lease on the blob."},
    {"LeaseNotPresentWithContainerOperation", 412, Kind::unmet,
     "There is currently no lease on the container."},
    {"LeaseNotPresentWithLeaseOperation", 409, Kind::conflict,
     "There is currently no lease on the resource."},
    {"Md5Mismatch", 400, Kind::invalid,
     "The MD5 value specified in the request did not match with the MD5 value calculated by the "
     "server."},
    {"MetadataTooLarge", 400, Kind::invalid,
     "The size of the specified metadata exceeds the maximum size permitted: 8 KiB."},
    {"MissingContentLengthHeader", 411, Kind::invalid,
     "The Content-Length header was not specified."},
    {"MissingRequiredHeader", 400, Kind::invalid,
     "An HTTP header that's mandatory for this request is not specified."},
    {"MissingRequiredQueryParameter", 400, Kind::invalid,
     "A query parameter that's mandatory for this request is not specified."},
    {"NoAuthenticationInformation", 401, Kind::unauthenticated,
     "Server failed to authenticate the request. Sign it with the account's key, or give a shared "
     "access signature."},
    {"NoPendingCopyOperation", 409, Kind::conflict,
     "There is currently no pending copy operation."},
    {"OutOfRangeInput", 400, Kind::invalid, "One of the request inputs is out of range."},
    {"OutOfRangeQueryParameterValue", 400, Kind::invalid,
     "One of the query parameters specified in the request URI is outside the permissible range."},
    {"RequestBodyTooLarge", 413, Kind::too_large,
     "The request body is too large and exceeds the maximum permissible limit."},
    {"ResourceNotFound", 404, Kind::not_found, "The specified resource does not exist."},
    {"ServerBusy", 503, Kind::busy, "The server is busy."},
    {"SourceConditionNotMet", 412, Kind::unmet,
     "The source condition specified using HTTP conditional header(s) is not met."},
    {"UnauthorizedBlobOverwrite", 403, Kind::forbidden,
     "This request is not authorized to overwrite blobs: the signature allows to create alone."},
    {"UnsupportedHeader", 400, Kind::invalid,
     "One of the HTTP headers specified in the request is not supported."},
    {"UnsupportedHttpVerb", 405, Kind::bad_verb,
     "The resource doesn't support specified Http Verb."},
};

constexpr std::size_t line_of(std::string_view code) {
  std::size_t line = 0;
  while (line < std::size(codes) && codes[line].code != code) ++line;
  return line;
}

// A code of the table, written where it is used.
class Code {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a code stands where it is refused.
  consteval Code(const char* code) : line_(line_of(code)) {
    if (line_ == std::size(codes)) throw "blob/codes.h has no such code";
  }
  const CodeFacts& facts() const { return codes[line_]; }

 private:
  std::size_t line_;
};

// A refusal in the storage's words, and what is to be known of this one.
std::unexpected<Error> refused(Code code, std::string_view more = {},
                               std::vector<Detail> details = {});
// A header's value is wrong; says which and what would be right.
std::unexpected<Error> bad_header(std::string_view name, std::string_view value,
                                  std::string_view right);
std::unexpected<Error> bad_parameter(std::string_view name, std::string_view value,
                                     std::string_view right);

// Of an error with any code. One that the table does not know is of the listener, or our own fault.
const CodeFacts& facts_of(const Error& error);

}  // namespace batchyard::blob
