// Keys and certificates as PEM text: an authority of our own, and server certificates that it
// signs. They pass the strict checks of OpenSSL (RFC 5280): key usage, critical basic constraints,
// both key identifiers, names only in the extension.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace batchyard::edge {

struct Issuer {
  std::string certificate;  // PEM
  std::string private_key;  // PEM
};

// An elliptic-curve key (P-256).
Result<std::string> make_private_key();
Result<std::string> make_authority_certificate(const std::string& private_key,
                                               const std::string& common_name, Time now);
// For DNS names, wildcards and IP addresses.
Result<std::string> make_server_certificate(const Issuer& issuer, const std::string& private_key,
                                            const std::vector<std::string>& names, Time now);

// Whether a certificate can be used on and well after `now`: it belongs to the key, `issuer` signed
// it, every name is in it.
struct Wanted {
  std::string private_key;
  std::string issuer_certificate;
  std::vector<std::string> names;
  Duration time_left_min;
};
bool certificate_serves(const std::string& certificate, const Wanted& wanted, Time now);

}  // namespace batchyard::edge
