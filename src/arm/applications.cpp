// Applications and their packages: the account's own service has them, and shows them in words of
// its own. The first api-version has flat bodies and other statuses.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "arm/ask.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

bool is_first(const Call& call) {
  return call.version_text == api::arm_versions().front().text;
}

std::string application_path(const Call& call) {
  return "/batchyard/applications/" + percent_encode(call.parameters.at(3));
}
std::string package_path(const Call& call) {
  return application_path(call) + "/versions/" + percent_encode(call.parameters.at(4));
}

void copy_members(const json::object& from, json::object& to,
                  std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const json::value* value = from.if_contains(name)) to[name] = *value;
  }
}

std::string state_of(const json::object& package) {
  return text_at(package, "state") == "active" ? "Active" : "Pending";
}

std::vector<HttpHeader> headers_of_shown(const json::object& shown) {
  const std::string tag = text_at(shown, "eTag");
  const std::optional<Time> modified = parse_iso8601(text_at(shown, "lastModified"));
  if (tag.empty() || !modified) return {};
  return {{"ETag", fmt::format("W/\"{}\"", tag)}, {"Last-Modified", to_rfc1123(*modified)}};
}

json::object package_parts(const json::object& package) {
  json::object parts{{"state", state_of(package)}};
  copy_members(package, parts, {"format", "storageUrl", "storageUrlExpiry", "lastActivationTime"});
  return parts;
}

// Of which application, by its own service's words and by its id here.
json::object package_entity(const Call& call, const json::object& package,
                            const std::string& application, const std::string& name) {
  const std::string version = text_at(package, "version");
  json::object parts = package_parts(package);
  if (is_first(call)) {
    parts["id"] = name;
    parts["version"] = version;
    api::view(api::Model::ArmFirstApplicationPackage, call.version, parts);
    return parts;
  }
  json::object entity{{"id", fmt::format("{}/versions/{}", application, version)},
                      {"name", version},
                      {"type", "Microsoft.Batch/batchAccounts/applications/versions"},
                      {"etag", fmt::format("W/\"{}\"", text_at(package, "eTag"))},
                      {"properties", std::move(parts)}};
  copy_members(package, entity, {"tags"});
  api::view(api::Model::ArmApplicationPackage, call.version, entity);
  return entity;
}

json::object application_entity(const Call& call, const json::object& application,
                                const std::string& account) {
  const std::string name = text_at(application, "id");
  const std::string id = fmt::format("{}/applications/{}", account, name);
  json::object parts;
  copy_members(application, parts, {"displayName", "allowUpdates", "defaultVersion"});
  if (is_first(call)) {
    parts["id"] = name;
    json::array packages;
    for (const json::value& one : application.at("packages").as_array())
      packages.push_back(package_entity(call, one.as_object(), id, name));
    parts["packages"] = std::move(packages);
    api::view(api::Model::ArmFirstApplication, call.version, parts);
    return parts;
  }
  json::object entity{{"id", id},
                      {"name", name},
                      {"type", "Microsoft.Batch/batchAccounts/applications"},
                      {"etag", fmt::format("W/\"{}\"", text_at(application, "eTag"))},
                      {"properties", std::move(parts)}};
  copy_members(application, entity, {"tags"});
  api::view(api::Model::ArmApplication, call.version, entity);
  return entity;
}

}  // namespace

void Management::ask_account(const SharedCall& call, const Question& question,
                             std::function<void(const Result<json::object>&)> then) {
  const Result<Record> account = account_named(*call);
  if (!account) return answer_error(*call, account.error());
  HttpRequest request{.method = question.method, .target = question.target};
  request.scheme = call->request.scheme;
  request.host = call->request.host;
  if (!question.body.empty()) request.body = json::serialize(question.body);
  ports_.accounts->ask(account->name, std::move(request),
                       [then = std::move(then), target = question.target](
                           const HttpResponse& answer) { then(body_of_answer(answer, target)); });
}

std::string Management::storage_query(const Call& call) const {
  return may_change(call) ? "?storageUrl=write" : "?storageUrl=read";
}

Result<json::object> Management::application_wishes(const Call& call) const {
  const bool first = is_first(call);
  const json::value body =
      TRY(body_of(call, first ? api::Model::ArmFirstApplication : api::Model::ArmApplication));
  const json::object& given = body.get_object();
  const json::object* parts = first ? &given : object_at(given, "properties");
  json::object wishes;
  if (parts != nullptr)
    copy_members(*parts, wishes, {"displayName", "allowUpdates", "defaultVersion"});
  if (!first) copy_members(given, wishes, {"tags"});
  return wishes;
}

// One that is there is set as it is given.
void Management::create_application(Call call) {
  const Result<json::object> wishes = application_wishes(call);
  if (!wishes) return answer_error(call, wishes.error());
  const auto kept = std::make_shared<Call>(std::move(call));
  const int status = is_first(*kept) ? 201 : 200;
  ask_account(kept, {"PUT", application_path(*kept), *wishes},
              [this, kept, status, wishes = *wishes](const Result<json::object>& made) {
                if (made) return show_application(kept, status);
                if (made.error().code != "ApplicationExists")
                  return answer_error(*kept, made.error());
                set_application(kept, wishes, status);
              });
}

void Management::set_application(const SharedCall& call, const json::object& wishes, int status) {
  ask_account(call, {"PATCH", application_path(*call), wishes},
              [this, call, status](const Result<json::object>& done) {
                if (!done) return answer_error(*call, done.error());
                show_application(call, status);
              });
}

void Management::update_application(Call call) {
  const Result<json::object> wishes = application_wishes(call);
  if (!wishes) return answer_error(call, wishes.error());
  const auto kept = std::make_shared<Call>(std::move(call));
  set_application(kept, *wishes, is_first(*kept) ? 204 : 200);
}

void Management::show_application(const SharedCall& call, int status) {
  if (status == 204) return answer_empty(*call, status);
  const std::string query = is_first(*call) ? storage_query(*call) : std::string();
  ask_account(call, {"GET", application_path(*call) + query, {}},
              [this, call, status](const Result<json::object>& shown) {
                if (!shown) return answer_error(*call, shown.error());
                answer_json(*call, application_entity(*call, *shown, account_id(*call)), status,
                            headers_of_shown(*shown));
              });
}

void Management::get_application(Call call) {
  show_application(std::make_shared<Call>(std::move(call)), 200);
}

void Management::list_applications(Call call) {
  const auto kept = std::make_shared<Call>(std::move(call));
  const std::string query = is_first(*kept) ? storage_query(*kept) : std::string();
  ask_account(kept, {"GET", "/batchyard/applications" + query, {}},
              [this, kept](const Result<json::object>& all) {
                if (!all) return answer_error(*kept, all.error());
                json::array values;
                for (const json::value& one : all->at("value").as_array())
                  values.push_back(application_entity(*kept, one.as_object(), account_id(*kept)));
                answer_page(*kept, std::move(values), is_first(*kept) ? "id" : "name");
              });
}

// What is not there is as good as deleted.
void Management::delete_application(Call call) {
  const std::string path = application_path(call);
  erase_in_account(std::move(call), path, "ApplicationNotFound");
}

void Management::erase_in_account(Call call, const std::string& path, std::string_view not_there) {
  const auto kept = std::make_shared<Call>(std::move(call));
  ask_account(kept, {"DELETE", path, {}}, [kept, not_there](const Result<json::object>& done) {
    if (done) return answer_empty(*kept, is_first(*kept) ? 204 : 200);
    if (done.error().code == not_there) return answer_empty(*kept, 204);
    answer_error(*kept, done.error());
  });
}

// The answer has the URL that its archive is put to; the activation takes it from there.
void Management::create_package(Call call) {
  json::object wishes{{"storage", true}};
  if (!is_first(call)) {
    const Result<json::value> body = body_of(call, api::Model::ArmApplicationPackage);
    if (!body) return answer_error(call, body.error());
    copy_members(body->get_object(), wishes, {"tags"});
  }
  const auto kept = std::make_shared<Call>(std::move(call));
  ask_account(kept, {"PUT", package_path(*kept), std::move(wishes)},
              [this, kept](const Result<json::object>& made) {
                if (!made) return answer_error(*kept, made.error());
                show_package(kept, is_first(*kept) ? 201 : 200);
              });
}

void Management::activate_package(Call call) {
  const Result<json::value> body =
      body_of(call, api::Model::ArmActivateApplicationPackageParameters);
  if (!body) return answer_error(call, body.error());
  const auto kept = std::make_shared<Call>(std::move(call));
  ask_account(kept, {"POST", package_path(*kept) + "/activate", body->get_object()},
              [this, kept](const Result<json::object>& done) {
                if (!done) return answer_error(*kept, done.error());
                show_package(kept, is_first(*kept) ? 204 : 200);
              });
}

void Management::show_package(const SharedCall& call, int status) {
  if (status == 204) return answer_empty(*call, status);
  ask_account(call, {"GET", package_path(*call) + storage_query(*call), {}},
              [this, call, status](const Result<json::object>& shown) {
                if (!shown) return answer_error(*call, shown.error());
                const std::string& name = call->parameters.at(3);
                const std::string id = fmt::format("{}/applications/{}", account_id(*call), name);
                answer_json(*call, package_entity(*call, *shown, id, name), status,
                            headers_of_shown(*shown));
              });
}

void Management::get_package(Call call) {
  show_package(std::make_shared<Call>(std::move(call)), 200);
}

void Management::list_packages(Call call) {
  const auto kept = std::make_shared<Call>(std::move(call));
  ask_account(kept, {"GET", application_path(*kept) + storage_query(*kept), {}},
              [this, kept](const Result<json::object>& application) {
                if (!application) return answer_error(*kept, application.error());
                const std::string name = text_at(*application, "id");
                const std::string id = fmt::format("{}/applications/{}", account_id(*kept), name);
                json::array values;
                for (const json::value& one : application->at("packages").as_array())
                  values.push_back(package_entity(*kept, one.as_object(), id, name));
                answer_page(*kept, std::move(values), is_first(*kept) ? "version" : "name");
              });
}

void Management::delete_package(Call call) {
  const std::string path = package_path(call);
  erase_in_account(std::move(call), path, "ApplicationPackageNotFound");
}

}  // namespace batchyard::arm
