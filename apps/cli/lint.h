// `lint`: what is wrong with the pools of files, before anything is allocated.
#pragma once

#include <string>
#include <vector>

namespace batchyard::cli {

struct LintOptions {
  std::vector<std::string> files;  // "-": standard input
  bool fix = false;
  bool notes = false;
  std::string date;       // a day, or "today"; empty: the calendar is not asked
  std::string catalogue;  // an operator's
  std::string output = "text";
};

// 0 nothing is wrong (or all was mended), 1 something is, 2 a file cannot be read or has no pool.
int lint(const LintOptions& options);

}  // namespace batchyard::cli
