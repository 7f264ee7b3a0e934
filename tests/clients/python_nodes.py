#!/usr/bin/python3
"""Debian's Python client (azure-batch 13) takes nodes through their life: scheduling, restarts, users, removal, preemption; and
certificates and accounts of pools.

Started by run_with_service, which sets AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT.
"""

import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import time

from azure.batch import BatchServiceClient
from azure.batch import models
from azure.batch.batch_auth import SharedKeyCredentials

DEADLINE_S = 120
POOL = "py-nodes"
ISOLATED = os.environ.get("BATCHYARD_NODES_ARE_PROCESSES") != "1"


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"{what}: {seen!r}, not {wanted!r}")


def wait(what, look):
    """Asks until the answer is true; the answer."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    sys.exit(f"{what} did not come within {DEADLINE_S} s")


def refused(code, call):
    try:
        call()
    except models.BatchErrorException as error:
        expect(error.error.code, code, "the refusal's code")
        return error
    sys.exit(f"{code} was expected, but the call went through")


def connect():
    credentials = SharedKeyCredentials(os.environ["AZURE_BATCH_ACCOUNT"], os.environ["AZURE_BATCH_ACCESS_KEY"])
    client = BatchServiceClient(credentials, batch_url=os.environ["AZURE_BATCH_ENDPOINT"])
    if "REQUESTS_CA_BUNDLE" in os.environ:
        client.config.connection.verify = os.environ["REQUESTS_CA_BUNDLE"]
    return client, credentials


def text_of(stream):
    return b"".join(stream).decode()


def add_certificate(client):
    """A certificate made now; its thumbprint."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/key", "-out", f"{folder}/cer",
                        "-outform", "der", "-days", "1", "-subj", "/CN=py"], check=True, capture_output=True)
        data = open(f"{folder}/cer", "rb").read()
    thumbprint = hashlib.sha1(data).hexdigest()
    client.certificate.add(models.CertificateAddParameter(
        thumbprint=thumbprint, thumbprint_algorithm="sha1", data=base64.b64encode(data).decode(), certificate_format="cer"))
    expect(client.certificate.get("sha1", thumbprint).public_data, base64.b64encode(data).decode(), "publicData")
    expect([one.thumbprint for one in client.certificate.list()], [thumbprint], "the certificates")
    refused("CertificateStateActive", lambda: client.certificate.cancel_deletion("sha1", thumbprint))
    return thumbprint


def machine():
    return models.VirtualMachineConfiguration(
        image_reference=models.ImageReference(publisher="OpenLogic", offer="CentOS-HPC", sku="7.4"), node_agent_sku_id="batch.node.centos 7")


def idle_nodes(client, count, pool=POOL):
    def nodes():
        found = list(client.compute_node.list(pool))
        return found if len(found) == count and all(node.state == "idle" for node in found) else None

    return wait(f"{count} idle nodes", nodes)


def add_pool(client, thumbprint):
    client.pool.add(models.PoolAddParameter(
        id=POOL, vm_size="STANDARD_H16r", target_dedicated_nodes=2, virtual_machine_configuration=machine(),
        certificate_references=[models.CertificateReference(thumbprint=thumbprint, thumbprint_algorithm="sha1")],
        user_accounts=[models.UserAccount(name="bob", password="s3cret")],
        start_task=models.StartTask(command_line="/bin/sh -c 'echo start >> $AZ_BATCH_NODE_SHARED_DIR/starts'", wait_for_success=True,
                                    user_identity=models.UserIdentity(auto_user=models.AutoUserSpecification(elevation_level="admin")))))
    client.job.add(models.JobAddParameter(id="py-job", pool_info=models.PoolInformation(pool_id=POOL)))
    return idle_nodes(client, 2)


def starts(client, node):
    return text_of(client.file.get_from_compute_node(POOL, node, "shared/starts")).count("start")


def run(client, name, command, user=None):
    """The exit code and what it wrote."""
    client.task.add("py-job", models.TaskAddParameter(
        id=name, command_line=command, user_identity=models.UserIdentity(user_name=user) if user else None))
    wait(f"the end of {name}", lambda: client.task.get("py-job", name).state.value == "completed")
    code = client.task.get("py-job", name).execution_info.exit_code
    return code, text_of(client.file.get_from_task("py-job", name, "stdout.txt"))


def schedule(client, node):
    client.compute_node.disable_scheduling(POOL, node)
    expect(client.compute_node.get(POOL, node).state.value, "offline", "a node that takes no tasks")
    expect(client.compute_node.get(POOL, node).scheduling_state.value, "disabled", "schedulingState")
    refused("NodeAlreadyInTargetSchedulingState", lambda: client.compute_node.disable_scheduling(POOL, node))
    client.compute_node.enable_scheduling(POOL, node)
    expect(client.compute_node.get(POOL, node).state.value, "idle", "a node that takes tasks again")


def reboot(client, node):
    before = client.compute_node.get(POOL, node).last_boot_time
    expect(starts(client, node), 1, "starts before the reboot")
    client.compute_node.reboot(POOL, node, node_reboot_option="terminate")
    wait("the rebooted node", lambda: client.compute_node.get(POOL, node).state == "idle")
    expect(starts(client, node), 2, "starts after the reboot: files stay, the start task runs again")
    if client.compute_node.get(POOL, node).last_boot_time <= before:
        sys.exit("lastBootTime has not moved")
    refused("OperationNotValidOnNode", lambda: client.compute_node.reimage(POOL, node, node_reimage_option="terminate"))


def reboot_under_a_task(client, nodes):
    client.task.add("py-job", models.TaskAddParameter(id="long", command_line="/bin/sh -c 'sleep 1000'"))
    wait("a running task", lambda: client.task.get("py-job", "long").state.value == "running")
    node = client.task.get("py-job", "long").node_info.node_id
    client.compute_node.reboot(POOL, node)
    wait("the task elsewhere", lambda: client.task.get("py-job", "long").execution_info.requeue_count == 1
         and client.task.get("py-job", "long").state.value == "running")
    client.task.terminate("py-job", "long")
    wait("its end", lambda: client.task.get("py-job", "long").state.value == "completed")
    idle_nodes(client, len(nodes))


def remove(client, node):
    client.pool.remove_nodes(POOL, models.NodeRemoveParameter(node_list=[node]))
    wait("one node", lambda: client.pool.get(POOL).current_dedicated_nodes == 1)
    expect(client.pool.get(POOL).target_dedicated_nodes, 1, "targetDedicatedNodes")


def users(client, node):
    client.compute_node.add_user(POOL, node, models.ComputeNodeUser(name="ann", is_admin=True, password="s3cret"))
    refused("NodeUserExists", lambda: client.compute_node.add_user(POOL, node, models.ComputeNodeUser(name="ann")))
    client.compute_node.update_user(POOL, node, "ann", models.NodeUpdateUserParameter(ssh_public_key="ssh-rsa AAAA"))
    if ISOLATED:
        expect(run(client, "known", "getent passwd ann")[0], 0, "getent of a user who was added")
        expect(run(client, "bob", "id -un", "bob"), (0, "bob\n"), "the account of a task")
        # Another client's machine has no such account.
        expect(subprocess.run(["getent", "passwd", "ann"], check=False, capture_output=True).returncode, 2, "the user on the machine")
    client.compute_node.delete_user(POOL, node, "ann")
    refused("NodeUserNotFound", lambda: client.compute_node.delete_user(POOL, node, "ann"))
    if ISOLATED:
        expect(run(client, "unknown", "getent passwd ann")[0], 2, "getent of a user who was deleted")
    refused("InvalidPropertyValue", lambda: run(client, "eve", "true", "eve"))
    settings = client.compute_node.get_remote_login_settings(POOL, node)
    expect(settings.remote_login_ip_address, client.compute_node.get(POOL, node).ip_address, "remoteLoginIPAddress")


def certificate(client, thumbprint):
    code, out = run(client, "cert", "/bin/sh -c 'sha1sum < $AZ_BATCH_CERTIFICATES_DIR/sha1-" + thumbprint + ".cer'")
    expect((code, out.split()[0]), (0, thumbprint), "the certificate on the node")
    client.certificate.delete("sha1", thumbprint)
    failed = client.certificate.get("sha1", thumbprint)
    expect(failed.state.value, "deletefailed", "a certificate in use")
    expect(failed.delete_certificate_error.values[0].value, f"pool {POOL}", "who uses it")
    client.certificate.cancel_deletion("sha1", thumbprint)


def preempt(client, credentials):
    client.pool.add(models.PoolAddParameter(id="py-spot", vm_size="STANDARD_H16r", target_low_priority_nodes=1,
                                            virtual_machine_configuration=machine()))
    node = idle_nodes(client, 1, "py-spot")[0]
    expect(node.is_dedicated, False, "isDedicated")
    url = f"{os.environ['AZURE_BATCH_ENDPOINT'].rstrip('/')}/batchyard/pools/py-spot/nodes/{node.id}/preempt"
    with credentials.signed_session() as session:
        answer = session.post(url, data='{"away":"PT1S"}', verify=client.config.connection.verify)
    expect(answer.status_code, 202, f"preemption: {answer.text}")
    wait("the node back", lambda: client.compute_node.get("py-spot", node.id).state == "idle"
         and client.compute_node.get("py-spot", node.id).last_boot_time > node.last_boot_time)
    client.pool.delete("py-spot")


def look_at_accounts(client):
    if client.pool.get(POOL, models.PoolGetOptions(expand="stats")).stats.usage_stats.dedicated_core_time.total_seconds() <= 0:
        sys.exit("no core time was counted")
    expect(client.job.get_all_lifetime_statistics().num_failed_tasks >= 1, True, "failed tasks are counted")
    client.pool.get_all_lifetime_statistics()
    list(client.pool.list_usage_metrics())
    expect(list(client.application.list()), [], "applications")
    refused("ApplicationNotFound", lambda: client.application.get("none"))
    client.pool.update_properties(POOL, models.PoolUpdatePropertiesParameter(
        certificate_references=[], application_package_references=[], metadata=[models.MetadataItem(name="a", value="b")]))
    expect(client.pool.get(POOL).start_task, None, "a start task that was not given again")


def main():
    client, credentials = connect()
    thumbprint = add_certificate(client)
    nodes = [node.id for node in add_pool(client, thumbprint)]
    schedule(client, nodes[0])
    reboot(client, nodes[0])
    reboot_under_a_task(client, nodes)
    remove(client, nodes[1])
    users(client, nodes[0])
    certificate(client, thumbprint)
    preempt(client, credentials)
    look_at_accounts(client)
    client.job.delete("py-job")
    client.pool.delete(POOL)
    wait("no pool", lambda: not client.pool.exists(POOL))
    client.certificate.delete("sha1", thumbprint)
    refused("CertificateNotFound", lambda: client.certificate.get("sha1", thumbprint))
    print("The Python client's round with nodes is done.")


main()
