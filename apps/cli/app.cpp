#include "apps/cli/app.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <memory>

#include "apps/cli/exit_code.h"
#include "apps/cli/send_upload.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

std::string path_of(const std::string& id) {
  return "/batchyard/applications/" + percent_encode(id);
}
std::string path_of(const AppOptions& options) {
  return path_of(options.id) + "/versions/" + percent_encode(options.version);
}

json::object wishes(const AppOptions& options) {
  json::object body;
  if (options.display_name) body["displayName"] = *options.display_name;
  if (options.default_version) body["defaultVersion"] = *options.default_version;
  if (options.allow_updates) body["allowUpdates"] = *options.allow_updates;
  return body;
}

int done_or(const Result<json::value>& outcome) {
  return outcome ? static_cast<int>(ExitCode::done) : report(outcome.error());
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

Result<std::string> send_archive(ApiClient& api, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             &std::fclose);
  if (!file)
    return fail(Kind::invalid, "", fmt::format("{} cannot be read: give a zip archive", path));
  return send_upload(api, file.get());
}

Result<> upload(ApiClient& api, const AppOptions& options) {
  const Result<json::value> there = api.get(path_of(options.id));
  if (!there && there.error().code != "ApplicationNotFound") return std::unexpected(there.error());
  if (!there) TRY(api.send_json("PUT", path_of(options.id), wishes(options)));
  const std::string sent = TRY(send_archive(api, options.file));
  TRY(api.send_patiently("PUT", path_of(options), json::object{{"upload", sent}}));
  if (options.activates)
    TRY(api.send_json("POST", path_of(options) + "/activate", json::object{{"format", "zip"}}));
  return Done();
}

}  // namespace

int create_app(ApiClient& api, const AppOptions& options) {
  return done_or(api.send_json("PUT", path_of(options.id), wishes(options)));
}

int upload_app(ApiClient& api, const AppOptions& options) {
  if (const Result<> uploaded = upload(api, options); !uploaded) return report(uploaded.error());
  fmt::print("{} {} is {}\n", options.id, options.version,
             options.activates ? "active" : "uploaded");
  return ExitCode::done;
}

int activate_app(ApiClient& api, const AppOptions& options) {
  return done_or(
      api.send_json("POST", path_of(options) + "/activate", json::object{{"format", "zip"}}));
}

int list_apps(ApiClient& api, Output output) {
  const Result<json::array> all = api.list("/batchyard/applications");
  if (!all) return report(all.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(*all));
    return ExitCode::done;
  }
  Table table{.head = {"ID", "DEFAULT", "UPDATES", "VERSIONS", "NAME"}, .rows = {}};
  for (const json::value& one : *all) {
    const json::object& app = one.as_object();
    std::vector<std::string> versions;
    for (const json::value& package : app.at("packages").as_array()) {
      const bool active = text_of(package.as_object(), "state") == "active";
      versions.push_back(text_of(package.as_object(), "version") + (active ? "" : " (pending)"));
    }
    table.rows.push_back({text_of(app, "id"), text_of(app, "defaultVersion"),
                          app.at("allowUpdates").as_bool() ? "yes" : "no", join(versions, ", "),
                          text_of(app, "displayName")});
  }
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int show_app(ApiClient& api, const AppOptions& options, Output output) {
  const Result<json::value> shown = api.get(path_of(options.id));
  if (!shown) return report(shown.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(*shown));
    return ExitCode::done;
  }
  const json::object& app = shown->as_object();
  for (const auto& [title, name] : {std::pair("id", "id"),
                                    {"display name", "displayName"},
                                    {"default version", "defaultVersion"},
                                    {"allows updates", "allowUpdates"}})
    fmt::print("{:<16} {}\n", title, text_of(app, name));
  Table table{
      .head = {"VERSION", "STATE", "ACTIVATED", "SIZE", "SHA-256"}, .rows = {}, .state_column = 1};
  for (const json::value& one : app.at("packages").as_array()) {
    const json::object& package = one.as_object();
    table.rows.push_back({text_of(package, "version"), text_of(package, "state"),
                          text_of(package, "lastActivationTime"), text_of(package, "size"),
                          text_of(package, "sha256")});
  }
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int set_app(ApiClient& api, const AppOptions& options) {
  return done_or(api.send_json("PATCH", path_of(options.id), wishes(options)));
}

int delete_app(ApiClient& api, const AppOptions& options) {
  const Result<> removed =
      api.remove(options.version.empty() ? path_of(options.id) : path_of(options));
  return removed ? static_cast<int>(ExitCode::done) : report(removed.error());
}

}  // namespace batchyard::cli
