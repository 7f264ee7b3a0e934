#include "service/x509.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include <memory>

#include "base/text.h"
#include "service/pfx_rounds.h"

namespace batchyard::service {

namespace {

template <class T, void (*release)(T*)>
struct Releases {
  void operator()(T* object) const { release(object); }
};
using X509Pointer = std::unique_ptr<X509, Releases<X509, X509_free>>;
using Pkcs12Pointer = std::unique_ptr<PKCS12, Releases<PKCS12, PKCS12_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, Releases<EVP_PKEY, EVP_PKEY_free>>;
using BioPointer = std::unique_ptr<BIO, Releases<BIO, BIO_free_all>>;

// Files of Windows' making are often encrypted with RC2, which only the old provider knows. It is
// loaded into a context of its own, so that nothing else uses it.
OSSL_LIB_CTX* context_with_old_ciphers() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    OSSL_PROVIDER_load(made, "legacy");
    ERR_clear_error();
    return made;
  }();
  return context;
}

const unsigned char* start_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Result<ReadCertificate> read(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  if (size <= 0 || X509_digest(certificate, EVP_sha1(), digest, &length) != 1)
    return bad_property("data", "", "The certificate in it cannot be read.");
  ReadCertificate found;
  found.public_der.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  found.thumbprint = hex_encode(std::string_view(reinterpret_cast<const char*>(digest), length));
  return found;
}

}  // namespace

Result<ReadCertificate> read_cer(std::string_view bytes) {
  const unsigned char* at = start_of(bytes);
  X509Pointer certificate(d2i_X509(nullptr, &at, static_cast<long>(bytes.size())));
  if (!certificate) {
    const BioPointer text(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    certificate.reset(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  }
  ERR_clear_error();
  if (!certificate)
    return bad_property("data", "",
                        "It is no X.509 certificate. Give the base64 of a .cer file, or say "
                        "certificateFormat pfx if it is one.");
  return read(certificate.get());
}

Result<ReadCertificate> read_pfx(std::string_view bytes, const std::string& password) {
  PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, context_with_old_ciphers(), nullptr);
  const unsigned char* at = start_of(bytes);
  const bool read_in =
      raw != nullptr && d2i_PKCS12(&raw, &at, static_cast<long>(bytes.size())) != nullptr;
  const Pkcs12Pointer store(raw);
  if (read_in) {
    if (const std::int64_t rounds = rounds_of_pfx(store.get(), password); rounds > pfx_rounds_max)
      return bad_property("data", "",
                          fmt::format("The .pfx file asks for {} rounds of hashing to open it; at "
                                      "most {} are allowed. Export it again with fewer.",
                                      rounds, pfx_rounds_max));
  }
  EVP_PKEY* key = nullptr;
  X509* found = nullptr;
  const bool opened =
      read_in && PKCS12_parse(store.get(), password.c_str(), &key, &found, nullptr) == 1;
  const KeyPointer key_owner(key);
  const X509Pointer certificate(found);
  ERR_clear_error();
  if (!read_in)
    return bad_property("data", "", "It is no PKCS #12 file. Give the base64 of a .pfx file.");
  if (!opened) return bad_property("password", "", "The .pfx file cannot be opened with it.");
  if (!certificate)
    return bad_property("data", "", "The .pfx file holds no certificate with a private key.");
  return read(certificate.get());
}

}  // namespace batchyard::service
