// What the tests of the JavaScript client share: the client, and words to ask and to compare with.
"use strict";

const skipped = 77;
const deadlineMs = 120_000;

// The client of that name.
function load(name) {
  try {
    return require(name);
  } catch (error) {
    console.error(`${name} is not installed (tools/install test brings it): ${error.message}`);
    return process.exit(skipped);
  }
}

function connect(sdk, options = {}) {
  const credentials = new sdk.BatchSharedKeyCredentials(process.env.AZURE_BATCH_ACCOUNT, process.env.AZURE_BATCH_ACCESS_KEY);
  return new sdk.BatchServiceClient(credentials, process.env.AZURE_BATCH_ENDPOINT, options);
}

function expect(seen, wanted, what) {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`);
}

// Asks until the answer is true; the answer.
async function wait(what, look) {
  for (const end = Date.now() + deadlineMs; Date.now() < end;) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come within ${deadlineMs} ms`);
}

async function refused(code, call) {
  try {
    await call();
  } catch (error) {
    expect(error.code ?? error.body?.code, code, "the refusal's code");
    return;
  }
  throw new Error(`${code} was expected, but the call went through`);
}

async function textOf(answer) {
  const parts = [];
  for await (const part of answer.readableStreamBody) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

function run(main) {
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}

module.exports = { connect, expect, load, refused, run, textOf, wait };
