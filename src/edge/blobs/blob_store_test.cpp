// What the disk holds, and what becomes of it: durability, damage, what is freed and when.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/blobs/blobs_test.h"
#include "edge/blobs/byte_source.h"

namespace batchyard::edge {
namespace {

TEST_F(BlobsTest, BytesComeBackAsTheyWerePutInWhateverParts) {
  ask("PUT", "/box?restype=container");
  for (const std::size_t size : {std::size_t{1}, std::size_t{262'143}, std::size_t{262'144},
                                 std::size_t{262'145}, std::size_t{1'000'000}}) {
    const std::string body = noise(size);
    const HttpResponse made =
        ask(request("PUT", "/box/a", {{"x-ms-blob-type", "BlockBlob"}}, body), body, 77'777);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(ask("GET", "/box/a").body == body) << size;
    if (size < 100) continue;
    const HttpResponse part = ask("GET", "/box/a", {{"Range", "bytes=99-262200"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_TRUE(part.body == body.substr(99, 262'200 - 99 + 1)) << size;
  }
}

TEST_F(BlobsTest, WhatWasAcknowledgedIsThereAfterAStart) {
  ask("PUT", "/box?restype=container");
  ASSERT_EQ(put("/box/a", "first").status, 201);
  ASSERT_EQ(ask("PUT", "/box/b?comp=block&blockid=MQ==", {}, "block").status, 201);
  close();
  open();
  EXPECT_EQ(ask("GET", "/box/a").body, "first");
  const std::string list = "<BlockList><Latest>MQ==</Latest></BlockList>";
  EXPECT_EQ(ask("PUT", "/box/b?comp=blocklist", {}, list).status, 201);
  EXPECT_EQ(ask("GET", "/box/b").body, "block");
}

TEST_F(BlobsTest, DamageIsToldAndNotServed) {
  ask("PUT", "/box?restype=container");
  ASSERT_EQ(put("/box/a", noise(600'000)).status, 201);
  ASSERT_EQ(pieces().size(), 1U);
  {
    std::fstream file(pieces().front(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(300'000);
    file.put('\x5a');
    file.put('\xa5');
  }
  // Seen after the answer has begun: it is broken off.
  const HttpResponse whole = ask("GET", "/box/a");
  EXPECT_EQ(whole.status, 0);
  EXPECT_EQ(whole.body.size(), 262'144U);
  // Seen before: an error.
  const HttpResponse part = ask("GET", "/box/a", {{"Range", "bytes=290000-290001"}});
  EXPECT_EQ(part.status, 500);
  EXPECT_EQ(part.header("x-ms-error-code"), "InternalError");
  EXPECT_EQ(ask("GET", "/box/a", {{"Range", "bytes=0-9"}}).status, 206);
  std::filesystem::resize_file(pieces().front(), 10);
  EXPECT_EQ(ask("GET", "/box/a").status, 500);
}

TEST_F(BlobsTest, FilesGoWhenNothingRefersToThem) {
  ask("PUT", "/box?restype=container");
  put("/box/a", "one");
  put("/box/a", "two");
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_EQ(pieces().size(), 1U);
  const HttpResponse copied = ask("PUT", "/box/copy", {{"x-ms-copy-source", endpoint_ + "/box/a"}});
  ASSERT_EQ(copied.status, 202) << copied.body;
  EXPECT_EQ(ask("DELETE", "/box/a").status, 202);
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_EQ(pieces().size(), 1U);  // the copy's, too
  EXPECT_EQ(ask("GET", "/box/copy").body, "two");
  ask("PUT", "/box/b?comp=block&blockid=MQ==", {}, "waits");
  EXPECT_EQ(ask("DELETE", "/box?restype=container").status, 202);
  EXPECT_EQ(ask("GET", "/box?restype=container").status, 404);
  EXPECT_EQ(ask("PUT", "/box?restype=container").status, 201);  // its name is free at once
  EXPECT_EQ(ask("GET", "/box/copy").status, 404);
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_TRUE(pieces().empty());
}

TEST_F(BlobsTest, WhatIsReadStaysUntilItWasRead) {
  ask("PUT", "/box?restype=container");
  const std::string body = noise(1'000'000);
  put("/box/a", body);
  const HttpRequest get = request("GET", "/box/a");
  auto found = store_->read([&](blob::Rows& rows) -> Result<blob::Answer> {
    const blob::Admitted admitted = TRY(blob::admit(account_, get, rows, store_->now()));
    const blob::Call call{.account = account_,
                          .request = get,
                          .admitted = admitted,
                          .now = store_->now(),
                          .etag = {},
                          .guid = {},
                          .endpoint = endpoint_};
    return blob::perform(call, rows);
  });
  ASSERT_TRUE(found);
  ask("DELETE", "/box/a");
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_EQ(pieces().size(), 1U);
  {
    ByteSource bytes(*store_, *std::move(found->answer.send), std::move(found->hold));
    std::string read;
    for (auto part = bytes.next(); part && !part->empty(); part = bytes.next()) read += *part;
    EXPECT_TRUE(read == body);
  }
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_TRUE(pieces().empty());
}

TEST_F(BlobsTest, WhatNobodyHasFinishedIsSweptAtTheStart) {
  ask("PUT", "/box?restype=container");
  put("/box/a", "kept");
  std::ofstream(directory_ + "/blobs/pieces/ab/abcd") << "left by a crash";
  close();
  open();
  ASSERT_TRUE(store_->sweep());
  ASSERT_EQ(pieces().size(), 1U);
  EXPECT_EQ(ask("GET", "/box/a").body, "kept");
}

TEST_F(BlobsTest, BlocksThatNobodyCommitsGoAfterAWeek) {
  ask("PUT", "/box?restype=container");
  ask("PUT", "/box/b?comp=block&blockid=MQ==", {}, "waits");
  shift_ = std::chrono::hours(6 * 24);
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_EQ(pieces().size(), 1U);
  shift_ = std::chrono::hours(8 * 24);
  ASSERT_TRUE(store_->tidy_all());
  EXPECT_TRUE(pieces().empty());
  EXPECT_EQ(ask("GET", "/box/b?comp=blocklist&blocklisttype=all").status, 404);
}

TEST_F(BlobsTest, WhoGoesAwayLeavesNothing) {
  ask("PUT", "/box?restype=container");
  HttpRequest broken = request("PUT", "/box/a", {{"x-ms-blob-type", "BlockBlob"}}, "0123456789");
  broken.source = [times = std::make_shared<int>(0)](BodyPart part) {
    if ((*times)++ == 0) return part(std::string("01234"));
    part(fail(Kind::invalid, "InvalidRequest", "the caller has gone"));
  };
  EXPECT_EQ(ask(std::move(broken)).status, 400);
  EXPECT_TRUE(pieces().empty());
  EXPECT_EQ(ask("GET", "/box/a").status, 404);
}

TEST_F(BlobsTest, WrongSumsAreRefusedAndLeaveNothing) {
  ask("PUT", "/box?restype=container");
  const auto code = [&](HttpHeader header) {
    return std::string(
        ask("PUT", "/box/a", {{"x-ms-blob-type", "BlockBlob"}, std::move(header)}, "abc")
            .header("x-ms-error-code"));
  };
  EXPECT_EQ(code({"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}), "Md5Mismatch");
  EXPECT_EQ(code({"Content-MD5", "AAAA"}), "InvalidMd5");
  EXPECT_EQ(code({"x-ms-content-crc64", "AAAAAAAAAAA="}), "Crc64Mismatch");
  EXPECT_TRUE(pieces().empty());
  EXPECT_EQ(code({"Content-MD5", "kAFQmDzST7DWlj99KOF/cg=="}), "");
}

// A process that is killed in the midst of its uploads, again and again: nothing half is seen, and
// whatever it was told had been done is there.
TEST_F(BlobsTest, AKilledServiceKeepsWhatItAcknowledged) {
  ask("PUT", "/box?restype=container");
  for (int round = 0; round < 6; ++round) {
    close();
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    if (child == 0) {
      ::close(pipes[0]);
      open();
      for (int number = 0;; ++number) {
        const std::string body = std::to_string(number) + noise(300'000 + 1'000 * number % 7'000);
        if (put("/box/a", body).status != 201) _exit(1);
        if (write(pipes[1], &number, sizeof number) != sizeof number) _exit(0);
      }
    }
    ::close(pipes[1]);
    int acknowledged = -1;
    for (int number = 0; acknowledged < 2 + round; acknowledged = number)
      ASSERT_EQ(read(pipes[0], &number, sizeof number), ssize_t{sizeof number});
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (int number = 0; read(pipes[0], &number, sizeof number) == sizeof number;)
      acknowledged = number;
    ::close(pipes[0]);
    open();
    const HttpResponse seen = ask("GET", "/box/a");
    ASSERT_EQ(seen.status, 200);
    bool whole = false;
    for (const int number : {acknowledged, acknowledged + 1})
      whole =
          whole || seen.body == std::to_string(number) + noise(300'000 + 1'000 * number % 7'000);
    EXPECT_TRUE(whole) << acknowledged;
    ASSERT_TRUE(store_->tidy_all());
    ASSERT_TRUE(store_->sweep());
    EXPECT_EQ(pieces().size(), 1U);
  }
}

}  // namespace
}  // namespace batchyard::edge
