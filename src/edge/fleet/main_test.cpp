// The fleet starts this program again as the first process of its nodes; and one test needs a
// service that can be killed.
#include <gtest/gtest.h>

#include <string_view>

#include "edge/fleet/local_fleet_test.h"
#include "edge/fleet/node_init.h"

int main(int argument_count, char** arguments) {
  const std::string_view verb = argument_count > 1 ? arguments[1] : "";
  if (verb == "node-init") return batchyard::fleet::node_init(argument_count - 2, arguments + 2);
  if (verb == "make-fleet" && argument_count == 3)
    return batchyard::fleet::make_fleet_and_wait(arguments[2]);
  testing::InitGoogleTest(&argument_count, arguments);
  return RUN_ALL_TESTS();
}
