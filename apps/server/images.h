// The shelf of images, between the uploads that images come from and the nodes that boot them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "edge/image/shelf.h"
#include "edge/package/vault.h"

namespace batchyard::server {

struct ImagesPlace {
  std::string data_dir;
  edge::Vault* vault = nullptr;
  std::function<Time()> now;
  bool boots = true;  // nodes do; simulated ones boot nothing
};
Result<std::unique_ptr<edge::ImageShelf>> open_images(ImagesPlace place);

}  // namespace batchyard::server
