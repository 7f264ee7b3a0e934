// What somebody with a token of the installation may do in an account.
#pragma once

namespace batchyard::service {

struct Rights {
  bool reads = false;
  bool writes = false;
};

}  // namespace batchyard::service
