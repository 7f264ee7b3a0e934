// The examples of the rules: tests/golden/rules/*.json. For the tests of this folder.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "preflight/document.h"

namespace batchyard::preflight {

// A pool that is sound, with members merged into it (RFC 7396) that make it fail or pass; or, when
// it is of another form, whole files.
struct Example {
  std::string rule;
  std::string topic;
  std::string of;
  std::string date;
  std::string catalogue;  // an operator's
  boost::json::value fails;
  boost::json::value passes;
  bool file = false;
};

inline boost::json::value read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str());
}

inline void merge(boost::json::value& into, const boost::json::value& patch) {
  if (!patch.is_object()) {
    into = patch;
    return;
  }
  if (!into.is_object()) into = boost::json::object();
  for (const auto& member : patch.get_object()) {
    if (member.value().is_null())
      into.get_object().erase(member.key());
    else
      merge(into.get_object()[member.key()], member.value());
  }
}

inline boost::json::object sound_pools() {
  return read_json("tests/golden/rules/pools.json").as_object();
}

inline std::vector<Example> examples() {
  std::vector<Example> all;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden/rules"))
    if (entry.path().extension() == ".json" && entry.path().stem() != "pools")
      paths.push_back(entry.path());
  std::ranges::sort(paths);
  for (const std::filesystem::path& path : paths) {
    const boost::json::value list = read_json(path);
    for (const boost::json::value& one : list.as_array()) {
      const boost::json::object& example = one.as_object();
      const auto text = [&](const char* name) {
        const boost::json::value* value = example.if_contains(name);
        return value == nullptr     ? std::string()
               : value->is_string() ? std::string(value->get_string())
                                    : boost::json::serialize(*value);
      };
      all.push_back({.rule = text("rule"),
                     .topic = path.stem().string(),
                     .of = text("of"),
                     .date = text("date"),
                     .catalogue = text("catalogue"),
                     .fails = example.at("fails"),
                     .passes = example.at("passes"),
                     .file = example.contains("file")});
    }
  }
  return all;
}

}  // namespace batchyard::preflight
