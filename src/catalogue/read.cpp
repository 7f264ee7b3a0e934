#include "catalogue/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <span>

#include "base/described_json.h"
#include "base/text.h"
#include "catalogue/check.h"

namespace batchyard {

namespace {

namespace json = boost::json;

// The lists of a catalogue, and the members that name an entry of each.
struct EntryList {
  std::string_view name;
  std::vector<std::string_view> key;
};
const std::vector<EntryList>& entry_lists() {
  static const std::vector<EntryList> lists = {
      {"sizes", {"name"}},     {"images", {"publisher", "offer", "sku"}},
      {"agents", {"id"}},      {"guests", {"family"}},
      {"software", {"token"}}, {"extensions", {"publisher", "type"}},
      {"required", {"id"}},    {"calendar", {"what"}}};
  return lists;
}

std::unexpected<Error> unfit(const std::string& where, const std::string& reason) {
  return fail(Kind::invalid, "", fmt::format("the catalogue is refused: {} {}", where, reason));
}

std::string name_of(const json::object& entry, const EntryList& list) {
  std::vector<std::string> words;
  for (const std::string_view member : list.key) {
    const json::value* word = entry.if_contains(member);
    words.push_back(word != nullptr && word->is_string() ? std::string(word->get_string()) : "");
  }
  return join(words, "/");
}

Result<> lay_list(json::array& known, const json::value& added, const EntryList& list) {
  if (!added.is_array()) return unfit(std::string(list.name), "must be a list");
  std::size_t at = 0;
  for (const json::value& one : added.get_array()) {
    const std::string where = fmt::format("{}[{}]", list.name, at++);
    if (!one.is_object()) return unfit(where, "must be an object");
    const std::string name = name_of(one.get_object(), list);
    if (name.find_first_not_of('/') == std::string::npos)
      return unfit(where, fmt::format("has no {}", list.key.front()));
    const auto there = std::ranges::find_if(known, [&](const json::value& entry) {
      return same_folded(name_of(entry.as_object(), list), name);
    });
    if (there == known.end()) {
      known.push_back(one);
    } else {
      for (const auto& member : one.get_object()) there->as_object()[member.key()] = member.value();
    }
  }
  return Done();
}

template <class Entry>
std::string members_of() {
  std::string names;
  boost::mp11::mp_for_each<boost::describe::describe_members<Entry, boost::describe::mod_public>>(
      [&](auto member) { names += (names.empty() ? "" : ", ") + std::string(member.name); });
  return names;
}

// A member that is misspelt must not be a fact that is silently missing.
template <class Entry>
Result<Entry> entry_of(const json::value& value, const std::string& where) {
  Entry entry;
  for (const auto& given : value.as_object()) {
    bool known = false;
    bool good = true;
    boost::mp11::mp_for_each<boost::describe::describe_members<Entry, boost::describe::mod_public>>(
        [&](auto member) {
          if (given.key() != member.name) return;
          known = true;
          good = described::from_value(given.value(), entry.*member.pointer);
        });
    if (!known)
      return unfit(where, fmt::format("has an unknown member {}; known are {}",
                                      std::string_view(given.key()), members_of<Entry>()));
    if (!good)
      return unfit(where, fmt::format("has {} in the wrong form: {}", std::string_view(given.key()),
                                      json::serialize(given.value())));
  }
  return entry;
}

template <class Entry>
Result<std::vector<Entry>> entries_of(const json::object& catalogue, std::string_view name) {
  const auto list = std::ranges::find(entry_lists(), name, &EntryList::name);
  std::vector<Entry> entries;
  const json::value* given = catalogue.if_contains(name);
  if (given == nullptr) return entries;
  for (const json::value& one : given->as_array())
    entries.push_back(
        TRY(entry_of<Entry>(one, fmt::format("{} {}", name, name_of(one.as_object(), *list)))));
  return entries;
}

}  // namespace

Result<> lay_over(json::object& catalogue, std::string_view added) {
  boost::system::error_code error;
  const json::value value = json::parse(added, error);
  if (error) return unfit("its text", "is not JSON: " + error.message());
  if (!value.is_object()) return unfit("its text", "must be an object");
  for (const auto& member : value.get_object()) {
    const auto list =
        std::ranges::find(entry_lists(), std::string_view(member.key()), &EntryList::name);
    if (list != entry_lists().end()) {
      if (!catalogue.contains(list->name)) catalogue[list->name] = json::array();
      TRY(lay_list(catalogue[list->name].as_array(), member.value(), *list));
    } else if (member.key() == "schema") {
      if (member.value() != json::value(1))
        return unfit("schema",
                     json::serialize(member.value()) + " is not known; this program knows 1");
    } else if (member.key() == "version" || member.key() == "note") {
      catalogue[member.key()] = member.value();
    } else {
      return unfit("member " + std::string(member.key()),
                   "is not known; known are sizes, images, agents, guests, software, extensions, "
                   "required, calendar, schema, version and note");
    }
  }
  return Done();
}

Result<CatalogueFacts> facts_of(const json::object& catalogue) {
  CatalogueFacts facts;
  if (const json::value* version = catalogue.if_contains("version");
      version && version->is_string())
    facts.version = std::string(version->get_string());
  facts.sizes = TRY(entries_of<Size>(catalogue, "sizes"));
  facts.images = TRY(entries_of<Image>(catalogue, "images"));
  facts.agents = TRY(entries_of<Agent>(catalogue, "agents"));
  facts.guests = TRY(entries_of<Guest>(catalogue, "guests"));
  facts.software = TRY(entries_of<Software>(catalogue, "software"));
  facts.extensions = TRY(entries_of<Extension>(catalogue, "extensions"));
  facts.required = TRY(entries_of<Requirement>(catalogue, "required"));
  facts.calendar = TRY(entries_of<CalendarEntry>(catalogue, "calendar"));
  std::ranges::stable_sort(facts.sizes, {}, [](const Size& size) { return fold(size.name); });
  TRY(check_facts(facts));
  return facts;
}

}  // namespace batchyard
