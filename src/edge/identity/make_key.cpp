#include "edge/identity/make_key.h"

extern "C" {
#include <jansson.h>
#include <jose/jwk.h>
}

#include <cstdlib>
#include <memory>

#include "edge/clock/clock.h"

namespace batchyard::edge {

Result<std::string> make_signing_key() {
  const std::string id = random_hex(8);
  json_t* key = json_pack("{s:s,s:s,s:s}", "alg", "RS256", "use", "sig", "kid", id.c_str());
  const bool made = key != nullptr && jose_jwk_gen(nullptr, key);
  const std::unique_ptr<char, decltype(&std::free)> text(
      made ? json_dumps(key, JSON_COMPACT) : nullptr, &std::free);
  json_decref(key);
  if (!text) return fail(Kind::internal, "InternalError", "cannot make a key that signs tokens");
  return std::string(text.get());
}

}  // namespace batchyard::edge
