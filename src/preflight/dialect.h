// The words of other tools for the same pool. A dialect is a list of moves from its places to those
// of the data plane; read forwards it makes a pool canonical, read backwards it puts a finding and
// its patch into the words of the file.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace batchyard::preflight {

enum class Turn {
  none,
  switched,    // "Enabled" and "Disabled" for true and false
  last_part,   // of a resource id
  thumbprint,  // of a certificate's id
  clock,       // "00:15:00" for PT15M
};

// Paths whose parts are separated by '/'; '*' stands for each element of a list.
struct Move {
  const char* theirs;
  const char* ours;
  Turn turn = Turn::none;
};

enum class Speaker { data_plane, arm, shipyard };

struct Dialect {
  Speaker speaker;
  std::span<const Move> moves;
  bool keeps_others;  // members without a move are the data plane's
};

extern const Dialect data_plane_words;
extern const Dialect answer_words;  // of `az batch pool show`
extern const Dialect arm_words;
extern const Dialect shipyard_words;
extern const Dialect old_shipyard_words;  // before version 3

boost::json::object to_ours(const Dialect& dialect, boost::json::object theirs);
// The same pool in their words, for a dialect that keeps others. Ids are left as they are here.
boost::json::object from_ours(const Dialect& dialect, boost::json::object ours);
// What a pool of ARM's says without saying it, once it is in our words.
void complete_arm_pool(boost::json::object& pool);
// "/enableInterNodeCommunication" is "/interNodeCommunication" there.
std::string to_theirs(const Dialect& dialect, std::string_view pointer);
boost::json::array patch_to_theirs(const Dialect& dialect, const boost::json::array& patch,
                                   std::string_view base);

}  // namespace batchyard::preflight
