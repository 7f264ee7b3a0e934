// The machine sizes and images that exist, as facts (source: Azure's size and image documentation).
// The table is made from spec/catalogue.json.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace batchyard {

struct Size {
  std::string_view name;  // lower case: "standard_h16r"
  int cores;
  double memory_gib;
  int gpus;
  std::string_view gpu;  // model; empty without
  bool rdma;
};

struct Image {
  std::string_view publisher;
  std::string_view offer;
  std::string_view sku;
  std::string_view agent;         // nodeAgentSKUId
  std::string_view os;            // linux, windows
  std::string_view capabilities;  // separated by commas
  bool verified;
};

std::span<const Size> sizes();
std::span<const Image> images();

// Without regard to case; nothing when there is none.
const Size* find_size(std::string_view name);
const Image* find_image(std::string_view publisher, std::string_view offer, std::string_view sku);

// Sizes or images with a similar name, for an error: "standard_h16r, standard_h16mr".
std::string similar_sizes(std::string_view name);
std::string similar_images(std::string_view publisher, std::string_view offer);

}  // namespace batchyard
