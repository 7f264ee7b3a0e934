// One file as one blob of a container whose URL has a signature: in one request, or in blocks when
// it is large. It is read as it goes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "edge/transfer/transfer.h"
#include "protocol/messages.h"

namespace batchyard::edge {

inline constexpr std::int64_t whole_max = std::int64_t{16} << 20;  // more goes in blocks

// FileUploadAccessDenied, FileUploadContainerNotFound, FileUploadConflict, FileUploadTimedOut,
// FileUploadMiscError.
Result<> put_blob(Transfer& transfer, Halt& halt, int file, std::int64_t size,
                  const std::string& url, const std::vector<protocol::NameValue>& headers);

}  // namespace batchyard::edge
