// The kinds of things that `get`, `describe` and `wait` know: their names, where the service has
// them, and the columns of their tables.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace batchyard::cli {

struct Listing {
  std::string_view plural;
  std::string_view singular;
  std::string_view parent;  // the kind that it lies in; empty: none
  std::vector<std::pair<std::string_view, std::string_view>> columns;  // title, path
  int state_column = -1;
};

// By either name; nothing for another one.
const Listing* find_kind(const std::string& name);
// How many names stand before its own.
std::size_t parents_of(const Listing& kind);

// "/pools/p1/nodes" or "/pools/p1/nodes/n1", or where the past of the one entity is; nothing when
// the number of names is wrong.
std::optional<std::string> path_of(const Listing& kind, const std::vector<std::string>& names,
                                   const std::string& as_of = {});

// "nodes POOL [node]", and that of all kinds as part of a sentence.
std::string usage_of(const Listing& kind);
std::string all_kinds();
// "pools,nodes,…"
std::string plural_kinds();
std::string singular_kinds();

}  // namespace batchyard::cli
