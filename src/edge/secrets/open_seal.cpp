#include "edge/secrets/open_seal.h"

#include <fmt/format.h>
#include <unistd.h>

#include "edge/seal/key_file.h"
#include "edge/seal/sealed_file.h"

namespace batchyard::edge {

std::string default_key_file(const std::string& data_dir) {
  return data_dir + "/key";
}

Result<std::shared_ptr<const Seal>> open_seal(const std::string& data_dir,
                                              const std::string& given_file) {
  const std::string key_file = given_file.empty() ? default_key_file(data_dir) : given_file;
  // Written at the first start, so whatever is sealed there, it is, too.
  const std::string account = bytes_of_file(fmt::format("{}/{}", data_dir, account_file));
  if (access(key_file.c_str(), F_OK) != 0) {
    if (is_sealed(account))
      return fail(Kind::invalid, "KeyFileMissing",
                  fmt::format("there is no key file {}, and what is in {} is sealed. Put the file "
                              "back, or say where it is: --key-file.",
                              key_file, data_dir));
    TRY(make_key_file(key_file));
  }
  std::vector<std::string> keys = TRY(read_key_file(key_file));
  auto seal = std::make_shared<const Seal>(std::move(keys), key_file);
  if (!account.empty()) TRY(seal->open(account_file, account));
  return std::shared_ptr<const Seal>(std::move(seal));
}

}  // namespace batchyard::edge
