#!/usr/bin/python3
"""Debian's Python client (azure-batch 13) takes a pool, a job, tasks, files and a gang through their life.

Started by run_with_service, which sets AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT.
"""

import os
import sys
import time

from azure.batch import BatchServiceClient
from azure.batch import models
from azure.batch.batch_auth import SharedKeyCredentials

DEADLINE_S = 120
NODES = 3


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"{what}: {seen!r}, not {wanted!r}")


def wait(what, look):
    """Asks until the answer is true; the answer."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    sys.exit(f"{what} did not come within {DEADLINE_S} s")


def refused(code, call):
    try:
        call()
    except models.BatchErrorException as error:
        expect(error.error.code, code, "the refusal's code")
        return error
    sys.exit(f"{code} was expected, but the call went through")


def connect():
    credentials = SharedKeyCredentials(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"])
    client = BatchServiceClient(credentials, batch_url=os.environ["AZURE_BATCH_ENDPOINT"])
    if "REQUESTS_CA_BUNDLE" in os.environ:
        client.config.connection.verify = os.environ["REQUESTS_CA_BUNDLE"]
    return client


def text_of(stream):
    return b"".join(stream).decode()


def make_pool(client):
    options = models.AccountListSupportedImagesOptions(filter="nodeAgentSKUId eq 'batch.node.centos 7'")
    images = [one for one in client.account.list_supported_images(options) if one.image_reference.sku == "7.4"]
    image = next(one for one in images if one.image_reference.offer.lower() == "centos-hpc")
    client.pool.add(
        models.PoolAddParameter(
            id="py-pool",
            vm_size="STANDARD_H16r",
            target_dedicated_nodes=NODES,
            enable_inter_node_communication=True,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id
            ),
            start_task=models.StartTask(command_line="/bin/sh -c 'echo started'", wait_for_success=True),
        )
    )
    expect(client.pool.exists("PY-POOL"), True, "pool.exists")
    refused("PoolExists", lambda: client.pool.add(models.PoolAddParameter(id="py-pool", vm_size="standard_h16r",
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id))))

    def nodes():
        found = list(client.compute_node.list("py-pool"))
        return found if len(found) == NODES and all(node.state == "idle" for node in found) else None

    found = wait("three idle nodes", nodes)
    pool = client.pool.get("py-pool")
    expect(pool.allocation_state.value, "steady", "allocationState")
    expect(pool.current_dedicated_nodes, NODES, "currentDedicatedNodes")
    expect(pool.vm_size, "standard_h16r", "vmSize")
    expect(found[0].start_task_info.exit_code, 0, "the start task's exit code")
    return found


def look_at_pool(client, nodes):
    options = models.PoolListOptions(filter="startswith(id,'py-')", select="id,state")
    expect([(pool.id, pool.state.value, pool.vm_size) for pool in client.pool.list(options)], [("py-pool", "active", None)], "the pools")
    client.pool.patch("py-pool", models.PoolPatchParameter(metadata=[models.MetadataItem(name="made", value="by test")]))
    pool = client.pool.get("py-pool")
    expect(pool.metadata[0].value, "by test", "the patched metadata")
    refused("ConditionNotMet", lambda: client.pool.patch(
        "py-pool", models.PoolPatchParameter(metadata=[]), models.PoolPatchOptions(if_match="0x8D0000000000FF")))
    counts = list(client.account.list_pool_node_counts())
    expect(counts[0].dedicated.idle, NODES, "idle nodes counted")
    node = client.compute_node.get("py-pool", nodes[0].id)
    expect(node.scheduling_state.value, "enabled", "schedulingState")
    listed = {one.name for one in client.file.list_from_compute_node("py-pool", node.id, recursive=True)}
    if not any(name.endswith("startup/stdout.txt") for name in listed):
        sys.exit(f"the start task's stdout is not among the node's files: {sorted(listed)}")
    expect(text_of(client.file.get_from_compute_node("py-pool", node.id, "startup/stdout.txt")), "started\n", "the start task's stdout")


def run_tasks(client):
    client.job.add(models.JobAddParameter(id="py-job", pool_info=models.PoolInformation(pool_id="py-pool")))
    client.job.patch("py-job", models.JobPatchParameter(priority=7))
    expect(client.job.get("py-job").priority, 7, "the job's priority")
    tasks = [models.TaskAddParameter(id=f"task-{number:02}", command_line=f"/bin/sh -c 'echo {number}; exit {number % 2}'") for number in range(20)]
    added = client.task.add_collection("py-job", tasks)
    expect({one.status.value for one in added.value}, {"success"}, "the verdicts of the collection")
    again = client.task.add_collection("py-job", tasks[:1])
    expect(again.value[0].error.code, "TaskExists", "a task that is there already")
    client.task.add("py-job", models.TaskAddParameter(id="no-such-command", command_line="/no/such/command"))
    wait("21 completed tasks", lambda: client.job.get_task_counts("py-job").task_counts.completed == 21)
    counts = client.job.get_task_counts("py-job").task_counts
    expect((counts.succeeded, counts.failed), (10, 11), "succeeded and failed tasks")
    options = models.TaskListOptions(filter="executionInfo/exitCode eq 1", max_results=3)
    expect(len(list(client.task.list("py-job", options))), 10, "tasks that exited with 1, over all pages")
    broken = client.task.get("py-job", "no-such-command").execution_info
    expect(broken.result.value, "failure", "the result of a command that does not exist")
    if broken.failure_info is None or not broken.failure_info.message:
        sys.exit("a command that does not exist has no failureInfo")
    refused("TaskNotFound", lambda: client.task.get("py-job", "none"))


def read_files(client):
    names = {one.name for one in client.file.list_from_task("py-job", "task-04", recursive=True)}
    if not {"stdout.txt", "stderr.txt", "wd"} <= names:
        sys.exit(f"the task's files are {sorted(names)}")
    expect(text_of(client.file.get_from_task("py-job", "task-04", "stdout.txt")), "4\n", "stdout.txt")
    options = models.FileGetFromTaskOptions(ocp_range="bytes=1-1")
    expect(text_of(client.file.get_from_task("py-job", "task-14", "stdout.txt", options)), "4", "a range of stdout.txt")
    raw = client.file.get_properties_from_task("py-job", "task-14", "stdout.txt", raw=True)
    expect(raw.response.headers["Content-Length"], "3", "Content-Length of the properties")
    expect(raw.response.headers["ocp-batch-file-isdirectory"].lower(), "false", "ocp-batch-file-isdirectory")
    client.file.delete_from_task("py-job", "task-14", "stdout.txt")
    refused("FileNotFound", lambda: text_of(client.file.get_from_task("py-job", "task-14", "stdout.txt")))


def run_gang(client, name, command):
    client.task.add("py-job", models.TaskAddParameter(
        id=name, command_line=command,
        multi_instance_settings=models.MultiInstanceSettings(number_of_instances=NODES, coordination_command_line="/bin/true")))

    def ended():
        task = client.task.get("py-job", name)
        return task if task.state.value == "completed" else None

    task = wait("the gang's end", ended)
    out = text_of(client.file.get_from_task("py-job", name, "stdout.txt"))
    errors = text_of(client.file.get_from_task("py-job", name, "stderr.txt"))
    expect(task.execution_info.exit_code, 0, f"the gang's exit code, with stderr {errors!r}")
    subtasks = client.task.list_subtasks("py-job", name).value
    expect(sorted(one.id for one in subtasks), [1, 2], "the subtasks")
    expect(len({one.node_info.node_id for one in subtasks} | {task.node_info.node_id}), NODES, "nodes that took part")
    if os.environ.get("BATCHYARD_NODES_ARE_PROCESSES") != "1":
        expect(len(set(out.split())), NODES, f"host names in {out!r}")


def end_all(client):
    client.task.add("py-job", models.TaskAddParameter(id="long", command_line="/bin/sleep 1000"))
    wait("a running task", lambda: client.task.get("py-job", "long").state.value == "running")
    client.task.terminate("py-job", "long")
    wait("its end", lambda: client.task.get("py-job", "long").state.value == "completed")
    expect(client.task.get("py-job", "long").execution_info.failure_info.code, "TaskEnded", "the failure of a terminated task")
    client.task.reactivate("py-job", "task-01")
    wait("the reactivated task's end", lambda: client.task.get("py-job", "task-01").state.value == "completed")
    client.task.delete("py-job", "task-01")
    client.job.terminate("py-job", terminate_reason="enough")
    wait("the job's end", lambda: client.job.get("py-job").state.value == "completed")
    expect(client.job.get("py-job").execution_info.terminate_reason, "enough", "terminateReason")
    client.job.delete("py-job")
    wait("no job", lambda: "py-job" not in [job.id for job in client.job.list()])
    client.pool.resize("py-pool", models.PoolResizeParameter(target_dedicated_nodes=1))
    wait("one node", lambda: client.pool.get("py-pool").current_dedicated_nodes == 1)
    client.pool.delete("py-pool")
    wait("no pool", lambda: not client.pool.exists("py-pool"))


def main():
    client = connect()
    nodes = make_pool(client)
    look_at_pool(client, nodes)
    run_tasks(client)
    read_files(client)
    run_gang(client, "openmpi", "/bin/sh -c 'mpirun.openmpi -n 3 --map-by node hostname'")
    run_gang(client, "mpich", "/bin/sh -c 'mpiexec.hydra -n 3 -ppn 1 hostname'")
    end_all(client)
    print("The Python client's round is done.")


if __name__ == "__main__":
    main()
