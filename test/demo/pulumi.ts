import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../support/package-root.js";
import type { ProgramFolder } from "../support/program-folder.js";
import { runShown, type ShownCommand } from "./shown-command.js";

/** What runs the program: the Pulumi CLI, or this package's own engine where there is none. */
export interface Pulumi {
  readonly name: string;
  /** Runs a command, shows its output as it comes, and answers it. Throws unless it ends with 0. */
  run(...args: readonly string[]): Promise<string>;
  /** The same for a command that is to be refused: throws unless it fails. */
  refused(...args: readonly string[]): Promise<string>;
}

/** The CLI's home, state and passphrase are the folder's own, not those of whoever runs the demo. */
export function findPulumi(
  folder: ProgramFolder,
  settings: Readonly<Record<string, string>>,
  stack = "dev",
): Pulumi {
  const home = join(folder.root, "home");
  mkdirSync(home, { recursive: true });
  const environment = {
    ...process.env,
    ...settings,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: folder.backendUrl,
    PULUMI_CONFIG_PASSPHRASE: "demo",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const surroundings = { cwd: folder.path, env: environment };
  const version = spawnSync("pulumi", ["version"], { ...surroundings, encoding: "utf8" });
  if (version.error !== undefined || version.status !== 0) {
    const main = join(PACKAGE_ROOT, "dist/cli/main.js");
    return pulumiOf("the engine of this package: there is no Pulumi CLI on the PATH", (args) => ({
      line: `dadosfera engine ${args.join(" ")} --stack ${stack}`,
      file: process.execPath,
      args: [main, "engine", ...args, "--stack", stack],
      surroundings,
    }));
  }
  spawnSync("pulumi", ["stack", "init", stack], surroundings);
  return pulumiOf(`the Pulumi CLI ${version.stdout.trim()}`, (args) => ({
    line: `pulumi ${args.join(" ")}`,
    file: "pulumi",
    args: [...args, "--stack", stack, "--suppress-progress"],
    surroundings,
  }));
}

type CommandOf = (args: readonly string[]) => ShownCommand & { readonly line: string };

function pulumiOf(name: string, commandOf: CommandOf): Pulumi {
  const run = (args: readonly string[], isRefused: boolean) => {
    const { line, ...command } = commandOf(args);
    return runShown(line, { ...command, isRefused });
  };
  return {
    name,
    run: (...args) => run(args, false),
    refused: (...args) => run(args, true),
  };
}
