// RDMA: does the image drive the size's fabric, and may nodes use it? Drivers of GPUs.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

// The tables of the article cover this size with this system: what they allow is not warned of.
bool in_a_table(const Definition& pool) {
  for (const Requirement* row : pool.needs()) {
    const bool covers = std::ranges::any_of(
        row->systems, [&](const std::string& system) { return pool.system().starts_with(system); });
    if (covers && std::ranges::find(row->sizes, pool.size()->name) != row->sizes.end()) return true;
  }
  return false;
}

bool is_hpc_centos(const Definition& pool) {
  return pool.image() != nullptr && pool.system().starts_with("CentOS-HPC");
}

// The nearest image of the same offer that drives the size's fabric.
const Image* with_fabric(const Definition& pool, std::string_view token) {
  const Image* best = nullptr;
  for (const Image& one : pool.catalogue().facts().images) {
    const std::vector<std::int32_t>& generations = pool.size()->generations;
    if (same_folded(one.publisher, pool.image()->publisher) &&
        same_folded(one.offer, pool.image()->offer) && one.agent == pool.image()->agent &&
        std::ranges::find(one.has, token) != one.has.end() &&
        (generations.empty() ||
         std::ranges::find(generations, one.generation) != generations.end()))
      best = &one;
  }
  return best;
}

// Words of the start task, its files and the packages.
std::string words_of(const Definition& pool) {
  std::string words = pool.command();
  for (std::size_t at = 0; at < pool.count("startTask/resourceFiles"); ++at) {
    const std::string file = fmt::format("startTask/resourceFiles/{}", at);
    words += " " + fold(pool.text(file + "/httpUrl") + " " + pool.text(file + "/filePath"));
  }
  for (std::size_t at = 0; at < pool.count("applicationPackageReferences"); ++at)
    words +=
        " " + fold(pool.text(fmt::format("applicationPackageReferences/{}/applicationId", at)));
  return words;
}

bool says_driver(const std::string& words, std::initializer_list<std::string_view> signs) {
  return std::ranges::any_of(
      signs, [&](std::string_view sign) { return words.find(sign) != std::string::npos; });
}

// The branch that a command asks for: "cuda-drivers-535", "nvidia-driver-535",
// "NVIDIA-Linux-x86_64-535".
std::int64_t branch_in(const std::string& words) {
  for (const std::string_view sign :
       {"cuda-drivers-", "nvidia-driver-", "nvidia-linux-x86_64-", "nvidia-headless-"}) {
    const std::size_t at = words.find(sign);
    if (at == std::string::npos) continue;
    if (const auto branch = parse_integer(words.substr(at + sign.size(), 3))) return *branch;
  }
  return 0;
}

bool is_of(const Definition& pool, std::initializer_list<std::string_view> models) {
  return pool.size() != nullptr && std::ranges::any_of(models, [&](std::string_view model) {
           return pool.size()->gpu.starts_with(model);
         });
}

}  // namespace

std::vector<Rule> fabric_rules() {
  using enum Severity;
  return {
      {"fabric-image-without-fabric", warning, "batch-pool-node-error-checking.md",
       "The RDMA drivers of a CentOS-HPC image stop a machine that has no RDMA: its nodes become "
       "unusable.",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || !is_hpc_centos(pool) || pool.has_rdma()) return;
         Finding& finding = report.at(
             image_at, fmt::format("{} has no RDMA, and the image is one for RDMA sizes. Give a "
                                   "plain CentOS, or an RDMA size.",
                                   pool.size()->name));
         finding.value = pool.image()->offer + " " + pool.image()->sku;
         give_image(pool, finding, {"OpenLogic", "CentOS", pool.image()->sku});
       }},
      {"fabric-image-too-old", warning, "setup-infiniband.md",
       "Images for NetworkDirect do not drive a fabric that is passed through (SR-IOV).",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || pool.size()->rdma != "sriov" || pool.image() == nullptr ||
             !pool.image_has("rdma:networkDirect") || in_a_table(pool))
           return;
         Finding& finding = report.at(
             image_at,
             fmt::format("{} needs drivers for SR-IOV, and the image has those for "
                         "NetworkDirect. `batchyard catalogue images --with rdma:sriov` shows "
                         "others.",
                         pool.size()->name));
         finding.value = pool.image()->offer + " " + pool.image()->sku;
         if (const Image* other = with_fabric(pool, "rdma:sriov"))
           finding.set(image_at + "/sku", other->sku);
       }},
      {"fabric-image-too-new", warning, "setup-infiniband.md",
       "Images for SR-IOV do not drive the older fabric (NetworkDirect).",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || pool.size()->rdma != "networkDirect" ||
             pool.image() == nullptr || !pool.image_has("rdma:sriov"))
           return;
         Finding& finding = report.at(
             image_at,
             fmt::format("{} needs drivers for NetworkDirect, and the image has those for SR-IOV. "
                         "Give CentOS-HPC 7.4.",
                         pool.size()->name));
         finding.value = pool.image()->offer + " " + pool.image()->sku;
         give_image(pool, finding, {"OpenLogic", "CentOS-HPC", "7.4"});
       }},
      {"fabric-preview-without", warning, "sizes-gpu.md",
       "ND40s_v2, unlike ND40rs_v2, has no InfiniBand: gangs run over Ethernet.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && pool.size()->name == "Standard_ND40s_v2" &&
             pool.flag("enableInterNodeCommunication").value_or(false))
           report.at("vmSize", "It has no InfiniBand. Give Standard_ND40rs_v2.")
               .set("vmSize", "Standard_ND40rs_v2");
       }},
      {"fabric-near-miss", note, "sizes-hpc.md",
       "An r in the name of a size stands for RDMA; without it gangs run over Ethernet.",
       [](const Definition& pool, Report& report) {
         if (pool.size() == nullptr || pool.has_rdma() ||
             !pool.flag("enableInterNodeCommunication").value_or(false))
           return;
         for (const Size* other : pool.catalogue().series(pool.size()->family)) {
           if (other->rdma.empty() || other->cores != pool.size()->cores ||
               other->memory_gib != pool.size()->memory_gib)
             continue;
           report.at("vmSize", fmt::format("{} is the same machine with RDMA.", other->name))
               .set("vmSize", other->name);
           return;
         }
       }},
      {"fabric-low-priority", warning, "batch-low-pri-vms.md",
       "When one low-priority node is taken away, the whole gang starts again.",
       [](const Definition& pool, Report& report) {
         if (pool.has_rdma() && pool.flag("enableInterNodeCommunication").value_or(false) &&
             pool.number("targetLowPriorityNodes").value_or(0) > 0 &&
             pool.number("targetDedicatedNodes").value_or(0) == 0)
           report.at("targetLowPriorityNodes", "Nodes for MPI should be dedicated.")
               .set("targetDedicatedNodes", pool.number("targetLowPriorityNodes").value_or(1))
               .set("targetLowPriorityNodes", 0);
       }},
      {"fabric-subnet", warning, "sizes-hpc.md",
       "The RDMA network takes the addresses 172.16.0.0/16.",
       [](const Definition& pool, Report& report) {
         for (std::size_t at = 0; at < pool.count("networkConfiguration/endpointConfiguration/"
                                                  "inboundNATPools");
              ++at) {
           const std::string rules = fmt::format(
               "networkConfiguration/endpointConfiguration/inboundNATPools/{}/"
               "networkSecurityGroupRules",
               at);
           for (std::size_t number = 0; number < pool.count(rules); ++number) {
             const std::string path = fmt::format("{}/{}/sourceAddressPrefix", rules, number);
             if (pool.has_rdma() && pool.text(path).starts_with("172.16."))
               report.at(path, "On an RDMA size these addresses belong to the RDMA network.");
           }
         }
       }},
  };
}

std::vector<Rule> driver_rules() {
  using enum Severity;
  const char* const setup = "n-series-driver-setup.md";
  return {
      {"driver-grid-on-compute", warning, setup,
       "NC and ND sizes are driven by CUDA drivers; GRID drivers are for NV sizes.",
       [](const Definition& pool, Report& report) {
         const std::string words = words_of(pool);
         if (pool.size() != nullptr && pool.size()->group == "gpu" &&
             says_driver(words, {"grid", "vgpu"}) && !says_driver(words, {"cuda", "tesla"}))
           report.at("startTask/commandLine",
                     fmt::format("{} is a compute size: install the CUDA (Tesla) driver, not GRID.",
                                 pool.size()->name));
       }},
      {"driver-cuda-on-graphics", warning, setup,
       "NV sizes are driven by GRID drivers; the CUDA driver leaves graphics without a licence.",
       [](const Definition& pool, Report& report) {
         const std::string words = words_of(pool);
         if (pool.size() != nullptr && pool.size()->family.starts_with("NV") &&
             pool.size()->gpu_vendor == "NVIDIA" &&
             says_driver(words, {"cuda-drivers", "tesla-driver", "-tesla-", "cuda-repo"}) &&
             !says_driver(words, {"grid", "vgpu"}))
           report.at(
               "startTask/commandLine",
               fmt::format("{} is a graphics size: install the GRID driver.", pool.size()->name));
       }},
      {"driver-nvidia-on-amd", warning, "nvv4-series.md", "NVv4 sizes have AMD GPUs.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && pool.size()->gpu_vendor == "AMD" &&
             says_driver(words_of(pool), {"nvidia", "cuda"}))
           report.at("startTask/commandLine", "The GPU is AMD's: install the AMD GPU driver.");
       }},
      {"driver-without-gpu", warning, setup, "A driver needs a device.",
       [](const Definition& pool, Report& report) {
         if (pool.size() != nullptr && pool.size()->gpus == 0 &&
             says_driver(pool.command(),
                         {"cuda-drivers", "nvidia-driver-", "nvidia-linux-", "nvidia-smi"}))
           report.at("vmSize", fmt::format("The start task installs or asks an NVIDIA driver, and "
                                           "{} has no GPU. Give an NC size.",
                                           pool.size()->name));
       }},
      {"driver-too-new-for-kepler", warning, "hpccompute-gpu-linux.md",
       "For the K80 of the NC series the last branch of NVIDIA's driver is 470.",
       [](const Definition& pool, Report& report) {
         const std::int64_t branch = branch_in(words_of(pool));
         if (!is_of(pool, {"Tesla K80"}) || branch <= 470) return;
         Finding& finding = report.at(
             "startTask/commandLine",
             fmt::format("Branch {} does not know the Tesla K80. Install branch 470.", branch));
         // The package of a branch has another one of the same name; an installer's file has not.
         std::string line = pool.text("startTask/commandLine");
         const std::string old = fmt::format("-{}", branch);
         const std::size_t at = line.find(old);
         if (at != std::string::npos && line.find(".run") == std::string::npos)
           finding.set("startTask/commandLine", line.replace(at, old.size(), "-470"));
       }},
      {"driver-open-on-old-gpu", warning, "Azure/azhpc-images issue 406",
       "The HPC images from Ubuntu 22.04 on have NVIDIA's open kernel modules, which know GPUs "
       "from "
       "Turing on: not K80, M60, P40, P100 and V100.",
       [](const Definition& pool, Report& report) {
         if (pool.image() == nullptr || !same_folded(pool.image()->offer, "ubuntu-hpc") ||
             !is_of(pool, {"Tesla K80", "Tesla M60", "Tesla P40", "Tesla P100", "Tesla V100"}) ||
             (pool.system() != "Ubuntu 22.04 HPC" && pool.system() != "Ubuntu 24.04 HPC"))
           return;
         report.at(
             image_at + "/sku",
             fmt::format("Its driver does not know the {} of {}: no GPU is found. Give a size "
                         "with a T4 or newer, or a plain image and the extension "
                         "NvidiaGpuDriverLinux.",
                         pool.size()->gpu, pool.size()->name));
       }},
      {"driver-nouveau", note, "linux/n-series-driver-setup.md",
       "The GRID installer refuses to work beside the driver that comes with Linux.",
       [](const Definition& pool, Report& report) {
         const std::string& command = pool.command();
         if (pool.on_linux() && says_driver(command, {"nvidia-linux-"}) &&
             says_driver(command, {"grid"}) && !says_driver(command, {"nouveau"}))
           report.at("startTask/commandLine",
                     "Unload and blacklist nouveau before the installer runs.");
       }},
      {"driver-linux-nd", warning, "batch-pool-compute-intensive-sizes.md",
       "The table of GPU sizes on Linux has no ND series; it is known to work on Windows.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && pool.size() != nullptr && pool.size()->family == "ND" &&
             !pool.has_rdma() && !pool.image_has("cuda") && !pool.own_image())
           report.at("vmSize",
                     "The tables do not list it for Linux. Prepare an image of your own, "
                     "or give an NCv3 size.");
       }},
  };
}

}  // namespace batchyard::preflight
