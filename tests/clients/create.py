#!/usr/bin/python3
"""`batchyard create`: the article's pools as they are written down, and files of every other form, become pools, jobs, schedules and tasks.

Started by run_with_service with the path of batchyard, on simulated nodes.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

from python_batch import expect

DONE, USAGE, REFUSED = 0, 2, 3

SOUND = pathlib.Path(__file__).resolve().parents[1] / "golden/lint/sound"
WORK = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-create-"))


def batchyard(*words, code=DONE):
    """What it prints; it must end with that code."""
    ended = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60, check=False)
    if ended.returncode != code:
        sys.exit(f"batchyard {' '.join(words)}: ended with {ended.returncode}, not {code}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout if code == DONE else ended.stderr


def listed(*words):
    return json.loads(batchyard("get", *words, "-o", "json"))


def contains(text, part):
    if part not in text:
        sys.exit(f"{part!r} is not in:\n{text}")


def written(name, text):
    (WORK / name).write_text(text)
    return str(WORK / name)


def articles_pools():
    """Each YAML block of the article's examples, unchanged."""
    with zipfile.ZipFile(WORK / "driver.zip", "w") as archive:
        archive.writestr("GPUDriverSetup.exe", "stands in")
    batchyard("app", "upload", "GPUDriver", "411.82", str(WORK / "driver.zip"))
    sizes = {"driver_package_on_windows": "standard_nc6", "driver_in_own_image": "standard_nc6", "ms_mpi_in_own_image": "standard_h16r",
             "intel_mpi_of_marketplace": "standard_h16r"}
    for name, size in sizes.items():
        expect(batchyard("create", "--id", name, str(SOUND / f"{name}.yaml")), f"pool {name}\n", "what was made")
        expect(listed("pool", name)["vmSize"], size, f"the size of {name}")
    start = listed("pool", "driver_package_on_windows")["startTask"]
    expect(start["commandLine"], 'cmd /c "%AZ_BATCH_APP_PACKAGE_GPUDriver#411.82%\\\\GPUDriverSetup.exe /s"', "the command line as it was written")
    expect(start["userIdentity"]["autoUser"], {"scope": "pool", "elevationLevel": "admin"}, "its account")


def other_forms():
    batchyard("create", "--id", "cli", written("cli.json", (SOUND / "cli_template.json").read_text().replace(
        '"poolId": {"type": "string"}', '"poolId": {"type": "string", "defaultValue": "any"}')))
    expect(listed("pool", "cli")["targetDedicatedNodes"], 3, "a default of the template")
    resource = {"type": "Microsoft.Batch/batchAccounts/pools", "apiVersion": "2024-07-01", "name": "yard/flow", "properties": {
        "vmSize": "STANDARD_D2S_V3", "interNodeCommunication": "Enabled", "scaleSettings": {"fixedScale": {"targetDedicatedNodes": 1}},
        "deploymentConfiguration": {"virtualMachineConfiguration": {"nodeAgentSkuId": "batch.node.ubuntu 22.04", "imageReference": {
            "publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}}}}}
    batchyard("create", "--id", "arm", written("arm.json", json.dumps(resource)))
    expect(listed("pool", "arm")["enableInterNodeCommunication"], True, "ARM's word")
    batchyard("create", "--id", "old", str(SOUND / "cloud_services_of_old.json"))
    expect(listed("pool", "old")["taskSlotsPerNode"], 1, "a word of older versions")


def work():
    job = written("job.yaml", "id: render\npoolInfo: {poolId: arm}\n")
    schedule = written("nightly.json", '{"id": "nightly", "schedule": {"recurrenceInterval": "P1D"}, "jobSpecification": {"poolInfo": {"poolId": "arm"}}}')
    expect(batchyard("create", job, schedule), "job render\nschedule nightly\n", "what was made")
    tasks = written("tasks.yaml", "- {id: one, commandLine: work}\n- {id: two, commandLine: work}\n")
    expect(batchyard("create", "--job", "render", tasks), "task one\ntask two\n", "the tasks")
    batchyard("wait", "task", "render", "two")
    expect(sorted(task["id"] for task in listed("tasks", "render")), ["one", "two"], "the job's tasks")


def refusals():
    contains(batchyard("create", str(SOUND / "shipyard_gpu.yaml"), code=USAGE), "prepares the nodes")
    contains(batchyard("create", str(SOUND / "arm_template.json"), code=USAGE), "no default value")
    contains(batchyard("create", str(SOUND / "cli_template_packages.json"), code=USAGE), "packageReferences")
    contains(batchyard("create", str(SOUND / "driver_in_own_image.yaml"), code=USAGE), "--id")
    contains(batchyard("create", written("task.json", '{"id": "t", "commandLine": "a"}'), code=USAGE), "--job")
    contains(batchyard("create", "--id", "p", written("two.json", '[{"id": "a", "poolInfo": {"poolId": "arm"}}, {"id": "b", "poolInfo": {}}]'),
                       code=USAGE), "names one thing")
    contains(batchyard("create", written("red.json", '{"colour": "red"}'), code=USAGE), "no pool, job, schedule or task")
    contains(batchyard("create", str(WORK / "none"), code=USAGE), "cannot be read")
    contains(batchyard("create", "--id", "arm", str(SOUND / "driver_in_own_image.yaml"), code=REFUSED), "PoolExists")


if __name__ == "__main__":
    articles_pools()
    other_forms()
    work()
    refusals()
    print("files of every form became what they say")
