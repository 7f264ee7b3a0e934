// Where handlers of VM extensions are kept, as the service asks for it (edge/image/handlers.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/extension.h"

namespace batchyard::service {

class HandlerPort {
 public:
  virtual ~HandlerPort() = default;

  // By publisher and type, without regard to case; an operator's before what came with the program.
  virtual std::vector<ExtensionHandler> handlers() const = 0;
  // In place of the one before. It is durable on return.
  virtual Result<> keep(ExtensionHandler handler) = 0;
  // False: an operator has registered none.
  virtual Result<bool> remove(const std::string& publisher, const std::string& type) = 0;
};

// The one that runs the extension; null: nobody has registered any.
const ExtensionHandler* find_handler(const std::vector<ExtensionHandler>& handlers,
                                     std::string_view publisher, std::string_view type);

}  // namespace batchyard::service
