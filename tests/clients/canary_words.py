"""What the canary's parts share: secrets and where they are looked for, the service, and pieces of what they are planted in."""
import base64
import email.utils
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import shlex
import signal
import ssl
import subprocess
import sys
import urllib.parse

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
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


def changed(body, secret, value):
    """The body with that in place of the value that has the secret."""
    if isinstance(body, dict):
        return {name: changed(part, secret, value) for name, part in body.items()}
    if isinstance(body, list):
        return [changed(part, secret, value) for part in body]
    return value if isinstance(body, str) and secret in body else body
