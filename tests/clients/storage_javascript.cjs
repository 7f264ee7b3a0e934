#!/usr/bin/env node
// The storage SDK for JavaScript, unmodified, against a storage: the built-in one (run_with_service) or an emulator (with_azurite).
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { Readable } = require("node:stream");

let sdk;
try {
  sdk = require("@azure/storage-blob");
} catch {
  console.error("skipped: @azure/storage-blob is not installed; tools/install test brings it");
  process.exit(77);
}

const emulated = "STORAGE_URL" in process.env;
const parts = Object.fromEntries((process.env.AZURE_STORAGE_CONNECTION_STRING ?? "").split(";").filter(Boolean)
  .map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]));
const endpoint = process.env.STORAGE_URL ?? parts.BlobEndpoint;
const credential = new sdk.StorageSharedKeyCredential(process.env.STORAGE_ACCOUNT ?? parts.AccountName, process.env.STORAGE_KEY ?? parts.AccountKey);
const client = emulated ? new sdk.BlobServiceClient(endpoint, credential)
  : sdk.BlobServiceClient.fromConnectionString(process.env.AZURE_STORAGE_CONNECTION_STRING);

async function refused(code, action) {
  await assert.rejects(action, (error) => {
    assert.equal(error.code ?? error.details?.errorCode, code);
    return true;
  });
}

async function names(iterable) {
  const found = [];
  for await (const one of iterable) found.push(one.name);
  return found;
}

async function blobs() {
  const box = client.getContainerClient("from-javascript");
  await box.create({ metadata: { kind: "test" } });
  await refused("ContainerAlreadyExists", () => box.create());
  const name = "dir/ä b.txt";
  const blob = box.getBlockBlobClient(name);
  await blob.upload("hello", 5, { blobHTTPHeaders: { blobContentType: "text/plain" }, metadata: { x: "y" } });
  const seen = await blob.getProperties();
  assert.deepEqual([seen.contentLength, seen.contentType, seen.metadata], [5, "text/plain", { x: "y" }]);
  assert.equal((await blob.downloadToBuffer()).toString(), "hello");
  assert.equal((await blob.downloadToBuffer(1, 3)).toString(), "ell");
  await refused("ConditionNotMet", () => blob.upload("x", 1, { conditions: { ifMatch: '"0x1"' } }));
  const content = crypto.randomBytes(5_000_000);
  const large = box.getBlockBlobClient("large");
  await large.uploadStream(Readable.from(content), 1 << 20, 4);
  assert.ok((await large.downloadToBuffer()).equals(content));
  await large.uploadData(content, { blockSize: 1 << 20, maxSingleShotSize: 1 << 20 });
  assert.ok((await large.downloadToBuffer(123_456, 2_000_000)).equals(content.subarray(123_456, 2_123_456)));
  assert.equal((await large.getBlockList("committed")).committedBlocks.length, 5);
  assert.deepEqual(await names(box.listBlobsFlat({ prefix: "dir/" })), [name]);
  const found = [];
  for await (const one of box.listBlobsByHierarchy("/")) found.push(`${one.kind} ${one.name}`);
  assert.deepEqual(found.sort(), ["blob large", "prefix dir/"]);
  const copy = await (await box.getBlobClient("copy").beginCopyFromURL(large.url)).pollUntilDone();
  assert.equal(copy.copyStatus, "success");
  const lease = blob.getBlobLeaseClient();
  await lease.acquireLease(15);
  await refused("LeaseIdMissing", () => blob.delete());
  await lease.releaseLease();
  return box;
}

async function signatures(box) {
  const expiresOn = new Date(Date.now() + 3_600_000);
  const read = await box.getBlobClient("large").generateSasUrl({ permissions: sdk.BlobSASPermissions.parse("r"), expiresOn });
  assert.equal((await new sdk.BlobClient(read).getProperties()).contentLength, 5_000_000);
  await refused("AuthorizationPermissionMismatch", () => new sdk.BlobClient(read).delete());
  await box.setAccessPolicy(undefined, [{ id: "listers", accessPolicy: { permissions: "l", startsOn: new Date(Date.now() - 60_000), expiresOn } }]);
  assert.deepEqual((await box.getAccessPolicy()).signedIdentifiers.map((one) => one.id), ["listers"]);
  const list = await box.generateSasUrl({ identifier: "listers" });
  assert.deepEqual(await names(new sdk.ContainerClient(list).listBlobsFlat({ prefix: "l" })), ["large"]);
  const all = sdk.generateAccountSASQueryParameters({ expiresOn, permissions: sdk.AccountSASPermissions.parse("rl"), services: "b", resourceTypes: "sc" }, credential);
  assert.deepEqual(await names(new sdk.BlobServiceClient(`${endpoint}?${all}`).listContainers({ prefix: "from-" })), ["from-javascript"]);
}

async function batches(box) {
  const answer = await client.getBlobBatchClient().deleteBlobs([box.getBlobClient("copy"), box.getBlobClient("none")]);
  assert.deepEqual([answer.subResponsesSucceededCount, answer.subResponsesFailedCount], [1, 1]);
  assert.equal(answer.subResponses[1].errorCode, "BlobNotFound");
}

async function main() {
  const box = await blobs();
  await signatures(box);
  await batches(box);
  await box.delete();
  console.log("The SDK for JavaScript finds its storage.");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
