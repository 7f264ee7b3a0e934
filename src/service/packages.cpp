// An operator's way to applications and their packages, beside the API and signed like it
// (docs/operate.md):
//   GET                    /batchyard/applications
//   GET PUT PATCH DELETE   /batchyard/applications/{id}
//   GET PUT DELETE         /batchyard/applications/{id}/versions/{version}   PUT {"upload": NAME},
//                          or PUT {"storage": true}: its archive is put into the account's storage
//   POST                   /batchyard/applications/{id}/versions/{version}/activate
//   POST                   /batchyard/uploads
//   PUT DELETE             /batchyard/uploads/{NAME}?offset=N
// With ?storageUrl=read or =write packages are shown with the URL of their archives in the storage.
// An archive comes in parts that fit a request, so that no archive is ever in memory. Nodes read it
// from /batchyard/packages/{content}, with their own credential (node_credential.h).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/json_parts.h"
#include "service/node_credential.h"
#include "service/service.h"
#include "signing/signing.h"

namespace batchyard::service {

namespace {

using engine::EntityKind;

constexpr std::size_t display_name_max = 1024;
constexpr std::size_t version_length_max = 64;
constexpr std::size_t tags_max = 16'384;
constexpr std::size_t applications_shown_max = 1000;
constexpr std::int64_t upload_part_size = std::int64_t{2} << 20;  // that callers are told to send

std::unexpected<Error> unknown_path(const Call& call) {
  return refusal(
      "InvalidUri",
      fmt::format("The requested URI does not represent any resource on the server: {} {}. "
                  "docs/operate.md lists the paths of applications.",
                  call.request.method, call.raw_path()));
}

Result<PackageVersion> version_of(const std::string& text, const std::string& property) {
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
           letter == '-' || letter == '.';
  };
  if (text.empty() || text.size() > version_length_max || text.front() == '.' ||
      !std::ranges::all_of(text, plain))
    return bad_property(property, text,
                        "A version has 1 to 64 letters, digits, '_', '-' and '.', and does not "
                        "begin with '.'.");
  return PackageVersion::trusted(text);
}

Result<json::object> object_of(const std::string& body) {
  if (body.empty()) return json::object();
  json::value value = TRY(api::parse_body(body));
  if (!value.is_object()) return bad_property("body", body.substr(0, 100), "Give a JSON object.");
  return std::move(value.get_object());
}

Result<std::optional<std::string>> tags_of(const json::object& body) {
  const json::value* tags = body.if_contains("tags");
  if (tags == nullptr) return std::optional<std::string>();
  const bool good = tags->is_object() &&
                    std::ranges::all_of(tags->get_object(),
                                        [](const auto& one) { return one.value().is_string(); });
  std::string text = json::serialize(*tags);
  if (good && text.size() <= tags_max) return std::optional(std::move(text));
  return bad_property("tags", good ? "" : text.substr(0, 100),
                      "Give an object of texts, at most 16384 characters of JSON.");
}

Result<engine::SetApplication> wishes_of(ApplicationId id, const json::object& body) {
  engine::SetApplication command{.id = std::move(id),
                                 .display_name = optional_text(body, "displayName"),
                                 .default_version = {},
                                 .allow_updates = {}};
  for (const auto& member : body) {
    if (member.key() != "displayName" && member.key() != "defaultVersion" &&
        member.key() != "allowUpdates" && member.key() != "tags")
      return bad_property(std::string(member.key()), "",
                          "Known are: displayName, defaultVersion, allowUpdates, tags.");
  }
  if (command.display_name && command.display_name->size() > display_name_max)
    return bad_property("displayName", "", "It has at most 1024 characters.");
  if (const std::optional<std::string> version = optional_text(body, "defaultVersion"))
    command.default_version =
        version->empty() ? PackageVersion() : TRY(version_of(*version, "defaultVersion"));
  if (const json::value* flag = body.if_contains("allowUpdates")) {
    if (!flag->is_bool())
      return bad_property("allowUpdates", json::serialize(*flag), "Give true or false.");
    command.allow_updates = flag->get_bool();
  }
  command.tags = TRY(tags_of(body));
  return command;
}

void show_common(const engine::Row& row, const std::string& tags, json::object& shown) {
  shown["eTag"] = etag_of(row.version);
  shown["lastModified"] = to_iso8601(row.modified);
  if (!tags.empty()) shown["tags"] = json::parse(tags);
}

}  // namespace

Result<json::object> package_entity(const engine::Row& row) {
  const PackageStatus status = TRY(from_json<PackageStatus>(row.status));
  json::object package{{"version", row.key.id},
                       {"state", boost::describe::enum_to_string(status.state, "")},
                       {"uploaded", status.uploaded || status.content}};
  if (const std::optional<PackageContent>& shown =
          status.content ? status.content : status.uploaded) {
    package["size"] = shown->size;
    package["sha256"] = shown->sha256;
  }
  if (!status.format.empty()) package["format"] = status.format;
  show_common(row, status.tags, package);
  if (status.activated) package["lastActivationTime"] = to_iso8601(*status.activated);
  if (status.content && status.uploaded) package["awaitsActivation"] = status.uploaded->sha256;
  return package;
}

Result<json::object> application_entity(const engine::Row& row) {
  const ApplicationStatus status = TRY(from_json<ApplicationStatus>(row.status));
  json::object application{{"id", row.key.id}, {"allowUpdates", status.allow_updates}};
  show_common(row, status.tags, application);
  if (!status.display_name.empty()) application["displayName"] = status.display_name;
  if (!status.default_version.empty())
    application["defaultVersion"] = status.default_version.text();
  return application;
}

// With what it has now.
Result<json::object> Service::with_packages(const Call& call, const engine::Row& row) const {
  json::object application = TRY(application_entity(row));
  json::array packages;
  const engine::Page page = TRY(ports_.store->list(
      {.kind = EntityKind::package, .parent = row.key.id, .limit = applications_shown_max}));
  for (const engine::Row& one : page.rows) {
    json::object package = TRY(package_entity(one));
    TRY(show_storage_url(call, one, package));
    packages.push_back(std::move(package));
  }
  application["packages"] = std::move(packages);
  return application;
}

void Service::operate_packages(Call call) {
  const auto parts_of = [&]() -> Result<std::vector<std::string>> {
    std::vector<std::string> parts;
    for (const std::string_view part : split(call.raw_path().substr(1), '/')) {
      std::optional<std::string> decoded = percent_decode(part);
      if (!decoded) return unknown_path(call);
      parts.push_back(*std::move(decoded));
    }
    return parts;
  };
  Result<std::vector<std::string>> parts = parts_of();
  if (!parts) return answer_error(call, parts.error());
  const bool uploads = parts->at(1) == "uploads";
  call.parameters.assign(parts->begin() + 2, parts->end());
  const std::size_t depth = call.parameters.size();
  if (uploads)
    return depth <= 1 ? operate_upload(std::move(call))
                      : answer_error(call, unknown_path(call).error());
  if (depth <= 1) return operate_application(std::move(call));
  const bool version = call.parameters[1] == "versions" &&
                       (depth == 3 || (depth == 4 && call.parameters[3] == "activate"));
  if (!version) return answer_error(call, unknown_path(call).error());
  operate_package(std::move(call));
}

void Service::operate_application(Call call) {
  const std::string& method = call.request.method;
  const auto show_all = [&]() -> Result<> {
    const engine::Page page =
        TRY(ports_.store->list({.kind = EntityKind::application, .limit = applications_shown_max}));
    json::array all;
    for (const engine::Row& row : page.rows) all.push_back(TRY(with_packages(call, row)));
    answer_list(call, "applications", std::move(all), std::nullopt);
    return Done();
  };
  const auto run = [&]() -> Result<> {
    if (call.parameters.empty() && method == "GET") return show_all();
    if (call.parameters.empty()) return unknown_path(call);
    const ApplicationId id = TRY(ApplicationId::parse(call.parameters[0], "id"));
    if (method == "GET") {
      const engine::Row row = TRY(row_of(EntityKind::application, "", id.text()));
      answer_entity(call, "applications/@Element", TRY(with_packages(call, row)));
      return Done();
    }
    if (method == "DELETE") {
      act(std::move(call), engine::DeleteApplication{id}, 204);
      return Done();
    }
    if (method != "PUT" && method != "PATCH") return unknown_path(call);
    engine::SetApplication command = TRY(wishes_of(id, TRY(object_of(call.request.body))));
    command.add = method == "PUT";
    const int status = command.add ? 201 : 200;
    act(std::move(call), std::move(command), status);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::operate_package(Call call) {
  const std::string& method = call.request.method;
  const auto run = [&]() -> Result<> {
    const ApplicationId id = TRY(ApplicationId::parse(call.parameters[0], "id"));
    const PackageVersion version = TRY(version_of(call.parameters[2], "version"));
    if (call.parameters.size() == 4) {
      if (method != "POST") return unknown_path(call);
      const json::object body = TRY(object_of(call.request.body));
      const std::string format = text_at(body, "format", "zip");
      if (!same_folded(format, "zip"))
        return bad_property("format", format, "Packages are zip archives: give zip.");
      activate_package(std::move(call), engine::ActivatePackage{id, version, "zip"});
      return Done();
    }
    if (method == "GET") {
      TRY(row_of(EntityKind::application, "", id.text()));
      const engine::Row row = TRY(row_of(EntityKind::package, id.text(), version.text()));
      json::object package = TRY(package_entity(row));
      TRY(show_storage_url(call, row, package));
      answer_entity(call, "packages/@Element", std::move(package));
      return Done();
    }
    if (method == "DELETE") {
      delete_package(std::move(call), engine::DeletePackage{id, version});
      return Done();
    }
    if (method != "PUT") return unknown_path(call);
    const json::object body = TRY(object_of(call.request.body));
    TRY(row_of(EntityKind::application, "", id.text()));
    const json::value* storage = body.if_contains("storage");
    if (storage == nullptr && text_at(body, "upload").empty())
      return bad_property("upload", "",
                          "Give the name that POST /batchyard/uploads has answered, or "
                          "{\"storage\": true}.");
    if (storage == nullptr) {
      store_package(std::move(call), {id, version, {}}, text_at(body, "upload"));
    } else if (*storage == true) {
      engine::DeclarePackage command{id, version, {}};
      command.tags = TRY(tags_of(body));
      declare_package(std::move(call), std::move(command));
    } else {
      return bad_property("storage", json::serialize(*storage), "Give true, or an upload.");
    }
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

// First the archive is checked and kept, then the package refers to it: what fails in between
// leaves nothing behind.
void Service::store_package(Call call, engine::StorePackage command, const std::string& upload) {
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.packages->finish(
      upload, [this, kept, command = std::move(command)](Result<PackageContent> content) mutable {
        if (!content) return answer_error(*kept, content.error());
        command.content = *content;
        ports_.inbox->submit(std::move(command),
                             [packages = ports_.packages, kept,
                              content = *content](const Result<engine::Reply>& reply) {
                               if (reply) return answer_empty(*kept, 201);
                               packages->drop(content.name);
                               answer_error(*kept, reply.error());
                             });
      });
}

void Service::operate_upload(Call call) {
  const auto run = [&]() -> Result<> {
    if (call.parameters.empty()) {
      if (call.request.method != "POST") return unknown_path(call);
      const std::string upload = TRY(ports_.packages->begin());
      answer_entity(call, "uploads/@Element", {{"upload", upload}, {"partSize", upload_part_size}});
      return Done();
    }
    if (call.request.method == "DELETE") {
      ports_.packages->abandon(call.parameters[0]);
      answer_empty(call, 204);
      return Done();
    }
    if (call.request.method != "PUT") return unknown_path(call);
    const std::optional<std::int64_t> offset = parse_integer(call.query_value("offset"));
    if (!offset)
      return refusal("InvalidQueryParameterValue",
                     fmt::format("The value specified for one of the query parameters is invalid: "
                                 "offset is '{}'. Give the place of the part's first byte.",
                                 call.query_value("offset")),
                     {{"QueryParameterName", "offset"}});
    const std::int64_t size =
        TRY(ports_.packages->append(call.parameters[0], *offset, call.request.body));
    answer_entity(call, "uploads/@Element", {{"upload", call.parameters[0]}, {"size", size}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::give_package(Call call) {
  const auto run = [&]() -> Result<> {
    const std::optional<NodePlace> place = node_of(call.request);
    if (!place || !ports_.node_token ||
        !equal_in_constant_time(place->token, ports_.node_token(place->pool, place->node)) ||
        !TRY(ports_.store->read({EntityKind::node, place->pool.text(), place->node.text()})))
      return unauthenticated("Archives of packages are for the nodes of the account's pools.");
    const std::string_view path = call.raw_path();
    PackageBytes bytes = TRY(ports_.packages->read(std::string(path.substr(path.rfind('/') + 1))));
    HttpResponse response;
    response.headers = {{"Content-Type", "application/octet-stream"}};
    response.source = std::move(bytes.source);
    response.source_length = bytes.size;
    answer_bytes(call, std::move(response));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
