// A root file system as a tar stream, from wherever it is: a directory, an archive, a container
// image.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <string>

#include "base/result.h"

namespace batchyard::cli {

// Gives the stream to `take`, then looks whether what made it has ended well.
Result<> with_root_archive(const std::string& from,
                           const std::function<Result<>(std::FILE*)>& take);

}  // namespace batchyard::cli
