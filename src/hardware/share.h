// Who of a node's tasks gets which GPUs. A node has k devices and S task slots; a slot is worth k/S
// of a device, so a task gets whole devices as far as its slots are worth them, and the rest of one
// that others share. Devices near to the same processor are given together. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/hardware.h"

namespace batchyard {

// What is given away: a GPU, or a MIG device of one that is cut.
struct ShareDevice {
  std::string id;          // UUID
  std::string gpu;         // of the GPU that it is or belongs to
  std::int32_t index = 0;  // of that GPU
  std::int32_t minor = -1;
  std::int32_t numa = -1;
};
std::vector<ShareDevice> share_devices(const protocol::Probe& probe);

class DeviceShare {
 public:
  struct Given {
    std::vector<ShareDevice> devices;
    bool shared = false;  // others have, or may get, a part of one of them
  };
  // In place of those before; what was given stays given as far as it is still there.
  void set(std::vector<ShareDevice> devices, std::int32_t slots);
  bool empty() const { return devices_.empty(); }
  const std::vector<ShareDevice>& devices() const { return devices_; }

  // `wanted`: so many whole devices, whatever the slots are worth. More than the node has are as
  // many as it has.
  Given give(const std::string& run, std::int32_t slots, std::optional<std::int32_t> wanted = {});
  // What an earlier agent has given.
  void give_again(const std::string& run, const std::vector<std::string>& ids, std::int32_t slots);
  void take_back(const std::string& run) { given_.erase(run); }

 private:
  using Part = std::pair<std::string, std::int32_t>;  // device, units
  std::int32_t used(const ShareDevice& device) const;
  std::vector<const ShareDevice*> by_fit() const;
  void take(std::vector<Part>& parts, std::int32_t units) const;
  void spread(std::vector<Part>& parts, std::int32_t units) const;
  std::int32_t left(const ShareDevice& device, const std::vector<Part>& own) const;

  std::vector<ShareDevice> devices_;
  std::int32_t capacity_ = 1;  // units of a device: the node's slots
  std::map<std::string, std::vector<Part>> given_;
};

}  // namespace batchyard
