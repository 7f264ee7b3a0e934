// What a task may say of its container, and how an image is named. Read by the service, which
// refuses what cannot be, and again where the container is started.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard {

// An image as `docker pull` understands it, taken apart. A name without a registry is the Docker
// Hub's, one without a tag is the latest.
struct ImageName {
  std::string registry;  // "docker.io", "yard.example:5000"
  std::string whole;     // with registry, path and tag or digest
};

// An error says what is wrong with it. Transports ("docker-archive:…", "dir:…") are no images'
// names: they would read files of the machine.
Result<ImageName> parse_image(std::string_view text);

// As registries are compared: without a scheme and a slash at the end; empty is "docker.io".
std::string registry_name(std::string_view server);

// --gpus among the options: so many GPUs, all of them, or those with these indices or UUIDs.
struct GpuWish {
  bool all = false;
  std::int32_t count = 0;
};
// Nothing when the options do not say.
std::optional<GpuWish> gpus_wanted(std::string_view options);

// The words of containerRunOptions that the engine is given: options only, each known, none that
// the service sets itself. Without `admin`, none that shows a task more of the machine, or lets it
// do more there, than a task without a container: those go with elevationLevel admin.
Result<std::vector<std::string>> container_options(std::string_view text, bool admin);

}  // namespace batchyard
