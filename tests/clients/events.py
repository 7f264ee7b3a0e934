#!/usr/bin/python3
"""The event stream and the past of entities, read with `batchyard` while Debian's Python client makes changes.

Started by run_with_service with the path of batchyard.
"""

import json
import subprocess
import sys

from python_batch import connect, expect, models, wait


def batchyard(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=True).stdout


def follow(*words):
    """A follower, and what it has said so far (which grows)."""
    process = subprocess.Popen([sys.argv[1], "events", "-f", "-o", "json", *words], stdout=subprocess.PIPE, text=True)
    return process, iter(process.stdout.readline, "")


def until(lines, wanted):
    """Reads events until that one came; all of them."""
    seen = []
    for line in lines:
        seen.append(json.loads(line))
        if (seen[-1]["entity"], seen[-1]["what"]) == wanted:
            return seen
    sys.exit(f"the stream ended before {wanted}: {seen}")


def whats(events, entity):
    return [event["what"] for event in events if event["entity"] == entity]


def main():
    client = connect()
    client.pool.add(models.PoolAddParameter(
        id="p", vm_size="standard_d2_v3", target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.ImageReference(publisher="canonical", offer="ubuntuserver", sku="18.04-lts"),
            node_agent_sku_id="batch.node.ubuntu 18.04")))
    wait("an idle node", lambda: [node for node in client.compute_node.list("p") if node.state == "idle"])

    process, lines = follow("--after", "0")
    client.job.add(models.JobAddParameter(id="j", pool_info=models.PoolInformation(pool_id="p")))
    client.task.add("j", models.TaskAddParameter(id="t", command_line="/bin/sh -c 'exit 3'"))
    seen = until(lines, ("task/j/t", "TaskCompleted"))
    process.terminate()
    process.wait()
    expect(whats(seen, "task/j/t"), ["TaskAdded", "TaskStarted", "TaskCompleted"], "the task's life")
    end = seen[-1]
    expect((end["state"], end["previousState"], end["by"]), ("completed", "running", "agent"), "the task's end")
    if "exit code 3" not in end["detail"]:
        sys.exit(f"the end does not say why: {end}")
    expect("PoolAdded" in whats(seen, "pool/p"), True, "events of before the follower came")

    # Going on where a reader was; filters.
    listed = [json.loads(line) for line in batchyard("events", "--job", "j", "-o", "json").splitlines()]
    expect(whats(listed, "task/j/t"), ["TaskAdded", "TaskStarted", "TaskCompleted"], "the job's events")
    expect(whats(listed, "pool/p"), [], "events of the pool among the job's")
    client.job.terminate("j", terminate_reason="enough")
    late = [json.loads(line) for line in batchyard("events", "--entity", "job/j", "-o", "json").splitlines()]
    expect(late[-1]["detail"], "enough", "why the job ended")

    # The past.
    started = next(event for event in seen if event["what"] == "TaskStarted" and event["entity"] == "task/j/t")
    then = json.loads(batchyard("describe", "task", "j", "t", "--as-of", started["time"], "-o", "json"))
    now = json.loads(batchyard("describe", "task", "j", "t", "-o", "json"))
    expect((then["state"], now["state"]), ("running", "completed"), "the task then and now")
    expect(then["commandLine"], now["commandLine"], "its command line")
    client.job.delete("j")
    wait("the job's end", lambda: not [job for job in client.job.list() if job.id == "j"])
    gone = json.loads(batchyard("get", "task", "j", "t", "--as-of", end["time"], "-o", "json"))
    expect(gone["executionInfo"]["exitCode"], 3, "the exit code of a task that is gone")
    views_of_others(client)


def event_of(entity, what):
    listed = [json.loads(line) for line in batchyard("events", "--entity", entity, "-o", "json").splitlines()]
    return next(event for event in reversed(listed) if event["what"] == what)


def views_of_others(client):
    """Schedules, preparations and applications: listed, shown, and shown as they were."""
    client.job_schedule.add(models.JobScheduleAddParameter(
        id="s", schedule=models.Schedule(recurrence_interval="PT1H"),
        job_specification=models.JobSpecification(
            pool_info=models.PoolInformation(pool_id="p"),
            job_preparation_task=models.JobPreparationTask(command_line="/bin/true"))))
    client.task.add("s:job-1", models.TaskAddParameter(id="t", command_line="/bin/true"))
    batchyard("wait", "task", "s:job-1", "t", "--timeout", "120")
    node = json.loads(batchyard("get", "preparations", "s:job-1", "-o", "json"))[0]["nodeId"]
    shown = json.loads(batchyard("describe", "preparation", "s:job-1", node, "-o", "json"))
    expect(shown["jobPreparationTaskExecutionInfo"]["result"], "success", "the preparation")
    ordered = event_of(f"preparation/s:job-1/{node}", "PreparationOrdered")
    then = json.loads(batchyard("get", "preparation", "s:job-1", node, "--as-of", ordered["time"], "-o", "json"))
    expect(then["jobPreparationTaskExecutionInfo"]["state"], "running", "the preparation as it was")
    client.job_schedule.disable("s")
    added = event_of("schedule/s", "ScheduleAdded")
    then = json.loads(batchyard("describe", "schedule", "s", "--as-of", added["time"], "-o", "json"))
    now = json.loads(batchyard("get", "schedules", "-o", "json"))[0]
    expect((then["state"], now["state"]), ("active", "disabled"), "the schedule then and now")
    batchyard("app", "create", "a")
    batchyard("app", "set", "a", "--display-name", "new")
    made = event_of("application/a", "ApplicationAdded")
    then = json.loads(batchyard("get", "application", "a", "--as-of", made["time"], "-o", "json"))
    expect("displayName" in then, False, "the application as it was")
    expect(json.loads(batchyard("describe", "application", "a", "-o", "json"))["displayName"], "new", "the application")
    expect(batchyard("get", "certificates", "-o", "json").strip(), "[]", "certificates")


if __name__ == "__main__":
    main()
