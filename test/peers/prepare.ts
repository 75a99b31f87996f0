import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import {
  CONNECTORS,
  type Connector,
  ENVIRONMENTS,
  environmentOf,
  pythonIn,
  pythonOf,
} from "./python-environments.js";

/** Makes what the peers' tests need and can be made here, once; what cannot is said in one line, and its tests are skipped. */
function main(): void {
  mkdirSync(ENVIRONMENTS, { recursive: true });
  for (const connector of CONNECTORS) {
    if (pythonOf(connector) === undefined) process.stdout.write(`${prepared(connector)}\n`);
  }
}

const INSTALL = ["install", "--quiet", "--disable-pip-version-check", "--retries", "1"];

function prepared(connector: Connector): string {
  const name = `Snowflake's connector ${connector} for Python`;
  // Under its own name only when it is whole: what is there is never made again.
  const unfinished = `${environmentOf(connector)}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    run("python3", "-m", "venv", unfinished);
    run(pythonIn(unfinished), "-m", "pip", ...INSTALL, `snowflake-connector-python==${connector}`);
    renameSync(unfinished, environmentOf(connector));
    return `${name} is installed in ${environmentOf(connector)}.`;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    return `${name} could not be installed, so its tests are skipped: ${lastLine(error)}`;
  }
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });
}

/** What the command said last, which with pip is the reason. */
function lastLine(error: unknown): string {
  const said = error instanceof Error && "stderr" in error ? String(error.stderr ?? "") : "";
  return said.trim().split("\n").at(-1) || String(error).split("\n", 1).join();
}

main();
