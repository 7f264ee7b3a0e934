#!/usr/bin/python3
"""Application packages from the operator's command line to the tasks of Debian's Python client: a driver that the pool's start
task installs (elevated, before anything else runs), another version for a task, and everything that is refused.

Started by run_with_service with the path of batchyard; AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT are set.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from python_batch import connect, expect, models, refused, text_of, wait

POOL, JOB = "pkgs", "pkgs-job"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-packages-"))


def batchyard(*words, code=0):
    done = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, check=False)
    expect(done.returncode, code, f"the exit code of {' '.join(words)} ({done.stderr})")
    return done.stdout + done.stderr


def archive(name, files):
    """A zip file; texts that begin with #! are programs."""
    path = WORK / name
    with zipfile.ZipFile(path, "w") as made:
        for entry, text in files.items():
            info = zipfile.ZipInfo(entry)
            info.external_attr = (0o100755 if text.startswith("#!") else 0o100600) << 16
            made.writestr(info, text)
    return str(path)


def linked():
    """A zip file with a symbolic link in it."""
    path = WORK / "link.zip"
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("lib/evil.so")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    return str(path)


def driver(version):
    return archive(f"driver-{version}.zip", {
        "setup.sh": f"#!/bin/sh\necho installed {version} > \"$AZ_BATCH_NODE_SHARED_DIR/driver.txt\"\n",
        "lib/version.txt": version + "\n"})


def reference(version=None, application="GPUDriver"):
    return [models.ApplicationPackageReference(application_id=application, version=version)]


def machine():
    return models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(publisher="OpenLogic", offer="CentOS-HPC", sku="7.4"), node_agent_sku_id="batch.node.centos 7")


def pool(client, **more):
    client.pool.add(models.PoolAddParameter(id=POOL, vm_size="STANDARD_NC24r", target_dedicated_nodes=1, virtual_machine_configuration=machine(),
                                            task_slots_per_node=4, **more))


def run(client, task, command, **more):
    """Adds a task and waits for its end; the task and what it wrote."""
    client.task.add(JOB, models.TaskAddParameter(id=task, command_line=f"/bin/sh -c '{command}'", **more))
    done = wait(f"the end of {task}", lambda: (lambda seen: seen if seen.state == "completed" else None)(client.task.get(JOB, task)))
    if done.execution_info.exit_code is None:
        return done, ""
    return done, text_of(client.file.get_from_task(JOB, task, "stdout.txt"))


def door():
    """What an operator does, and what is refused there."""
    batchyard("app", "upload", "GPUDriver", "411.82", driver("411.82"), "--display-name", "A driver")
    expect("lib/evil.so" in batchyard("app", "upload", "GPUDriver", "evil", linked(), code=3), True, "the refusal names the link")
    dots = batchyard("app", "upload", "GPUDriver", "dots", archive("dots.zip", {"../up.txt": "x"}), code=3)
    expect("../up.txt" in dots and "leads out" in dots, True, f"the refusal names the entry: {dots}")
    (WORK / "text").write_text("no archive")
    expect("no sound zip" in batchyard("app", "upload", "GPUDriver", "1", str(WORK / "text"), code=3), True, "what is no archive")
    batchyard("app", "create", "empty")
    expect("empty" in batchyard("app", "list"), True, "the list")
    batchyard("app", "delete", "empty")
    batchyard("app", "upload", "GPUDriver", "412.0-b", driver("412.0-b"), "--no-activate")
    expect("pending" in batchyard("app", "show", "GPUDriver"), True, "what is pending")
    # Longer than one part of an upload.
    noise = archive("noise.zip", {"noise.bin": os.urandom(3 << 20).hex()})
    batchyard("app", "upload", "noise", "1", noise)


def references(client):
    """What may be referred to, and what the account shows of it."""
    expect([(one.id, one.display_name, one.versions) for one in client.application.list()],
           [("GPUDriver", "A driver", ["411.82"]), ("noise", None, ["1"])], "the applications")
    expect(client.application.get("gpudriver").versions, ["411.82"], "the versions")
    refused("ApplicationNotFound", lambda: client.application.get("maya"))
    for wrong in (reference("1", "maya"), reference("412.0-b"), reference()):
        refused("InvalidApplicationPackageReferences", lambda wrong=wrong: pool(client, application_package_references=wrong))
    batchyard("app", "activate", "GPUDriver", "412.0-b")
    batchyard("app", "set", "GPUDriver", "--default-version", "412.0-b")


def start(client):
    pool(client, application_package_references=reference("411.82"), start_task=models.StartTask(
        command_line="/bin/sh -c '$AZ_BATCH_APP_PACKAGE_GPUDriver_411_82/setup.sh'", wait_for_success=True,
        user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin"))))
    client.job.add(models.JobAddParameter(id=JOB, pool_info=models.PoolInformation(pool_id=POOL)))
    wait("an idle node", lambda: [node.state for node in client.compute_node.list(POOL)] == ["idle"])


def tasks(client):
    show = "cat $AZ_BATCH_NODE_SHARED_DIR/driver.txt; printenv AZ_BATCH_APP_PACKAGE_GPUDriver#411.82; " \
           "echo $AZ_BATCH_APP_PACKAGE_GPUDriver_411_82; echo $AZ_BATCH_APP_PACKAGE_gpudriver_411_82"
    said = run(client, "sees", show)[1].splitlines()
    expect(said[0], "installed 411.82", "what the start task has installed")
    expect(len(set(said[1:])), 1, f"the spellings: {said}")
    expect("/applications/gpudriver/411.82/" in said[1], True, f"the directory: {said[1]}")
    said = run(client, "another", "cat $AZ_BATCH_APP_PACKAGE_GPUDriver_412_0_b/lib/version.txt $AZ_BATCH_APP_PACKAGE_GPUDriver_411_82/lib/version.txt",
               application_package_references=reference("412.0-b"))[1]
    expect(said, "412.0-b\n411.82\n", "a task with a version of its own")
    for task in ("default", "again"):
        done, said = run(client, task, "cat $AZ_BATCH_APP_PACKAGE_GPUDriver/lib/version.txt; wc -c < $AZ_BATCH_APP_PACKAGE_noise_1/noise.bin",
                         application_package_references=reference() + reference("1", "noise"))
        expect(said, "412.0-b\n6291456\n", "the default version, and a large package")
        expect(done.application_package_references[0].version, None, "the reference as it was given")
    # The own user of a task cannot change what others use.
    said = run(client, "writes", "echo x > $AZ_BATCH_APP_PACKAGE_GPUDriver_411_82/lib/version.txt || echo read-only; cat $AZ_BATCH_APP_PACKAGE_GPUDriver_411_82/lib/version.txt")[1]
    if os.geteuid() == 0:
        expect(said, "read-only\n411.82\n", "a package's files")
    refused("InvalidApplicationPackageReferences",
            lambda: client.task.add(JOB, models.TaskAddParameter(id="wrong", command_line="true", application_package_references=reference("9"))))


def failures(client):
    """A package that goes while it is referred to: its task fails before it runs, as exit conditions may say."""
    client.job.disable(JOB, "requeue")
    wait("the disabled job", lambda: client.job.get(JOB).state == "disabled")
    batchyard("app", "upload", "short", "1", driver("short"))
    client.task.add(JOB, models.TaskAddParameter(id="late", command_line="true", application_package_references=reference("1", "short")))
    batchyard("app", "delete", "short", "1")
    client.job.enable(JOB)
    done = wait("the late task", lambda: (lambda seen: seen if seen.state == "completed" else None)(client.task.get(JOB, "late")))
    expect((done.execution_info.exit_code, done.execution_info.failure_info.code), (None, "ApplicationPackageError"), "the late task")

    # Other references reach nodes that start anew; one that cannot be had makes a node unusable.
    batchyard("app", "upload", "short", "2", driver("short"))
    client.pool.patch(POOL, models.PoolPatchParameter(application_package_references=reference("412.0-b") + reference("2", "short")))
    batchyard("app", "delete", "short", "2")
    node = next(iter(client.compute_node.list(POOL)))
    client.compute_node.reboot(POOL, node.id)
    unusable = wait("the unusable node", lambda: (lambda seen: seen if seen.state == "unusable" else None)(client.compute_node.get(POOL, node.id)))
    expect(unusable.errors[0].code, "ApplicationPackageError", "the node's error")
    client.pool.patch(POOL, models.PoolPatchParameter(
        application_package_references=reference("412.0-b"), start_task=models.StartTask(
            command_line="/bin/sh -c '$AZ_BATCH_APP_PACKAGE_GPUDriver_412_0_b/setup.sh'", wait_for_success=True,
            user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(scope="pool", elevation_level="admin")))))
    client.compute_node.reboot(POOL, node.id)
    wait("the node again", lambda: client.compute_node.get(POOL, node.id).state == "idle")
    expect(run(client, "newer", "cat $AZ_BATCH_NODE_SHARED_DIR/driver.txt")[1], "installed 412.0-b\n", "the newer driver")


def main():
    client = connect()
    door()
    references(client)
    start(client)
    tasks(client)
    failures(client)
    client.job.delete(JOB)
    client.pool.delete(POOL)


main()
