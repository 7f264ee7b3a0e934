// The root file system of a node that boots an image: an overlay of the image's layers with a part
// of its own on top, in a mount namespace of its own. Tasks live there. The node's agent stays in
// the machine's view, for it needs the machine's libraries and tools; it reaches the node's files
// by /proc/1/root and puts tasks into /proc/1/ns/mnt, as it puts them into the node's network.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edge/fleet/descriptor.h"
#include "edge/fleet/piece.h"

namespace batchyard::fleet {

// Files of the node's directory.
//   boot         the paths of its layers, the top one first, a line each; empty: the machine's root
//   disk/upper   what is the node's own in its root
//   disk/work, disk/root   the kernel's, and where the overlay is put together
inline constexpr char boot_file[] = "boot";
inline constexpr char disk_directory[] = "disk";

// What the node with this directory boots; nothing: the machine's own root.
std::vector<std::string> layers_of(const std::string& node_directory);

// Once in a node's life on a disk: what it has booted once it boots again, until it is reimaged.
Result<> write_boot(const std::string& node_directory, const std::vector<std::string>& layers);

// Both called once by the node's process 1. Before build_mounts, which covers places where layers
// may lie: the root, not attached anywhere yet.
Result<Piece> build_root(const std::string& node_directory, const std::vector<std::string>& layers);
// After it: process 1 lives in the image from then on. The machine's view, for the agent.
Result<Descriptor> enter_root(const Piece& root, const std::string& host_name);

}  // namespace batchyard::fleet
