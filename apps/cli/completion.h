// Completion scripts for the shells.
#pragma once

#include <string>

namespace batchyard::cli {

// shell: bash, zsh or fish; "" for another one.
std::string completion_script(const std::string& shell);

}  // namespace batchyard::cli
