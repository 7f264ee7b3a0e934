// The operator's file of thresholds.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>

#include "base/text.h"
#include "hardware/gate.h"

namespace batchyard {

namespace {

namespace json = boost::json;

std::unexpected<Error> bad_rule(const std::string& where, const std::string& cure) {
  return fail(Kind::invalid, "", fmt::format("the gate's {}: {}", where, cure));
}

Result<> read_number(const json::value& value, const std::string& where, double most,
                     double& into) {
  boost::system::error_code error;
  const double number = value.is_number() ? value.to_number<double>(error) : -1;
  if (number < 0 || number > most || !std::isfinite(number))
    return bad_rule(where,
                    fmt::format("{} is not a number from 0 to {}", json::serialize(value), most));
  into = number;
  return Done();
}

Result<> read_whole(const json::value& value, const std::string& where, std::int64_t& into) {
  if (!value.is_int64() || value.get_int64() < 0)
    return bad_rule(where,
                    fmt::format("{} is not a whole number of 0 or more", json::serialize(value)));
  into = value.get_int64();
  return Done();
}

Result<> read_threshold(const std::string& where, std::string_view name, const json::value& value,
                        Thresholds& into) {
  const std::string at = where + "." + std::string(name);
  if (name == "memoryPart") return read_number(value, at, 1, into.memory_part);
  if (name == "gpuMemoryPart") return read_number(value, at, 1, into.gpu_memory_part);
  if (name == "eccCorrected") return read_whole(value, at, into.ecc_corrected);
  if (name == "eccUncorrected") return read_whole(value, at, into.ecc_uncorrected);
  if (name == "rdmaGigabits") return read_whole(value, at, into.rdma_gigabits);
  if (name == "memlock") return read_whole(value, at, into.memlock);
  if (name == "diskFree") return read_whole(value, at, into.disk_free);
  if (name == "xids") {
    if (!value.is_array()) return bad_rule(at, "give a list of numbers");
    into.xids.clear();
    for (const json::value& one : value.get_array())
      TRY(read_whole(one, at, into.xids.emplace_back()));
    return Done();
  }
  return bad_rule(at,
                  "there is no such threshold. There are memoryPart, gpuMemoryPart, eccCorrected, "
                  "eccUncorrected, xids, rdmaGigabits, memlock and diskFree");
}

Result<> read_thresholds(const std::string& where, const json::value& value, Thresholds& into) {
  if (!value.is_object()) return bad_rule(where, "give an object of thresholds");
  for (const auto& member : value.get_object())
    TRY(read_threshold(where, member.key(), member.value(), into));
  return Done();
}

// A person writes "NC6 Standard", or a series. What is no size would be a limit that never holds.
Result<> read_size(const json::object& own, std::string_view name, const Catalogue& catalogue,
                   GateRules& rules) {
  const std::string where = "sizes." + std::string(name);
  std::vector<const Size*> sizes = catalogue.series(name);
  if (const Size* size = catalogue.size_meant(name)) sizes = {size};
  if (sizes.empty())
    return bad_rule(where, "it names no known machine size. Similar ones are: " +
                               catalogue.similar_sizes(name));
  Thresholds thresholds = rules.thresholds;
  TRY(read_thresholds(where, own, thresholds));
  for (const Size* size : sizes) rules.sizes.insert_or_assign(fold(size->name), thresholds);
  return Done();
}

}  // namespace

Result<GateRules> read_gate_rules(std::string_view text, const Catalogue& catalogue) {
  boost::system::error_code error;
  const json::value whole = json::parse(text, error);
  if (error || !whole.is_object()) return bad_rule("file", "it is no JSON object");
  GateRules rules;
  const json::object& members = whole.get_object();
  if (const json::value* own = members.if_contains("thresholds"))
    TRY(read_thresholds("thresholds", *own, rules.thresholds));
  for (const auto& member : members) {
    const std::string name(member.key());
    if (name == "thresholds") continue;
    if (name == "strict") {
      if (!member.value().is_bool()) return bad_rule(name, "give true or false");
      rules.strict = member.value().get_bool();
    } else if (name == "quarantineAfter") {
      std::int64_t count = 0;
      TRY(read_whole(member.value(), name, count));
      if (count < 1 || count > 1000) return bad_rule(name, "give a number from 1 to 1000");
      rules.quarantine_after = static_cast<int>(count);
    } else if (name == "sizes" && member.value().is_object()) {
      for (const auto& size : member.value().get_object()) {
        if (!size.value().is_object())
          return bad_rule("sizes." + std::string(size.key()), "give an object of thresholds");
        TRY(read_size(size.value().get_object(), size.key(), catalogue, rules));
      }
    } else {
      return bad_rule(name, "there are strict, quarantineAfter, thresholds and sizes (objects)");
    }
  }
  return rules;
}

}  // namespace batchyard
