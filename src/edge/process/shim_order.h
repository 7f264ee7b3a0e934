// What the shim is told, as it goes over its descriptor 3 (apps/shim/shim.cpp reads it).
#pragma once

#include <string>
#include <vector>

namespace batchyard::edge {

struct ShimOrder {
  std::string record;  // path before ".run"
  std::string directory;
  std::string out;  // empty: the given descriptor
  std::string error;
  std::string network;  // of the node; empty: as the agent's
  long uid = -1;        // -1: stay who we are
  long gid = -1;
  long grace_ms = 2000;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
};

inline std::string to_bytes(const ShimOrder& order) {
  std::string bytes;
  const auto add = [&](const std::string& text) { bytes.append(text.c_str(), text.size() + 1); };
  for (const std::string* text :
       {&order.record, &order.directory, &order.out, &order.error, &order.network})
    add(*text);
  for (const long number : {order.uid, order.gid, order.grace_ms}) add(std::to_string(number));
  for (const std::vector<std::string>* list : {&order.arguments, &order.environment}) {
    add(std::to_string(list->size()));
    for (const std::string& text : *list) add(text);
  }
  return bytes;
}

}  // namespace batchyard::edge
