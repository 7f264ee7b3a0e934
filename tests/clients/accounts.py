#!/usr/bin/python3
"""Several accounts in one installation: made on the command line, apart from each other, used with tokens by role, and there again after
the service was killed.

    accounts.py PROGRAM
"""
import base64
import http.server
import json
import os
import pathlib
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

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

    def words(self, *options):
        return [PROGRAM, "serve", "--listen", f"127.0.0.1:{self.port}", "--data-dir", self.folder / "data", "--instant",
                "--env-file", self.folder / "env", *options]

    def start(self, *options):
        """What it said."""
        self.process = subprocess.Popen(self.words(*options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Ctrl-C"):
                break
        self.environment = variables((self.folder / "env").read_text())
        secrets = ("AZURE_BATCH_ACCESS_KEY", "AZURE_CLIENT_SECRET", "AZURE_STORAGE_CONNECTION_STRING")
        expect([name for name in secrets if self.environment.get(name, "\0") in said], [], "secrets that it says where no terminal is")
        self.port = urllib.parse.urlsplit(self.environment["AZURE_BATCH_ENDPOINT"]).port
        self.context = ssl.create_default_context(cafile=self.environment["REQUESTS_CA_BUNDLE"])
        return said

    def refuses(self, *options):
        """Why it does not start."""
        done = subprocess.run(self.words(*options), capture_output=True, text=True, check=False, timeout=60)
        expect(done.returncode != 0, True, f"a start with {options}")
        return done.stdout + done.stderr

    def end(self, how):
        """What it said since it was up."""
        self.process.send_signal(how)
        self.process.wait(60)
        return self.process.stdout.read()

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

    def token(self, client, secret, resource=BATCH):
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": client, "client_secret": secret,
                                       "scope": resource + ".default"}).encode()
        status, body = self.ask("POST", self.environment["BATCHYARD_MANAGEMENT"] + "/adfs/oauth2/token", form)
        expect(status, 200, f"the login ({body})")
        return body["access_token"]

    def allow(self, modes):
        """Which credentials the account lab1 takes."""
        known = self.environment
        token = self.token(known["AZURE_CLIENT_ID"], known["AZURE_CLIENT_SECRET"], "https://management.azure.com/")
        place = (f"{known['BATCHYARD_MANAGEMENT']}/subscriptions/{known['AZURE_SUBSCRIPTION_ID']}/resourceGroups/lab/providers/Microsoft.Batch"
                 "/batchAccounts/lab1?api-version=2024-07-01")
        status, body = self.ask("PATCH", place, {"properties": {"allowedAuthenticationModes": modes}}, token)
        expect(status, 200, f"the change to {modes} ({body})")


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

    # Which credentials it takes.
    yard.run("identity", "assign", "writer", "data-contributor", "--account", "lab1")
    for modes, code in ((["AAD"], 3), (["AAD", "SharedKey"], 0)):
        yard.allow(modes)
        expect(yard.ask("GET", endpoint + "/pools" + API, token=writes)[0], 200, "the pools, by token")
        used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | lab, capture_output=True, text=True, check=False)
        expect(used.returncode, code, f"the exit code with a key ({used.stderr})")
    yard.allow(["AAD"])

    # What was there is there again, under the same endpoint and by the same key.
    yard.end(signal.SIGKILL)
    yard.start()
    again = variables(yard.run("account", "show", "lab1"))
    expect((again["AZURE_BATCH_ENDPOINT"], again["AZURE_BATCH_ACCESS_KEY"]), (endpoint, key), "the account after a start")
    writes = yard.token(writer["AZURE_CLIENT_ID"], writer["AZURE_CLIENT_SECRET"])
    expect(yard.ask("GET", endpoint + "/pools/kept" + API, token=writes)[0], 200, "the pool after a start")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | again, capture_output=True, text=True, check=False)
    expect((used.returncode, "allowedAuthenticationModes" in used.stderr), (3, True), f"a key after a start ({used.stderr})")
    yard.allow(["SharedKey"])
    renewed = variables(yard.run("account", "renew-key", "lab1"))["AZURE_BATCH_ACCESS_KEY"]
    made = subprocess.run([PROGRAM, "storage", "container", "create", "made"], env=os.environ | yard.environment | again,
                          capture_output=True, text=True, check=False)
    expect(made.returncode, 0, f"a container in the account's own storage ({made.stderr})")
    renewed = variables(yard.run("keys", "renew", "lab1"))["AZURE_BATCH_ACCESS_KEY"]
    expect(renewed == key, False, "the renewed key is the old one")
    expect(renewed in yard.run("keys", "list", "lab1"), True, "the renewed key is not listed")
    secondary = variables(yard.run("account", "renew-key", "lab1", "--key-name", "secondary"))["AZURE_BATCH_ACCESS_KEY"]
    expect(secondary, renewed, "the primary key when the secondary one is renewed")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | again, capture_output=True, text=True, check=False)
    expect(used.returncode, 3, "the exit code with the old key")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | again | {"AZURE_BATCH_ACCESS_KEY": renewed},
                          capture_output=True, text=True, check=False)
    expect(used.returncode, 0, f"the exit code with the new key ({used.stderr})")

    yard.run("account", "delete", "lab1")
    expect((folder / "data/accounts/lab1").exists(), False, "the directory of the deleted account is there")
    expect("lab1" in yard.run("account", "list"), False, "the deleted account is listed")
    yard.end(signal.SIGTERM)


def forget_registry(folder):
    for file in (folder / "data").glob("registry.db*"):
        file.unlink()


def check_starts(folder, yard):
    """What a start makes of what it finds."""
    lab = variables(yard.run("account", "create", "lab1"))
    endpoint = lab["AZURE_BATCH_ENDPOINT"]
    directory = folder / "data/accounts/lab1"
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | lab, capture_output=True, text=True, check=False)
    expect(used.returncode, 0, f"the exit code with the key ({used.stderr})")

    # Who was removed stays away, though the first start made them.
    boss = variables(yard.run("identity", "add", "boss", "--role", "owner"))
    first = yard.environment
    yard.environment = first | boss
    yard.run("identity", "remove", "administrator")
    yard.run("identity", "remove", "managed identity")
    yard.end(signal.SIGTERM)
    yard.start()
    expect("not known" in yard.run("account", "list", code=3), True, "the login of who was removed")
    yard.environment |= boss
    expect("managed" in yard.run("identity", "list"), False, "the managed identity that was removed")
    yard.end(signal.SIGTERM)

    # An account's service goes on where accounts are not managed.
    yard.start("--no-management")
    expect("BATCHYARD_MANAGEMENT" in yard.environment, False, "the management plane")
    used = subprocess.run([PROGRAM, "get", "pools"], env=os.environ | yard.environment | lab, capture_output=True, text=True, check=False)
    expect(used.returncode, 0, f"the exit code without a management plane ({used.stderr})")
    yard.end(signal.SIGTERM)

    # Somebody else has the port; another name of the first account.
    with socket.create_server(("127.0.0.1", urllib.parse.urlsplit(endpoint).port)):
        said = yard.refuses()
        expect("the account 'lab1' cannot start" in said and f"{directory}/ports" in said, True, f"the refusal ({said})")
    said = yard.refuses("--account-name", "lab1")
    expect("--account-name batchyard" in said, True, f"the refusal ({said})")

    # A directory without a record is somebody's data.
    forget_registry(folder)
    expect(f"{directory} has no account" in yard.start(), True, "what is told of a directory without a record")
    again = variables(yard.run("account", "create", "lab1"))
    expect((again["AZURE_BATCH_ENDPOINT"], again["AZURE_BATCH_ACCESS_KEY"]), (endpoint, lab["AZURE_BATCH_ACCESS_KEY"]), "the account that is back")
    yard.end(signal.SIGKILL)
    # Unless its removal had begun; with a record that had not come far.
    (directory / "removed").touch()
    yard.start()
    yard.run("account", "show", "lab1")
    yard.end(signal.SIGTERM)
    expect((directory.exists(), (directory / "removed").exists()), (True, False), "the directory of an account that stays")
    (directory / "removed").touch()
    forget_registry(folder)
    yard.start()
    yard.end(signal.SIGTERM)
    expect(list(directory.parent.iterdir()), [], "what is left of an account that was being removed")

    # What the machine lacks for an account is told to who runs it.
    yard.start()
    (directory.parent / "lab2").touch()
    yard.run("account", "create", "lab2", code=3)
    expect("lab2" in yard.run("account", "list"), False, "the account that could not be made is listed")
    expect("'lab2' could not be made" in yard.end(signal.SIGTERM), True, "what is said of the account that could not be made")
    (directory.parent / "lab2").unlink()

    # The management plane is served by HTTPS though the account is not; clients are told whom to trust.
    yard.start("--http")
    expect("batchyard" in yard.run("account", "list"), True, "the accounts")
    yard.end(signal.SIGTERM)


class Issuer(http.server.BaseHTTPRequestHandler):
    """An issuer of OpenID Connect on loopback: what it is, and its key."""

    def do_GET(self):
        place = f"http://127.0.0.1:{self.server.server_port}"
        numbers = self.server.key.public_key().public_numbers()
        answers = {"/lab/.well-known/openid-configuration": {"issuer": place + "/lab", "jwks_uri": place + "/keys"},
                   "/keys": {"keys": [{"kty": "RSA", "kid": self.server.kid, "e": web(numbers.e.to_bytes(3, "big")),
                                       "n": web(numbers.n.to_bytes(256, "big"))}]}}
        answer = json.dumps(answers.get(self.path, {})).encode()
        self.send_response(200 if self.path in answers else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        if self.path == "/keys":
            self.server.asked.set()

    def log_message(self, *_):
        pass


def web(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(issuer, subject):
    now = int(time.time())
    head = web(json.dumps({"alg": "RS256", "typ": "JWT", "kid": issuer.kid}).encode())
    claims = web(json.dumps({"iss": f"http://127.0.0.1:{issuer.server_port}/lab", "aud": ["batchyard"], "sub": subject, "iat": now,
                             "exp": now + 600}).encode())
    signed = issuer.key.sign(f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{claims}.{web(signed)}"


def check_trust(folder, yard):
    """An issuer that is trusted says who somebody is; its keys change."""
    issuer = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    issuer.key, issuer.kid, issuer.asked = rsa.generate_private_key(65537, 2048), "one", threading.Event()
    name = f"http://127.0.0.1:{issuer.server_port}/lab"
    threading.Thread(target=issuer.serve_forever, daemon=True).start()
    trust = folder / "trust.json"
    trust.write_text(json.dumps([{"issuer": name, "audiences": ["batchyard"], "color": 1}]))
    expect("[0].color is not known" in yard.refuses("--trust", trust), True, "the refusal of a file with a fault")
    trust.write_text(json.dumps([{"issuer": name, "audiences": ["batchyard"]}]))
    yard.start("--trust", trust)
    pools = yard.environment["AZURE_BATCH_ENDPOINT"] + "/pools" + API
    expect(yard.ask("GET", pools, token=token_of(issuer, "eve"))[0], 403, "the pools, for a stranger")
    yard.run("identity", "add", "eve", "--issuer", name, "--subject", "eve", "--role", "data-reader")
    expect(yard.ask("GET", pools, token=token_of(issuer, "eve"))[0], 200, "the pools, for one whom the issuer vouches for")
    expect(yard.ask("POST", pools, POOL, token_of(issuer, "eve"))[0], 403, "a pool by one who reads")
    expect(yard.ask("GET", pools, token=token_of(issuer, "adam"))[0], 403, "the pools, for another one")
    # Keys that came since are read after the first token that they signed.
    issuer.key, issuer.kid = rsa.generate_private_key(65537, 2048), "two"
    issuer.asked.clear()
    expect(yard.ask("GET", pools, token=token_of(issuer, "eve"))[0], 403, "the pools, by a key that is not known yet")
    expect(issuer.asked.wait(60), True, "keys are asked for")
    statuses = (yard.ask("GET", pools, token=token_of(issuer, "eve"))[0] for _ in range(2000))
    expect(200 in statuses, True, "the new key is known")
    # Without its issuer an installation starts all the same, and says so.
    yard.end(signal.SIGTERM)
    issuer.shutdown()
    issuer.server_close()
    expect(f"The keys of the issuer {name} cannot be had" in yard.start("--trust", trust), True, "what is said of an issuer that is away")
    yard.end(signal.SIGTERM)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-accounts-"))
    try:
        yard = Installation(folder)
        try:
            check(folder, yard)
            yard.start()
            check_starts(folder, yard)
            check_trust(folder, yard)
        finally:
            yard.end(signal.SIGKILL)  # nothing, when it has ended
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
