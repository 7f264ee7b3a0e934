// Orders that are nearly right: whatever the server says, the agent's core goes on; and so it does
// after a restart on what it has kept.
#include "node/node_test.h"
#include "protocol/codec.h"
#include "testing/mutator.h"

namespace batchyard::node {
namespace {

using batchyard::testing::Mutator;

constexpr std::uint64_t seeds = 40;
constexpr int frames_per_seed = 150;

std::vector<std::string> orders() {
  const auto spec = R"({"commandLine":"true","environmentSettings":[{"name":"A","value":"b"}],
      "resourceFiles":[{"httpUrl":"https://store.example/f","filePath":"f"}],
      "outputFiles":[{"filePattern":"*.txt","destination":{"container":{"containerUrl":
      "https://store.example/c"}},"uploadOptions":{"uploadCondition":"taskcompletion"}}],
      "constraints":{"maxWallClockTime":"PT5M","retentionTime":"PT1H","maxTaskRetryCount":2}})";
  std::vector<protocol::ToAgent> messages;
  messages.emplace_back(protocol::Welcome());
  messages.emplace_back(order(spec));
  messages.emplace_back(gang_order(spec, 0));
  messages.emplace_back(gang_order(spec, 1));
  protocol::RunStartTask start_task;
  start_task.generation = 1;
  start_task.spec = spec;
  messages.emplace_back(start_task);
  messages.emplace_back(protocol::EndRun{.key = order(spec).key});
  messages.emplace_back(protocol::Forget{.key = order(spec).key});
  messages.emplace_back(protocol::RunApplication{.key = order(spec).key});
  messages.emplace_back(protocol::ChangeRun{.key = order(spec).key});
  messages.emplace_back(protocol::SetUsers{{protocol::Account{.name = "ann"}}});
  protocol::RunJobTask job_task;
  job_task.job = JobId::trusted("job");
  job_task.spec = spec;
  messages.emplace_back(job_task);
  messages.emplace_back(protocol::ForgetJob{.job = JobId::trusted("job")});
  std::vector<std::string> frames;
  for (const protocol::ToAgent& message : messages) frames.push_back(protocol::encode(message));
  return frames;
}

// The world answers what the node asked of it.
void answer(Node& node, RememberedPorts& ports, Mutator& mutator, Time now) {
  const bool good = mutator.random().once_in(2);
  const Result<> outcome =
      good ? Result<>(Done()) : Result<>(fail(Kind::not_found, "BlobNotFound", "It is not there."));
  for (const FetchOrder& fetch : std::exchange(ports.fetches, {}))
    node.on_fetched(fetch.id, outcome, now);
  for (const UploadOrder& upload : std::exchange(ports.uploads, {}))
    node.on_uploaded(upload.id, outcome, now);
  for (const ProcessOrder& process : std::exchange(ports.started, {}))
    node.on_process_ended(process.id, exited(good ? 0 : 1), now);
}

TEST(OrderFuzz, WhateverIsOrderedTheNodeGoesOn) {
  int understood = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RememberedPorts ports;
    Mutator mutator(seed, orders());
    Time now = start;
    {
      Node node(Identity{}, ports);
      node.on_link(true, now);
      for (int at = 0; at < frames_per_seed; ++at) {
        const auto ordered = protocol::decode_to_agent(
            mutator.random().once_in(5) ? mutator.next() : mutator.next_bent());
        if (!ordered) continue;
        ++understood;
        node.on_message(*ordered, now);
        if (mutator.random().once_in(2)) answer(node, ports, mutator, now);
        now += std::chrono::seconds(mutator.random().below(60));
        node.tick(now);
        ports.sent.clear();
      }
    }
    // Its records, some of them damaged, are all that the next agent has.
    Node again(Identity{}, ports);
    for (const auto& [name, text] : std::map(ports.records))
      again.restore(name, mutator.random().once_in(3) ? mutator.changed(text) : text, now);
    again.resume({}, now);
    again.on_link(true, now);
    again.tick(now + std::chrono::hours(2));
    ASSERT_FALSE(protocol::encode(protocol::FromAgent(again.hello())).empty());
  }
  EXPECT_GT(understood, 2'000);
}

}  // namespace
}  // namespace batchyard::node
