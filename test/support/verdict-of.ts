import { createHash } from "node:crypto";
import type { Migration, SqlFile } from "#src/domain/migration.js";
import type { Verdict } from "#src/domain/verdict.js";
import type { Scratch } from "#src/hasura/scratch/scratch.js";
import { Stage } from "#src/hasura/verify/stage.js";
import { verifyMigration } from "#src/hasura/verify/verify-migration.js";

/** A migration with what stands before it. */
interface Standing {
  readonly name: string;
  readonly before?: string;
  readonly up: string;
  readonly down?: string;
}

/** What `verify` says of a migration that stands in a folder alone, its tables and rows made by the prelude. */
export async function verdictOf(scratch: Scratch, shape: Standing): Promise<Verdict> {
  const { before = "" } = shape;
  const prelude = before === "" ? undefined : sqlFile("prelude.sql", before);
  await using stage = await Stage.open(scratch, { prelude, seeds: [] });
  return await verifyMigration(stage, migrationOf("1600000000000", shape));
}

/** As the folder's reader would give it: a file of no bytes counts as absent. */
export function migrationOf(
  version: string,
  { name, up, down = "" }: Pick<Standing, "name" | "up" | "down">,
): Migration {
  const label = `${version}_${name.replaceAll(/[^a-z0-9]+/gi, "_")}`;
  return {
    version,
    name: label.slice(version.length + 1),
    ...(up !== "" && { up: sqlFile(`migrations/default/${label}/up.sql`, up) }),
    ...(down !== "" && { down: sqlFile(`migrations/default/${label}/down.sql`, down) }),
  };
}

export function sqlFile(path: string, sql: string): SqlFile {
  return { path, sql, hash: createHash("sha256").update(sql).digest("hex") };
}
