import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../support/package-root.js";
import { ProgramFolder } from "../support/program-folder.js";

const MAIN = require.resolve("#src/cli/main.js");
const LAST_VARIABLE = "SNOWFLAKE_PROTOCOL";

describe("dadosfera emulator and dadosfera engine", function () {
  this.timeout(60_000);

  it("work together in a shell, for a project of its own and for the programs of this repository", async () => {
    using folder = new ProgramFolder();
    const emulator = spawn(process.execPath, [MAIN, "emulator", "--seed", "caso-1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exports = await exportsOf(emulator.stdout);
    const shell = async (line: string) =>
      (
        await promisify(execFile)("sh", ["-c", `eval "$EXPORTS"; exec "$NODE" "$MAIN" ${line}`], {
          cwd: folder.path,
          env: {
            PATH: process.env["PATH"],
            EXPORTS: exports,
            NODE: process.execPath,
            MAIN,
            PULUMI_BACKEND_URL: folder.backendUrl,
          },
        })
      ).stdout;

    const root = await shell(`engine preview --cwd '${PACKAGE_ROOT}' --stack dev`);
    const up = await shell("engine up --yes --skip-preview --stack dev");
    emulator.kill("SIGTERM");
    await once(emulator, "close");

    assert.match(root, /Pipeline orders create/);
    assert.match(up, /\+ 3 created/);
  });
});

async function exportsOf(stdout: NodeJS.ReadableStream): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    if (line.includes(LAST_VARIABLE)) break;
  }
  return lines.join("\n");
}
