// Certificates of the account. Data and password are kept for the nodes and never shown.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/json_parts.h"
#include "service/service.h"
#include "service/x509.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t data_max = 10 * 1024;

std::string key_of(const Call& call) {
  return certificate_id(call.parameters[0], call.parameters[1]);
}

// The parts of a key: "sha1-<thumbprint>".
std::pair<std::string, std::string> parts_of(const std::string& id) {
  const std::size_t dash = id.find('-');
  return {id.substr(0, dash), id.substr(dash + 1)};
}

// Checks what was sent, and adds the public part to it.
Result<> complete(json::object& body) {
  const std::string algorithm = text_at(body, "thumbprintAlgorithm");
  if (!same_folded(algorithm, "sha1"))
    return bad_property("thumbprintAlgorithm", algorithm, "Only sha1 is known.");
  const std::optional<std::string> bytes = base64_decode(text_at(body, "data"));
  if (!bytes || bytes->empty())
    return bad_property("data", "", "It is not base64 of a certificate.");
  if (bytes->size() > data_max)
    return bad_property("data", fmt::format("{} bytes", bytes->size()),
                        "A certificate can have at most 10 KB.");
  const bool cer = same_folded(text_at(body, "certificateFormat"), "cer");
  const std::string password = text_at(body, "password");
  if (cer && !password.empty())
    return bad_property("password", "", "A .cer file has no password. Leave it out.");
  const ReadCertificate found = TRY(cer ? read_cer(*bytes) : read_pfx(*bytes, password));
  const std::string told = parts_of(certificate_id(algorithm, text_at(body, "thumbprint"))).second;
  if (told != found.thumbprint)
    return bad_property("thumbprint", told,
                        fmt::format("The certificate's thumbprint is {}.", found.thumbprint));
  body["certificateFormat"] = cer ? "cer" : "pfx";
  body["publicData"] = base64_encode(found.public_der);
  for (const char* name : {"thumbprint", "thumbprintAlgorithm"}) body.erase(name);
  return Done();
}

json::object error_of(const CertificateStatus& status) {
  json::array values;
  for (const std::string& user : status.used_by)
    values.push_back({{"name", user.starts_with("pool ") ? "Pool" : "Node"}, {"value", user}});
  return {{"code", "CertificateDeleteFailed"},
          {"message",
           "The specified certificate is in use by the pools and nodes below. Remove it from the "
           "pools' certificateReferences, and let the nodes start anew or remove them; then delete "
           "it again."},
          {"values", std::move(values)}};
}

}  // namespace

Result<json::object> certificate_entity(const engine::Row& row, const std::string& base_url) {
  const CertificateStatus status = TRY(from_json<CertificateStatus>(row.status));
  const json::value spec = json::parse(row.spec);
  const auto [algorithm, thumbprint] = parts_of(row.key.id);
  const auto word = [](CertificateState state) {
    return boost::describe::enum_to_string(state, "");
  };
  json::object certificate{
      {"thumbprint", thumbprint},
      {"thumbprintAlgorithm", algorithm},
      {"url", fmt::format("{}/certificates(thumbprintAlgorithm={},thumbprint={})", base_url,
                          algorithm, thumbprint)},
      {"state", word(status.state)},
      {"stateTransitionTime", to_iso8601(status.state_since)}};
  if (status.previous) {
    certificate["previousState"] = word(*status.previous);
    certificate["previousStateTransitionTime"] = to_iso8601(status.previous_since);
  }
  certificate["publicData"] = spec.at("publicData");
  if (status.state == CertificateState::deletefailed)
    certificate["deleteCertificateError"] = error_of(status);
  return certificate;
}

void Service::add_certificate(Call call) {
  std::string location;
  const auto make = [&]() -> Result<engine::AddCertificate> {
    json::value body = TRY(body_of(call));
    json::object& certificate = body.as_object();
    const std::string id = certificate_id(text_at(certificate, "thumbprintAlgorithm"),
                                          text_at(certificate, "thumbprint"));
    TRY(complete(certificate));
    const auto [algorithm, thumbprint] = parts_of(id);
    location =
        fmt::format("/certificates(ThumbprintAlgorithm={},Thumbprint={})", algorithm, thumbprint);
    return engine::AddCertificate{id, json::serialize(certificate)};
  };
  Result<engine::AddCertificate> command = make();
  if (!command) return answer_error(call, command.error());
  act(std::move(call), *std::move(command), 201, std::move(location));
}

Result<engine::Command> Service::whole_certificate_command(const Call& call,
                                                           const std::string& id) const {
  const std::optional<engine::Row> row =
      TRY(row_to_replace(call, engine::EntityKind::certificate, id));
  json::value whole = TRY(api::parse_body(call.request.body));
  json::value body = whole.is_object() ? child(whole.get_object(), "certificate") : json::object();
  const auto [algorithm, thumbprint] = parts_of(id);
  body.get_object()["thumbprint"] = thumbprint;
  body.get_object()["thumbprintAlgorithm"] = algorithm;
  TRY(api::canonicalize(api::Model::CertificateAddParameter, call.version, body));
  TRY(complete(body.get_object()));
  const std::string spec = json::serialize(body);
  if (row) return engine::Command(engine::ReplaceCertificate{row->key.id, spec, row->version});
  return engine::Command(engine::AddCertificate{id, spec});
}

void Service::get_certificate(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::certificate, "", key_of(call)));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::Certificate, call.version, call.query_value("$select")));
    json::object certificate = TRY(certificate_entity(row, call.base_url()));
    api::view(api::Model::Certificate, call.version, certificate);
    api::select(names, certificate);
    answer_entity(call, "certificates/@Element", std::move(certificate));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_certificates(Call call) {
  const std::string filter(call.query_value("$filter"));
  list(
      call, "certificates", {.kind = engine::EntityKind::certificate}, filter,
      [&](const engine::Row& row) { return certificate_entity(row, call.base_url()); },
      api::Model::Certificate);
}

void Service::delete_certificate(Call call) {
  engine::DeleteCertificate command{key_of(call)};
  act(std::move(call), std::move(command), 202);
}

void Service::cancel_certificate_deletion(Call call) {
  engine::CancelCertificateDeletion command{key_of(call)};
  act(std::move(call), std::move(command), 204);
}

}  // namespace batchyard::service
