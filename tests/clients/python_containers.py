#!/usr/bin/python3
"""Tasks in containers, with Debian's Python client: an image made here, in a registry of this test's that asks for a password.

Started by run_with_service. Skipped where podman cannot run a container, or where there is no docker-registry.
"""

import crypt
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request

from python_batch import connect, expect, models, wait

PROGRAM = sys.argv[1]
USER, PASSWORD = "yard", "s3cret-of-the-registry"
SKIPPED = 77


def skip_where_it_cannot_be():
    said = subprocess.run([PROGRAM, "doctor"], capture_output=True, text=True).stdout
    if "runs containers" not in said:
        print("podman cannot run a container here:\n" + said)
        sys.exit(SKIPPED)
    for tool in ("docker-registry", "/bin/busybox"):
        if shutil.which(tool) is None:
            print(f"{tool} is not installed (tools/install test)")
            sys.exit(SKIPPED)


class Registry:
    """docker-registry on a free port of loopback, with one user."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "registry.log"
        (folder / "htpasswd").write_text(f"{USER}:{crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))}\n")
        (folder / "config.yml").write_text(
            f"version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {folder}/registry}}}}\n"
            f"http: {{addr: '127.0.0.1:0', secret: x}}\nauth: {{htpasswd: {{realm: t, path: {folder}/htpasswd}}}}\n")
        self.process = subprocess.Popen(["docker-registry", "serve", str(folder / "config.yml")], stdout=subprocess.DEVNULL,
                                        stderr=self.log.open("w"))
        self.host = wait("the registry", self.find)

    def find(self):
        for line in self.log.read_text().splitlines():
            if "listening on " in line:
                return line.split("listening on ")[1].split('"')[0].split()[0]
        return None

    def push(self, name):
        """An image of busybox alone; made in a store that goes with this test."""
        environment = dict(os.environ, CONTAINERS_STORAGE_CONF=str(self.folder / "storage.conf"))
        (self.folder / "storage.conf").write_text(
            f'[storage]\ndriver="vfs"\ngraphroot="{self.folder}/images"\nrunroot="{self.folder}/run"\n')
        archive = self.folder / "tiny.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add("/bin/busybox", "bin/busybox")
            for tool in ("sh", "echo", "cat", "sleep", "id", "env", "hostname", "pwd"):
                link = tarfile.TarInfo(f"bin/{tool}")
                link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                tar.addfile(link)
            directory = tarfile.TarInfo("tmp")
            directory.type, directory.mode = tarfile.DIRTYPE, 0o1777
            tar.addfile(directory)
        image = f"{self.host}/{name}"
        for words in (["import", "-q", "--change", 'CMD ["/bin/sh","-c","echo own command; exit 9"]', str(archive), image],
                      ["push", "-q", "--tls-verify=false", "--creds", f"{USER}:{PASSWORD}", image]):
            subprocess.run(["podman", *words], env=environment, check=True, capture_output=True)
        return image


class Test:
    def __init__(self, registry, image):
        self.client = connect()
        self.registry, self.image = registry, image

    def add_pool(self, name, images, password=PASSWORD):
        self.client.pool.add(models.PoolAddParameter(
            id=name, vm_size="STANDARD_H16r", target_dedicated_nodes=1,
            virtual_machine_configuration=models.VirtualMachineConfiguration(
                image_reference=models.ImageReference(publisher="OpenLogic", offer="CentOS-HPC", sku="7.4"),
                node_agent_sku_id="batch.node.centos 7",
                container_configuration=models.ContainerConfiguration(
                    type="dockerCompatible", container_image_names=images,
                    container_registries=[models.ContainerRegistry(
                        user_name=USER, password=password, registry_server=self.registry.host)])),
            start_task=models.StartTask(
                command_line="/bin/sh -c 'echo from a container > $AZ_BATCH_NODE_SHARED_DIR/start'", wait_for_success=True,
                user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(elevation_level="admin")),
                container_settings=models.TaskContainerSettings(image_name=self.image))))

    def node(self, pool, state):
        def look():
            nodes = list(self.client.compute_node.list(pool))
            if nodes and nodes[0].state.value != state and nodes[0].state.value in ("unusable", "starttaskfailed"):
                sys.exit(f"a node of {pool} is {nodes[0].state.value}: {[error.as_dict() for error in nodes[0].errors or []]}, "
                         f"{nodes[0].start_task_info and nodes[0].start_task_info.as_dict()}")
            return nodes[0] if nodes and nodes[0].state.value == state else None

        return wait(f"a node of {pool} that is {state}", look)

    def add(self, name, command, image=None, options=None, **more):
        self.client.task.add("job", models.TaskAddParameter(
            id=name, command_line=command,
            container_settings=models.TaskContainerSettings(image_name=image or self.image, container_run_options=options), **more))

    def ended(self, name):
        return wait(f"the end of {name}",
                    lambda: next((task for task in [self.client.task.get("job", name)] if task.state.value == "completed"), None))

    def text(self, name, file="stdout.txt"):
        return b"".join(self.client.file.get_from_task("job", name, file)).decode()

    def refused(self, property_name, call):
        try:
            call()
        except models.BatchErrorException as error:
            expect(error.error.code, "InvalidPropertyValue", "the refusal's code")
            names = [value.value for value in error.error.values if value.key == "PropertyName"]
            expect(names, [property_name], "what was refused")
            return
        sys.exit(f"{property_name} was taken")

    def runs(self):
        self.add("one", "/bin/sh -c 'env; pwd; id -u; echo to stderr >&2; cat $AZ_BATCH_NODE_SHARED_DIR/start; echo kept > kept; exit 42'",
                 environment_settings=[models.EnvironmentSetting(name="MINE", value="a b")])
        info = self.ended("one").execution_info
        out = self.text("one")
        expect(info.exit_code, 42, f"the exit code ({info.failure_info and info.failure_info.as_dict()})")
        expect(info.failure_info.code, "FailureExitCode", "its failure")
        expect(info.container_info.state, "exited", "the container's state")
        for wanted in ("MINE=a b\n", "AZ_BATCH_TASK_ID=one\n", "/one/wd\n", "\n60001\n", "from a container\n"):
            if wanted not in out:
                sys.exit(f"{wanted!r} is not in what the task wrote:\n{out}")
        expect(self.text("one", "stderr.txt"), "to stderr\n", "stderr.txt")
        expect(self.text("one", "wd/kept"), "kept\n", "a file of the task")
        self.add("own", "")
        expect(self.ended("own").execution_info.exit_code, 9, "the exit code of the image's own command")
        expect(self.text("own"), "own command\n", "what it wrote")

    def fails(self):
        self.add("none", "/bin/nothing")
        expect(self.ended("none").execution_info.failure_info.code, "CommandProgramNotFound", "a program that the image has not")
        self.add("image", "/bin/sh", image=f"{self.registry.host}/nothing:1")
        failure = self.ended("image").execution_info.failure_info
        expect(failure.code, "ContainerInvalidImage", "an image that is not there")
        if PASSWORD in str(failure.as_dict()):
            sys.exit("a failure shows the registry's password")
        self.refused("containerSettings.containerRunOptions", lambda: self.add("rights", "/bin/sh", options="--privileged"))
        self.refused("containerSettings.imageName", lambda: self.add("files", "/bin/sh", image="docker-archive:/etc/shadow"))
        self.refused("containerSettings", lambda: self.client.task.add("job", models.TaskAddParameter(id="bare", command_line="true")))

    def ends(self):
        self.add("long", "/bin/sh -c 'echo there; sleep 7654321'")
        wait("its output", lambda: self.client.task.get("job", "long").state.value == "running" and processes("7654321"))
        self.client.task.terminate("job", "long")
        expect(self.ended("long").execution_info.failure_info.code, "TaskEnded", "a task that was ended")
        wait("the end of its container", lambda: not processes("7654321"))

    def pool_that_cannot(self):
        self.add_pool("locked", [self.image], password="wrong")
        node = self.node("locked", "unusable")
        expect([error.code for error in node.errors], ["ContainerInvalidRegistry"], "the node's error")
        if self.image not in node.errors[0].message:
            sys.exit(f"the image is not named: {node.errors[0].message}")


def processes(word):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(entry.name) != os.getpid() and word.encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


def main():
    skip_where_it_cannot_be()
    with tempfile.TemporaryDirectory(prefix="by-containers-") as name:
        folder = pathlib.Path(name)
        registry = Registry(folder)
        try:
            test = Test(registry, registry.push("tiny:1"))
            test.add_pool("pool", [test.image])
            test.client.job.add(models.JobAddParameter(id="job", pool_info=models.PoolInformation(pool_id="pool")))
            test.node("pool", "idle")
            test.runs()
            test.fails()
            test.ends()
            test.pool_that_cannot()
            if PASSWORD in str(test.client.pool.get("pool").as_dict()):
                sys.exit("the pool shows the registry's password")
            for pool in ("pool", "locked"):
                test.client.pool.delete(pool)
            wait("the pools' end", lambda: not list(test.client.pool.list()))
            expect(processes("/mnt/batch/agent/c/"), [], "what is left of containers")
        finally:
            registry.process.terminate()
            registry.process.wait()
            subprocess.run(["podman", "rmi", "-fa"], env=dict(os.environ, CONTAINERS_STORAGE_CONF=str(folder / "storage.conf")),
                           capture_output=True)


main()
