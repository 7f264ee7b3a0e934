// Secrets at rest: texts are sealed under a key of the installation before they are written, and
// opened when they are read (AES-256-GCM). Each is bound to its place ("task/j1/t1"): what was
// moved or changed does not open. Used from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard::edge {

inline constexpr std::size_t seal_key_size = 32;
// What a sealed text is longer by: its form, the key's id, the nonce and the tag.
inline constexpr std::size_t sealed_overhead = 2 + 8 + 12 + 16;

bool is_sealed(std::string_view bytes);

class Seal {
 public:
  // The first key seals, all of them open. `source` is where the keys are from, for messages.
  Seal(std::vector<std::string> keys, std::string source);
  Seal(const Seal&) = delete;
  Seal& operator=(const Seal&) = delete;

  std::string seal(std::string_view place, std::string_view text) const;
  // What is not sealed comes back as it is: it was written before there was a key.
  Result<std::string> open(std::string_view place, std::string_view bytes) const;
  // Whether it is sealed under the key that seals now.
  bool is_current(std::string_view bytes) const;

 private:
  struct Key {
    std::string id;  // says nothing about the key
    std::string bytes;
  };
  std::string nonce() const;
  std::string ids() const;

  std::vector<Key> keys_;
  std::string source_;
  // A nonce is never the same twice: they count on from a start that is drawn for this object.
  std::string nonce_head_;
  mutable std::atomic<std::uint64_t> nonce_count_;
};

}  // namespace batchyard::edge
