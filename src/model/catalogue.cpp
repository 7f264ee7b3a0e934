#include "model/catalogue.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace batchyard {

namespace {

constexpr std::size_t similar_max = 6;

// How many letters two names share from their start.
std::size_t common_start(std::string_view a, std::string_view b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  return at;
}

}  // namespace

const Size* find_size(std::string_view name) {
  const std::string folded = fold(name);
  const auto found = std::ranges::find(sizes(), std::string_view(folded), &Size::name);
  return found == sizes().end() ? nullptr : &*found;
}

const Image* find_image(std::string_view publisher, std::string_view offer, std::string_view sku) {
  const auto found = std::ranges::find_if(images(), [&](const Image& image) {
    return same_folded(image.publisher, publisher) && same_folded(image.offer, offer) &&
           same_folded(image.sku, sku);
  });
  return found == images().end() ? nullptr : &*found;
}

std::string similar_sizes(std::string_view name) {
  const std::string folded = fold(name);
  std::vector<const Size*> known;
  for (const Size& size : sizes()) known.push_back(&size);
  std::ranges::stable_sort(known, std::greater(),
                           [&](const Size* size) { return common_start(size->name, folded); });
  std::vector<std::string> names;
  for (const Size* size : known) {
    if (names.size() < similar_max) names.emplace_back(size->name);
  }
  return join(names, ", ");
}

std::string similar_images(std::string_view publisher, std::string_view offer) {
  std::vector<std::string> names;
  for (const Image& image : images()) {
    const bool near = same_folded(image.offer, offer) ||
                      (same_folded(image.publisher, publisher) && names.size() < similar_max);
    if (near && names.size() < 2 * similar_max)
      names.push_back(std::string(image.publisher) + "/" + std::string(image.offer) + "/" +
                      std::string(image.sku));
  }
  return join(names, ", ");
}

}  // namespace batchyard
