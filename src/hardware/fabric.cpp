#include "hardware/fabric.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace batchyard {

namespace {

using protocol::Fabric;
using protocol::Probe;

constexpr std::int64_t memlock_min = 64LL << 20;

bool is_usable(const Fabric& fabric) {
  return fabric.state == "ACTIVE" && !fabric.emulated;
}

// The partition that is not the default one: clouds put each group of machines in one of its own.
// Its highest bit only says that the port is a full member.
std::string partition_of(const Fabric& fabric) {
  for (const std::string& key : fabric.pkeys) {
    const std::string folded = fold(key);
    if (folded.size() == 6 && folded.substr(3) != "fff") return folded;
  }
  return {};
}

// Mellanox's ports may be InfiniBand or Ethernet; both carry RDMA.
std::string join_ports(const std::vector<const Fabric*>& ports, bool with_port) {
  std::vector<std::string> names;
  for (const Fabric* port : ports)
    names.push_back(with_port ? fmt::format("{}:{}", port->device, port->port) : port->device);
  return join(names, ",");
}

FabricChoice rdma(const std::vector<const Fabric*>& ports) {
  const std::string named = join_ports(ports, true);
  FabricChoice choice;
  choice.words = fold(ports.front()->layer.empty() ? "rdma" : ports.front()->layer) + ": " + named;
  choice.variables = {
      "UCX_NET_DEVICES=" + named, "UCX_TLS=rc,ud,self,sm", "OMPI_MCA_pml=ucx",
      "NCCL_IB_DISABLE=0",        "NCCL_IB_HCA=" + named,  "FI_PROVIDER=verbs",
      "FI_VERBS_IFACE=ib",        "I_MPI_FABRICS=shm:ofi", "I_MPI_OFI_PROVIDER=verbs"};
  if (const std::string key = partition_of(*ports.front()); !key.empty()) {
    choice.variables.push_back("UCX_IB_PKEY=" + key);
    choice.variables.push_back("NCCL_IB_PKEY=0");
  }
  return choice;
}

}  // namespace

std::string why_no_fabric(const Probe& probe) {
  if (probe.fabrics.empty()) return "the node has no RDMA port";
  const Fabric& first = probe.fabrics.front();
  const auto up = std::ranges::find(probe.fabrics, "ACTIVE", &Fabric::state);
  if (up == probe.fabrics.end())
    return fmt::format("its port {}:{} is {}", first.device, first.port, first.state);
  if (std::ranges::none_of(probe.fabrics, is_usable)) return "its RDMA port is emulated";
  if (probe.memlock >= 0 && probe.memlock < memlock_min)
    return fmt::format("tasks may lock only {} KiB of memory", probe.memlock >> 10);
  if (probe.rdma_files.empty()) return "there is nothing in /dev/infiniband";
  return {};
}

FabricChoice choose_fabric(const Probe& probe, const std::string& no_fabric) {
  const std::string own = why_no_fabric(probe);
  const std::string& why = no_fabric.empty() ? own : no_fabric;
  if (!why.empty()) return {"tcp: " + why, {"NCCL_IB_DISABLE=1"}};
  std::vector<const Fabric*> ports;
  for (const Fabric& fabric : probe.fabrics) {
    if (is_usable(fabric)) ports.push_back(&fabric);
  }
  return rdma(ports);
}

}  // namespace batchyard
