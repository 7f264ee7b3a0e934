#!/usr/bin/python3
"""A secret of its own in every place that can hold one; then none of them is in anything that comes out: answers of every GET in every
api-version, refusals of wrong requests, events, the past, explanations, what the command line prints, logs of service and agents,
arguments of processes, and the bytes of the data directory, plain or encoded.

    canary.py PROGRAM

The list of places is the contract's: each member that spec/limits.json marks as secret must be planted here.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import urllib.parse

from canary_management import Managed
from canary_words import (NEWEST, NOWHERE, OLDER, ROOT, UBUNTU, Service, canary, certificate, changed, check_search, environment_of, expect,
                          found, search, secrets, shown, task_of, uploads_of, user)

CONTRACT = json.loads((ROOT / "spec" / "data-plane.json").read_text())
MARKED = {name for name, facts in json.loads((ROOT / "spec" / "limits.json").read_text())["members"].items() if facts.get("secret")}


def pool_with_everything():
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{canary('LinuxUserConfiguration.sshPrivateKey')}\n-----END RSA PRIVATE KEY-----\n"
    machine = UBUNTU | {
        "containerConfiguration": {"type": "dockerCompatible", "containerRegistries": [
            {"registryServer": "registry.example", "username": "u", "password": canary("ContainerRegistry.password")}]},
        "extensions": [{"name": "e", "publisher": "Canary", "type": "Test", "protectedSettings": {"key": canary("VMExtension.protectedSettings")}}]}
    mounts = [
        {"azureBlobFileSystemConfiguration": {"accountName": "a", "containerName": "c", "relativeMountPath": "b1",
                                              "accountKey": canary("AzureBlobFileSystemConfiguration.accountKey")}},
        {"azureBlobFileSystemConfiguration": {"accountName": "a", "containerName": "c", "relativeMountPath": "b2",
                                              "sasKey": "?sig=" + canary("AzureBlobFileSystemConfiguration.sasKey")}},
        {"azureFileShareConfiguration": {"accountName": "a", "azureFileUrl": "https://a.file.core.windows.net/s", "relativeMountPath": "f",
                                         "accountKey": canary("AzureFileShareConfiguration.accountKey")}},
        {"cifsMountConfiguration": {"username": "u", "source": "//h/s", "relativeMountPath": "s",
                                    "password": canary("CIFSMountConfiguration.password")}}]
    return {"id": "sealed", "vmSize": "standard_d2_v3", "targetDedicatedNodes": 0, "virtualMachineConfiguration": machine,
            "mountConfiguration": mounts, "userAccounts": [user("u", "UserAccount") | {"linuxUserConfiguration": {"uid": 1200, "gid": 1200,
                                                                                                                "sshPrivateKey": key}}],
            "startTask": task_of("pool.startTask"), "metadata": [{"name": "m", "value": canary("pool.metadata", shows=True)}]}


def auto_pool(owner):
    return {"autoPoolSpecification": {"poolLifetimeOption": "job", "pool": {
        "vmSize": "standard_d2_v3", "targetDedicatedNodes": 0, "virtualMachineConfiguration": UBUNTU,
        "userAccounts": [user("u", owner)], "startTask": task_of(f"{owner}.startTask")}}}


def job_of(owner, pool):
    return {"poolInfo": pool, "commonEnvironmentSettings": environment_of(owner),
            "jobManagerTask": task_of(f"{owner}.jobManagerTask", id="manager", outputFiles=uploads_of(f"{owner}.jobManagerTask")),
            "jobPreparationTask": task_of(f"{owner}.jobPreparationTask"), "jobReleaseTask": task_of(f"{owner}.jobReleaseTask")}


def plant(service):
    sealed = certificate(service.folder)
    service.ask("POST", "/certificates", sealed, OLDER, 201)
    everything = pool_with_everything()
    service.ask("POST", "/pools", everything, status=201)
    # What replaces it leaves the past, sealed, too.
    service.ask("PATCH", "/pools/sealed", {"startTask": task_of("pool.laterStartTask")}, status=200)
    service.ask("POST", "/pools", {"id": "live", "vmSize": "standard_d2_v3", "targetDedicatedNodes": 1, "virtualMachineConfiguration": UBUNTU,
                                   "userAccounts": [user("u", "live.UserAccount")],
                                   "startTask": {"commandLine": "/bin/true", "environmentSettings": environment_of("live.startTask")}}, status=201)
    service.ask("POST", "/jobs", {"id": "auto"} | job_of("job", auto_pool("job.autoPool")), status=201)
    service.ask("POST", "/jobschedules", {"id": "weekly", "schedule": {"recurrenceInterval": "P7D"},
                                          "jobSpecification": job_of("schedule", auto_pool("schedule.autoPool"))}, status=201)
    service.ask("POST", "/jobs", {"id": "live", "poolInfo": {"poolId": "live"}}, status=201)
    service.ask("POST", "/jobs/live/tasks", {"id": "t", "outputFiles": uploads_of("task")} | task_of("task"), status=201)
    service.ask("POST", "/jobs/live/tasks", {
        "id": "token", "commandLine": "/bin/sh -c 'cat /proc/*/cmdline; printenv AZ_BATCH_AUTHENTICATION_TOKEN > token; exit 1'",
        "environmentSettings": environment_of("token"), "authenticationTokenSettings": {"access": ["job"]}}, status=201)
    for words in (("task", "live", "t"), ("task", "live", "token")):
        code, said = service.run("wait", *words, "--timeout", "60")
        expect(code, 1, f"waiting for {words}, which fails ({said.decode()})")
    node = json.loads(service.run("get", "nodes", "live", "-o", "json")[1])[0]["id"]
    users = f"/pools/live/nodes/{node}/users"
    guest = {"name": "guest", "password": canary("ComputeNodeUser.password")}
    service.ask("POST", users, guest, status=201)
    update = {"password": canary("NodeUpdateUserParameter.password")}
    service.ask("PUT", users + "/guest", update, status=200)
    secrets["the token of a task"] = service.ask("GET", "/jobs/live/tasks/token/files/wd/token", status=200)[1].split()[-1].decode()
    return node, [("POST", "/pools", everything | {"id": "wrong"}, NEWEST), ("POST", "/certificates", sealed, OLDER),
                  ("POST", users, guest, NEWEST), ("PUT", users + "/guest", update, NEWEST)]


def plant_own(service):
    """What the installation itself has."""
    secrets["the account's key"] = service.environment["AZURE_BATCH_ACCESS_KEY"]
    secrets["the administrator's secret"] = service.environment["AZURE_CLIENT_SECRET"]
    secrets["the managed identity's address"] = urllib.parse.urlsplit(service.environment["BATCHYARD_MANAGED_IDENTITY"]).path
    connection = dict(part.split("=", 1) for part in service.environment["AZURE_STORAGE_CONNECTION_STRING"].strip(";").split(";"))
    secrets["the storage's key"] = connection["AccountKey"]
    secrets["the key that seals"] = [line for line in (service.folder / "key").read_text().splitlines() if not line.startswith("#")][0]
    code, made = service.run("identity", "add", "ci", "--role", "reader")
    expect(code, 0, made.decode())
    secrets["a principal's secret"] = made.decode().split("AZURE_CLIENT_SECRET=")[1].split()[0]
    secrets["a token of the installation"] = service.login()


def paths(node, thumbprint):
    """Every GET of the contract with what was planted in place of its parameters."""
    names = {"poolId": ["sealed", "live"], "nodeId": [node], "jobId": ["auto", "live"], "taskId": ["t", "token"], "jobScheduleId": ["weekly"],
             "applicationId": ["none"], "thumbprintAlgorithm": ["sha1"], "thumbprint": [thumbprint], "filePath": ["stdout.txt"],
             "extensionName": ["e"]}
    for operation in CONTRACT["operations"].values():
        if operation["method"] not in ("GET", "HEAD"):
            continue
        filled = [operation["path"]]
        for name, values in names.items():
            filled = [path.replace("{" + name + "}", value) for path in filled for value in (values if "{" + name + "}" in path else values[:1])]
        for path in filled:
            expect("{" in path, False, f"a parameter of {path} that this test does not know")
            yield operation["method"], path


def look_at_answers(service, node, thumbprint):
    asked = 0
    for version in CONTRACT["versions"]:
        for method, path in paths(node, thumbprint):
            status, answer = service.ask(method, path, version=version)
            expect(status < 500, True, f"the status {status} of {method} {path}")
            asked += status == 200
            search(f"{method} {path} of {version}", answer, shows=True)
    expect(asked > 300, True, f"{asked} answers with a body")
    for path in (f"/batchyard/explain/node/live/{node}", "/batchyard/explain/pool/sealed", "/batchyard/explain/job/auto",
                 "/batchyard/explain/task/live/t", "/batchyard/explain/schedule/weekly", "/batchyard/pools/sealed/findings", "/batchyard/applications"):
        search(f"GET {path}", service.ask("GET", path, status=200)[1])
    for path in ("pool/sealed", "pool/live", "job/auto", "task/live/t", "schedule/weekly", f"node/live/{node}"):
        search(f"the past of {path}", service.ask("GET", f"/batchyard/history/{path}?as-of=PT0S", status=200)[1], shows=True)
    token = service.login()
    for path in ("/batchyard/principals", f"/subscriptions/{service.environment['AZURE_SUBSCRIPTION_ID']}/providers/Microsoft.Batch/batchAccounts"):
        search(f"GET {path}", service.manage("GET", path + "?api-version=2024-07-01", token=token)[1])


def look_at_words(service, node):
    for words in (["events", "--after", "0"], ["events", "--after", "0", "-o", "json"], ["explain", "task", "live", "t"],
                  ["explain", "pool", "sealed"], ["explain", "job", "auto"], ["identity", "list"], ["account", "list"]):
        code, said = service.run(*words)
        expect(code, 0, f"{words} ({said.decode()})")
        search(" ".join(words), said)
    for words in (["get", "pools"], ["describe", "pool", "sealed"], ["get", "pool", "sealed", "-o", "json"], ["describe", "task", "live", "t"],
                  ["describe", "job", "auto"], ["describe", "schedule", "weekly"], ["get", "certificates", "-o", "json"],
                  ["describe", "node", "live", node], ["get", "pool", "sealed", "--as-of", "PT0S", "-o", "json"]):
        code, said = service.run(*words)
        expect(code, 0, f"{words} ({said.decode()})")
        search(" ".join(words), said, shows=True)


def look_at_refusals(service, requests):
    """Wrong values in the places of secrets, and what is wrong elsewhere beside them."""
    refused = 0
    for verb, path, body, version in requests:
        text = json.dumps(body)
        wrong = [body | {"unknown": {"a": 1}}, body | {"passwrd": [body]}, text.encode()[:-1], f"[{text}]".encode(), text.replace('": ', '" ').encode()]
        for place, secret in secrets.items():
            if secret in text and place not in shown:
                wrong += [changed(body, secret, value) for value in ([secret], {"value": secret}, secret + "\0", secret * 9000, f"ftp://x/?sig={secret}")]
        for one in wrong:
            status, answer = service.ask(verb, path, one, version)
            if (status, path) == (201, "/pools"):
                service.ask("DELETE", "/pools/wrong", status=202)
            refused += status == 400
            search(f"the refusal {status} of {verb} {path}", answer)
    for shape in (f"{NOWHERE} ?sig=", "ftp://h/?sig=", "http://?sig=", "https://user:pass@h/?sig="):
        secret = canary(f"a wrong URL {shape}")
        for body in ({"httpUrl": shape + secret, "filePath": "a"}, {"storageContainerUrl": shape + secret, "fileMode": "z"}):
            status, answer = service.ask("POST", "/jobs/live/tasks", {"id": "wrong", "commandLine": "x", "resourceFiles": [body]})
            if status == 201:
                service.ask("DELETE", "/jobs/live/tasks/wrong", status=200)
            search(f"the refusal {status} of {shape}", answer)
    expect(refused > 40, True, f"{refused} refusals")


def look_at_processes(data):
    ours = 0
    for entry in pathlib.Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes() if entry.name.isdigit() and int(entry.name) != os.getpid() else b""
        except OSError:
            continue
        if str(data).encode() in line:
            ours += 1
            search(f"the arguments of {line.split(bytes(1))[:2]}", line)
    expect(ours > 1, True, "processes of the service")


# Below nodes/ lies what the nodes' agents have to run, for them alone; what they say is for everybody.
def look_at_disk(service):
    seen = 0
    for path in service.data.rglob("*"):
        own = path.relative_to(service.data).parts[0] == "nodes"
        if not path.is_file() or path.is_symlink() or (own and path.name != "agent.log"):
            continue
        seen += 1
        search(str(path.relative_to(service.data)), path.read_bytes())
    for name in ("batchyard.db", "batchyard.db-wal", "registry.db", "account", "site"):
        expect((service.data / name).exists(), True, f"{name} in the data directory")
    expect(any(service.data.rglob("agent.log")) and seen > 8, True, f"{seen} files that were looked at, an agent's log among them")


def check(folder, service):
    node, requests = plant(service)
    plant_own(service)
    managed = Managed(service)
    certificate_name = managed.plant()
    expect(sorted(MARKED - set(secrets)), [], "the places that the contract marks and this test does not plant")
    thumbprint = json.loads(service.run("get", "certificates", "-o", "json")[1])[0]["thumbprint"]
    look_at_processes(service.data)
    look_at_answers(service, node, thumbprint)
    managed.look(certificate_name)
    look_at_words(service, node)
    look_at_refusals(service, requests)
    managed.look_at_refusals()
    look_at_disk(service)
    service.end()
    code, said = service.run("secrets", "rotate", "--data-dir", service.data, "--key-file", folder / "key")
    expect(code, 0, f"changing the key ({said.decode()})")
    search("secrets rotate", said)
    service.start()
    service.ask("GET", "/pools/sealed", status=200)
    look_at_disk(service)
    service.end()
    search("the log", (folder / "log").read_bytes())


def main():
    check_search()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-canary-"))
    try:
        service = Service(folder)
        try:
            check(folder, service)
        finally:
            service.leave_nothing()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if found:
        sys.exit("canary.py:\n" + "\n".join(sorted(set(found))))


main()
