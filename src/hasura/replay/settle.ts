import type { CatalogueObject } from "../../domain/catalogue.js";
import { type Standing, standingAmong } from "../../domain/catalogue-standing.js";
import { type Migration, migrationLabel } from "../../domain/migration.js";
import { readObjects } from "../catalogue/snapshot.js";
import type { Scratch } from "../scratch/scratch.js";
import { type Ground, Stage } from "../verify/stage.js";
import { replay } from "./replay.js";

/** A migration of which nobody knows whether it was carried out. */
export interface BegunMigration {
  readonly migration: Migration;
  /** What is applied for certain, in the order in which it ran. */
  readonly earlier: readonly Migration[];
  /** Runs one SELECT of text columns on the live database, in a transaction that only reads and in which the settings hold. */
  query(
    select: string,
    settings: string,
  ): Promise<readonly Readonly<Record<string, string | null>>[]>;
}

/**
 * Whether a migration was carried out: what it changes is looked for in the live database, as a scratch database shows it before and after.
 * What it does not change is not looked at, so that a database may hold more than its migrations made.
 */
export async function settleMigration(
  scratch: Scratch,
  question: BegunMigration & Ground,
): Promise<Standing> {
  const { migration, earlier, query } = question;
  await using stage = await Stage.open(scratch, question);
  const stopped = await replay(stage, earlier);
  if (stopped !== undefined)
    return unclear(`${migrationLabel(stopped)} does not run on ${scratch.engine.name}`);
  const before = await objectsOf(stage);
  const failed = await replay(stage, [migration]);
  if (failed !== undefined) return unclear(`it does not run on ${scratch.engine.name}`);
  const after = await objectsOf(stage);
  return standingAmong({ before, after, live: await readObjects(query) });
}

async function objectsOf({ database }: Stage): Promise<readonly CatalogueObject[]> {
  return readObjects((select, settings) => {
    return database
      .run(`BEGIN; ${settings}`)
      .then(() => database.query(select))
      .finally(() => database.run("ROLLBACK"));
  });
}

function unclear(difference: string): Standing {
  return { kind: "unclear", differences: [difference] };
}
