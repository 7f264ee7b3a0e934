#include "edge/image/handlers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <string_view>

#include "base/described_json.h"
#include "base/text.h"
#include "edge/files/beneath.h"
#include "edge/files/node_files.h"

namespace batchyard {

// Made of spec/handlers by the build.
std::span<const std::string_view> nvidia_gpu_driver_linux();
std::span<const std::string_view> infiniband_driver_linux();

}  // namespace batchyard

namespace batchyard::edge {

namespace {

constexpr std::size_t handlers_max = 1000;

std::string whole(std::span<const std::string_view> lines) {
  std::string text;
  for (const std::string_view line : lines) {
    text += line;
    text += '\n';
  }
  return text;
}

ExtensionHandler came_with_us(const char* type, std::span<const std::string_view> lines) {
  return {.publisher = "Microsoft.HpcCompute",
          .type = type,
          .script = whole(lines),
          .reboots = false,
          .registered = Time(),
          .built_in = true};
}

std::vector<ExtensionHandler> driver_handlers(DriverHandlers drivers) {
  if (drivers == DriverHandlers::left_out) return {};
  return {came_with_us("NvidiaGpuDriverLinux", nvidia_gpu_driver_linux()),
          came_with_us("InfiniBandDriverLinux", infiniband_driver_linux())};
}

// What the directory holds is on the disk for good.
Result<> sync_handlers(const std::string& path) {
  const Opened directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.good() && syncfs(directory.number()) == 0) return Done();
  return fail(
      Kind::internal, "InternalError",
      fmt::format("Keeping a handler failed on the service's disk: {}.", std::strerror(errno)));
}

}  // namespace

HandlerShelf::HandlerShelf(std::string directory, DriverHandlers drivers)
    : directory_(std::move(directory)), built_in_(driver_handlers(drivers)) {}

Result<std::unique_ptr<HandlerShelf>> HandlerShelf::open(std::string directory,
                                                         DriverHandlers drivers) {
  std::unique_ptr<HandlerShelf> shelf(new HandlerShelf(std::move(directory), drivers));
  TRY(shelf->load());
  return shelf;
}

Result<> HandlerShelf::load() {
  if (mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(Kind::internal, "DataDirectoryUnusable",
                fmt::format("cannot make {}: {}", directory_, std::strerror(errno)));
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) {
    if (entry.path().extension() != ".json") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    ExtensionHandler handler = TRY(from_json<ExtensionHandler>(text.str()));
    own_.push_back(std::move(handler));
  }
  return Done();
}

std::string HandlerShelf::path_of(const std::string& publisher, const std::string& type) const {
  return fmt::format("{}/{}+{}.json", directory_, fold(publisher), fold(type));
}

std::vector<ExtensionHandler> HandlerShelf::handlers() const {
  std::vector<ExtensionHandler> all;
  {
    const std::lock_guard lock(mutex_);
    all = own_;
  }
  for (const ExtensionHandler& handler : built_in_) {
    if (service::find_handler(all, handler.publisher, handler.type) == nullptr)
      all.push_back(handler);
  }
  std::ranges::sort(all, {}, [](const ExtensionHandler& one) {
    return std::pair(fold(one.publisher), fold(one.type));
  });
  return all;
}

Result<> HandlerShelf::keep(ExtensionHandler handler) {
  const std::lock_guard lock(mutex_);
  const bool known = service::find_handler(own_, handler.publisher, handler.type) != nullptr;
  if (!known && own_.size() >= handlers_max)
    return fail(
        Kind::busy, "ServerBusy",
        fmt::format("There are {} handlers, which is the most. Remove some.", handlers_max));
  TRY(keep_file(path_of(handler.publisher, handler.type), to_json(handler)));
  TRY(sync_handlers(directory_));
  std::erase_if(own_, [&](const ExtensionHandler& one) {
    return same_folded(one.publisher, handler.publisher) && same_folded(one.type, handler.type);
  });
  own_.push_back(std::move(handler));
  return Done();
}

Result<bool> HandlerShelf::remove(const std::string& publisher, const std::string& type) {
  const std::lock_guard lock(mutex_);
  const ExtensionHandler* found = service::find_handler(own_, publisher, type);
  if (found == nullptr) return false;
  if (unlink(path_of(publisher, type).c_str()) != 0 && errno != ENOENT)
    return fail(
        Kind::internal, "InternalError",
        fmt::format("Removing a handler failed on the service's disk: {}.", std::strerror(errno)));
  own_.erase(own_.begin() + (found - own_.data()));
  return true;
}

}  // namespace batchyard::edge
