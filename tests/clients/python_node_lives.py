#!/usr/bin/python3
"""Debian's Python client and nodes that are taken out of scheduling, restarted, reimaged and removed, with every option, while
tasks run on them; on a clock that is moved, so that each of it happens at a known time.

Started by run_with_service with the path of batchyard, against `up --instant --clock frozen=…`.
"""

import datetime

from moved_clock import clock, hours, make_pool, rest, sim
from python_batch import connect, expect, models, refused, text_of

POOL, JOB = "lives", "job"
NEWEST = "2024-07-01.20.0"  # the version in which nodes of machines' pools can be reimaged


class Lives:
    def __init__(self):
        self.client = connect()
        self.nodes = make_pool(self.client, POOL, 2, start_task=models.StartTask(command_line="prepare", wait_for_success=True))
        self.client.job.add(models.JobAddParameter(
            id=JOB, pool_info=models.PoolInformation(pool_id=POOL), job_preparation_task=models.JobPreparationTask(
                id="prep", command_line="prepare", rerun_on_node_reboot_after_success=True)))
        self.tasks = 0

    def run(self, node, duration="PT1H", **more):
        """A task that runs on that node; its name."""
        self.tasks += 1
        name = f"t{self.tasks}"
        self.client.task.add(JOB, models.TaskAddParameter(
            id=name, command_line=f"work of {name}", environment_settings=sim(DURATION=duration),
            affinity_info=models.AffinityInformation(affinity_id=self.node(node).affinity_id), **more))
        rest()
        expect(self.where(name), node, f"the node of {name}")
        return name

    def node(self, node):
        return self.client.compute_node.get(POOL, node)

    def state(self, node):
        return self.node(node).state.value

    def task(self, name):
        return self.client.task.get(JOB, name)

    def where(self, name):
        info = self.task(name).node_info
        return info.node_id if info else None

    def outcome(self, name):
        """The task's state, and its failure or what the service has counted."""
        task = self.task(name)
        info = task.execution_info
        return (task.state.value, info.failure_info.code if info.failure_info else None, info.requeue_count)

    def reads(self, name):
        return text_of(self.client.file.get_from_task(JOB, name, "stdout.txt"))

    def prepared(self, node):
        """When the job's preparation has run on that node last."""
        options = models.JobListPreparationAndReleaseTaskStatusOptions(filter=f"nodeId eq '{node}'")
        found = list(self.client.job.list_preparation_and_release_task_status(JOB, options))
        return found[0].job_preparation_task_execution_info.start_time if found else None

    def unscheduled(self):
        one, other = self.nodes
        task = self.run(one)
        self.client.compute_node.disable_scheduling(POOL, one, node_disable_scheduling_option="taskCompletion")
        expect((self.state(one), self.outcome(task)), ("running", ("running", None, 0)), "a node that completes its task")
        clock("--advance", "PT1H")
        expect((self.state(one), self.outcome(task)), ("offline", ("completed", None, 0)), "the node afterwards")
        expect(self.node(one).scheduling_state.value, "disabled", "schedulingState")
        # Its files are there, other nodes have the work.
        expect(self.reads(task), f"work of {task}\n", "what the task has written")
        self.client.compute_node.enable_scheduling(POOL, one)
        expect(self.state(one), "idle", "a node that takes tasks again")

        task = self.run(one)
        self.client.compute_node.disable_scheduling(POOL, one)  # requeue
        rest()
        expect((self.state(one), self.outcome(task), self.where(task)), ("offline", ("running", None, 1), other), "a task that was requeued")
        self.client.compute_node.enable_scheduling(POOL, one)
        second = self.run(one)
        self.client.compute_node.disable_scheduling(POOL, one, node_disable_scheduling_option="terminate")
        rest()
        expect((self.state(one), self.outcome(second)), ("offline", ("completed", "TaskEnded", 0)), "a task that was terminated")
        refused("NodeAlreadyInTargetSchedulingState", lambda: self.client.compute_node.disable_scheduling(POOL, one))
        self.client.compute_node.enable_scheduling(POOL, one)
        clock("--advance", "PT1H")
        expect(self.outcome(task), ("completed", None, 1), "the requeued task's end")

    def rebooted(self):
        one, other = self.nodes
        task = self.run(one)
        booted, prepared = self.node(one).last_boot_time, self.prepared(one)
        begin = clock("--advance", "PT20M")
        self.client.compute_node.reboot(POOL, one, node_reboot_option="taskCompletion")
        rest()
        expect((self.state(one), self.outcome(task)), ("rebooting", ("running", None, 0)), "a node that completes its task before it reboots")
        refused("NodeBeingRebooted", lambda: self.client.compute_node.reboot(POOL, one))
        clock("--advance", "PT40M")
        expect(self.state(one), "waitingforstarttask", "the node whose start task runs again")
        clock("--advance", "PT1S")  # so long it takes
        node = self.node(one)
        end = begin + datetime.timedelta(minutes=40)
        expect((node.state.value, self.outcome(task)), ("idle", ("completed", None, 0)), "the node after its reboot")
        expect((node.last_boot_time > booted, node.last_boot_time, node.start_task_info.start_time), (True, end, end), "when it was rebooted")
        expect(self.reads(task), f"work of {task}\n", "what the task has written, which a reboot leaves")
        # The preparation runs again, as it asks for, before the next task.
        expect(self.prepared(one), prepared, "the preparation before the next task")
        task = self.run(one)
        expect(self.prepared(one) >= end, True, "the preparation with the next task")
        self.client.compute_node.reboot(POOL, one, node_reboot_option="terminate")
        clock("--advance", "PT1S")
        expect((self.state(one), self.outcome(task)), ("idle", ("completed", "TaskEnded", 0)), "a node that was rebooted under a task")

    def reimaged(self):
        one, other = self.nodes
        left = self.run(one, "PT0S")
        clock("--advance", "PT1S")  # the preparation runs again
        expect(self.reads(left), f"work of {left}\n", "what a task has written before its node is reimaged")
        task = self.run(one)
        refused("OperationNotValidOnNode", lambda: self.client.compute_node.reimage(POOL, one))
        self.client.compute_node.api_version = NEWEST
        now = clock("--advance", "PT1M")
        self.client.compute_node.reimage(POOL, one)
        clock("--advance", "PT1S")
        node = self.node(one)
        expect((node.state.value, node.start_task_info.start_time, node.last_boot_time), ("idle", now, now), "a reimaged node")
        expect((self.outcome(task), self.where(task)), (("running", None, 1), other), "the task that ran there")
        expect(self.reads(left), f"work of {left}\n", "what was kept of the task's files")
        expect([one.name for one in self.client.file.list_from_compute_node(POOL, one) if one.name == "workitems/job"], [], "the disk")
        clock("--advance", "PT1H")

    def removed(self):
        """By name, with each option; the pool's target follows."""
        one, other = self.nodes
        task = self.run(one)
        expect(self.outcome(task)[0], "preparing", "a task on the reimaged node, where its job's preparation runs again")
        clock("--advance", "PT1S")
        self.client.pool.remove_nodes(POOL, models.NodeRemoveParameter(node_list=[one], node_deallocation_option="taskCompletion"))
        rest()
        pool = self.client.pool.get(POOL)
        expect((pool.allocation_state.value, pool.target_dedicated_nodes, pool.current_dedicated_nodes), ("resizing", 1, 2), "the pool meanwhile")
        expect((self.state(one), self.outcome(task)), ("leavingpool", ("running", None, 0)), "a node that leaves after its task")
        refused("PoolBeingResized", lambda: self.client.pool.remove_nodes(POOL, models.NodeRemoveParameter(node_list=[other])))
        refused("OperationInvalidForCurrentState", lambda: self.client.compute_node.reboot(POOL, one))
        clock("--advance", "PT1H")
        refused("NodeNotFound", lambda: self.node(one))
        expect((self.outcome(task), self.reads(task)), (("completed", None, 0), f"work of {task}\n"), "its task, and what that has written")

        # A node with data stays until the retention time of its tasks is over, and takes none meanwhile.
        short = models.TaskConstraints(retention_time=hours(10))
        task = self.run(other, constraints=short)
        self.client.pool.remove_nodes(POOL, models.NodeRemoveParameter(node_list=[other], node_deallocation_option="retainedData"))
        clock("--advance", "PT1H")
        expect((self.state(other), self.outcome(task)), ("leavingpool", ("completed", None, 0)), "a node that keeps its data")
        # …of this task for ten hours, of earlier ones for the seven days that are the default.
        clock("--advance", "P6D")
        expect(self.state(other), "leavingpool", "a node that keeps its data")
        clock("--advance", "P1D")
        expect((list(self.client.compute_node.list(POOL)), self.client.pool.get(POOL).allocation_state.value), ([], "steady"), "the pool without nodes")

    def shrunk(self):
        """A resize chooses nodes with nothing to do first; requeue and terminate act on the others."""
        self.client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=3))
        rest()
        self.nodes = [node.id for node in self.client.compute_node.list(POOL)]
        tasks = [self.run(node) for node in self.nodes[:2]]
        self.client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=2, node_deallocation_option="requeue"))
        rest()
        expect(sorted(node.id for node in self.client.compute_node.list(POOL)), sorted(self.nodes[:2]), "the nodes that stay")
        self.client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=1, node_deallocation_option="requeue"))
        rest()
        seen = sorted(self.outcome(task) for task in tasks)
        expect(seen, [("active", None, 1), ("running", None, 0)], "two tasks for one node")
        clock("--advance", "PT1H")
        waiting = next(task for task in tasks if self.outcome(task)[0] == "running")
        self.client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=0, node_deallocation_option="terminate"))
        rest()
        expect(self.outcome(waiting), ("completed", "TaskEnded", 1), "the task that was terminated")

    def end(self):
        self.client.job.terminate(JOB)
        rest()
        expect(self.client.job.get(JOB).state.value, "completed", "the job whose nodes are gone")
        self.client.pool.delete(POOL)
        rest()
        refused("PoolNotFound", lambda: self.client.pool.get(POOL))


def main():
    lives = Lives()
    lives.unscheduled()
    lives.rebooted()
    lives.reimaged()
    lives.removed()
    lives.shrunk()
    lives.end()
    print("Nodes have had their lives.")


main()
