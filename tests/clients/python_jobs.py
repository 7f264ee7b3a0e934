#!/usr/bin/python3
"""Debian's Python client (azure-batch 13) and what jobs can do: dependencies, exit conditions, disabling, changing, preempting.

Started by run_with_service, which sets AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT.
"""

import datetime
import sys

from azure.batch import models

from python_batch import connect, expect, refused, wait

POOL = "jobs-pool"


def make_pool(client):
    options = models.AccountListSupportedImagesOptions(filter="nodeAgentSKUId eq 'batch.node.centos 7'")
    image = list(client.account.list_supported_images(options))[0]
    client.pool.add(models.PoolAddParameter(
        id=POOL, vm_size="standard_h16r", target_dedicated_nodes=1, task_slots_per_node=2,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id)))
    wait("an idle node", lambda: [node.state for node in client.compute_node.list(POOL)] == ["idle"])


def add_job(client, name, **more):
    client.job.add(models.JobAddParameter(id=name, pool_info=models.PoolInformation(pool_id=POOL), **more))


def add_task(client, job, name, command, **more):
    client.task.add(job, models.TaskAddParameter(id=name, command_line=f"/bin/sh -c '{command}'", **more))


def state_of(client, job, name):
    return client.task.get(job, name).state.value


def completed(client, job, name):
    wait(f"the end of {job}/{name}", lambda: state_of(client, job, name) == "completed")
    return client.task.get(job, name)


def job_is(client, name, state):
    wait(f"{name} to be {state}", lambda: client.job.get(name).state.value == state)


def after(*ids, ranges=()):
    return models.TaskDependencies(task_ids=list(ids), task_id_ranges=[models.TaskIdRange(start=a, end=b) for a, b in ranges])


def exit_with(code, job_action=None, dependency_action=None):
    options = models.ExitOptions(job_action=job_action, dependency_action=dependency_action)
    return models.ExitConditions(exit_codes=[models.ExitCodeMapping(code=code, exit_options=options)])


def depend(client):
    """A diamond over ids and ranges, and a failure that is as good as a success."""
    add_job(client, "plain")
    refused("TaskDependenciesNotSpecifiedOnJob", lambda: add_task(client, "plain", "b", "true", depends_on=after("a")))
    add_job(client, "diamond", uses_task_dependencies=True)
    add_task(client, "diamond", "last", "date +%s%N", depends_on=after("side", ranges=[(1, 3)]))
    add_task(client, "diamond", "side", "date +%s%N; exit 9", depends_on=after("first"),
             exit_conditions=exit_with(9, dependency_action=models.DependencyAction.satisfy))
    for number in ("1", "02", "3"):
        add_task(client, "diamond", number, "date +%s%N", depends_on=after("FIRST"))
    add_task(client, "diamond", "never", "true", depends_on=after("side", "fails"))
    expect(client.job.get_task_counts("diamond").task_counts.active, 6, "tasks that wait for others")
    add_task(client, "diamond", "fails", "exit 1")
    add_task(client, "diamond", "first", "date +%s%N")
    completed(client, "diamond", "last")
    ends = {name: client.task.get("diamond", name).execution_info for name in ("first", "side", "1", "02", "3", "last")}
    for name in ("side", "1", "02", "3"):
        if not ends["first"].end_time <= ends[name].start_time <= ends[name].end_time <= ends["last"].start_time:
            sys.exit(f"{name} did not run between first and last: {ends[name]}")
    completed(client, "diamond", "fails")
    expect(state_of(client, "diamond", "never"), "active", "the state of a task whose dependency has failed")
    client.job.delete("diamond")
    client.job.delete("plain")


def act_on_failure(client):
    add_job(client, "acts", on_task_failure=models.OnTaskFailure.perform_exit_options_job_action)
    add_task(client, "acts", "pauses", "exit 4", exit_conditions=exit_with(4, job_action=models.JobAction.disable))
    job_is(client, "acts", "disabled")
    client.job.enable("acts")
    add_task(client, "acts", "long", "sleep 1000")
    wait("a running task", lambda: state_of(client, "acts", "long") == "running")
    add_task(client, "acts", "ends", "exit 5")
    job_is(client, "acts", "completed")
    expect(client.job.get("acts").execution_info.terminate_reason, "TaskFailed", "terminateReason")
    expect(completed(client, "acts", "long").execution_info.failure_info.code, "TaskEnded", "what became of the other task")
    client.job.delete("acts")


def disable(client):
    add_job(client, "pause")
    add_task(client, "pause", "long", "sleep 1000")
    wait("a running task", lambda: state_of(client, "pause", "long") == "running")
    refused("OperationInvalidForCurrentState", lambda: client.job.enable("pause"))
    client.job.disable("pause", models.DisableJobOption.requeue)
    job_is(client, "pause", "disabled")
    task = client.task.get("pause", "long")
    expect((task.state.value, task.execution_info.requeue_count), ("active", 1), "a task that was requeued")
    add_task(client, "pause", "later", "true")
    expect(client.job.get_task_counts("pause").task_counts.active, 2, "tasks of a disabled job")
    client.job.patch("pause", models.JobPatchParameter(pool_info=models.PoolInformation(pool_id=POOL)))
    client.job.enable("pause")
    completed(client, "pause", "later")
    wait("the task to run again", lambda: state_of(client, "pause", "long") == "running")
    client.job.disable("pause", models.DisableJobOption.terminate)
    job_is(client, "pause", "disabled")
    expect(completed(client, "pause", "long").execution_info.failure_info.code, "TaskEnded", "a task that was ended")
    client.job.delete("pause")


def change(client):
    add_job(client, "change", priority=5, metadata=[models.MetadataItem(name="a", value="b")],
            constraints=models.JobConstraints(max_task_retry_count=2))
    refused("OutOfRangePriority", lambda: client.job.patch("change", models.JobPatchParameter(priority=1001)))
    refused("OperationInvalidForCurrentState", lambda: client.job.patch(
        "change", models.JobPatchParameter(pool_info=models.PoolInformation(pool_id="other"))))
    client.job.patch("change", models.JobPatchParameter(max_parallel_tasks=1))
    job = client.job.get("change")
    expect((job.priority, job.max_parallel_tasks), (5, 1), "the patched job")
    client.job.update("change", models.JobUpdateParameter(pool_info=models.PoolInformation(pool_id=POOL), priority=6))
    job = client.job.get("change")
    expect((job.priority, job.metadata, job.constraints.max_task_retry_count), (6, None, 0), "the job after PUT")
    # A task that would sleep on gets an end.
    add_task(client, "change", "long", "sleep 1000")
    wait("a running task", lambda: state_of(client, "change", "long") == "running")
    client.task.update("change", "long", constraints=models.TaskConstraints(max_wall_clock_time=datetime.timedelta(seconds=1)))
    task = completed(client, "change", "long")
    expect(task.constraints.max_wall_clock_time, datetime.timedelta(seconds=1), "the new constraint")
    expect(task.execution_info.failure_info.code, "TaskEnded", "how it was ended")
    client.job.patch("change", models.JobPatchParameter(on_all_tasks_complete=models.OnAllTasksComplete.terminate_job))
    job_is(client, "change", "completed")
    expect(client.job.get("change").execution_info.terminate_reason, "AllTasksComplete", "terminateReason")
    client.job.delete("change")


def preempt(client):
    add_job(client, "low", priority=-10, allow_task_preemption=True)
    for name in ("a", "b"):
        add_task(client, "low", name, "sleep 1000")
    wait("two running tasks", lambda: client.job.get_task_counts("low").task_counts.running == 2)
    add_job(client, "high", priority=10)
    add_task(client, "high", "quick", "true")
    expect(completed(client, "high", "quick").execution_info.result.value, "success", "the task of the more important job")
    wait("two running tasks again", lambda: client.job.get_task_counts("low").task_counts.running == 2)
    client.job.delete("low")
    client.job.delete("high")


def main():
    client = connect()
    make_pool(client)
    depend(client)
    act_on_failure(client)
    disable(client)
    change(client)
    preempt(client)
    client.pool.delete(POOL)
    wait("no pool", lambda: not client.pool.exists(POOL))
    print("The Python client has used what jobs can do.")


main()
