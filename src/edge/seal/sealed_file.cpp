#include "edge/seal/sealed_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "edge/seal/whole_file.h"

namespace batchyard::edge {

std::string bytes_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<> write_sealed_file(const std::string& directory, std::string_view name,
                           std::string_view text, const Seal& seal) {
  return write_whole_file(fmt::format("{}/{}", directory, name), seal.seal(name, text));
}

Result<std::string> read_sealed_file(const std::string& directory, std::string_view name,
                                     const Seal& seal) {
  const std::string held = bytes_of_file(fmt::format("{}/{}", directory, name));
  if (held.empty()) return held;
  Result<std::string> text = seal.open(name, held);
  if (!text) {
    Error error = std::move(text).error();
    error.message = fmt::format("{}: {}", directory, error.message);
    return std::unexpected(std::move(error));
  }
  if (!seal.is_current(held)) TRY(write_sealed_file(directory, name, *text, seal));
  return text;
}

}  // namespace batchyard::edge
