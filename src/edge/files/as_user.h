// For as long as it lives, this thread alone uses files with the rights of a task's account.
#pragma once

#include <sys/types.h>

#include <vector>

namespace batchyard::edge {

class AsUser {
 public:
  // -1: as who we are.
  AsUser(long uid, long gid);
  ~AsUser();
  AsUser(const AsUser&) = delete;
  AsUser& operator=(const AsUser&) = delete;
  // False: the account could not be taken on, and nothing may be done.
  bool good() const { return good_; }

 private:
  bool changed_ = false;
  bool good_ = true;
  std::vector<gid_t> groups_;
};

}  // namespace batchyard::edge
