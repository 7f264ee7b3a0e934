#!/usr/bin/python3
"""A GPU pool on whatever machine this is, by Debian's Python client: the GPUs show to tasks through nvidia-smi and NVML, each task has
its own, faults are injected and the node says what is wrong with it, and comes back.

Started by run_with_service with the path of batchyard; AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT are set.
"""

import json
import subprocess
import sys
import time

from python_batch import connect, expect, models, text_of, wait

POOL, JOB = "gpus", "gpu-job"
# Ends when the other one has begun, so that both run at once.
LIST = ("/bin/sh -c 'nvidia-smi -L; echo $CUDA_VISIBLE_DEVICES; cd $AZ_BATCH_NODE_SHARED_DIR; touch $AZ_BATCH_TASK_ID; "
        "timeout 60 sh -c \"until test -e a && test -e b; do sleep 0.1; done\"'")
# What a monitoring tool does, without any package.
NVML = """import ctypes, os
lib = ctypes.CDLL("libnvidia-ml.so.1")
assert lib.nvmlInit_v2() == 0
count = ctypes.c_uint()
assert lib.nvmlDeviceGetCount_v2(ctypes.byref(count)) == 0
device, name = ctypes.c_void_p(), ctypes.create_string_buffer(96)
assert lib.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)) == 0
assert lib.nvmlDeviceGetName(device, name, 96) == 0
print(count.value, name.value.decode())
"""


def batchyard(*words, code=0):
    done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=False)
    expect(done.returncode, code, f"the exit code of {' '.join(words)} ({done.stderr})")
    return done.stdout


def machine():
    return models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(publisher="OpenLogic", offer="CentOS-HPC", sku="7.4"), node_agent_sku_id="batch.node.centos 7")


def node_of(client):
    return next(iter(client.compute_node.list(POOL)), None)


def wait_state(client, state):
    wait(f"a node that is {state}", lambda: (node := node_of(client)) and node.state == state)
    return node_of(client)


def run(client, *tasks):
    """Adds tasks, waits for all of them, and gives what they wrote."""
    for name, command in tasks:
        client.task.add(JOB, models.TaskAddParameter(id=name, command_line=command))
    for name, _ in tasks:
        wait(f"the end of {name}", lambda name=name: client.task.get(JOB, name).state == "completed")
    return [text_of(client.file.get_from_task(JOB, name, "stdout.txt")) for name, _ in tasks]


def main():
    client = connect()
    client.pool.add(models.PoolAddParameter(id=POOL, vm_size="Standard_NC12", target_dedicated_nodes=1, virtual_machine_configuration=machine(),
                                            task_slots_per_node=2))
    client.job.add(models.JobAddParameter(id=JOB, pool_info=models.PoolInformation(pool_id=POOL)))
    node = wait_state(client, "idle")
    hardware = batchyard("describe", "node", POOL, node.id)
    real = "(emulated)" not in hardware
    outputs = run(client, ("a", LIST), ("b", LIST))
    if real:  # a machine with two GPUs of its own: what follows is about emulated ones
        print("real GPUs")
        return
    expect("Tesla K80" in hardware and "passed" in hardware, True, f"the node's hardware: {hardware}")
    lines = [output.splitlines() for output in outputs]
    for shown, visible in lines:
        expect(visible in shown and "Tesla K80" in shown, True, f"{visible} is what nvidia-smi shows: {shown}")
    expect(lines[0][1] != lines[1][1], True, "two tasks have two GPUs")
    expect("(emulated)" in batchyard("describe", "task", JOB, "a"), True, "the task says that its GPU is emulated")
    expect(run(client, ("nvml", "/usr/bin/python3 -c '" + NVML + "'"))[0].strip(), "1 Tesla K80", "NVML's answer")

    batchyard("fault", "inject", POOL, "*", "xid", "--gpu", "1")
    node = wait_state(client, "unusable")
    details = {detail.name: detail.value for detail in node.errors[0].error_details}
    expect((node.errors[0].code, details["Check"]), ("HardwareCheckFailed", "gpu.xid"), "the node's error")
    expect("79" in details["Measured"] and details["Cure"] != "", True, "what was measured, and its cure")
    expect("failed" in batchyard("describe", "node", POOL, node.id), True, "describe shows the check")
    expect(json.loads(batchyard("fault", "list", POOL, "-o", "json"))[0]["state"], "active", "the fault's state")
    batchyard("fault", "clear", POOL)
    wait_state(client, "idle")

    # While a task runs: it sees the fault, and may end.
    client.task.add(JOB, models.TaskAddParameter(id="mid", command_line="/bin/sh -c 'until ! nvidia-smi; do sleep 0.2; done; exit 3'"))
    wait("its start", lambda: client.task.get(JOB, "mid").state == "running")
    batchyard("fault", "inject", POOL, "1", "drivermismatch", "--for", "PT4S")
    wait("its end", lambda: client.task.get(JOB, "mid").state == "completed")
    expect(client.task.get(JOB, "mid").execution_info.exit_code, 3, "the task's own exit code")
    expect("mismatch" in text_of(client.file.get_from_task(JOB, "mid", "stdout.txt")), True, "nvidia-smi's words")
    wait_state(client, "idle")

    before = node_of(client).last_boot_time
    batchyard("fault", "inject", POOL, "*", "lost")
    wait("another life of the node", lambda: (node := node_of(client)) and node.state == "idle" and node.last_boot_time > before)
    batchyard("fault", "inject", POOL, "*", "quota")
    client.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=2))
    wait("the resize error", lambda: client.pool.get(POOL).resize_errors)
    expect(client.pool.get(POOL).resize_errors[0].code, "AccountCoreQuotaReached", "the resize error")
    batchyard("fault", "inject", POOL, "nobody", "xid", code=3)
    client.pool.delete(POOL)
    wait("the pool's end", lambda: not any(pool.id == POOL for pool in client.pool.list()))
    print("emulated GPUs, faults and their ends: done")


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.1f} s")
