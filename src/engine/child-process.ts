import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** A Node.js process that this engine started and must end. */
export interface Child {
  /** Resolves with the exit code (null after a signal) once the process and its output have ended. */
  readonly closed: Promise<number | null>;
  /** Asks with `signal`, and kills what has not ended after `graceMs`. Resolves when it has ended. */
  readonly stop: (signal: NodeJS.Signals, graceMs: number) => Promise<void>;
  readonly kill: () => void;
}

export interface ChildOptions {
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Gets each line of output, and what is left at the end without a newline. */
  readonly onLine: (stream: "stdout" | "stderr", line: string) => void;
}

/** Starts `node` in a process group of its own, so that a ^C in the terminal reaches only the engine. */
export function startNode(options: ChildOptions): Child {
  const child = spawn(process.execPath, options.arguments, {
    cwd: options.workingDirectory,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  readLines(child.stdout, (line) => options.onLine("stdout", line));
  readLines(child.stderr, (line) => options.onLine("stderr", line));
  const signal = (name: NodeJS.Signals): void => signalGroup(child, name);
  const kill = (): void => signal("SIGKILL");
  running.add(kill);
  const closed = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    // "close", not "exit": output may still be on its way when the process is gone.
    child.once("close", resolve);
  }).finally(() => running.delete(kill));
  const stop = async (name: NodeJS.Signals, graceMs: number): Promise<void> => {
    signal(name);
    const timer = setTimeout(kill, graceMs);
    await closed;
    clearTimeout(timer);
  };
  return { closed, stop, kill };
}

// Whatever way the engine ends, short of SIGKILL, nothing of it stays behind.
const running = new Set<() => void>();
process.on("exit", () => {
  for (const kill of running) kill();
});

type Spawned = ChildProcessByStdio<null, Readable, Readable>;

function signalGroup(child: Spawned, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group has ended in the meantime.
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
