#include "apps/server/catalogue_file.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace batchyard::server {

Result<Catalogue> open_catalogue(const std::string& path) {
  if (path.empty()) return Catalogue::built_in();
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return fail(Kind::invalid, "",
                fmt::format("--catalogue {} cannot be read: give a JSON file of sizes and images, "
                            "as docs/catalogue.md describes it",
                            path));
  Result<Catalogue> catalogue = Catalogue::with(text.str());
  if (!catalogue) catalogue.error().message = path + ": " + catalogue.error().message;
  return catalogue;
}

}  // namespace batchyard::server
