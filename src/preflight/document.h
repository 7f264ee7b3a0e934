// The pools of a file: which form it has, and where in it they lie. Known are the data plane's JSON
// (pools, lists of them, jobs and schedules with a pool of their own), ARM resources and templates,
// templates of the Batch CLI, and Batch Shipyard's pool configuration.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "preflight/dialect.h"
#include "preflight/preflight.h"

namespace batchyard::preflight {

struct FoundPool {
  std::string form;  // "data plane", "ARM", "Batch CLI template", "Batch Shipyard"
  std::string base;  // JSON pointer of the pool in the file
  const Dialect* dialect = &data_plane_words;
  boost::json::object pool;  // canonical
  Circumstances circumstances;
  // What the tool of the file does itself, and no service: members that are not in `pool`.
  std::vector<std::string> left_out = {};

  // A finding's place and patch in the words of the file; no patch where it would not fit there.
  std::string pointer_of(std::string_view path) const;
  boost::json::array patch_of(const Finding& finding, const boost::json::value& document) const;
};

// None when the file is of no form that is known.
std::vector<FoundPool> pools_in(const boost::json::value& document,
                                const Circumstances& circumstances);

}  // namespace batchyard::preflight
