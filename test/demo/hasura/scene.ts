import { join } from "node:path";
import { type Emulator, startEmulator } from "pulumi-dadosfera/testing";
import { HasuraFolder } from "../../support/hasura-folder.js";
import { PACKAGE_ROOT } from "../../support/package-root.js";
import { ProgramFolder } from "../../support/program-folder.js";
import { findPulumi, type Pulumi } from "../pulumi.js";
import { runShown } from "../shown-command.js";
import { program } from "./program.js";
import { project } from "./school.js";

/** One environment: a Hasura over a PostgreSQL of its own, and a stack that is deployed to it. */
export interface Environment {
  readonly emulator: Emulator;
  readonly pulumi: Pulumi;
}

/** Where the walkthrough takes place: a folder of migrations in git, a program beside it, and three environments. */
export class Scene implements AsyncDisposable {
  readonly folder = new ProgramFolder(program);
  readonly hasura = new HasuraFolder(project, join(this.folder.root, "hasura"));
  readonly #emulators: Emulator[] = [];

  async environment(stack: string): Promise<Environment> {
    const emulator = await startEmulator({ hasura: {} });
    this.#emulators.push(emulator);
    const settings = { DADOSFERA_POLL_INTERVAL_MS: "200", ...emulator.environment };
    return { emulator, pulumi: findPulumi(this.folder, settings, stack) };
  }

  commit(message: string): void {
    this.hasura.git("add", "--all");
    this.hasura.git("commit", "--quiet", "--message", message);
  }

  /** Runs `dadosfera migrations …` in the folder above the Hasura project. */
  migrations(...args: readonly string[]): Promise<string> {
    return this.#migrations(args, false);
  }

  /** The same, where it is to find something. */
  migrationsRefused(...args: readonly string[]): Promise<string> {
    return this.#migrations(args, true);
  }

  #migrations(args: readonly string[], isRefused: boolean): Promise<string> {
    const main = join(PACKAGE_ROOT, "dist/cli/main.js");
    // What is known from an earlier demo would show nothing of this one.
    const env = { ...process.env, XDG_CACHE_HOME: join(this.folder.root, "cache") };
    return runShown(`dadosfera migrations ${args.join(" ")}`, {
      file: process.execPath,
      args: [main, "migrations", ...args],
      surroundings: { cwd: this.folder.root, env },
      isRefused,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const emulator of this.#emulators) await emulator[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
