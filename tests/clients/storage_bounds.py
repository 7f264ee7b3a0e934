#!/usr/bin/python3
"""Blobs far larger than what the built-in storage may hold in memory go through it, up and down, as a whole and in blocks.

Started by run_with_service, whose other child is the service.
"""

import hashlib
import os
import pathlib
import sys
import urllib.request

from azure.storage.blob import BlobServiceClient

from storage_words import Storage

MIB = 1 << 20
SIZE = 300 * MIB
GROWTH_MAX = 96 * MIB


def expect(holds, what):
    if not holds:
        sys.exit(what)


def service():
    """The process that serves: a child of this process's parent, and not this one."""
    parent = os.getppid()
    children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(child) for child in children if b"--storage-listen" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
                or b"--env-file" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes())


def peak(process):
    """The most memory that it has had since the peak was reset."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) << 10


class Zeros:
    """A stream that is mostly nothing, without being held."""

    def __init__(self, size):
        self.left = self.size = size
        self.digest = hashlib.md5()

    def read(self, count=-1):
        count = min(self.left, count if count >= 0 else self.left)
        self.left -= count
        part = bytes(count)
        self.digest.update(part)
        return part

    def __len__(self):
        return self.size


def download(url):
    digest, size = hashlib.md5(), 0
    with urllib.request.urlopen(url) as answer:
        while part := answer.read(MIB):
            digest.update(part)
            size += len(part)
    return digest.hexdigest(), size


def main():
    storage, process = Storage(), service()
    storage.container("bounds")
    client = BlobServiceClient(storage.endpoint, credential={"account_name": storage.account, "account_key": storage.key},
                               max_single_put_size=SIZE, max_block_size=100 * MIB)
    before = peak(process)
    url = storage.url("bounds")
    # One put of it all, which no client of the SDK sends.
    zeros = Zeros(SIZE)
    request = urllib.request.Request(url.replace("?", "/whole?"), data=zeros, method="PUT", headers={
        "x-ms-blob-type": "BlockBlob", "Content-Length": str(SIZE), "Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request) as answer:
        expect(answer.status == 201, f"the put was answered {answer.status}")
    expect(download(url.replace("?", "/whole?")) == (zeros.digest.hexdigest(), SIZE), "what came back is something else")
    blob = client.get_blob_client("bounds", "blocks")
    blob.upload_blob(Zeros(SIZE // 3 * 2), length=SIZE // 3 * 2, max_concurrency=1)
    expect(blob.get_blob_properties().size == SIZE // 3 * 2, "the blob in blocks has another size")
    grown = peak(process) - before
    expect(grown < GROWTH_MAX, f"the service has grown by {grown // MIB} MiB, for a blob of {SIZE // MIB}")
    print(f"The service grew by {grown // MIB} MiB.")


main()
