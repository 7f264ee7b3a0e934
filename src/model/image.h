// Images: the root file systems that nodes boot into, and which of them a pool's imageReference
// means. Pure; edge/image keeps them on disk, edge/fleet boots nodes into them.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace batchyard {

// An image of one's own: a stack of layers, each a directory of the shelf, the top one first.
struct ImageRecord {
  std::string name;    // letters, digits, '.', '-', '_'; unique without regard to case
  std::string id;      // the whole id it was given, "/subscriptions/…"; empty: it goes by its name
  std::string system;  // PRETTY_NAME of its os-release; empty: it has none
  std::string agent;   // nodeAgentSKUId that it fits; empty: any of Linux
  std::int64_t size = 0;  // of its files, without those of layers that it shares
  std::string digest;     // SHA-256 of the archive, or of what was captured
  Time made;
  std::string source;    // "tar root.tar.zst", "node N of pool P"
  std::string left_out;  // what could not be kept: "3 devices"
  std::vector<std::string> layers;
  bool on_machine = false;  // below its layers lie the machine's own files
};
BOOST_DESCRIBE_STRUCT(ImageRecord, (),
                      (name, id, system, agent, size, digest, made, source, left_out, layers,
                       on_machine))

// What nodes of a Marketplace image boot into.
struct ImageBinding {
  std::string reference;  // "publisher/offer/sku[/version]", or "*": every one without a binding
  std::string to;         // "host", "host-copy", or an image's name
};
BOOST_DESCRIBE_STRUCT(ImageBinding, (), (reference, to))

inline constexpr std::string_view boots_host = "host";            // the machine's files themselves
inline constexpr std::string_view boots_host_copy = "host-copy";  // …and changes stay the node's

bool is_image_name(std::string_view name);

// An image of one's own is named by an id that begins with '/', or by a name; a Marketplace image
// by publisher/offer/sku/version.
bool is_own_image(std::string_view reference);

// "gpu" for "/subscriptions/S/…/images/gpu/versions/1.0.0" and for "gpu"; empty when it names none.
std::string_view image_name_in(std::string_view id);

// The name that an image gets by its id: "gpu-1.0.0" when the id has a version.
std::string name_for_id(std::string_view id);

// The image of exactly that id; of an id without a version, or with "latest", the newest of its
// versions; else the one that goes by the name alone. Null: there is none.
const ImageRecord* find_image(const std::vector<ImageRecord>& images, std::string_view reference);

// What a Marketplace image is bound to; "host" when nothing is said.
std::string binding_of(const std::vector<ImageBinding>& bindings, std::string_view reference);

// What a root file system's os-release says of it.
struct SystemFacts {
  std::string name;   // "Debian GNU/Linux 12 (bookworm)"
  std::string agent;  // "batch.node.debian 12"; empty where no agent of that name is known of
};
SystemFacts system_of(std::string_view os_release);

}  // namespace batchyard
