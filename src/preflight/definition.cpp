#include "preflight/definition.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/syntax.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

using Signs = std::vector<std::string_view>;

bool holds_any(std::string_view text, const Signs& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Words that tell, in a command of a package manager, what is installed.
const Signs& signs_of(std::string_view token) {
  static const Signs nvidia = {"nvidia", "cuda"};
  static const Signs graphics = {"grid", "nvidia"};
  static const Signs fabric = {"rdma", "infiniband", "ofed", "mlnx", "ibverbs", "hpcvmdrivers"};
  static const Signs mpi = {"mpi", "hpcx", "mvapich"};
  static const Signs amd = {"amdgpu", "radeon"};
  static const Signs engine = {"docker", "moby", "containerd"};
  if (token == "cuda" || token == "nvidia-containers") return nvidia;
  if (token == "grid") return graphics;
  if (token.starts_with("rdma")) return fabric;
  if (token == "amd") return amd;
  return token == "docker" ? engine : mpi;
}

bool is_driver(std::string_view token) {
  return token != "mpi" && token != "intel-mpi" && token != "ms-mpi";
}

// What such a command does, only its files know.
bool is_opaque(const std::string& command) {
  return holds_any(command, {".sh", ".ps1", ".exe", ".msi", ".run", ".py", ".cmd", ".bat", ".rpm",
                             ".deb", "http://", "https://", "az_batch_app_package", "wget", "curl",
                             "ansible", "docker run"});
}

}  // namespace

std::string service_size(std::string_view name) {
  static constexpr std::pair<std::string_view, const char*> sizes[] = {
      {"extrasmall", "Standard_A0"}, {"small", "Standard_A1"},      {"medium", "Standard_A2"},
      {"large", "Standard_A3"},      {"extralarge", "Standard_A4"}, {"a5", "Standard_A5"},
      {"a6", "Standard_A6"},         {"a7", "Standard_A7"},         {"a8", "Standard_A8"},
      {"a9", "Standard_A9"},         {"a10", "Standard_A10"},       {"a11", "Standard_A11"}};
  for (const auto& [word, size] : sizes) {
    if (same_folded(word, name)) return size;
  }
  return {};
}

bool is_expression(const json::value& value) {
  return value.is_string() && templates::is_expression(std::string_view(value.get_string()));
}

std::string property_of(std::string_view path) {
  std::string property;
  for (const std::string_view part : split(path, '/')) {
    if (parse_integer(part))
      property += fmt::format("[{}]", part);
    else
      property += (property.empty() ? "" : ".") + std::string(part);
  }
  return property;
}

std::string shown(const json::value* value) {
  constexpr std::size_t shown_max = 128;
  if (value == nullptr) return {};
  std::string text =
      value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
  if (text.size() > shown_max) text.replace(shown_max, std::string::npos, "...");
  return text;
}

Definition::Definition(json::object pool, Circumstances circumstances)
    : pool_(std::move(pool)), circumstances_(std::move(circumstances)) {
  const bool has_machine = given(machine);
  const bool has_service = given("cloudServiceConfiguration");
  kind_ = has_machine && has_service ? PoolKind::both
          : has_machine              ? PoolKind::virtual_machine
          : has_service              ? PoolKind::cloud_service
                                     : PoolKind::none;
  command_ = fold(text("startTask/commandLine"));
  find_size_and_image();
}

void Definition::find_size_and_image() {
  // A size in another spelling is meant all the same: the spelling is one finding, not ten.
  size_ = catalogue().size_meant(text("vmSize"));
  if (kind_ == PoolKind::cloud_service) {
    if (size_ == nullptr) size_ = catalogue().size(service_size(text("vmSize")));
    os_ = "windows";
    const Guest* guest = catalogue().guest(text("cloudServiceConfiguration/osFamily"));
    if (guest != nullptr) system_ = guest->system;
    return;
  }
  image_ = catalogue().image(text(image_at + "/publisher"), text(image_at + "/offer"),
                             text(image_at + "/sku"));
  own_image_ = given(image_at + "/virtualMachineImageId") ||
               given(image_at + "/sharedGalleryImageId") ||
               given(image_at + "/communityGalleryImageId");
  const Agent* agent = catalogue().agent(text(machine + "/nodeAgentSKUId"));
  os_ = image_ != nullptr ? image_->os : agent != nullptr ? agent->os : "";
  if (image_ != nullptr) system_ = image_->system;
}

const json::value* Definition::at(std::string_view path) const {
  const json::value* value = nullptr;
  const json::object* object = &pool_;
  for (const std::string_view part : split(path, '/')) {
    if (value != nullptr && value->is_array()) {
      const std::optional<std::int64_t> index = parse_integer(part);
      if (!index || *index < 0 || static_cast<std::size_t>(*index) >= value->get_array().size())
        return nullptr;
      value = &value->get_array()[static_cast<std::size_t>(*index)];
    } else if (object != nullptr) {
      value = object->if_contains(part);
    } else {
      return nullptr;
    }
    if (value == nullptr || value->is_null() || is_expression(*value)) return nullptr;
    object = value->if_object();
  }
  return value;
}

std::string Definition::text(std::string_view path) const {
  const json::value* value = at(path);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> Definition::number(std::string_view path) const {
  const json::value* value = at(path);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  if (value->is_string()) return parse_integer(trim(std::string_view(value->get_string())));
  return std::nullopt;
}

std::optional<bool> Definition::flag(std::string_view path) const {
  const json::value* value = at(path);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  if (!value->is_string()) return std::nullopt;
  if (same_folded(std::string_view(value->get_string()), "true")) return true;
  if (same_folded(std::string_view(value->get_string()), "false")) return false;
  return std::nullopt;
}

std::size_t Definition::count(std::string_view path) const {
  const json::value* value = at(path);
  return value != nullptr && value->is_array() ? value->get_array().size() : 0;
}

bool Definition::given(std::string_view path) const {
  const std::size_t slash = path.rfind('/');
  const json::object* owner = &pool_;
  if (slash != std::string_view::npos) {
    const json::value* above = at(path.substr(0, slash));
    owner = above == nullptr ? nullptr : above->if_object();
    path.remove_prefix(slash + 1);
  }
  const json::value* value = owner == nullptr ? nullptr : owner->if_contains(path);
  return value != nullptr && !value->is_null();
}

bool Definition::is(std::string_view path, std::string_view word) const {
  return same_folded(text(path), word);
}

bool Definition::has_containers() const {
  return given(container_at);
}

bool Definition::start_task_is_admin() const {
  if (is("startTask/userIdentity/autoUser/elevationLevel", "admin")) return true;
  const std::string name = text("startTask/userIdentity/username");
  if (name.empty()) return false;
  for (std::size_t at_ = 0; at_ < count("userAccounts"); ++at_) {
    const std::string account = fmt::format("userAccounts/{}", at_);
    if (text(account + "/name") == name) return is(account + "/elevationLevel", "admin");
  }
  return true;  // not among the accounts: that is another finding
}

bool Definition::image_has(std::string_view token) const {
  if (image_ == nullptr) return false;
  return std::ranges::any_of(image_->has, [&](const std::string& one) {
    return one == token || one.starts_with(std::string(token) + ":") ||
           (token == "mpi" && one == "intel-mpi");
  });
}

bool Definition::extension_may_install(std::string_view token) const {
  for (std::size_t at_ = 0; at_ < count(machine + "/extensions"); ++at_) {
    const std::string one = fmt::format("{}/extensions/{}", machine, at_);
    const Extension* known = catalogue().extension(text(one + "/publisher"), text(one + "/type"));
    // A script of the user's may install anything.
    if (known == nullptr ? holds_any(fold(text(one + "/type")), {"script"})
                         : std::ranges::find(known->installs, token) != known->installs.end())
      return true;
  }
  return false;
}

bool Definition::start_task_may_install(std::string_view token) const {
  if (!has_start_task()) return false;
  if (!at("startTask/commandLine")) return given("startTask/commandLine");
  if (count("startTask/resourceFiles") > 0 || given("startTask/containerSettings") ||
      is_opaque(command_))
    return true;
  return holds_any(command_, signs_of(token));
}

bool Definition::may_have(std::string_view token) const {
  const bool open = own_image_ || circumstances_.installs_itself ||
                    (image_ == nullptr && kind_ != PoolKind::cloud_service);
  // In a container the library is the container's.
  if (open || (!is_driver(token) && has_containers())) return true;
  if (is_driver(token) && os_ == "linux" && catalogue().installs_drivers()) return true;
  if (image_has(token) || extension_may_install(token) || start_task_may_install(token))
    return true;
  return !is_driver(token) && count("applicationPackageReferences") > 0;
}

std::vector<const Requirement*> Definition::needs() const {
  if (size_ == nullptr || os_.empty()) return {};
  return catalogue().needs(*size_, os_,
                           kind_ == PoolKind::cloud_service ? Configuration::cloud_service
                                                            : Configuration::virtual_machine);
}

}  // namespace batchyard::preflight
