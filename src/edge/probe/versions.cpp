#include "edge/probe/versions.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard::edge {

namespace {

// What follows `mark` on its line, up to a blank; empty when there is no such line.
std::string word_after(std::string_view said, std::string_view mark) {
  const std::size_t at = said.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view line =
      said.substr(at + mark.size(), said.find('\n', at) - at - mark.size());
  const std::string_view rest = trim(line);
  return std::string(rest.substr(0, rest.find_first_of(" \t,")));
}

std::string named(std::string_view name, const std::string& version) {
  return version.empty() ? std::string() : std::string(name) + " " + version;
}

void add_once(std::vector<std::string>& names, std::string name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

}  // namespace

std::string open_mpi_version(std::string_view said) {
  return named("Open MPI", word_after(said, "Open MPI v"));
}

std::string mpich_version(std::string_view said) {
  return named("MPICH", word_after(said, "MPICH Version:"));
}

std::string hydra_version(std::string_view said) {
  if (said.contains("Intel(R) MPI Library"))
    return named("Intel MPI", word_after(said, "Version "));
  return named("MPICH",
               said.contains("HYDRA build details") ? word_after(said, "Version:") : std::string());
}

std::string podman_version(std::string_view said) {
  return named("podman", word_after(said, "podman version "));
}

// Names at the start of a line, with a colon: "tcp:".
std::vector<std::string> providers(std::string_view said) {
  std::vector<std::string> names;
  for (const std::string_view line : split(said, '\n')) {
    if (line.ends_with(':') && !line.starts_with(' '))
      add_once(names, "fi:" + std::string(line.substr(0, line.size() - 1)));
  }
  return names;
}

// "#      Transport: tcp"
std::vector<std::string> transports(std::string_view said) {
  std::vector<std::string> names;
  for (const std::string_view line : split(said, '\n')) {
    if (const std::string word = word_after(line, "Transport:"); !word.empty())
      add_once(names, "ucx:" + word);
  }
  return names;
}

}  // namespace batchyard::edge
