#include "apps/cli/image.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "apps/cli/exit_code.h"
#include "apps/cli/root_archive.h"
#include "apps/cli/send_upload.h"
#include "apps/cli/terminal.h"
#include "base/text.h"
#include "model/image.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view container_mark = "container:";

std::string image_path(const std::string& name) {
  return "/batchyard/images/" + percent_encode(name);
}

std::string binding_path(const std::string& reference) {
  std::string path = "/batchyard/bindings";
  for (const std::string_view part : split(reference, '/')) path += "/" + percent_encode(part);
  return path;
}

// By its name, or by a whole id, from which its name is taken.
struct Called {
  std::string name;
  std::string id;
};

Called called(const std::string& words) {
  if (!words.starts_with('/')) return {words, {}};
  return {name_for_id(words), words};
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string size_of(const json::object& image) {
  return fmt::format("{:.1f} MiB",
                     static_cast<double>(image.at("size").to_number<std::int64_t>()) / (1 << 20));
}

int tell(const Result<json::value>& made) {
  if (!made) return report(made.error());
  const json::object& image = made->as_object();
  fmt::print(
      "{}: {}, {}, for {}\n", text_member(image, "name"),
      text_member(image, "system").empty() ? "a root file system" : text_member(image, "system"),
      size_of(image),
      text_member(image, "nodeAgentSKUId").empty() ? "any agent of Linux"
                                                   : text_member(image, "nodeAgentSKUId"));
  if (const std::string left = text_member(image, "leftOut"); !left.empty())
    fmt::print("left out: {}\n", left);
  return ExitCode::done;
}

std::string source_of(const std::string& from) {
  if (from.starts_with(container_mark)) return from;
  std::error_code ignored;
  const bool directory = std::filesystem::is_directory(from, ignored);
  return fmt::format("{} {}", directory ? "directory" : "archive", from);
}

Result<json::value> import_from(ApiClient& api, const Called& image, const std::string& from,
                                const std::string& agent) {
  std::string upload;
  const Result<> sent = with_root_archive(from, [&](std::FILE* archive) -> Result<> {
    upload = TRY(send_upload(api, archive));
    return Done();
  });
  if (!sent) {
    if (!upload.empty()) static_cast<void>(api.remove("/batchyard/uploads/" + upload));
    return std::unexpected(sent.error());
  }
  json::object body{{"upload", upload}, {"source", source_of(from)}};
  if (!image.id.empty()) body["id"] = image.id;
  if (!agent.empty()) body["agent"] = agent;
  return api.send_patiently("PUT", image_path(image.name), body);
}

// The pool's only node, when none is named.
Result<std::string> node_to_capture(ApiClient& api, const ImageOptions& options) {
  if (!options.node.empty()) return options.node;
  const json::array nodes = TRY(api.list("/pools/" + percent_encode(options.pool) + "/nodes"));
  if (nodes.size() == 1) return text_member(nodes[0].as_object(), "id");
  return fail(Kind::invalid, "",
              fmt::format("the pool {} has {} nodes: say which one (--node); `batchyard get nodes "
                          "{}` shows them",
                          options.pool, nodes.size(), options.pool));
}

// A name for the root file system of a container image: "docker.io-library-debian-12".
std::string name_for_container(std::string_view reference) {
  std::string name;
  for (const char letter : reference.substr(0, 80))
    name += is_image_name(std::string("x") + letter) ? letter : '-';
  return name;
}

}  // namespace

int import_image(ApiClient& api, const ImageOptions& options) {
  return tell(import_from(api, called(options.name), options.from, options.agent));
}

int capture_image(ApiClient& api, const ImageOptions& options) {
  const Result<std::string> node = node_to_capture(api, options);
  if (!node) return report(node.error());
  const Called image = called(options.name);
  json::object body{{"pool", options.pool}, {"node", *node}, {"whole", options.whole}};
  if (!image.id.empty()) body["id"] = image.id;
  if (!options.agent.empty()) body["agent"] = options.agent;
  return tell(api.send_patiently("POST", image_path(image.name) + "/capture", body));
}

int list_images(ApiClient& api, Output output) {
  const Result<json::array> images = api.list("/batchyard/images");
  if (!images) return report(images.error());
  const Result<json::array> bindings = api.list("/batchyard/bindings");
  if (!bindings) return report(bindings.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(json::object{{"images", *images}, {"bindings", *bindings}}));
    return ExitCode::done;
  }
  Table table{.head = {"NAME", "SYSTEM", "AGENT", "SIZE", "CREATED", "FROM", "USED BY"},
              .rows = {}};
  for (const json::value& one : *images) {
    const json::object& image = one.as_object();
    std::vector<std::string> users;
    for (const json::value& user : image.at("usedBy").as_array())
      users.emplace_back(user.as_string());
    table.rows.push_back({text_member(image, "name"), text_member(image, "system"),
                          text_member(image, "nodeAgentSKUId"), size_of(image),
                          text_member(image, "created"), text_member(image, "source"),
                          join(users, ", ")});
  }
  fmt::print("{}\n", table.text());
  Table bound{.head = {"MARKETPLACE IMAGE", "BOOTS"}, .rows = {}};
  bool all = false;
  for (const json::value& one : *bindings) {
    bound.rows.push_back(
        {text_member(one.as_object(), "reference"), text_member(one.as_object(), "to")});
    all = all || bound.rows.back()[0] == "*";
  }
  if (!all) bound.rows.push_back({"*", "host"});
  fmt::print("{}", bound.text());
  return ExitCode::done;
}

int remove_image(ApiClient& api, const ImageOptions& options) {
  const Result<> removed = api.remove(image_path(options.name));
  return removed ? static_cast<int>(ExitCode::done) : report(removed.error());
}

int bind_image(ApiClient& api, const ImageOptions& options) {
  std::string to = options.to;
  if (to.starts_with(container_mark)) {
    const std::string reference = to.substr(container_mark.size());
    const Called image{name_for_container(reference), {}};
    const Result<json::value> there = api.get(image_path(image.name));
    if (!there) {
      const Result<json::value> made = import_from(api, image, to, options.agent);
      if (!made) return report(made.error());
    }
    to = image.name;
  }
  const Result<json::value> bound =
      api.send_json("PUT", binding_path(options.reference), json::object{{"to", to}});
  return bound ? static_cast<int>(ExitCode::done) : report(bound.error());
}

int unbind_image(ApiClient& api, const ImageOptions& options) {
  const Result<> unbound = api.remove(binding_path(options.reference));
  return unbound ? static_cast<int>(ExitCode::done) : report(unbound.error());
}

}  // namespace batchyard::cli
