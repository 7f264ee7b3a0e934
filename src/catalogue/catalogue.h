// What machines, images and software Azure Batch knows, as facts with their sources: the lookups by
// name. The facts lie in spec/catalogue.json, which is compiled in; an operator's file of the same
// shape adds entries, or members to those of the same name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalogue/facts.h"

namespace batchyard {

class Catalogue {
 public:
  static const Catalogue& built_in();
  // The built-in facts with those of an operator. An error names the entry, the member and the
  // cure.
  static Result<Catalogue> with(std::string_view operators_text);

  const CatalogueFacts& facts() const { return facts_; }

  // A size as the API writes it, Standard_NC6, in any case of letters; nothing for another word.
  const Size* size(std::string_view name) const;
  // The one that a person means: also "NC6 Standard", "nc6".
  const Size* size_meant(std::string_view text) const;
  // All sizes of a series: "NC", "NCv2", "NC-series", "NC_A100_v4"; none when it is no series.
  std::vector<const Size*> series(std::string_view text) const;
  const Image* image(std::string_view publisher, std::string_view offer,
                     std::string_view sku) const;
  const Agent* agent(std::string_view id) const;
  const Guest* guest(std::string_view family) const;
  const Extension* extension(std::string_view publisher, std::string_view type) const;
  const CalendarEntry* ending(std::string_view what) const;
  std::string software_name(std::string_view token) const;

  // The rows that say what this size needs there. `system`: "linux", "windows".
  std::vector<const Requirement*> needs(const Size& size, std::string_view os,
                                        Configuration configuration) const;

  // NVIDIA's kind of driver that its rows ask for: "cuda", "grid"; empty: neither.
  std::string driver_of(const Size& size) const;

  // An operator lets nodes install the drivers that their sizes need (--install-drivers).
  bool installs_drivers() const { return installs_drivers_; }
  void let_install_drivers() { installs_drivers_ = true; }

  // Some with a similar name, for an error: "Standard_H16r, Standard_H16mr".
  std::string similar_sizes(std::string_view name) const;
  std::string similar_images(std::string_view publisher, std::string_view offer) const;

 private:
  explicit Catalogue(CatalogueFacts facts) : facts_(std::move(facts)) {}
  static Result<Catalogue> made_of(std::string_view text, std::string_view operators_text);

  CatalogueFacts facts_;
  bool installs_drivers_ = false;
};

// The most task slots that a node of so many cores may have.
int slots_max(int cores);

}  // namespace batchyard
