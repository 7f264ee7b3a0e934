#!/usr/bin/python3
"""Output files and resource files against a real storage emulator, and what is readable after a node is gone.

Started by with_azurite and run_with_service: STORAGE_URL, STORAGE_ACCOUNT and STORAGE_KEY name the storage, and the service has
been given its key for autoStorageContainerName and packages.
"""

import datetime
import io
import os
import sys
import time
import zipfile

import requests
from azure.core.credentials import AccessToken
from azure.mgmt.batch import BatchManagementClient
from azure.mgmt.batch.models import ActivateApplicationPackageParameters
from azure.storage.blob import BlobClient

from python_batch import connect, expect, models, refused, wait
from storage_words import Storage, output

POOL, JOB = "storage-pool", "storage-job"
MANAGEMENT = os.environ["BATCHYARD_MANAGEMENT"]


class Administrator:
    """Logs in to the management plane."""

    def get_token(self, *_scopes, **_more):
        form = {"grant_type": "client_credentials", "client_id": os.environ["AZURE_CLIENT_ID"],
                "client_secret": os.environ["AZURE_CLIENT_SECRET"], "resource": "https://management.azure.com/"}
        answer = requests.post(f"{MANAGEMENT}/adfs/oauth2/token", data=form, timeout=60).json()
        return AccessToken(answer["access_token"], int(time.time()) + 3000)


class Round:
    def __init__(self):
        self.batch, self.storage = connect(), Storage()

    def add(self, task, command, **more):
        self.batch.task.add(JOB, models.TaskAddParameter(id=task, command_line=f"/bin/bash -c '{command}'", **more))

    def ended(self, task):
        return wait(f"the end of {task}", lambda: (lambda seen: seen if seen.state == "completed" else None)(self.batch.task.get(JOB, task)))

    def failure(self, task):
        failure = self.ended(task).execution_info.failure_info
        return failure.code if failure else None

    def file(self, task, name):
        return b"".join(self.batch.file.get_from_task(JOB, task, name)).decode()

    def make_pool(self):
        common = self.storage.container("common")
        common.upload_blob("start/greeting.txt", b"hello from the container")
        images = list(self.batch.account.list_supported_images())
        image = next(one for one in images if one.os_type == "linux")
        self.batch.pool.add(models.PoolAddParameter(
            id=POOL, vm_size="standard_d2s_v3", target_dedicated_nodes=1, task_slots_per_node=4,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=image.image_reference, node_agent_sku_id=image.node_agent_sku_id),
            start_task=models.StartTask(
                command_line="/bin/cat start/greeting.txt", wait_for_success=True,
                resource_files=[models.ResourceFile(auto_storage_container_name="common", blob_prefix="start/")])))
        self.batch.job.add(models.JobAddParameter(id=JOB, pool_info=models.PoolInformation(pool_id=POOL)))
        self.node = wait("an idle node", lambda: next((one for one in self.batch.compute_node.list(POOL) if one.state == "idle"), None)).id
        seen = b"".join(self.batch.file.get_from_compute_node(POOL, self.node, "startup/stdout.txt"))
        expect(seen, b"hello from the container", "what the start task has read")

    def agent_logs(self):
        logs = self.storage.container("agent-logs")
        told = self.batch.compute_node.upload_batch_service_logs(POOL, self.node, models.UploadBatchServiceLogsConfiguration(
            container_url=self.storage.url("agent-logs"), start_time=datetime.datetime.utcnow() - datetime.timedelta(hours=1)))
        expect(told.number_of_files_uploaded, 1, "the uploaded logs")
        name = f"{told.virtual_directory_name}/agent.log"
        expect([one.name for one in logs.list_blobs()], [name], "the blobs")
        if not logs.download_blob(name).readall():
            sys.exit("the uploaded log of the agent is empty")

    def uploads(self):
        results = self.storage.container("results")
        url = self.storage.url("results")
        self.add("outputs",
                 "mkdir -p out/deep; echo one > out/a.bin; echo two > out/deep/b.bin; echo no > out/.hidden.bin; echo text > result.txt; "
                 "ln -s /etc/passwd out/passwd.bin; head -c 41943040 /dev/zero > large.dat; echo said; echo wrong >&2",
                 output_files=[
                     output("../std*.txt", url, "logs/of-outputs"),
                     output("out/**/*.bin", url, "bins"),
                     output("$AZ_BATCH_TASK_WORKING_DIR/result.txt", url, "renamed/result", headers={"Content-Type": "text/plain", "x-ms-meta-kind": "final"}),
                     output("*.dat", url, headers={"Content-Type": "application/x-large"}),
                     output("result.txt", url, "only-failures", condition="taskFailure"),
                     output("no-such-file", url)])
        expect(self.failure("outputs"), None, "the failure of a task whose files went")
        blobs = {blob.name: blob for blob in results.list_blobs(include=["metadata"])}
        expect(sorted(blobs), ["bins/a.bin", "bins/deep/b.bin", "large.dat", "logs/of-outputs/stderr.txt", "logs/of-outputs/stdout.txt",
                               "renamed/result"], "the blobs")
        expect(results.download_blob("logs/of-outputs/stdout.txt").readall(), b"said\n", "the uploaded standard output")
        expect(blobs["renamed/result"].content_settings.content_type, "text/plain", "Content-Type")
        expect(blobs["renamed/result"].metadata, {"kind": "final"}, "the metadata")
        expect((blobs["large.dat"].size, blobs["large.dat"].content_settings.content_type), (40 << 20, "application/x-large"), "the file in blocks")
        told = self.file("outputs", "fileuploadout.txt")
        expect((told.count("was uploaded to"), "sig=" in told), (6, False), f"lines of fileuploadout.txt, of which none shows a signature: {told}")
        if "no file matches no-such-file" not in self.file("outputs", "fileuploaderr.txt"):
            sys.exit("fileuploaderr.txt does not name the pattern that matched nothing")

    def upload_conditions(self):
        conditions = self.storage.container("conditions")
        url = self.storage.url("conditions")
        for task, code in (("good", 0), ("bad", 3)):
            self.add(task, f"echo {task}; exit {code}", output_files=[
                output("../stdout.txt", url, f"{task}/{condition}", condition=condition)
                for condition in ("taskSuccess", "taskFailure", "taskCompletion")])
        expect([self.failure("good"), self.failure("bad")], [None, "FailureExitCode"], "the failures")
        expect(sorted(blob.name for blob in conditions.list_blobs()),
               ["bad/taskCompletion", "bad/taskFailure", "good/taskCompletion", "good/taskSuccess"], "the blobs by condition")

    def upload_failures(self):
        self.storage.container("locked")
        cases = {"no-right": (self.storage.url("locked", read=True), 0, "FileUploadAccessDenied"),
                 "no-container": (self.storage.url("nowhere"), 0, "FileUploadContainerNotFound"),
                 "no-storage": ("http://127.0.0.1:1/account/container?sig=x", 0, "FileUploadMiscError"),
                 "exit-code-wins": (self.storage.url("nowhere"), 7, "FailureExitCode")}
        for task, (url, code, _) in cases.items():
            self.add(task, f"echo x > x; exit {code}", output_files=[output("x", url)], constraints=models.TaskConstraints(max_task_retry_count=0))
        for task, (_, code, wanted) in cases.items():
            expect(self.failure(task), wanted, f"the failure of {task}")
            expect(self.ended(task).execution_info.exit_code, code, f"the exit code of {task}")
        info = self.batch.task.get(JOB, "no-right").execution_info.failure_info
        expect((info.details[0].name, info.details[0].value), ("FilePath", "x"), "the first detail")

    def resource_files(self):
        data = self.storage.container("data")
        for name in ("set/a.txt", "set/deep/b.txt", "other/c.txt", "run.sh"):
            data.upload_blob(name, f"#!/bin/sh\necho {name}\n".encode())
        for number in range(1005):
            data.upload_blob(f"many/{number:04}", b"x")
        url = self.storage.url("data")
        self.add("resources", "find . -type f | grep -v many | LC_ALL=C sort; ls m/many | wc -l; stat -c %a run.sh a/set/a.txt; id -u; stat -c %u run.sh; ./run.sh",
                 resource_files=[
                     models.ResourceFile(storage_container_url=url, blob_prefix="set/", file_path="a", file_mode="0640"),
                     models.ResourceFile(storage_container_url=url, blob_prefix="other/"),
                     models.ResourceFile(storage_container_url=url, blob_prefix="many/", file_path="m"),
                     models.ResourceFile(http_url=url.replace("?", "/run.sh?"), file_path="run.sh", file_mode="0755")])
        expect(self.failure("resources"), None, "the failure of a task with resource files")
        lines = self.file("resources", "stdout.txt").split()
        expect(lines[:8], ["./a/set/a.txt", "./a/set/deep/b.txt", "./other/c.txt", "./run.sh", "1005", "755", "640", lines[7]], "the files of the task")
        expect((lines[7], lines[9]), (lines[8], "run.sh"), "the files' owner, and what the program said")

    def resource_failures(self):
        self.storage.container("private")
        url = self.storage.url("data")
        files = {
            "BlobNotFound": models.ResourceFile(http_url=url.replace("?", "/none?"), file_path="f"),
            "BlobAccessDenied": models.ResourceFile(http_url=self.storage.url("data", list=True).replace("?", "/run.sh?"), file_path="f"),
            "BlobDownloadMiscError": models.ResourceFile(http_url="http://127.0.0.1:1/x", file_path="f"),
            "ResourceContainerNotFound": models.ResourceFile(storage_container_url=self.storage.url("nowhere")),
            "ResourceContainerAccessDenied": models.ResourceFile(storage_container_url=self.storage.url("data", read=True))}
        for code, file in files.items():
            self.add(code, "echo never", resource_files=[file])
        for code in files:
            expect(self.failure(code), code, f"the failure of {code}")
            info = self.ended(code).execution_info
            names = [detail.name for detail in info.failure_info.details]
            expect((names[:2], info.exit_code), (["BlobSource", "FilePath"], None), f"details of {code}")
            if "sig=" in str(info.failure_info.as_dict()):
                sys.exit(f"the failure shows a signature: {info.failure_info.as_dict()}")

    def packages(self):
        """The archive of a package goes through the storage."""
        manage = BatchManagementClient(Administrator(), os.environ["AZURE_SUBSCRIPTION_ID"], base_url=MANAGEMENT,
                                       credential_scopes=["https://management.azure.com/.default"])
        tool = ("batchyard", os.environ["AZURE_BATCH_ACCOUNT"], "Tool")
        manage.application.create(*tool)
        made = manage.application_package.create(*tool, "1.0")
        expect(made.state, "Pending", "the new package")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("word.txt", "from the package")
        BlobClient.from_blob_url(made.storage_url).upload_blob(archive.getvalue())
        active = manage.application_package.activate(*tool, "1.0", ActivateApplicationPackageParameters(format="zip"))
        expect((active.state, active.format), ("Active", "zip"), "the activated package")
        self.add("packaged", "cat $AZ_BATCH_APP_PACKAGE_Tool_1_0/word.txt",
                 application_package_references=[models.ApplicationPackageReference(application_id="tool", version="1.0")])
        expect(self.failure("packaged"), None, "the failure of the task with a package")
        expect(self.file("packaged", "stdout.txt"), "from the package", "what is in the package")
        expect([one.name for one in manage.application_package.list(*tool)], ["1.0"], "the packages")
        [container] = self.storage.client.list_containers(name_starts_with="app-tool-")
        held = self.storage.client.get_container_client(container.name)
        expect([one.name for one in held.list_blobs()], ["1.0"], "the archives in the storage")
        manage.application_package.delete(*tool, "1.0")
        wait("no archive in the storage", lambda: not list(held.list_blobs()))
        manage.application.delete(*tool)

    def after_the_node(self):
        self.add("kept", "echo remembered; echo small > small.txt; head -c 3000000 /dev/zero > big.bin")
        self.add("brief", "echo brief", constraints=models.TaskConstraints(retention_time=datetime.timedelta(seconds=0)))
        for task in ("kept", "brief"):
            self.ended(task)
        self.batch.pool.resize(POOL, models.PoolResizeParameter(target_dedicated_nodes=0, node_deallocation_option="taskCompletion"))
        wait("no node", lambda: not list(self.batch.compute_node.list(POOL)))
        expect(self.file("kept", "stdout.txt"), "remembered\n", "what a task wrote, after its node is gone")
        expect(self.file("kept", "wd/small.txt"), "small\n", "a small file")
        names = [one.name for one in self.batch.file.list_from_task(JOB, "kept", recursive=True)]
        expect(("stdout.txt" in names, "wd/small.txt" in names, "wd/big.bin" in names), (True, True, False), f"the names {names}")
        properties = self.batch.file.get_properties_from_task(JOB, "kept", "stdout.txt", raw=True)
        expect(properties.response.headers["Content-Length"], "11", "the length")
        self.batch.pool.delete(POOL)
        wait("no pool", lambda: not self.batch.pool.exists(POOL))
        expect(self.file("kept", "stdout.txt"), "remembered\n", "what a task wrote, after its pool is gone")
        self.batch.task.delete(JOB, "kept")
        self.add("kept", "echo again")
        try:
            self.file("kept", "stdout.txt")
            sys.exit("another task of that id shows the files of the old one")
        except models.BatchErrorException as error:
            expect(error.error.code, "TaskFilesUnavailable", "the refusal")

    def run(self):
        self.make_pool()
        self.agent_logs()
        self.uploads()
        self.upload_conditions()
        self.upload_failures()
        self.resource_files()
        self.resource_failures()
        self.packages()
        self.after_the_node()
        print("Output files and resource files are done.")


Round().run()
