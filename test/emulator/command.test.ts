import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

const MAIN = require.resolve("#src/cli/main.js");
const LAST_VARIABLE = "SNOWFLAKE_PROTOCOL";

function dadosfera(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(
  command: ChildProcess,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [textOf(command.stdout), textOf(command.stderr)];
  const [code] = await once(command, "close");
  return { code, stdout: await stdout, stderr: await stderr };
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

async function exportedBy(
  command: ChildProcess,
  last = LAST_VARIABLE,
): Promise<Readonly<Record<string, string>>> {
  const variables: Record<string, string> = {};
  for await (const line of createInterface({ input: command.stdout as NodeJS.ReadableStream })) {
    const [, name = "", value = ""] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    variables[name] = value;
    if (name === last) break;
  }
  return variables;
}

describe("dadosfera emulator", function () {
  this.timeout(30_000);

  it("prints what a client needs to find it, and ends well on SIGTERM", async () => {
    const command = dadosfera("emulator", "--seed", "caso-1", "--switch", "resumeAt=>=");

    const variables = await exportedBy(command);
    const answer = await fetch(`${variables["DADOSFERA_BASE_URL"]}/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: JSON.stringify({
        username: variables["DADOSFERA_USERNAME"],
        password: variables["DADOSFERA_PASSWORD"],
      }),
    });
    command.kill("SIGTERM");
    const [code] = await once(command, "close");

    assert.equal(answer.status, 200);
    assert.equal(variables["SNOWFLAKE_HOST"], "127.0.0.1");
    assert.equal(code, 0);
  });

  it("runs Hasura as well where its database is named, and says where", async () => {
    const command = dadosfera("emulator", "--postgres", "postgres://127.0.0.1:9/none");

    const variables = await exportedBy(command, "HASURA_GRAPHQL_ADMIN_SECRET");
    const answer = await fetch(`${variables["HASURA_GRAPHQL_ENDPOINT"]}/healthz`, {
      headers: { connection: "close" },
    });
    command.kill("SIGTERM");
    const [code] = await once(command, "close");

    assert.equal(await answer.text(), "OK");
    assert.equal(variables["HASURA_GRAPHQL_ADMIN_SECRET"], "emulated-hasura");
    assert.equal(code, 0);
  });

  it("says which port is taken, and ends with 1", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;

    const { code, stderr } = await ended(dadosfera("emulator", "--maestro-port", String(port)));
    server.close();

    assert.equal(code, 1);
    assert.equal(
      stderr,
      `Did not start the emulator: port ${port} of 127.0.0.1 is taken.
Nothing was changed.
Stop what listens there, or choose other ports with --maestro-port and --snowflake-port.
`,
    );
  });

  it("refuses a switch that it does not have, with 2", async () => {
    const { code, stderr } = await ended(dadosfera("emulator", "--switch", "resumeAt=<"));

    assert.equal(code, 2);
    assert.match(stderr, /^Did not start the emulator: Switch "resumeAt" takes >\|>=, not "<"\.\n/);
  });
});

describe("dadosfera", function () {
  this.timeout(30_000);

  it("lists its commands", async () => {
    const { code, stdout } = await ended(dadosfera("--help"));

    assert.equal(code, 0);
    assert.match(stdout, /\n {2}emulator {2,}\S/);
  });

  it("refuses a command that it does not have, with 2", async () => {
    const { code, stderr } = await ended(dadosfera("emulate"));

    assert.equal(code, 2);
    assert.match(stderr, /^Did not run "emulate": there is no such command\.\n/);
  });
});
