import { z } from "zod";
import type { CatalogueObject, Snapshot } from "../../domain/catalogue.js";
import type { ScratchDatabase } from "../scratch/scratch.js";
import { readContents } from "./contents.js";
import { DATA_TYPE_QUERIES } from "./data-types.js";
import { RELATION_QUERIES } from "./relations.js";
import { ROUTINE_QUERIES } from "./routines.js";
import { plainForTransaction, withPlainSession } from "./session.js";
import { TABLE_QUERIES } from "./tables.js";

/**
 * What a database looks like, schema and rows, in a few round trips; equal for equal databases of PostgreSQL 12 to 18 and PGlite.
 * The session's settings are put back. Throws a `SqlError`, as where a transaction is broken.
 */
export async function readSnapshot(database: ScratchDatabase): Promise<Snapshot> {
  return withPlainSession(database, async () => {
    const rows = await queryCatalogue(database);
    const objects = rows.map((row) => catalogueObject.parse(row));
    const { rows: tables, values } = await readContents(database, objects);
    return { objects: objects.map((one) => withValue(one, values)), rows: tables };
  });
}

/**
 * The objects alone, without what sequences stand at, of a database that is not ours: `ask` runs one SELECT in a transaction of its
 * own, in which the settings hold.
 */
export async function readObjects(
  ask: (select: string, settings: string) => ReturnType<ScratchDatabase["query"]>,
): Promise<readonly CatalogueObject[]> {
  const rows = await ask(CATALOGUE, plainForTransaction());
  return rows.map((row) => catalogueObject.parse(row));
}

const CATALOGUE = [
  ...TABLE_QUERIES,
  ...RELATION_QUERIES,
  ...DATA_TYPE_QUERIES,
  ...ROUTINE_QUERIES,
].join("\nUNION ALL\n");

/** Planning it costs more than running it, so it is prepared once for each session. A migration may have thrown that away (DISCARD). */
async function queryCatalogue(database: ScratchDatabase): ReturnType<ScratchDatabase["query"]> {
  const kept = await database.query(
    `SELECT name FROM pg_catalog.pg_prepared_statements WHERE name = '${PREPARED}'`,
  );
  if (kept.length === 0) await database.run(`PREPARE ${PREPARED} AS ${CATALOGUE}`);
  return database.query(`EXECUTE ${PREPARED}`);
}

const PREPARED = "dadosfera_catalogue";

const KINDS = [
  "schema",
  "extension",
  "table",
  "column",
  "constraint",
  "index",
  "sequence",
  "enum",
  "domain",
  "type",
  "view",
  "materialized view",
  "function",
  "aggregate",
  "trigger",
  "event trigger",
  "rule",
  "policy",
  "cast",
  "collation",
  "role",
] as const satisfies readonly CatalogueObject["kind"][];

const catalogueObject = z.object({
  kind: z.enum(KINDS),
  name: z.string(),
  traits: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), z.string().nullable())),
});

/** A sequence's value belongs to its object, and is read with the rows. */
function withValue(object: CatalogueObject, values: ReadonlyMap<string, string>): CatalogueObject {
  const value = object.kind === "sequence" ? values.get(object.name) : undefined;
  return value === undefined ? object : { ...object, traits: { ...object.traits, value } };
}
