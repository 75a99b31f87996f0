import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const MAIN = require.resolve("#src/cli/main.js");

/** How a command ended, and all that it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dadosfera` to its end as a shell would, without a terminal, with these variables and no others. */
export async function dadosfera(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const command = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...environment },
  });
  const [stdout, stderr] = [text(command.stdout), text(command.stderr)];
  const [code] = await once(command, "close");
  return { code, stdout: await stdout, stderr: await stderr };
}
