#include "edge/container/container_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "model/container.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t complaint_shown = 1000;

Result<ImageName> image_of(const std::string& text) {
  Result<ImageName> image = parse_image(text);
  if (!image)
    return fail(Kind::invalid, "ContainerInvalidImage",
                fmt::format("The image '{}' cannot be used: {}", text, image.error().message));
  return image;
}

// As Docker does it: what this machine serves to itself need not be encrypted.
bool is_loopback(const std::string& registry) {
  const std::string host = registry.substr(0, registry.find(':'));
  const bool numbers = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || (numbers && host.starts_with("127."));
}

}  // namespace

Result<std::vector<std::string>> create_arguments(const ContainerJob& job,
                                                  const std::string& environment_path) {
  const ImageName image = TRY(image_of(job.image));
  const Result<std::vector<std::string>> options = container_options(job.options, job.admin);
  if (!options) return fail(Kind::invalid, "ContainerInvalidSettings", options.error().message);
  std::vector<std::string> words{
      "--name", job.name, "--replace",    "--pull", "never",      "--network",     "host",
      "--uts",  "host",   "--log-driver", "none",   "--env-file", environment_path};
  const auto add = [&](std::string name, std::string value) {
    words.push_back(std::move(name));
    words.push_back(std::move(value));
  };
  for (const std::string& variable : environment_file(job.environment).others)
    add("--env", variable);
  if (job.uid >= 0) add("--user", fmt::format("{}:{}", job.uid, job.gid));
  if (!job.admin) add("--security-opt", "no-new-privileges");
  if (!job.working_directory.empty()) add("--workdir", job.working_directory);
  for (const ContainerMount& mount : job.mounts)
    add("--volume", fmt::format("{0}:{0}:{1},rslave", mount.source, mount.read_only ? "ro" : "rw"));
  for (const ContainerFile& file : job.files)
    add("--volume", fmt::format("{}:{}:ro", file.source, file.target));
  for (const std::string& device : job.devices) add("--device", device);
  if (job.locks_memory) add("--ulimit", "memlock=-1:-1");
  words.insert(words.end(), options->begin(), options->end());
  words.push_back(image.whole);
  words.insert(words.end(), job.command.begin(), job.command.end());
  return words;
}

EnvironmentFile environment_file(const std::vector<std::string>& environment) {
  EnvironmentFile file;
  for (const std::string& variable : environment) {
    if (!variable.contains('=') || variable.starts_with('=')) continue;
    // A line that starts with '#' or a blank would be read as something else.
    const bool line = !variable.contains('\n') && !variable.contains('\r') &&
                      !variable.starts_with('#') && trim(variable.substr(0, 1)).size() == 1;
    if (line)
      file.lines += variable + "\n";
    else
      file.others.push_back(variable);
  }
  return file;
}

Result<std::vector<std::string>> pull_arguments(const std::string& image,
                                                const std::string& authentication_file) {
  const ImageName name = TRY(image_of(image));
  std::vector<std::string> words{"--quiet", "--authfile", authentication_file};
  if (is_loopback(name.registry)) words.emplace_back("--tls-verify=false");
  words.push_back("docker://" + name.whole);
  return words;
}

std::string authentication_text(const std::vector<protocol::Registry>& registries) {
  boost::json::object auths;
  for (const protocol::Registry& registry : registries) {
    if (registry.user_name.empty()) continue;
    auths.emplace(
        registry_name(registry.server),
        boost::json::object{{"auth", base64_encode(registry.user_name + ":" + registry.password)}});
  }
  return boost::json::serialize(boost::json::object{{"auths", std::move(auths)}});
}

protocol::Failure pull_failure(const std::string& image, const std::string& complaint) {
  const std::string folded = fold(complaint);
  // A registry that knows the image, or its name, not: this is what it says for `denied`, too.
  const bool unknown = folded.contains("manifest unknown") || folded.contains("name unknown");
  const bool of_registry =
      !unknown && std::ranges::any_of(
                      std::initializer_list<std::string_view>{
                          "unauthorized", "authentication required", "denied", "pinging container",
                          "connection refused", "no such host", "i/o timeout", "unreachable", "tls",
                          "certificate", "server misbehaving", "invalid username"},
                      [&](std::string_view sign) { return folded.contains(sign); });
  const std::string_view cure =
      of_registry ? "Check the registry's name, user name and password in containerRegistries or "
                    "containerSettings.registry, and that the node's machine reaches it"
                  : "Check the image's name and tag";
  const std::string said(trim(complaint));
  return {protocol::FailureCategory::usererror,
          of_registry ? "ContainerInvalidRegistry" : "ContainerInvalidImage",
          fmt::format("The image {} could not be fetched. {}.", image, cure),
          {{"Image", image},
           {"Message",
            said.size() > complaint_shown ? said.substr(said.size() - complaint_shown) : said}}};
}

}  // namespace batchyard::edge
