#!/usr/bin/python3
"""Output files over the longer life of tasks, against a real storage emulator: what is uploaded when by condition and pattern, what
retries, ends, gangs and job managers leave there, and what depends on an upload.

Started by with_azurite and run_with_service, as storage_files.py is.
"""

import datetime

from python_batch import connect, expect, models, wait
from storage_words import Storage, output

POOL, JOB, NODES = "storage-lives", "job", 2


class Lives:
    def __init__(self):
        self.batch, self.storage = connect(), Storage()
        image = next(one for one in self.batch.account.list_supported_images() if one.os_type == "linux")
        self.batch.pool.add(models.PoolAddParameter(
            id=POOL, vm_size="standard_d2s_v3", target_dedicated_nodes=NODES, enable_inter_node_communication=True,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id)))
        self.pool = models.PoolInformation(pool_id=POOL)
        self.batch.job.add(models.JobAddParameter(id=JOB, pool_info=self.pool, uses_task_dependencies=True))

    def add(self, task, command, job=JOB, **more):
        self.batch.task.add(job, models.TaskAddParameter(id=task, command_line=f"/bin/bash -c '{command}'", **more))

    def ended(self, task, job=JOB):
        wait(f"the end of {task}", lambda: self.batch.task.get(job, task).state.value == "completed")
        return self.batch.task.get(job, task)

    def failure(self, task, job=JOB):
        failure = self.ended(task, job).execution_info.failure_info
        return failure.code if failure else None

    def container(self, name):
        self.blobs = self.storage.container(name)
        return self.storage.url(name)

    def names(self):
        return sorted(blob.name for blob in self.blobs.list_blobs())

    def text(self, name):
        return self.blobs.download_blob(name).readall().decode()

    def conditions(self):
        """Results of what succeeds, logs and traces of what fails, and the end of both: each by a pattern."""
        url = self.container("conditions")
        for task, code in (("good", 0), ("bad", 3)):
            self.add(task, f"mkdir -p results/deep logs; echo {task} > results/deep/a.csv; echo x > results/b.txt; echo log > logs/run.log; "
                           f"echo trace > trace-1.bin; echo {task} says; exit {code}",
                     output_files=[output("results/**/*.csv", url, f"{task}/results", condition="taskSuccess"),
                                   output("logs/*.log", url, f"{task}/logs", condition="taskFailure"),
                                   output("trace-[0-9].bin", url, f"{task}/traces", condition="taskFailure"),
                                   output("../std*.txt", url, f"{task}/streams", condition="taskCompletion")])
        expect((self.failure("good"), self.failure("bad")), (None, "FailureExitCode"), "the failures")
        expect(self.names(), ["bad/logs/run.log", "bad/streams/stderr.txt", "bad/streams/stdout.txt", "bad/traces/trace-1.bin",
                              "good/results/deep/a.csv", "good/streams/stderr.txt", "good/streams/stdout.txt"], "the blobs by condition")
        expect((self.text("good/results/deep/a.csv"), self.text("bad/streams/stdout.txt")), ("good\n", "bad says\n"), "what they hold")

    def retries(self):
        """Every try uploads what its end asks for, over what was there; the working directory stays between tries."""
        url = self.container("retries")
        counter = "$AZ_BATCH_NODE_SHARED_DIR/tries"
        self.add("again", f"echo x >> {counter}; n=$(wc -l < {counter}); echo try $n > said; cp said said-$n; test $n = 3",
                 constraints=models.TaskConstraints(max_task_retry_count=5), affinity_info=models.AffinityInformation(affinity_id=self.node()),
                 output_files=[output("said-*", url, "failed", condition="taskFailure"), output("said", url, "last", condition="taskCompletion"),
                               output("said-*", url, "done", condition="taskSuccess")])
        expect((self.failure("again"), self.ended("again").execution_info.retry_count), (None, 2), "the task that succeeds at last")
        expect(self.names(), ["done/said-1", "done/said-2", "done/said-3", "failed/said-1", "failed/said-2", "last"], "the blobs of three tries")
        expect(self.text("last"), "try 3\n", "what every try has written")
        # Reactivation is another try.
        self.add("once", "echo a > a; exit 1", output_files=[output("a", url, "once")])
        self.ended("once")
        before = self.blobs.get_blob_client("once").get_blob_properties().last_modified
        wait("another second", lambda: datetime.datetime.now(datetime.timezone.utc) > before + datetime.timedelta(seconds=1))
        self.batch.task.reactivate(JOB, "once")
        wait("the blob of the second run", lambda: self.blobs.get_blob_client("once").get_blob_properties().last_modified > before)
        self.ended("once")

    def node(self):
        return next(iter(self.batch.compute_node.list(POOL))).affinity_id

    def ends(self):
        """What ran too long uploads, what a user has ended does not, and what never ran has nothing."""
        url = self.container("ends")
        for task, command in (("limited", "echo limited; sleep 1000"), ("ended", "echo ended; sleep 1000")):
            outputs = [output("../stdout.txt", url, task, condition="taskFailure")]
            limit = models.TaskConstraints(max_wall_clock_time=datetime.timedelta(seconds=1), max_task_retry_count=0) if task == "limited" else None
            self.add(task, command, output_files=outputs, constraints=limit)
        missing = [models.ResourceFile(http_url=url.replace("?", "/none?"), file_path="f")]
        self.add("never", "echo never", resource_files=missing, output_files=[output("../stdout.txt", url, "never")])
        wait("a running task", lambda: self.batch.task.get(JOB, "ended").state.value == "running")
        self.batch.task.terminate(JOB, "ended")
        expect([self.failure(task) for task in ("limited", "ended", "never")], ["TaskEnded", "TaskEnded", "BlobNotFound"], "the failures")
        expect((self.names(), self.text("limited")), (["limited"], "limited\n"), "the blobs")

    def dependents(self):
        """A failed upload is a failure of its own, of which exit conditions may say what follows."""
        nowhere = self.storage.url("nowhere")
        satisfied = models.ExitConditions(file_upload_error=models.ExitOptions(dependency_action="satisfy"))
        self.add("lenient", "echo a > a", output_files=[output("a", nowhere)], exit_conditions=satisfied)
        self.add("strict", "echo a > a", output_files=[output("a", nowhere)])
        for first in ("lenient", "strict"):
            self.add(f"after-{first}", "true", depends_on=models.TaskDependencies(task_ids=[first]))
        expect((self.failure("lenient"), self.failure("strict")), ("FileUploadContainerNotFound",) * 2, "the failures")
        expect(self.failure("after-lenient"), None, "the task after one whose failure satisfies")
        expect(self.batch.task.get(JOB, "after-strict").state.value, "active", "the task after one whose failure does not")
        # Of a condition that is not met there is no upload, and so no failure.
        self.add("unmet", "echo a > a", output_files=[output("a", nowhere, condition="taskFailure")])
        expect(self.failure("unmet"), None, "an upload that no one has asked for")
        self.batch.job.add(models.JobAddParameter(id="stops", pool_info=self.pool, on_task_failure="performExitOptionsJobAction"))
        self.add("fails", "echo a > a", "stops", output_files=[output("a", nowhere)],
                 exit_conditions=models.ExitConditions(file_upload_error=models.ExitOptions(job_action="terminate")))
        wait("the job's end", lambda: self.batch.job.get("stops").state.value == "completed")
        expect(self.batch.job.get("stops").execution_info.terminate_reason, "TaskFailed", "terminateReason")

    def managers_and_gangs(self):
        url = self.container("others")
        self.batch.job.add(models.JobAddParameter(id="managed", pool_info=self.pool, job_manager_task=models.JobManagerTask(
            id="manager", command_line="/bin/bash -c 'mkdir out; echo plan > out/plan.txt'", output_files=[output("out/*.txt", url, "manager")])))
        wait("the job's end", lambda: self.batch.job.get("managed").state.value == "completed")
        expect((self.failure("manager", "managed"), self.text("manager/plan.txt")), (None, "plan\n"), "the manager's upload")
        # Of a gang, what its primary has written.
        self.add("gang", "hostname > host.txt; cat $AZ_BATCH_TASK_SHARED_DIR/coordinated", output_files=[output("*.txt", url, "gang")],
                 multi_instance_settings=models.MultiInstanceSettings(
                     number_of_instances=NODES, coordination_command_line="/bin/bash -c 'echo coordinated > $AZ_BATCH_TASK_SHARED_DIR/coordinated'"))
        expect(self.failure("gang"), None, "the gang's failure")
        expect(self.names(), ["gang/host.txt", "manager/plan.txt"], "the blobs")

    def account_storage(self):
        """The account's own storage, by the name of a container: what one task uploads, the next one has as a resource."""
        url = self.container("passed-on")
        self.add("writes", "mkdir -p set/deep; echo one > set/1; echo two > set/deep/2", output_files=[output("set/**/*", url, "given", condition="taskSuccess")])
        self.add("reads", "cat given/1 given/deep/2", depends_on=models.TaskDependencies(task_ids=["writes"]),
                 resource_files=[models.ResourceFile(auto_storage_container_name="passed-on", blob_prefix="given/")],
                 output_files=[output("../stdout.txt", url, "taken")])
        expect((self.failure("writes"), self.failure("reads")), (None, None), "the failures")
        expect(self.text("taken"), "one\ntwo\n", "what was passed on")

    def end(self):
        self.batch.pool.delete(POOL)
        wait("no pool", lambda: not self.batch.pool.exists(POOL))
        print("Output files have been uploaded when they should.")


def main():
    lives = Lives()
    wait("idle nodes", lambda: [node.state.value for node in lives.batch.compute_node.list(POOL)] == ["idle"] * NODES)
    lives.conditions()
    lives.retries()
    lives.ends()
    lives.dependents()
    lives.managers_and_gangs()
    lives.account_storage()
    lives.end()


main()
