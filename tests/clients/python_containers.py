#!/usr/bin/python3
"""Tasks in containers, with Debian's Python client: an image made here, in a registry of this test's that asks for a password.

Started by run_with_service. Skipped where podman cannot run a container, or where there is no docker-registry.
"""

import sys

from container_words import PASSWORD, processes, registry_with_image, skip_where_it_cannot_be
from python_batch import connect, expect, models, wait

class Test:
    def __init__(self, registry, image):
        self.client = connect()
        self.registry, self.image = registry, image

    def add_pool(self, name, password=PASSWORD):
        self.client.pool.add(models.PoolAddParameter(
            id=name, target_dedicated_nodes=1, **self.registry.settings(self.image, password=password),
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
        self.add_pool("locked", password="wrong")
        node = self.node("locked", "unusable")
        expect([error.code for error in node.errors], ["ContainerInvalidRegistry"], "the node's error")
        if self.image not in node.errors[0].message:
            sys.exit(f"the image is not named: {node.errors[0].message}")


def main():
    skip_where_it_cannot_be(sys.argv[1])
    with registry_with_image() as (registry, image):
        test = Test(registry, image)
        test.add_pool("pool")
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


main()
