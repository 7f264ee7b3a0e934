// The fleet's memory on disk: one record per node, written before the node may be built, removed
// after it has ended. By it a later service finds a node that still lives, and knows what is left
// of one that does not.
//   <data>/fleet/pools/<pool>/hosts
//   <data>/fleet/pools/<pool>/nodes/<node>/{record.json, image, boot, init.log, boot_id, root/,
//   agent/, etc/, tmp/, disk/}
//   <data>/fleet/trash/<uuid>/   on its way out
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace batchyard::fleet {

struct NodeRecord {
  PoolId pool;
  NodeId node;
  bool made = false;  // false: being built; such a node is never taken over
  bool isolated = false;
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;   // with pid: the identity of its first process
  std::string boot_id;            // of the machine, when it was made
  std::string network_namespace;  // "net:[4026532000]"
  std::string incarnation;
  std::uint32_t pool_number = 0;  // of the subnet
  std::uint32_t host_number = 0;  // in the subnet
  std::string ip_address;
  std::string host_name;
  std::string port;
  std::string cgroup;
  std::int64_t life = 0;          // of the order it was built for
  std::int64_t image = 0;         // …and that its files belong to
  std::vector<std::string> gpus;  // of the machine, that it has
};
BOOST_DESCRIBE_STRUCT(NodeRecord, (),
                      (pool, node, made, isolated, pid, start_time, boot_id, network_namespace,
                       incarnation, pool_number, host_number, ip_address, host_name, port, cgroup,
                       life, image, gpus))

class FleetDirectory {
 public:
  explicit FleetDirectory(const std::string& data_directory) : base_(data_directory + "/fleet") {}

  std::string pool(const PoolId& pool) const;
  std::string node(const PoolId& pool, const NodeId& node) const;
  std::string hosts_file(const PoolId& pool) const;
  std::string trash() const { return base_ + "/trash"; }

  Result<> write(const NodeRecord& record) const;
  void forget(const NodeRecord& record) const;
  // All records; one that cannot be read is left out (its directory is then nobody's).
  std::vector<NodeRecord> read_all() const;
  // Directories of nodes, with or without a record.
  std::vector<std::string> node_directories() const;
  // Which image the files of a node belong to, whether it lives or not.
  std::int64_t image_of(const PoolId& pool, const NodeId& node) const;
  Result<> write_image(const NodeRecord& record) const;
  // Of pools without a node's directory.
  void remove_empty_pools() const;

 private:
  std::string base_;
};

}  // namespace batchyard::fleet
