import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReplacedMigration, SquashRecord } from "#src/domain/squash-record.js";
import { removeMigration, writeMigrations } from "./migration-history.js";

const run = promisify(execFile);

/** Commits a project as it is, and puts one migration in the place of some, as `dadosfera migrations squash` would. */
export async function squashIn(
  directory: string,
  parts: readonly string[],
  name: string,
  { up, down, major = 18 }: { readonly up: string; readonly down: string; readonly major?: number },
): Promise<void> {
  const commit = await committed(directory);
  const replaces = await Promise.all(parts.map((part) => replaced(directory, part)));
  for (const part of parts) await removeMigration(directory, part);
  const record: SquashRecord = {
    format: 1,
    replaces,
    up: hashOf(up),
    down: hashOf(down),
    commit,
    folder: "migrations/default",
    proofs: [
      { engine: `PostgreSQL ${major}.1`, major, prelude: null, tables: 1, rows: 2, losses: [] },
    ],
  };
  await writeMigrations(directory, {
    [name]: { "up.sql": up, "down.sql": down, "squash.json": JSON.stringify(record) },
  });
}

async function committed(directory: string): Promise<string> {
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: directory });
  if (!existsSync(join(directory, ".git"))) await git("init", "-q");
  await git("add", ".");
  await git("commit", "-qm", "Parts");
  return (await git("rev-parse", "HEAD")).stdout.trim();
}

async function replaced(directory: string, label: string): Promise<ReplacedMigration> {
  const path = (file: string) => join(directory, "migrations", "default", label, file);
  const [version = "", ...name] = label.split("_");
  const record = await readFile(path("squash.json"), "utf8").catch(() => undefined);
  return {
    version,
    name: name.join("_"),
    up: hashOf(await readFile(path("up.sql"))),
    down: existsSync(path("down.sql")) ? hashOf(await readFile(path("down.sql"))) : null,
    ...(record !== undefined && { replaces: (JSON.parse(record) as SquashRecord).replaces }),
  };
}

function hashOf(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
