#!/usr/bin/python3
"""The storage SDK for Python, unmodified, against a storage: the built-in one (run_with_service) or an emulator (with_azurite), which
must look alike to it.
"""

import datetime
import hashlib
import io
import os
import sys
import time

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import (AccessPolicy, AccountSasPermissions, BlobBlock, BlobClient, BlobSasPermissions, BlobServiceClient,
                                ContainerClient, ContainerSasPermissions, ContentSettings, ResourceTypes, generate_account_sas,
                                generate_blob_sas, generate_container_sas)

from storage_words import Storage

HOUR = datetime.timedelta(hours=1)
BAD_SIGNATURE = ("AuthenticationFailed", "AuthorizationFailure")  # emulators say the latter


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted!r}, saw {seen!r}")


def refused(codes, what, action):
    """The action is refused with the code, or one of several where emulators differ."""
    try:
        action()
    except HttpResponseError as error:
        seen = getattr(error, "error_code", None)
        seen = getattr(seen, "value", seen)
        if seen not in (codes if isinstance(codes, tuple) else (codes,)):
            sys.exit(f"{what}: expected a refusal with {codes}, saw {seen}: {error}")
        return
    sys.exit(f"{what}: was not refused, and should have been with {codes}")


def soon():
    return datetime.datetime.utcnow() + HOUR


class Sdk:
    def __init__(self):
        self.storage = Storage()
        self.client, self.account, self.key = self.storage.client, self.storage.account, self.storage.key
        self.endpoint = self.storage.endpoint
        self.emulated = "STORAGE_URL" in os.environ

    def containers(self):
        made = self.client.create_container("first", metadata={"kind": "test", "a_b": "under", "a1b": "digit"})
        expect(made.get_container_properties().metadata, {"kind": "test", "a_b": "under", "a1b": "digit"}, "a container's metadata")
        refused("ContainerAlreadyExists", "a second one of that name", lambda: self.client.create_container("first"))
        refused("ContainerNotFound", "one that is not there", lambda: self.client.get_container_client("nowhere").get_container_properties())
        refused("InvalidResourceName", "a name with capitals", lambda: self.client.create_container("Bad--Name"))
        for name in ("pages-a", "pages-b", "pages-c"):
            self.client.create_container(name)
        expect([one.name for one in self.client.list_containers(name_starts_with="pages-", results_per_page=2)],
               ["pages-a", "pages-b", "pages-c"], "the containers, two a page")
        self.client.delete_container("pages-a")
        expect([one.name for one in self.client.list_containers(name_starts_with="pages-")], ["pages-b", "pages-c"], "what is left")
        made.set_container_metadata({"kind": "other"})
        expect(made.get_container_properties().metadata, {"kind": "other"}, "the changed metadata")
        self.client.get_service_properties()
        expect(self.client.get_account_information()["sku_name"] != "", True, "the account's information")

    def blobs(self):
        box = self.client.create_container("blobs")
        name = "a b/c&d/ü+%.txt"
        blob = box.get_blob_client(name)
        blob.upload_blob(b"hello", metadata={"x": "y"}, content_settings=ContentSettings(content_type="text/plain", cache_control="no-cache"))
        seen = blob.get_blob_properties()
        expect((seen.size, seen.content_settings.content_type, seen.content_settings.cache_control, seen.metadata),
               (5, "text/plain", "no-cache", {"x": "y"}), "the properties")
        expect(bytes(seen.content_settings.content_md5), hashlib.md5(b"hello").digest(), "the digest")
        expect(blob.download_blob().readall(), b"hello", "the content")
        expect(blob.download_blob(offset=1, length=3).readall(), b"ell", "a range of it")
        refused("InvalidRange", "a range past the end", lambda: blob.download_blob(offset=10, length=3).readall())
        refused("BlobAlreadyExists", "a second upload", lambda: blob.upload_blob(b"again"))
        blob.upload_blob(b"again", overwrite=True)
        expect(blob.download_blob().readall(), b"again", "the new content")
        box.get_blob_client("empty").upload_blob(b"")
        expect(box.get_blob_client("empty").download_blob().readall(), b"", "an empty blob")
        blob.set_http_headers(ContentSettings(content_type="text/html", content_language="de"))
        blob.set_blob_metadata({"p": "q"})
        seen = blob.get_blob_properties()
        expect((seen.content_settings.content_type, seen.content_settings.content_language, seen.metadata), ("text/html", "de", {"p": "q"}),
               "the changed properties")
        expect([one.name for one in box.list_blobs()], [name, "empty"], "the list")
        blob.delete_blob()
        refused("BlobNotFound", "a blob that was deleted", blob.get_blob_properties)
        expect(blob.exists(), False, "whether it exists")
        refused("Md5Mismatch", "another digest than the content's", lambda: box.get_blob_client("bad").upload_blob(
            b"x", raw_request_hook=lambda request: request.http_request.headers.update({"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})))

    def blocks(self):
        box = self.client.create_container("blocks")
        blob = box.get_blob_client("staged")
        for number, text in enumerate((b"one", b"two", b"three")):
            blob.stage_block(f"{number:04}", text)
        refused("BlobNotFound", "what is not committed", blob.download_blob)
        expect(len(blob.get_block_list("uncommitted")[1]), 3, "the blocks that wait")
        blob.commit_block_list([BlobBlock("0002"), BlobBlock("0000")], content_settings=ContentSettings(content_type="text/x"), metadata={"n": "1"})
        expect((blob.download_blob().readall(), blob.get_blob_properties().content_settings.content_type), (b"threeone", "text/x"), "what was committed")
        blob.stage_block("0009", b"nine")
        blob.commit_block_list([BlobBlock("0000"), BlobBlock("0009"), BlobBlock("0000")])
        expect(blob.download_blob().readall(), b"oneninene"[:7] + b"one", "old blocks and new ones")
        expect([block.id for block in blob.get_block_list("committed")[0]], ["0000", "0009", "0000"], "the committed blocks")
        refused("InvalidBlockList", "a block that is not there", lambda: blob.commit_block_list([BlobBlock("7777")]))
        # In blocks of the client's, in parallel, and as a stream of unknown length.
        client = BlobServiceClient(self.endpoint, credential={"account_name": self.account, "account_key": self.key},
                                   max_single_put_size=1 << 20, max_block_size=1 << 20, max_single_get_size=1 << 20, max_chunk_get_size=1 << 20)
        content = os.urandom(5_500_000)
        large = client.get_blob_client("blocks", "large")
        large.upload_blob(io.BytesIO(content), max_concurrency=4, validate_content=True)
        expect(large.download_blob(max_concurrency=4, validate_content=True).readall() == content, True, "a blob in blocks")
        large.upload_blob((content[at:at + 70_000] for at in range(0, len(content), 70_000)), overwrite=True)
        expect(large.download_blob(offset=999_000, length=2_000_000).readall() == content[999_000:2_999_000], True, "a range over blocks")

    def lists(self):
        box = self.client.create_container("lists")
        names = ["a", "b/1", "b/2", "b/c/3", "d", "e/1", "é/1"]
        for name in names:
            box.upload_blob(name, name.encode(), metadata={"own": "yes"})
        expect([one.name for one in box.list_blobs(results_per_page=2)], names, "the list, two a page")
        expect([one.name for one in box.list_blobs(name_starts_with="b/")], ["b/1", "b/2", "b/c/3"], "those of a prefix")
        expect(sorted(one.name for one in box.walk_blobs()), ["a", "b/", "d", "e/", "é/"], "with a delimiter")
        expect(sorted(one.name for one in box.walk_blobs(name_starts_with="b/")), ["b/1", "b/2", "b/c/"], "with both")
        expect({one.metadata["own"] for one in box.list_blobs(include=["metadata"])}, {"yes"}, "their metadata")
        page = box.list_blobs(results_per_page=3).by_page()
        expect([one.name for one in next(page)], names[:3], "the first page")
        again = box.list_blobs(results_per_page=3).by_page(continuation_token=page.continuation_token)
        expect([one.name for one in next(again)], names[3:6], "the page after it")
        for name in ("a", "d", "e/1"):
            box.delete_blob(name)
        expect([one.name for one in box.list_blobs()], ["b/1", "b/2", "b/c/3", "é/1"], "after deletes")

    def conditions(self):
        blob = self.client.create_container("conditions").get_blob_client("one")
        blob.upload_blob(b"1")
        etag = blob.get_blob_properties().etag
        blob.upload_blob(b"2", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified)
        refused("ConditionNotMet", "a stale etag", lambda: blob.upload_blob(b"3", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified))
        refused("ConditionNotMet", "a stale etag of a read",
                lambda: blob.download_blob(etag=etag, match_condition=MatchConditions.IfNotModified).readall())
        fresh = blob.get_blob_properties()
        try:
            blob.download_blob(etag=fresh.etag, match_condition=MatchConditions.IfModified).readall()
        except HttpResponseError as error:
            expect(error.status_code, 304, "not modified")
        else:
            sys.exit("what is not modified was sent")
        refused("ConditionNotMet", "modified since", lambda: blob.delete_blob(if_unmodified_since=fresh.last_modified - HOUR))
        expect(blob.download_blob().readall(), b"2", "the content after all refusals")

    def leases(self):
        blob = self.client.create_container("leases").get_blob_client("one")
        blob.upload_blob(b"1")
        lease = blob.acquire_lease(15)
        refused("LeaseAlreadyPresent", "a second lease", lambda: blob.acquire_lease(15))
        refused("LeaseIdMissing", "a write without the lease", lambda: blob.upload_blob(b"2", overwrite=True))
        blob.upload_blob(b"2", overwrite=True, lease=lease)
        expect((blob.get_blob_properties().lease.state, blob.get_blob_properties().lease.status), ("leased", "locked"), "the lease")
        lease.renew()
        lease.change("11111111-2222-3333-4444-555555555555")
        refused("LeaseIdMismatchWithBlobOperation", "another lease",
                lambda: blob.delete_blob(lease="99999999-2222-3333-4444-555555555555"))
        lease.release()
        blob.delete_blob()
        box = self.client.get_container_client("leases")
        lease = box.acquire_lease(-1)
        refused("LeaseIdMissing", "deleting a leased container", box.delete_container)
        lease.break_lease(0)
        box.delete_container()

    def copies(self):
        box = self.client.create_container("copies")
        source = box.get_blob_client("source")
        source.upload_blob(b"0123456789", metadata={"m": "1"}, content_settings=ContentSettings(content_type="text/plain"))
        copy = box.get_blob_client("copy")
        expect(copy.start_copy_from_url(source.url)["copy_status"], "success", "the copy")
        seen = copy.get_blob_properties()
        expect((copy.download_blob().readall(), seen.metadata, seen.content_settings.content_type, seen.copy.status),
               (b"0123456789", {"m": "1"}, "text/plain", "success"), "what was copied")
        source.delete_blob()
        expect(copy.download_blob().readall(), b"0123456789", "a copy without its source")

    def beyond_emulators(self):
        """What an emulator does not have."""
        if self.emulated:
            return
        box = self.client.create_container("by-url")
        source = box.get_blob_client("source")
        source.upload_blob(b"0123456789")
        url = f"{source.url}?" + generate_blob_sas(
            self.account, "by-url", "source", account_key=self.key, permission=BlobSasPermissions(read=True), expiry=soon())
        staged = box.get_blob_client("staged")
        staged.stage_block_from_url("0001", url, source_offset=2, source_length=4)
        staged.commit_block_list([BlobBlock("0001")])
        expect(staged.download_blob().readall(), b"2345", "a block from a URL")
        box.get_blob_client("put").upload_blob_from_url(url)
        expect(box.get_blob_client("put").download_blob().readall(), b"0123456789", "a blob put from a URL")
        for name in ("x", "y", "z"):
            box.upload_blob(name, b"1")
        box.delete_blobs("x", "z")
        expect([one.name for one in box.list_blobs()], ["put", "source", "staged", "y"], "after a batch of deletes")
        refused("CannotVerifyCopySource", "a source that is not there", lambda: box.get_blob_client("no").start_copy_from_url(f"{self.endpoint}/by-url/none"))

    def signatures(self):
        box = self.client.create_container("signed")
        box.upload_blob("in/one", b"1")
        # The account's.
        token = generate_account_sas(self.account, self.key, ResourceTypes(container=True, object=True), AccountSasPermissions(read=True, list=True), soon())
        signed = BlobServiceClient(f"{self.endpoint}?{token}")
        expect([one.name for one in signed.get_container_client("signed").list_blobs()], ["in/one"], "a list by the account's signature")
        refused("AuthorizationPermissionMismatch", "a write by it", lambda: signed.get_blob_client("signed", "two").upload_blob(b"2"))
        refused("AuthorizationResourceTypeMismatch", "a list of containers by it", lambda: list(signed.list_containers()))
        # A container's.
        token = generate_container_sas(self.account, "signed", account_key=self.key, expiry=soon(),
                                       permission=ContainerSasPermissions(read=True, write=True, create=True, delete=True, list=True))
        signed = ContainerClient.from_container_url(f"{self.endpoint}/signed?{token}")
        signed.upload_blob("two", b"2")
        expect([one.name for one in signed.list_blobs()], ["in/one", "two"], "a list by the container's signature")
        signed.delete_blob("two")
        refused(BAD_SIGNATURE, "another container by it", lambda: list(
            ContainerClient.from_container_url(f"{self.endpoint}/blobs?{token}").list_blobs()))
        # A blob's.
        token = generate_blob_sas(self.account, "signed", "in/one", account_key=self.key, permission=BlobSasPermissions(read=True), expiry=soon(),
                                  content_type="text/other")
        blob = BlobClient.from_blob_url(f"{self.endpoint}/signed/in/one?{token}")
        expect((blob.download_blob().readall(), blob.get_blob_properties().content_settings.content_type), (b"1", "text/other"), "a read by the blob's")
        refused("AuthorizationPermissionMismatch", "a delete by it", blob.delete_blob)
        creates = generate_blob_sas(self.account, "signed", "new", account_key=self.key, permission=BlobSasPermissions(create=True), expiry=soon())
        BlobClient.from_blob_url(f"{self.endpoint}/signed/new?{creates}").upload_blob(b"new")
        expired = generate_blob_sas(self.account, "signed", "in/one", account_key=self.key, permission=BlobSasPermissions(read=True),
                                    expiry=datetime.datetime.utcnow() - HOUR)
        refused(BAD_SIGNATURE, "what has expired", BlobClient.from_blob_url(f"{self.endpoint}/signed/in/one?{expired}").download_blob)
        refused(BAD_SIGNATURE, "what was changed",
                BlobClient.from_blob_url(f"{self.endpoint}/signed/in/one?{token.replace('sp=r', 'sp=rw')}").download_blob)
        refused(BAD_SIGNATURE, "another key", BlobServiceClient(
            self.endpoint, credential={"account_name": self.account, "account_key": "AAAA" * 22}).get_account_information)
        self.policies(box)

    def policies(self, box):
        box.set_container_access_policy({"readers": AccessPolicy(ContainerSasPermissions(read=True, list=True), expiry=soon())})
        expect([one.id for one in box.get_container_access_policy()["signed_identifiers"]], ["readers"], "the stored policies")
        token = generate_container_sas(self.account, "signed", account_key=self.key, policy_id="readers")
        signed = ContainerClient.from_container_url(f"{self.endpoint}/signed?{token}")
        expect(signed.download_blob("in/one").readall(), b"1", "a read by a stored policy")
        refused("AuthorizationPermissionMismatch", "a write by it", lambda: signed.upload_blob("three", b"3"))
        box.set_container_access_policy({})
        refused(BAD_SIGNATURE, "a policy that was taken back", lambda: signed.download_blob("in/one"))
        box.set_container_access_policy({}, public_access="blob")
        expect(BlobClient.from_blob_url(f"{self.endpoint}/signed/in/one").download_blob().readall(), b"1", "a public blob")
        box.set_container_access_policy({})

    def run(self):
        for part in (self.containers, self.blobs, self.blocks, self.lists, self.conditions, self.leases, self.copies, self.beyond_emulators, self.signatures):
            start = time.monotonic()
            part()
            print(f"{part.__name__}: {time.monotonic() - start:.1f} s")
        print("The SDK for Python finds its storage.")


Sdk().run()
