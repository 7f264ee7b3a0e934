#!/usr/bin/python3
"""The longer life of tasks in containers, with Debian's Python client: an agent that dies under one, ends by the clock, start tasks
that are tried again, jobs with preparation, release and manager tasks, and gangs.

Started by run_with_service with the path of batchyard. Skipped where podman cannot run a container, or where there is no
docker-registry.
"""

import datetime
import os
import pathlib
import signal
import sys

from container_words import processes, registry_with_image, skip_where_it_cannot_be
from python_batch import connect, expect, models, text_of, wait

NODES = 2
SLOW = "7654322"  # seconds that no test takes, to know a process by


def shell(script):
    return f"/bin/sh -c '{script}'"


def agent_of(node):
    """The process of a node's agent."""
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if words[1:2] == [b"agent"] and node.encode() in words and os.environ["AZURE_BATCH_ENDPOINT"].split("//")[1].encode() in words[3]:
            return int(entry.name)
    return None


class Lives:
    def __init__(self, registry, image):
        self.client, self.registry = connect(), registry
        self.container = models.TaskContainerSettings(image_name=image)
        self.image = image

    def add(self, job, name, script, **more):
        self.client.task.add(job, models.TaskAddParameter(id=name, command_line=shell(script), container_settings=self.container, **more))

    def ended(self, job, name):
        wait(f"the end of {name}", lambda: self.client.task.get(job, name).state.value == "completed")
        return self.client.task.get(job, name)

    def text(self, job, name, file="stdout.txt"):
        return text_of(self.client.file.get_from_task(job, name, file))

    def start_again(self):
        """A start task that fails twice, and what it leaves for the third time."""
        script = "cd $AZ_BATCH_NODE_SHARED_DIR; if [ -e two ]; then echo third; exit 0; fi; if [ -e one ]; then echo > two; fi; echo > one; exit 5"
        self.client.pool.add(models.PoolAddParameter(
            id="lives", target_dedicated_nodes=NODES, enable_inter_node_communication=True, **self.registry.settings(self.image),
            start_task=models.StartTask(
                command_line=shell(script), wait_for_success=True, max_task_retry_count=3, container_settings=self.container,
                user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(elevation_level="admin")))))

        def idle():
            found = list(self.client.compute_node.list("lives"))
            for node in found:
                if node.state.value in ("unusable", "starttaskfailed"):
                    sys.exit(f"a node is {node.state.value}: {node.as_dict()}")
            return found if len(found) == NODES and all(node.state.value == "idle" for node in found) else None

        for node in wait("idle nodes", idle):
            info = node.start_task_info
            expect((info.state.value, info.exit_code, info.retry_count, info.container_info.state), ("completed", 0, 2, "exited"), "the start task")
            expect(text_of(self.client.file.get_from_compute_node("lives", node.id, "startup/stdout.txt")), "third\n", "what it has written")

    def lose_the_agent(self):
        """The next agent takes the container over: it runs once, and its exit code is its own."""
        self.add("job", "kept", f"echo begin; while ! [ -e go ]; do sleep 0.1; done; echo end; exit 7")
        wait("its output", lambda: self.client.task.get("job", "kept").state.value == "running" and self.begun("kept"))
        node = self.client.task.get("job", "kept").node_info.node_id
        before = agent_of(node)
        os.kill(before, signal.SIGKILL)
        wait("another agent", lambda: agent_of(node) not in (None, before))
        self.file_of("kept", "stdout.txt").parent.joinpath("wd", "go").write_text("")
        task = self.ended("job", "kept")
        info = task.execution_info
        expect((info.exit_code, info.failure_info.code, info.retry_count, info.requeue_count), (7, "FailureExitCode", 0, 0), "the end of the task")
        expect((task.node_info.node_id, info.container_info.state), (node, "exited"), "its node and its container")
        expect(self.text("job", "kept"), "begin\nend\n", "what it has written")
        # The agent that came can begin others.
        self.add("job", "after", "echo after", affinity_info=models.AffinityInformation(affinity_id=node))
        expect((self.ended("job", "after").node_info.node_id, self.text("job", "after")), (node, "after\n"), "a task of the new agent")

    def lose_the_agent_at_the_end(self):
        """The agent that is started anew ends what ran too long meanwhile: nothing is left of it."""
        self.add("job", "doomed", f"echo begin; exec sleep {SLOW}")
        wait("its process", lambda: self.begun("doomed") and processes(SLOW))
        node = self.client.task.get("job", "doomed").node_info.node_id
        before = agent_of(node)
        os.kill(before, signal.SIGKILL)
        self.client.task.terminate("job", "doomed")
        expect(self.ended("job", "doomed").execution_info.failure_info.code, "TaskEnded", "a task that was ended without an agent")
        wait("the end of its container", lambda: not processes(SLOW))

    def begun(self, name):
        file = self.file_of(name, "stdout.txt")
        return file is not None and file.read_text().startswith("begin\n")

    def file_of(self, task, name):
        """Where a file of a task lies on this machine."""
        return next(pathlib.Path(os.environ["HOME"], "data", "nodes").glob(f"**/workitems/*/*/{task}/{name}"), None)

    def out_of_time(self):
        limit = models.TaskConstraints(max_wall_clock_time=datetime.timedelta(seconds=2), max_task_retry_count=0)
        self.add("job", "limited", f"echo begin; sleep {SLOW}", constraints=limit)
        info = self.ended("job", "limited").execution_info
        expect((info.result.value, info.failure_info.category.value, info.failure_info.code), ("failure", "usererror", "TaskEnded"), "a task out of time")
        expect(self.text("job", "limited"), "begin\n", "what it has written")
        took = (info.end_time - info.start_time).total_seconds()
        if not 1.9 <= took < 60:
            sys.exit(f"a task with 2 s took {took} s")
        wait("the end of its container", lambda: not processes(SLOW))

    def job_tasks(self):
        """Preparation, manager, a task that the manager waits for, and release: each in a container."""
        self.client.job.add(models.JobAddParameter(
            id="managed", pool_info=models.PoolInformation(pool_id="lives"),
            common_environment_settings=[models.EnvironmentSetting(name="WORD", value="prepared")],
            job_preparation_task=models.JobPreparationTask(command_line=shell("echo $WORD > data; echo preparing"), container_settings=self.container),
            job_manager_task=models.JobManagerTask(
                id="manager", container_settings=self.container, run_exclusive=False,
                command_line=shell("echo ${AZ_BATCH_AUTHENTICATION_TOKEN:+token} $AZ_BATCH_JOB_ID; cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data; "
                                   "while ! [ -e go ]; do sleep 0.1; done"),
                authentication_token_settings=models.AuthenticationTokenSettings(access=["job"])),
            job_release_task=models.JobReleaseTask(
                command_line=shell("cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data; echo released"), container_settings=self.container)))
        self.add("managed", "worker", "cat $AZ_BATCH_JOB_PREP_WORKING_DIR/data")
        expect(self.ended("managed", "worker").execution_info.exit_code, 0, "the worker's exit code")
        expect(self.text("managed", "worker"), "prepared\n", "what the worker saw")
        said = wait("the manager's words", lambda: (lambda file: file and file.read_text().count("\n") == 2 and file)(self.file_of("manager", "stdout.txt")))
        expect(said.read_text(), "token managed\nprepared\n", "what the manager saw")
        (said.parent / "wd" / "go").write_text("")
        wait("the job's end", lambda: self.client.job.get("managed").state.value == "completed")
        expect(self.client.job.get("managed").execution_info.terminate_reason, "JMComplete", "terminateReason")
        status = list(self.client.job.list_preparation_and_release_task_status("managed"))
        expect(len(status), NODES, "nodes that were prepared")
        for one in status:
            for info, written in ((one.job_preparation_task_execution_info, "preparing\n"), (one.job_release_task_execution_info, "prepared\nreleased\n")):
                expect((info.state.value, info.exit_code, info.result.value, info.container_info.state), ("completed", 0, "success", "exited"), "one task of the job")
                said = text_of(self.client.file.get_from_compute_node("lives", one.node_id, info.task_root_directory + "/stdout.txt"))
                expect(said, written, "what it has written")

    def gang(self):
        """Each command in a container of its own, on every node; what the first one leaves, the second one finds."""
        self.add("job", "gang", "cat $AZ_BATCH_TASK_SHARED_DIR/coordinated; echo $AZ_BATCH_HOST_LIST",
                 multi_instance_settings=models.MultiInstanceSettings(
                     number_of_instances=NODES, coordination_command_line=shell("echo $AZ_BATCH_IS_CURRENT_NODE_MASTER > $AZ_BATCH_TASK_SHARED_DIR/coordinated")))
        info = self.ended("job", "gang").execution_info
        expect(info.exit_code, 0, f"the gang's exit code ({info.failure_info and info.failure_info.as_dict()})")
        lines = self.text("job", "gang").splitlines()
        expect((lines[0], len(lines[1].split(","))), ("true", NODES), "what the gang has written")
        expect([one.exit_code for one in self.client.task.list_subtasks("job", "gang").value], [0], "its subtask")

    def end(self):
        orders = pathlib.Path(os.environ["HOME"], "data", "nodes")
        expect(len(list(orders.glob("**/agent/c/orders"))), NODES, "nodes that ran containers")
        wait("no orders of containers that are over", lambda: not list(orders.glob("**/agent/c/orders/*")))
        self.client.job.delete("job")
        self.client.job.delete("managed")
        self.client.pool.delete("lives")
        wait("the pool's end", lambda: not list(self.client.pool.list()))
        expect(processes("/mnt/batch/agent/c/"), [], "what is left of containers")


def main():
    skip_where_it_cannot_be(sys.argv[1])
    with registry_with_image() as (registry, image):
        lives = Lives(registry, image)
        lives.start_again()
        lives.client.job.add(models.JobAddParameter(id="job", pool_info=models.PoolInformation(pool_id="lives")))
        lives.lose_the_agent()
        lives.lose_the_agent_at_the_end()
        lives.out_of_time()
        lives.job_tasks()
        lives.gang()
        lives.end()
    print("Containers have lived.")


main()
