#!/usr/bin/python3
"""Debian's azure.mgmt.batch, unmodified: pools and certificates are made, read, changed, stopped and deleted on the management plane,
and azure.batch finds the same ones on the data plane.

Started by run_with_service, with simulated nodes.
"""
import base64
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

from azure.batch import BatchServiceClient
from azure.batch.batch_auth import SharedKeyCredentials
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.mgmt.batch import BatchManagementClient, models

TRUSTED = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
GROUP, ACCOUNT = "batchyard", os.environ["AZURE_BATCH_ACCOUNT"]
MACHINE = models.VirtualMachineConfiguration(
    image_reference=models.ImageReference(publisher="canonical", offer="0001-com-ubuntu-server-jammy", sku="22_04-lts"),
    node_agent_sku_id="batch.node.ubuntu 22.04")


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"management_pools.py: {what}: {seen!r}, not {wanted!r}")


def refused(code, call, *arguments, **more):
    """A refusal with that code; its message."""
    try:
        call(*arguments, **more)
    except HttpResponseError as error:
        expect(error.error.code if error.error else error.reason, code, "the code of a refusal")
        return error.message
    return sys.exit(f"management_pools.py: what should be refused with {code} was done")


class Login:
    """The token of the installation's administrator."""

    def get_token(self, *scopes, **_):
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": os.environ["AZURE_CLIENT_ID"],
                                       "client_secret": os.environ["AZURE_CLIENT_SECRET"],
                                       "scope": "https://management.azure.com/.default"}).encode()
        with urllib.request.urlopen(os.environ["BATCHYARD_MANAGEMENT"] + "/adfs/oauth2/token", form, context=TRUSTED) as answer:
            token = json.load(answer)
        return AccessToken(token["access_token"], int(time.time()) + int(token["expires_in"]))


def steady(pools, name):
    """The pool when it has the nodes that it should have."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pool = pools.get(GROUP, ACCOUNT, name)
        if pool.allocation_state == "Steady":
            return pool
    return sys.exit(f"management_pools.py: {name} does not become steady")


def pools_on_both_planes(management, data):
    pools = management.pool
    wanted = models.Pool(
        display_name="both", vm_size="STANDARD_D2S_V3", inter_node_communication="Disabled", task_slots_per_node=1,
        deployment_configuration=models.DeploymentConfiguration(virtual_machine_configuration=MACHINE),
        scale_settings=models.ScaleSettings(fixed_scale=models.FixedScaleSettings(target_dedicated_nodes=2, resize_timeout="PT8M")),
        start_task=models.StartTask(command_line="true", wait_for_success=True),
        metadata=[models.MetadataItem(name="team", value="a")],
        user_accounts=[models.UserAccount(name="u", password="some!Secret1", elevation_level="Admin")])
    made = pools.create(GROUP, ACCOUNT, "both", wanted, if_none_match="*")
    expect((made.name, made.provisioning_state, made.vm_size), ("both", "Succeeded", "STANDARD_D2S_V3"), "the pool that was made")
    expect(made.etag.startswith('W/"0x8D'), True, "its ETag")
    refused("ConditionNotMet", pools.create, GROUP, ACCOUNT, "both", wanted, if_none_match="*")
    expect(steady(pools, "both").current_dedicated_nodes, 2, "its nodes")
    expect(len(list(data.compute_node.list("both"))), 2, "its nodes on the data plane")

    there = data.pool.get("both")
    expect((there.display_name, there.target_dedicated_nodes, there.start_task.command_line), ("both", 2, "true"), "the same pool there")
    data.pool.patch("both", {"metadata": [{"name": "team", "value": "b"}]})
    seen = pools.get(GROUP, ACCOUNT, "both")
    expect(seen.metadata[0].value, "b", "what the data plane has changed")

    # What was seen is what is changed, whole or not at all.
    refused("ConditionNotMet", pools.update, GROUP, ACCOUNT, "both", models.Pool(display_name="late"), if_match=made.etag)
    three = models.ScaleSettings(fixed_scale=models.FixedScaleSettings(target_dedicated_nodes=3))
    changed = pools.update(GROUP, ACCOUNT, "both", models.Pool(display_name="new", scale_settings=three, metadata=[]), if_match=seen.etag)
    expect((changed.display_name, changed.scale_settings.fixed_scale.target_dedicated_nodes), ("new", 3), "the pool that was changed")
    expect(steady(pools, "both").resize_operation_status.target_dedicated_nodes, 3, "its resize")
    message = refused("OperationInvalidForCurrentState", pools.update, GROUP, ACCOUNT, "both", models.Pool(task_slots_per_node=4, display_name="x"))
    expect("properties.taskSlotsPerNode" in message, True, "the name of the property in " + message)
    expect(data.pool.get("both").display_name, "new", "the name after the refusal")

    formula = models.AutoScaleSettings(formula="$TargetDedicatedNodes=1", evaluation_interval="PT6M")
    sized = pools.update(GROUP, ACCOUNT, "both", models.Pool(scale_settings=models.ScaleSettings(auto_scale=formula)))
    expect(sized.auto_scale_run.error, None, "the formula's run")
    expect(data.pool.get("both").enable_auto_scale, True, "autoscale there")
    expect(pools.disable_auto_scale(GROUP, ACCOUNT, "both").scale_settings.auto_scale, None, "the formula that is off")
    expect(pools.stop_resize(GROUP, ACCOUNT, "both").allocation_state in ("Steady", "Stopping"), True, "the resize that was stopped")

    data.pool.add({"id": "theirs", "vm_size": "STANDARD_D2S_V3", "target_dedicated_nodes": 0, "virtual_machine_configuration": {
        "image_reference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
        "node_agent_sku_id": "batch.node.ubuntu 22.04"}})
    listed = list(pools.list_by_batch_account(GROUP, ACCOUNT, maxresults=1))
    expect([pool.name for pool in listed], ["both", "theirs"], "both pools, page by page")
    some = list(pools.list_by_batch_account(GROUP, ACCOUNT, select="properties/vmSize", filter="startswith(name, 'th')"))
    expect([(pool.name, pool.vm_size, pool.creation_time) for pool in some], [("theirs", "STANDARD_D2S_V3", None)], "what was selected")
    for name in ("both", "theirs"):
        pools.begin_delete(GROUP, ACCOUNT, name).result(60)
    expect(list(data.pool.list()), [], "the pools that are left")


def certificate(folder):
    """A new one: its name, and its bytes in base64."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/key", "-out", f"{folder}/pem",
                    "-days", "30", "-subj", "/CN=lab"], check=True, capture_output=True)
    der = subprocess.run(["openssl", "x509", "-in", f"{folder}/pem", "-outform", "DER"], check=True, capture_output=True).stdout
    said = subprocess.run(["openssl", "x509", "-in", f"{folder}/pem", "-noout", "-fingerprint", "-sha1"], check=True, capture_output=True, text=True)
    return "sha1-" + said.stdout.strip().split("=")[1].replace(":", "").lower(), base64.b64encode(der).decode()


def certificates_on_both_planes(management, data, folder):
    certificates = management.certificate
    name, text = certificate(folder)
    wanted = models.CertificateCreateOrUpdateParameters(data=text, format="Cer")
    made = certificates.create(GROUP, ACCOUNT, name, wanted, if_none_match="*")
    expect((made.name, made.provisioning_state, made.public_data), (name, "Succeeded", text), "the certificate that was made")
    expect([one.thumbprint for one in data.certificate.list()], [name.partition("-")[2]], "the same one there")
    certificates.update(GROUP, ACCOUNT, name, wanted, if_match=made.etag)
    pool = models.Pool(vm_size="STANDARD_D2S_V3", deployment_configuration=models.DeploymentConfiguration(virtual_machine_configuration=MACHINE),
                       certificates=[models.CertificateReference(id=made.id, visibility=["Task"])])
    expect(management.pool.create(GROUP, ACCOUNT, "holder", pool).certificates[0].id, made.id, "what the pool refers to")
    refused("CertificateDeleteFailed", certificates.begin_delete(GROUP, ACCOUNT, name).result, 60)
    expect(certificates.get(GROUP, ACCOUNT, name).provisioning_state, "Failed", "one that is held")
    expect(certificates.cancel_deletion(GROUP, ACCOUNT, name).provisioning_state, "Succeeded", "one that is kept")
    management.pool.begin_delete(GROUP, ACCOUNT, "holder").result(60)
    certificates.begin_delete(GROUP, ACCOUNT, name).result(60)
    expect(list(certificates.list_by_batch_account(GROUP, ACCOUNT)), [], "the certificates that are left")


def main():
    management = BatchManagementClient(Login(), os.environ["AZURE_SUBSCRIPTION_ID"], base_url=os.environ["BATCHYARD_MANAGEMENT"])
    data = BatchServiceClient(SharedKeyCredentials(ACCOUNT, os.environ["AZURE_BATCH_ACCESS_KEY"]), os.environ["AZURE_BATCH_ENDPOINT"])
    data.config.connection.verify = os.environ["REQUESTS_CA_BUNDLE"]
    pools_on_both_planes(management, data)
    with tempfile.TemporaryDirectory() as folder:
        certificates_on_both_planes(management, data, folder)


if __name__ == "__main__":
    main()
