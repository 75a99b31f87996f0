import { type ScratchDatabase, SqlError } from "../scratch/scratch.js";
import { type Reference, referencesOf } from "./references.js";
import { readSeedCatalogue, type SeedTable } from "./seed-catalogue.js";
import { literal, quotedName } from "./sql-text.js";
import { type StoredRow, tryQuery } from "./stored-row.js";

/** Rows that went, or lost what they referred to, because of rows that were removed. */
export interface Dependants {
  readonly table: string;
  readonly deleted: number;
  /** Rows that stayed, their foreign key null. */
  readonly unlinked: number;
}

/**
 * Deletes rows for good. A row that refers to one of them gets a null where that is allowed, and is deleted where not. No trigger
 * fires. Must be a superuser, as one is on a scratch database; throws a `SqlError` otherwise.
 */
export async function removeRows(
  database: ScratchDatabase,
  rows: readonly StoredRow[],
): Promise<readonly Dependants[]> {
  const tables = await readSeedCatalogue(database);
  await database.run("BEGIN");
  try {
    const dependants = await removeWithin(database, tables, rows);
    await database.run("COMMIT");
    return dependants;
  } catch (error) {
    await database.run("ROLLBACK");
    throw error;
  }
}

/** The same within a transaction that is open. */
export async function removeWithin(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
  rows: readonly StoredRow[],
): Promise<readonly Dependants[]> {
  await database.run("SET LOCAL session_replication_role = replica");
  for (const { sql, name } of tables) {
    const own = rows.filter(({ table }) => table === name);
    if (own.length > 0) await database.run(`DELETE FROM ${sql} WHERE ${areRows(own)}`);
  }
  const dependants = await removeDangling(
    database,
    tables,
    new Set(rows.map(({ table }) => table)),
  );
  await database.run("SET LOCAL session_replication_role = DEFAULT");
  return dependants;
}

function areRows(rows: readonly StoredRow[]): string {
  const oids = [...new Set(rows.map(({ tableOid }) => tableOid))];
  const conditions = oids.map((oid) => {
    const places = rows
      .filter(({ tableOid }) => tableOid === oid)
      .map(({ place }) => literal(place));
    return `tableoid = ${oid} AND ctid = ANY (ARRAY[${places.join(", ")}]::tid[])`;
  });
  return conditions.join(" OR ");
}

/** Goes on as long as tables lose rows: a child that goes may have children. */
async function removeDangling(
  database: ScratchDatabase,
  tables: readonly SeedTable[],
  shrunk: Set<string>,
): Promise<readonly Dependants[]> {
  const references = tables.flatMap(referencesOf);
  const dependants: Dependants[] = [];
  for (const parent of shrunk) {
    shrunk.delete(parent);
    for (const reference of references.filter((one) => one.parent === parent)) {
      const lost = await removeChildren(database, reference);
      if (lost.deleted > 0) shrunk.add(reference.table);
      if (lost.deleted + lost.unlinked > 0) dependants.push(lost);
    }
  }
  return dependants;
}

async function removeChildren(
  database: ScratchDatabase,
  reference: Reference,
): Promise<Dependants> {
  const { table, tableSql } = reference;
  const where = dangling(reference);
  const unlinked = await unlinkChildren(database, reference, where);
  const deleted = await changedBy(database, `DELETE FROM ${tableSql} AS child WHERE ${where}`);
  return { table, deleted: deleted instanceof SqlError ? 0 : deleted, unlinked };
}

/** A CHECK may refuse the null: the row is deleted then. */
async function unlinkChildren(
  database: ScratchDatabase,
  { tableSql, nullable }: Reference,
  where: string,
): Promise<number> {
  if (nullable.length === 0) return 0;
  const set = nullable.map((column) => `${quotedName(column)} = NULL`).join(", ");
  await database.run("SAVEPOINT unlink");
  const unlinked = await changedBy(
    database,
    `UPDATE ${tableSql} AS child SET ${set} WHERE ${where}`,
  );
  await database.run(
    unlinked instanceof SqlError ? "ROLLBACK TO SAVEPOINT unlink" : "RELEASE SAVEPOINT unlink",
  );
  return unlinked instanceof SqlError ? 0 : unlinked;
}

function dangling({ foreignKey: { columns, parentColumns, parentSql } }: Reference): string {
  const present = columns.map((column) => `child.${quotedName(column)} IS NOT NULL`);
  const equal = columns.map(
    (column, index) =>
      `parent.${quotedName(parentColumns[index] ?? "")} = child.${quotedName(column)}`,
  );
  return `${present.join(" AND ")} AND NOT EXISTS (SELECT FROM ${parentSql} AS parent WHERE ${equal.join(" AND ")})`;
}

async function changedBy(database: ScratchDatabase, change: string): Promise<number | SqlError> {
  const answer = await tryQuery(
    database,
    `WITH changed AS (${change} RETURNING 1) SELECT count(*)::text AS count FROM changed`,
  );
  return answer instanceof SqlError ? answer : Number(answer[0]?.["count"] ?? 0);
}
