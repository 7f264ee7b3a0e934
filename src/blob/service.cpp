#include "blob/service.h"

#include <fmt/format.h>

#include "base/text.h"
#include "blob/codes.h"
#include "blob/conditions.h"
#include "blob/handlers.h"
#include "blob/limits.h"
#include "blob/sas.h"
#include "blob/xml.h"

namespace batchyard::blob {

namespace {

constexpr std::string_view newest_version = "2025-07-05";  // of requests that name none

using Handler = Result<Answer> (*)(const Call&, Rows&);

Handler handler_of(Operation operation) {
  switch (operation) {
    case Operation::list_containers:
      return list_containers;
    case Operation::get_service_properties:
      return get_service_properties;
    case Operation::set_service_properties:
      return set_service_properties;
    case Operation::get_account_information:
      return get_account_information;
    case Operation::submit_batch:
      return nullptr;  // the edge takes it apart (blob/batch.h)
    case Operation::create_container:
      return create_container;
    case Operation::get_container:
      return get_container;
    case Operation::delete_container:
      return delete_container;
    case Operation::get_container_acl:
      return get_container_acl;
    case Operation::set_container_acl:
      return set_container_acl;
    case Operation::set_container_metadata:
      return set_container_metadata;
    case Operation::lease_container:
      return lease_container;
    case Operation::list_blobs:
      return list_blobs;
    case Operation::put_blob:
      return put_blob;
    case Operation::put_blob_from_url:
    case Operation::copy_blob:
      return copy_blob;
    case Operation::abort_copy:
      return abort_copy;
    case Operation::get_blob:
      return get_blob;
    case Operation::get_blob_properties:
      return get_blob_properties;
    case Operation::delete_blob:
      return delete_blob;
    case Operation::set_blob_properties:
      return set_blob_properties;
    case Operation::set_blob_metadata:
      return set_blob_metadata;
    case Operation::set_blob_tier:
      return set_blob_tier;
    case Operation::lease_blob:
      return lease_blob;
    case Operation::put_block:
      return put_block;
    case Operation::put_block_from_url:
      return put_block_from_url;
    case Operation::put_block_list:
      return put_block_list;
    case Operation::get_block_list:
      return get_block_list;
  }
  return nullptr;
}

bool is_version(std::string_view text) {
  return text.size() == 10 && parse_iso8601(std::string(text) + "T00:00:00Z").has_value();
}

void tell_request(Headers& headers, const HttpRequest& request, std::string_view request_id) {
  headers.push_back({"Server", "Batchyard-Blob/1.0"});
  headers.push_back({"x-ms-request-id", std::string(request_id)});
  const std::string_view version = request.header("x-ms-version");
  headers.push_back({"x-ms-version", std::string(is_version(version) ? version : newest_version)});
  const std::string_view own = request.header("x-ms-client-request-id");
  if (!own.empty() && own.size() <= 1024)
    headers.push_back({"x-ms-client-request-id", std::string(own)});
}

}  // namespace

Result<Admitted> admit(const Account& account, const HttpRequest& request, Rows& rows, Time now) {
  Admitted admitted;
  admitted.address = TRY(address_of(request.target, request.host, account.name));
  const Address& address = admitted.address;
  const std::string_view version = request.header("x-ms-version");
  if (!version.empty() && !is_version(version))
    return bad_header("x-ms-version", version, "give a date, as 2021-12-02");
  // Strangers learn nothing but that they are strangers.
  const bool anonymous = request.header("Authorization").empty() && !has_sas(address);
  const Result<Operation> operation = operation_of(request, address);
  if (!operation && anonymous) return refused("NoAuthenticationInformation");
  admitted.operation = TRY(Result<Operation>(operation));
  std::optional<ContainerRow> container;
  if (!address.container.empty()) container = TRY(rows.container(address.container));
  admitted.caller = TRY(authorize(account, request, address, admitted.operation,
                                  container ? &container->container : nullptr, now));
  TRY(check_names(address));
  return admitted;
}

Result<> check_head(const Admitted& admitted, const HttpRequest& request) {
  const OperationFacts& facts = facts_of(admitted.operation);
  if (facts.body == Body::none) return Done();
  const std::string_view text = request.header("Content-Length");
  const std::optional<std::int64_t> length = parse_integer(text);
  // Chunks bring their own end; what is neither must say how long it is.
  if (!length && request.header("Transfer-Encoding").empty())
    return refused("MissingContentLengthHeader");
  const std::int64_t most = facts.body == Body::text ? std::int64_t{text_body_max}
                            : admitted.operation == Operation::put_block ? block_size_max
                                                                         : whole_size_max;
  if (length && *length > most)
    return refused("RequestBodyTooLarge",
                   fmt::format("{} takes {} bytes at most.", facts.name, most),
                   {{"MaxLimit", std::to_string(most)}});
  if (admitted.operation == Operation::put_blob && request.header("x-ms-blob-type").empty())
    return refused("MissingRequiredHeader", "x-ms-blob-type: BlockBlob.",
                   {{"HeaderName", "x-ms-blob-type"}});
  const std::string_view structured = request.header("x-ms-structured-body");
  if (!structured.empty())
    return refused("UnsupportedHeader", "This storage cannot read a structured body.",
                   {{"HeaderName", "x-ms-structured-body"}});
  return Done();
}

Result<Answer> perform(const Call& call, Rows& rows) {
  const Handler handler = handler_of(call.admitted.operation);
  if (handler == nullptr) return refused("InternalError");
  return handler(call, rows);
}

Result<ContainerRow> need_container(const Call& call, Rows& rows) {
  std::optional<ContainerRow> row = TRY(rows.container(call.admitted.address.container));
  if (!row) return refused("ContainerNotFound");
  return *std::move(row);
}

Result<BlobRow> need_blob(const Call& call, const ContainerRow& container, Rows& rows) {
  std::optional<BlobRow> row = TRY(rows.blob(container.number, call.admitted.address.blob));
  if (!row) return refused("BlobNotFound");
  return *std::move(row);
}

HttpResponse response_of(const HttpRequest& request, Answer answer, std::string_view request_id) {
  HttpResponse response;
  response.status = answer.status;
  response.headers = std::move(answer.headers);
  response.body = std::move(answer.body);
  if (!response.body.empty() && response.header("Content-Type").empty())
    response.headers.push_back({"Content-Type", "application/xml"});
  tell_request(response.headers, request, request_id);
  return response;
}

HttpResponse response_of(const HttpRequest& request, const Error& error,
                         std::string_view request_id, Time now) {
  const CodeFacts& facts = facts_of(error);
  HttpResponse response;
  response.status = is_unmodified(request, error) ? 304 : facts.status;
  response.headers.push_back({"x-ms-error-code", std::string(facts.code)});
  if (facts.status == 401) response.headers.push_back({"WWW-Authenticate", "SharedKey"});
  // Our own faults keep to themselves what they are about.
  const bool known = facts.kind != Kind::internal;
  const std::string message =
      fmt::format("{}\nRequestId:{}\nTime:{}", known ? error.message : std::string(facts.words),
                  request_id, to_iso8601(now));
  if (request.method != "HEAD" && response.status != 304) {
    response.headers.push_back({"Content-Type", "application/xml"});
    response.body = error_xml(error, message);
  }
  tell_request(response.headers, request, request_id);
  return response;
}

}  // namespace batchyard::blob
