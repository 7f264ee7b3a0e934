// A page of a directory's names, in order, however many there are: what is asked for is kept, and
// no more.
#pragma once

#include <sys/stat.h>

#include <string>

#include "protocol/messages.h"

namespace batchyard::edge {

// Fills in entries and `more`. Links are listed as what they are and not followed.
void list_page(int root, const protocol::FileRequest& request, protocol::FileAnswer& answer);

protocol::FileEntry entry_of(const std::string& name, const struct stat& stat);

}  // namespace batchyard::edge
