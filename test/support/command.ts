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

/** Runs `dadosfera` to its end as a shell would, without a terminal, with these variables and no others; ^C comes when it says so. */
export async function dadosfera(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  interruptAt?: string,
): Promise<Ended> {
  const command = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...environment },
  });
  let said = "";
  const listen = (chunk: unknown) => {
    said += chunk;
    if (interruptAt === undefined || !said.includes(interruptAt)) return;
    command.stdout.off("data", listen);
    command.kill("SIGINT");
  };
  command.stdout.on("data", listen);
  const [stdout, stderr] = [text(command.stdout), text(command.stderr)];
  const [code] = await once(command, "close");
  return { code, stdout: await stdout, stderr: await stderr };
}
