#include "service/pfx_rounds.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace batchyard::service {

namespace {

constexpr int nested_max = 8;  // bags in bags

template <class T, void (*release)(T*)>
struct Frees {
  void operator()(T* object) const { release(object); }
};
template <class T, void (*release)(T*)>
using Freed = std::unique_ptr<T, Frees<T, release>>;

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
void free_safes(STACK_OF(PKCS7) * safes) {
  sk_PKCS7_pop_free(safes, PKCS7_free);
}
using Bags = Freed<STACK_OF(PKCS12_SAFEBAG), free_bags>;

// What is no number, or none of 64 bits, is more than anybody allows.
std::int64_t number_in(const ASN1_INTEGER* number) {
  std::int64_t value = 0;
  if (number == nullptr) return 0;
  return ASN1_INTEGER_get_int64(&value, number) == 1 ? value : INT64_MAX;
}

std::int64_t rounds_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* name = nullptr;
  const void* parameter = nullptr;
  int type = V_ASN1_UNDEF;
  X509_ALGOR_get0(&name, &type, &parameter, algorithm);
  if (type != V_ASN1_SEQUENCE) return 0;
  const auto* text = static_cast<const ASN1_STRING*>(parameter);
  const unsigned char* at = ASN1_STRING_get0_data(text);
  const long size = ASN1_STRING_length(text);
  switch (OBJ_obj2nid(name)) {
    case NID_pbes2: {
      const Freed<PBE2PARAM, PBE2PARAM_free> pbe(d2i_PBE2PARAM(nullptr, &at, size));
      return pbe ? rounds_of(pbe->keyfunc) : 0;
    }
    case NID_id_pbkdf2: {
      const Freed<PBKDF2PARAM, PBKDF2PARAM_free> hash(d2i_PBKDF2PARAM(nullptr, &at, size));
      return hash ? number_in(hash->iter) : 0;
    }
    default: {
      const Freed<PBEPARAM, PBEPARAM_free> pbe(d2i_PBEPARAM(nullptr, &at, size));
      return pbe ? number_in(pbe->iter) : 0;
    }
  }
}

std::int64_t rounds_of(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth) {
  std::int64_t most = 0;
  for (int place = 0; bags != nullptr && place < sk_PKCS12_SAFEBAG_num(bags); ++place) {
    const PKCS12_SAFEBAG* bag = sk_PKCS12_SAFEBAG_value(bags, place);
    const int kind = PKCS12_SAFEBAG_get_nid(bag);
    if (kind == NID_pkcs8ShroudedKeyBag) {
      const X509_ALGOR* algorithm = nullptr;
      X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
      most = std::max(most, rounds_of(algorithm));
    } else if (kind == NID_safeContentsBag) {
      most = std::max(most, depth == nested_max
                                ? INT64_MAX
                                : rounds_of(PKCS12_SAFEBAG_get0_safes(bag), depth + 1));
    }
  }
  return most;
}

std::int64_t rounds_of(PKCS7* safe, const std::string& password) {
  if (PKCS7_type_is_data(safe) && safe->d.data != nullptr)
    return rounds_of(Bags(PKCS12_unpack_p7data(safe)).get(), 0);
  // What a safe holds may be left out of the file.
  if (!PKCS7_type_is_encrypted(safe) || safe->d.encrypted == nullptr ||
      safe->d.encrypted->enc_data == nullptr)
    return 0;
  const std::int64_t outside = rounds_of(safe->d.encrypted->enc_data->algorithm);
  if (outside > pfx_rounds_max) return outside;
  Bags bags(PKCS12_unpack_p7encdata(safe, password.c_str(), static_cast<int>(password.size())));
  // No password is something else than an empty one; readers try both.
  if (!bags && password.empty()) bags.reset(PKCS12_unpack_p7encdata(safe, nullptr, 0));
  return std::max(outside, rounds_of(bags.get(), 0));
}

}  // namespace

std::int64_t rounds_of_pfx(const PKCS12* file, const std::string& password) {
  const ASN1_INTEGER* rounds = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, file);
  std::int64_t most = number_in(rounds);
  const Freed<STACK_OF(PKCS7), free_safes> safes(PKCS12_unpack_authsafes(file));
  for (int place = 0; safes && place < sk_PKCS7_num(safes.get()) && most <= pfx_rounds_max; ++place)
    most = std::max(most, rounds_of(sk_PKCS7_value(safes.get(), place), password));
  ERR_clear_error();
  return most;
}

}  // namespace batchyard::service
