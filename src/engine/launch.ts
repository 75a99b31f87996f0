import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, type ChildOptions, startNode } from "./child-process.js";
import { EngineError } from "./engine-error.js";
import type { Project } from "./project.js";
import type { StackConfig } from "./stack-config.js";

/** What both processes need to know. */
export interface Launch {
  readonly project: Project;
  readonly stack: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the engine's services listen, as `127.0.0.1:port`. */
  readonly engineAddress: string;
  readonly onLine: ChildOptions["onLine"];
}

/** Runs the user's program with the SDK that is installed beside it. */
export function startProgram(
  launch: Launch,
  run: { readonly config: StackConfig; readonly isPreview: boolean; readonly parallel: number },
): Child {
  const { project, stack, engineAddress } = launch;
  const runner = findInSdk(project, "@pulumi/pulumi/cmd/run");
  const flags: Readonly<Record<string, string>> = {
    monitor: engineAddress,
    engine: engineAddress,
    organization: "organization",
    project: project.name,
    "root-directory": project.root,
    stack,
    pwd: project.workingDirectory,
    parallel: String(run.parallel),
  };
  const named = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const dryRun = run.isPreview ? ["--dry-run"] : [];
  return startNode({
    arguments: [...project.nodeArguments, runner, ...named, ...dryRun, project.program],
    workingDirectory: project.workingDirectory,
    environment: { ...environmentOf(launch), ...programEnvironment(project, run.config) },
    onLine: launch.onLine,
  });
}

/** A provider process and the address it listens on. */
export interface LaunchedProvider {
  readonly child: Child;
  readonly address: Promise<string>;
}

/** Starts the SDK's own process for dynamic providers. The first line it prints is its port. */
export function startProvider(launch: Launch): LaunchedProvider {
  let onFirstLine: ((line: string) => void) | undefined;
  const firstLine = new Promise<string>((resolve) => {
    onFirstLine = resolve;
  });
  const child = startNode({
    // The engine's address comes last: providers look for it there to write log messages.
    arguments: [
      findInSdk(launch.project, "@pulumi/pulumi/cmd/dynamic-provider"),
      launch.engineAddress,
    ],
    workingDirectory: launch.project.workingDirectory,
    environment: environmentOf(launch),
    onLine: (stream, line) => {
      if (onFirstLine === undefined || stream !== "stdout") return launch.onLine(stream, line);
      onFirstLine(line);
      onFirstLine = undefined;
    },
  });
  const ended = child.closed.then((): never => {
    throw new Error("The provider process ended before it listened.");
  });
  const address = Promise.race([firstLine, ended]).then((port) => `127.0.0.1:${port.trim()}`);
  // A run that needs no provider must not fail because nobody asked for the address.
  address.catch(() => undefined);
  return { child, address };
}

function environmentOf({ project, stack, environment }: Launch): NodeJS.ProcessEnv {
  return {
    NODE_COMPILE_CACHE: join(tmpdir(), "pulumi-engine-compile-cache"),
    ...environment,
    PULUMI_NODEJS_PROJECT: project.name,
    PULUMI_PROJECT: project.name,
    PULUMI_NODEJS_STACK: stack,
  };
}

function programEnvironment(project: Project, config: StackConfig): NodeJS.ProcessEnv {
  const values = Object.fromEntries([...config].map(([key, { text }]) => [key, text]));
  const secretKeys = [...config].flatMap(([key, { isSecret }]) => (isSecret ? [key] : []));
  return {
    PULUMI_CONFIG: JSON.stringify(values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(project.isTypeScript),
    // Types are checked by the user's own build; checking them here costs seconds per preview.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}

function findInSdk(project: Project, entry: string): string {
  try {
    return createRequire(join(project.workingDirectory, "program.js")).resolve(entry);
  } catch (cause) {
    const isThere = existsSync(project.workingDirectory);
    throw new EngineError(
      {
        happened: isThere
          ? `Could not find @pulumi/pulumi from ${project.workingDirectory}.`
          : `Could not run the program: there is no folder ${project.workingDirectory}.`,
        now: "Nothing was run.",
        next: isThere
          ? "Run `npm install` in the program's folder."
          : "Mend `main` in Pulumi.yaml.",
        exitCode: 2,
      },
      { cause },
    );
  }
}
