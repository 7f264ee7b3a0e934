// What is in a certificate that a user gives: its public part and its thumbprint.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::service {

struct ReadCertificate {
  std::string public_der;
  std::string thumbprint;  // SHA-1 of that, 40 lower-case hexadecimal digits
};

// `cer`: DER or PEM. `pfx`: PKCS #12, opened with the password. The error names the property.
Result<ReadCertificate> read_cer(std::string_view bytes);
Result<ReadCertificate> read_pfx(std::string_view bytes, const std::string& password);

}  // namespace batchyard::service
