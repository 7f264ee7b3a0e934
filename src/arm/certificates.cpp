// Certificates, which the account's data plane keeps. Their names are "<algorithm>-<thumbprint>".
#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/children.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;
using api::ArmOperation;
using Sort = FilterWord::Sort;

constexpr FilterWord::Value certificate_states[] = {
    {"Succeeded", "'active'"}, {"Deleting", "'deleting'"}, {"Failed", "'deletefailed'"}};

constexpr FilterWord certificate_filter[] = {
    {"name", "id", Sort::folded},
    {"properties/provisioningState", "state", Sort::text, certificate_states},
    {"properties/provisioningStateTransitionTime", "stateTransitionTime", Sort::time}};

struct NameParts {
  std::string algorithm;
  std::string thumbprint;
};
NameParts parts_of_name(const std::string& name) {
  const std::size_t dash = name.find('-');
  if (dash == std::string::npos) return {.algorithm = "sha1", .thumbprint = fold(name)};
  return {fold(name.substr(0, dash)), fold(name.substr(dash + 1))};
}

std::string certificate_path(const std::string& name) {
  const NameParts parts = parts_of_name(name);
  return fmt::format("/certificates(thumbprintAlgorithm={},thumbprint={})",
                     percent_encode(parts.algorithm), percent_encode(parts.thumbprint));
}

std::string provisioning_state(const std::string& state) {
  if (state == "active") return "Succeeded";
  return state == "deleting" ? "Deleting" : "Failed";
}

std::string in_our_words(std::string text) {
  static constexpr std::string_view ours = "certificateReferences";
  if (const std::size_t at = text.find(ours); at != std::string::npos)
    text.replace(at, ours.size(), "certificates");
  return text;
}

// Nothing while it goes on, or when it is another one by now.
std::optional<Error> deletion_failure_of(const json::object& certificate) {
  const json::object* error = object_at(certificate, "deleteCertificateError");
  if (error == nullptr) return std::nullopt;
  Error failure =
      arm::refuse("CertificateDeleteFailed", in_our_words(text_at(*error, "message"))).error();
  const json::value* values = error->if_contains("values");
  if (values == nullptr || !values->is_array()) return failure;
  for (const json::value& value : values->get_array())
    failure.details.push_back(
        {text_at(value.get_object(), "name"), text_at(value.get_object(), "value")});
  return failure;
}

json::object deletion_error(const Error& failure) {
  json::array details;
  for (const Detail& detail : failure.details)
    details.push_back(json::object{{"code", detail.key}, {"message", detail.value}});
  return {{"code", failure.code},
          {"message", failure.message},
          {"target", "BatchAccount"},
          {"details", std::move(details)}};
}

json::object entity_of_certificate(const json::object& whole, const std::string& account_id) {
  const json::object& kept = whole.at("certificate").get_object();
  const std::string algorithm = text_at(kept, "thumbprintAlgorithm");
  const std::string thumbprint = text_at(kept, "thumbprint");
  json::object properties{
      {"thumbprintAlgorithm", algorithm},
      {"thumbprint", thumbprint},
      {"provisioningState", provisioning_state(text_at(kept, "state"))},
      {"provisioningStateTransitionTime", text_at(kept, "stateTransitionTime")}};
  if (kept.contains("previousState")) {
    properties["previousProvisioningState"] = provisioning_state(text_at(kept, "previousState"));
    properties["previousProvisioningStateTransitionTime"] =
        text_at(kept, "previousStateTransitionTime");
  }
  properties["format"] = text_at(whole, "format");
  properties["publicData"] = text_at(kept, "publicData");
  if (const std::optional<Error> failure = deletion_failure_of(kept))
    properties["deleteCertificateError"] = deletion_error(*failure);
  const std::string name = algorithm + "-" + thumbprint;
  return {{"id", fmt::format("{}/certificates/{}", account_id, name)},
          {"name", name},
          {"type", "Microsoft.Batch/batchAccounts/certificates"},
          {"etag", ""},
          {"properties", std::move(properties)}};
}

Error told_of_certificate(Error error) {
  for (Detail& detail : error.details) {
    if (detail.key != "PropertyName") continue;
    const std::string here =
        "properties." + (detail.value == "certificateFormat" ? "format" : detail.value);
    const std::string quoted = "'" + detail.value + "'";
    if (const std::size_t at = error.message.find(quoted); at != std::string::npos)
      error.message.replace(at, quoted.size(), "'" + here + "'");
    detail.value = here;
  }
  return error;
}

constexpr ChildKind certificates{.folder = "certificates",
                                 .member = "certificate",
                                 .results = "certificateOperationResults",
                                 .prefix = "",
                                 .model = api::Model::ArmCertificate,
                                 .properties = api::Model::ArmCertificateProperties,
                                 .not_found = "CertificateNotFound",
                                 .filter_words = certificate_filter,
                                 .entity = entity_of_certificate,
                                 .data_path = certificate_path,
                                 .deletion_failure = deletion_failure_of,
                                 .told = told_of_certificate};

// The name says which certificate it is; a body that says it, too, says the same.
Result<> check_name(const json::object& properties, const std::string& name) {
  const NameParts parts = parts_of_name(name);
  for (const auto& [property, right] : {std::pair("thumbprintAlgorithm", parts.algorithm),
                                        std::pair("thumbprint", parts.thumbprint)}) {
    const std::string said = text_at(properties, property);
    if (!said.empty() && !same_folded(said, right))
      return bad_property(
          fmt::format("properties.{}", property), said,
          fmt::format("It must be that of the name {}: {}. Or leave it out.", name, right));
  }
  return Done();
}

void write_certificate(const Parent& parent, Call call) {
  const auto translate = [&]() -> Result<json::object> {
    const json::value body =
        TRY(canonical_body(call, api::Model::ArmCertificateCreateOrUpdateParameters));
    json::object properties;
    if (const json::object* given = object_at(body.get_object(), "properties")) properties = *given;
    TRY(check_name(properties, call.parameters.at(3)));
    if (const json::value* format = properties.if_contains("format")) {
      // A copy: the object moves when it grows.
      json::value moved = *format;
      properties.erase("format");
      properties["certificateFormat"] = std::move(moved);
    }
    return json::object{{"certificate", std::move(properties)}};
  };
  const Result<json::object> whole = translate();
  if (!whole) return answer_error(call, whole.error());
  write_child(parent, certificates, std::move(call), *whole);
}

}  // namespace

void Management::relay_certificates(Call call) {
  const Result<Parent> parent = parent_of(call);
  if (!parent) return answer_error(call, parent.error());
  if (!call.operation) return show_deleted_child(*parent, certificates, std::move(call));
  // One certificate has one name.
  if (call.parameters.size() > 3) {
    const NameParts parts = parts_of_name(call.parameters[3]);
    call.parameters[3] = parts.algorithm + "-" + parts.thumbprint;
  }
  switch (*call.operation) {
    case ArmOperation::Certificate_Create:
    case ArmOperation::Certificate_Update:
      return write_certificate(*parent, std::move(call));
    case ArmOperation::Certificate_ListByBatchAccount:
      return list_children(*parent, certificates, std::move(call));
    case ArmOperation::Certificate_Delete:
      return delete_child(*parent, certificates, std::move(call));
    case ArmOperation::Certificate_CancelDeletion:
      return act_on_child(*parent, certificates, std::move(call), "canceldelete");
    default:
      return show_child(*parent, certificates, std::move(call));
  }
}

}  // namespace batchyard::arm
