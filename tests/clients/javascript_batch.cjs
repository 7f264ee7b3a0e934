#!/usr/bin/env node
// The published JavaScript client takes a pool, a job, tasks, files and a gang through their life.
//
//     javascript_batch.cjs 8|10
//
// Started by run_with_service, which sets AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY and AZURE_BATCH_ENDPOINT.
"use strict";

const { connect, expect, load, refused, run, textOf, wait } = require("./javascript_words.cjs");

const version = process.argv[2];
const nodes = 3;
const pool = `js${version}-pool`;
const job = `js${version}-job`;

async function makePool(client) {
  const images = await client.account.listSupportedImages({
    accountListSupportedImagesOptions: { filter: "nodeAgentSKUId eq 'batch.node.centos 7'" },
  });
  const image = images.find((one) => one.imageReference.offer.toLowerCase() === "centos-hpc" && one.imageReference.sku === "7.4");
  await client.pool.add({
    id: pool,
    vmSize: "STANDARD_H16r",
    targetDedicatedNodes: nodes,
    enableInterNodeCommunication: true,
    virtualMachineConfiguration: { imageReference: image.imageReference, nodeAgentSKUId: image.nodeAgentSKUId },
    startTask: { commandLine: "/bin/sh -c 'echo started'", waitForSuccess: true },
  });
  expect((await client.pool.exists(pool.toUpperCase())).body, true, "pool.exists");
  const ready = await wait("three idle nodes", async () => {
    const found = await client.computeNode.list(pool);
    return found.length === nodes && found.every((node) => node.state === "idle") && found;
  });
  const seen = await client.pool.get(pool);
  expect([seen.allocationState, seen.currentDedicatedNodes, seen.vmSize], ["steady", nodes, "standard_h16r"], "the pool");
  expect(ready[0].startTaskInfo.exitCode, 0, "the start task's exit code");
  await client.pool.patch(pool, { metadata: [{ name: "made", value: "by test" }] });
  await refused("ConditionNotMet", () => client.pool.patch(pool, { metadata: [] }, { poolPatchOptions: { ifMatch: "0x8D0000000000FF" } }));
  const listed = await client.pool.list({ poolListOptions: { filter: `startswith(id,'${pool}')`, select: "id,metadata" } });
  expect(listed.map((one) => [one.id, one.metadata[0].value, one.vmSize]), [[pool, "by test", undefined]], "the pools");
  const counts = await client.account.listPoolNodeCounts();
  expect(counts[0].dedicated.idle, nodes, "idle nodes counted");
  expect(await textOf(await client.file.getFromComputeNode(pool, ready[0].id, "startup/stdout.txt")), "started\n", "the start task's stdout");
}

async function runTasks(client) {
  await client.job.add({ id: job, poolInfo: { poolId: pool } });
  await client.job.patch(job, { priority: 7 });
  expect((await client.job.get(job)).priority, 7, "the job's priority");
  const tasks = [...Array(20).keys()].map((number) => ({ id: `task-${number}`, commandLine: `/bin/sh -c 'echo ${number}; exit ${number % 2}'` }));
  const added = await client.task.addCollection(job, tasks);
  expect(added.value.filter((one) => one.status.toLowerCase() === "success").length, 20, "tasks added");
  const again = await client.task.addCollection(job, tasks.slice(0, 1));
  expect(again.value[0].error.code, "TaskExists", "a task that is there already");
  await client.task.add(job, { id: "no-such-command", commandLine: "/no/such/command" });
  const counts = await wait("21 completed tasks", async () => {
    const seen = await client.job.getTaskCounts(job);
    const flat = seen.taskCounts ?? seen;
    return flat.completed === 21 && flat;
  });
  expect([counts.succeeded, counts.failed], [10, 11], "succeeded and failed tasks");
  let page = await client.task.list(job, { taskListOptions: { filter: "executionInfo/exitCode eq 1", maxResults: 4 } });
  let seen = page.length;
  while (page.odatanextLink) {
    page = await client.task.listNext(page.odatanextLink);
    seen += page.length;
  }
  expect(seen, 10, "tasks that exited with 1, over all pages");
  const broken = (await client.task.get(job, "no-such-command")).executionInfo;
  expect(broken.result.toLowerCase(), "failure", "the result of a command that does not exist");
  await refused("TaskNotFound", () => client.task.get(job, "none"));
}

async function readFiles(client) {
  const names = (await client.file.listFromTask(job, "task-14", { recursive: true })).map((one) => one.name);
  for (const name of ["stdout.txt", "stderr.txt", "wd"])
    if (!names.includes(name)) throw new Error(`${name} is not among the task's files ${names}`);
  expect(await textOf(await client.file.getFromTask(job, "task-14", "stdout.txt")), "14\n", "stdout.txt");
  const range = { fileGetFromTaskOptions: { ocpRange: "bytes=1-1" } };
  expect(await textOf(await client.file.getFromTask(job, "task-14", "stdout.txt", range)), "4", "a range of stdout.txt");
  const properties = await client.file.getPropertiesFromTask(job, "task-14", "stdout.txt");
  expect([Number(properties.contentLength), properties.ocpBatchFileIsdirectory], [3, "False"], "the properties");
  await client.file.deleteFromTask(job, "task-14", "stdout.txt");
  await refused("FileNotFound", () => client.file.getPropertiesFromTask(job, "task-14", "stdout.txt").catch((error) => {
    // To a HEAD nothing but the status is answered.
    expect(error.statusCode, 404, "the status for a file that is gone");
    throw Object.assign(error, { code: "FileNotFound" });
  }));
}

async function runGang(client) {
  await client.task.add(job, {
    id: "gang",
    commandLine: "/bin/sh -c 'mpirun -n 3 --map-by node hostname'",
    multiInstanceSettings: { numberOfInstances: nodes, coordinationCommandLine: "/bin/true" },
  });
  const task = await wait("the gang's end", async () => {
    const seen = await client.task.get(job, "gang");
    return seen.state === "completed" && seen;
  });
  const errors = await textOf(await client.file.getFromTask(job, "gang", "stderr.txt"));
  expect(task.executionInfo.exitCode, 0, `the gang's exit code, with stderr '${errors}'`);
  const subtasks = (await client.task.listSubtasks(job, "gang")).value;
  expect(subtasks.map((one) => one.id).sort(), [1, 2], "the subtasks");
  const hosts = new Set((await textOf(await client.file.getFromTask(job, "gang", "stdout.txt"))).split(/\s+/).filter(Boolean));
  if (process.env.BATCHYARD_NODES_ARE_PROCESSES !== "1") expect(hosts.size, nodes, "host names of the ranks");
}

async function endAll(client) {
  await client.task.add(job, { id: "long", commandLine: "/bin/sleep 1000" });
  await wait("a running task", async () => (await client.task.get(job, "long")).state === "running");
  await client.task.terminate(job, "long");
  await wait("its end", async () => (await client.task.get(job, "long")).state === "completed");
  await client.task.reactivate(job, "task-1");
  await wait("the reactivated task's end", async () => (await client.task.get(job, "task-1")).state === "completed");
  await client.task.deleteMethod(job, "task-1");
  await client.job.terminate(job, { terminateReason: "enough" });
  await wait("the job's end", async () => (await client.job.get(job)).state === "completed");
  expect((await client.job.get(job)).executionInfo.terminateReason, "enough", "terminateReason");
  await client.job.deleteMethod(job);
  await wait("no job", async () => !(await client.job.list()).some((one) => one.id === job));
  await client.pool.resize(pool, { targetDedicatedNodes: 1 });
  await wait("one node", async () => (await client.pool.get(pool)).currentDedicatedNodes === 1);
  await client.pool.deleteMethod(pool);
  await wait("no pool", async () => !(await client.pool.exists(pool)).body);
}

async function main() {
  const client = connect(load(`batch-${version}`));
  await makePool(client);
  await runTasks(client);
  await readFiles(client);
  await runGang(client);
  await endAll(client);
  console.log(`The round of @azure/batch ${version} is done.`);
}

run(main);
