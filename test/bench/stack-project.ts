import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../support/package-root.js";

/** A resource as the state file has it. */
export interface StoredResource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A Pulumi project in a folder of its own that runs one of the compiled programs beside this file, and its state. */
export class StackProject implements Disposable {
  readonly #root = mkdtempSync(join(realpathSync(tmpdir()), "dadosfera-bench-"));
  /** The folder of Pulumi.yaml. */
  readonly path = join(this.#root, "project");
  readonly home = join(this.#root, "home");
  readonly backendUrl = `file://${join(this.#root, "state")}`;

  constructor(program: "jobs" | "nothing") {
    cpSync(join(__dirname, "programs"), this.path, { recursive: true });
    linkPackages(join(this.path, "node_modules"));
    const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
    writeFileSync(join(this.path, "Pulumi.yaml"), `name: bench\n${runtime}\nmain: ${program}.js\n`);
    writeFileSync(join(this.path, "package.json"), '{ "name": "bench", "private": true }\n');
    this.forget();
  }

  /** Leaves the stack without a state, as before its first `up`. */
  forget(): void {
    rmSync(join(this.#root, "state"), { recursive: true, force: true });
    mkdirSync(join(this.#root, "state"));
  }

  get resources(): readonly StoredResource[] {
    const file = join(this.#root, "state/.pulumi/stacks/bench/dev.json");
    if (!existsSync(file)) return [];
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as StateFile;
    return checkpoint.latest?.resources ?? [];
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

interface StateFile {
  readonly checkpoint: { readonly latest?: { readonly resources?: readonly StoredResource[] } };
}

function linkPackages(folder: string): void {
  const installed = join(PACKAGE_ROOT, "node_modules");
  mkdirSync(folder);
  for (const name of readdirSync(installed).filter((each) => !each.startsWith("."))) {
    symlinkSync(join(installed, name), join(folder, name));
  }
  symlinkSync(PACKAGE_ROOT, join(folder, "pulumi-dadosfera"));
}
