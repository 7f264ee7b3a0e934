// What lies in an account and is kept by its data plane: how it is shown, listed, written and
// deleted here, whatever it is.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/operations.h"
#include "arm/account_host.h"
#include "arm/call.h"
#include "arm/filter_words.h"

namespace batchyard::arm {

// The account of a call's path.
struct Parent {
  AccountHost* host = nullptr;
  std::string name;
  std::string id;  // "/subscriptions/…/batchAccounts/lab1"
};

struct ChildKind {
  std::string_view folder;   // "pools", of both planes
  std::string_view member;   // "pool": where the data plane's answer has it
  std::string_view results;  // "poolOperationResults"
  std::string_view prefix;   // "delete-", before its name there
  api::Model model;
  api::Model properties;
  std::string_view not_found;  // the data plane's code
  std::span<const FilterWord> filter_words;
  // As this plane shows it; the views of versions come after.
  boost::json::object (*entity)(const boost::json::object& whole, const std::string& account_id);
  // Its path on the data plane: "/pools/p".
  std::string (*data_path)(const std::string& name);
  // Why it could not be deleted, by the data plane's own answer of it.
  std::optional<Error> (*deletion_failure)(const boost::json::object& child);
  // An error of the data plane in the words of this one.
  Error (*told)(Error error);
};

// The version of the data plane that has everything which that version of this plane has.
std::string data_version_of(api::Version version);

// Each answers the call. The name is the path's.
void show_child(const Parent& parent, const ChildKind& kind, Call call);
void list_children(const Parent& parent, const ChildKind& kind, Call call);
// Puts or patches, as the call's verb says, and shows what has become of it.
void write_child(const Parent& parent, const ChildKind& kind, Call call,
                 const boost::json::object& whole);
// Something that the data plane does to it; `action` is its word there.
void act_on_child(const Parent& parent, const ChildKind& kind, Call call, std::string_view action);
// Begins to delete it. Where the answer's Location points, its client asks how far that is.
void delete_child(const Parent& parent, const ChildKind& kind, Call call);
void show_deleted_child(const Parent& parent, const ChildKind& kind, Call call);

}  // namespace batchyard::arm
