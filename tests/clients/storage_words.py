"""What the tests beside a storage share. STORAGE_URL, STORAGE_ACCOUNT and STORAGE_KEY (set by with_azurite) name an emulator; without them
it is the service's own, of AZURE_STORAGE_CONNECTION_STRING."""

import datetime
import os

from azure.batch import models
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas


def place():
    """URL, account and key of the storage."""
    if "STORAGE_URL" in os.environ:
        return os.environ["STORAGE_URL"], os.environ["STORAGE_ACCOUNT"], os.environ["STORAGE_KEY"]
    parts = dict(part.split("=", 1) for part in os.environ["AZURE_STORAGE_CONNECTION_STRING"].split(";") if part)
    return parts["BlobEndpoint"], parts["AccountName"], parts["AccountKey"]


class Storage:
    def __init__(self):
        self.endpoint, self.account, self.key = place()
        self.client = BlobServiceClient(self.endpoint, credential={"account_name": self.account, "account_key": self.key})

    def container(self, name):
        return self.client.create_container(name)

    def url(self, name, **rights):
        signature = generate_container_sas(
            self.account, name, account_key=self.key,
            permission=ContainerSasPermissions(**(rights or {"read": True, "write": True, "create": True, "list": True})),
            expiry=datetime.datetime.utcnow() + datetime.timedelta(hours=1))
        return f"{self.endpoint}/{name}?{signature}"


def output(pattern, url, path=None, condition="taskCompletion", headers=None):
    return models.OutputFile(
        file_pattern=pattern,
        destination=models.OutputFileDestination(container=models.OutputFileBlobContainerDestination(
            container_url=url, path=path, upload_headers=[models.HttpHeader(name=n, value=v) for n, v in (headers or {}).items()] or None)),
        upload_options=models.OutputFileUploadOptions(upload_condition=condition))
