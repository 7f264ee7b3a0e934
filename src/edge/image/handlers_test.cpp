#include "edge/image/handlers.h"

#include "edge/image/image_test.h"

namespace batchyard::edge {
namespace {

class HandlersTest : public ImageTest {
 protected:
  std::unique_ptr<HandlerShelf> open_handlers(DriverHandlers drivers = DriverHandlers::left_out) {
    Result<std::unique_ptr<HandlerShelf>> shelf = HandlerShelf::open(path("handlers"), drivers);
    EXPECT_TRUE(shelf) << shelf.error().message;
    return *std::move(shelf);
  }
};

TEST_F(HandlersTest, AreThereAfterARestart) {
  ASSERT_TRUE(open_handlers()->keep(
      {.publisher = "Pub", .type = "Type", .script = "true\n", .reboots = true}));
  ASSERT_TRUE(open_handlers()->keep({.publisher = "PUB", .type = "type", .script = "new"}));
  const auto shelf = open_handlers();
  ASSERT_EQ(shelf->handlers().size(), 1U);
  EXPECT_EQ(shelf->handlers()[0].script, "new");
  EXPECT_TRUE(*shelf->remove("pub", "TYPE"));
  EXPECT_FALSE(*shelf->remove("pub", "TYPE"));
  EXPECT_TRUE(open_handlers()->handlers().empty());
}

TEST_F(HandlersTest, DriversComeWithTheProgramAndAnOperatorsOwnCountMore) {
  const auto shelf = open_handlers(DriverHandlers::offered);
  ASSERT_EQ(shelf->handlers().size(), 2U);
  const std::vector<ExtensionHandler> all = shelf->handlers();
  const ExtensionHandler* gpu =
      service::find_handler(all, "microsoft.hpccompute", "nvidiagpudriverlinux");
  ASSERT_NE(gpu, nullptr);
  EXPECT_TRUE(gpu->built_in);
  EXPECT_TRUE(gpu->script.starts_with("#!/bin/sh\n"));
  EXPECT_TRUE(gpu->script.ends_with("exit $restart\n"));
  ASSERT_TRUE(shelf->keep(
      {.publisher = "Microsoft.HpcCompute", .type = "NvidiaGpuDriverLinux", .script = "own"}));
  ASSERT_EQ(shelf->handlers().size(), 2U);
  EXPECT_EQ(shelf->handlers()[1].script, "own");
  EXPECT_TRUE(*shelf->remove("Microsoft.HpcCompute", "NvidiaGpuDriverLinux"));
  EXPECT_TRUE(shelf->handlers()[1].built_in);
}

}  // namespace
}  // namespace batchyard::edge
