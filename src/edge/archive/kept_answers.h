// What is answered about files that are kept of a node that is gone, wherever they lie.
#pragma once

#include "protocol/messages.h"

namespace batchyard::edge {

// Nothing is kept of that run (any more).
protocol::FileAnswer nothing_kept(const protocol::FileRequest& request);
// Single files are not deleted.
protocol::FileAnswer kept_as_a_whole(const protocol::FileRequest& request);

}  // namespace batchyard::edge
