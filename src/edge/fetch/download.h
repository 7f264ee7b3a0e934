// What a URL has, into a file. A transfer that breaks off goes on where it broke, as long as it is
// still the same that is there (its ETag); otherwise it begins anew.
#pragma once

#include "edge/transfer/transfer.h"

namespace batchyard::edge {

// `request` without a sink. The answer's `error` is one of writing when the sink failed.
TransferAnswer download(Transfer& transfer, Halt& halt, TransferRequest request, int file);

}  // namespace batchyard::edge
