#!/usr/bin/env node
// The published JavaScript client and a pool that a formula sizes, on a clock that stands still until it is moved: growth by
// waiting tasks, shrinking, the interval, samples, errors, and the end of it.
//
//     javascript_autoscale.cjs PROGRAM
//
// Started by run_with_service with the path of batchyard, against `up --instant --clock frozen=…`.
"use strict";

const { execFileSync } = require("node:child_process");
const { connect, expect, load, refused, run, textOf } = require("./javascript_words.cjs");

const program = process.argv[2];
const sdk = load("batch-10");
const client = connect(sdk);
// Of a 503, which the client itself would try again for a minute.
const once = connect(sdk, { noRetryPolicy: true });
const pool = "scaled";
const job = "work";
const machine = {
  imageReference: { publisher: "canonical", offer: "ubuntuserver", sku: "18.04-lts" },
  nodeAgentSKUId: "batch.node.ubuntu 18.04",
};
const byTasks = "$TargetDedicatedNodes = min(8, $PendingTasks);\n$NodeDeallocationOption = taskcompletion;";

// Answers when everything has come to rest at the new time, which is told.
function clock(...words) {
  return new Date(execFileSync(program, ["clock", ...words], { encoding: "utf8" }).split(" ")[0]).getTime();
}

function advance(duration) {
  return clock("--advance", duration);
}

function minutes(count) {
  return count * 60_000;
}

async function addTasks(names, duration) {
  await client.task.addCollection(job, names.map((id) => ({
    id, commandLine: "work", environmentSettings: [{ name: "BATCHYARD_SIM_DURATION", value: duration }] })));
}

// Nodes that are there, what the formula wants, and whether the pool is at rest.
async function size() {
  advance("PT0S");
  const seen = await client.pool.get(pool);
  return [seen.currentDedicatedNodes, seen.targetDedicatedNodes, seen.allocationState];
}

async function evaluated() {
  return (await client.pool.get(pool)).autoScaleRun;
}

async function evaluate(formula) {
  return client.pool.evaluateAutoScale(pool, formula);
}

async function count() {
  const counts = await client.job.getTaskCounts(job);
  return counts.taskCounts ?? counts;
}

async function begin() {
  const wrong = { id: pool, vmSize: "standard_d2_v3", virtualMachineConfiguration: machine, enableAutoScale: true };
  await refused("AutoScalingFormulaSyntaxError", () => client.pool.add({ ...wrong, autoScaleFormula: "$TargetDedicatedNodes = maxx(1, 2)" }));
  await refused("InvalidPropertyValue", () => client.pool.add({ ...wrong, autoScaleFormula: byTasks, autoScaleEvaluationInterval: "PT4M" }));
  await client.pool.add({ ...wrong, autoScaleFormula: byTasks, autoScaleEvaluationInterval: "PT5M" });
  const made = clock();
  const first = await evaluated();
  expect([first.timestamp.getTime(), first.error], [made, undefined], "the first evaluation");
  expect(first.results, "$TargetDedicatedNodes=0;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion", "its results");
  await refused("OperationNotValidOnPool", () => client.pool.resize(pool, { targetDedicatedNodes: 2 }));
  await client.job.add({ id: job, poolInfo: { poolId: pool } });
  return made;
}

async function grow(made) {
  await addTasks(["t0", "t1", "t2"], "PT17M");
  advance("PT4M59S");
  expect(await size(), [0, 0, "steady"], "the pool before the interval is over");
  expect((await count()).active, 3, "tasks that wait");
  advance("PT1S");
  expect(await size(), [3, 3, "steady"], "the pool with three tasks");
  expect((await count()).running, 3, "tasks that run");
  expect((await evaluated()).timestamp.getTime(), made + minutes(5), "when the formula ran");
  await addTasks(Array.from({ length: 12 }, (unused, number) => `more${number}`), "PT22M");
  advance("PT5M");
  // No more than the formula allows, whatever waits.
  expect(await size(), [8, 8, "steady"], "the pool with fifteen tasks");
  expect([(await count()).running, (await count()).active], [8, 7], "tasks that run and that wait");
}

async function shrink() {
  // Three end at the 22nd minute and three others begin; five end at the 32nd and the last four begin.
  advance("PT20M");
  expect((await count()).completed, 3, "completed tasks at the 30th minute");
  expect(await size(), [8, 8, "steady"], "the pool at the 30th minute");
  advance("PT5M");
  expect(await size(), [7, 7, "steady"], "the pool at the 35th minute, without the node that has nothing to do");
  advance("PT10M");
  expect(await size(), [4, 4, "steady"], "the pool at the 45th minute");
  // A formula that wants less than what runs waits for it, as it has said itself.
  await client.pool.enableAutoScale(pool, { autoScaleFormula: "$TargetDedicatedNodes = 1; $NodeDeallocationOption = taskcompletion;" });
  expect(await size(), [4, 1, "resizing"], "the pool that is to have one node");
  await refused("TooManyEnableAutoScaleRequests", () => once.pool.enableAutoScale(pool, { autoScaleFormula: byTasks }));
  advance("PT8M");
  expect(await size(), [4, 1, "resizing"], "the pool a minute before the tasks end");
  advance("PT1M");
  expect(await size(), [1, 1, "steady"], "the pool when they have ended");
  expect((await count()).succeeded, 15, "tasks that have succeeded");
  await client.pool.enableAutoScale(pool, { autoScaleFormula: byTasks });
  expect(await size(), [0, 0, "steady"], "the pool without work");
  expect(await textOf(await client.file.getFromTask(job, "more0", "stdout.txt")), "work\n", "what a task wrote on a node that is gone");
  await client.job.deleteMethod(job);
}

// A formula may fail: the pool stays as it is, says so, and is looked at again when the interval is over.
async function fail() {
  advance("PT1M");
  await client.pool.enableAutoScale(pool, {
    autoScaleFormula: "$TargetDedicatedNodes = $TargetDedicatedNodes == 0 ? 2 : 4 / ($CurrentDedicatedNodes - 2);",
    autoScaleEvaluationInterval: "PT30M",
  });
  const enabled = clock();
  expect(await size(), [2, 2, "steady"], "the pool of a formula that works once");
  advance("PT30M");
  const failed = await evaluated();
  expect([failed.timestamp.getTime(), failed.error.code], [enabled + minutes(30), "AutoScalingFormulaEvaluationError"], "the failed evaluation");
  const said = failed.error.values.find((one) => one.name === "Message").value;
  if (!said.includes("line 1, column") || !said.includes("^")) throw new Error(`the error does not show where it is: ${said}`);
  expect(await size(), [2, 2, "steady"], "the pool of a formula that has failed");
  // A new interval counts from now.
  await client.pool.enableAutoScale(pool, { autoScaleEvaluationInterval: "PT10M" });
  advance("PT9M59S");
  expect((await evaluated()).timestamp.getTime(), enabled + minutes(30), "when the formula ran");
  advance("PT1S");
  expect((await evaluated()).timestamp.getTime(), enabled + minutes(40), "when it ran again");
}

// The history of a metric is one sample every 30 s of the service's clock.
async function sample() {
  advance("PT15S");
  const tried = await evaluate("half = $CurrentDedicatedNodes.GetSamplePercent(20 * TimeInterval_Minute);"
    + "count = len($CurrentDedicatedNodes.GetSample(10 * TimeInterval_Minute)); mean = avg($CurrentDedicatedNodes.GetSample(5 * TimeInterval_Minute));"
    + "$TargetDedicatedNodes = mean + 1;");
  expect(tried.error, undefined, "an evaluation over samples");
  expect(tried.results, "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;count=20;half=[100];mean=2", "its results");
  expect(await size(), [2, 2, "steady"], "the pool, which an evaluation does not change");
  const few = await evaluate("$TargetDedicatedNodes = avg($CPUPercent.GetSample(time() + -100 * TimeInterval_Hour, time(), 90));");
  expect(few.error.code, "AutoScalingFormulaEvaluationError", "too few samples");
}

// Office hours: targets that only the clock changes, through a weekend.
async function officeHours() {
  clock("--to", "2030-01-04T12:00:00Z"); // a Friday
  await client.pool.enableAutoScale(pool, {
    autoScaleFormula: "$now = time(); $work = $now.hour >= 8 && $now.hour < 18; $day = $now.weekday >= 1 && $now.weekday <= 5;"
      + "$TargetDedicatedNodes = ($work && $day) ? 3 : 1; $TargetLowPriorityNodes = 1 - $day;",
    autoScaleEvaluationInterval: "PT1H",
  });
  const seen = [];
  for (const moment of ["04T12:00", "04T18:00", "05T12:00", "06T12:00", "07T07:00", "07T08:00"]) {
    clock("--to", `2030-01-${moment}:00Z`);
    const { currentDedicatedNodes, currentLowPriorityNodes } = await client.pool.get(pool);
    seen.push([currentDedicatedNodes, currentLowPriorityNodes]);
  }
  expect(seen, [[3, 0], [1, 0], [1, 1], [1, 1], [1, 0], [3, 0]], "nodes from Friday noon to Monday morning");
}

async function end() {
  await client.pool.disableAutoScale(pool);
  const seen = await client.pool.get(pool);
  expect([seen.enableAutoScale, seen.autoScaleFormula, seen.currentDedicatedNodes], [false, undefined, 3], "the pool without autoscale");
  advance("P1D");
  expect(await size(), [3, 3, "steady"], "the pool, which stays as it is");
  await refused("InvalidAutoScalingSettings", () => evaluate("$TargetDedicatedNodes = 1;"));
  await client.pool.resize(pool, { targetDedicatedNodes: 1 });
  advance("PT0S");
  expect(await size(), [1, 1, "steady"], "the pool that was resized by hand");
}

async function main() {
  const made = await begin();
  await grow(made);
  await shrink();
  await fail();
  await sample();
  await officeHours();
  await end();
  console.log("The pool has followed its formulas.");
}

run(main);
