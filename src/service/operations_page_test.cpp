// docs/operations.md is what the service's own table says. With BATCHYARD_REWRITE_GOLDEN=1 in the
// environment it is written anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "api/operations.h"
#include "service/service.h"

namespace batchyard::service {
namespace {

constexpr const char* page_file = "docs/operations.md";

std::string page() {
  std::string text =
      "# Operations\n\n"
      "Every operation of the data plane, and the api-versions that have it: `yes` where it is "
      "served, `-` where the\ncontract of that version has no such operation (the answer is 400 "
      "`InvalidUri`).\n\n| operation | request |";
  std::string line = "| --- | --- |";
  for (const api::VersionFacts& version : api::versions()) {
    text += fmt::format(" {} |", version.text);
    line += " --- |";
  }
  text += "\n" + line + "\n";
  for (const api::OperationFacts& operation : api::operations()) {
    text += fmt::format("| {} | {} `{}` |", operation.name, operation.method, operation.path);
    for (const api::VersionFacts& version : api::versions()) {
      const bool has = (operation.in & api::parse_version(version.text)->mask()) != 0;
      text += has ? " yes |" : " - |";
    }
    text += "\n";
  }
  return text;
}

TEST(OperationsPage, TellsWhatTheTableTells) {
  if (std::getenv("BATCHYARD_REWRITE_GOLDEN") != nullptr) std::ofstream(page_file) << page();
  std::stringstream written;
  written << std::ifstream(page_file).rdbuf();
  EXPECT_EQ(written.str(), page()) << "run this test with BATCHYARD_REWRITE_GOLDEN=1";
}

}  // namespace
}  // namespace batchyard::service
