import { z } from "zod";
import { DadosferaError } from "../../domain/errors.js";
import { byVersion } from "../../domain/migration.js";
import type { HasuraClient } from "./client.js";

/** The migrations that one database has, by version; true means dirty: begun, and not known to have ended. */
type MigrationState = ReadonlyMap<string, boolean>;

/** What is to become of versions: their dirty flag, or nothing more of them. */
interface StateChange {
  readonly set?: Readonly<Record<string, boolean>>;
  readonly remove?: readonly string[];
  /** A version that must not be there yet: else somebody else is migrating, and nothing is written. */
  readonly absent?: string;
}

type StateDoor = Pick<
  HasuraClient,
  "endpoint" | "readCliState" | "replaceCliState" | "queryRows" | "runSql"
>;

/** Where the state of one database's migrations is kept. */
export interface MigrationStates {
  read(): Promise<MigrationState>;
  /** Reads, changes what is named and nothing else, and makes sure that it stands. Doing it twice changes nothing. */
  write(change: StateChange): Promise<void>;
}

const WRITES = 3;

/** Config v3: under the database's name in the one state that Hasura's CLI shares with everybody. */
export function catalogueStates(hasura: StateDoor, database: string): MigrationStates {
  const read = async (): Promise<MigrationState> => {
    const { migrations } = await hasura.readCliState();
    return sorted(Object.entries(migrations?.[database] ?? {}));
  };
  return {
    read,
    async write(change) {
      for (let writes = 0; writes < WRITES; writes += 1) {
        // Nobody can lock the state: what others wrote since is kept, and what they overwrite is written again.
        const state = await hasura.readCliState();
        const before = sorted(Object.entries(state.migrations?.[database] ?? {}));
        if (writes === 0) refuseMeeting(before, change, database);
        const after = Object.fromEntries(changed(before, change));
        await hasura.replaceCliState({
          ...state,
          migrations: { ...state.migrations, [database]: after },
        });
        if (stands(await read(), change)) return;
      }
      throw overwritten(hasura, database);
    },
  };
}

/** Config v2: a table in the database itself, `hdb_catalog.schema_migrations`. */
export function tableStates(hasura: StateDoor, source: string): MigrationStates {
  const read = () => readTable(hasura, source);
  return {
    read,
    async write(change) {
      const { set = {}, remove = [] } = change;
      if (change.absent !== undefined) refuseMeeting(await read(), change, source);
      const statements = [
        CREATE_TABLE,
        ...remove.map(
          (version) =>
            `DELETE FROM hdb_catalog.schema_migrations WHERE version = ${digits(version)}`,
        ),
        ...Object.entries(set).map(
          ([version, dirty]) =>
            `INSERT INTO hdb_catalog.schema_migrations (version, dirty) VALUES (${digits(version)}, '${dirty}') ` +
            `ON CONFLICT (version) DO UPDATE SET dirty = '${dirty}'`,
        ),
      ];
      await hasura.runSql(statements.join(";\n"), about("write the migrations", source));
    },
  };
}

async function readTable(hasura: StateDoor, source: string): Promise<MigrationState> {
  const [found] = await hasura.queryRows(
    "SELECT to_regclass('hdb_catalog.schema_migrations')::text AS name",
    about("look for the migrations", source),
  );
  if (found === undefined || found["name"] === null) return new Map();
  const rows = await hasura.queryRows(
    "SELECT version::text AS version, dirty::text AS dirty FROM hdb_catalog.schema_migrations",
    about("read the migrations", source),
  );
  return sorted(tableRows.parse(rows).map(({ version, dirty }) => [version, dirty] as const));
}

function about(intent: string, source: string) {
  return { source, intent: `${intent} of source "${source}"` };
}

const CREATE_TABLE = `CREATE SCHEMA IF NOT EXISTS hdb_catalog;
CREATE TABLE IF NOT EXISTS hdb_catalog.schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`;

const tableRows = z.array(
  z.object({
    version: z.string(),
    dirty: z.enum(["true", "false"]).transform((text) => text === "true"),
  }),
);

function sorted(entries: readonly (readonly [string, boolean])[]): MigrationState {
  return new Map(
    [...entries].sort(([one], [other]) => byVersion({ version: one }, { version: other })),
  );
}

function changed(before: MigrationState, { set = {}, remove = [] }: StateChange): MigrationState {
  const after = new Map([...before, ...Object.entries(set)]);
  for (const version of remove) after.delete(version);
  return after;
}

function stands(state: MigrationState, { set = {}, remove = [] }: StateChange): boolean {
  const isSet = Object.entries(set).every(([version, dirty]) => state.get(version) === dirty);
  return isSet && remove.every((version) => !state.has(version));
}

/** A version is read as digits everywhere; SQL gets nothing else. */
function digits(version: string): string {
  return BigInt(version).toString();
}

function refuseMeeting(state: MigrationState, { absent }: StateChange, database: string): void {
  if (absent === undefined || !state.has(absent)) return;
  throw new DadosferaError({
    code: "HASURA_REFUSED",
    happened: `Did not begin migration ${absent} of database "${database}": somebody else began or applied it meanwhile.`,
    now: "It was not run a second time; what came before it is applied.",
    next: "Let the other migration command end, then run the same command again.",
  });
}

function overwritten({ endpoint }: StateDoor, database: string): DadosferaError {
  return new DadosferaError({
    code: "HASURA_REFUSED",
    happened: `Could not write the state of migrations of database "${database}": somebody else overwrote it at Hasura (${endpoint}) ${WRITES} times.`,
    now: "The state at Hasura is as the other one wrote it.",
    next: "Let the other migration command end, then run the same command again.",
  });
}
