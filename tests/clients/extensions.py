#!/usr/bin/python3
"""VM extensions end to end: an operator registers handlers, a pool's extensions run on its nodes as root and in their order before the start
task, with a restart in between; one that fails makes its node unusable and says what to do; what is protected shows nowhere; drivers that a
size needs and its image lacks are installed (acted out, for the hardware is emulated).

Started by run_with_service with the path of batchyard, on a service with --install-drivers.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import root_file_system
from python_batch import connect, expect, models, text_of, wait

KEY = "pr0tected-key"
SAY = 'echo "$BATCHYARD_EXTENSION_NAME $BATCHYARD_EXTENSION_RUN $*" >> "$AZ_BATCH_NODE_SHARED_DIR/order"\n'
HANDLERS = {
    # Reads what it is given, and says too much of it.
    "Test/Configure": "#!/bin/sh -eu\n" + SAY + """
        grep -q '"colour": *"blue"' "$BATCHYARD_EXTENSION_SETTINGS"
        grep -q pr0tected "$BATCHYARD_EXTENSION_PROTECTED_SETTINGS"
        stat -c %a "$BATCHYARD_EXTENSION_PROTECTED_SETTINGS" | grep -qx 1400
        cat "$BATCHYARD_EXTENSION_PROTECTED_SETTINGS"
        echo configured by $(id -u)
        """,
    "Test/Restart": SAY,
    # Wants the node started anew once, and is done then.
    "Test/Ask": SAY + '[ "$BATCHYARD_EXTENSION_RUN" = 1 ] && exit 194\nexit 0\n',
    "Test/Broken": "#!/bin/sh\necho the disk of $BATCHYARD_EXTENSION_TYPE is full >&2\nexit 7\n",
    "Test/Python": "#!/usr/bin/env python3\nimport os\nprint('spoken by', os.environ['BATCHYARD_EXTENSION_PUBLISHER'])\n",
}
REBOOTS = {"Test/Restart"}
# Once each, but for the one that has asked to run again; and what the start task writes.
ORDER = ["configure 1 ", "restart 1 ", "ask 1 ", "ask 2 ", "start"]


def batchyard(*words, code=0):
    ended = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=120, check=False)
    expect(ended.returncode, code, f"the exit code of {' '.join(words)} ({ended.stdout}{ended.stderr})")
    expect(KEY in ended.stdout + ended.stderr, False, f"the protected key shows in {' '.join(words)}")
    return ended.stdout if code == 0 else ended.stderr


def extension(name, kind, after=(), **more):
    publisher, kind = kind.split("/")
    return models.VMExtension(name=name, publisher=publisher, type=kind, provision_after_extensions=list(after) or None, **more)


def add_pool(client, name, extensions, size="standard_d2_v3", **more):
    reference = models.ImageReference(publisher="Canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts")
    client.pool.add(models.PoolAddParameter(
        id=name, vm_size=size, target_dedicated_nodes=1, start_task=models.StartTask(
            command_line="/bin/sh -c 'echo start >> $AZ_BATCH_NODE_SHARED_DIR/order; cat $AZ_BATCH_NODE_SHARED_DIR/order'",
            user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin"))),
        virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=reference, node_agent_sku_id="batch.node.ubuntu 22.04", extensions=extensions), **more))


def node_in(client, pool, state):
    def look():
        nodes = list(client.compute_node.list(pool))
        if nodes and nodes[0].state != state and nodes[0].state in ("unusable", "starttaskfailed"):
            sys.exit(f"the node of {pool} is {nodes[0].state}: {[error.message for error in nodes[0].errors or []]}")
        return nodes[0] if nodes and nodes[0].state == state else None
    return wait(f"a node of {pool} that is {state}", look)


def shown(client, pool, node, name):
    return client.compute_node_extension.get(pool, node.id, name)


def started(client, pool, node):
    return text_of(client.file.get_from_compute_node(pool, node.id, "startup/stdout.txt")).splitlines()


def registers(folder):
    for name, script in HANDLERS.items():
        path = folder / name.replace("/", "-")
        path.write_text(script)
        batchyard("extension", "register", name, "--script", str(path), *(["--reboots"] if name in REBOOTS else []))
    listed = {f"{one['publisher']}/{one['type']}": one for one in json.loads(batchyard("extension", "list", "-o", "json"))}
    expect(set(HANDLERS) | {"Microsoft.HpcCompute/NvidiaGpuDriverLinux", "Microsoft.HpcCompute/InfiniBandDriverLinux"}, set(listed), "the handlers")
    expect(listed["Test/Restart"]["reboots"], True, "one that restarts its node")
    expect("Test/Configure" in batchyard("extension", "list"), True, "the table")
    expect("PUBLISHER/TYPE" in batchyard("extension", "register", "Test", "--script", str(path), code=2), True, "a bad name")
    batchyard("extension", "remove", "Test/None", code=3)


def runs(client):
    """Out of their order in the list; two of them want the node started anew."""
    add_pool(client, "ext", [
        extension("last", "Test/Python", after=["ask"]),
        extension("ask", "Test/Ask", after=["restart"]),
        extension("restart", "Test/Restart", after=["configure"]),
        extension("configure", "Test/Configure", settings={"colour": "blue"}, protected_settings={"key": KEY}),
        extension("unknown", "Test/Unknown"),
    ])
    node = node_in(client, "ext", "idle")
    expect(started(client, "ext", node), ORDER, "what ran")
    configured = shown(client, "ext", node, "configure")
    expect(configured.provisioning_state, "Succeeded", "the state of configure")
    outputs = {status.code: status.message for status in configured.instance_view.sub_statuses}
    user = "0" if os.geteuid() == 0 else str(os.geteuid())
    expect(outputs["ComponentStatus/StdOut/succeeded"], '{"key":"***"}configured by ' + user, "what it said, without what is protected")
    expect(shown(client, "ext", node, "last").instance_view.sub_statuses[0].message, "spoken by Test", "a script of another language")
    unknown = shown(client, "ext", node, "unknown")
    expect(unknown.instance_view.statuses[0].code, "ProvisioningState/notRun", "one without a handler")
    expect("batchyard extension register Test/Unknown" in unknown.instance_view.statuses[0].message, True, "its cure")
    for path in ("extensions/configure/config/protected.json", "extensions/configure/config/handler"):
        try:
            list(client.file.get_from_compute_node("ext", node.id, path))
            sys.exit(f"{path} can be read")
        except models.BatchErrorException:
            pass
    said = "".join(batchyard(*words) for words in (
        ("get", "pools"), ("describe", "pool", "ext"), ("describe", "node", "ext", node.id), ("explain", "node", "ext", node.id), ("explain", "pool", "ext")))
    expect("its extensions run" in said, True, f"how long they took: {said}")
    return node


def reboots_and_reimages(client, node):
    """What has succeeded on the disk does not run again; on a new one all do."""
    client.compute_node.reboot("ext", node.id)
    wait("the reboot", lambda: client.compute_node.get("ext", node.id).state == "idle"
         and client.compute_node.get("ext", node.id).last_boot_time > node.last_boot_time)
    node = client.compute_node.get("ext", node.id)
    expect(started(client, "ext", node), ORDER + ORDER + ["start"], "after a reboot: the same file, and what the start task says of it")
    old, client.compute_node.api_version = client.compute_node.api_version, "2024-07-01.20.0"
    client.compute_node.reimage("ext", node.id)
    client.compute_node.api_version = old
    wait("the reimage", lambda: client.compute_node.get("ext", node.id).state == "idle"
         and client.compute_node.get("ext", node.id).last_boot_time > node.last_boot_time)
    expect(started(client, "ext", node), ORDER, "after a reimage")


def fails(client, folder):
    add_pool(client, "bad", [extension("broken", "Test/Broken"), extension("after", "Test/Python", after=["broken"])])
    node = node_in(client, "bad", "unusable")
    error = node.errors[0]
    expect(error.code, "VMExtensionProvisioningError", "the node's error")
    for words in ("broken (Test/Broken)", "exit code 7", "the disk of Broken is full", "batchyard extension register"):
        expect(words in error.message, True, f"{words} in {error.message}")
    failed = shown(client, "bad", node, "broken")
    expect((failed.provisioning_state, failed.instance_view.statuses[0].level), ("Failed", "Error"), "the extension")
    expect(shown(client, "bad", node, "after").provisioning_state, "Creating", "the one behind it")
    expect("exit code 7" in batchyard("explain", "pool", "bad"), True, "the pool is explained by it")
    # A better handler, and a reboot.
    (folder / "mended").write_text("true\n")
    batchyard("extension", "register", "test/BROKEN", "--script", str(folder / "mended"))
    client.compute_node.reboot("bad", node.id)
    wait("the cure", lambda: client.compute_node.get("bad", node.id).state == "idle")
    expect(client.compute_node.get("bad", node.id).errors, None, "no error is left")


def run(client, job, name, command):
    client.task.add(job, models.TaskAddParameter(id=name, command_line=command))
    wait(f"the end of {job}/{name}", lambda: client.task.get(job, name).state == "completed")
    return text_of(client.file.get_from_task(job, name, "stdout.txt"))


def installs_drivers(client, folder):
    """A size with GPUs and RDMA, an image with neither driver, nothing said of them in the pool."""
    look = ('#!/bin/sh\ncommand -v nvidia-smi > /dev/null && echo "GPUs before their driver" >&2 && exit 1\n'
            'echo "$BATCHYARD_SIZE_GPU_DRIVER for $BATCHYARD_SIZE_GPUS, emulated: $BATCHYARD_EMULATED"\nexit 194\n')
    own = folder / "own"
    own.write_text(look.replace("exit 194", '[ "$BATCHYARD_EXTENSION_RUN" = 1 ] && exit 194; exit 0'))
    batchyard("extension", "register", "Microsoft.HpcCompute/NvidiaGpuDriverLinux", "--script", str(own))
    add_pool(client, "gpu", None, size="standard_nc24rs_v3")
    node = node_in(client, "gpu", "idle")
    gpu = shown(client, "gpu", node, "Batchyard.NvidiaGpuDriverLinux")
    expect(gpu.provisioning_state, "Succeeded", "the driver that the size needs")
    expect("--install-drivers" in gpu.instance_view.statuses[0].message, True, "why it is there")
    said = gpu.instance_view.sub_statuses[0].message.splitlines()
    expect(said, ["cuda for 4, emulated: gpu rdma"] * 2, "what the handler was told, before the restart and after it")
    fabric = shown(client, "gpu", node, "Batchyard.InfiniBandDriverLinux")
    expect(fabric.instance_view.sub_statuses[0].message, "The node's fabric is emulated: there is nothing to install.", "the handler of the program")
    client.job.add(models.JobAddParameter(id="gpu", pool_info=models.PoolInformation(pool_id="gpu")))
    expect(len(run(client, "gpu", "look", "nvidia-smi -L").splitlines()), 4, "GPUs that tasks see")
    batchyard("extension", "remove", "Microsoft.HpcCompute/NvidiaGpuDriverLinux")
    # With the handler of the program.
    add_pool(client, "plain", None, size="standard_nv6")
    node = node_in(client, "plain", "idle")
    said = shown(client, "plain", node, "Batchyard.NvidiaGpuDriverLinux").instance_view.sub_statuses[0].message
    expect(said, "The node's GPUs are emulated: a stand-in takes the place of the grid driver.", "the class of the size")


DOCUMENT = """<nvidia_smi_log><driver_version>535.1</driver_version><cuda_version>12.2</cuda_version><gpu id="00000001:00:00.0">
<product_name>Tesla K80</product_name><uuid>GPU-stand-in</uuid><minor_number>0</minor_number><fb_memory_usage><total>11441 MiB</total></fb_memory_usage>
</gpu></nvidia_smi_log>"""


def drives_an_image(client, folder):
    """In a root of its own: the handler changes it as root, the gate asks what it has installed, a new disk has nothing of it."""
    root_file_system.make(folder / "root")
    batchyard("image", "import", "bare", "--from", str(folder / "root"))
    (folder / "smi").write_text(f"#!/bin/sh\ncat > /usr/bin/nvidia-smi <<'END'\n#!/bin/sh\ncat <<'DOCUMENT'\n{DOCUMENT}\nDOCUMENT\nEND\n"
                                "chmod 755 /usr/bin/nvidia-smi\ngrep PRETTY /etc/os-release\n")
    batchyard("extension", "register", "Test/StandIn", "--script", str(folder / "smi"), "--reboots")
    client.pool.add(models.PoolAddParameter(id="image", vm_size="standard_nc6", target_dedicated_nodes=1,
        virtual_machine_configuration=models.VirtualMachineConfiguration(image_reference=models.ImageReference(virtual_machine_image_id="bare"),
            node_agent_sku_id="batch.node.debian 12", extensions=[extension("driver", "Test/StandIn")])))
    node = node_in(client, "image", "idle")
    expect(shown(client, "image", node, "driver").instance_view.sub_statuses[0].message, 'PRETTY_NAME="Tiny Linux"', "it ran in the image")
    hardware = batchyard("describe", "node", "image", node.id)
    expect("GPU-stand-in" in hardware and "emulated" not in hardware.split("extensions")[0], True, f"a GPU that the image's program tells of: {hardware}")
    expect("driver (Test/StandIn): Provisioning succeeded" in hardware, True, "the extension among what describes the node")
    end_pools(client, "image")
    batchyard("extension", "remove", "Test/StandIn")
    batchyard("image", "remove", "bare")


def end_pools(client, *names):
    for name in names:
        client.pool.delete(name)
    wait("the pools' end", lambda: not any(pool.id in names for pool in client.pool.list()))


def main():
    client = connect()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        registers(folder)
        node = runs(client)
        reboots_and_reimages(client, node)
        fails(client, folder)
        installs_drivers(client, folder)
        if "BATCHYARD_NODES_ARE_PROCESSES" not in os.environ and root_file_system.BUSYBOX.exists() and not pathlib.Path("/dev/nvidiactl").exists():
            drives_an_image(client, folder)
    client.job.delete("gpu")
    end_pools(client, "ext", "bad", "gpu", "plain")
    for handler in HANDLERS:
        batchyard("extension", "remove", handler)
    expect(len(json.loads(batchyard("extension", "list", "-o", "json"))), 2, "those that came with the program")


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    print(f"{time.monotonic() - begun:.1f} s")
