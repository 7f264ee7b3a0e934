"""What the tests on a clock that is moved share: the clock, a pool of simulated nodes, and how tasks are told to act.

They are started by run_with_service with the path of batchyard, against `up --instant --clock frozen=2030-01-01T00:00:00Z`.
"""

import datetime
import subprocess
import sys

from python_batch import expect, models

START = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)


def hours(count):
    return datetime.timedelta(hours=count)


def clock(*words):
    """Answers when everything has come to rest at the new time; that time."""
    said = subprocess.run([sys.argv[1], "clock", *words], capture_output=True, text=True, check=True).stdout.split()
    return datetime.datetime.fromisoformat(said[0].replace("Z", "+00:00"))


def clock_to(moment):
    clock("--to", moment.isoformat().replace("+00:00", "Z"))


def rest():
    return clock("--advance", "PT0S")


def sim(**variables):
    return [models.EnvironmentSetting(name=f"BATCHYARD_SIM_{name}", value=value) for name, value in variables.items()]


def machine():
    return dict(vm_size="standard_d2_v3", virtual_machine_configuration=models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(publisher="canonical", offer="ubuntuserver", sku="18.04-lts"),
        node_agent_sku_id="batch.node.ubuntu 18.04"))


def make_pool(client, name, nodes, **more):
    client.pool.add(models.PoolAddParameter(id=name, target_dedicated_nodes=nodes, **machine(), **more))
    rest()
    found = list(client.compute_node.list(name))
    expect([node.state.value for node in found], ["idle"] * nodes, "the nodes of the pool")
    return [node.id for node in found]
