// The findings of `lint` as text for people, as JSON, and as SARIF for tools that show them beside
// the source.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "edge/definition/definition_text.h"
#include "preflight/document.h"

namespace batchyard::cli {

// A file and what was found in it. Findings refer to definitions, and those to nothing that moves.
struct LintedFile {
  std::string name;
  edge::DefinitionText text;
  std::vector<preflight::FoundPool> pools;
  std::deque<preflight::Definition> definitions;  // of each pool
  struct Found {
    std::size_t pool;
    preflight::Finding finding;
  };
  std::vector<Found> findings;
  int mended = 0;
  bool tried = false;  // what is left has no cure

  int line_of(const Found& found) const;
  std::string pointer_of(const Found& found) const;
  // In the words of the file; none where none fits.
  boost::json::array patch_of(const Found& found) const;
};

std::string lint_text(const std::deque<LintedFile>& files);
std::string lint_json(const std::deque<LintedFile>& files);
std::string lint_sarif(const std::deque<LintedFile>& files);

}  // namespace batchyard::cli
