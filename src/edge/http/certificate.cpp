#include "edge/http/certificate.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

namespace batchyard::edge {
namespace {

using namespace std::chrono_literals;

template <auto free_it>
struct Free {
  void operator()(auto* pointer) const { free_it(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;
using Address = std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

constexpr Duration clock_skew = 24h;
constexpr Duration authority_life = 24h * 3650;
constexpr Duration server_life = 24h * 397;  // the longest that all clients accept
constexpr int serial_bits = 159;             // 20 bytes, positive

std::unexpected<Error> broken(std::string what) {
  char reason[256] = "no reason given";
  if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  Error error{Kind::internal, "CertificateFailure", std::move(what) + " failed: " + reason, {}, {}};
  return std::unexpected(std::move(error));
}

Bio reading(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Key read_key(const std::string& pem) {
  return Key(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr));
}

Certificate read_certificate(const std::string& pem) {
  return Certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
}

Result<std::string> write_certificate(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), certificate) != 1) return broken("Writing a certificate");
  return written(bio.get());
}

time_t seconds_of(Time time) {
  return static_cast<time_t>(
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
}

bool add_extension(X509* certificate, X509V3_CTX* context, int kind, const char* value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, context, kind, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

struct Term {
  Time from;
  Time to;
};

// Everything that both kinds have: version, a random serial number, the term, the subject and its
// key.
Result<Certificate> blank(EVP_PKEY* key, const std::string& common_name, Term term) {
  Certificate made(X509_new());
  const Number serial(BN_new());
  if (!made || !serial) return broken("Making a certificate");
  BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get()));
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_TIME_set(X509_getm_notBefore(made.get()), seconds_of(term.from));
  ASN1_TIME_set(X509_getm_notAfter(made.get()), seconds_of(term.to));
  X509_set_pubkey(made.get(), key);
  X509_NAME* subject = X509_get_subject_name(made.get());
  const auto add = [subject](const char* field, const std::string& text) {
    return X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(text.data()),
                                      static_cast<int>(text.size()), -1, 0) == 1;
  };
  if (!add("O", "Batchyard") || !add("CN", common_name)) return broken("Naming a certificate");
  return made;
}

std::string address_bytes(const std::string& name) {
  const Address address(a2i_IPADDRESS(name.c_str()));
  ERR_clear_error();
  if (!address) return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(address.get())),
          static_cast<std::size_t>(ASN1_STRING_length(address.get()))};
}

bool add_name(GENERAL_NAMES* names, const std::string& name) {
  GENERAL_NAME* entry = GENERAL_NAME_new();
  if (!entry || sk_GENERAL_NAME_push(names, entry) == 0) return false;
  const std::string address = address_bytes(name);
  ASN1_STRING* value = address.empty() ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
  const std::string& bytes = address.empty() ? name : address;
  ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size()));
  GENERAL_NAME_set0_value(entry, address.empty() ? GEN_DNS : GEN_IPADD, value);
  return true;
}

bool add_names(X509* certificate, const std::vector<std::string>& names) {
  const Names list(GENERAL_NAMES_new());
  for (const std::string& name : names) {
    if (!add_name(list.get(), name)) return false;
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, 0) == 1;
}

// Wildcards are compared as they are written, for this asks whether the same name was signed.
bool has_name(X509* certificate, const std::string& name) {
  const Names list(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const std::string address = address_bytes(name);
  for (int i = 0; list && i < sk_GENERAL_NAME_num(list.get()); ++i) {
    int kind = 0;
    const auto* value = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(list.get(), i), &kind));
    const bool right_kind = address.empty() ? kind == GEN_DNS : kind == GEN_IPADD;
    if (!right_kind) continue;
    const std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                            static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (bytes == (address.empty() ? name : address)) return true;
  }
  return false;
}

}  // namespace

Result<std::string> make_private_key() {
  const Key key(EVP_EC_gen("P-256"));
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!key || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) != 1)
    return broken("Making a private key");
  return written(bio.get());
}

Result<std::string> make_authority_certificate(const std::string& private_key,
                                               const std::string& common_name, Time now) {
  const Key key = read_key(private_key);
  if (!key) return broken("Reading the authority's key");
  const Certificate made =
      TRY(blank(key.get(), common_name, {now - clock_skew, now + authority_life}));
  X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
  X509V3_CTX context;
  X509V3_set_ctx(&context, made.get(), made.get(), nullptr, nullptr, 0);
  const bool extended =
      add_extension(made.get(), &context, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add_extension(made.get(), &context, NID_key_usage, "critical,keyCertSign,cRLSign") &&
      add_extension(made.get(), &context, NID_subject_key_identifier, "hash") &&
      add_extension(made.get(), &context, NID_authority_key_identifier, "keyid:always");
  if (!extended || X509_sign(made.get(), key.get(), EVP_sha256()) == 0)
    return broken("Signing the authority's certificate");
  return write_certificate(made.get());
}

Result<std::string> make_server_certificate(const Issuer& issuer, const std::string& private_key,
                                            const std::vector<std::string>& names, Time now) {
  const Certificate authority = read_certificate(issuer.certificate);
  const Key authority_key = read_key(issuer.private_key);
  const Key key = read_key(private_key);
  if (!authority || !authority_key || !key) return broken("Reading the authority's files");
  const std::string common_name = names.empty() ? "localhost" : names.front().substr(0, 64);
  const Certificate made =
      TRY(blank(key.get(), common_name, {now - clock_skew, now + server_life}));
  X509_set_issuer_name(made.get(), X509_get_subject_name(authority.get()));
  X509V3_CTX context;
  X509V3_set_ctx(&context, authority.get(), made.get(), nullptr, nullptr, 0);
  const bool extended =
      add_extension(made.get(), &context, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(made.get(), &context, NID_key_usage, "critical,digitalSignature") &&
      add_extension(made.get(), &context, NID_ext_key_usage, "serverAuth") &&
      add_extension(made.get(), &context, NID_subject_key_identifier, "hash") &&
      add_extension(made.get(), &context, NID_authority_key_identifier, "keyid:always") &&
      add_names(made.get(), names);
  if (!extended || X509_sign(made.get(), authority_key.get(), EVP_sha256()) == 0)
    return broken("Signing the server's certificate");
  return write_certificate(made.get());
}

bool certificate_serves(const std::string& certificate, const Wanted& wanted, Time now) {
  const Certificate held = read_certificate(certificate);
  const Certificate issuer = read_certificate(wanted.issuer_certificate);
  const Key key = read_key(wanted.private_key);
  bool serves = held && issuer && key;
  if (serves) {
    const time_t end = seconds_of(now + wanted.time_left_min);
    const time_t begin = seconds_of(now);
    serves = X509_check_private_key(held.get(), key.get()) == 1 &&
             X509_verify(held.get(), X509_get0_pubkey(issuer.get())) == 1 &&
             ASN1_TIME_cmp_time_t(X509_get0_notAfter(held.get()), end) > 0 &&
             ASN1_TIME_cmp_time_t(X509_get0_notBefore(held.get()), begin) <= 0;
    serves = serves && std::ranges::all_of(wanted.names, [&held](const std::string& name) {
               return has_name(held.get(), name);
             });
  }
  ERR_clear_error();
  return serves;
}

}  // namespace batchyard::edge
