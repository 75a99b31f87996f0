import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../support/package-root.js";
import type { StackProject } from "./stack-project.js";

type Environment = Readonly<Record<string, string>>;

/** What runs a Pulumi program. */
export interface BenchEngine {
  readonly name: string;
  /** How often a large stack is made from nothing: the CLI writes all of a state in a folder several times for each resource, and takes minutes. */
  readonly mostCreates: number;
  /** Makes ready what a stack without a state needs. */
  init(project: StackProject): Promise<void>;
  /** Runs a command to its end, and answers its seconds. Rejects unless it ends with 0. */
  run(project: StackProject, verb: "preview" | "up", settings: Environment): Promise<number>;
}

/** The embedded engine, and the Pulumi CLI where there is one on the PATH. */
export function findEngines(): readonly BenchEngine[] {
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const embedded: BenchEngine = {
    name: "embedded engine",
    mostCreates: 3,
    init: async () => undefined,
    run: (project, verb, settings) =>
      timed(process.execPath, [main, "engine", ...argumentsOf(verb)], { project, settings }),
  };
  const version = spawnSync("pulumi", ["version"], { encoding: "utf8" });
  if (version.error !== undefined || version.status !== 0) return [embedded];
  const cli: BenchEngine = {
    name: `Pulumi CLI ${version.stdout.trim()}`,
    mostCreates: 1,
    init: async (project) => {
      await timed("pulumi", ["stack", "init", "dev"], { project, settings: {} });
    },
    run: (project, verb, settings) => {
      const quietly = ["--non-interactive", "--suppress-progress"];
      return timed("pulumi", [...argumentsOf(verb), ...quietly], { project, settings });
    },
  };
  return [embedded, cli];
}

function argumentsOf(verb: "preview" | "up"): readonly string[] {
  return [verb, "--stack", "dev", ...(verb === "up" ? ["--yes", "--skip-preview"] : [])];
}

async function timed(
  file: string,
  args: readonly string[],
  { project, settings }: { readonly project: StackProject; readonly settings: Environment },
): Promise<number> {
  const env = {
    ...process.env,
    PULUMI_HOME: project.home,
    PULUMI_BACKEND_URL: project.backendUrl,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...settings,
  };
  const startedAt = performance.now();
  // Not waited for in a way that would stop this process: the emulator is a part of it.
  await promisify(execFile)(file, args, { cwd: project.path, env, maxBuffer: 1 << 28 });
  return (performance.now() - startedAt) / 1000;
}
