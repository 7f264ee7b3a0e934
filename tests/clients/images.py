#!/usr/bin/python3
"""Images end to end: a root file system is imported, nodes boot into it, a node that its start task has prepared is captured, nodes of
the captured image have the program without a start task, reimaging brings the image back, and what is used is not removed.

Started by run_with_service with the path of batchyard.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import root_file_system
from python_batch import connect, expect, models, text_of, wait

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/shelf/images/tiny"
AGENT = "batch.node.debian 12"
INSTALL = "/bin/sh -c 'printf \"#!/bin/sh\\necho installed\\n\" > /usr/bin/tool && chmod 755 /usr/bin/tool && rm /etc/removed'"


def batchyard(*words, code=0):
    ended = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=120, check=False)
    expect(ended.returncode, code, f"the exit code of {' '.join(words)} ({ended.stdout}{ended.stderr})")
    return ended.stdout if code == 0 else ended.stderr


def machine(image):
    reference = models.ImageReference(virtual_machine_image_id=image)
    return models.VirtualMachineConfiguration(image_reference=reference, node_agent_sku_id=AGENT)


def marketplace():
    reference = models.ImageReference(publisher="Debian", offer="debian-12", sku="12")
    return models.VirtualMachineConfiguration(image_reference=reference, node_agent_sku_id=AGENT)


def admin():
    return models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin"))


def add_pool(client, name, configuration, nodes=1, **more):
    client.pool.add(models.PoolAddParameter(id=name, vm_size="Standard_A1_v2", target_dedicated_nodes=nodes,
                                            virtual_machine_configuration=configuration, **more))
    client.job.add(models.JobAddParameter(id=name, pool_info=models.PoolInformation(pool_id=name)))
    wait(f"idle nodes of {name}", lambda: [node.state for node in client.compute_node.list(name)] == ["idle"] * nodes)


def run(client, job, name, command, **more):
    client.task.add(job, models.TaskAddParameter(id=name, command_line=command, **more))
    wait(f"the end of {job}/{name}", lambda: client.task.get(job, name).state == "completed")
    return text_of(client.file.get_from_task(job, name, "stdout.txt"))


def end_pools(client, *names):
    for name in names:
        client.job.delete(name)
        client.pool.delete(name)
    wait("the pools' end", lambda: not any(pool.id in names for pool in client.pool.list()))


def imports(folder):
    root = root_file_system.make(folder / "root")
    (root / "etc/removed").write_text("in the image")
    mpi = shutil.which("mpirun.openmpi")
    said = batchyard("image", "import", ID + "/versions/1.0.0", "--from", str(root))
    expect("Tiny Linux" in said and AGENT in said, True, f"what was imported: {said}")
    shown = json.loads(batchyard("image", "list", "-o", "json"))["images"][0]
    expect((shown["name"], shown["id"], shown["nodeAgentSKUId"]), ("tiny-1.0.0", ID + "/versions/1.0.0", AGENT), "the image")
    expect("ImageExists" in batchyard("image", "import", ID + "/versions/1.0.0", "--from", str(root), code=3), True, "imported twice")
    subprocess.run(["tar", "-C", root, "-czf", folder / "root.tar.gz", "."], check=True)
    batchyard("image", "import", "packed", "--from", str(folder / "root.tar.gz"), "--agent", "batch.node.debian 11")
    return mpi


def boots(client):
    """Two nodes with a start task that changes them."""
    add_pool(client, "tiny", machine(ID), start_task=models.StartTask(command_line=INSTALL, user_identity=admin(), wait_for_success=True))
    said = run(client, "tiny", "look", "/bin/sh -c 'grep PRETTY /etc/os-release; id -u; tool; [ -e /usr/bin/python3 ] || echo none; pwd'")
    lines = said.splitlines()
    expect(lines[:4], ['PRETTY_NAME="Tiny Linux"', "60001", "installed", "none"], "a task in the image")
    expect(lines[4].startswith("/mnt/batch/tasks/workitems/tiny/"), True, "its directory is a node's")
    root = run(client, "tiny", "root", "/bin/sh -c 'id -u; echo x > /etc/mine; cat /etc/mine'", user_identity=admin())
    expect(root, "0\nx\n", "an elevated task")
    node = next(iter(client.compute_node.list("tiny")))
    hardware = batchyard("describe", "node", "tiny", node.id)
    expect("Tiny Linux" in hardware, True, f"the node tells the image's system: {hardware}")
    return node


def captures(client, node):
    said = batchyard("image", "capture", "tooled", "--pool", "tiny")
    expect("Tiny Linux" in said, True, f"what was captured: {said}")
    batchyard("image", "capture", "flat", "--pool", "tiny", "--node", node.id, "--whole")
    for image in ("tooled", "flat"):
        add_pool(client, image, machine(image))
        said = run(client, image, "tool", "/bin/sh -c 'tool; cat /etc/mine; ls /etc/removed; grep PRETTY /etc/os-release'")
        expect(said, 'installed\nx\nPRETTY_NAME="Tiny Linux"\n', f"a task in {image}: the program is there without a start task")


def reimages(client):
    node = next(iter(client.compute_node.list("tooled")))
    run(client, "tooled", "spoil", "/bin/sh -c 'rm /usr/bin/tool; echo spoilt > /etc/mine'", user_identity=admin())
    client.compute_node.reboot("tooled", node.id)
    wait("the reboot", lambda: client.compute_node.get("tooled", node.id).state == "idle"
         and client.compute_node.get("tooled", node.id).last_boot_time > node.last_boot_time)
    expect(run(client, "tooled", "after-reboot", "/bin/sh -c 'cat /etc/mine'"), "spoilt\n", "what is on the disk stays")
    node = client.compute_node.get("tooled", node.id)
    # The version in which nodes of machines' pools can be reimaged.
    old, client.compute_node.api_version = client.compute_node.api_version, "2024-07-01.20.0"
    client.compute_node.reimage("tooled", node.id)
    client.compute_node.api_version = old
    wait("the reimage", lambda: client.compute_node.get("tooled", node.id).state == "idle"
         and client.compute_node.get("tooled", node.id).last_boot_time > node.last_boot_time)
    expect(run(client, "tooled", "after-reimage", "/bin/sh -c 'tool; cat /etc/mine'"), "installed\nx\n", "the image is as it was")


def refuses(client):
    try:
        client.pool.add(models.PoolAddParameter(id="none", vm_size="Standard_A1_v2", virtual_machine_configuration=machine(ID.replace("tiny", "none"))))
        sys.exit("a pool of an unknown image was taken")
    except models.BatchErrorException as error:
        values = {value.key: value.value for value in error.error.values}
        expect((error.error.code, values["PropertyName"].split(".")[-1]), ("InvalidPropertyValue", "virtualMachineImageId"), "the refusal")
        expect("batchyard image import" in values["Reason"], True, "its cure")
    try:
        client.pool.add(models.PoolAddParameter(id="none", vm_size="Standard_A1_v2", virtual_machine_configuration=machine("packed")))
        sys.exit("a pool with another agent than its image's was taken")
    except models.BatchErrorException as error:
        expect("batch.node.debian 11" in str(error.error.values[2].value), True, "the agent that fits")
    said = batchyard("image", "remove", "tiny-1.0.0", code=3)
    expect("ImageInUse" in said and "pool tiny" in said, True, f"an image in use: {said}")
    batchyard("image", "remove", "packed")
    batchyard("image", "remove", "packed", code=3)


def binds(client):
    """A Marketplace image bound to a copy of the machine, and to an image."""
    batchyard("image", "bind", "Debian/debian-12/12", "--to", "host-copy")
    add_pool(client, "copy", marketplace(),
             start_task=models.StartTask(command_line="/bin/sh -c 'echo prepared > /etc/batchyard-prepared'", user_identity=admin()))
    expect(run(client, "copy", "look", "/bin/sh -c 'cat /etc/batchyard-prepared'"), "prepared\n", "the node's own change")
    expect(pathlib.Path("/etc/batchyard-prepared").exists(), False, "the machine is as it was")
    batchyard("image", "capture", "prepared", "--pool", "copy")
    add_pool(client, "prepared", machine("prepared"))
    expect(run(client, "prepared", "look", "/bin/sh -c 'cat /etc/batchyard-prepared'"), "prepared\n", "the captured change")
    batchyard("image", "bind", "Debian/debian-12/12", "--to", "tooled")
    add_pool(client, "bound", marketplace())
    expect(run(client, "bound", "tool", "tool"), "installed\n", "a Marketplace image bound to an image of one's own")
    expect("Debian/debian-12/12" in batchyard("image", "list"), True, "the binding is shown")
    batchyard("image", "unbind", "Debian/debian-12/12")
    end_pools(client, "copy", "prepared", "bound")


def gang(client):
    """Open MPI from the machine's files, in nodes with a root of their own."""
    batchyard("image", "bind", "Debian/debian-12/12", "--to", "host-copy")
    add_pool(client, "ranks", marketplace(), nodes=2, enable_inter_node_communication=True)
    client.task.add("ranks", models.TaskAddParameter(
        id="mpi", command_line="mpirun.openmpi -n 2 --map-by node hostname",
        multi_instance_settings=models.MultiInstanceSettings(number_of_instances=2, coordination_command_line="/bin/true")))
    wait("the gang's end", lambda: client.task.get("ranks", "mpi").state == "completed")
    said = text_of(client.file.get_from_task("ranks", "mpi", "stdout.txt"))
    expect(len(set(said.split())), 2, f"two ranks on two nodes: {said} {text_of(client.file.get_from_task('ranks', 'mpi', 'stderr.txt'))}")
    batchyard("image", "unbind", "Debian/debian-12/12")
    end_pools(client, "ranks")


def main():
    if os.environ.get("BATCHYARD_NODES_ARE_PROCESSES"):
        print("nodes are plain processes here: they boot no images")
        return root_file_system.SKIPPED
    client = connect()
    with tempfile.TemporaryDirectory() as folder:
        mpi = imports(pathlib.Path(folder))
    node = boots(client)
    captures(client, node)
    reimages(client)
    refuses(client)
    binds(client)
    if mpi:
        gang(client)
    end_pools(client, "tiny", "tooled", "flat")
    for image in ("tiny-1.0.0", "tooled", "flat", "prepared"):
        batchyard("image", "remove", image)
    expect(json.loads(batchyard("image", "list", "-o", "json"))["images"], [], "no image is left")
    return 0


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    print(f"{time.monotonic() - started:.1f} s")
    sys.exit(code)
