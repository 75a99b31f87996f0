import type { Trouble } from "../../domain/errors.js";
import type { Migration } from "../../domain/migration.js";
import type { HistoryInputs, HistoryOutputs } from "../../domain/migration-history.js";
import type { MigrationRequest } from "../../domain/migration-plan.js";
import { everyPart, type Fold, foldsOf, type PlannedMigration } from "../../domain/squash-fold.js";
import type { SquashRecord } from "../../domain/squash-record.js";
import type { HasuraClient } from "../../hasura/api/client.js";
import {
  catalogueStates,
  type MigrationStates,
  tableStates,
} from "../../hasura/api/migration-states.js";
import type { MigrationFolder } from "../../hasura/folder/folder.js";
import type { Context, Shown } from "../context.js";

/** One database behind one Hasura, and the folder that it is migrated from. */
export interface Place {
  readonly hasura: Shown<HasuraClient>;
  readonly states: MigrationStates;
  readonly folder: MigrationFolder;
  readonly source: string;
}

/** Everything that a plan needs, and the text of what it may run. */
export interface Sight {
  readonly request: MigrationRequest;
  /** How much of each squash is applied for certain. */
  readonly folds: readonly Fold[];
  /** Parts of squashes by the hash of their up, read from the recorded commits. */
  readonly parts: ReadonlyMap<string, Migration>;
}

export type Wanted = Pick<
  HistoryInputs,
  "endpoint" | "database" | "directory" | "partlyApplied" | "allowProofOf"
> & {
  /** Null for no migration at all. */
  readonly target?: string | null | undefined;
};

export async function openPlace(wanted: Wanted, { doors }: Context): Promise<Place> {
  const folder = await doors.migrations.readFolder(wanted.directory, wanted.database);
  const hasura = doors.migrations.hasura(wanted.endpoint);
  return {
    hasura,
    folder,
    source: wanted.database,
    states: statesOf(hasura, folder, wanted.database),
  };
}

/** A project of config v2 keeps its state in the database itself. */
function statesOf(
  hasura: Shown<HasuraClient>,
  { isNamed }: Pick<MigrationFolder, "isNamed">,
  database: string,
): MigrationStates {
  return isNamed ? catalogueStates(hasura, database) : tableStates(hasura, database);
}

/** One read of the state, and of the server's version. */
export async function lookAt(
  place: Place,
  wanted: Wanted,
  versions: HistoryOutputs["versions"],
  { doors }: Context,
): Promise<Sight> {
  const [state, serverMajor] = [await place.states.read(), await serverMajorOf(place)];
  const squashes = recordsOf(place.folder);
  const known = {
    migrations: place.folder.migrations.map(planned),
    squashes,
    state,
    applied: new Map(
      versions.flatMap(({ version, up }) => (up === undefined ? [] : [[version, up]])),
    ),
  };
  const partlyApplied = wanted.partlyApplied ?? "refuse";
  const folds = foldsOf({ ...known, state: withoutDirty(state) });
  const needed = folds.filter((fold) => needsParts(fold, state, partlyApplied));
  const found = await Promise.all(
    needed.map(({ record }) => doors.migrations.readParts(place.folder, record)),
  );
  const parts = new Map(found.flat().map((part) => [part.up?.hash ?? "", part]));
  return {
    folds,
    parts,
    request: {
      ...known,
      target: wanted.target,
      partlyApplied,
      parts: new Set(parts.keys()),
      serverMajor,
      allowProofOf: wanted.allowProofOf ?? [],
    },
  };
}

/** What is applied for certain. */
export function withoutDirty(state: ReadonlyMap<string, boolean>): ReadonlyMap<string, boolean> {
  return new Map([...state].filter(([, isDirty]) => !isDirty));
}

/** To run the rest of them, or to find out what a dirty version has done after them. */
function needsParts(
  { standing, record }: Fold,
  state: ReadonlyMap<string, boolean>,
  partlyApplied: MigrationRequest["partlyApplied"],
): boolean {
  const isDirty = [...state.values()].includes(true);
  if (!isDirty) return standing === "some" && partlyApplied === "finish";
  const isBegun = everyPart(record.replaces).some(({ version }) => state.get(version) === true);
  return isBegun || standing === "some" || standing === "all";
}

/** A `squash.json` that cannot be read proves nothing. */
export function unreadableSquashes({ squashes }: MigrationFolder): readonly Trouble[] {
  return [...squashes].flatMap(([version, reading]): readonly Trouble[] =>
    reading.kind === "record"
      ? []
      : [
          {
            code: "MIGRATION_UNPROVEN",
            happened: `Will not migrate: the squash.json of version ${version} cannot be read (${reading.why}).`,
            now: "Nothing was changed.",
            next: "Put squash.json back as `dadosfera migrations squash` wrote it, or squash again.",
          },
        ],
  );
}

function recordsOf({ squashes }: MigrationFolder): ReadonlyMap<string, SquashRecord> {
  return new Map(
    [...squashes].flatMap(([version, reading]) =>
      reading.kind === "record" ? [[version, reading.record] as const] : [],
    ),
  );
}

function planned({ version, name, up, down }: Migration): PlannedMigration {
  return { version, name, up: up?.hash, down: down?.hash };
}

async function serverMajorOf({ hasura, source }: Place): Promise<number> {
  const [row] = await hasura.queryRows("SELECT current_setting('server_version_num') AS version", {
    source,
    intent: `look at database "${source}"`,
  });
  return Math.floor(Number(row?.["version"]) / 10_000);
}
