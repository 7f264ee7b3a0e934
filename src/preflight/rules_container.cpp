// Containers of a pool: engine, images, registries, GPUs and RDMA within.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/container.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const containers_page = "batch-docker-container-workloads.md";
const std::string names_at = container_at + "/containerImageNames";
const std::string registries_at = container_at + "/containerRegistries";

void each_name(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count(names_at); ++at)
    look(fmt::format("{}/{}", names_at, at));
}

void each_registry(const Definition& pool, const std::function<void(const std::string&)>& look) {
  for (std::size_t at = 0; at < pool.count(registries_at); ++at)
    look(fmt::format("{}/{}", registries_at, at));
}

// "myacr.azurecr.io" of "myacr.azurecr.io/tool:1"; empty for the Docker Hub.
std::string host_of(const std::string& image) {
  const std::size_t slash = image.find('/');
  if (slash == std::string::npos) return {};
  const std::string first = image.substr(0, slash);
  const bool host = first.find('.') != std::string::npos || first.find(':') != std::string::npos ||
                    first == "localhost";
  return host ? first : "";
}

std::string server_of(const Definition& pool, const std::string& registry) {
  std::string server = fold(pool.text(registry + "/registryServer"));
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (server.starts_with(scheme)) server.erase(0, scheme.size());
  }
  while (server.ends_with('/')) server.pop_back();
  return server;
}

void find_missing_registry(const Definition& pool, Report& report) {
  std::set<std::string> servers;
  each_registry(pool,
                [&](const std::string& registry) { servers.insert(server_of(pool, registry)); });
  each_name(pool, [&](const std::string& name) {
    const std::string host = fold(host_of(pool.text(name)));
    if (host.ends_with(".azurecr.io") && !servers.contains(host))
      report.at(name, fmt::format("{} asks who one is, and containerRegistries has no entry for "
                                  "it: the node becomes unusable.",
                                  host));
  });
}

// The CUDA of an image's tag, "nvidia/cuda:12.4.1-base" or "pytorch:2.1-cuda12.1": 12.
int cuda_of(const std::string& image) {
  const std::string folded = fold(image);
  for (const std::string_view sign : {"nvidia/cuda:", "cuda", "cu"}) {
    const std::size_t at = folded.rfind(sign);
    if (at == std::string::npos) continue;
    std::size_t digit = at + sign.size();
    if (digit < folded.size() && folded[digit] == '-') ++digit;
    int number = 0;
    std::size_t digits = 0;
    for (; digit + digits < folded.size() && digits < 2 &&
           std::isdigit(static_cast<unsigned char>(folded[digit + digits]));
         ++digits)
      number = number * 10 + (folded[digit + digits] - '0');
    if (number >= 8 && number <= 19) return number;
  }
  return 0;
}

// The oldest branch of the driver that runs programs of a CUDA, by its first number.
int driver_for(int cuda) {
  return cuda >= 13 ? 580 : cuda == 12 ? 525 : cuda == 11 ? 450 : cuda == 10 ? 410 : 0;
}

// "--rm --gpus all" without the option and its value.
std::string without_gpus(const std::string& options) {
  std::vector<std::string> kept;
  bool is_value = false;
  for (const std::string_view word : split(options, ' ')) {
    const bool is_option = word.starts_with("--gpus");
    if (!word.empty() && !is_option && !is_value) kept.emplace_back(word);
    if (!word.empty()) is_value = word == "--gpus";
  }
  return join(kept, " ");
}

void find_old_driver(const Definition& pool, Report& report) {
  if (!pool.has_gpus() || pool.image() == nullptr || pool.image()->nvidia_driver == 0) return;
  each_name(pool, [&](const std::string& name) {
    const int cuda = cuda_of(pool.text(name));
    if (driver_for(cuda) > pool.image()->nvidia_driver)
      report.at(name, fmt::format("CUDA {} needs a driver of branch {}, and the image has {}. Give "
                                  "a newer image, or one with CUDA of its time.",
                                  cuda, driver_for(cuda), pool.image()->nvidia_driver));
  });
}

void find_engine(const Definition& pool, Report& report) {
  const Image& image = *pool.image();
  Finding& finding = report.at(
      container_at, fmt::format("The image {} has no container engine: its nodes become unusable. "
                                "`batchyard catalogue images --with docker` shows those that have.",
                                image.sku));
  finding.value = image.sku;
  if (pool.on_windows())
    return give_image(pool, finding,
                      {image.publisher, image.offer, image.sku + "-with-containers"});
  const std::vector<std::int32_t> generations =
      pool.size() == nullptr ? std::vector<std::int32_t>() : pool.size()->generations;
  if (generations.empty() || generations.front() == 2)
    give_image(pool, finding, {"microsoft-dsvm", "ubuntu-hpc", "2204"});
  else
    give_image(pool, finding, {"microsoft-azure-batch", "ubuntu-server-container", "20-04-lts"});
}

}  // namespace

std::vector<Rule> container_rules() {
  using enum Severity;
  return {
      {"containers-without-engine", warning, "Azure/Batch issue 166",
       "Containers need an image with an engine (its capability is DockerCompatible).",
       [](const Definition& pool, Report& report) {
         if (pool.has_containers() && pool.image() != nullptr && !pool.may_have("docker"))
           find_engine(pool, report);
       }},
      {"containers-gpu-without-driver", warning, containers_page,
       "A container sees GPUs when the machine has the driver.",
       [](const Definition& pool, Report& report) {
         if (pool.has_containers() && pool.has_gpus() && pool.size()->gpu_vendor == "NVIDIA" &&
             pool.image_has("docker") && !pool.may_have("cuda") && !pool.may_have("grid"))
           report
               .at(image_at,
                   "Nothing gives the machine an NVIDIA driver. Give an image that "
                   "`batchyard catalogue images --with docker --with cuda` shows, or "
                   "the extension NvidiaGpuDriver" +
                       std::string(pool.on_windows() ? "Windows." : "Linux."))
               .value = pool.image()->offer;
       }},
      {"containers-gpu-without-toolkit", warning, "Azure/Batch issue 192",
       "A container sees GPUs through the NVIDIA container toolkit.",
       [](const Definition& pool, Report& report) {
         if (pool.has_containers() && pool.has_gpus() && pool.on_linux() &&
             pool.size()->gpu_vendor == "NVIDIA" && pool.image_has("docker") &&
             (pool.may_have("cuda") || pool.may_have("grid")) &&
             !pool.image_has("nvidia-containers") &&
             !pool.start_task_may_install("nvidia-containers"))
           report
               .at(image_at,
                   "The image has an engine and no NVIDIA container toolkit: containers see no "
                   "GPU. Give an image that `batchyard catalogue images --with "
                   "nvidia-containers` shows.")
               .value = pool.image()->offer;
       }},
      {"containers-fpga", warning, "Azure/Batch issue 131",
       "Nodes of the NP series do not start when the pool has containers.",
       [](const Definition& pool, Report& report) {
         if (pool.has_containers() && pool.size() != nullptr && pool.size()->family == "NP")
           report.at("vmSize",
                     "Nodes of this series do not start with a containerConfiguration. "
                     "Leave it out and run the engine from tasks.");
       }},
      {"containers-rdma-on-windows", warning, containers_page,
       "RDMA reaches into containers on Linux only.",
       [](const Definition& pool, Report& report) {
         if (pool.has_containers() && pool.has_rdma() && pool.on_windows())
           report
               .at(container_at,
                   "Containers on Windows have no RDMA. Give a Linux image, or no "
                   "containers.")
               .value = "given";
       }},
      {"containers-cuda-too-new", warning, "Azure/Batch issue 116",
       "A program of CUDA needs a driver of its time or later.", find_old_driver},
      {"containers-image-name", error, "BatchService.json",
       "An image's name is what docker pull takes.",
       [](const Definition& pool, Report& report) {
         each_name(pool, [&](const std::string& name) {
           const std::string image = pool.text(name);
           if (!pool.at(name)) return;
           const auto parsed = parse_image(image);
           if (parsed) return;
           std::string reason = "Give [registry/]path[:tag].";
           for (const Detail& detail : parsed.error().details) {
             if (detail.key == "Reason") reason = detail.value;
           }
           report.at(name, std::move(reason));
         });
       }},
      {"containers-image-twice", note, "BatchService.json", "An image is fetched once.",
       [](const Definition& pool, Report& report) {
         std::set<std::string> seen;
         each_name(pool, [&](const std::string& name) {
           if (pool.at(name) && !seen.insert(pool.text(name)).second)
             report.at(name, "It is in the list twice.").remove(name);
         });
       }},
      {"containers-latest", note, "best-practices.md",
       "Nodes that join on different days may fetch different images of one tag.",
       [](const Definition& pool, Report& report) {
         each_name(pool, [&](const std::string& name) {
           if (pool.text(name).ends_with(":latest"))
             report.at(name, "Give a tag that stays, so that all nodes run the same.");
         });
       }},
      {"containers-registry-missing", warning, containers_page,
       "A private registry gives images to those that it knows.", find_missing_registry},
      {"containers-registry-twice", error, containers_page, "A registry has one entry.",
       [](const Definition& pool, Report& report) {
         std::set<std::string> seen;
         each_registry(pool, [&](const std::string& registry) {
           if (!seen.insert(server_of(pool, registry)).second)
             report.at(registry + "/registryServer", "Another entry is for this registry.")
                 .remove(registry);
         });
       }},
      {"containers-registry-address", warning, containers_page,
       "A registry is named by its host, as images name it.",
       [](const Definition& pool, Report& report) {
         each_registry(pool, [&](const std::string& registry) {
           const std::string server = pool.text(registry + "/registryServer");
           if (server.find("://") != std::string::npos || server.ends_with('/'))
             report
                 .at(registry + "/registryServer",
                     "Images name it without scheme and slash: " + server_of(pool, registry) + ".")
                 .set(registry + "/registryServer", server_of(pool, registry));
         });
       }},
      {"containers-registry-half-login", error, "BatchService.json",
       "A login has a name and a password.",
       [](const Definition& pool, Report& report) {
         each_registry(pool, [&](const std::string& registry) {
           const bool named = pool.given(registry + "/username");
           if (named != pool.given(registry + "/password"))
             report.at(registry + (named ? "/password" : "/username"),
                       "Give username and password together, or neither.");
         });
       }},
      {"containers-start-task-without", error, "BatchService.json",
       "A task runs in a container when its pool has containers.",
       [](const Definition& pool, Report& report) {
         if (pool.given("startTask/containerSettings") && !pool.has_containers())
           report
               .at("startTask/containerSettings",
                   "The pool has no virtualMachineConfiguration.containerConfiguration. Add it, or "
                   "leave containerSettings out.")
               .value = "given";
       }},
      {"containers-start-task-driver", warning, containers_page,
       "What a start task installs in a container is gone with the container.",
       [](const Definition& pool, Report& report) {
         if (!pool.given("startTask/containerSettings") || !pool.has_gpus() ||
             pool.image() == nullptr || pool.image_has("cuda") || pool.image_has("grid"))
           return;
         report
             .at("startTask/containerSettings",
                 "The size needs a driver on the machine, and a container cannot install it. Run "
                 "the start task on the machine.")
             .remove("startTask/containerSettings")
             .value = "given";
       }},
      {"containers-gpus-option", warning, "wf-basecalling issue 6",
       "Containers have GPUs without asking, and Azure refuses the option of docker.",
       [](const Definition& pool, Report& report) {
         const std::string path = "startTask/containerSettings/containerRunOptions";
         if (pool.text(path).find("--gpus") != std::string::npos)
           report
               .at(path,
                   "Azure gives a container the node's GPUs by itself and ends a task with this "
                   "option as ContainerInvalidSettings. Leave --gpus out.")
               .set(path, without_gpus(pool.text(path)));
       }},
      {"containers-windows-user", warning, containers_page,
       "Tasks in containers of Windows run as administrator.",
       [](const Definition& pool, Report& report) {
         if (pool.on_windows() && pool.given("startTask/containerSettings") &&
             !pool.start_task_is_admin())
           report
               .at("startTask/userIdentity",
                   "On Windows a task in a container needs elevationLevel admin.")
               .set("startTask/userIdentity",
                    boost::json::object{
                        {"autoUser", {{"scope", "pool"}, {"elevationLevel", "admin"}}}});
       }},
  };
}

}  // namespace batchyard::preflight
