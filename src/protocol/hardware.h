// What a machine has, as its agent finds it, and what a node was promised to have. Sizes in bytes.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace batchyard::protocol {

// What the node's size promises. Nothing is promised of what is 0 or empty.
struct Promise {
  std::int32_t cores = 0;
  std::int64_t memory = 0;
  std::int32_t gpus = 0;
  std::string gpu;  // the model, as the catalogue writes it: "Tesla V100"
  std::int64_t gpu_memory = 0;
  std::string gpu_vendor;  // "nvidia", "amd"
  bool rdma = false;
  std::int32_t rdma_gigabits = 0;
  std::string driver;       // NVIDIA's kind that the size needs: "cuda", "grid"
  std::string rdma_kind{};  // how it has RDMA: "networkDirect", "sriov"
};
BOOST_DESCRIBE_STRUCT(Promise, (),
                      (cores, memory, gpus, gpu, gpu_memory, gpu_vendor, rdma, rdma_gigabits,
                       driver, rdma_kind))

// A part of a GPU that is given away by itself.
struct MigDevice {
  std::string uuid;
  std::int64_t memory = 0;
};
BOOST_DESCRIBE_STRUCT(MigDevice, (), (uuid, memory))

struct Gpu {
  std::string name;  // "NVIDIA H100 80GB HBM3"
  std::string driver;
  std::string driver_kind;  // "cuda", "grid"; empty: not known
  std::int64_t memory = 0;
  std::string uuid;
  std::string bus;                 // "00000000:00:06.0"
  std::int32_t minor = -1;         // of its device file; -1: not known
  std::int32_t numa = -1;          // the memory it is near to; -1: not known
  std::string vendor;              // "nvidia", "amd"
  std::string ecc;                 // "Enabled", "Disabled"; empty: it has none
  std::int64_t ecc_corrected = 0;  // since the driver was loaded
  std::int64_t ecc_uncorrected = 0;
  std::vector<std::int32_t> xids;  // that the driver has reported of it since the node started
  std::vector<MigDevice> mig;
  bool emulated = false;
};
BOOST_DESCRIBE_STRUCT(Gpu, (),
                      (name, driver, driver_kind, memory, uuid, bus, minor, numa, vendor, ecc,
                       ecc_corrected, ecc_uncorrected, xids, mig, emulated))

// One port of an RDMA device.
struct Fabric {
  std::string device;  // "mlx5_0"
  std::int32_t port = 1;
  std::string layer;  // "InfiniBand", "Ethernet"
  std::string state;  // "ACTIVE", "DOWN"…
  std::string rate;   // "100 Gb/sec (4X EDR)"
  std::int32_t gigabits = 0;
  std::vector<std::string> pkeys;  // partitions that the port belongs to: "0x8001"
  std::int32_t numa = -1;
  bool emulated = false;
};
BOOST_DESCRIBE_STRUCT(Fabric, (),
                      (device, port, layer, state, rate, gigabits, pkeys, numa, emulated))

// What the agent found on its machine.
struct Probe {
  std::string os;  // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;
  std::int32_t cpus = 0;
  std::int64_t memory = 0;
  std::vector<Gpu> gpus;
  std::vector<Fabric> fabrics;
  std::vector<std::string> mpi;         // "Open MPI 4.1.4", "MPICH 4.0.2"
  std::string cuda;                     // the newest that the driver can run
  std::string gpu_fault;                // why GPUs that are there cannot be looked at
  std::vector<std::string> transports;  // of libfabric and UCX: "fi:tcp", "ucx:tcp"
  std::vector<std::string> rdma_files;  // "/dev/infiniband/uverbs0"
  std::int64_t memlock = 0;             // the most memory that a task may lock; -1: all
  std::string containers;               // the engine's name and version
  std::string gpu_containers;           // how containers get GPUs: "cdi", "files"; empty: not
  std::int64_t disk = 0;                // where the node's files are
  std::int64_t disk_free = 0;
  std::string clock;                  // "synchronised", "free"
  std::vector<std::string> injected;  // faults that were asked for, in words
};
BOOST_DESCRIBE_STRUCT(Probe, (),
                      (os, kernel, cpus, memory, gpus, fabrics, mpi, cuda, gpu_fault, transports,
                       rdma_files, memlock, containers, gpu_containers, disk, disk_free, clock,
                       injected))

// What a run was given of its node's hardware.
struct Grant {
  std::vector<std::string> gpus;  // by their UUIDs
  bool shared = false;            // some of them with other runs
  bool emulated = false;
  std::string limited;  // what keeps it from the others: "cgroup"; empty: variables only
  std::string fabric;   // of a gang: "infiniband: mlx5_0:1", "tcp: why"
  bool operator==(const Grant&) const = default;
};
BOOST_DESCRIBE_STRUCT(Grant, (), (gpus, shared, emulated, limited, fabric))

// What can be made to fail on a node, on purpose.
enum class FaultKind {
  xid,             // the driver reports an error of a GPU
  ecc,             // uncorrected memory errors of a GPU
  linkdown,        // an RDMA port loses its link
  drivermismatch,  // the driver's library and its kernel module differ
  starttask,       // the start task fails
  preempt,         // the node is taken away, as low-priority nodes are
  lost,            // the node dies
  allocation,      // of the pool: no new node can be had
  quota,           // of the pool: the account's cores are used up
};
BOOST_DESCRIBE_ENUM(FaultKind, xid, ecc, linkdown, drivermismatch, starttask, preempt, lost,
                    allocation, quota)

struct Fault {
  FaultKind kind = FaultKind::xid;
  std::int32_t gpu = 0;    // which GPU, or which port of a fabric
  std::int64_t value = 0;  // the XID, or how many errors
};
BOOST_DESCRIBE_STRUCT(Fault, (), (kind, gpu, value))

}  // namespace batchyard::protocol
