import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { OrdersStack } from "../support/orders-stack.js";
import { PACKAGE_ROOT } from "../support/package-root.js";

/** A command of the engine in a process of its own, and the provider's process that it starts. */
export interface EngineProcess {
  /** Ends with the exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  /** Everything that it printed. */
  readonly printed: () => string;
  killEngine(): void;
  killProvider(): void;
  /** Ends when the provider's process is gone; throws if that takes more than so long. */
  providerGone(withinMs: number): Promise<void>;
}

const LOOK_MS = 50;

export function startEngine(stack: OrdersStack, verb: "up" | "destroy"): EngineProcess {
  const { path, root, backendUrl } = stack.folder;
  const pidFile = join(root, "provider-pid");
  rmSync(pidFile, { force: true });
  const script = join(PACKAGE_ROOT, "build", "test", "engine", "engine-process.js");
  const child = spawn(
    process.execPath,
    [script, verb, "--yes", "--skip-preview", "--stack", "dev", "--cwd", path],
    {
      env: {
        ...process.env,
        ...stack.environment,
        PULUMI_BACKEND_URL: backendUrl,
        PROVIDER_PID_FILE: pidFile,
        NODE_OPTIONS: `--require ${join(__dirname, "announce-pid.js")}`,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const printed = collect(child);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return {
    ended,
    printed,
    killEngine: () => void child.kill("SIGKILL"),
    // It leads a process group of its own.
    killProvider: () => void process.kill(-pidIn(pidFile), "SIGKILL"),
    async providerGone(withinMs) {
      const pid = pidIn(pidFile);
      const deadline = performance.now() + withinMs;
      while (isAlive(pid)) {
        if (performance.now() > deadline) throw new Error(`provider ${pid} did not end`);
        await wait(LOOK_MS);
      }
    },
  };
}

function collect({ stdout, stderr }: ChildProcess): () => string {
  let text = "";
  const add = (part: unknown) => {
    text += String(part);
  };
  stdout?.on("data", add);
  stderr?.on("data", add);
  return () => text;
}

function pidIn(file: string): number {
  return Number(readFileSync(file, "utf8"));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
