// A pool as someone defined it, whatever the form of the file: its canonical JSON (the data plane's
// words), what the catalogue knows of its size and image, and what it brings to its nodes. Rules
// read nothing else.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue/catalogue.h"

namespace batchyard::preflight {

enum class PoolKind { none, both, virtual_machine, cloud_service };

// Whose words the file has.
enum class Form { data_plane, arm, shipyard };

struct Circumstances {
  const Catalogue* catalogue = &Catalogue::built_in();
  // The day on which Azure would be asked, 2026-11-24; empty: what Azure has ended counts for
  // nothing.
  std::string date = {};
  // The tool that makes the pool installs drivers and MPI itself, as Batch Shipyard does.
  bool installs_itself = false;
  // The API has checked the shape already.
  bool shape_is_known = false;
  Form form = Form::data_plane;
  std::string arm_version = {};           // of an ARM resource, 2024-07-01; empty: not said
  std::vector<std::string> foreign = {};  // paths in an ARM file that are the data plane's
  boost::json::object original = {};      // as Batch Shipyard has it
};

class Definition {
 public:
  explicit Definition(boost::json::object pool, Circumstances circumstances = {});

  const boost::json::object& pool() const { return pool_; }
  const Circumstances& circumstances() const { return circumstances_; }
  const Catalogue& catalogue() const { return *circumstances_.catalogue; }
  const std::string& date() const { return circumstances_.date; }

  // By path: "startTask/commandLine", "userAccounts/0/name". Nothing for what is not there, and for
  // a template's expression whose value nobody knows.
  const boost::json::value* at(std::string_view path) const;
  std::string text(std::string_view path) const;
  std::optional<std::int64_t> number(std::string_view path) const;
  std::optional<bool> flag(std::string_view path) const;
  // How many elements a list has.
  std::size_t count(std::string_view path) const;
  // There, if only as an expression.
  bool given(std::string_view path) const;
  bool is(std::string_view path, std::string_view word) const;  // without regard to case

  PoolKind kind() const { return kind_; }
  bool on_machines() const { return kind_ == PoolKind::virtual_machine; }
  const Size* size() const { return size_; }
  const Image* image() const { return image_; }
  // An image of the user's own: what it holds is not known.
  bool own_image() const { return own_image_; }
  const std::string& os() const { return os_; }          // linux, windows; empty: not known
  const std::string& system() const { return system_; }  // Ubuntu 16.04
  bool on_linux() const { return os_ == "linux"; }
  bool on_windows() const { return os_ == "windows"; }
  bool has_rdma() const { return size_ != nullptr && !size_->rdma.empty(); }
  bool has_gpus() const { return size_ != nullptr && size_->gpus > 0; }
  bool has_containers() const;
  // Its task slots, and the name that they have: older versions say maxTasksPerNode.
  std::int64_t slots() const { return number(slots_at()).value_or(1); }
  std::string slots_at() const {
    return given("maxTasksPerNode") && !given("taskSlotsPerNode") ? "maxTasksPerNode"
                                                                  : "taskSlotsPerNode";
  }

  // The start task's command in small letters, and whether it may change the system.
  const std::string& command() const { return command_; }
  bool has_start_task() const { return given("startTask"); }
  bool start_task_is_admin() const;
  bool start_task_gates() const { return flag("startTask/waitForSuccess").value_or(true); }

  // The image's software: cuda, grid, rdma, rdma:sriov…
  bool image_has(std::string_view token) const;
  // Nodes may have it in the end: by the image, an extension, the start task, a package.
  bool may_have(std::string_view token) const;
  // The start task may be what installs it.
  bool start_task_may_install(std::string_view token) const;
  // What it needs on its size, system and configuration.
  std::vector<const Requirement*> needs() const;

 private:
  void find_size_and_image();
  bool extension_may_install(std::string_view token) const;

  boost::json::object pool_;
  Circumstances circumstances_;
  PoolKind kind_ = PoolKind::none;
  const Size* size_ = nullptr;
  const Image* image_ = nullptr;
  bool own_image_ = false;
  std::string os_;
  std::string system_;
  std::string command_;
};

// The size that Cloud Services call "Small"; empty for another word.
std::string service_size(std::string_view name);
// A template's expression: "[parameters('vmSize')]".
bool is_expression(const boost::json::value& value);
// "userAccounts/0/name" as the API names it: "userAccounts[0].name".
std::string property_of(std::string_view path);
// The text of a value as errors show it.
std::string shown(const boost::json::value* value);

inline const std::string machine = "virtualMachineConfiguration";
inline const std::string image_at = "virtualMachineConfiguration/imageReference";
inline const std::string container_at = "virtualMachineConfiguration/containerConfiguration";

}  // namespace batchyard::preflight
