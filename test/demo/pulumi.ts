import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PACKAGE_ROOT } from "../support/package-root.js";
import type { ProgramFolder } from "../support/program-folder.js";
import { CalmOutput } from "./calm-output.js";
import { narration } from "./narration.js";

/** What runs the program: the Pulumi CLI, or this package's own engine where there is none. */
export interface Pulumi {
  readonly name: string;
  /** Runs a command, shows its output as it comes, and answers it. Throws unless it ends with 0. */
  run(...args: readonly string[]): Promise<string>;
}

/** The CLI's home, state and passphrase are the folder's own, not those of whoever runs the demo. */
export function findPulumi(
  folder: ProgramFolder,
  settings: Readonly<Record<string, string>>,
): Pulumi {
  const home = join(folder.root, "home");
  mkdirSync(home);
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
    return {
      name: "the engine of this package: there is no Pulumi CLI on the PATH",
      run: (...args) =>
        runShown(`dadosfera engine ${args.join(" ")} --stack dev`, {
          file: process.execPath,
          args: [main, "engine", ...args, "--stack", "dev"],
          surroundings,
        }),
    };
  }
  spawnSync("pulumi", ["stack", "init", "dev"], surroundings);
  return {
    name: `the Pulumi CLI ${version.stdout.trim()}`,
    run: (...args) =>
      runShown(`pulumi ${args.join(" ")}`, {
        file: "pulumi",
        args: [...args, "--stack", "dev", "--suppress-progress"],
        surroundings,
      }),
  };
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly surroundings: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
}

async function runShown(line: string, { file, args, surroundings }: Command): Promise<string> {
  narration.command(line);
  const child = spawn(file, args, { ...surroundings, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const calm = new CalmOutput();
  const lines: string[] = [];
  for await (const each of createInterface({ input: child.stdout })) {
    const shown = calm.take(each);
    if (shown !== undefined) narration.text(shown);
    lines.push(each);
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`\`${line}\` ended with ${code}:\n${lines.join("\n")}`);
  return lines.join("\n");
}
