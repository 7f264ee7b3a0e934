// Downloads that break off: what is fetched again, and what comes of it.
#include "edge/fetch/download.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "edge/transfer/scripted_server.h"

namespace batchyard::edge {
namespace {

// A whole answer tells a length of 10; it is cut off where `text` ends.
std::string whole(const std::string& text, const std::string& etag = "\"a\"") {
  return fmt::format("HTTP/1.1 200 OK\r\nETag: {}\r\nContent-Length: 10\r\n\r\n{}", etag, text);
}
std::string part(int from, const std::string& text, const std::string& etag = "\"a\"") {
  return fmt::format(
      "HTTP/1.1 206 Partial Content\r\nETag: {}\r\nContent-Range: bytes {}-9/10\r\n"
      "Content-Length: {}\r\n\r\n{}",
      etag, from, 10 - from, text);
}
std::string refused_part(int status) {
  return fmt::format("HTTP/1.1 {} No\r\nContent-Length: 0\r\n\r\n", status);
}

struct CloseFile {
  void operator()(FILE* file) const { std::fclose(file); }
};

struct Outcome {
  bool good;
  std::string text;                // of the file
  std::vector<std::string> asked;  // "Range: …" of each request; empty: for all of it
};

Outcome download_from(std::vector<std::string> answers) {
  const ScriptedServer server(std::move(answers));
  const std::unique_ptr<FILE, CloseFile> file(std::tmpfile());
  Transfer transfer("");
  Halt halt;
  const TransferAnswer answer = download(transfer, halt, {.url = server.url()}, fileno(file.get()));
  std::string text(100, '\0');
  text.resize(static_cast<std::size_t>(pread(fileno(file.get()), text.data(), text.size(), 0)));
  Outcome outcome{.good = answer.good(), .text = text, .asked = {}};
  for (const std::string& head : server.asked()) {
    const std::size_t at = head.find("Range: ");
    outcome.asked.push_back(
        at == std::string::npos ? "" : head.substr(at + 7, head.find('\r', at) - at - 7));
    EXPECT_EQ(at != std::string::npos, head.contains("If-Match: \"a\"\r\n")) << head;
  }
  return outcome;
}

using Asked = std::vector<std::string>;

TEST(Download, GoesOnWhereItBroke) {
  const Outcome outcome = download_from({whole("0123"), part(4, "45"), part(6, "6789")});
  EXPECT_TRUE(outcome.good);
  EXPECT_EQ(outcome.text, "0123456789");
  EXPECT_EQ(outcome.asked, (Asked{"", "bytes=4-", "bytes=6-"}));
}

TEST(Download, BeginsAnewWhenItIsAnotherByThen) {
  const Outcome outcome =
      download_from({whole("0123"), refused_part(412), whole("abcdefghij", "\"b\"")});
  EXPECT_TRUE(outcome.good);
  EXPECT_EQ(outcome.text, "abcdefghij");
  EXPECT_EQ(outcome.asked, (Asked{"", "bytes=4-", ""}));
}

TEST(Download, TakesTheWholeFromAServerThatKnowsNoParts) {
  const Outcome outcome = download_from({whole("0123"), whole("0123456789")});
  EXPECT_TRUE(outcome.good);
  EXPECT_EQ(outcome.text, "0123456789");
}

TEST(Download, PutsNoOtherPartBehindWhatItHas) {
  for (const std::string& wrong : {part(3, "3456789"), part(4, "456789", "\"b\"")}) {
    const Outcome outcome = download_from({whole("0123"), wrong, whole("0123456789")});
    EXPECT_TRUE(outcome.good);
    EXPECT_EQ(outcome.text, "0123456789");
    EXPECT_EQ(outcome.asked, (Asked{"", "bytes=4-", ""}));
  }
}

TEST(Download, AsksForNoPartOfWhatHasNoStrongETag) {
  const Outcome outcome = download_from({whole("0123", "W/\"a\""), whole("0123456789", "W/\"a\"")});
  EXPECT_TRUE(outcome.good);
  EXPECT_EQ(outcome.text, "0123456789");
  EXPECT_EQ(outcome.asked, (Asked{"", ""}));
}

TEST(Download, LeavesNothingOfWhatWasThereWhenItIsEmptyNow) {
  const Outcome outcome =
      download_from({whole("0123"), "HTTP/1.1 200 OK\r\nETag: \"b\"\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_TRUE(outcome.good);
  EXPECT_EQ(outcome.text, "");
}

TEST(Download, IsRefusedAsItIsRefused) {
  const Outcome outcome = download_from({refused_part(404)});
  EXPECT_FALSE(outcome.good);
  EXPECT_EQ(outcome.asked.size(), 1U);
}

}  // namespace
}  // namespace batchyard::edge
