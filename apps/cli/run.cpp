#include "apps/cli/run.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <thread>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/terminal.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "edge/clock/clock.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

// "NC6 Standard" is what a person may write; the service refuses what it cannot be.
std::string size_as_written(const std::string& text) {
  const Size* size = Catalogue::built_in().size_meant(text);
  return size == nullptr ? text : size->name;
}

constexpr std::chrono::milliseconds run_poll_interval{100};

std::string string_member(const json::value& entity, std::string_view name) {
  const json::value* member = entity.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                  : std::string();
}

volatile sig_atomic_t interrupted = 0;

// While it lives, Ctrl-C ends what waits here in order, so that what was made is taken back.
class Interruptible {
 public:
  Interruptible() {
    interrupted = 0;
    struct sigaction action{};
    action.sa_handler = [](int) { interrupted = 1; };
    action.sa_flags = SA_RESETHAND;  // a second one ends the program
    for (const int number : numbers) sigaction(number, &action, nullptr);
  }
  ~Interruptible() {
    for (const int number : numbers) signal(number, SIG_DFL);
  }

 private:
  static constexpr int numbers[] = {SIGINT, SIGTERM};
};

Result<> pause_between_looks() {
  std::this_thread::sleep_for(run_poll_interval);
  if (interrupted != 0)
    return fail(Kind::conflict, "Stopped", "by a signal; what was made for the run is taken back");
  return Done();
}

// A word as the command line's splitter reads it back.
std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\n\"'\\$`&|;<>()*?") == std::string::npos)
    return word;
  std::string text = "'";
  for (const char letter : word)
    text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return text + "'";
}

std::string command_line(const std::vector<std::string>& words) {
  if (words.size() == 1) return words.front();
  std::vector<std::string> parts;
  for (const std::string& word : words) parts.push_back(quoted(word));
  return join(parts, " ");
}

json::value pool_body(const std::string& id, const RunOptions& options) {
  const std::string size = !options.vm_size.empty() ? size_as_written(options.vm_size)
                           : options.mpi            ? "STANDARD_H16r"
                                                    : "STANDARD_D2s_v3";
  const json::value image = options.mpi ? json::value{{"publisher", "OpenLogic"},
                                                      {"offer", "CentOS-HPC"},
                                                      {"sku", "7.4"},
                                                      {"version", "latest"}}
                                        : json::value{{"publisher", "canonical"},
                                                      {"offer", "0001-com-ubuntu-server-jammy"},
                                                      {"sku", "22_04-lts"},
                                                      {"version", "latest"}};
  return {{"id", id},
          {"vmSize", size},
          {"virtualMachineConfiguration",
           {{"imageReference", image},
            {"nodeAgentSKUId", options.mpi ? "batch.node.centos 7" : "batch.node.ubuntu 22.04"}}},
          {"targetDedicatedNodes", options.nodes},
          {"taskSlotsPerNode", 1},
          {"enableInterNodeCommunication", options.mpi}};
}

json::value task_body(const std::string& id, const RunOptions& options) {
  json::object task{{"id", id}, {"commandLine", command_line(options.command)}};
  if (options.mpi)
    task["multiInstanceSettings"] = {{"numberOfInstances", options.nodes},
                                     {"coordinationCommandLine", options.coordination}};
  return task;
}

std::string first_trouble(const json::value& node) {
  const json::value* errors = node.as_object().if_contains("errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  return string_member(errors->get_array().front(), "message");
}

// Takes back what the run made, also when it ends early.
class Cleanup {
 public:
  Cleanup(ApiClient& api, bool keep) : api_(api), keep_(keep) {}
  ~Cleanup() {
    if (keep_) return;
    for (const std::string& path : paths_) static_cast<void>(api_.remove(path));
  }
  void add(std::string path) { paths_.push_back(std::move(path)); }

 private:
  ApiClient& api_;
  bool keep_;
  std::vector<std::string> paths_;
};

Result<int> run_tasks(ApiClient& api, const RunOptions& options, const std::string& job) {
  const std::int32_t count = options.mpi ? 1 : options.nodes;
  for (std::int32_t number = 1; number <= count; ++number)
    TRY(api.post("/jobs/" + job + "/tasks", task_body(fmt::format("task-{}", number), options)));
  int code = ExitCode::done;
  for (std::int32_t number = 1; number <= count; ++number) {
    if (count > 1) fmt::print("{}\n", paint(fmt::format("--- task-{}", number), Colour::dim));
    if (TRY(follow_task(api, job, fmt::format("task-{}", number))) != 0) code = ExitCode::failed;
  }
  return code;
}

}  // namespace

Result<> wait_for_nodes(ApiClient& api, const std::string& pool, std::int32_t nodes) {
  ProgressLine progress;
  while (true) {
    const json::value entity = TRY(api.get("/pools/" + pool));
    const json::array list = TRY(api.list("/pools/" + pool + "/nodes"));
    std::map<std::string, int> states;
    std::int32_t ready = 0;
    for (const json::value& node : list) {
      const std::string state = string_member(node, "state");
      ++states[state];
      ready += state == "idle" || state == "running";
      if (state == "starttaskfailed" || state == "unusable") {
        progress.end();
        return fail(Kind::conflict, "NodeFailed",
                    fmt::format("node {} is {}: {}", string_member(node, "id"), state,
                                first_trouble(node)));
      }
    }
    std::string line = fmt::format("pool {}: {}", pool, string_member(entity, "allocationState"));
    for (const auto& [state, count] : states) line += fmt::format(", {} {}", count, state);
    progress.show(line);
    const bool steady = string_member(entity, "allocationState") == "steady";
    if (steady && ready >= nodes) return Done();
    const json::value* errors = entity.as_object().if_contains("resizeErrors");
    if (steady && errors != nullptr && errors->is_array() && !errors->get_array().empty()) {
      progress.end();
      return fail(Kind::conflict, string_member(errors->get_array().front(), "code"),
                  string_member(errors->get_array().front(), "message"));
    }
    if (steady && std::ssize(list) < nodes) {
      progress.end();
      return fail(
          Kind::conflict, "TooFewNodes",
          fmt::format("pool {} has {} nodes, and {} are wanted: resize it, or ask for fewer", pool,
                      list.size(), nodes));
    }
    TRY(pause_between_looks());
  }
}

Result<std::int64_t> follow_task(ApiClient& api, const std::string& job, const std::string& task) {
  const std::string path = "/jobs/" + job + "/tasks/" + task;
  std::uint64_t offset = 0;
  while (true) {
    const json::value entity = TRY(api.get(path));
    const std::string state = string_member(entity, "state");
    if (state != "active") {
      const Result<std::string> part = api.read_file(path + "/files/stdout.txt", offset);
      if (part) {
        std::fwrite(part->data(), 1, part->size(), stdout);
        std::fflush(stdout);
        offset += part->size();
      }
    }
    if (state == "completed") {
      const json::object& info = entity.at("executionInfo").as_object();
      if (const json::value* failure = info.if_contains("failureInfo")) {
        fmt::print(
            stderr, "{}\n",
            paint(fmt::format("task {} failed: {}: {}", task, string_member(*failure, "code"),
                              string_member(*failure, "message")),
                  Colour::red));
        if (const Result<std::string> complaint = api.read_file(path + "/files/stderr.txt", 0))
          std::fwrite(complaint->data(), 1, complaint->size(), stderr);
      }
      const json::value* code = info.if_contains("exitCode");
      return code != nullptr && code->is_number() ? code->to_number<std::int64_t>() : -1;
    }
    TRY(pause_between_looks());
  }
}

static int run_on_nodes(ApiClient& api, const RunOptions& options) {
  const std::string id =
      fmt::format("run-{}-{}", edge::now().time_since_epoch().count() / 1000, getpid());
  Cleanup cleanup(api, options.keep);
  std::string pool = options.pool;
  if (pool.empty()) {
    pool = id;
    if (const Result<json::value> added = api.post("/pools", pool_body(pool, options)); !added)
      return report(added.error());
  }
  cleanup.add("/jobs/" + id);
  if (options.pool.empty()) cleanup.add("/pools/" + pool);
  if (const Result<> ready = wait_for_nodes(api, pool, options.nodes); !ready)
    return report(ready.error());
  if (const Result<json::value> added =
          api.post("/jobs", {{"id", id}, {"poolInfo", {{"poolId", pool}}}});
      !added)
    return report(added.error());
  const Result<int> code = run_tasks(api, options, id);
  if (options.keep) fmt::print(stderr, "kept: pool {}, job {}\n", pool, id);
  return code ? *code : report(code.error());
}

int run(ApiClient& api, const RunOptions& options) {
  const Interruptible until_cleaned_up;
  const int code = run_on_nodes(api, options);
  return interrupted != 0 ? static_cast<int>(ExitCode::stopped) : code;
}

}  // namespace batchyard::cli
