import type { EngineCommand, EngineVerb } from "./command.js";
import { type EngineResult, runCommand } from "./engine.js";
import type { ImportEntry } from "./import-file.js";
import type { Wish } from "./wish.js";

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

export interface RunOptions extends Wish {
  readonly parallel?: number;
  /** `refresh` and `destroy` only show what they would do. */
  readonly previewOnly?: boolean;
  /** Shows unchanged resources too. */
  readonly showSames?: boolean;
  /** Ends with exit code 7 where anything changes, or would. */
  readonly expectNoChanges?: boolean;
  /** Leaves out the preview before `up` and `destroy`. */
  readonly skipPreview?: boolean;
  readonly diff?: boolean;
  /** Prints JSON instead of text: one document for a preview, one event a line for a run. */
  readonly json?: boolean;
  /** `refresh` forgets creates that were cut off. */
  readonly clearPendingCreates?: boolean;
  /** Added to the stack's environment for this run. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ImportOptions extends RunOptions {
  /** A file such as `dadosfera import-file` writes, or one resource. */
  readonly imports: ImportEntry | { readonly file: string };
  /** Protects from deletion what comes in, unless this is false. */
  readonly protect?: boolean;
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
  readonly import: (options: ImportOptions) => Promise<StackResult>;
  /** Frees the stack from a command that was killed. */
  readonly cancel: () => Promise<StackResult>;
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
    (how: RunOptions | ImportOptions = {}) =>
      runToBuffer(commandOf(verb, options, how));
  return {
    preview: run("preview"),
    up: run("up"),
    refresh: run("refresh"),
    destroy: run("destroy"),
    import: run("import"),
    cancel: run("cancel"),
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
  { env, ...how }: RunOptions | ImportOptions,
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
