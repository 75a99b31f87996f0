import type { EngineCommand, EngineVerb } from "./command.js";
import { type EngineResult, runCommand } from "./engine.js";

export interface StackOptions {
  /** The folder of Pulumi.yaml. */
  readonly cwd: string;
  readonly stack: string;
  /** Added to this process's environment, for the engine and for both of its child processes. */
  readonly env?: Readonly<Record<string, string>>;
  /** A `file://` folder for the state; the default is PULUMI_BACKEND_URL, then `cwd`. */
  readonly backendUrl?: string;
  /** Configuration values, by key; they go before those of the stack's file. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly parallel?: number;
  /** Leaves out the preview before `up` and `destroy`. */
  readonly skipPreview?: boolean;
  readonly diff?: boolean;
  /** Prints JSON instead of text; `preview` only. */
  readonly json?: boolean;
  /** `refresh` forgets creates that were cut off. */
  readonly clearPendingCreates?: boolean;
  /** Added to the stack's environment for this run. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface StackResult extends EngineResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack on the built-in engine, for tests. */
export interface EngineStack {
  readonly preview: (options?: RunOptions) => Promise<StackResult>;
  readonly up: (options?: RunOptions) => Promise<StackResult>;
  readonly refresh: (options?: RunOptions) => Promise<StackResult>;
  readonly destroy: (options?: RunOptions) => Promise<StackResult>;
  /** What `pulumi stack export` prints, parsed; secrets stay encrypted. */
  readonly export: () => Promise<unknown>;
}

/**
 * Opens a stack for a test. Nothing rejects because a run fails: look at `exitCode`.
 *
 * @example
 * const stack = openStack({ cwd: "program", stack: "test", backendUrl: `file://${folder}` });
 * const { exitCode, outputs } = await stack.up();
 */
export function openStack(options: StackOptions): EngineStack {
  const run =
    (verb: EngineVerb) =>
    (how: RunOptions = {}) =>
      runToBuffer(commandOf(verb, options, how));
  return {
    preview: run("preview"),
    up: run("up"),
    refresh: run("refresh"),
    destroy: run("destroy"),
    export: async () => {
      const { exitCode, stdout, stderr } = await run("export")();
      if (exitCode !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as unknown;
    },
  };
}

function commandOf(
  verb: EngineVerb,
  options: StackOptions,
  { env, ...how }: RunOptions,
): EngineCommand {
  const backend =
    options.backendUrl === undefined ? {} : { PULUMI_BACKEND_URL: options.backendUrl };
  return {
    verb,
    cwd: options.cwd,
    stack: options.stack,
    config: Object.entries(options.config ?? {}).map(([key, value]) => `${key}=${value}`),
    environment: { ...process.env, ...options.env, ...backend, ...env },
    yes: true,
    ...how,
  };
}

async function runToBuffer(command: EngineCommand): Promise<StackResult> {
  const buffer = { stdout: "", stderr: "" };
  const result = await runCommand(command, {
    write: (text) => {
      buffer.stdout += text;
    },
    writeError: (text) => {
      buffer.stderr += text;
    },
    isTty: false,
  });
  return { ...result, ...buffer };
}
