// The images, as directories of the data directory, and what Marketplace images are bound to. An
// image has its record once its files are whole and on the disk; what no record and no node refers
// to is removed.
//   <directory>/records/<name>.json
//   <directory>/layers/<guid>/       read-only for nodes: they lay their own part over it
//   <directory>/bindings.json
//   <directory>/making/<guid>        archives and layers that are not whole yet
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "service/image_port.h"

namespace batchyard::edge {

// A living node's root file system.
struct NodeDisk {
  std::vector<std::string> layers;  // that it boots; none: the machine's own root
  std::string upper;                // what is its own
  std::string root;                 // all of it, as its processes see it
};

struct ImageShelfOptions {
  std::string directory;
  // Makes the upload's file the caller's, under that path.
  std::function<Result<>(const std::string& upload, const std::string& path)> take_upload;
  std::function<Result<NodeDisk>(const PoolId&, const NodeId&)> disk_of;
  std::function<std::set<std::string>()> booted;  // layers that nodes have under them
  std::function<Time()> now;
  std::string data_directory;  // of the service: in no image
  bool boots = true;           // nodes do
};

class ImageShelf : public service::ImagePort {
 public:
  static Result<std::unique_ptr<ImageShelf>> open(ImageShelfOptions options);
  ~ImageShelf() override;  // what waits is given up, unanswered

  bool boots() const override { return options_.boots; }
  std::vector<ImageRecord> images() const override;
  std::vector<ImageBinding> bindings() const override;
  void import(service::ImageWish wish, std::string upload, OnImage done) override;
  void capture(service::ImageWish wish, PoolId pool, NodeId node, service::CaptureExtent extent,
               OnImage done) override;
  Result<> remove(const std::string& name) override;
  Result<> bind(ImageBinding binding) override;

  // What a node of a pool with this image boots: directories, the top one first; none: the
  // machine's own root. An error says what to do.
  Result<std::vector<std::string>> boot(const std::string& reference) const;

 private:
  using Work = std::move_only_function<void()>;
  explicit ImageShelf(ImageShelfOptions options);
  Result<> load();
  void loop();
  void post(Work work);
  // Whether the name is free; it is taken from then on, until `settle`.
  Result<> claim(const std::string& name);
  void make(const service::ImageWish& wish, OnImage done,
            const std::function<Result<ImageRecord>(const std::string& making)>& fill);
  Result<ImageRecord> keep(ImageRecord record, const service::ImageWish& wish,
                           const std::string& making);
  Result<ImageRecord> unpack(const std::string& upload, const std::string& making) const;
  Result<ImageRecord> copy(const PoolId& pool, const NodeId& node, service::CaptureExtent extent,
                           const std::string& making) const;
  Result<std::vector<std::string>> layers_of(const ImageRecord& image) const;
  Result<> keep_text(const std::string& path, const std::string& text) const;
  void sweep();
  std::string path(const std::string& below) const { return options_.directory + "/" + below; }

  const ImageShelfOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::vector<ImageRecord> images_;
  std::vector<ImageBinding> bindings_;
  std::set<std::string> claimed_;  // names of images that are being made, folded
  std::deque<Work> work_;
  bool stopping_ = false;
  std::thread thread_;  // a root file system takes its time
};

}  // namespace batchyard::edge
