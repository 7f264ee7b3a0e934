// Where images are kept, as the service asks for it (edge/image/shelf.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "model/image.h"

namespace batchyard::service {

// What an image is to be called, and what is said of it.
struct ImageWish {
  std::string name;
  std::string id;      // the whole id; empty: it goes by its name
  std::string agent;   // nodeAgentSKUId; empty: what its os-release says
  std::string source;  // where it comes from
};

enum class CaptureExtent { difference, whole };

class ImagePort {
 public:
  using OnImage = std::move_only_function<void(Result<ImageRecord>)>;
  virtual ~ImagePort() = default;

  // Whether nodes boot what their pool says: simulated ones boot nothing.
  virtual bool boots() const = 0;
  virtual std::vector<ImageRecord> images() const = 0;
  virtual std::vector<ImageBinding> bindings() const = 0;

  // Of an upload's archive (PackagePort::begin), which is gone then either way. What comes of it is
  // told from any thread, once it is durable. ImageExists, UploadNotFound, InvalidImage.
  virtual void import(ImageWish wish, std::string upload, OnImage done) = 0;
  // Of a node that lives. OperationNotValidOnNode when its root is not its own.
  virtual void capture(ImageWish wish, PoolId pool, NodeId node, CaptureExtent extent,
                       OnImage done) = 0;
  // ImageNotFound.
  virtual Result<> remove(const std::string& name) = 0;
  // What the Marketplace image boots from now on; `to` empty: what all others boot.
  virtual Result<> bind(ImageBinding binding) = 0;
};

}  // namespace batchyard::service
