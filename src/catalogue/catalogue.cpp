#include "catalogue/catalogue.h"

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>

#include "base/check.h"
#include "base/text.h"
#include "catalogue/read.h"

namespace batchyard {

std::span<const std::string_view> catalogue_text();  // spec/catalogue.json, line by line

namespace {

constexpr std::size_t similar_max = 6;

// How many letters have to be put in, taken out or changed to make one word of the other.
std::size_t changes_between(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t at = 0; at < one.size(); ++at) {
    std::size_t before = row[0];
    row[0] = at + 1;
    for (std::size_t to = 0; to < other.size(); ++to) {
      const std::size_t changed = before + (one[at] == other[to] ? 0U : 1U);
      before = row[to + 1];
      row[to + 1] = std::min({changed, row[to] + 1, before + 1});
    }
  }
  return row.back();
}

// "NC_A100_v4", "NC A100 v4-series" and "ncA100v4" are the same series.
std::string plain_series(std::string_view text) {
  std::string folded = fold(trim(text));
  for (const std::string_view tail : {"-series", " series", "-serie", " serie"}) {
    if (folded.ends_with(tail)) folded.resize(folded.size() - tail.size());
  }
  std::string plain;
  for (const char letter : folded) {
    if (letter != '_' && letter != ' ' && letter != '-') plain += letter;
  }
  return plain;
}

std::string built_in_text() {
  std::string text;
  for (const std::string_view line : catalogue_text()) text.append(line).append("\n");
  return text;
}

template <class Entry, class Same>
const Entry* find_entry(const std::vector<Entry>& entries, Same same) {
  const auto found = std::ranges::find_if(entries, same);
  return found == entries.end() ? nullptr : &*found;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

int slots_max(int cores) {
  return std::min(4 * cores, 256);
}

Result<Catalogue> Catalogue::made_of(std::string_view text, std::string_view operators_text) {
  boost::json::object catalogue;
  TRY(lay_over(catalogue, text));
  if (!operators_text.empty()) TRY(lay_over(catalogue, operators_text));
  return Catalogue(TRY(facts_of(catalogue)));
}

const Catalogue& Catalogue::built_in() {
  static const Catalogue catalogue = [] {
    Result<Catalogue> made = made_of(built_in_text(), {});
    check(made.has_value(), made ? "" : made.error().message.c_str());
    return *std::move(made);
  }();
  return catalogue;
}

Result<Catalogue> Catalogue::with(std::string_view operators_text) {
  return made_of(built_in_text(), operators_text);
}

const Size* Catalogue::size(std::string_view name) const {
  return find_entry(facts_.sizes, [&](const Size& size) { return same_folded(size.name, name); });
}

const Size* Catalogue::size_meant(std::string_view text) const {
  const std::string_view word = trim(text);
  if (const Size* exact = size(word)) return exact;
  std::string folded = fold(word);
  std::ranges::replace(folded, ' ', '_');
  for (const std::string_view tier : {"standard", "basic"}) {
    const std::string tail = "_" + std::string(tier);
    if (folded.ends_with(tail))
      return size(std::string(tier) + "_" + folded.substr(0, folded.size() - tail.size()));
    if (folded.starts_with(std::string(tier) + "_")) return size(folded);
  }
  return size("standard_" + folded);
}

std::vector<const Size*> Catalogue::series(std::string_view text) const {
  std::vector<const Size*> sizes;
  const std::string wanted = plain_series(text);
  for (const Size& size : facts_.sizes) {
    if (plain_series(size.family) == wanted) sizes.push_back(&size);
  }
  std::ranges::stable_sort(sizes, {}, &Size::cores);
  return sizes;
}

const Image* Catalogue::image(std::string_view publisher, std::string_view offer,
                              std::string_view sku) const {
  return find_entry(facts_.images, [&](const Image& image) {
    return same_folded(image.publisher, publisher) && same_folded(image.offer, offer) &&
           same_folded(image.sku, sku);
  });
}

const Agent* Catalogue::agent(std::string_view id) const {
  return find_entry(facts_.agents, [&](const Agent& agent) { return same_folded(agent.id, id); });
}

const Guest* Catalogue::guest(std::string_view family) const {
  return find_entry(facts_.guests, [&](const Guest& guest) { return guest.family == family; });
}

const Extension* Catalogue::extension(std::string_view publisher, std::string_view type) const {
  return find_entry(facts_.extensions, [&](const Extension& extension) {
    return same_folded(extension.publisher, publisher) && same_folded(extension.type, type);
  });
}

const CalendarEntry* Catalogue::ending(std::string_view what) const {
  return find_entry(facts_.calendar,
                    [&](const CalendarEntry& entry) { return entry.what == what; });
}

std::string Catalogue::software_name(std::string_view token) const {
  const Software* known = find_entry(
      facts_.software, [&](const Software& software) { return software.token == token; });
  return known == nullptr ? std::string(token) : known->name;
}

std::vector<const Requirement*> Catalogue::needs(const Size& size, std::string_view os,
                                                 Configuration configuration) const {
  std::vector<const Requirement*> rows;
  for (const Requirement& row : facts_.required) {
    if (row.os == os && row.configuration == configuration &&
        (has(row.sizes, size.name) || has(row.families, size.family)))
      rows.push_back(&row);
  }
  return rows;
}

std::string Catalogue::driver_of(const Size& size) const {
  for (const Requirement& row : facts_.required) {
    if (!has(row.sizes, size.name) && !has(row.families, size.family)) continue;
    for (const std::vector<std::string>& any : row.software) {
      for (const std::string_view kind : {"cuda", "grid"}) {
        if (has(any, kind)) return std::string(kind);
      }
    }
  }
  return {};
}

std::string Catalogue::similar_sizes(std::string_view name) const {
  const std::string folded = fold(name);
  std::vector<const Size*> known;
  for (const Size& size : facts_.sizes) known.push_back(&size);
  std::ranges::stable_sort(
      known, {}, [&](const Size* size) { return changes_between(fold(size->name), folded); });
  std::vector<std::string> names;
  for (const Size* size : known) {
    if (names.size() < similar_max) names.push_back(size->name);
  }
  return join(names, ", ");
}

std::string Catalogue::similar_images(std::string_view publisher, std::string_view offer) const {
  std::vector<std::string> names;
  for (const Image& image : facts_.images) {
    const bool near = same_folded(image.offer, offer) ||
                      (same_folded(image.publisher, publisher) && names.size() < similar_max);
    if (near && names.size() < 2 * similar_max)
      names.push_back(image.publisher + "/" + image.offer + "/" + image.sku);
  }
  return join(names, ", ");
}

}  // namespace batchyard
