#!/usr/bin/python3
"""Several accounts in one installation: made on the command line, apart from each other, used with tokens by role, and there again after
the service was killed.

    accounts.py PROGRAM
"""
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
import urllib.error
import urllib.parse
import urllib.request

PROGRAM = sys.argv[1]
BATCH = "https://batch.core.windows.net/"
API = "?api-version=2024-07-01.20.0"
POOL = {"id": "kept", "vmSize": "STANDARD_D1_V2", "targetDedicatedNodes": 0,
        "virtualMachineConfiguration": {"imageReference": {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts"},
                                        "nodeAgentSKUId": "batch.node.ubuntu 18.04"}}


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"accounts.py: {what}: {seen!r}, not {wanted!r}")


def variables(text):
    words = [shlex.split(line.removeprefix("export "))[0] for line in text.splitlines() if line.startswith("export ")]
    return dict(word.split("=", 1) for word in words)


class Installation:
    """`serve` on a data directory; the management plane keeps its port, as an operator would have it."""

    def __init__(self, folder):
        self.folder, self.port = folder, 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder / "data", "--instant"],
            stdout=subprocess.PIPE, text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                break
        self.environment = variables(said)
        self.port = urllib.parse.urlsplit(self.environment["AZURE_BATCH_ENDPOINT"]).port
        self.context = ssl.create_default_context(cafile=self.environment["REQUESTS_CA_BUNDLE"])

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(60)

    def run(self, *words, code=0):
        done = subprocess.run([PROGRAM, *words], env=os.environ | self.environment, capture_output=True, text=True, check=False)
        expect(done.returncode, code, f"the exit code of {' '.join(words)} ({done.stderr})")
        return done.stdout + done.stderr

    def ask(self, method, url, body=None, token=None):
        """Status and body."""
        headers = {"Content-Type": "application/json; odata=minimalmetadata"} if isinstance(body, dict) else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), context=self.context) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def token(self, client, secret):
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": client, "client_secret": secret,
                                       "scope": BATCH + ".default"}).encode()
        status, body = self.ask("POST", self.environment["BATCHYARD_MANAGEMENT"] + "/adfs/oauth2/token", form)
        expect(status, 200, f"the login ({body})")
        return body["access_token"]


def check(folder, yard):
    first = yard.environment["AZURE_BATCH_ENDPOINT"]
    lab = variables(yard.run("account", "create", "lab1", "--group", "lab"))
    endpoint, key = lab["AZURE_BATCH_ENDPOINT"], lab["AZURE_BATCH_ACCESS_KEY"]
    expect("lower-case letters" in yard.run("account", "create", "Lab-1", code=3), True, "the refusal of a name")

    # Roles on the data plane, in one account and not in the other.
    writer = variables(yard.run("identity", "add", "writer", "--role", "data-contributor", "--account", "lab1"))
    looker = variables(yard.run("identity", "add", "looker", "--role", "data-reader", "--account", "lab1"))
    writes = yard.token(writer["AZURE_CLIENT_ID"], writer["AZURE_CLIENT_SECRET"])
    looks = yard.token(looker["AZURE_CLIENT_ID"], looker["AZURE_CLIENT_SECRET"])
    expect(yard.ask("POST", endpoint + "/pools" + API, POOL, looks)[0], 403, "a pool by one who reads")
    expect(yard.ask("POST", endpoint + "/pools" + API, POOL, writes)[0], 201, "a pool by one who writes")
    expect([pool["id"] for pool in yard.ask("GET", endpoint + "/pools" + API, token=looks)[1]["value"]], ["kept"], "the pools")
    for token in (writes, looks):
        expect(yard.ask("GET", first + "/pools" + API, token=token)[0], 403, "the other account's pools")
    status, refusal = yard.ask("GET", endpoint + "/pools" + API, token=writes[:-4] + "AAAA")
    expect((status, refusal["code"]), (403, "AuthenticationFailed"), "a token that was changed")
    # What a role allows is asked anew each time.
    yard.run("identity", "withdraw", "writer", "data-contributor", "--account", "lab1")
    expect(yard.ask("GET", endpoint + "/pools" + API, token=writes)[0], 403, "the pools, without a role")
    yard.run("identity", "assign", "writer", "reader")
    expect(yard.ask("GET", first + "/pools" + API, token=writes)[0], 200, "the first account's pools, for a reader of all")
    yard.run("identity", "remove", "looker")
    expect(yard.ask("GET", endpoint + "/pools" + API, token=looks)[0], 403, "the pools, for one who was removed")

    # What was there is there again, under the same endpoint and by the same key.
    yard.end(signal.SIGKILL)
    yard.start()
    again = variables(yard.run("account", "show", "lab1"))
    expect((again["AZURE_BATCH_ENDPOINT"], again["AZURE_BATCH_ACCESS_KEY"]), (endpoint, key), "the account after a start")
    writes = yard.token(writer["AZURE_CLIENT_ID"], writer["AZURE_CLIENT_SECRET"])
    expect(yard.ask("GET", endpoint + "/pools/kept" + API, token=writes)[0], 200, "the pool after a start")
    renewed = variables(yard.run("account", "renew-key", "lab1"))["AZURE_BATCH_ACCESS_KEY"]
    expect(renewed == key, False, "the renewed key is the old one")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | again, capture_output=True, text=True, check=False)
    expect(used.returncode, 3, "the exit code with the old key")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | again | {"AZURE_BATCH_ACCESS_KEY": renewed},
                          capture_output=True, text=True, check=False)
    expect(used.returncode, 0, f"the exit code with the new key ({used.stderr})")

    yard.run("account", "delete", "lab1")
    expect((folder / "data/accounts/lab1").exists(), False, "the directory of the deleted account is there")
    expect("lab1" in yard.run("account", "list"), False, "the deleted account is listed")
    yard.end(signal.SIGTERM)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-accounts-"))
    try:
        yard = Installation(folder)
        try:
            check(folder, yard)
        finally:
            yard.end(signal.SIGKILL)  # nothing, when it has ended
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
