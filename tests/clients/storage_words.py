"""What the tests beside a storage emulator share. STORAGE_URL, STORAGE_ACCOUNT and STORAGE_KEY (set by with_azurite) name it."""

import datetime
import os

from azure.batch import models
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas


class Storage:
    def __init__(self):
        self.client = BlobServiceClient(os.environ["STORAGE_URL"],
                                        credential={"account_name": os.environ["STORAGE_ACCOUNT"], "account_key": os.environ["STORAGE_KEY"]})

    def container(self, name):
        return self.client.create_container(name)

    def url(self, name, **rights):
        signature = generate_container_sas(
            os.environ["STORAGE_ACCOUNT"], name, account_key=os.environ["STORAGE_KEY"],
            permission=ContainerSasPermissions(**(rights or {"read": True, "write": True, "create": True, "list": True})),
            expiry=datetime.datetime.utcnow() + datetime.timedelta(hours=1))
        return f"{os.environ['STORAGE_URL']}/{name}?{signature}"


def output(pattern, url, path=None, condition="taskCompletion", headers=None):
    return models.OutputFile(
        file_pattern=pattern,
        destination=models.OutputFileDestination(container=models.OutputFileBlobContainerDestination(
            container_url=url, path=path, upload_headers=[models.HttpHeader(name=n, value=v) for n, v in (headers or {}).items()] or None)),
        upload_options=models.OutputFileUploadOptions(upload_condition=condition))
