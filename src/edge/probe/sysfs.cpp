#include "edge/probe/sysfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/text.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

std::string word_in(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return std::string(trim(text.str()));
}

// In the order of their names, numbers by their value: card2 before card10.
std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> paths;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, ignored))
    paths.push_back(entry.path());
  std::ranges::sort(paths, {}, [](const fs::path& path) {
    const std::string name = path.filename();
    return std::pair(name.size(), name);
  });
  return paths;
}

std::int32_t whole(const std::string& text, std::int32_t otherwise) {
  return static_cast<std::int32_t>(parse_integer(text).value_or(otherwise));
}

bool is_card(const std::string& name) {
  return name.starts_with("card") && parse_integer(name.substr(4)).has_value();
}

// Correctable and uncorrectable errors of one block: "ue: 0\nce: 3".
void read_amd_errors(const fs::path& device, protocol::Gpu& gpu) {
  for (const fs::path& file : entries_of(device / "ras")) {
    if (!file.filename().string().ends_with("_err_count")) continue;
    gpu.ecc = "Enabled";
    std::istringstream words(word_in(file));
    std::string name;
    for (std::int64_t count = 0; words >> name >> count;) {
      if (name == "ue:") gpu.ecc_uncorrected += count;
      if (name == "ce:") gpu.ecc_corrected += count;
    }
  }
}

// "0x7fff" is the full member of the default partition, "0x0000" an empty entry.
std::vector<std::string> pkeys_of(const fs::path& port) {
  std::vector<std::string> keys;
  for (const fs::path& file : entries_of(port / "pkeys")) {
    const std::string key = word_in(file);
    if (!key.empty() && key != "0x0000") keys.push_back(key);
  }
  return keys;
}

// "4: ACTIVE"
std::string after_colon(const std::string& text) {
  const std::size_t colon = text.find(':');
  return colon == std::string::npos ? text : std::string(trim(text.substr(colon + 1)));
}

}  // namespace

std::int32_t numa_of(const std::string& root, const std::string& bus) {
  return whole(word_in(fs::path(root + "/sys/bus/pci/devices") / bus / "numa_node"), -1);
}

void read_amd(const std::string& root, protocol::Probe& probe) {
  for (const fs::path& card : entries_of(root + "/sys/class/drm")) {
    const fs::path device = card / "device";
    if (!is_card(card.filename()) || word_in(device / "vendor") != "0x1002") continue;
    const std::int64_t memory = parse_integer(word_in(device / "mem_info_vram_total")).value_or(0);
    if (memory == 0) continue;  // not amdgpu's, or no GPU to compute with
    protocol::Gpu gpu;
    gpu.vendor = "amd";
    gpu.name = word_in(device / "product_name");
    if (gpu.name.empty()) gpu.name = "AMD " + word_in(device / "device");
    gpu.uuid = word_in(device / "unique_id");
    gpu.memory = memory;
    gpu.minor = whole(card.filename().string().substr(4), -1);
    gpu.numa = whole(word_in(device / "numa_node"), -1);
    std::error_code ignored;
    gpu.bus = fs::read_symlink(device, ignored).filename();
    gpu.driver = word_in(root + "/sys/module/amdgpu/version");
    read_amd_errors(device, gpu);
    probe.gpus.push_back(std::move(gpu));
  }
}

void read_fabrics(const std::string& root, protocol::Probe& probe) {
  for (const fs::path& device : entries_of(root + "/sys/class/infiniband")) {
    for (const fs::path& port : entries_of(device / "ports")) {
      protocol::Fabric fabric;
      fabric.device = device.filename();
      fabric.port = whole(port.filename(), 1);
      fabric.layer = word_in(port / "link_layer");
      fabric.state = after_colon(word_in(port / "state"));
      fabric.rate = word_in(port / "rate");
      fabric.gigabits = whole(fabric.rate.substr(0, fabric.rate.find_first_of(" .")), 0);
      fabric.pkeys = pkeys_of(port);
      fabric.numa = whole(word_in(device / "device/numa_node"), -1);
      probe.fabrics.push_back(std::move(fabric));
    }
  }
  if (probe.fabrics.empty()) return;
  for (const fs::path& file : entries_of(root + "/dev/infiniband"))
    probe.rdma_files.push_back("/dev/infiniband/" + file.filename().string());
}

}  // namespace batchyard::edge
