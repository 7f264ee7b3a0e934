#!/usr/bin/python3
"""The verbs of `batchyard` against a running service, as people type them: what they print and how they end.

Started by run_with_service with the path of batchyard.
"""

import datetime
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys

from python_batch import connect, expect, models, wait

DONE, FAILED, USAGE, REFUSED, UNREACHABLE, TIMED_OUT, STOPPED = 0, 1, 2, 3, 4, 5, 130
LIMIT_S = 120


def batchyard(*words, code=DONE, **more):
    """What it prints; it must end with that code."""
    ended = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=LIMIT_S, check=False, **more)
    if ended.returncode != code:
        sys.exit(f"batchyard {' '.join(words)}: ended with {ended.returncode}, not {code}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout if code in (DONE, FAILED) else ended.stderr


def listed(*words):
    return json.loads(batchyard("get", *words, "-o", "json"))


def contains(text, *parts):
    for part in parts:
        if part not in text:
            sys.exit(f"{part!r} is not in:\n{text}")


def nothing_left(what):
    wait(f"nothing left of {what}", lambda: listed("pools") == [] and listed("jobs") == [])


def runs():
    expect(batchyard("run", "echo", "it's  here", "$HOME"), "it's  here $HOME\n", "the words as they were given")
    expect(batchyard("run", "--", "sh", "-c", "echo one; echo two >&2; exit 0"), "one\n", "a command with options of its own")
    said = batchyard("run", "-n", "2", "sh -c 'echo I am $AZ_BATCH_TASK_ID'")
    contains(said, "--- task-1\nI am task-1\n", "--- task-2\nI am task-2\n")
    contains(batchyard("run", "sh -c 'exit 7'", code=FAILED), "")
    nothing_left("runs")


def runs_mpi():
    """Real ranks on two nodes."""
    if shutil.which("mpirun.openmpi") is None or os.environ.get("BATCHYARD_NODES_ARE_PROCESSES"):
        print("no MPI or no nodes of their own here: run --mpi is not tried")
        return
    said = batchyard("run", "--mpi", "-n", "2", "mpirun.openmpi", "-n", "4", "--map-by", "node", "hostname")
    lines = sorted(line for line in said.splitlines() if line.startswith("tvmps"))
    expect(len(lines), 4, f"ranks in {said}")
    expect(len(set(lines)), 2, f"nodes in {said}")
    nothing_left("the MPI run")


def stops_in_order():
    """Ctrl-C while the task runs: what was made is taken back."""
    running = subprocess.Popen([sys.argv[1], "run", "sh -c 'echo up; sleep 1000'"], stdout=subprocess.PIPE, text=True)
    for line in running.stdout:
        if line == "up\n":
            break
    running.send_signal(signal.SIGINT)
    expect(running.wait(LIMIT_S), STOPPED, "the code of a stopped run")
    nothing_left("a stopped run")


def looks():
    batchyard("run", "--keep", "sh -c 'echo kept; echo wrong >&2'")
    (pool,) = [one["id"] for one in listed("pools")]
    (node,) = [one["id"] for one in listed("nodes", pool)]
    (job,) = [one["id"] for one in listed("jobs")]
    (task,) = listed("tasks", job)
    expect((task["id"], task["state"], task["executionInfo"]["exitCode"]), ("task-1", "completed", 0), "the task")
    contains(batchyard("get", "pools"), "POOL", pool, "steady", "standard_d2s_v3")
    contains(batchyard("get", "nodes", pool), "NODE", node, "idle")
    contains(batchyard("get", "jobs"), "JOB", job, "active")
    contains(batchyard("get", "tasks", job), "TASK", "task-1", "completed", "success")
    for words in (("pool", pool), ("node", pool, node), ("job", job), ("task", job, "task-1")):
        contains(batchyard("describe", *words), words[-1])
        expect(json.loads(batchyard("describe", *words, "-o", "json"))["id"], words[-1], "the entity as JSON")
    expect(batchyard("logs", job, "task-1"), "kept\n", "the log")
    expect(batchyard("logs", job, "task-1", "--file", "stderr.txt"), "wrong\n", "the other log")
    contains(batchyard("logs", job, "task-1", "--file", "nothing.txt", code=REFUSED), "FileNotFound")
    return pool, node, job


def waits(pool, node, job):
    batchyard("wait", "pool", pool)
    batchyard("wait", "node", pool, node)
    batchyard("wait", "task", job, "task-1")
    contains(batchyard("wait", "job", job, "--timeout", "1", code=TIMED_OUT), job, "active")
    contains(batchyard("explain", "job", job), "NothingToDo", "cure: Terminate the job", "JobAdded")
    contains(batchyard("explain", "task", job, "task-1"), "is completed", "exit code 0", "TaskCompleted")
    expect(json.loads(batchyard("explain", "node", pool, node, "-o", "json"))["reasons"], [], "what is wrong with the node")
    contains(batchyard("explain", "certificate", "c", code=USAGE), "cannot be explained", "task JOB TASK")
    contains(batchyard("explain", "task", job, "never", code=REFUSED), "ResourceNotFound", f"task/{job}/never")
    batchyard("wait", "job", job, "--state", "active")
    # A follower sees what is written while the task runs, and ends with it.
    started = subprocess.Popen([sys.argv[1], "run", "--keep", "--pool", pool, "sh -c 'echo first; exec sleep 1000'"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    expect(started.stdout.readline(), "first\n", "what a run shows")
    (other,) = [one["id"] for one in listed("jobs") if one["id"] != job]
    follower = subprocess.Popen([sys.argv[1], "logs", "-f", other, "task-1"], stdout=subprocess.PIPE, text=True)
    expect(follower.stdout.readline(), "first\n", "what is followed")
    contains(batchyard("wait", "task", other, "task-1", "--timeout", "1", code=TIMED_OUT), "running")
    connect().task.terminate(other, "task-1")
    expect(follower.wait(LIMIT_S), DONE, "the code of a follower")
    contains(started.communicate(timeout=LIMIT_S)[1], "task-1 failed: TaskEnded")
    expect(started.returncode, FAILED, "the code of a run whose task was terminated")


def looks_at_schedules(pool):
    manager = models.JobManagerTask(id="manager", command_line="/bin/sh -c 'echo good night'")
    connect().job_schedule.add(models.JobScheduleAddParameter(
        id="nightly", schedule=models.Schedule(recurrence_interval=datetime.timedelta(days=1)),
        job_specification=models.JobSpecification(pool_info=models.PoolInformation(pool_id=pool), job_manager_task=manager)))
    contains(batchyard("get", "schedules"), "SCHEDULE", "nightly", "active", "P1D", "nightly:job-1")
    contains(batchyard("describe", "schedule", "nightly"), "recurrenceInterval: P1D")
    batchyard("wait", "job", "nightly:job-1")
    expect(batchyard("logs", "nightly:job-1", "manager"), "good night\n", "what the manager of a schedule's job has written")
    connect().job_schedule.terminate("nightly")
    batchyard("wait", "schedule", "nightly")


def colours():
    """Colours on a terminal, none elsewhere or with NO_COLOR."""
    def on_terminal(environment):
        master, slave = pty.openpty()
        subprocess.run([sys.argv[1], "get", "pools"], stdout=slave, timeout=LIMIT_S, check=True, env=environment)
        os.close(slave)
        said = os.read(master, 65536).decode()
        os.close(master)
        return said
    without = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    contains(on_terminal(without), "\x1b[")
    for said in (on_terminal(without | {"NO_COLOR": "1"}), batchyard("get", "pools", env=without)):
        expect("\x1b" in said, False, f"colours in {said!r}")


def refuses(pool):
    contains(batchyard("get", "pools", "nowhere", code=REFUSED), "PoolNotFound", "nowhere")
    contains(batchyard("get", "images", code=USAGE), "'images'", "pools, nodes POOL, jobs, tasks JOB, schedules")
    contains(batchyard("get", "nodes", code=USAGE), "POOL")
    contains(batchyard("run", code=USAGE), "command")
    contains(batchyard("run", "--size", "standard_none", "true", code=REFUSED), "vmSize", "standard_none")
    contains(batchyard("run", "--pool", "nowhere", "true", code=REFUSED), "PoolNotFound")
    contains(batchyard("run", "--pool", pool, "-n", "2", "true", code=REFUSED), "has 1 nodes, and 2 are wanted")
    contains(batchyard("wait", "pool", pool, "--state", "sideways", "--timeout", "1", code=TIMED_OUT), "sideways")
    contains(batchyard("get", "pools", "--endpoint", "http://127.0.0.1:9", code=UNREACHABLE), "127.0.0.1:9")
    contains(batchyard("get", "pools", "--key", "bm90IGl0", code=REFUSED), "AuthenticationFailed")
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AZURE_BATCH")}
    contains(batchyard("get", "pools", code=USAGE, env=bare), "AZURE_BATCH_ENDPOINT")


def helps():
    verbs = re.findall(r"^  (\w+)  ", batchyard("--help"), re.M)
    for verb in ("up", "serve", "agent", "doctor", "get", "describe", "logs", "wait", "run", "events", "explain", "completion"):
        if verb not in verbs:
            sys.exit(f"{verb} is not in the help: {verbs}")
    contains(batchyard("run", "--help"), "Examples:", "Exit codes:", "--mpi")
    contains(batchyard("doctor"), "cgroup", "MPI")
    for shell in ("bash", "zsh", "fish"):
        script = batchyard("completion", shell)
        contains(script, "batchyard", "describe", "--mpi")
        if shutil.which(shell):
            subprocess.run([shell, "-n"], input=script, text=True, timeout=LIMIT_S, check=True)


def main():
    helps()
    runs()
    runs_mpi()
    stops_in_order()
    pool, node, job = looks()
    waits(pool, node, job)
    looks_at_schedules(pool)
    colours()
    refuses(pool)


main()
