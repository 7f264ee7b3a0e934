// Lists of blobs as storages write them.
#include "edge/fetch/container_list.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

TEST(ContainerList, NamesAndTheNextPageAreRead) {
  const auto page = parse_blob_page(
      R"(<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="http://s/" ContainerName="c"><Blobs>)"
      R"(<Blob><Name>a.txt</Name><Properties/></Blob><Blob><Name>dir/b &amp; c.txt</Name></Blob>)"
      R"(<Blob><Name Encoded="true">odd%01name</Name></Blob></Blobs><NextMarker>m 2</NextMarker></EnumerationResults>)");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->names, (std::vector<std::string>{"a.txt", "dir/b & c.txt", "odd\x01name"}));
  EXPECT_EQ(page->next_marker, "m 2");
}

TEST(ContainerList, AnEmptyContainerHasNothing) {
  const auto page =
      parse_blob_page("<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->names.empty());
  EXPECT_TRUE(page->next_marker.empty());
}

TEST(ContainerList, WhatIsNoListIsRefused) {
  for (const char* text : {"", "<html><body>no</body></html>", "<EnumerationResults><Blobs>", "{}"})
    EXPECT_EQ(parse_blob_page(text).error().code, "ResourceContainerListMiscError") << text;
}

TEST(ContainerList, UrlsKeepTheirSignature) {
  EXPECT_EQ(blob_page_url("http://s/c?sv=1&sig=x%2F", "", ""),
            "http://s/c?restype=container&comp=list&maxresults=1000&sv=1&sig=x%2F");
  EXPECT_EQ(blob_page_url("http://s/c", "a b/", "m&"),
            "http://s/c?restype=container&comp=list&maxresults=1000&prefix=a%20b%2F&marker=m%26");
}

}  // namespace
}  // namespace batchyard::edge
