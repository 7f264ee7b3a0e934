#include "service/service_test.h"

namespace batchyard::service {
namespace {

class FilesTest : public ServiceTest {
 protected:
  void SetUp() override {
    add_pool("p", 1);
    add_job("j", "p");
    ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
    bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
    files_.add("stdout.txt", "hello, yard");
    files_.add("wd/data.bin", std::string(300'000, 'x') + "end");
    files_.add("empty.txt", "");
  }

  static std::string whole(const Answer& answer) {
    std::string text;
    bool more = static_cast<bool>(answer.response.source);
    while (more) {
      answer.response.source([&](Result<std::string> part) {
        more = part && !part->empty();
        if (more) text += *part;
      });
    }
    return text;
  }
};

TEST_F(FilesTest, AFileIsReadWholeAndInRanges) {
  const Answer file = get("/jobs/j/tasks/t/files/stdout.txt");
  ASSERT_EQ(file.status, 200) << file.response.body;
  EXPECT_EQ(file.header("Content-Type"), "text/plain");
  EXPECT_EQ(file.header("ocp-batch-file-isdirectory"), "False");
  EXPECT_EQ(file.header("ocp-batch-file-mode"), "0o100644");
  EXPECT_EQ(file.response.source_length, 11U);
  EXPECT_EQ(whole(file), "hello, yard");
  const std::pair<const char*, const char*> ranges[] = {
      {"bytes=1-2", "el"}, {"bytes=7-", "yard"}, {"bytes=7-100", "yard"}, {"bytes=-4", "yard"}};
  for (const auto& [range, text] : ranges) {
    const Answer part = get("/jobs/j/tasks/t/files/stdout.txt", {{"ocp-range", range}});
    EXPECT_EQ(part.status, 200) << range;
    EXPECT_EQ(whole(part), text) << range;
  }
  for (const char* range : {"bytes=11-", "bytes=5-2"}) {
    const Answer refused = get("/jobs/j/tasks/t/files/stdout.txt", {{"ocp-range", range}});
    EXPECT_EQ(refused.status, 416) << range;
    EXPECT_EQ(refused.code(), "InvalidRange") << range;
  }
  for (const char* range : {"lines=1-2", "bytes=-"}) {
    const Answer refused = get("/jobs/j/tasks/t/files/stdout.txt", {{"ocp-range", range}});
    EXPECT_EQ(refused.status, 400) << range;
    EXPECT_EQ(refused.code(), "InvalidHeaderValue") << range;
  }
}

TEST_F(FilesTest, ALongFileComesInParts) {
  files_.asked.clear();
  const Answer file = get("/jobs/j/tasks/t/files/wd%2Fdata.bin");
  const std::string text = whole(file);
  EXPECT_EQ(text.size(), 300'003U);
  EXPECT_TRUE(text.ends_with("xend"));
  EXPECT_EQ(files_.asked.size(), 3U);  // its properties and two parts
  EXPECT_EQ(whole(get("/jobs/j/tasks/t/files/empty.txt")), "");
}

TEST_F(FilesTest, PropertiesHaveTheLengthAndNoBody) {
  const Answer file = send("HEAD", "/jobs/j/tasks/t/files/stdout.txt");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.response.source_length, 11U);
  EXPECT_EQ(send("HEAD", "/jobs/j/tasks/t/files/none").status, 404);
  EXPECT_EQ(get("/jobs/j/tasks/t/files/none").code(), "FileNotFound");
}

TEST_F(FilesTest, FilesAreListedWithLengthsAsTexts) {
  const Answer list = get("/jobs/j/tasks/t/files?recursive=true&maxresults=2");
  ASSERT_EQ(list.status, 200) << list.response.body;
  EXPECT_EQ(list.text("/value/0/name"), "empty.txt");
  EXPECT_EQ(list.text("/value/1/properties/contentLength"), "11");
  EXPECT_TRUE(list.body.at("value").at(1).at("properties").at("contentLength").is_string());
  EXPECT_EQ(list.text("/value/1/url"), "https://yard.example/jobs/j/tasks/t/files/stdout.txt");
  const std::string next = list.text("/odata.nextLink");
  ASSERT_NE(next, "(absent)");
  const Answer rest = get(next.substr(std::string("https://yard.example").size()));
  EXPECT_EQ(rest.text("/value/0/name"), "wd/data.bin");
  EXPECT_EQ(rest.text("/odata.nextLink"), "(absent)");
  EXPECT_EQ(get("/jobs/j/tasks/t/files?$filter=startswith(name,'wd/')").text("/value/0/name"),
            "wd/data.bin");
  EXPECT_EQ(get("/jobs/j/tasks/t/files?$filter=name%20eq%20'a'").code(),
            "InvalidQueryParameterValue");
}

TEST_F(FilesTest, FilesOfATaskThatNeverRanAreNowhere) {
  add_pool("q", 0);
  add_job("k", "q");
  ASSERT_EQ(post("/jobs/k/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  EXPECT_EQ(get("/jobs/k/tasks/t/files").status, 409);
  EXPECT_EQ(get("/jobs/none/tasks/t/files").code(), "JobNotFound");
  EXPECT_EQ(get("/pools/p/nodes/none/files").code(), "NodeNotFound");
}

// The node was reimaged, or deallocated: it is there, and its disk is another one.
TEST_F(FilesTest, WhatANodeHasLostIsReadFromWhatWasKept) {
  const auto lose = [this](bool deallocated) {
    files_.reachable = !deallocated;
    files_.error_code = "TaskFilesCleanedup";
  };
  for (const bool deallocated : {false, true}) {
    lose(deallocated);
    files_.keeps = true;
    EXPECT_EQ(whole(get("/jobs/j/tasks/t/files/stdout.txt")), "hello, yard");
    EXPECT_EQ(get("/jobs/j/tasks/t/files").body.at("value").as_array().size(), 3U);
    EXPECT_EQ(send("HEAD", "/jobs/j/tasks/t/files/stdout.txt", "").status, 200);
    EXPECT_EQ(get("/jobs/j/tasks/t/files/nothing").code(), "FileNotFound");
    EXPECT_EQ(files_.kept_asked.back().task.text(), "t");
    files_.keeps = false;
    EXPECT_EQ(get("/jobs/j/tasks/t/files/stdout.txt").code(),
              deallocated ? "TaskFilesUnavailable" : "TaskFilesCleanedup");
  }
}

TEST_F(FilesTest, NodesHaveFilesAndTheyAreDeleted) {
  const std::string node = bench_.nodes("p").front().text();
  EXPECT_EQ(whole(get("/pools/p/nodes/" + node + "/files/stdout.txt")), "hello, yard");
  EXPECT_EQ(send("DELETE", "/pools/p/nodes/" + node + "/files/stdout.txt?recursive=false").status,
            200);
  EXPECT_EQ(files_.asked.back().verb, protocol::FileVerb::remove);
}

}  // namespace
}  // namespace batchyard::service
