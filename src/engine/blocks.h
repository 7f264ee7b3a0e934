// A row of elements that only grows and never moves what it holds, in blocks of which each is as
// large as all before it. Long rows so need few allocations, and those are large: a million small
// ones that stay, between the many that come and go with every batch, cut the heap into pieces and
// make each later allocation slower.
#pragma once

#include <bit>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace batchyard::engine {

template <class Element>
class Blocks {
 public:
  Blocks() = default;
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() {
    for (std::size_t at = 0; at < size_; ++at) std::destroy_at(place(at));
    for (std::size_t block = 0; block < blocks_.size(); ++block)
      Allocator().deallocate(blocks_[block], size_of(block));
  }

  std::size_t size() const { return size_; }
  Element& operator[](std::size_t at) { return *place(at); }
  const Element& operator[](std::size_t at) const { return *place(at); }

  Element& emplace_back() {
    if (block_of(size_) == blocks_.size()) {
      blocks_.reserve(blocks_.size() + 1);
      blocks_.push_back(Allocator().allocate(size_of(blocks_.size())));
    }
    Element* made = std::construct_at(place(size_));
    ++size_;
    return *made;
  }

 private:
  using Allocator = std::allocator<Element>;
  static constexpr std::size_t first = 8;  // elements of the first block, and of the second

  // Block 0 holds the places before `first`; block n > 0 those from first * 2^(n-1) on, as many.
  static std::size_t block_of(std::size_t at) { return std::bit_width(at / first); }
  static std::size_t start_of(std::size_t block) { return block == 0 ? 0 : first << (block - 1); }
  static std::size_t size_of(std::size_t block) { return block == 0 ? first : start_of(block); }
  Element* place(std::size_t at) const {
    const std::size_t block = block_of(at);
    return blocks_[block] + (at - start_of(block));
  }

  std::vector<Element*> blocks_;
  std::size_t size_ = 0;
};

}  // namespace batchyard::engine
