#include "hardware/share.h"

#include <algorithm>
#include <tuple>

namespace batchyard {

std::vector<ShareDevice> share_devices(const protocol::Probe& probe) {
  std::vector<ShareDevice> devices;
  std::int32_t index = 0;
  for (const protocol::Gpu& gpu : probe.gpus) {
    const ShareDevice whole{gpu.uuid, gpu.uuid, index++, gpu.minor, gpu.numa};
    if (gpu.mig.empty()) devices.push_back(whole);
    for (const protocol::MigDevice& mig : gpu.mig) {
      devices.push_back(whole);
      devices.back().id = mig.uuid;
    }
  }
  return devices;
}

void DeviceShare::set(std::vector<ShareDevice> devices, std::int32_t slots) {
  devices_ = std::move(devices);
  capacity_ = std::max(1, slots);
}

std::int32_t DeviceShare::used(const ShareDevice& device) const {
  std::int32_t units = 0;
  for (const auto& [run, parts] : given_) {
    for (const auto& [id, part] : parts) units += id == device.id ? part : 0;
  }
  return units;
}

std::int32_t DeviceShare::left(const ShareDevice& device, const std::vector<Part>& own) const {
  std::int32_t units = capacity_ - used(device);
  for (const auto& [id, part] : own) units -= id == device.id ? part : 0;
  return units;
}

// Where the fewest are free, and those of one place together: large places stay whole for tasks
// that need them.
std::vector<const ShareDevice*> DeviceShare::by_fit() const {
  std::map<std::int32_t, std::int32_t> free;  // by place
  for (const ShareDevice& device : devices_) free[device.numa] += used(device) == 0 ? 1 : 0;
  std::vector<const ShareDevice*> sorted;
  for (const ShareDevice& device : devices_) sorted.push_back(&device);
  std::ranges::stable_sort(sorted, {}, [&](const ShareDevice* device) {
    return std::tuple(used(*device) != 0, free[device->numa], device->numa);
  });
  return sorted;
}

void DeviceShare::take(std::vector<Part>& parts, std::int32_t units) const {
  const std::int32_t whole = units / capacity_;
  std::vector<const ShareDevice*> order = by_fit();
  // A place that has enough of them by itself comes first.
  std::map<std::int32_t, std::int32_t> free;
  for (const ShareDevice* device : order) free[device->numa] += used(*device) == 0 ? 1 : 0;
  std::ranges::stable_partition(order,
                                [&](const auto* device) { return free[device->numa] >= whole; });
  for (const ShareDevice* device : order) {
    if (units < capacity_) break;
    if (left(*device, parts) < capacity_) continue;
    parts.emplace_back(device->id, capacity_);
    units -= capacity_;
  }
  spread(parts, units);
}

// What is less than a device, or does not fit whole: into the fullest that still takes all of it,
// else a piece of each.
void DeviceShare::spread(std::vector<Part>& parts, std::int32_t units) const {
  while (units > 0) {
    const ShareDevice* best = nullptr;
    for (const ShareDevice& device : devices_) {
      const std::int32_t room = left(device, parts);
      if (room <= 0) continue;
      const auto rank = [&](std::int32_t of) {
        return std::tuple(of < units, of < units ? -of : of);
      };
      if (best == nullptr || rank(room) < rank(left(*best, parts))) best = &device;
    }
    if (best == nullptr) return;
    const std::int32_t part = std::min(units, left(*best, parts));
    parts.emplace_back(best->id, part);
    units -= part;
  }
}

DeviceShare::Given DeviceShare::give(const std::string& run, std::int32_t slots,
                                     std::optional<std::int32_t> wanted) {
  const auto count = static_cast<std::int32_t>(devices_.size());
  std::vector<Part> parts;
  if (count > 0 && wanted) {
    const std::int32_t whole = std::clamp(*wanted, 0, count);
    take(parts, whole * capacity_);
    // Given away already: they are shared then.
    for (const ShareDevice* device : by_fit()) {
      const bool has = std::ranges::find(parts, device->id, &Part::first) != parts.end();
      if (static_cast<std::int32_t>(parts.size()) < whole && !has)
        parts.emplace_back(device->id, capacity_);
    }
  } else if (count > 0) {
    take(parts, std::clamp(slots, 1, capacity_) * count);
    if (parts.empty()) parts.emplace_back(by_fit().front()->id, 1);
  }
  Given given;
  for (const ShareDevice& device : devices_) {
    const auto part = std::ranges::find(parts, device.id, &Part::first);
    if (part == parts.end()) continue;
    given.devices.push_back(device);
    given.shared = given.shared || part->second < capacity_ || used(device) > 0;
  }
  given_[run] = std::move(parts);
  return given;
}

void DeviceShare::give_again(const std::string& run, const std::vector<std::string>& ids,
                             std::int32_t slots) {
  if (ids.empty()) return;
  const auto count = static_cast<std::int32_t>(devices_.size());
  std::int32_t units = std::clamp(slots, 1, capacity_) * std::max(1, count);
  std::vector<Part>& parts = given_[run];
  for (const std::string& id : ids) {
    const std::int32_t part = std::min(units, capacity_);
    parts.emplace_back(id, std::max(1, part));
    units -= part;
  }
}

}  // namespace batchyard
