#include "model/image.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard {

namespace {

constexpr std::size_t image_name_max = 80;
constexpr std::string_view images_part = "/images/";
constexpr std::string_view versions_part = "/versions/";

// Without its version; the version apart.
struct IdParts {
  std::string series;
  std::string version;
};

IdParts parts_of(std::string_view id) {
  const std::string folded = fold(id);
  const std::size_t at = folded.rfind(versions_part);
  if (at == std::string::npos) return {folded, {}};
  return {folded.substr(0, at), folded.substr(at + versions_part.size())};
}

// KEY=value or KEY="value" of a line.
std::string release_value(std::string_view text, std::string_view key) {
  for (const std::string_view raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != '=') continue;
    std::string_view value = line.substr(key.size() + 1);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

std::string agent_for(const std::string& id, const std::string& version) {
  const std::string major = version.substr(0, version.find('.'));
  if (id == "ubuntu") return "batch.node.ubuntu " + version;
  if (id == "debian") return "batch.node.debian " + major;
  if (id == "centos") return "batch.node.centos " + major;
  for (const char* rebuild : {"almalinux", "rhel", "rocky", "ol"}) {
    if (id == rebuild) return "batch.node.el " + major;
  }
  return {};
}

}  // namespace

bool is_image_name(std::string_view name) {
  const auto plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
  };
  return !name.empty() && name.size() <= image_name_max && name.front() != '.' &&
         name.front() != '-' && std::ranges::all_of(name, plain) &&
         !same_folded(name, boots_host) && !same_folded(name, boots_host_copy);
}

bool is_own_image(std::string_view reference) {
  return reference.starts_with('/') || reference.find('/') == std::string_view::npos;
}

std::string_view image_name_in(std::string_view id) {
  if (!id.starts_with('/')) return id.find('/') == std::string_view::npos ? id : "";
  const std::string folded = fold(id);
  const std::size_t at = folded.rfind(images_part);
  if (at == std::string::npos) return {};
  const std::string_view rest = id.substr(at + images_part.size());
  return rest.substr(0, rest.find('/'));
}

std::string name_for_id(std::string_view id) {
  std::string name(image_name_in(id));
  const std::string version = parts_of(id).version;
  return version.empty() || !id.starts_with('/') ? name : name + "-" + version;
}

const ImageRecord* find_image(const std::vector<ImageRecord>& images, std::string_view reference) {
  const IdParts wanted = parts_of(reference);
  const bool newest = wanted.version.empty() || wanted.version == "latest";
  const ImageRecord* found = nullptr;
  const ImageRecord* by_name = nullptr;
  for (const ImageRecord& image : images) {
    if (same_folded(image.name, reference)) return &image;
    if (image.id.empty()) {
      if (same_folded(image.name, image_name_in(reference))) by_name = &image;
      continue;
    }
    if (same_folded(image.id, reference)) return &image;
    if (newest && parts_of(image.id).series == wanted.series &&
        (found == nullptr || found->made < image.made))
      found = &image;
  }
  return found != nullptr ? found : by_name;
}

std::string binding_of(const std::vector<ImageBinding>& bindings, std::string_view reference) {
  const auto bound = [&](std::string_view key) -> const ImageBinding* {
    for (const ImageBinding& one : bindings) {
      if (same_folded(one.reference, key)) return &one;
    }
    return nullptr;
  };
  const std::size_t version = reference.rfind('/');
  for (const std::string_view key :
       {reference, reference.substr(0, std::min(version, reference.size())),
        std::string_view("*")}) {
    if (const ImageBinding* one = bound(key)) return one->to;
  }
  return std::string(boots_host);
}

SystemFacts system_of(std::string_view os_release) {
  SystemFacts facts;
  facts.name = release_value(os_release, "PRETTY_NAME");
  if (facts.name.empty()) facts.name = release_value(os_release, "NAME");
  facts.agent =
      agent_for(fold(release_value(os_release, "ID")), release_value(os_release, "VERSION_ID"));
  if (facts.agent.ends_with(' ')) facts.agent.clear();
  return facts;
}

}  // namespace batchyard
