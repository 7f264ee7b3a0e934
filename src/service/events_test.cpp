// The event stream and views of the past, read as a client reads them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

class EventsTest : public ServiceTest {
 protected:
  // What the stream says until it has nothing more to say.
  std::string read(const Answer& answer) {
    std::string text;
    for (bool more = true; more;) {
      more = false;
      answer.response.source([&](Result<std::string> part) {
        if (!part || part->empty()) return;
        text += *part;
        more = true;
      });
    }
    return text;
  }
  std::string stream(const std::string& query, std::vector<HttpHeader> headers = {}) {
    const Answer answer = get("/batchyard/events?" + query, std::move(headers));
    EXPECT_EQ(answer.status, 200) << answer.response.body;
    EXPECT_EQ(answer.header("Content-Type"), "text/event-stream");
    return answer.status == 200 ? read(answer) : std::string();
  }
  void add_task(const std::string& job, const std::string& id) {
    ASSERT_EQ(
        post("/jobs/" + job + "/tasks", fmt::format(R"({{"id":"{}","commandLine":"true"}})", id))
            .status,
        201);
  }
};

TEST_F(EventsTest, EveryChangeIsTold) {
  add_pool("p", 0);
  add_job("j", "p");
  add_task("j", "t");
  const std::string text = stream("after=0&follow=false&entity=task/j/t");
  EXPECT_TRUE(text.starts_with("retry: 1000\n\n")) << text;
  EXPECT_NE(text.find("\nevent: TaskAdded\ndata: {\"time\":"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("entity":"task/j/t","kind":"task","jobId":"j","id":"t")"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("state":"active","by":"user")"), std::string::npos) << text;
  EXPECT_EQ(text.find("PoolAdded"), std::string::npos);
}

TEST_F(EventsTest, AReaderGoesOnAfterItsPosition) {
  add_pool("p", 0);
  const std::string newest = get("/batchyard/events?follow=false").header("Batchyard-Newest-Event");
  add_job("j", "p");
  const std::string by_query = stream("follow=false&after=" + newest);
  EXPECT_NE(by_query.find("JobAdded"), std::string::npos) << by_query;
  EXPECT_EQ(by_query.find("PoolAdded"), std::string::npos) << by_query;
  EXPECT_EQ(stream("follow=false", {{"Last-Event-ID", newest}}), by_query);
  // Without a position: from now on.
  EXPECT_EQ(stream("follow=false").find("data:"), std::string::npos);
}

TEST_F(EventsTest, FiltersTakeTheirOwn) {
  add_pool("p", 1);
  add_job("j", "p");
  add_job("j2", "p");
  add_task("j", "t");
  const auto events = [&](const std::string& query) {
    const std::string text = stream("after=0&follow=false&" + query);
    std::string kinds;
    for (std::size_t at = 0; (at = text.find("\"entity\":\"", at)) != std::string::npos; ++at) {
      const std::string name = text.substr(at + 10, text.find('"', at + 10) - at - 10);
      if (kinds.find(name + " ") == std::string::npos) kinds += name + " ";
    }
    return kinds;
  };
  EXPECT_EQ(events("job=J"), "job/j task/j/t ");
  EXPECT_EQ(events("kind=job"), "job/j job/j2 ");
  EXPECT_EQ(events("job=j&kind=task"), "task/j/t ");
  EXPECT_TRUE(events("pool=p").starts_with("pool/p node/p/tvmps")) << events("pool=p");
}

TEST_F(EventsTest, ALostPositionIsAnsweredWithTheOldestOneKept) {
  add_pool("p", 0);
  add_job("j", "p");
  bench_.store.trim_events(2);
  const Answer gone = get("/batchyard/events?after=1");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.code(), "EventsTrimmed");
  EXPECT_EQ(gone.detail("Oldest"), "3");
  EXPECT_NE(stream("after=0&follow=false").find("id: 3\n"), std::string::npos);
}

TEST_F(EventsTest, AReaderThatWasTooSlowIsTold) {
  add_pool("p", 0);
  const Answer answer = get("/batchyard/events?after=1&follow=false");
  bench_.store.trim_events(2);
  add_job("j", "p");
  const std::string text = read(answer);
  EXPECT_NE(text.find("event: EventsTrimmed\ndata: {\"oldest\":3"), std::string::npos) << text;
  EXPECT_EQ(text.find("JobAdded"), std::string::npos);
}

TEST_F(EventsTest, WhatCannotBeUnderstoodIsRefused) {
  for (const char* query :
       {"after=x", "after=-1", "after=99", "entity=task", "kind=thing", "kind=node&job=j"}) {
    const Answer answer = get(std::string("/batchyard/events?") + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.code(), "InvalidQueryParameterValue") << query;
  }
  EXPECT_EQ(get("/batchyard/events?since=3").code(), "UnsupportedQueryParameter");
  EXPECT_EQ(get("/batchyard/evens").code(), "InvalidUri");
  HttpRequest unsigned_request = request("GET", "/batchyard/events", "", {});
  EXPECT_EQ(handle(std::move(unsigned_request)).status, 403);
}

TEST_F(EventsTest, AFollowerWaitsForTheBell) {
  add_pool("p", 0);
  const Answer answer = get("/batchyard/events");
  std::vector<std::string> parts;
  const auto pull = [&] {
    answer.response.source([&](Result<std::string> part) { parts.push_back(part.value()); });
  };
  pull();
  pull();
  EXPECT_EQ(parts.size(), 1U);  // the greeting; then it waits
  ASSERT_EQ(bell_.waiting.size(), 1U);
  add_job("j", "p");
  bell_.wake(Woken::rung);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_NE(parts.back().find("JobAdded"), std::string::npos);
  pull();
  bell_.wake(Woken::time_is_up);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_TRUE(parts.back().starts_with(": heartbeat\nid: ")) << parts.back();
  pull();
  bell_.wake(Woken::ending);
  EXPECT_EQ(parts.back(), "");
}

// ---- the past ----

TEST_F(EventsTest, AnEntityIsShownAsItWas) {
  add_pool("p", 1);
  add_job("j", "p");
  add_task("j", "t");
  const Time started = bench_.now;
  const engine::StartRun run = bench_.take<engine::StartRun>().front();
  bench_.now += std::chrono::seconds(10);
  bench_.end(run, 0, 3);
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("PATCH", "/jobs/j", R"({"priority":7})").status, 200);

  const auto then = [&](const std::string& what, Time at) {
    return get("/batchyard/history/" + what + "?as-of=" + to_iso8601(at));
  };
  const Answer running = then("task/J/T", started);
  EXPECT_EQ(running.status, 200) << running.response.body;
  EXPECT_EQ(running.text("/state"), "running");
  EXPECT_EQ(running.text("/commandLine"), "true");
  EXPECT_EQ(running.text("/executionInfo/exitCode"), "(absent)");
  EXPECT_EQ(then("task/j/t", bench_.now).text("/executionInfo/exitCode"), "3");
  EXPECT_EQ(then("job/j", started).text("/priority"), "0");
  EXPECT_EQ(then("job/j", bench_.now).text("/priority"), "7");
  EXPECT_EQ(then("pool/p", started).text("/allocationState"), "steady");
  EXPECT_EQ(get("/batchyard/history/task/j/t?as-of=PT15S").text("/state"), "running");
  const Answer node = then("node/p/" + run.seats.front().node.text(), started);
  EXPECT_EQ(node.text("/state"), "running") << node.response.body;

  const Answer early = then("task/j/t", started - std::chrono::seconds(1));
  EXPECT_EQ(early.status, 404);
  EXPECT_EQ(early.code(), "EntityNotFoundThen");
}

TEST_F(EventsTest, WhatWasDeletedHasAPast) {
  add_pool("p", 0);
  add_job("j", "p");
  add_task("j", "waits");
  const Time before = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("DELETE", "/jobs/j").status, 202);
  const Answer task =
      get("/batchyard/history/task/j/waits?as-of=" + to_iso8601(before + std::chrono::seconds(5)));
  EXPECT_EQ(task.status, 200) << task.response.body;
  EXPECT_EQ(task.text("/state"), "active");
  EXPECT_EQ(get("/batchyard/history/job/j?as-of=" + to_iso8601(before)).text("/state"), "active");
  EXPECT_EQ(get("/batchyard/history/job/j?as-of=" + to_iso8601(bench_.now)).status, 404);
}

TEST_F(EventsTest, AScheduleIsShownAsItWas) {
  add_pool("p", 0);
  ASSERT_EQ(post("/jobschedules", R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},
      "jobSpecification":{"poolInfo":{"poolId":"p"},"priority":3}})")
                .status,
            201);
  const Time before = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("PATCH", "/jobschedules/s",
                 R"({"jobSpecification":{"poolInfo":{"poolId":"p"},"priority":7}})")
                .status,
            200);
  ASSERT_EQ(send("POST", "/jobschedules/s/disable").status, 204);
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("DELETE", "/jobschedules/s").status, 202);
  const Answer then = get("/batchyard/history/schedule/S?as-of=" + to_iso8601(before));
  EXPECT_EQ(then.status, 200) << then.response.body;
  EXPECT_EQ(then.text("/state"), "active");
  EXPECT_EQ(then.text("/jobSpecification/priority"), "3");
  EXPECT_EQ(then.text("/executionInfo/recentJob/id"), "s:job-1");
  EXPECT_NE(then.text("/odata.metadata").find("#jobschedules/@Element"), std::string::npos);
  const Answer later = get("/batchyard/history/schedule/s?as-of=PT5S");
  EXPECT_EQ(later.text("/state"), "disabled");
  EXPECT_EQ(later.text("/jobSpecification/priority"), "7");
  EXPECT_EQ(get("/batchyard/history/schedule/s?as-of=PT0S").code(), "EntityNotFoundThen");
}

TEST_F(EventsTest, AJobsPreparationIsShownAsItWas) {
  add_pool("p", 1);
  add_job("j", "p", R"(,"jobPreparationTask":{"commandLine":"a"},
                        "jobReleaseTask":{"commandLine":"b"})");
  add_task("j", "t");
  const engine::StartJobTask order = bench_.take<engine::StartJobTask>().at(0);
  const std::string path = "/batchyard/history/preparation/j/" + order.node.text() + "?as-of=";
  const Time preparing = bench_.now;
  bench_.now += std::chrono::seconds(10);
  bench_.report(order, protocol::StartTaskPhase::succeeded);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
  const Time prepared = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("POST", "/jobs/j/terminate").status, 202);
  bench_.report(bench_.take<engine::StartJobTask>().at(0), protocol::StartTaskPhase::failed);
  const Time released = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("DELETE", "/jobs/j").status, 202);

  const Answer first = get(path + to_iso8601(preparing));
  EXPECT_EQ(first.status, 200) << first.response.body;
  EXPECT_EQ(first.text("/nodeId"), order.node.text());
  EXPECT_EQ(first.text("/jobPreparationTaskExecutionInfo/state"), "running");
  const Answer second = get(path + to_iso8601(prepared));
  EXPECT_EQ(second.text("/jobPreparationTaskExecutionInfo/result"), "success");
  EXPECT_EQ(second.text("/jobReleaseTaskExecutionInfo"), "(absent)");
  const Answer third = get(path + to_iso8601(released));
  EXPECT_EQ(third.text("/jobReleaseTaskExecutionInfo/exitCode"), "1");
  EXPECT_EQ(get(path + to_iso8601(preparing - std::chrono::seconds(1))).code(),
            "EntityNotFoundThen");
  EXPECT_EQ(get(path + "PT0S").code(), "EntityNotFoundThen");
}

// A reimaged node has nothing of the job any more, until it is prepared anew.
TEST_F(EventsTest, APreparationOfAnEarlierDiskIsNotTheNextOnes) {
  add_pool("p", 1);
  add_job("j", "p", R"(,"jobPreparationTask":{"commandLine":"a"})");
  add_task("j", "t");
  const engine::StartJobTask order = bench_.take<engine::StartJobTask>().at(0);
  bench_.report(order, protocol::StartTaskPhase::failed);
  const Time failed = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("POST", "/pools/p/nodes/" + order.node.text() + "/reimage").status, 202);
  const std::string path = "/batchyard/history/preparation/j/" + order.node.text() + "?as-of=";
  const Answer before = get(path + to_iso8601(failed));
  EXPECT_EQ(before.text("/jobPreparationTaskExecutionInfo/result"), "failure");
  EXPECT_EQ(get(path + to_iso8601(bench_.now)).code(), "EntityNotFoundThen");
}

TEST_F(EventsTest, WhatTheAccountHasIsShownAsItWas) {
  const std::string thumbprint(40, 'a');
  ASSERT_TRUE(bench_.run(engine::AddCertificate{
      "sha1-" + thumbprint, R"({"publicData":"cA==","data":"c2VjcmV0","password":"s3cret"})"}));
  add_application("blender", "2.8");
  const Time before = bench_.now;
  bench_.now += std::chrono::seconds(10);
  ASSERT_EQ(send("PATCH", "/batchyard/applications/blender", R"({"displayName":"new"})").status,
            200);
  ASSERT_EQ(send("PATCH", "/batchyard/applications/blender", R"({"defaultVersion":""})").status,
            200);
  ASSERT_EQ(send("DELETE", "/batchyard/applications/blender/versions/2.8").status, 204);
  ASSERT_TRUE(bench_.run(engine::DeleteCertificate{"sha1-" + thumbprint}));
  const auto then = [&](const std::string& what, Time at) {
    return get("/batchyard/history/" + what + "?as-of=" + to_iso8601(at));
  };
  const Answer certificate = then("certificate/sha1-" + thumbprint, before);
  EXPECT_EQ(certificate.text("/state"), "active") << certificate.response.body;
  EXPECT_EQ(certificate.text("/publicData"), "cA==");
  EXPECT_FALSE(certificate.response.body.contains("s3cret"));
  EXPECT_FALSE(certificate.response.body.contains("c2VjcmV0"));
  EXPECT_EQ(then("certificate/sha1-" + thumbprint, bench_.now).code(), "EntityNotFoundThen");
  EXPECT_EQ(then("application/blender", before).text("/defaultVersion"), "2.8");
  EXPECT_EQ(then("application/blender", before).text("/displayName"), "(absent)");
  EXPECT_EQ(then("application/blender", bench_.now).text("/displayName"), "new");
  EXPECT_EQ(then("package/blender/2.8", before).text("/state"), "active");
  EXPECT_EQ(then("package/blender/2.8", bench_.now).code(), "EntityNotFoundThen");
}

TEST_F(EventsTest, AViewOfThePastSaysWhatItNeeds) {
  EXPECT_EQ(get("/batchyard/history/job/j?as-of=soon").code(), "InvalidQueryParameterValue");
  EXPECT_EQ(get("/batchyard/history/job").code(), "InvalidUri");
  EXPECT_EQ(get("/batchyard/history/thing/j?as-of=PT1S").code(), "InvalidUri");
}

}  // namespace
}  // namespace batchyard::service
