// `catalogue sizes|images|rules|retirements`: the facts that pools are judged by.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct CatalogueOptions {
  std::string file;                // an operator's
  std::vector<std::string> words;  // a size, a series, a part of a name: any of them
  bool gpu = false;
  bool rdma = false;
  bool cloud_services = false;
  int cores_min = 0;
  std::string os;                     // linux, windows
  std::vector<std::string> software;  // tokens: all of them
  std::string severity;               // error, warning, note
  std::string before;                 // a day
  std::string after;
};

int show_sizes(const CatalogueOptions& options, Output output);
int show_images(const CatalogueOptions& options, Output output);
int show_rules(const CatalogueOptions& options, Output output);
// Sizes, images, node agents and the rest, by the day on which Azure ends them.
int show_retirements(const CatalogueOptions& options, Output output);

}  // namespace batchyard::cli
