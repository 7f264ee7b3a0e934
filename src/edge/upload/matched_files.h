// The files of a node that a pattern names, as a task's account sees them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edge/upload/pattern.h"

namespace batchyard::edge {

struct MatchedFile {
  std::string path;  // relative to the root
  std::string name;  // relative to where the pattern starts to look
};

// Regular files below the root, by name. Links that lead out of the root are not there;
// directories that are links are not looked into by `**`. Refuses more than a hundred thousand.
Result<std::vector<MatchedFile>> matched_files(int root, const Pattern& pattern);

}  // namespace batchyard::edge
