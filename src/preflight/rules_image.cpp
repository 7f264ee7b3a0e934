// Images: which one, whether its generation fits the size, and what its settings may be.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "preflight/image_id.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const image_api = "BatchService.json";

bool from_marketplace(const Definition& pool) {
  return pool.given(image_at + "/publisher") || pool.given(image_at + "/offer") ||
         pool.given(image_at + "/sku");
}

std::string image_name(const Definition& pool) {
  return fmt::format("{}/{}/{}", pool.text(image_at + "/publisher"), pool.text(image_at + "/offer"),
                     pool.text(image_at + "/sku"));
}

bool boots(const Size& size, int generation) {
  return size.generations.empty() ||
         std::ranges::find(size.generations, generation) != size.generations.end();
}

// The same offer's image of the other generation, if there is one: 22_04-lts has 22_04-lts-gen2.
const Image* of_generation(const Definition& pool, int generation) {
  const Image& image = *pool.image();
  std::string sku = image.sku;
  for (const std::string_view tail : {"-gen2", "-g2", "-gensecond"}) {
    if (generation == 1 && sku.ends_with(tail)) sku.resize(sku.size() - tail.size());
    if (generation == 1) continue;
    if (const Image* other =
            pool.catalogue().image(image.publisher, image.offer, image.sku + std::string(tail)))
      return other;
  }
  // The same system in another spelling: 7.7 is 7_7-gen2.
  for (const Image& other : pool.catalogue().facts().images) {
    if (same_folded(other.publisher, image.publisher) && same_folded(other.offer, image.offer) &&
        other.generation == generation &&
        (generation == 1 ? same_folded(other.sku, sku) : other.system == image.system))
      return &other;
  }
  return nullptr;
}

std::string security(const Definition& pool) {
  return fold(pool.text(machine + "/securityProfile/securityType"));
}

void find_generation(const Definition& pool, Report& report) {
  if (pool.image() == nullptr || pool.size() == nullptr) return;
  if (boots(*pool.size(), pool.image()->generation)) return;
  const Image* other = of_generation(pool, pool.size()->generations.front());
  Finding& finding = report.at(
      image_at + "/sku",
      fmt::format("{} boots images of generation {}, and this one is of generation {}. {}",
                  pool.size()->name, pool.size()->generations.front(), pool.image()->generation,
                  other != nullptr ? "Give " + other->sku + "."
                                   : "`batchyard catalogue images` shows the generations."));
  if (other != nullptr) finding.set(image_at + "/sku", other->sku);
}

}  // namespace

std::vector<Rule> image_rules() {
  using enum Severity;
  return {
      {"image-missing", error, image_api, "A virtual machine boots an image.",
       [](const Definition& pool, Report& report) {
         if (pool.on_machines() && pool.at(machine) != nullptr && !pool.given(image_at))
           report.at(image_at, "Give publisher, offer and sku, or a virtualMachineImageId.");
       },
       "MissingRequiredProperty"},
      {"image-twice", error, image_api, "An image comes from the Marketplace or is one's own.",
       [](const Definition& pool, Report& report) {
         if (pool.own_image() && from_marketplace(pool))
           report.at(image_at, "Give either publisher, offer and sku, or virtualMachineImageId.")
               .remove(image_at + "/virtualMachineImageId");
       }},
      {"image-incomplete", error, image_api,
       "A Marketplace image is named by publisher, offer and sku together.",
       [](const Definition& pool, Report& report) {
         if (!pool.on_machines() || pool.own_image() || pool.at(image_at) == nullptr) return;
         if (!from_marketplace(pool)) {
           report.at(image_at, "Give publisher, offer and sku, or a virtualMachineImageId.");
           return;
         }
         for (const char* member : {"publisher", "offer", "sku"}) {
           if (!pool.given(image_at + "/" + member))
             report.at(image_at + "/" + member,
                       "Give publisher, offer and sku; similar images are: " +
                           pool.catalogue().similar_images(pool.text(image_at + "/publisher"),
                                                           pool.text(image_at + "/offer")) +
                           ".");
         }
       },
       "MissingRequiredProperty"},
      {"image-unknown", error, image_api, "Only images with a node agent can be used.",
       [](const Definition& pool, Report& report) {
         if (!pool.on_machines() || pool.own_image() || pool.image() != nullptr) return;
         for (const char* member : {"publisher", "offer", "sku"}) {
           if (pool.text(image_at + "/" + member).empty()) return;
         }
         std::string similar = pool.catalogue().similar_images(pool.text(image_at + "/publisher"),
                                                               pool.text(image_at + "/offer"));
         if (!similar.empty()) similar = "Similar ones are: " + similar + ". ";
         Finding& finding = report.at(image_at, "No such image is supported. " + similar +
                                                    "GET /supportedimages lists all.");
         finding.value = image_name(pool);
       }},
      {"image-own-version", error, image_api,
       "The version of an image of one's own is part of its id.",
       [](const Definition& pool, Report& report) {
         if (pool.own_image() && pool.given(image_at + "/version") && !from_marketplace(pool))
           report
               .at(image_at + "/version",
                   "It goes with publisher, offer and sku. Leave it out, or end the id with "
                   "/versions/VERSION.")
               .remove(image_at + "/version");
       }},
      {"image-vhd", error, "batch-custom-images.md",
       "Pools are made from images, not from the disk files of machines.",
       [](const Definition& pool, Report& report) {
         const std::string id = fold(pool.text(image_at + "/virtualMachineImageId"));
         if (id.starts_with("http") || id.ends_with(".vhd"))
           report
               .at(image_at + "/virtualMachineImageId",
                   "It is the address of a disk. Make an image of it in a Compute Gallery and "
                   "give the image's id.")
               .value = id.substr(0, id.find('?'));  // without a signature
       }},
      {"image-of-other-kind", error, "batch-custom-images.md",
       "An id of something else than an image boots nothing.",
       [](const Definition& pool, Report& report) {
         const std::string path = image_at + "/virtualMachineImageId";
         const std::string id = pool.text(path);
         if (pool.at(path) != nullptr && (id.empty() || id.front() == '/') && !is_image_id(id))
           report.at(path,
                     "It is no image's id: that is /subscriptions/S/resourceGroups/G/providers/"
                     "Microsoft.Compute/galleries/GALLERY/images/NAME, with or without "
                     "/versions/VERSION, or …/Microsoft.Compute/images/NAME. Ids of virtual "
                     "machines, disks and snapshots are none.");
       }},
      {"image-generation", warning, "Azure/Batch issue 137",
       "A size boots images of certain generations; allocation of another fails.", find_generation},
      {"image-windows-settings", error, image_api, "Windows settings are for Windows images.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && pool.given(machine + "/windowsConfiguration"))
           report
               .at(machine + "/windowsConfiguration",
                   "The image is a Linux. Leave windowsConfiguration out.")
               .remove(machine + "/windowsConfiguration");
       }},
      {"image-license-type", error, image_api,
       "A licence that is brought along is Windows_Server or Windows_Client.",
       [](const Definition& pool, Report& report) {
         const std::string type = fold(pool.text(machine + "/licenseType"));
         if (!type.empty() && type != "windows_server" && type != "windows_client")
           report
               .at(machine + "/licenseType",
                   "It must be Windows_Server or Windows_Client, or be left out.")
               .remove(machine + "/licenseType");
       }},
      {"image-license-on-linux", warning, image_api, "The licence is one for Windows.",
       [](const Definition& pool, Report& report) {
         if (pool.on_linux() && pool.given(machine + "/licenseType"))
           report.at(machine + "/licenseType", "The image is a Linux. Leave licenseType out.")
               .remove(machine + "/licenseType");
       }},
      {"image-trusted-launch-generation", warning, "trusted-launch.md",
       "Trusted launch and confidential machines need an image of generation 2.",
       [](const Definition& pool, Report& report) {
         if (security(pool).empty() || pool.image() == nullptr || pool.image()->generation == 2)
           return;
         Finding& finding = report.at(machine + "/securityProfile/securityType",
                                      pool.image()->sku +
                                          " is of generation 1. Give an image of "
                                          "generation 2, or leave it out.");
         if (const Image* other = of_generation(pool, 2))
           finding.set(image_at + "/sku", other->sku);
       }},
      {"image-confidential-size", warning, "confidential-vm-overview.md",
       "Confidential machines exist in sizes of their own (DCas_v5, ECas_v5 and later).",
       [](const Definition& pool, Report& report) {
         if (security(pool) == "confidentialvm" && pool.size() != nullptr &&
             !pool.size()->family.starts_with("DC") && !pool.size()->family.starts_with("EC"))
           report
               .at(machine + "/securityProfile/securityType",
                   pool.size()->name +
                       " has no confidential computing. Give a DCas or ECas size, "
                       "or trustedLaunch.")
               .set(machine + "/securityProfile/securityType", "trustedLaunch");
       }},
      {"image-uefi-alone", warning, "models.tsp",
       "Secure boot and the virtual TPM are parts of a security type.",
       [](const Definition& pool, Report& report) {
         if (pool.given(machine + "/securityProfile/uefiSettings") && security(pool).empty())
           report
               .at(machine + "/securityProfile/uefiSettings",
                   "Without securityType they have no effect. Give securityType trustedLaunch.")
               .set(machine + "/securityProfile/securityType", "trustedLaunch");
       }},
      {"image-application-license", error, image_api,
       "Licences by use exist for maya, vray, 3dsmax and arnold.",
       [](const Definition& pool, Report& report) {
         for (std::size_t at = 0; at < pool.count("applicationLicenses"); ++at) {
           const std::string path = fmt::format("applicationLicenses/{}", at);
           const std::string name = fold(pool.text(path));
           if (name != "maya" && name != "vray" && name != "3dsmax" && name != "arnold")
             report.at(path, "It must be maya, vray, 3dsmax or arnold.").remove(path);
         }
       }},
  };
}

std::vector<Rule> agent_rules() {
  using enum Severity;
  const std::string agent_at = machine + "/nodeAgentSKUId";
  return {
      {"agent-missing", error, image_api, "The node agent is chosen by the image's system.",
       [=](const Definition& pool, Report& report) {
         // With ARM's word for it: that is a finding of its own.
         if (!pool.on_machines() || pool.at(machine) == nullptr || pool.given(agent_at) ||
             pool.given(machine + "/nodeAgentSkuId"))
           return;
         Finding& finding = report.at(
             agent_at, pool.image() != nullptr
                           ? "The image needs the node agent '" + pool.image()->agent + "'."
                           : "Give the node agent of the image's system, for example "
                             "batch.node.ubuntu 22.04.");
         if (pool.image() != nullptr) finding.set(agent_at, pool.image()->agent);
       },
       "MissingRequiredProperty"},
      {"agent-unknown", error, "batch-linux-nodes.md", "There is a node agent for each system.",
       [=](const Definition& pool, Report& report) {
         const std::string agent = pool.text(agent_at);
         if (agent.empty() || pool.catalogue().agent(agent) != nullptr || pool.image() != nullptr)
           return;
         std::vector<std::string> known;
         for (const Agent& one : pool.catalogue().facts().agents) known.push_back(one.id);
         report.at(agent_at, "No such node agent exists. Known are: " + join(known, ", ") + ".");
       }},
      {"agent-of-other-image", error, "batch-linux-nodes.md",
       "The node agent must fit the image: nodes with another one become unusable.",
       [=](const Definition& pool, Report& report) {
         const std::string agent = pool.text(agent_at);
         if (pool.image() == nullptr || agent.empty() || same_folded(agent, pool.image()->agent))
           return;
         report
             .at(agent_at, fmt::format("The image {} needs the node agent '{}'.", image_name(pool),
                                       pool.image()->agent))
             .set(agent_at, pool.image()->agent);
       }},
  };
}

}  // namespace batchyard::preflight
