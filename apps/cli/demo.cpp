#include "apps/cli/demo.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/run.h"
#include "apps/cli/terminal.h"
#include "apps/cli/up.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

void headline(std::string_view text) {
  fmt::print("\n{}\n", paint(text, Colour::bold));
}

// The example of the article: a pool of RDMA nodes with inter-node communication, one task slot and
// a start task.
json::value pool_body() {
  return {{"id", "hpc"},
          {"vmSize", "STANDARD_H16r"},
          {"virtualMachineConfiguration",
           {{"imageReference",
             {{"publisher", "OpenLogic"},
              {"offer", "CentOS-HPC"},
              {"sku", "7.4"},
              {"version", "latest"}}},
            {"nodeAgentSKUId", "batch.node.centos 7"}}},
          {"targetDedicatedNodes", 3},
          {"taskSlotsPerNode", 1},
          {"enableInterNodeCommunication", true},
          {"startTask",
           {{"commandLine",
             "/bin/sh -c 'mpirun --version | head -1 > $AZ_BATCH_NODE_SHARED_DIR/mpi && cat "
             "$AZ_BATCH_NODE_SHARED_DIR/mpi'"},
            {"userIdentity", {{"autoUser", {{"scope", "pool"}, {"elevationLevel", "admin"}}}}},
            {"waitForSuccess", true}}}};
}

json::value task_body(const std::string& program) {
  return {
      {"id", "mpi"},
      {"commandLine", fmt::format("/bin/sh -c 'mpirun -np 6 --map-by node {}'", program)},
      {"multiInstanceSettings",
       {{"numberOfInstances", 3},
        {"coordinationCommandLine",
         "/bin/sh -c 'echo coordinated on $(hostname) > $AZ_BATCH_TASK_SHARED_DIR/coordinated'"}}}};
}

Result<int> act(ApiClient& api, const std::string& program) {
  headline("A pool of three STANDARD_H16r nodes, whose start task must succeed");
  TRY(api.post("/pools", pool_body()));
  TRY(wait_for_nodes(api, "hpc", 3));
  headline("Its nodes");
  get(api, {"nodes", {"hpc"}, ""}, Output::table);
  headline("A multi-instance task: coordination on every node, then mpirun on the primary");
  TRY(api.post("/jobs", {{"id", "demo"}, {"poolInfo", {{"poolId", "hpc"}}}}));
  TRY(api.post("/jobs/demo/tasks", task_body(program)));
  const std::int64_t code = TRY(follow_task(api, "demo", "mpi"));
  headline(fmt::format("Exit code {}", code));
  get(api, {"tasks", {"demo"}, ""}, Output::table);
  return code == 0 ? ExitCode::done : ExitCode::failed;
}

}  // namespace

int demo(const DemoOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  server::ServerOptions wanted;
  std::string temporary = "/tmp/batchyard-demo-XXXXXX";
  if (options.data_dir.empty() && mkdtemp(temporary.data()) == nullptr)
    return report(Error{.kind = Kind::internal,
                        .code = {},
                        .message = "no directory can be made in /tmp",
                        .details = {},
                        .cause = {}});
  wanted.data_dir = options.data_dir.empty() ? temporary : options.data_dir;
  wanted.program = own_program();
  Result<std::unique_ptr<server::Server>> server = server::Server::start(wanted);
  if (!server) return report(server.error());
  headline("Batchyard is up: " + (*server)->endpoint());
  if (!(*server)->notice().empty()) fmt::print("{}\n", paint((*server)->notice(), Colour::yellow));
  ApiClient api(
      {(*server)->endpoint(), (*server)->account(), (*server)->key(), (*server)->ca_file()});
  const Result<int> outcome = act(api, options.mpi_program);
  const int code = outcome ? *outcome : report(outcome.error());
  headline(
      "Whatever speaks Azure Batch can use such a service. `batchyard up` starts one that stays, "
      "and prints lines like these:");
  fmt::print("endpoint  {}\naccount   {}\nkey       {}\n\n{}", (*server)->endpoint(),
             (*server)->account(), (*server)->key(), export_lines(**server));
  fmt::print("az batch pool list   # then, for example\n");
  (*server)->stop(true);
  if (options.data_dir.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(temporary, ignored);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  headline(fmt::format("The demo ended after {:.1f} seconds; nothing of it is left running.",
                       static_cast<double>(seconds.count()) / 1000));
  return code;
}

}  // namespace batchyard::cli
