#include "catalogue/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/text.h"
#include "base/time.h"

namespace batchyard {

namespace {

std::unexpected<Error> bad(const std::string& where, std::string_view member,
                           const std::string& value, const std::string& cure) {
  return fail(
      Kind::invalid, "",
      fmt::format("the catalogue is refused: {} has {} '{}': {}", where, member, value, cure));
}

Result<> check_word(const std::string& where, std::string_view member, const std::string& value,
                    std::initializer_list<std::string_view> known) {
  if (std::ranges::find(known, value) != known.end()) return Done();
  std::vector<std::string> words;
  for (const std::string_view word : known) {
    if (!word.empty()) words.emplace_back(word);
  }
  return bad(where, member, value, "give " + join(words, " or "));
}

Result<> check_day(const std::string& where, const std::string& day) {
  if (day.empty() || (day.size() == 10 && parse_iso8601(day + "T00:00:00Z"))) return Done();
  return bad(where, "ends", day, "write a day as 2026-11-24");
}

Result<> check_generation(const std::string& where, std::int32_t generation) {
  if (generation == 1 || generation == 2) return Done();
  return bad(where, "a generation", std::to_string(generation), "there are 1 and 2");
}

// A kind of it may follow: "rdma:sriov".
Result<> check_token(const CatalogueFacts& facts, const std::string& where,
                     const std::string& token) {
  const std::string plain = token.substr(0, token.find(':'));
  std::vector<std::string> known;
  for (const Software& one : facts.software) known.push_back(one.token);
  if (std::ranges::find(known, plain) != known.end()) return Done();
  return bad(where, "the software", token, "known are " + join(known, ", "));
}

Result<> check_size(const Size& size) {
  const std::string where = "sizes " + size.name;
  if (size.cores < 1) return bad(where, "cores", std::to_string(size.cores), "give at least 1");
  if (size.memory_gib <= 0)
    return bad(where, "memory_gib", fmt::format("{}", size.memory_gib), "give more than 0");
  if (size.disk_gib < 0)
    return bad(where, "disk_gib", fmt::format("{}", size.disk_gib), "give 0 or more");
  if (size.gpus < 0) return bad(where, "gpus", std::to_string(size.gpus), "give 0 or more");
  TRY(check_word(where, "rdma", size.rdma, {"", "networkDirect", "sriov"}));
  for (const std::int32_t generation : size.generations) TRY(check_generation(where, generation));
  return check_day(where, size.ends);
}

Result<> check_image(const CatalogueFacts& facts, const Image& image) {
  const std::string where = fmt::format("images {}/{}/{}", image.publisher, image.offer, image.sku);
  for (const auto& [member, value] :
       {std::pair("publisher", &image.publisher), {"offer", &image.offer}, {"sku", &image.sku}}) {
    if (value->empty())
      return bad(where, member, "", "an image is named by publisher, offer and sku");
  }
  const auto agent = std::ranges::find_if(
      facts.agents, [&](const Agent& one) { return same_folded(one.id, image.agent); });
  if (agent == facts.agents.end())
    return bad(where, "agent", image.agent, "there is no such node agent; `agents` adds one");
  TRY(check_word(where, "os", image.os, {"linux", "windows"}));
  if (agent->os != image.os)
    return bad(where, "os", image.os, fmt::format("its node agent is for {}", agent->os));
  for (const std::string& token : image.has) TRY(check_token(facts, where, token));
  TRY(check_generation(where, image.generation));
  return check_day(where, image.ends);
}

Result<> check_requirement(const CatalogueFacts& facts, const Requirement& row) {
  const std::string where = "required " + row.id;
  TRY(check_word(where, "os", row.os, {"linux", "windows"}));
  for (const std::string& name : row.sizes) {
    const bool known = std::ranges::any_of(
        facts.sizes, [&](const Size& size) { return same_folded(size.name, name); });
    if (!known) return bad(where, "the size", name, "there is no such size; `sizes` adds one");
  }
  for (const std::vector<std::string>& any : row.software) {
    for (const std::string& token : any) TRY(check_token(facts, where, token));
  }
  if (row.slots < 0) return bad(where, "slots", std::to_string(row.slots), "give 0 or more");
  return Done();
}

}  // namespace

Result<> check_facts(const CatalogueFacts& facts) {
  for (const Size& size : facts.sizes) TRY(check_size(size));
  for (const Agent& agent : facts.agents) {
    TRY(check_word("agents " + agent.id, "os", agent.os, {"linux", "windows"}));
    TRY(check_day("agents " + agent.id, agent.ends));
  }
  for (const Image& image : facts.images) TRY(check_image(facts, image));
  for (const Extension& extension : facts.extensions) {
    const std::string where = "extensions " + extension.publisher + "/" + extension.type;
    TRY(check_word(where, "os", extension.os, {"linux", "windows"}));
    for (const std::string& token : extension.installs) TRY(check_token(facts, where, token));
  }
  for (const Requirement& row : facts.required) TRY(check_requirement(facts, row));
  for (const CalendarEntry& entry : facts.calendar)
    TRY(check_day("calendar " + entry.what, entry.ends));
  return Done();
}

}  // namespace batchyard
