#include "apps/cli/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/agent/agent.h"
#include "apps/cli/api_client.h"
#include "apps/cli/app.h"
#include "apps/cli/arguments.h"
#include "apps/cli/clock.h"
#include "apps/cli/completion.h"
#include "apps/cli/create.h"
#include "apps/cli/demo.h"
#include "apps/cli/doctor.h"
#include "apps/cli/events.h"
#include "apps/cli/exit_code.h"
#include "apps/cli/explain.h"
#include "apps/cli/extension_commands.h"
#include "apps/cli/fault_commands.h"
#include "apps/cli/identity_commands.h"
#include "apps/cli/image_commands.h"
#include "apps/cli/inspect.h"
#include "apps/cli/kinds.h"
#include "apps/cli/management_options.h"
#include "apps/cli/on_service.h"
#include "apps/cli/rule_commands.h"
#include "apps/cli/run.h"
#include "apps/cli/secrets_commands.h"
#include "apps/cli/storage_commands.h"
#include "apps/cli/up.h"

namespace batchyard::cli {

namespace {

constexpr const char* footer = R"(Examples:
  batchyard up --env-file batch.env      start a development service; then, elsewhere: . batch.env
  batchyard run --mpi -n3 mpirun /opt/a  run an MPI program over three nodes made for it
  batchyard get tasks myjob              list the tasks of a job
  batchyard logs -f myjob mytask         follow what a task writes
  batchyard explain task myjob mytask    why does it wait, and what would change that?
  batchyard doctor                       what can this machine do, and what is missing?

Exit codes: 0 done, 1 the task failed, 2 wrong usage, 3 the service refused, 4 no service answered, 5 timed out, 130 stopped by Ctrl-C.
Colours are left out when NO_COLOR is set or the output is no terminal.)";

// Everything that options are read into; lives as long as the parse and the command.
struct Words {
  Connection connection;
  std::string output = "table";
  std::string kind;
  std::vector<std::string> names;
  std::string as_of;
  EventsOptions events;
  ClockOptions clock;
  UpOptions up;
  std::string isolation = "auto";
  LogOptions logs;
  WaitOptions wait;
  std::int64_t timeout = 0;
  RunOptions run;
  agent::AgentOptions agent;
  DemoOptions demo;
  AppOptions app;
  std::string shell;
  int code = ExitCode::done;
};

// Names what a place takes, for completion; the command itself says what is wrong with another
// word.
CLI::Validator one_of(const std::string& words) {
  return {[](std::string&) { return std::string(); }, "{" + words + "}"};
}

// Runs a command that talks to a service.
void on_service(CLI::App& command, Words& words, std::function<int(ApiClient&)> action) {
  on_service(command, words.connection, words.code, std::move(action));
}

Output output_of(const Words& words) {
  return words.output == "json" ? Output::json : Output::table;
}

void add_service_options(CLI::App& command, Words& words) {
  command.add_option("--data-dir", words.up.server.data_dir,
                     "where everything is kept (default: " + default_data_dir() + ")");
  command.add_option("--key-file", words.up.server.key_file,
                     "what seals that directory; made at the first start (default: `key` in it)");
  command.add_option("--listen", words.up.listen, "HOST:PORT; port 0 takes a free one")
      ->capture_default_str();
  command.add_flag("--http", words.up.server.http, "plain HTTP, on loopback only");
  command.add_option("--env-file", words.up.env_file,
                     "write the variables for clients here once the service is ready");
  command.add_option("--account-name", words.up.server.account, "name of the Batch account")
      ->capture_default_str();
  command
      .add_option(
          "--auto-storage-url", words.up.server.auto_storage_url,
          "another storage for autoStorageContainerName and packages: a URL with an account's "
          "signature, or a connection string with its key")
      ->envname("BATCHYARD_AUTO_STORAGE_URL");
  command
      .add_option("--storage-listen", words.up.storage_listen,
                  "HOST:PORT of the built-in storage (docs/storage.md)")
      ->capture_default_str();
  command.add_flag("!--no-storage", words.up.server.storage.serves, "without the built-in storage");
  command.add_option("--allow-egress", words.up.egress,
                     "RANGE, again and again: addresses that the service itself may fetch from "
                     "beside public ones; private: all private networks and this machine");
  command.add_flag("--storage-fetches-private", words.up.fetches_private,
                   "the same as --allow-egress private");
  add_management_options(command, words.up);
  command.add_option("--isolation", words.isolation, "auto, namespaces or processes")
      ->check(CLI::IsMember({"auto", "namespaces", "processes"}))
      ->capture_default_str();
  command.add_option("--catalogue", words.up.server.catalogue,
                     "a file of sizes and images, laid over the built-in ones (docs/catalogue.md)");
  command.add_option("--gate", words.up.server.gate,
                     "a file of what nodes must have (docs/hardware.md)");
  command.add_flag("--install-drivers", words.up.server.install_drivers,
                   "nodes install the GPU and RDMA drivers that their sizes need and their images "
                   "lack (docs/extensions.md)");
  command.add_option("--faults", words.up.server.faults,
                     "a file of faults that pools get (docs/hardware.md)");
  command.add_option(
      "--quota", words.up.quotas,
      "NAME=NUMBER, again and again: at most so many pools, jobs, dedicated-cores or "
      "low-priority-cores; azure: what an account there has (docs/operate.md)");
  command.add_flag("--instant", words.up.server.instant,
                   "simulated nodes: tasks are acted out, no process is started (docs/testing.md)");
  command
      .add_option("--clock", words.up.clock,
                  "real, virtual[=START] or frozen[=START]: a clock that tests can move")
      ->capture_default_str();
}

void start_service(Words& words, bool development) {
  words.up.development = development;
  words.up.server.isolation = words.isolation == "namespaces"  ? fleet::Isolation::namespaces
                              : words.isolation == "processes" ? fleet::Isolation::processes
                                                               : fleet::Isolation::automatic;
  words.code = up(words.up);
}

void add_services(CLI::App& program, Words& words) {
  CLI::App* up_command = program.add_subcommand(
      "up", "a development service with nodes on this machine; ends with all of them");
  add_service_options(*up_command, words);
  up_command->callback([&words] { start_service(words, true); });
  CLI::App* serve =
      program.add_subcommand("serve", "the service; its nodes and their tasks go on when it ends");
  add_service_options(*serve, words);
  serve->callback([&words] { start_service(words, false); });

  CLI::App* agent_command = program.add_subcommand("agent", "a node's agent; the fleet starts it");
  agent::AgentOptions& agent_options = words.agent;
  agent_command
      ->add_option("--server", agent_options.server, "ws:// or wss:// URL of the service's link")
      ->required();
  agent_command->add_option("--ca-file", agent_options.ca_file,
                            "certificate authority of the service");
  agent_command->add_option("--pool", agent_options.pool, "pool id")->required();
  agent_command->add_option("--node", agent_options.node, "node id")->required();
  agent_command
      ->add_option("--token-file", agent_options.token_file, "what proves the node's identity")
      ->required();
  agent_command
      ->add_option("--incarnation", agent_options.incarnation,
                   "another one whenever the node starts anew")
      ->required();
  agent_command->add_option("--ip-address", agent_options.ip_address, "the node's address");
  agent_command->add_option("--host-name", agent_options.host_name, "the node's name");
  agent_command->add_option("--root-dir", agent_options.root_directory, "AZ_BATCH_NODE_ROOT_DIR")
      ->required();
  agent_command->add_option("--state-dir", agent_options.state_directory, "the agent's own files")
      ->required();
  agent_command
      ->add_option("--program-dir", agent_options.program_directory,
                   "where batchyard and batchyard-shim lie")
      ->required();
  agent_command->add_option("--network-namespace", agent_options.network_namespace,
                            "tasks enter it");
  agent_command->add_flag("--own-root", agent_options.own_root,
                          "tasks live in a root file system of the node's own");
  agent_command->add_option("--promise", agent_options.promise, "what the node's size has");
  agent_command->add_flag("--emulate", agent_options.emulates,
                          "show what the machine does not have as if it were there");
  agent_command->add_option("--gpus", agent_options.gpus, "all, or UUIDs with commas")
      ->capture_default_str();
  agent_command->add_option("--cgroup", agent_options.cgroup, "for groups of the node's tasks");
  agent_command->callback([&words] { words.code = agent::agent_main(words.agent); });
}

void add_events(CLI::App& program, Words& words) {
  CLI::App* command = program.add_subcommand("events", "every change, in order (docs/events.md)");
  command->add_flag("-f,--follow", words.events.follow, "go on with what changes from now on");
  command->add_option("--after", words.events.after,
                      "those after this position; 0: all that are kept");
  command->add_option("--entity", words.events.entity, "of one: task/JOB/TASK, pool/POOL…");
  command->add_option("--kind", words.events.kind, "pool, node, job, task…");
  command->add_option("--job", words.events.job, "of a job and its tasks");
  command->add_option("--pool", words.events.pool, "of a pool and its nodes");
  command->add_option("-o,--output", words.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  on_service(*command, words,
             [&words](ApiClient& api) { return events(api, words.events, output_of(words)); });
}

void add_clock(CLI::App& program, Words& words) {
  CLI::App* command =
      program.add_subcommand("clock", "the clock of the service; move it (docs/testing.md)");
  command->add_option("--advance", words.clock.advance, "so far on: PT15M");
  command->add_option("--to", words.clock.to, "on to an instant: 2026-11-24T09:15:02Z")
      ->excludes("--advance");
  on_service(*command, words, [&words](ApiClient& api) { return clock(api, words.clock); });
}

// The application's id and, where `version` says so, a version of it.
CLI::App* add_app_verb(CLI::App& parent, Words& words, const char* name, const char* help,
                       bool version) {
  CLI::App* verb = parent.add_subcommand(name, help);
  verb->add_option("id", words.app.id, "the application")->required();
  if (version) verb->add_option("version", words.app.version, "of its package")->required();
  return verb;
}

void add_app_settings(CLI::App& verb, Words& words) {
  verb.add_option("--display-name", words.app.display_name, "for people");
  verb.add_option("--allow-updates", words.app.allow_updates,
                  "true or false: whether packages may be replaced and deleted");
}

void add_apps(CLI::App& program, Words& words) {
  CLI::App* parent = program.add_subcommand(
      "app", "applications and their packages, for pools and tasks that refer to them");
  parent->require_subcommand(1);
  CLI::App* create =
      add_app_verb(*parent, words, "create", "an application without packages", false);
  add_app_settings(*create, words);
  on_service(*create, words, [&words](ApiClient& api) { return create_app(api, words.app); });
  CLI::App* upload = add_app_verb(*parent, words, "upload",
                                  "a zip archive as a package, active at once; the application is "
                                  "made if need be",
                                  true);
  upload->add_option("file", words.app.file, "the archive")->required();
  add_app_settings(*upload, words);
  upload->add_flag("!--no-activate", words.app.activates, "leave it pending");
  on_service(*upload, words, [&words](ApiClient& api) { return upload_app(api, words.app); });
  CLI::App* activate =
      add_app_verb(*parent, words, "activate", "a package that was uploaded", true);
  on_service(*activate, words, [&words](ApiClient& api) { return activate_app(api, words.app); });
  CLI::App* set = add_app_verb(*parent, words, "set", "change an application", false);
  add_app_settings(*set, words);
  set->add_option("--default-version", words.app.default_version,
                  "of references that name none; \"\" for none");
  on_service(*set, words, [&words](ApiClient& api) { return set_app(api, words.app); });
  CLI::App* remove =
      add_app_verb(*parent, words, "delete", "a package, or an application without any", false);
  remove->add_option("version", words.app.version, "of the package");
  on_service(*remove, words, [&words](ApiClient& api) { return delete_app(api, words.app); });
  CLI::App* list = parent->add_subcommand("list", "all applications");
  CLI::App* show = add_app_verb(*parent, words, "show", "an application and its packages", false);
  for (CLI::App* verb : {list, show})
    verb->add_option("-o,--output", words.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  on_service(*list, words, [&words](ApiClient& api) { return list_apps(api, output_of(words)); });
  on_service(*show, words,
             [&words](ApiClient& api) { return show_app(api, words.app, output_of(words)); });
}

void add_inspection(CLI::App& program, Words& words) {
  for (const bool list : {true, false}) {
    CLI::App* command =
        program.add_subcommand(list ? "get" : "describe",
                               list ? "pools, nodes POOL, jobs, tasks JOB and others: list them or "
                                      "show one"
                                    : "everything about one pool, node, job, task or other thing");
    command->add_option("kind", words.kind, "in the plural or in the singular")
        ->required()
        ->check(one_of(list ? plural_kinds() : singular_kinds()));
    command->add_option("names", words.names, "the pool, job or application, and one entity");
    command->add_option("-o,--output", words.output, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
    command->add_option("--as-of", words.as_of,
                        "one entity as it was: 2026-11-23T09:15:02Z, or PT10M for so long ago");
    on_service(*command, words, [&words, list](ApiClient& api) {
      const Sight sight{words.kind, words.names, words.as_of};
      return list ? get(api, sight, output_of(words)) : describe(api, sight, output_of(words));
    });
  }
  CLI::App* explain_command = program.add_subcommand(
      "explain",
      "why a pool, node, job, task or schedule is in its state, and what would change it");
  explain_command->add_option("kind", words.kind, "pool, node, job, task or schedule")
      ->required()
      ->check(one_of("pool,node,job,task,schedule"));
  explain_command->add_option("names", words.names, "the pool or job, and the entity")->required();
  explain_command->add_option("-o,--output", words.output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  on_service(*explain_command, words, [&words](ApiClient& api) {
    return explain(api, words.kind, words.names, output_of(words));
  });
  add_events(program, words);
  add_clock(program, words);
  CLI::App* logs_command = program.add_subcommand("logs", "what a task wrote");
  logs_command->add_option("job", words.logs.job)->required();
  logs_command->add_option("task", words.logs.task)->required();
  logs_command
      ->add_option("--file", words.logs.file, "stdout.txt, stderr.txt or another file of the task")
      ->capture_default_str();
  logs_command->add_flag("-f,--follow", words.logs.follow, "until the task ends");
  on_service(*logs_command, words, [&words](ApiClient& api) { return logs(api, words.logs); });

  CLI::App* wait_command = program.add_subcommand(
      "wait", "until a pool is steady, a node idle, a job or task completed");
  wait_command->add_option("kind", words.wait.kind, "pool, node, job, task or schedule")
      ->required()
      ->check(one_of("pool,node,job,task,schedule"));
  wait_command->add_option("names", words.wait.names)->required();
  wait_command->add_option("--state", words.wait.state, "another state to wait for");
  wait_command->add_option("--timeout", words.timeout, "seconds; 0: for ever")
      ->capture_default_str();
  on_service(*wait_command, words, [&words](ApiClient& api) {
    words.wait.timeout = std::chrono::seconds(words.timeout);
    return wait(api, words.wait);
  });
}

void add_running(CLI::App& program, Words& words) {
  CLI::App* run_command =
      program.add_subcommand("run", "one command on N nodes of a pool made for it");
  run_command->add_option("-n,--nodes", words.run.nodes, "nodes")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  run_command->add_flag("--mpi", words.run.mpi,
                        "one multi-instance task over all nodes: mpirun works without ssh");
  run_command->add_option("--size", words.run.vm_size, "machine size of the nodes");
  run_command->add_option("--coordination", words.run.coordination, "coordination command of --mpi")
      ->capture_default_str();
  run_command->add_option("--pool", words.run.pool, "an existing pool instead");
  run_command->add_flag("--keep", words.run.keep, "leave pool and job");
  run_command->add_option("command", words.run.command, "the command and its arguments")
      ->required();
  run_command->positionals_at_end();
  run_command->prefix_command(false);
  on_service(*run_command, words, [&words](ApiClient& api) { return run(api, words.run); });

  CLI::App* demo_command =
      program.add_subcommand("demo", "a real MPI program over three nodes, from start to result");
  demo_command
      ->add_option("--mpi-program", words.demo.mpi_program,
                   "an MPI program that prints a line per rank")
      ->required();
  demo_command->add_option("--data-dir", words.demo.data_dir,
                           "where the demo's service keeps its files");
  demo_command->callback([&words] { words.code = demo(words.demo); });
}

}  // namespace

int commands_main(int argument_count, char** arguments) {
  leave_signals_to_who_waits(argument_count, arguments);

  Words words;
  CLI::App program{"Batchyard: Azure Batch on your own machines, for compute-intensive work.",
                   "batchyard"};
  program.set_version_flag("--version", "batchyard 0.1.0");
  program.require_subcommand(1);
  program.footer(footer);
  add_services(program, words);
  program.add_subcommand("doctor", "what this machine can do for a pool, and what is missing")
      ->callback([&words] { words.code = doctor(); });
  add_inspection(program, words);
  add_running(program, words);
  add_apps(program, words);
  add_create_command(program, words.code);
  add_storage_commands(program, words.code);
  add_fault_commands(program, words.code);
  add_account_commands(program, words.code);
  add_identity_commands(program, words.code);
  add_secrets_commands(program, words.code);
  add_image_commands(program, words.code);
  add_extension_commands(program, words.code);
  add_rule_commands(program, words.code);
  CLI::App* completion = program.add_subcommand(
      "completion", "a completion script: eval \"$(batchyard completion bash)\"");
  completion->add_option("shell", words.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback(
      [&words, &program] { fmt::print("{}", completion_script(words.shell, program)); });
  try {
    program.parse(take_arguments(argument_count, arguments));
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? ExitCode::done : ExitCode::usage;
  }
  return words.code;
}

}  // namespace batchyard::cli
