import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { publicLike } from "../hasura/public-like/public-like.js";
import { writeProject } from "../hasura/public-like/write-project.js";
import { PACKAGE_ROOT } from "../support/package-root.js";

/** How long `dadosfera migrations verify` takes for folders like public ones: all of it, and again when all is known. */
async function main(): Promise<void> {
  const counts = (process.env["MIGRATIONS"] ?? "200").split(",").map(Number);
  const folder = mkdtempSync(join(tmpdir(), "dadosfera-bench-"));
  process.stdout.write(`Node ${process.version}, ${availableParallelism()} cores\n\n`);
  process.stdout.write(
    "| Migrations | Verified on PGlite | Verified again |\n| ---: | ---: | ---: |\n",
  );
  try {
    for (const migrations of counts) {
      const project = join(folder, String(migrations));
      await writeProject(project, publicLike({ seed: 1, migrations }));
      const [first, again] = [verify(project, folder), verify(project, folder)];
      process.stdout.write(`| ${migrations} | ${first} s | ${again} s |\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function verify(project: string, cache: string): string {
  const startedAt = performance.now();
  const main = join(PACKAGE_ROOT, "dist/cli/main.js");
  const { status, stderr } = spawnSync(
    process.execPath,
    [main, "migrations", "verify", "--project", project, "--json"],
    { env: { ...process.env, XDG_CACHE_HOME: cache }, maxBuffer: 1 << 28, encoding: "utf8" },
  );
  // 2: it found what these folders hold.
  if (status !== 2) throw new Error(`verify ended with ${status}: ${stderr}`);
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

void main();
