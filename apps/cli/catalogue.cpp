#include "apps/cli/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "apps/server/catalogue_file.h"
#include "base/described_json.h"
#include "base/text.h"
#include "base/time.h"
#include "preflight/preflight.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

template <class Entry>
void print_json(const std::vector<const Entry*>& entries) {
  json::array all;
  for (const Entry* entry : entries) all.push_back(described::to_value(*entry));
  fmt::print("{}\n", json::serialize(all));
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string gpus_of(const Size& size) {
  if (size.gpus == 0) return "-";
  const std::string share = size.gpu_share.empty() ? "" : " (" + size.gpu_share + " card)";
  return fmt::format("{} x {} {} GiB{}", size.gpus, size.gpu, size.gpu_memory_gib, share);
}

std::string rdma_of(const Size& size) {
  return size.rdma.empty() ? "-" : fmt::format("{} {} Gb/s {}", size.fabric, size.gbps, size.rdma);
}

bool holds(std::string_view text, std::string_view word) {
  return fold(text).find(fold(word)) != std::string::npos;
}

bool in_words(const std::vector<std::string>& words,
              const std::function<bool(std::string_view)>& is) {
  return words.empty() || std::ranges::any_of(words, is);
}

bool named(const Catalogue& catalogue, const Size& size, std::string_view word) {
  if (const Size* meant = catalogue.size_meant(word)) return meant == &size;
  const std::vector<const Size*> series = catalogue.series(word);
  if (!series.empty()) return std::ranges::find(series, &size) != series.end();
  return holds(size.name, word);
}

// Nothing found is a failure: scripts ask whether there is such a thing.
int found(std::size_t count, const char* what, const std::vector<std::string>& words = {}) {
  if (count > 0) return ExitCode::done;
  const std::string named = words.empty() ? "" : fmt::format(" '{}'", join(words, "' or '"));
  fmt::print(stderr, "batchyard: no {} of the catalogue fit{}; leave out a word or an option\n",
             what, named);
  return ExitCode::failed;
}

bool is_day(const std::string& text) {
  return text.size() == 10 && parse_iso8601(text + "T00:00:00Z").has_value();
}

// Software that no image is ever said to have is a word misspelt.
bool is_known(const Catalogue& catalogue, const std::string& token) {
  const std::vector<Software>& software = catalogue.facts().software;
  const std::string plain = token.substr(0, token.find(':'));
  if (std::ranges::find(software, plain, &Software::token) != software.end()) return true;
  std::string known;
  for (const Software& one : software)
    known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", one.token, one.name);
  fmt::print(stderr, "batchyard: --with {} is no software of the catalogue; known are: {}\n", token,
             known);
  return false;
}

struct Ending {
  std::string day, kind, name, source;
};

std::vector<Ending> endings(const CatalogueFacts& facts) {
  std::vector<Ending> all;
  for (const Size& size : facts.sizes)
    if (!size.ends.empty()) all.push_back({size.ends, "size", size.name, size.ends_source});
  for (const Image& image : facts.images)
    if (!image.ends.empty())
      all.push_back({image.ends, "image", image.publisher + "/" + image.offer + "/" + image.sku,
                     join(image.sources, ", ")});
  for (const Agent& agent : facts.agents)
    if (!agent.ends.empty()) all.push_back({agent.ends, "node agent", agent.id, agent.ends_source});
  for (const CalendarEntry& entry : facts.calendar)
    all.push_back({entry.ends, "feature", entry.what, join(entry.sources, ", ")});
  std::ranges::stable_sort(all, {}, &Ending::day);
  return all;
}

}  // namespace

int show_sizes(const CatalogueOptions& options, Output output) {
  const Result<Catalogue> catalogue = server::open_catalogue(options.file);
  if (!catalogue) return report(catalogue.error());
  std::vector<const Size*> sizes;
  for (const Size& size : catalogue->facts().sizes) {
    const auto is = [&](std::string_view word) { return named(*catalogue, size, word); };
    if (in_words(options.words, is) && (!options.gpu || size.gpus > 0) &&
        (!options.rdma || !size.rdma.empty()) && size.cores >= options.cores_min &&
        (!options.cloud_services || size.cloud_services == Offer::yes))
      sizes.push_back(&size);
  }
  if (output == Output::json) {
    print_json(sizes);
    return found(sizes.size(), "sizes", options.words);
  }
  Table table{.head = {"SIZE", "FAMILY", "CORES", "GiB", "DISK", "GPUS", "RDMA", "SLOTS",
                       "CLOUD SERVICES", "ENDS IN AZURE", "HERE"},
              .rows = {}};
  for (const Size* size : sizes)
    table.rows.push_back({size->name, size->family, std::to_string(size->cores),
                          fmt::format("{}", size->memory_gib), fmt::format("{}", size->disk_gib),
                          gpus_of(*size), rdma_of(*size), std::to_string(slots_max(size->cores)),
                          boost::describe::enum_to_string(size->cloud_services, "?"),
                          or_dash(size->ends), size->offered ? "offered" : "not offered"});
  if (!sizes.empty()) fmt::print("{}", table.text());
  return found(sizes.size(), "sizes", options.words);
}

int show_images(const CatalogueOptions& options, Output output) {
  const Result<Catalogue> catalogue = server::open_catalogue(options.file);
  if (!catalogue) return report(catalogue.error());
  for (const std::string& token : options.software) {
    if (!is_known(*catalogue, token)) return ExitCode::usage;
  }
  std::vector<const Image*> images;
  for (const Image& image : catalogue->facts().images) {
    const std::string name =
        fmt::format("{}/{}/{} {}", image.publisher, image.offer, image.sku, image.system);
    const auto has = [&](const std::string& token) {
      return std::ranges::any_of(image.has, [&](const std::string& one) {
        return one == token || one.starts_with(token + ":");
      });
    };
    if (in_words(options.words, [&](std::string_view word) { return holds(name, word); }) &&
        (options.os.empty() || image.os == options.os) &&
        std::ranges::all_of(options.software, has))
      images.push_back(&image);
  }
  if (output == Output::json) {
    print_json(images);
    return found(images.size(), "images", options.words);
  }
  Table table{
      .head = {"PUBLISHER", "OFFER", "SKU", "SYSTEM", "NODE AGENT", "HAS", "GEN", "ENDS IN AZURE"},
      .rows = {}};
  for (const Image* image : images)
    table.rows.push_back({image->publisher, image->offer, image->sku, image->system, image->agent,
                          or_dash(join(image->has, " ")), std::to_string(image->generation),
                          or_dash(image->ends)});
  if (!images.empty()) fmt::print("{}", table.text());
  return found(images.size(), "images", options.words);
}

int show_rules(const CatalogueOptions& options, Output output) {
  static constexpr const char* severities[] = {"error", "warning", "note"};
  std::vector<const preflight::Rule*> rules;
  for (const preflight::Rule& rule : preflight::rules()) {
    const std::string text = rule.id + " " + rule.why + " " + rule.source;
    if (in_words(options.words, [&](std::string_view word) { return holds(text, word); }) &&
        (options.severity.empty() ||
         options.severity == severities[static_cast<int>(rule.severity)]))
      rules.push_back(&rule);
  }
  json::array list;
  Table table{.head = {"RULE", "SEVERITY", "SOURCE", "WHY"}, .rows = {}};
  for (const preflight::Rule* rule : rules) {
    const char* severity = severities[static_cast<int>(rule->severity)];
    list.push_back(json::object{
        {"id", rule->id}, {"severity", severity}, {"source", rule->source}, {"why", rule->why}});
    table.rows.push_back({rule->id, severity, rule->source, rule->why});
  }
  if (output == Output::json)
    fmt::print("{}\n", json::serialize(list));
  else if (!rules.empty())
    fmt::print("{}", table.text());
  return found(rules.size(), "rules", options.words);
}

int show_retirements(const CatalogueOptions& options, Output output) {
  for (const auto& [option, day] :
       {std::pair("--before", options.before), {"--after", options.after}}) {
    if (day.empty() || is_day(day)) continue;
    fmt::print(stderr, "batchyard: {} {} is no day: write it as 2026-11-24\n", option, day);
    return ExitCode::usage;
  }
  const Result<Catalogue> catalogue = server::open_catalogue(options.file);
  if (!catalogue) return report(catalogue.error());
  std::vector<Ending> all = endings(catalogue->facts());
  std::erase_if(all, [&](const Ending& one) {
    return (!options.before.empty() && one.day >= options.before) ||
           (!options.after.empty() && one.day <= options.after) ||
           !in_words(options.words,
                     [&](std::string_view word) { return holds(one.kind + " " + one.name, word); });
  });
  if (output == Output::json) {
    json::array list;
    for (const Ending& one : all)
      list.push_back(json::object{
          {"ends", one.day}, {"kind", one.kind}, {"name", one.name}, {"source", one.source}});
    fmt::print("{}\n", json::serialize(list));
    return found(all.size(), "retirements");
  }
  Table table{.head = {"ENDS IN AZURE", "KIND", "NAME", "SOURCE"}, .rows = {}};
  for (const Ending& one : all) table.rows.push_back({one.day, one.kind, one.name, one.source});
  if (!all.empty()) fmt::print("{}", table.text());
  return found(all.size(), "retirements");
}

}  // namespace batchyard::cli
