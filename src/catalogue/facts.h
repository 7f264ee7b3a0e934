// The entries of the catalogue, as spec/catalogue.json spells them. A date is text, 2024-02-29:
// such texts compare as the days do. An empty text: there is none, or it is not known.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace batchyard {

enum class Offer { yes, no, unstated };
BOOST_DESCRIBE_ENUM(Offer, yes, no, unstated)

struct Size {
  std::string name;    // Standard_H16r
  std::string family;  // H, NCv2, ND_A100_v4
  std::string group;   // hpc, gpu, gpu-viz, general…
  std::int32_t cores = 1;
  double memory_gib = 1;
  double disk_gib = 0;   // temporary
  double cache_gib = 0;  // of disks, on the machine; 0: not known
  std::string nvme;
  std::int32_t gpus = 0;
  std::string gpu;  // model
  std::string gpu_vendor;
  double gpu_memory_gib = 0;  // of each
  std::string gpu_share;      // of a card, when it is not a whole one
  std::string rdma;           // networkDirect, sriov; empty without
  std::string fabric;
  std::int32_t gbps = 0;
  Offer cloud_services = Offer::unstated;
  bool virtual_machine = true;
  bool disputed = false;                  // sources disagree on virtual_machine
  std::vector<std::int32_t> generations;  // of images that it boots; empty: either
  std::optional<bool> premium_storage;
  std::vector<std::string> guests;  // operating systems; empty: any
  std::string constrained_from;
  std::string status;  // superseded, preview-only
  std::string ends;
  std::string ends_source;
  bool offered = true;  // by this installation: an operator's word
  std::string notes;
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Size, (),
                      (name, family, group, cores, memory_gib, disk_gib, cache_gib, nvme, gpus, gpu,
                       gpu_vendor, gpu_memory_gib, gpu_share, rdma, fabric, gbps, cloud_services,
                       virtual_machine, disputed, generations, premium_storage, guests,
                       constrained_from, status, ends, ends_source, offered, notes, sources))

struct Image {
  std::string publisher;
  std::string offer;
  std::string sku;
  std::string os;                         // linux, windows
  std::string system;                     // Ubuntu 16.04, CentOS-HPC 7.4, Windows Server 2016
  std::string agent;                      // nodeAgentSKUId
  std::vector<std::string> capabilities;  // in the API's words
  std::vector<std::string> has;           // software by its token: cuda, rdma:sriov, docker
  std::int32_t generation = 1;
  std::int32_t nvidia_driver = 0;  // its branch, 460; 0: not known
  std::string ends;
  bool verified = false;
  std::string notes;
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Image, (),
                      (publisher, offer, sku, os, system, agent, capabilities, has, generation,
                       nvidia_driver, ends, verified, notes, sources))

struct Agent {
  std::string id;
  std::string os;
  std::string ends;
  std::string ends_source;
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Agent, (), (id, os, ends, ends_source, sources))

// A guest operating system of Cloud Services.
struct Guest {
  std::string family;  // "5"
  std::string system;
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Guest, (), (family, system, sources))

struct Software {
  std::string token;
  std::string name;                     // for people
  std::vector<std::string> extensions;  // types that install it
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Software, (), (token, name, extensions, sources))

struct Extension {
  std::string publisher;
  std::string type;
  std::string os;
  std::string needs;  // of the size: rdma, rdma:sriov, nvidia, amd
  std::vector<std::string> installs;
  std::string version;  // typeHandlerVersion
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Extension, (), (publisher, type, os, needs, installs, version, sources))

enum class Configuration { virtual_machine, cloud_service };
BOOST_DESCRIBE_ENUM(Configuration, virtual_machine, cloud_service)

// A row of the tables of required software: which sizes, where, need what.
struct Requirement {
  std::string id;
  std::string os;
  Configuration configuration = Configuration::virtual_machine;
  std::vector<std::string> sizes;
  std::vector<std::string> families;
  std::string capability;
  std::vector<std::string> systems;        // starts of their names; none: any
  std::vector<std::string> later_systems;  // that newer sources add
  std::string later_source;
  std::vector<std::vector<std::string>> software;  // all of them, each by any of its tokens
  bool inter_node = false;
  std::int32_t slots = 0;  // 0: any number
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(Requirement, (),
                      (id, os, configuration, sizes, families, capability, systems, later_systems,
                       later_source, software, inter_node, slots, sources))

// Something other than a size, an image or an agent that Azure has ended or will end.
struct CalendarEntry {
  std::string what;
  std::string ends;
  std::string instead;
  std::vector<std::string> sources;
};
BOOST_DESCRIBE_STRUCT(CalendarEntry, (), (what, ends, instead, sources))

struct CatalogueFacts {
  std::string version;
  std::vector<Size> sizes;
  std::vector<Image> images;
  std::vector<Agent> agents;
  std::vector<Guest> guests;
  std::vector<Software> software;
  std::vector<Extension> extensions;
  std::vector<Requirement> required;
  std::vector<CalendarEntry> calendar;
};

}  // namespace batchyard
