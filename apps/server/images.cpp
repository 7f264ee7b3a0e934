#include "apps/server/images.h"

#include "edge/fleet/node_disk.h"

namespace batchyard::server {

Result<std::unique_ptr<edge::ImageShelf>> open_images(ImagesPlace place) {
  edge::ImageShelfOptions options;
  options.directory = place.data_dir + "/images";
  options.data_directory = place.data_dir;
  options.boots = place.boots;
  options.now = std::move(place.now);
  options.take_upload = [vault = place.vault](const std::string& upload, const std::string& path) {
    return vault->take(upload, path);
  };
  const std::string nodes = place.data_dir + "/nodes";
  options.booted = [nodes] { return fleet::booted_layers(nodes); };
  options.disk_of = [nodes](const PoolId& pool, const NodeId& node) -> Result<edge::NodeDisk> {
    fleet::NodeDisk disk = TRY(fleet::disk_of(nodes, pool, node));
    return edge::NodeDisk{std::move(disk.layers), std::move(disk.upper), std::move(disk.root)};
  };
  return edge::ImageShelf::open(std::move(options));
}

}  // namespace batchyard::server
