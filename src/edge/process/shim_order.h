// What a shim is told, as it goes over its descriptor 3 (apps/shim/order.cpp reads it).
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace batchyard::edge {

struct ShimOrder {
  std::string record;  // path before ".run"
  std::string directory;
  std::string out;  // empty: the given descriptor
  std::string error;
  std::string network;  // of the node; empty: as the agent's
  std::string view;     // the node's root file system; empty: the agent's
  std::string group;    // cgroup.procs of a group that the command joins; empty: none
  long uid = -1;        // -1: stay who we are
  long gid = -1;
  long grace_ms = 2000;
  bool keeps_tree = false;  // what the command leaves behind goes on
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
};

// A shim has no room for more.
inline constexpr std::size_t shim_order_max = 4u << 20;

// The number of bytes (32 bits, as the machine has them), then texts that end in NUL.
inline std::string to_bytes(const ShimOrder& order) {
  std::string bytes(sizeof(std::uint32_t), '\0');
  const auto add = [&](const std::string& text) { bytes.append(text.c_str(), text.size() + 1); };
  for (const std::string* text : {&order.record, &order.directory, &order.out, &order.error,
                                  &order.network, &order.view, &order.group})
    add(*text);
  for (const long number : {order.uid, order.gid, order.grace_ms}) add(std::to_string(number));
  add(order.keeps_tree ? "1" : "0");
  for (const std::vector<std::string>* list : {&order.arguments, &order.environment}) {
    add(std::to_string(list->size()));
    for (const std::string& text : *list) add(text);
  }
  const auto size = static_cast<std::uint32_t>(bytes.size() - sizeof(std::uint32_t));
  std::memcpy(bytes.data(), &size, sizeof size);
  return bytes;
}

}  // namespace batchyard::edge
