import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Interruption } from "./circumstances.js";
import type { Workspace } from "./workspace.js";

/** An engine that runs a recorded command. */
export interface Engine {
  readonly name: string;
  /** Runs a command that was recorded as `pulumi <args>`. */
  run(args: readonly string[], workspace: Workspace): Promise<Ended>;
}

/** How a command ended. */
export interface Ended {
  /** As the recordings have it: negative after a signal. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = require.resolve("#src/cli/main.js");

export const embedded: Engine = {
  name: "the embedded engine",
  run: (args, workspace) =>
    runToEnd(process.execPath, [MAIN, "engine", ...withStack(args)], workspace),
};

const pulumi: Engine = {
  name: "the Pulumi CLI",
  run: (args, workspace) =>
    runToEnd("pulumi", [...withStack(args), "--non-interactive", "--color", "never"], workspace, {
      PULUMI_HOME: workspace.home,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    }),
};

/** The real CLI where it is on the PATH: it must agree with what was recorded from it. */
export function findPulumi(): Engine | undefined {
  return spawnSync("pulumi", ["version"]).status === 0 ? pulumi : undefined;
}

async function runToEnd(
  program: string,
  args: readonly string[],
  workspace: Workspace,
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const command = spawn(program, args, {
    cwd: workspace.project,
    env: { ...withoutPulumi(process.env), ...more, ...workspace.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const [stdout, stderr] = [text(command.stdout), text(command.stderr)];
  const { interruption } = workspace;
  if (interruption !== undefined) void interrupt(command, interruption, workspace);
  const [code, signal] = await once(command, "exit");
  if (signal === "SIGKILL") workspace.endOrphans();
  return { exitCode: signal === null ? code : -9, stdout: await stdout, stderr: await stderr };
}

async function interrupt(
  command: ChildProcess,
  { signals, toGroup, isTime }: Interruption,
  workspace: Workspace,
): Promise<void> {
  while (command.exitCode === null && !isTime(workspace.calls)) await sleep(20);
  for (const signal of signals) {
    // The state file is to say by then what has ended; and two signals at once would be one.
    await sleep(500);
    if (toGroup) process.kill(-Number(command.pid), signal);
    else command.kill(signal);
  }
}

function withStack(args: readonly string[]): readonly string[] {
  return args.includes("--stack") ? args : [...args, "--stack", "dev"];
}

function withoutPulumi(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("PULUMI_")),
  );
}
