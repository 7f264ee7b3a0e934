// The seal of a data directory, from its key file.
#pragma once

#include <memory>
#include <string>

#include "edge/seal/seal.h"

namespace batchyard::edge {

// Where the key lies when nothing else is said.
std::string default_key_file(const std::string& data_dir);

// Makes the file when nothing was sealed yet; no name is that of the default. Refused with
// "KeyFileMissing", "KeyFileWrong" or "KeyFileUnusable" when what is sealed could not be opened
// with it.
Result<std::shared_ptr<const Seal>> open_seal(const std::string& data_dir,
                                              const std::string& key_file);

}  // namespace batchyard::edge
