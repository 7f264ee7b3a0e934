// Bearer tokens that say who somebody is: JSON Web Tokens (RFC 7519), signed with RSA (RS256) by
// this installation or by an issuer that it trusts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace batchyard::identity {

// What a token says of its holder.
struct Claims {
  std::string issuer;
  std::string audience;  // whom it is meant for: a resource, or an application's id
  std::string tenant;
  std::string object;       // the holder's own id
  std::string application;  // the application's id, of a service principal or managed identity
  std::string name;         // of a person, if the issuer tells it
  Time issued;
  Time not_before;
  Time expires;
};

// The key that signs an installation's tokens: a private JSON Web Key (RFC 7517).
class SigningKey {
 public:
  // InvalidKey when the text is no private RSA key.
  static Result<SigningKey> open(std::string_view jwk);

  std::string sign(const Claims& claims) const;
  // {"keys": […]}, for those who check the tokens; nothing in it is secret.
  const std::string& public_set() const { return public_set_; }

 private:
  std::string jwk_;
  std::string public_set_;
  std::string id_;
};

// An issuer whose tokens are believed, with the keys that it signs with.
class Issuer {
 public:
  // InvalidKey when `key_set` is no set of keys (RFC 7517, section 5). Its tokens may be meant for
  // `audiences`, too.
  static Result<Issuer> open(std::string name, std::string_view key_set,
                             std::vector<std::string> audiences = {});

  const std::string& name() const { return name_; }
  const std::vector<std::string>& audiences() const { return audiences_; }
  // Whether one of its keys made this signature, by an algorithm of a short list.
  bool signed_by(std::string_view token) const;

 private:
  std::string name_;
  std::string key_set_;
  std::vector<std::string> audiences_;
};

// How far the clocks of issuers may be off.
inline constexpr Duration clock_skew = std::chrono::minutes(5);

// What a token says, when one of the issuers signed it, it is meant for one of the audiences and
// the time is right. The error says which of these does not hold, and names the claim and its
// value; its code is the reason in one word: "InvalidAuthenticationToken",
// "InvalidAuthenticationTokenAudience", "ExpiredAuthenticationToken",
// "InvalidAuthenticationTokenIssuer".
Result<Claims> check_token(std::string_view token, const std::vector<Issuer>& issuers,
                           const std::vector<std::string>& audiences, Time now);

}  // namespace batchyard::identity
