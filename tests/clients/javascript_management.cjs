#!/usr/bin/env node
// The published @azure/arm-batch 9.1.0, unmodified: an account, a pool and an application on the management plane, changed and deleted.
//
// Started by run_with_service with TLS, which sets BATCHYARD_MANAGEMENT, AZURE_SUBSCRIPTION_ID, AZURE_TENANT_ID, AZURE_CLIENT_ID,
// AZURE_CLIENT_SECRET and NODE_EXTRA_CA_CERTS.
"use strict";

const { expect, load, refused, run } = require("./javascript_words.cjs");
const { BatchManagementClient } = load("@azure/arm-batch");

const group = "batchyard";
const account = "lab1";
const environment = process.env;

// The token of the installation's administrator.
const login = {
  async getToken() {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: environment.AZURE_CLIENT_ID,
      client_secret: environment.AZURE_CLIENT_SECRET,
      scope: "https://management.azure.com/.default",
    });
    const answer = await fetch(`${environment.BATCHYARD_MANAGEMENT}/adfs/oauth2/token`, { method: "POST", body: form });
    const token = await answer.json();
    return { token: token.access_token, expiresOnTimestamp: Date.now() + 1000 * Number(token.expires_in) };
  },
};

async function all(pages) {
  const found = [];
  for await (const one of pages) found.push(one);
  return found;
}

async function accounts(client) {
  const soon = { updateIntervalInMs: 50 };
  const made = await client.batchAccountOperations.beginCreateAndWait(group, account, { location: "local", tags: { team: "a" } }, soon);
  expect([made.name, made.provisioningState, made.tags], [account, "Succeeded", { team: "a" }], "the account");
  const taken = await client.location.checkNameAvailability("local", { name: account, type: "Microsoft.Batch/batchAccounts" });
  expect([taken.nameAvailable, taken.reason], [false, "AlreadyExists"], "the name");
  const before = await client.batchAccountOperations.getKeys(group, account);
  const after = await client.batchAccountOperations.regenerateKey(group, account, { keyName: "Secondary" });
  expect([after.primary === before.primary, after.secondary === before.secondary], [true, false], "the keys");
  const changed = await client.batchAccountOperations.update(group, account, { tags: { team: "b" } });
  expect(changed.tags, { team: "b" }, "the tags");
  expect((await all(client.batchAccountOperations.listByResourceGroup(group))).map((one) => one.name), ["batchyard", account], "the accounts");
  const sizes = await all(client.location.listSupportedVirtualMachineSkus("local", { filter: "familyName eq 'standardHFamily'", maxresults: 2 }));
  expect(sizes.length > 2 && sizes.every((one) => one.familyName === "standardHFamily"), true, "the sizes of a family, over pages");
  const detectors = await all(client.batchAccountOperations.listDetectors(group, account));
  expect(detectors.map((one) => one.name), ["poolsAndNodes"], "the detectors");
  expect((await all(client.privateLinkResourceOperations.listByBatchAccount(group, account))).length, 2, "the private links");
}

async function pools(client) {
  const pool = {
    vmSize: "STANDARD_D1_V2",
    deploymentConfiguration: {
      virtualMachineConfiguration: {
        imageReference: { publisher: "canonical", offer: "0001-com-ubuntu-server-jammy", sku: "22_04-lts" },
        nodeAgentSkuId: "batch.node.ubuntu 22.04",
      },
    },
    scaleSettings: { fixedScale: { targetDedicatedNodes: 0 } },
  };
  const made = await client.poolOperations.create(group, account, "p", pool, { ifNoneMatch: "*" });
  expect([made.name, made.provisioningState, made.etag.startsWith('W/"0x8D')], ["p", "Succeeded", true], "the pool");
  await refused("ConditionNotMet", () => client.poolOperations.create(group, account, "p", pool, { ifNoneMatch: "*" }));
  const changed = await client.poolOperations.update(
    group, account, "p", { metadata: [{ name: "made", value: "by test" }] }, { ifMatch: made.etag });
  expect(changed.metadata, [{ name: "made", value: "by test" }], "the metadata");
  await refused("ConditionNotMet", () => client.poolOperations.update(group, account, "p", { metadata: [] }, { ifMatch: made.etag }));
  expect((await all(client.poolOperations.listByBatchAccount(group, account))).map((one) => one.name), ["p"], "the pools");
  await client.poolOperations.beginDeleteAndWait(group, account, "p", { updateIntervalInMs: 50 });
  await refused("PoolNotFound", () => client.poolOperations.get(group, account, "p"));
}

async function applications(client) {
  const made = await client.applicationOperations.create(group, account, "solver", { parameters: { displayName: "Solver", allowUpdates: true } });
  expect([made.name, made.displayName], ["solver", "Solver"], "the application");
  const packed = await client.applicationPackageOperations.create(group, account, "solver", "1.0");
  expect([packed.state, /^https:/.test(packed.storageUrl)], ["Pending", true], "the package");
  await refused("ApplicationPackageBlobNotFound", () => client.applicationPackageOperations.activate(group, account, "solver", "1.0", { format: "zip" }));
  await client.applicationPackageOperations.delete(group, account, "solver", "1.0");
  await client.applicationOperations.delete(group, account, "solver");
  expect(await all(client.applicationOperations.list(group, account)), [], "the applications");
}

async function main() {
  const client = new BatchManagementClient(login, environment.AZURE_SUBSCRIPTION_ID, { endpoint: environment.BATCHYARD_MANAGEMENT });
  await accounts(client);
  await pools(client);
  await applications(client);
  await client.batchAccountOperations.beginDeleteAndWait(group, account, { updateIntervalInMs: 50 });
  expect((await all(client.batchAccountOperations.list())).map((one) => one.name), ["batchyard"], "the accounts that are left");
}

run(main);
