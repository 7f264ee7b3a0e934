// Output files in the node's core: when they go, when they must not, and what an agent that was
// started again makes of them.
#include <gtest/gtest.h>

#include "node/node_test.h"

namespace batchyard::node {
namespace {

using namespace std::chrono_literals;
using protocol::RunPhase;

std::string spec_with(const std::string& condition) {
  return R"({"commandLine":"program","constraints":{"maxWallClockTime":"PT10S"},"outputFiles":[)"
         R"({"filePattern":"../std*.txt","destination":{"container":{"containerUrl":"http://s/c?sig=x",)"
         R"("path":"logs","uploadHeaders":[{"name":"x-ms-meta-a","value":"b"}]}},)"
         R"("uploadOptions":{"uploadCondition":")" +
         condition + R"("}}]})";
}

class OutputsTest : public ::testing::Test {
 protected:
  OutputsTest() : node_(Identity{}, ports_) { node_.on_link(true, start); }

  // Runs the command to its end.
  void run(const std::string& condition, std::int32_t code) {
    node_.on_message(order(spec_with(condition)), start);
    node_.on_process_ended(ports_.started.at(0).id, exited(code), start + 1s);
  }
  void permit() { node_.on_message(protocol::MayUpload{order("").key}, start + 2s); }

  RememberedPorts ports_;
  Node node_;
};

TEST_F(OutputsTest, FilesGoWhenTheServerAllowsItAndTheEndIsToldAfterwards) {
  run("taskcompletion", 0);
  EXPECT_EQ(ports_.count<protocol::UploadWanted>(), 1U);
  EXPECT_TRUE(ports_.uploads.empty());
  EXPECT_TRUE(ports_.ends().empty());
  permit();
  permit();
  ASSERT_EQ(ports_.uploads.size(), 1U);
  const UploadOrder& upload = ports_.uploads[0];
  EXPECT_EQ(upload.directory, "workitems/job/job-1/task");
  ASSERT_EQ(upload.outputs.size(), 1U);
  EXPECT_EQ(upload.outputs[0].pattern, "../std*.txt");
  EXPECT_EQ(upload.outputs[0].container_url, "http://s/c?sig=x");
  EXPECT_EQ(upload.outputs[0].path, "logs");
  EXPECT_EQ(upload.outputs[0].headers.at(0).name, "x-ms-meta-a");
  node_.on_uploaded(upload.id, Done(), start + 3s);
  ASSERT_EQ(ports_.ends().size(), 1U);
  EXPECT_EQ(ports_.ends()[0].exit_code, 0);
  EXPECT_FALSE(ports_.ends()[0].failure);
}

TEST_F(OutputsTest, TheConditionDecides) {
  struct Case {
    const char* condition;
    std::int32_t code;
    bool goes;
  };
  for (const Case& one :
       {Case{"tasksuccess", 0, true}, Case{"tasksuccess", 1, false}, Case{"TaskFailure", 0, false},
        Case{"taskfailure", 1, true}, Case{"taskcompletion", 1, true}}) {
    RememberedPorts ports;
    Node node(Identity{}, ports);
    node.on_message(order(spec_with(one.condition)), start);
    node.on_process_ended(ports.started.at(0).id, exited(one.code), start);
    EXPECT_EQ(ports.count<protocol::UploadWanted>(), one.goes ? 1U : 0U)
        << one.condition << one.code;
    EXPECT_EQ(ports.ends().size(), one.goes ? 0U : 1U) << one.condition << one.code;
  }
}

TEST_F(OutputsTest, ATaskWithoutOutputFilesAsksNothing) {
  node_.on_message(order(R"({"commandLine":"program"})"), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  EXPECT_EQ(ports_.sent.size(), 1U);
}

TEST_F(OutputsTest, AFailedUploadFailsTheTaskAndAnExitCodeBeatsIt) {
  for (const std::int32_t code : {0, 3}) {
    RememberedPorts ports;
    Node node(Identity{}, ports);
    node.on_message(order(spec_with("taskcompletion")), start);
    node.on_process_ended(ports.started.at(0).id, exited(code), start);
    node.on_message(protocol::MayUpload{order("").key}, start);
    node.on_uploaded(ports.uploads.at(0).id,
                     fail(Kind::forbidden, "FileUploadAccessDenied", "no", {{"FilePath", "a"}}),
                     start);
    ASSERT_EQ(ports.ends().size(), 1U);
    ASSERT_TRUE(ports.ends()[0].failure);
    EXPECT_EQ(ports.ends()[0].exit_code, code);
    EXPECT_EQ(ports.ends()[0].failure->code,
              code == 0 ? "FileUploadAccessDenied" : "FailureExitCode");
    if (code == 0) {
      EXPECT_EQ(ports.ends()[0].failure->details.at(0).value, "a");
    }
  }
}

TEST_F(OutputsTest, ACommandThatCouldNotBeStartedLeavesNothingToUpload) {
  node_.on_message(order(spec_with("taskcompletion")), start);
  ProcessEnd end;
  end.error = 2;
  end.not_found = true;
  node_.on_process_ended(ports_.started.at(0).id, end, start);
  EXPECT_EQ(ports_.count<protocol::UploadWanted>(), 0U);
  EXPECT_EQ(ports_.ends().size(), 1U);
}

TEST_F(OutputsTest, WhatTheServerHasEndedUploadsNothing) {
  node_.on_message(order(spec_with("taskcompletion")), start);
  node_.on_message(
      protocol::EndRun{.key = order("").key, .failure = protocol::Failure{.code = "TaskEnded"}},
      start);
  node_.on_process_ended(ports_.started.at(0).id, exited(143), start);
  EXPECT_EQ(ports_.count<protocol::UploadWanted>(), 0U);
  EXPECT_EQ(ports_.ends().size(), 1U);
}

TEST_F(OutputsTest, AStaleAttemptUploadsNothing) {
  node_.on_message(order(spec_with("taskcompletion"), 1), start);
  node_.on_message(order(spec_with("taskcompletion"), 2), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  EXPECT_EQ(ports_.count<protocol::UploadWanted>(), 0U);
}

TEST_F(OutputsTest, WhatRanTooLongStillUploads) {
  node_.on_message(order(spec_with("taskfailure")), start);
  node_.tick(start + 10s);
  ASSERT_EQ(ports_.ended.size(), 1U);
  ProcessEnd killed;
  killed.signal = 15;
  node_.on_process_ended(ports_.started.at(0).id, killed, start + 10s);
  permit();
  ASSERT_EQ(ports_.uploads.size(), 1U);
  node_.tick(start + 1h);
  EXPECT_TRUE(ports_.uploads_ended.empty());
  node_.on_uploaded(ports_.uploads[0].id, Done(), start + 1h);
  EXPECT_EQ(ports_.ends().at(0).failure->code, "TaskEnded");
}

TEST_F(OutputsTest, AnEndDuringTheUploadCallsItOff) {
  run("taskcompletion", 0);
  permit();
  node_.on_message(
      protocol::EndRun{.key = order("").key, .failure = protocol::Failure{.code = "TaskEnded"}},
      start + 3s);
  EXPECT_EQ(ports_.uploads_ended.size(), 1U);
  EXPECT_TRUE(ports_.ends().empty());
  node_.on_uploaded(ports_.uploads.at(0).id, fail(Kind::busy, "FileUploadMiscError", ""),
                    start + 3s);
  ASSERT_EQ(ports_.ends().size(), 1U);
  EXPECT_EQ(ports_.ends()[0].failure->code, "TaskEnded");
  EXPECT_EQ(ports_.ends()[0].exit_code, 0);
}

TEST_F(OutputsTest, WithoutALinkForLongItStopsAndAsksAgain) {
  run("taskcompletion", 0);
  permit();
  node_.on_link(false, start + 2s);
  EXPECT_EQ(node_.next_deadline(), start + 2s + 4min);
  node_.tick(start + 4min);
  EXPECT_TRUE(ports_.uploads_ended.empty());
  node_.tick(start + 4min + 2s);
  node_.tick(start + 4min + 3s);
  EXPECT_EQ(ports_.uploads_ended.size(), 1U);
  node_.on_uploaded(ports_.uploads.at(0).id, fail(Kind::busy, "FileUploadMiscError", ""),
                    start + 4min + 3s);
  EXPECT_TRUE(ports_.ends().empty());
  node_.on_link(true, start + 5min);
  ASSERT_EQ(node_.hello().runs.size(), 1U);
  EXPECT_EQ(node_.hello().runs[0].phase, RunPhase::uploading);
  permit();
  EXPECT_EQ(ports_.uploads.size(), 2U);
}

TEST_F(OutputsTest, TheNextAgentAsksAgain) {
  run("taskcompletion", 0);
  permit();
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  next.resume({}, start);
  EXPECT_TRUE(ports.started.empty());
  ASSERT_EQ(next.hello().runs.size(), 1U);
  EXPECT_EQ(next.hello().runs[0].phase, RunPhase::uploading);
  next.on_message(protocol::MayUpload{order("").key}, start + 5s);
  ASSERT_EQ(ports.uploads.size(), 1U);
  next.on_uploaded(ports.uploads[0].id, Done(), start + 6s);
  EXPECT_EQ(ports.ends().at(0).exit_code, 0);
}

}  // namespace
}  // namespace batchyard::node
