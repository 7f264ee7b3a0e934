#!/usr/bin/python3
"""`batchyard storage`, every verb: storage_commands.py PROGRAM, against a storage (run_with_service or with_azurite)."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from storage_words import place

PROGRAM = sys.argv[1]
ENDPOINT, ACCOUNT, KEY = place()
os.environ.setdefault("AZURE_STORAGE_CONNECTION_STRING",
                      f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={ENDPOINT};")


def storage(*words, code=0):
    done = subprocess.run([PROGRAM, "storage", *words], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"storage {' '.join(words)} ended with {done.returncode}, not {code}: {done.stdout}{done.stderr}")
    return done.stdout if code == 0 else done.stderr


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, saw {seen!r}")


def names(*words):
    return [one["name"] for one in json.loads(storage(*words, "-o", "json"))]


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="batchyard-storage-"))
    small, large = folder / "small ü.txt", folder / "large.bin"
    small.write_bytes(b"small")
    large.write_bytes(os.urandom(1 << 20) * 20)
    storage("container", "create", "verbs")
    expect("ContainerAlreadyExists" in storage("container", "create", "verbs", code=3), True, "the refusal of a second one")
    expect("verbs" in names("container", "list"), True, "the containers")
    storage("upload", str(small), "verbs/in/")
    storage("upload", str(large), "verbs/in/deep/renamed.bin")
    storage("upload", str(small), "verbs")
    expect(names("ls", "verbs"), ["in/", "small ü.txt"], "the list")
    expect(names("ls", "-r", "verbs/in/"), ["in/deep/renamed.bin", "in/small ü.txt"], "all below a prefix")
    storage("download", "verbs/in/deep/renamed.bin", str(folder / "back"))
    expect((folder / "back").read_bytes() == large.read_bytes(), True, "what came back")
    expect("BlobNotFound" in storage("download", "verbs/none", str(folder / "none"), code=3), True, "the refusal of a blob that is not there")
    expect(sorted(one.name for one in folder.iterdir()), ["back", "large.bin", "small ü.txt"], "the files")
    url = storage("sas", "verbs/in/small ü.txt", "--permissions", "r", "--for", "PT1H").strip()
    expect(urllib.request.urlopen(url).read(), b"small", "a read by a signed URL")
    storage("delete", "verbs/small ü.txt")
    expect(names("ls", "verbs"), ["in/"], "the list after a delete")
    expect("names no blob" in storage("delete", "verbs", code=2), True, "a delete of no blob")
    storage("container", "delete", "verbs")
    print("The storage verbs do what they say.")


main()
