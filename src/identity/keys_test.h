// Keys and tokens for tests: what no SigningKey would make, too.
#pragma once

extern "C" {
#include <jansson.h>
#include <jose/jwk.h>
#include <jose/jws.h>
}

#include <cstdlib>
#include <string>

#include "base/text.h"

namespace batchyard::identity {

// A private key of `kind` ("RS256", "ES256", "HS256") whose id is `id`.
inline std::string make_key(const char* kind, const char* id) {
  json_t* key = json_pack("{s:s,s:s}", "alg", kind, "kid", id);
  jose_jwk_gen(nullptr, key);
  char* text = json_dumps(key, JSON_COMPACT);
  std::string made(text);
  std::free(text);
  json_decref(key);
  return made;
}

// A token of any payload, signed with that key.
inline std::string sign_payload(const std::string& key, const std::string& payload) {
  json_t* loaded = json_loads(key.c_str(), 0, nullptr);
  json_t* token = json_pack("{s:s}", "payload", base64url_encode(payload).c_str());
  json_t* header = json_pack("{s:{s:s}}", "protected", "typ", "JWT");
  const bool is_signed = jose_jws_sig(nullptr, token, header, loaded);
  std::string made;
  if (is_signed)
    made = std::string(json_string_value(json_object_get(token, "protected"))) + "." +
           base64url_encode(payload) + "." + json_string_value(json_object_get(token, "signature"));
  json_decref(header);
  json_decref(token);
  json_decref(loaded);
  return made;
}

}  // namespace batchyard::identity
