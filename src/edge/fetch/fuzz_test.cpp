// Lists of containers that are nearly right, as a storage might answer them.
#include <gtest/gtest.h>

#include "edge/fetch/container_list.h"
#include "testing/mutator.h"

namespace batchyard::edge {
namespace {

constexpr int rounds = 5'000;

TEST(ContainerListFuzz, NearlyRightListsAreReadOrRefused) {
  testing::Mutator mutator(
      1,
      {R"(<?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>a/b</Name></Blob>)"
       R"(<Blob><Name>c &amp; d</Name></Blob></Blobs><NextMarker>m</NextMarker></EnumerationResults>)",
       "<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>",
       "<Error><Code>AuthenticationFailed</Code></Error>"});
  for (int round = 0; round < rounds; ++round) {
    const std::string xml = mutator.next();
    const Result<BlobPage> page = parse_blob_page(xml);
    if (!page) {
      ASSERT_FALSE(page.error().message.empty()) << xml;
    } else {
      ASSERT_LE(page->names.size(), xml.size());
    }
  }
}

TEST(ContainerListFuzz, DeepNestingIsNoDanger) {
  const std::string blobs = testing::nested("<Blob>", "<Name>a</Name>", "</Blob>", 50'000);
  (void)parse_blob_page("<EnumerationResults><Blobs>" + blobs + "</Blobs></EnumerationResults>");
  (void)parse_blob_page(testing::nested("<a>", "", "", 100'000));
}

}  // namespace
}  // namespace batchyard::edge
