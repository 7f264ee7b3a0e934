#include "edge/seal/seal.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "signing/signing.h"

namespace batchyard::edge {

namespace {

// No JSON, PEM or base64 begins so, nor does any text in UTF-8.
constexpr std::string_view sealed_form = "\xBA\x01";
constexpr std::size_t key_id_size = 8;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t head_size = sealed_form.size() + key_id_size + nonce_size;
static_assert(head_size + tag_size == sealed_overhead);

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>;

// Looked up once: OpenSSL takes longer for that than for a row.
const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  check(cipher != nullptr, "OpenSSL has AES-256-GCM");
  return cipher;
}

// To set a key takes longer than to seal a row with it: each thread keeps what it used last.
struct KeyedCipher {
  std::string key;
  CipherContext context;
};

EVP_CIPHER_CTX* keyed(KeyedCipher& kept, const std::string& key, bool seals) {
  if (kept.key == key) return kept.context.get();
  kept = {key, CipherContext(EVP_CIPHER_CTX_new())};
  const int set = EVP_CipherInit_ex2(kept.context.get(), aes_256_gcm(),
                                     reinterpret_cast<const unsigned char*>(key.data()), nullptr,
                                     seals ? 1 : 0, nullptr);
  check(set == 1, "a key is set");
  return kept.context.get();
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text, std::size_t from) {
  return reinterpret_cast<unsigned char*>(text.data() + from);
}

}  // namespace

bool is_sealed(std::string_view bytes) {
  return bytes.size() >= sealed_overhead && bytes.starts_with(sealed_form);
}

Seal::Seal(std::vector<std::string> keys, std::string source)
    : source_(std::move(source)), nonce_head_(random_bytes(nonce_size - sizeof(std::uint64_t))) {
  check(!keys.empty(), "there is a key that seals");
  for (std::string& key : keys) {
    check(key.size() == seal_key_size, "a key has 256 bits");
    keys_.push_back({hmac_sha256(key, "batchyard key id").substr(0, key_id_size), std::move(key)});
  }
  std::uint64_t start = 0;
  const std::string drawn = random_bytes(sizeof start);
  std::memcpy(&start, drawn.data(), sizeof start);
  nonce_count_ = start;
}

std::string Seal::nonce() const {
  const std::uint64_t count = nonce_count_.fetch_add(1, std::memory_order_relaxed);
  std::string nonce = nonce_head_;
  nonce.append(reinterpret_cast<const char*>(&count), sizeof count);
  return nonce;
}

std::string Seal::ids() const {
  std::string all;
  for (const Key& key : keys_) all += (all.empty() ? "" : ", ") + hex_encode(key.id);
  return all;
}

std::string Seal::seal(std::string_view place, std::string_view text) const {
  std::string sealed;
  sealed.reserve(text.size() + sealed_overhead);
  sealed += sealed_form;
  sealed += keys_.front().id;
  sealed += nonce();
  sealed.resize(text.size() + sealed_overhead);
  thread_local KeyedCipher kept;
  EVP_CIPHER_CTX* const context = keyed(kept, keys_.front().bytes, true);
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex2(context, nullptr, nullptr, bytes_of(sealed, head_size - nonce_size),
                          nullptr) == 1 &&
      EVP_EncryptUpdate(context, nullptr, &length, bytes_of(place),
                        static_cast<int>(place.size())) == 1 &&
      EVP_EncryptUpdate(context, bytes_of(sealed, head_size), &length, bytes_of(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(context, bytes_of(sealed, head_size + text.size()), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size,
                          bytes_of(sealed, head_size + text.size())) == 1;
  check(done, "a text is sealed");
  return sealed;
}

Result<std::string> Seal::open(std::string_view place, std::string_view bytes) const {
  if (!is_sealed(bytes)) return std::string(bytes);
  const std::string_view id = bytes.substr(sealed_form.size(), key_id_size);
  const auto key = std::ranges::find(keys_, id, &Key::id);
  if (key == keys_.end())
    return fail(Kind::invalid, "KeyFileWrong",
                fmt::format("{} is sealed under the key {}, and {} has {}. Give the key file that "
                            "it was sealed under (--key-file).",
                            place, hex_encode(id), source_, ids()));
  const std::size_t size = bytes.size() - sealed_overhead;
  std::string text(size, '\0');
  std::string tag(bytes.substr(head_size + size));
  thread_local KeyedCipher kept;
  EVP_CIPHER_CTX* const context = keyed(kept, key->bytes, false);
  int length = 0;
  const bool done =
      EVP_DecryptInit_ex2(context, nullptr, nullptr, bytes_of(bytes.substr(head_size - nonce_size)),
                          nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &length, bytes_of(place),
                        static_cast<int>(place.size())) == 1 &&
      EVP_DecryptUpdate(context, bytes_of(text, 0), &length, bytes_of(bytes.substr(head_size)),
                        static_cast<int>(size)) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context, bytes_of(text, size), &length) == 1;
  if (!done)
    return fail(Kind::invalid, "SealBroken",
                fmt::format("what is stored as {} was changed, or is another's. Take it back from "
                            "a backup.",
                            place));
  return text;
}

bool Seal::is_current(std::string_view bytes) const {
  return is_sealed(bytes) && bytes.substr(sealed_form.size(), key_id_size) == keys_.front().id;
}

}  // namespace batchyard::edge
