#!/usr/bin/python3
"""Debian's Python client on simulated nodes and a clock that stands still until it is moved: limits, retries and retention
of weeks pass in no time.

Started by run_with_service with the path of batchyard, against `up --instant --clock frozen=…`.
"""

import datetime
import subprocess
import sys
import tempfile
import time
import zipfile

from azure.batch.models import BatchErrorException
from moved_clock import START, clock, make_pool, sim
from python_batch import connect, expect, models, refused, text_of, wait

TASKS = 2000


def add_task(client, task, command="/bin/app --fast", **more):
    client.task.add("j", models.TaskAddParameter(id=task, command_line=command, **more))


def packages(client):
    """References are checked as ever; what they name is there at once."""
    wrong = [models.ApplicationPackageReference(application_id="tool", version="1")]
    refused("InvalidApplicationPackageReferences", lambda: add_task(client, "packed", application_package_references=wrong))
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(f"{folder}/tool.zip", "w") as made:
            made.writestr("tool.txt", "tool")
        subprocess.run([sys.argv[1], "app", "upload", "tool", "1", f"{folder}/tool.zip"], check=True, capture_output=True)
    add_task(client, "packed", application_package_references=wrong)
    make_pool(client, "with-packages", 1, application_package_references=wrong)
    expect(client.task.get("j", "packed").state, "completed", "the task with a package")
    client.pool.delete("with-packages")


def main():
    client = connect()
    expect(clock(), START, "the clock at the start")
    make_pool(client, "p", 4, task_slots_per_node=2, start_task=models.StartTask(command_line="prepare", wait_for_success=True))
    client.job.add(models.JobAddParameter(id="j", pool_info=models.PoolInformation(pool_id="p")))

    # At once, with what it was told to write.
    add_task(client, "echo")
    add_task(client, "fails", environment_settings=sim(EXIT_CODE="3", STDERR="no luck", FILES='{"out.txt": "42"}'))
    clock("--advance", "PT0S")
    expect(client.task.get("j", "echo").execution_info.exit_code, 0, "the echo's exit code")
    expect(text_of(client.file.get_from_task("j", "echo", "stdout.txt")), "/bin/app --fast\n", "the echo")
    expect(client.task.get("j", "fails").execution_info.exit_code, 3, "the failing task's exit code")
    expect(text_of(client.file.get_from_task("j", "fails", "stderr.txt")), "no luck", "what it complained of")
    expect(text_of(client.file.get_from_task("j", "fails", "wd/out.txt")), "42", "what it made")

    packages(client)

    # Retries, each with its own exit code; a limit; all on the clock.
    add_task(client, "again", constraints=models.TaskConstraints(max_task_retry_count=5),
             environment_settings=sim(DURATION="PT1H", EXIT_CODE="1,1,0"))
    add_task(client, "long", constraints=models.TaskConstraints(max_wall_clock_time=datetime.timedelta(hours=10)),
             environment_settings=sim(DURATION="P7D"))
    clock("--advance", "PT2H59M")
    expect(client.task.get("j", "again").state, "running", "the task before its third end")
    clock("--advance", "PT1M")
    again = client.task.get("j", "again").execution_info
    expect((again.retry_count, again.exit_code), (2, 0), "retries and exit code")
    expect(again.end_time, START + datetime.timedelta(hours=3), "the end of the third try")
    clock("--to", "2030-01-01T10:00:00Z")
    expect(client.task.get("j", "long").execution_info.failure_info.code, "TaskEnded", "the end of the long task")

    # A job's limit, at its own time although the clock goes far beyond it.
    client.job.add(models.JobAddParameter(id="limited", pool_info=models.PoolInformation(pool_id="p"),
                   constraints=models.JobConstraints(max_wall_clock_time=datetime.timedelta(days=3))))
    clock("--advance", "P30D")
    limited = client.job.get("limited")
    expect((limited.state, limited.execution_info.terminate_reason), ("completed", "MaxWallClockTimeExpiry"), "the job")
    expect(limited.execution_info.end_time, START + datetime.timedelta(hours=10, days=3), "the job's end")
    # Seven days after their ends the files are gone.
    try:
        text_of(client.file.get_from_task("j", "echo", "stdout.txt"))
        sys.exit("the files are there after their retention time")
    except BatchErrorException as error:
        if not error.error.code.startswith(("TaskFilesCleanedup", "FileNotFound")):
            raise

    # A gang.
    make_pool(client, "m", 3, enable_inter_node_communication=True)
    client.job.add(models.JobAddParameter(id="gang", pool_info=models.PoolInformation(pool_id="m")))
    client.task.add("gang", models.TaskAddParameter(
        id="t", command_line="mpirun app", environment_settings=sim(COORDINATION_DURATION="PT1M", DURATION="PT9M"),
        multi_instance_settings=models.MultiInstanceSettings(number_of_instances=3, coordination_command_line="prepare")))
    clock("--advance", "PT10M")
    expect(client.task.get("gang", "t").execution_info.result, "success", "the gang's result")
    expect([one.state for one in client.task.list_subtasks("gang", "t").value], ["completed"] * 2, "its subtasks")

    # Many.
    client.job.add(models.JobAddParameter(id="many", pool_info=models.PoolInformation(pool_id="p")))
    begin = time.monotonic()
    for first in range(0, TASKS, 100):
        client.task.add_collection("many", [models.TaskAddParameter(id=f"t{number}", command_line="app")
                                            for number in range(first, first + 100)])
    wait("the many tasks", lambda: client.job.get_task_counts("many").task_counts.succeeded == TASKS)
    print(f"{TASKS} simulated tasks took {time.monotonic() - begin:.1f} s")

    # What cannot be done with time.
    said = subprocess.run([sys.argv[1], "clock", "--to", "2029-01-01T00:00:00Z"], capture_output=True, text=True, check=False)
    expect((said.returncode, "TimeHasPassed" in said.stderr), (3, True), "going back in time")
    refused("JobExists", lambda: client.job.add(models.JobAddParameter(id="many", pool_info=models.PoolInformation(pool_id="p"))))


if __name__ == "__main__":
    main()
