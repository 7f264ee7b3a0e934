#!/usr/bin/python3
"""A secret of its own in every place that can hold one; then none of them is in anything that comes out: answers of every GET in every
api-version, refusals of wrong requests, events, the past, explanations, what the command line prints, logs of service and agents,
arguments of processes, and the bytes of the data directory, plain or encoded.

    canary.py PROGRAM

The list of places is the contract's: each member that spec/limits.json marks as secret must be planted here.
"""
import base64
import email.utils
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.parse

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONTRACT = json.loads((ROOT / "spec" / "data-plane.json").read_text())
MANAGEMENT = json.loads((ROOT / "spec" / "management.json").read_text())
MARKED = {name for name, facts in json.loads((ROOT / "spec" / "limits.json").read_text())["members"].items() if facts.get("secret")}
NEWEST = "2024-07-01.20.0"
OLDER = "2022-01-01.15.0"  # knows certificates
JSON = "application/json; odata=minimalmetadata"
# Nobody listens there.
NOWHERE = "http://127.0.0.1:9/box"
UBUNTU = {"imageReference": {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"}, "nodeAgentSKUId": "batch.node.ubuntu 18.04"}

secrets = {}  # place -> canary
shown = set()  # of these places: in the answers about what they are set in, as the contract has it
found = []


def canary(place, shows=False):
    """Letters and digits, so that every form but base64, hexadecimal and UTF-16 leaves them as they are."""
    secrets[place] = f"Canary{len(secrets):02}{os.urandom(8).hex()}"
    if shows:
        shown.add(place)
    return secrets[place]


def forms(secret):
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield secret.encode("utf-16-le")
    for before in range(3):
        # What does not depend on the bytes around it.
        encoded = base64.b64encode(b"\0" * before + raw)
        yield encoded[4 if before else 0:len(encoded) // 4 * 4 - 4]


NEEDLES = {}


def search(where, output, shows=False):
    """Notes every secret that is in it."""
    output = output.encode() if isinstance(output, str) else output
    for place, secret in secrets.items():
        if shows and place in shown:
            continue
        if place not in NEEDLES:
            NEEDLES[place] = list(forms(secret))
        if any(needle in output for needle in NEEDLES[place]):
            found.append(f"{place} is in {where}")


def check_search():
    """It finds what it is to find, in every form and wherever it stands."""
    secret = canary("the search itself").encode()
    texts = [secret, secret.hex().encode(), secret.hex().upper().encode(), secret.decode().encode("utf-16-le")]
    texts += [base64.b64encode(b"a" * before + secret + b"b" * behind) for before in range(4) for behind in range(3)]
    for text in texts:
        search("a text", b"<" + text + b">")
        expect(len(found), 1, f"what is found in {text}")
        found.clear()


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"canary.py: {what}: {seen!r}, not {wanted!r}")


class Service:
    def __init__(self, folder):
        self.folder, self.data = folder, folder / "data"
        self.log = (folder / "log").open("ab")
        self.start()

    def start(self):
        env_file = self.folder / "env"
        env_file.unlink(missing_ok=True)
        storage = f"{NOWHERE}?sig=" + (secrets.get("--auto-storage-url") or canary("--auto-storage-url"))
        self.process = subprocess.Popen([PROGRAM, "up", "--data-dir", self.data, "--env-file", env_file, "--key-file", self.folder / "key",
                                         "--auto-storage-url", storage],
                                        stdout=subprocess.PIPE, stderr=self.log)
        for line in self.process.stdout:
            self.log.write(line)
            if line.startswith(b"Ctrl-C"):
                break
        words = [shlex.split(line.removeprefix("export "))[0] for line in env_file.read_text().splitlines()]
        self.environment = dict(word.split("=", 1) for word in words)
        context = ssl.create_default_context(cafile=self.environment["REQUESTS_CA_BUNDLE"])
        self.at = {name: http.client.HTTPSConnection(urllib.parse.urlsplit(self.environment[name]).netloc, context=context, timeout=60)
                   for name in ("AZURE_BATCH_ENDPOINT", "BATCHYARD_MANAGEMENT")}

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.log.write(self.process.communicate(timeout=60)[0])
        expect(self.process.returncode, 0, "how the service ended")
        self.log.flush()

    def leave_nothing(self):
        """Its nodes end with it, if it is still there."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def signed(self, verb, path, query, body):
        date = email.utils.formatdate(usegmt=True)
        words = [verb, "", "", str(len(body)) if body else "", "", JSON if body else "", "", "", "", "", "", "", f"ocp-date:{date}"]
        resource = [f"/{self.environment['AZURE_BATCH_ACCOUNT']}{path}"]
        resource += [f"{name}:{value}" for name, value in sorted(urllib.parse.parse_qsl(query))]
        key = base64.b64decode(self.environment["AZURE_BATCH_ACCESS_KEY"])
        mac = hmac.new(key, "\n".join(words + resource).encode(), hashlib.sha256).digest()
        headers = {"ocp-date": date, "Authorization": f"SharedKey {self.environment['AZURE_BATCH_ACCOUNT']}:{base64.b64encode(mac).decode()}"}
        return headers | ({"Content-Type": JSON} if body else {})

    def ask(self, verb, path, body=None, version=NEWEST, status=None):
        """Status and the whole answer, its head included."""
        path, _, query = path.partition("?")
        query = f"api-version={version}" + (f"&{query}" if query else "")
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.at["AZURE_BATCH_ENDPOINT"]
        connection.request(verb, f"{path}?{query}", text or None, self.signed(verb, path, query, text))
        answer = connection.getresponse()
        whole = str(answer.headers).encode() + answer.read()
        if status is not None:
            expect(answer.status, status, f"{verb} {path} ({whole.decode()})")
        return answer.status, whole

    def login(self):
        form = {"grant_type": "client_credentials", "client_id": self.environment["AZURE_CLIENT_ID"],
                "client_secret": self.environment["AZURE_CLIENT_SECRET"], "scope": "https://management.core.windows.net/.default"}
        return json.loads(self.manage("POST", "/adfs/oauth2/token", urllib.parse.urlencode(form).encode())[1])["access_token"]

    def manage(self, verb, path, body=None, token=None):
        text = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": "application/json" if not isinstance(body, bytes) else "application/x-www-form-urlencoded"} if text else {}
        connection = self.at["BATCHYARD_MANAGEMENT"]
        connection.request(verb, path, text, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def run(self, *words):
        done = subprocess.run([PROGRAM, *words], env=os.environ | self.environment, capture_output=True, check=False, timeout=120)
        return done.returncode, done.stdout + done.stderr


def certificate(folder):
    """Its data (base64), its password and its thumbprint."""
    password = canary("CertificateAddParameter.password")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=canary", "-days", "2", "-keyout", folder / "k.pem",
                    "-out", folder / "c.pem"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-export", "-inkey", folder / "k.pem", "-in", folder / "c.pem", "-out", folder / "c.pfx", "-passout",
                    "env:PASSWORD"], env=os.environ | {"PASSWORD": password}, check=True)
    data = (folder / "c.pfx").read_bytes()
    der = ssl.PEM_cert_to_DER_cert((folder / "c.pem").read_text())
    # The encrypted key is in the first half, wherever its edges are.
    secrets["CertificateAddParameter.data"] = base64.b64encode(data)[400:480].decode()
    return {"thumbprint": hashlib.sha1(der).hexdigest(), "thumbprintAlgorithm": "sha1", "certificateFormat": "pfx",
            "data": base64.b64encode(data).decode(), "password": password}


def environment_of(owner):
    return [{"name": "TOKEN", "value": canary(f"{owner}.environmentSettings", shows=True)}]


def files_of(owner):
    return [{"httpUrl": f"{NOWHERE}/a?sig={canary(f'{owner}.resourceFiles.httpUrl', shows=True)}", "filePath": "a"},
            {"storageContainerUrl": f"{NOWHERE}?sig={canary(f'{owner}.resourceFiles.storageContainerUrl', shows=True)}"}]


def uploads_of(owner):
    url = f"{NOWHERE}?sig={canary(f'{owner}.outputFiles.containerUrl', shows=True)}"
    return [{"filePattern": "*.txt", "destination": {"container": {"containerUrl": url}}, "uploadOptions": {"uploadCondition": "taskcompletion"}}]


def task_of(owner, **more):
    return {"commandLine": f"/bin/sh -c 'true {canary(f'{owner}.commandLine', shows=True)}'", "environmentSettings": environment_of(owner),
            "resourceFiles": files_of(owner)} | more


def user(name, owner):
    return {"name": name, "password": canary(f"{owner}.password")}


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


class Managed:
    """The same places on the management plane, and what templates are given."""

    def __init__(self, service):
        self.service, self.token = service, service.login()
        account = service.environment["AZURE_BATCH_ACCOUNT"]
        self.group = f"/subscriptions/{service.environment['AZURE_SUBSCRIPTION_ID']}/resourceGroups/batchyard"
        self.account = f"{self.group}/providers/Microsoft.Batch/batchAccounts/{account}"
        self.requests = []

    def ask(self, verb, path, body=None, version="2024-07-01"):
        return self.service.manage(verb, f"{path}?api-version={version}", body, self.token)

    def put(self, path, body, version="2024-07-01"):
        status, answer = self.ask("PUT", path, body, version)
        expect(status in (200, 201), True, f"the status {status} of PUT {path} ({answer.decode()})")
        self.requests.append((path, body, version))
        search(f"PUT {path}", answer, shows=True)

    def pool(self, owner):
        machine = {"imageReference": UBUNTU["imageReference"], "nodeAgentSkuId": UBUNTU["nodeAgentSKUId"]}
        machine["containerConfiguration"] = {"type": "DockerCompatible", "containerRegistries": [
            {"registryServer": "registry.example", "username": "u", "password": canary(f"{owner} ContainerRegistry.password")}]}
        mount = {"accountName": "a", "containerName": "c", "relativeMountPath": "b", "accountKey": canary(f"{owner} accountKey")}
        return {"properties": {"vmSize": "STANDARD_D2_V3", "deploymentConfiguration": {"virtualMachineConfiguration": machine},
                               "scaleSettings": {"fixedScale": {"targetDedicatedNodes": 0}},
                               "mountConfiguration": [{"azureBlobFileSystemConfiguration": mount}],
                               "userAccounts": [user("u", owner)], "startTask": task_of(f"{owner}.startTask")}}

    def plant(self):
        self.put(f"{self.account}/pools/managed", self.pool("ARM pool"))
        folder = self.service.folder / "managed"
        folder.mkdir()
        before = dict(secrets)
        own = certificate(folder)
        for name in ("data", "password"):
            secrets[f"CertificateCreateOrUpdateProperties.{name}"] = secrets[f"CertificateAddParameter.{name}"]
            secrets[f"CertificateAddParameter.{name}"] = before[f"CertificateAddParameter.{name}"]
        name = f"sha1-{own['thumbprint']}"
        self.put(f"{self.account}/certificates/{name}", {"properties": {"data": own["data"], "password": own["password"], "format": "Pfx"}}, "2023-11-01")
        template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                    "parameters": {"pass": {"type": "securestring"}, "all": {"type": "secureObject"}},
                    "resources": [{"type": "Microsoft.Batch/batchAccounts/pools", "apiVersion": "2024-07-01",
                                   "name": f"{self.service.environment['AZURE_BATCH_ACCOUNT']}/deployed",
                                   "properties": self.pool("template")["properties"] | {"userAccounts": [
                                       {"name": "u", "password": "[parameters('pass')]"}, {"name": "v", "password": "[parameters('all').pass]"}]}}]}
        values = {"pass": {"value": canary("a secure parameter")}, "all": {"value": {"pass": canary("a secure object")}}}
        place = f"{self.group}/providers/Microsoft.Resources/deployments/d"
        self.put(place, {"properties": {"mode": "Incremental", "template": template, "parameters": values}}, "2021-04-01")
        for _ in range(200):
            state = json.loads(self.ask("GET", place, version="2021-04-01")[1])["properties"]["provisioningState"]
            if state in ("Succeeded", "Failed"):
                break
        expect(state, "Succeeded", "the deployment")
        return name

    def look(self, certificate_name):
        names = {"subscriptionId": self.group.split("/")[2], "resourceGroupName": "batchyard", "certificateName": certificate_name, "poolName": "managed",
                 "accountName": self.service.environment["AZURE_BATCH_ACCOUNT"], "locationName": "local", "detectorId": "poolsAndNodes"}
        asked = 0
        for version in MANAGEMENT["versions"]:
            for operation in MANAGEMENT["operations"].values():
                path = operation["path"]
                for name, value in names.items():
                    path = path.replace("{" + name + "}", value)
                if operation["method"] != "GET" or "{" in path:
                    continue
                status, answer = self.ask("GET", path, version=version)
                asked += status == 200
                search(f"GET {path} of {version}", answer, shows=True)
        expect(asked > 100, True, f"{asked} answers of the management plane")
        deployments = f"{self.group}/providers/Microsoft.Resources/deployments"
        for verb, path in (("GET", deployments), ("GET", deployments + "/d"), ("GET", deployments + "/d/operations"), ("POST", deployments + "/d/exportTemplate")):
            status, answer = self.ask(verb, path, version="2021-04-01")
            expect(status, 200, f"{verb} {path} ({answer.decode()})")
            if verb == "POST":
                # What a template says in plain words is there in the template, for those who may change the group.
                shown.update(place for place in secrets if place.startswith("template"))
            search(f"{verb} {path}", answer, shows=True)

    def look_at_refusals(self):
        refused = 0
        for path, body, version in self.requests:
            text = json.dumps(body)
            wrong = [body | {"properties": body["properties"] | {"unknown": {"a": 1}}}, text.encode()[:-1], f"[{text}]".encode()]
            for place, secret in secrets.items():
                if secret in text and place not in shown:
                    wrong += [changed(body, secret, value) for value in ([secret], {"value": secret}, secret + "\0", secret * 9000)]
            for one in wrong:
                # As text it is sent as a form is, and refused as what it is not.
                status, answer = self.ask("PUT", path, one, version)
                refused += status == 400
                search(f"the refusal {status} of PUT {path}", answer, shows=True)
        expect(refused > 20, True, f"{refused} refusals of the management plane")


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


def changed(body, secret, value):
    """The body with that in place of the value that has the secret."""
    if isinstance(body, dict):
        return {name: changed(part, secret, value) for name, part in body.items()}
    if isinstance(body, list):
        return [changed(part, secret, value) for part in body]
    return value if isinstance(body, str) and secret in body else body


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
