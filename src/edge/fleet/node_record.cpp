#include "edge/fleet/node_record.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/described_json.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

namespace fs = std::filesystem;

// Ids that differ only by case are the same id, so they have the same directory.
std::string folded(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

std::vector<std::string> subdirectories(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.is_directory(error)) found.push_back(entry.path().string());
  }
  return found;
}

}  // namespace

std::string FleetDirectory::pool(const PoolId& pool) const {
  return base_ + "/pools/" + folded(pool.text());
}

std::string FleetDirectory::node(const PoolId& pool_id, const NodeId& node) const {
  return pool(pool_id) + "/nodes/" + folded(node.text());
}

std::string FleetDirectory::hosts_file(const PoolId& pool_id) const {
  return pool(pool_id) + "/hosts";
}

Result<> FleetDirectory::write(const NodeRecord& record) const {
  return replace_file(node(record.pool, record.node) + "/record.json", to_json(record), 0600);
}

std::int64_t FleetDirectory::image_of(const PoolId& pool_id, const NodeId& node_id) const {
  const Result<std::string> text = read_file(node(pool_id, node_id) + "/image");
  return text ? std::atoll(text->c_str()) : 0;
}

Result<> FleetDirectory::write_image(const NodeRecord& record) const {
  return replace_file(node(record.pool, record.node) + "/image",
                      std::to_string(record.image) + "\n", 0444);
}

void FleetDirectory::forget(const NodeRecord& record) const {
  std::error_code ignored;  // not there is what was wanted
  fs::remove(node(record.pool, record.node) + "/record.json", ignored);
}

std::vector<std::string> FleetDirectory::node_directories() const {
  std::vector<std::string> found;
  for (const std::string& pool : subdirectories(base_ + "/pools")) {
    for (std::string& node : subdirectories(pool + "/nodes")) found.push_back(std::move(node));
  }
  return found;
}

std::vector<NodeRecord> FleetDirectory::read_all() const {
  std::vector<NodeRecord> records;
  for (const std::string& directory : node_directories()) {
    const Result<std::string> text = read_file(directory + "/record.json");
    if (!text) continue;
    if (Result<NodeRecord> record = from_json<NodeRecord>(*text))
      records.push_back(std::move(*record));
  }
  return records;
}

void FleetDirectory::remove_empty_pools() const {
  for (const std::string& pool : subdirectories(base_ + "/pools")) {
    std::error_code
        ignored;  // what cannot be removed now is tried again with the next node that goes
    if (subdirectories(pool + "/nodes").empty()) fs::remove_all(pool, ignored);
  }
}

}  // namespace batchyard::fleet
