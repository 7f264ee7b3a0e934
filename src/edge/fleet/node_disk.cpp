#include "edge/fleet/node_disk.h"

#include "base/described_json.h"
#include "edge/fleet/node_in_hand.h"
#include "edge/fleet/node_root.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

Result<NodeDisk> disk_of(const std::string& data_directory, const PoolId& pool,
                         const NodeId& node) {
  const std::string directory = FleetDirectory(data_directory).node(pool, node);
  const Result<std::string> text = read_file(directory + "/record.json");
  const Result<NodeRecord> record = text ? from_json<NodeRecord>(*text) : NodeRecord();
  if (!record || !record->made || !recognise(*record))
    return fail(Kind::conflict, "OperationNotValidOnNode",
                "The node does not live. Start it, and wait until it is idle.");
  if (!record->isolated)
    return fail(Kind::conflict, "OperationNotValidOnNode",
                "The node is plain processes and has no root file system of its own. Run the "
                "service as root where namespaces may be made (`batchyard doctor` says what is "
                "missing).");
  return NodeDisk{.layers = layers_of(directory),
                  .upper = directory + "/" + disk_directory + "/upper",
                  .root = "/proc/" + std::to_string(record->pid) + "/root"};
}

std::set<std::string> booted_layers(const std::string& data_directory) {
  std::set<std::string> booted;
  for (const std::string& directory : FleetDirectory(data_directory).node_directories()) {
    for (std::string& layer : layers_of(directory)) booted.insert(std::move(layer));
  }
  return booted;
}

}  // namespace batchyard::fleet
