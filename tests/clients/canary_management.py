"""The canary on the management plane: pools, certificates and templates with secrets, and all that comes out there."""
import json

from canary_words import ROOT, UBUNTU, canary, certificate, changed, expect, search, secrets, shown, task_of, user

MANAGEMENT = json.loads((ROOT / "spec" / "management.json").read_text())


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
