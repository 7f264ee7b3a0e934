#include "apps/cli/extension.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

Result<std::string> handler_path(const std::string& name) {
  const std::vector<std::string_view> parts = split(name, '/');
  if (parts.size() != 2 || parts[0].empty() || parts[1].empty())
    return fail(Kind::invalid, "",
                fmt::format("{} is not PUBLISHER/TYPE, for example "
                            "Microsoft.HpcCompute/NvidiaGpuDriverLinux",
                            name));
  return fmt::format("/batchyard/extensions/{}/{}", percent_encode(parts[0]),
                     percent_encode(parts[1]));
}

Result<std::string> read_script(const std::string& path) {
  std::stringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  const std::ifstream file(path);
  std::error_code unknown;
  if (!file || !std::filesystem::is_regular_file(path, unknown))
    return fail(
        Kind::invalid, "",
        fmt::format("--script {} is no file that can be read: give a script's path, or - for "
                    "what comes in",
                    path));
  text << file.rdbuf();
  return text.str();
}

Result<> keep(ApiClient& api, const ExtensionOptions& options) {
  const std::string path = TRY(handler_path(options.name));
  const std::string script = TRY(read_script(options.script));
  TRY(api.send_json("PUT", path, json::object{{"script", script}, {"reboots", options.reboots}}));
  return Done();
}

Result<> take_away(ApiClient& api, const ExtensionOptions& options) {
  const std::string path = TRY(handler_path(options.name));
  return api.remove(path);
}

std::string word_of(const json::object& handler, std::string_view name) {
  const json::value* value = handler.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

int register_extension(ApiClient& api, const ExtensionOptions& options) {
  const Result<> kept = keep(api, options);
  if (!kept) return report(kept.error());
  fmt::print(
      "{} is run on nodes that start from now on; a node that lives runs it when it is "
      "rebooted.\n",
      options.name);
  return ExitCode::done;
}

int list_extensions(ApiClient& api, Output output) {
  const Result<json::array> handlers = api.list("/batchyard/extensions");
  if (!handlers) return report(handlers.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(*handlers));
    return ExitCode::done;
  }
  Table table{.head = {"EXTENSION", "SCRIPT", "REBOOTS", "REGISTERED"}, .rows = {}};
  for (const json::value& one : *handlers) {
    const json::object& handler = one.as_object();
    const bool built_in = handler.at("builtIn").as_bool();
    table.rows.push_back(
        {word_of(handler, "publisher") + "/" + word_of(handler, "type"),
         fmt::format("{} bytes", handler.at("size").to_number<std::int64_t>()),
         built_in                          ? "when needed"
         : handler.at("reboots").as_bool() ? "yes"
                                           : "no",
         built_in ? "with the program (--install-drivers)" : word_of(handler, "registered")});
  }
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int remove_extension(ApiClient& api, const ExtensionOptions& options) {
  const Result<> removed = take_away(api, options);
  return removed ? static_cast<int>(ExitCode::done) : report(removed.error());
}

}  // namespace batchyard::cli
