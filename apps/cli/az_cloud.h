// The cloud that `az` knows this installation as: what registers it, and does so for --register-az.
#pragma once

#include <string>

#include "apps/server/installation.h"
#include "base/result.h"

namespace batchyard::cli {

// What somebody types who has the variables that `up` prints.
std::string az_lines(const server::ManagementFacts& management);

// az must be there before the service starts for somebody who wants it registered.
Result<> find_az();

// A registration lasts until `withdraw`: az's configuration is as it was then.
class AzCloud {
 public:
  // Says on the standard output what it does.
  Result<> enter(const server::ManagementFacts& management);
  void withdraw();

 private:
  std::string before_;  // the cloud that was in use; empty: nothing was changed
};

}  // namespace batchyard::cli
