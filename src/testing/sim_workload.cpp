#include "testing/sim_workload.h"

#include <fmt/format.h>

namespace batchyard::testing {

namespace {

// Every second task is a number to ranges.
TaskId name_of(std::int64_t number) {
  return TaskId::trusted(fmt::format("{}{}", number % 2 == 0 ? "" : "t", number));
}

}  // namespace

engine::AddJob SimWorkload::job(const JobId& id, const PoolId& pool) {
  JobFacts facts{.pool = pool, .priority = static_cast<std::int32_t>(random_.between(-2, 2))};
  facts.uses_dependencies = !random_.once_in(4);
  facts.preemptible = random_.once_in(2);
  facts.act_on_failure = random_.once_in(4);
  if (random_.once_in(3))
    facts.max_parallel_tasks = static_cast<std::int32_t>(random_.between(1, 3));
  jobs_[id] = facts;
  if (container_pools_.contains(pool)) checks_.job_runs_in_containers(id);
  return {.id = id, .facts = facts, .spec = "{}", .manager = {}};
}

DependsOn SimWorkload::dependencies(const JobId& job) {
  DependsOn on;
  const std::vector<std::int64_t>& known = numbers_[job];
  const auto some = [&] {
    // Now and then one that may never come.
    if (known.empty() || random_.once_in(8)) return last_task_ + random_.between(0, 6);
    return known[random_.below(known.size())];
  };
  for (std::int64_t count = random_.between(0, 2); count > 0; --count)
    on.ids.push_back(name_of(some()).text());
  if (random_.once_in(3)) {
    const auto number = static_cast<std::int32_t>(some() / 2 * 2);
    on.ranges.push_back({number, number});
  }
  return on;
}

ExitRules SimWorkload::exits(bool may_act) {
  ExitRules rules;
  rules.codes.push_back({3, 3, {.job_action = {}, .satisfies = random_.once_in(2)}});
  if (random_.once_in(4)) rules.codes.push_back({0, 0, {.job_action = {}, .satisfies = false}});
  rules.otherwise = ExitOptions{.job_action = {}, .satisfies = random_.once_in(4)};
  if (may_act) {
    rules.codes.front().options.job_action =
        random_.once_in(3) ? JobAction::disable : JobAction::none;
    if (!random_.once_in(8)) rules.otherwise->job_action = JobAction::none;
  }
  return rules;
}

TaskRules SimWorkload::rules(const JobId& job, const TaskId& task) {
  TaskRules made;
  const JobFacts& facts = jobs_[job];
  if (facts.uses_dependencies && random_.once_in(2)) {
    made.depends_on = dependencies(job);
    checks_.task_depends(job, task, *made.depends_on);
  }
  if (random_.once_in(4)) {
    const std::string version = random_.once_in(2) ? "" : "2";
    made.packages.push_back({ApplicationId::trusted("app"), PackageVersion::trusted(version)});
    checks_.task_needs_package(job, task,
                               "AZ_BATCH_APP_PACKAGE_app" + (version.empty() ? "" : "_" + version));
  }
  if (facts.act_on_failure || random_.once_in(3)) made.exits = exits(facts.act_on_failure);
  return made;
}

engine::AddTasks SimWorkload::tasks(const JobId& job) {
  engine::AddTasks command{.job = job, .tasks = {}};
  for (std::int64_t count = random_.between(1, 4); count > 0; --count) {
    const std::int64_t number = ++last_task_;
    const TaskId id = name_of(number);
    TaskFacts facts;
    facts.rules = rules(job, id);
    numbers_[job].push_back(number);
    std::string spec = fmt::format(R"("commandLine":"sim {} {}")", random_.between(1, 4000),
                                   random_.once_in(6) ? 3 : 0);
    if (random_.once_in(3)) {
      facts.instances = static_cast<std::int32_t>(random_.between(2, 3));
      spec += fmt::format(
          R"(,"multiInstanceSettings":{{"numberOfInstances":{},"coordinationCommandLine":"sim {} 0"}})",
          facts.instances, random_.between(1, 300));
    }
    if (random_.once_in(3))
      spec +=
          R"(,"outputFiles":[{"filePattern":"*","destination":{"container":{"containerUrl":"u"}}}])";
    if (random_.once_in(2)) facts.retries = static_cast<std::int32_t>(random_.between(0, 2));
    set_command(command.tasks.emplace_back(engine::NewTask{.id = id, .facts = facts, .spec = {}}),
                jobs_[job].pool, spec);
  }
  return command;
}

void SimWorkload::set_command(engine::NewTask& task, const PoolId& pool,
                              const std::string& members) const {
  task.container = container_pools_.contains(pool);
  task.spec = fmt::format("{{{}{}}}", members,
                          task.container ? R"(,"containerSettings":{"imageName":"tiny"})" : "");
}

TaskId SimWorkload::some_task() {
  return name_of(random_.between(1, std::max<std::int64_t>(1, last_task_)));
}

engine::DisableJob SimWorkload::disable(const JobId& job) {
  return {job, static_cast<engine::DisableTasks>(random_.below(3)), {}};
}

}  // namespace batchyard::testing
