#!/usr/bin/python3
"""Debian's Python client and jobs that last for days: dependencies with retries and failures, jobs that are changed while they run,
preparation and release on nodes that come and go; on a clock that is moved, so that each of it happens at a known time.

Started by run_with_service with the path of batchyard, against `up --instant --clock frozen=…`.
"""

import datetime

from moved_clock import clock, hours, make_pool, rest, sim
from python_batch import connect, expect, models, refused

POOL = "p"


class Lives:
    def __init__(self):
        self.client = connect()
        make_pool(self.client, POOL, 2, task_slots_per_node=2)
        make_pool(self.client, "other", 1)

    def add_job(self, name, pool=POOL, **more):
        self.client.job.add(models.JobAddParameter(id=name, pool_info=models.PoolInformation(pool_id=pool), **more))
        return rest()

    def add(self, job, name, duration="PT1H", exit_code="0", after=None, ranges=None, **more):
        depends = models.TaskDependencies(task_ids=after, task_id_ranges=ranges) if after or ranges else None
        self.client.task.add(job, models.TaskAddParameter(
            id=name, command_line="work", environment_settings=sim(DURATION=duration, EXIT_CODE=exit_code), depends_on=depends, **more))

    def state(self, job):
        return self.client.job.get(job).state.value

    def states(self, job):
        return {task.id: task.state.value for task in self.client.task.list(job)}

    def running(self, job):
        return sorted(name for name, state in self.states(job).items() if state == "running")

    def span(self, job, task, since):
        """Hours from `since` to the start and the end of the last try."""
        info = self.client.task.get(job, task).execution_info
        return tuple(round((moment - since) / hours(1), 2) for moment in (info.start_time, info.end_time))

    def depend(self):
        """A pipeline over three days: what fails is tried again, what waits for it waits on; at the end the job ends itself."""
        begin = self.add_job("pipeline", uses_task_dependencies=True)
        again = models.TaskConstraints(max_task_retry_count=3)
        self.add("pipeline", "load", "PT6H", "1,1,0", constraints=again)
        for number in range(1, 5):
            self.add("pipeline", str(number), "PT10H", after=["load"])
        self.add("pipeline", "join", "PT2H", ranges=[models.TaskIdRange(start=1, end=4)])
        self.add("pipeline", "cleans", "PT1H", after=["breaks"])
        self.add("pipeline", "never", "PT1H", after=["join", "breaks"])
        breaks = models.ExitConditions(exit_codes=[models.ExitCodeMapping(code=9, exit_options=models.ExitOptions(dependency_action="satisfy"))])
        self.add("pipeline", "breaks", "PT1H", "7,9", after=["join"], exit_conditions=breaks)
        rest()
        expect(self.running("pipeline"), ["load"], "what runs at first")
        clock("--advance", "PT17H")
        expect((self.running("pipeline"), self.client.task.get("pipeline", "load").execution_info.retry_count), (["load"], 2), "after two failures")
        clock("--advance", "PT2H")
        expect(self.running("pipeline"), ["1", "2", "3", "4"], "what runs when it has succeeded")
        clock("--advance", "PT20H")
        # The task has failed with a code that satisfies nobody.
        states = self.states("pipeline")
        expect([states[name] for name in ("join", "breaks", "cleans", "never")], ["completed", "completed", "active", "active"], "after the failure")
        expect([self.span("pipeline", name, begin) for name in ("load", "1", "join", "breaks")], [(12, 18), (18, 28), (28, 30), (30, 31)], "the spans")
        # Reactivated, it fails with one that does.
        clock("--advance", "PT1H")
        self.client.task.reactivate("pipeline", "breaks")
        clock("--advance", "PT3H")
        expect([self.span("pipeline", name, begin) for name in ("breaks", "cleans", "never")], [(40, 41), (41, 42), (41, 42)], "the second try")
        self.client.job.patch("pipeline", models.JobPatchParameter(on_all_tasks_complete="terminateJob"))
        rest()
        expect((self.state("pipeline"), self.client.job.get("pipeline").execution_info.terminate_reason), ("completed", "AllTasksComplete"), "the job")

    def change(self):
        """What a change means for tasks that run and that wait."""
        begin = self.add_job("first", priority=0)
        self.add_job("second", priority=0, constraints=models.JobConstraints(max_wall_clock_time=hours(48)))
        for number in range(6):
            self.add("first", f"a{number}")
        for number in range(4):
            self.add("second", f"b{number}")
        rest()
        expect((len(self.running("first")), self.running("second")), (4, []), "the older job first")
        # The more important one is served when room comes; what runs is left alone.
        self.client.job.patch("second", models.JobPatchParameter(priority=100))
        rest()
        expect(len(self.running("first")), 4, "tasks that run on")
        self.client.job.patch("second", models.JobPatchParameter(max_parallel_tasks=3))
        clock("--advance", "PT1H")
        expect((len(self.running("first")), len(self.running("second"))), (1, 3), "three of four slots for the more important one")
        self.client.job.patch("second", models.JobPatchParameter(max_parallel_tasks=-1))
        clock("--advance", "PT1H")
        expect((self.running("first"), self.running("second")), (["a5"], ["b3"]), "the last ones of both")
        # The limit of a job counts from its creation.
        for number in range(2):
            self.add("second", f"long{number}", "P3D")
        clock("--advance", "PT2H")
        self.client.job.patch("second", models.JobPatchParameter(constraints=models.JobConstraints(max_wall_clock_time=hours(24), max_task_retry_count=2)))
        clock("--advance", "PT19H59M")
        expect(self.state("second"), "active", "a job a minute before its new limit")
        clock("--advance", "PT1M")
        job = self.client.job.get("second")
        expect((job.state.value, job.execution_info.terminate_reason, job.execution_info.end_time - begin), ("completed", "MaxWallClockTimeExpiry", hours(24)),
               "the job at its new limit")
        refused("JobCompleted", lambda: self.client.job.patch("second", models.JobPatchParameter(priority=1)))
        self.client.job.delete("first")

    def move(self):
        """A disabled job goes to another pool; its tasks are tried there."""
        self.add_job("moves")
        for number in range(3):
            self.add("moves", f"t{number}", "PT5H", constraints=models.TaskConstraints(max_task_retry_count=1))
        rest()
        elsewhere = models.JobPatchParameter(pool_info=models.PoolInformation(pool_id="other"), metadata=[models.MetadataItem(name="moved", value="yes")])
        refused("OperationInvalidForCurrentState", lambda: self.client.job.patch("moves", elsewhere))
        self.client.job.disable("moves", "wait")
        clock("--advance", "PT1H")
        expect((self.state("moves"), len(self.running("moves"))), ("disabling", 3), "a job that waits for its tasks")
        clock("--advance", "PT4H")
        expect(self.state("moves"), "disabled", "a job whose tasks are done")
        self.add("moves", "later", "PT1H")
        self.client.job.patch("moves", elsewhere)
        self.client.job.enable("moves")
        clock("--advance", "PT1H")
        task = self.client.task.get("moves", "later")
        expect((task.state.value, task.node_info.pool_id), ("completed", "other"), "the task of the moved job")
        expect(self.client.job.get("moves").metadata[0].value, "yes", "the job's metadata")
        self.client.job.delete("moves")

    def prepare(self):
        """Preparation that fails at first, on nodes that come later, too; release where it ran, also when it fails."""
        quarter = datetime.timedelta(minutes=15)
        self.add_job("prepared", on_all_tasks_complete="noAction", job_preparation_task=models.JobPreparationTask(
                         command_line="prepare", environment_settings=sim(DURATION="PT10M", EXIT_CODE="1,0"),
                         constraints=models.TaskConstraints(max_task_retry_count=1)),
                     job_release_task=models.JobReleaseTask(
                         command_line="release", environment_settings=sim(DURATION="PT2H"), max_wall_clock_time=quarter))
        begin = rest()
        for number in range(3):
            self.add("prepared", f"t{number}")
        rest()
        expect(sorted(self.states("prepared").values()), ["preparing"] * 3, "tasks whose node is prepared")
        clock("--advance", "PT20M")
        expect(self.running("prepared"), ["t0", "t1", "t2"], "tasks when their nodes are prepared")
        self.client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=3))
        clock("--advance", "PT1H")
        # The new node is prepared when a task comes to it.
        status = self.status("prepared")
        expect(len(status), 2, "prepared nodes")
        for number in range(3, 9):
            self.add("prepared", f"t{number}")
        clock("--advance", "PT90M")
        status = self.status("prepared")
        seen = sorted((one.job_preparation_task_execution_info.retry_count, one.job_preparation_task_execution_info.result.value,
                       one.job_preparation_task_execution_info.end_time - begin) for one in status)
        expect(seen, [(1, "success", datetime.timedelta(minutes=20)), (1, "success", datetime.timedelta(minutes=20)),
                      (1, "success", datetime.timedelta(minutes=100))], "preparations")
        expect(set(self.states("prepared").values()), {"completed"}, "the tasks")
        now = clock("--advance", "PT10M")
        self.client.job.terminate("prepared", terminate_reason="done")
        clock("--advance", "PT14M")
        expect(self.state("prepared"), "terminating", "a job that is released")
        clock("--advance", "PT1M")
        expect((self.state("prepared"), self.client.job.get("prepared").execution_info.end_time), ("completed", now + quarter), "the job after that")
        for one in self.status("prepared"):
            info = one.job_release_task_execution_info
            expect((info.state.value, info.result.value, info.failure_info.code, info.end_time - info.start_time),
                   ("completed", "failure", "TaskEnded", quarter), "a release that took too long")

    def status(self, job):
        return list(self.client.job.list_preparation_and_release_task_status(job))


def main():
    lives = Lives()
    lives.depend()
    lives.change()
    lives.move()
    lives.prepare()
    print("Jobs have had their lives.")


main()
