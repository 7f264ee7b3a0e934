// Bytes that are nearly right, for what reads bytes from outside: valid examples with bits flipped,
// pieces cut out, repeated, swapped with others' or replaced by what readers stumble over. A seed
// decides all of it.
#pragma once

#include <string>
#include <vector>

#include "testing/random.h"

namespace batchyard::testing {

// The longest that a mutation makes of its example.
inline constexpr std::size_t mutated_max = std::size_t{16} << 10;

class Mutator {
 public:
  Mutator(std::uint64_t seed, std::vector<std::string> examples)
      : random_(seed), examples_(std::move(examples)) {}

  // One of the examples, changed in one to four places.
  std::string next();
  // That text, changed likewise.
  std::string changed(std::string text);
  // That JSON with one to four values changed to others of their kind: still JSON. What is none
  // stays as it is.
  std::string bent(const std::string& json);
  // One of the examples, bent.
  std::string next_bent() { return bent(any()); }
  Random& random() { return random_; }

 private:
  void change(std::string& text);
  const std::string& any() { return examples_[random_.below(examples_.size())]; }

  Random random_;
  std::vector<std::string> examples_;
};

// `count` times the one, what is in the midst, `count` times the other: nested deeply.
std::string nested(std::string_view open, std::string_view midst, std::string_view close,
                   std::size_t count);

}  // namespace batchyard::testing
