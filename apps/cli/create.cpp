#include "apps/cli/create.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/on_service.h"
#include "base/text.h"
#include "edge/definition/definition_text.h"
#include "preflight/document.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr const char* create_footer = R"(Examples:
  batchyard create pool.json job.json            files as `az batch … --json-file` takes them
  batchyard create --job render tasks.json       one task, or a list of them
  batchyard create --id p main.yaml              YAML, ARM templates and those of the Batch CLI are known, too

What a file is, its members say: tasks have a commandLine, jobs a poolInfo, schedules a jobSpecification; anything else
has to be a pool. Exit codes: 0 all is made, 2 a file cannot be read or used, 3 the service refused.)";

struct CreateWords {
  Connection connection;
  std::vector<std::string> files;
  std::string id;
  std::string job;
};

// What is to be posted where.
struct Making {
  std::string kind;
  std::string path;
  json::object body;
};

std::unexpected<Error> unusable(const std::string& file, std::string_view why) {
  return fail(Kind::invalid, "", fmt::format("{}: {}", file, why));
}

Result<std::string> whole(const std::string& name) {
  std::ostringstream text;
  if (name == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(name, std::ios::binary);
  if (!file || !(text << file.rdbuf())) return unusable(name, "it cannot be read");
  return text.str();
}

// An expression whose value nobody knows, anywhere in it.
bool has_expression(const json::value& value) {
  if (preflight::is_expression(value)) return true;
  if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      if (has_expression(member.value())) return true;
    }
  }
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) {
      if (has_expression(one)) return true;
    }
  }
  return false;
}

// The last version that has Cloud Services, and licences by use.
const char* const last_with_cloud_services = "/pools?api-version=2024-02-01.19.0";

Result<> add_pools(const std::string& file, const json::value& document,
                   std::vector<Making>& makings) {
  const std::vector<preflight::FoundPool> pools = preflight::pools_in(document, {});
  if (pools.empty())
    return unusable(file, "it has no pool, job, schedule or task (batchyard create --help)");
  for (const preflight::FoundPool& found : pools) {
    if (found.form == "Batch Shipyard")
      return unusable(file,
                      "Batch Shipyard prepares the nodes of its pools itself, and nothing here "
                      "does that: write the pool with a start task and container settings");
    if (!found.left_out.empty())
      return unusable(file, fmt::format("the Batch CLI replaces {} before it sends the pool, and "
                                        "nothing here does that: write what the API has",
                                        found.left_out.front()));
    if (has_expression(found.pool))
      return unusable(file, "a parameter of the template has no default value");
    json::object pool = found.pool;
    // What was called otherwise before API version 2020-09-01.
    if (const json::value* slots = pool.if_contains("maxTasksPerNode")) {
      json::value count = *slots;
      pool.erase("maxTasksPerNode");
      pool.emplace("taskSlotsPerNode", std::move(count));
    }
    const bool is_of_old =
        pool.contains("cloudServiceConfiguration") || pool.contains("applicationLicenses");
    makings.push_back({"pool", is_of_old ? last_with_cloud_services : "/pools", std::move(pool)});
  }
  return Done();
}

Result<> add_file(const std::string& file, const CreateWords& words, std::vector<Making>& makings) {
  Result<edge::DefinitionText> read = edge::read_definition(TRY(whole(file)));
  if (!read) return unusable(file, read.error().message);
  const json::value& document = read->value;
  const bool is_list = document.is_array() && !document.get_array().empty();
  const json::value& first = is_list ? document.get_array().front() : document;
  const json::object* members = first.if_object();
  const auto has = [&](std::string_view name) {
    return members != nullptr && members->contains(name);
  };
  if (!has("commandLine") && !has("poolInfo") && !has("jobSpecification"))
    return add_pools(file, document, makings);
  const char* kind = has("commandLine") ? "task" : has("poolInfo") ? "job" : "schedule";
  if (has("commandLine") && words.job.empty())
    return unusable(file, "tasks belong to a job: give --job JOB");
  const std::string path = has("commandLine") ? "/jobs/" + percent_encode(words.job) + "/tasks"
                           : has("poolInfo")  ? "/jobs"
                                              : "/jobschedules";
  const auto add = [&](const json::value& one) -> Result<> {
    if (!one.is_object()) return unusable(file, "each element of the list has to be an object");
    makings.push_back({kind, path, one.get_object()});
    return Done();
  };
  if (!is_list) return add(document);
  for (const json::value& one : document.get_array()) TRY(add(one));
  return Done();
}

int create(ApiClient& api, const CreateWords& words) {
  std::vector<Making> makings;
  for (const std::string& file : words.files) {
    if (const Result<> added = add_file(file, words, makings); !added)
      return report(added.error()), ExitCode::usage;
  }
  if (!words.id.empty()) {
    if (makings.size() != 1) {
      fmt::print(stderr, "batchyard: --id names one thing, and the files have {}\n",
                 makings.size());
      return ExitCode::usage;
    }
    makings.front().body["id"] = words.id;
  }
  // Nothing is made of files that could not be made as a whole.
  const auto id_of = [](const Making& making) {
    const json::value* id = making.body.if_contains("id");
    return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
  };
  for (const Making& making : makings) {
    if (!id_of(making).empty()) continue;
    fmt::print(stderr, "batchyard: a {} has no id: give --id ID\n", making.kind);
    return ExitCode::usage;
  }
  for (const Making& making : makings) {
    if (const auto made = api.post(making.path, making.body); !made) return report(made.error());
    fmt::print("{} {}\n", making.kind, id_of(making));
  }
  return ExitCode::done;
}

}  // namespace

void add_create_command(CLI::App& program, int& code) {
  const auto words = std::make_shared<CreateWords>();
  CLI::App* command = program.add_subcommand(
      "create", "pools, jobs, schedules and tasks from files (JSON or YAML)");
  command->footer(create_footer);
  command->add_option("files", words->files, "JSON or YAML; - is standard input")->required();
  command->add_option("--id", words->id, "of the one thing that the files have");
  command->add_option("--job", words->job, "the job that gets the tasks");
  on_service(*command, words->connection, code,
             [words](ApiClient& api) { return create(api, *words); });
}

}  // namespace batchyard::cli
