// New keys that sign tokens: chance, which the middle has none of.
#pragma once

#include <string>

#include "base/result.h"

namespace batchyard::edge {

// A private RSA key as a JSON Web Key, with an id of its own; identity::SigningKey opens it.
Result<std::string> make_signing_key();

}  // namespace batchyard::edge
