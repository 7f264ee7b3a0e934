"""A Batch client of a few lines for the benchmarks: SharedKey over one kept connection, and a service of its own."""
import atexit
import base64
import email.utils
import hashlib
import hmac
import http.client
import json
import pathlib
import signal
import ssl
import subprocess
import time
import urllib.parse

API = "2024-07-01.20.0"
JSON = "application/json; odata=minimalmetadata"


class Service:
    """`batchyard up` on a data directory; its end takes all of its nodes along."""

    def __init__(self, program, data, tls=True, words=()):
        self.env_file = pathlib.Path(f"{data}.env")
        self.env_file.unlink(missing_ok=True)
        command = [program, "up", "--data-dir", str(data), "--env-file", str(self.env_file)] + ([] if tls else ["--http"]) + list(words)
        start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        atexit.register(self.leave_nothing)
        while not self.env_file.exists():
            if self.process.poll() is not None:
                raise SystemExit("the service did not come up")
            time.sleep(0.002)
        self.start_s = time.monotonic() - start
        lines = self.env_file.read_text().splitlines()
        values = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        self.account, self.key = values["AZURE_BATCH_ACCOUNT"], base64.b64decode(values["AZURE_BATCH_ACCESS_KEY"])
        self.endpoint = values["AZURE_BATCH_ENDPOINT"]
        self.ca = values.get("REQUESTS_CA_BUNDLE")
        self.connection = None

    def resident_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024
        return 0

    def signed(self, verb, path, query="", length=0):
        """The headers of such a request. A body is not signed, only its length."""
        date = email.utils.formatdate(usegmt=True)
        body = length > 0
        words = [verb, "", "", str(length) if body else "", "", JSON if body else "", "", "", "", "", "", "", f"ocp-date:{date}"]
        pairs = sorted(urllib.parse.parse_qsl(f"api-version={API}&{query}"))
        resource = [f"/{self.account}{path}"] + [f"{name}:{value}" for name, value in pairs]
        mac = hmac.new(self.key, "\n".join(words + resource).encode(), hashlib.sha256).digest()
        headers = {"ocp-date": date, "Authorization": f"SharedKey {self.account}:{base64.b64encode(mac).decode()}"}
        return headers | ({"Content-Type": JSON} if body else {})

    def ask(self, verb, path, body=None, query=""):
        if self.connection is None:
            place = urllib.parse.urlsplit(self.endpoint)
            self.connection = (http.client.HTTPSConnection(place.netloc, context=ssl.create_default_context(cafile=self.ca))
                               if place.scheme == "https" else http.client.HTTPConnection(place.netloc))
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        target = f"{path}?api-version={API}" + (f"&{query}" if query else "")
        self.connection.request(verb, target, data or None, self.signed(verb, path, query, len(data)))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{verb} {path}: {answer.status} {text.decode(errors='replace')}")
        return text

    def get(self, path, query=""):
        return json.loads(self.ask("GET", path, query=query))

    def add_pool(self, name, nodes, **more):
        image = {"publisher": "OpenLogic", "offer": "CentOS-HPC", "sku": "7.4", "version": "latest"}
        self.ask("POST", "/pools", {
            "id": name, "vmSize": "STANDARD_H16r", "targetDedicatedNodes": nodes,
            "virtualMachineConfiguration": {"imageReference": image, "nodeAgentSKUId": "batch.node.centos 7"}, **more})
        self.until(lambda: self.idle_nodes(name) == nodes, 60, f"the nodes of {name}")

    def idle_nodes(self, pool):
        return sum(node["state"] == "idle" for node in self.get(f"/pools/{pool}/nodes")["value"])

    def until(self, holds, limit_s, what, pause_s=0.02):
        end = time.monotonic() + limit_s
        while not holds():
            if time.monotonic() > end:
                raise RuntimeError(f"{what}: not within {limit_s} s")
            time.sleep(pause_s)

    def completed(self, job, task):
        return self.get(f"/jobs/{job}/tasks/{task}", "$select=state")["state"] == "completed"

    def leave_nothing(self):
        """Also after a failure no service goes on."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(120)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(120) != 0:
            raise RuntimeError("the service did not end cleanly")
