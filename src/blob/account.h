// Whose storage it is. The keys are secrets: they are compared and signed with, and never shown.
#pragma once

#include <string>
#include <vector>

namespace batchyard::blob {

struct Account {
  std::string name;
  std::vector<std::string> keys;  // base64; the first one signs what we sign
};

}  // namespace batchyard::blob
