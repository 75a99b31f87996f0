import {
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
import { ordersProgram } from "./orders-program.js";
import { PACKAGE_ROOT } from "./package-root.js";

/** A Pulumi project in a fresh folder, as a user of the package has it, with a place for its state beside it. */
export class ProgramFolder implements Disposable {
  /** Everything that this project and its stacks write lies in here. */
  readonly root = mkdtempSync(join(realpathSync(tmpdir()), "dadosfera-"));
  /** The folder of Pulumi.yaml. */
  readonly path = join(this.root, "orders");
  readonly program = join(this.path, "orders.ts");
  readonly backendUrl = `file://${join(this.root, "state")}`;

  constructor(program = ordersProgram()) {
    mkdirSync(this.path);
    mkdirSync(join(this.root, "state"));
    linkPackages(join(this.path, "node_modules"));
    const project = "name: orders\nruntime: nodejs\nmain: orders.ts\n";
    writeFileSync(join(this.path, "Pulumi.yaml"), project);
    writeFileSync(join(this.path, "package.json"), '{ "name": "orders", "private": true }\n');
    writeFileSync(this.program, program);
  }

  /** Rewrites the program, and answers what it was and what it is. */
  edit(change: (program: string) => string): { readonly before: string; readonly after: string } {
    const before = readFileSync(this.program, "utf8");
    const after = change(before);
    writeFileSync(this.program, after);
    return { before, after };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Links what is installed in this repository: an install of 100 MB for each project would show nothing more. */
function linkPackages(folder: string): void {
  const installed = join(PACKAGE_ROOT, "node_modules");
  mkdirSync(folder);
  for (const name of readdirSync(installed).filter((each) => !each.startsWith("."))) {
    symlinkSync(join(installed, name), join(folder, name));
  }
  symlinkSync(PACKAGE_ROOT, join(folder, "pulumi-dadosfera"));
}
