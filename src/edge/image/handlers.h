// Handlers of VM extensions, one file each below the data directory, beside the images:
//   <directory>/<publisher>+<type>.json
// With them, those that come with the program: what installs the drivers of GPUs and RDMA.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "service/handler_port.h"

namespace batchyard::edge {

enum class DriverHandlers { left_out, offered };

class HandlerShelf : public service::HandlerPort {
 public:
  static Result<std::unique_ptr<HandlerShelf>> open(std::string directory, DriverHandlers drivers);

  std::vector<ExtensionHandler> handlers() const override;
  Result<> keep(ExtensionHandler handler) override;
  Result<bool> remove(const std::string& publisher, const std::string& type) override;

 private:
  HandlerShelf(std::string directory, DriverHandlers drivers);
  Result<> load();
  std::string path_of(const std::string& publisher, const std::string& type) const;

  const std::string directory_;
  const std::vector<ExtensionHandler> built_in_;
  mutable std::mutex mutex_;
  std::vector<ExtensionHandler> own_;
};

}  // namespace batchyard::edge
