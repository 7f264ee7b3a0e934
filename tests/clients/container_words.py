"""What the tests of containers share: a registry with an image made here, and what runs on this machine."""

import contextlib
import crypt
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

from python_batch import models, wait

USER, PASSWORD = "yard", "s3cret-of-the-registry"
SKIPPED = 77


def skip_where_it_cannot_be(program):
    said = subprocess.run([program, "doctor"], capture_output=True, text=True).stdout
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

    def end(self):
        self.process.terminate()
        self.process.wait()
        subprocess.run(["podman", "rmi", "-fa"], env=dict(os.environ, CONTAINERS_STORAGE_CONF=str(self.folder / "storage.conf")),
                       capture_output=True)

    def settings(self, image, **more):
        """Of a pool of one or more nodes that run containers of this registry."""
        return dict(vm_size="STANDARD_H16r", virtual_machine_configuration=models.VirtualMachineConfiguration(
            image_reference=models.ImageReference(publisher="OpenLogic", offer="CentOS-HPC", sku="7.4"),
            node_agent_sku_id="batch.node.centos 7",
            container_configuration=models.ContainerConfiguration(
                type="dockerCompatible", container_image_names=[image],
                container_registries=[models.ContainerRegistry(
                    user_name=USER, password=more.pop("password", PASSWORD), registry_server=self.host)])), **more)


@contextlib.contextmanager
def registry_with_image():
    """The registry and the name of an image in it."""
    with tempfile.TemporaryDirectory(prefix="by-containers-") as name:
        registry = Registry(pathlib.Path(name))
        try:
            yield registry, registry.push("tiny:1")
        finally:
            registry.end()


def processes(word):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(entry.name) != os.getpid() and word.encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found
