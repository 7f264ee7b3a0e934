// Completion scripts for the shells, made from the commands themselves.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace batchyard::cli {

// shell: bash, zsh or fish; "" for another one.
std::string completion_script(const std::string& shell, const CLI::App& program);

}  // namespace batchyard::cli
