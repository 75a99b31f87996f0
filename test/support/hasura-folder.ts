import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by path, relative to the folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with a Hasura project, or what passes for one, to throw away. */
export class HasuraFolder implements Disposable {
  readonly root: string;

  constructor(files: Files = {}, root?: string) {
    this.root = root ?? mkdtempSync(join(realpathSync(tmpdir()), "dadosfera-hasura-"));
    this.write(files);
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  path(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  /** Every file, sorted; git's own are left out. */
  list(): readonly string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("/.git"))
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
      .sort();
  }

  git(...command: readonly string[]): string {
    const who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com"];
    const plain = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...plain, ...command], {
      cwd: this.root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  }

  /** Makes a repository of it, with everything in one commit. */
  commit(): string {
    this.git("init", "--quiet");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "Migrations");
    return this.git("rev-parse", "HEAD");
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
