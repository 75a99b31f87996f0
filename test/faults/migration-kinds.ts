import type { Emulator } from "pulumi-dadosfera/testing";
import { setCliState } from "../support/hasura.js";
import { aHistory, aProject, openHistory } from "../support/migration-history.js";
import { squashIn } from "../support/squash-project.js";
import type { Props } from "../support/world.js";

/** One kind of update of a MigrationHistory. */
export interface MigrationKind {
  readonly name: string;
  /** Versions that the database has applied before, one by one or as the squash of the folder. */
  readonly applied: readonly string[];
  /** Whether the resource did that, and its state tells so. */
  readonly isOwn: boolean;
  readonly arguments: Props;
  /** What becomes of the four migrations before the update. */
  rewrite(directory: string): Promise<void>;
}

/** Run twice, it leaves two rows; run at all, it shows in the catalogue. */
const up = (version: number) =>
  version === 1
    ? "CREATE TABLE runs (migration int); INSERT INTO runs VALUES (1);"
    : `ALTER TABLE runs ADD m${version} int; INSERT INTO runs (migration) VALUES (${version});`;
const down = (version: number) =>
  version === 1
    ? "DROP TABLE runs;"
    : `DELETE FROM runs WHERE migration = ${version}; ALTER TABLE runs DROP m${version};`;

const FOLDER = Object.fromEntries(
  [1, 2, 3, 4].map((version) => [
    `${version}_m`,
    { "up.sql": up(version), "down.sql": down(version) },
  ]),
);

async function squashTwo(directory: string): Promise<void> {
  const files = { up: up(2) + up(3), down: down(3) + down(2) };
  await squashIn(directory, ["2_m", "3_m"], "3_inner", files);
}

async function squashAll(directory: string): Promise<void> {
  await squashTwo(directory);
  const files = { up: up(2) + up(3) + up(4), down: down(4) + down(3) + down(2) };
  await squashIn(directory, ["3_inner", "4_m"], "4_outer", files);
}

export const MIGRATION_KINDS: readonly MigrationKind[] = [
  {
    name: "new migrations",
    applied: [],
    isOwn: false,
    arguments: {},
    rewrite: async () => undefined,
  },
  {
    name: "a squash of applied parts",
    applied: ["1", "2", "3"],
    isOwn: true,
    arguments: {},
    rewrite: squashTwo,
  },
  {
    name: "a squash that is taken back",
    applied: ["1", "4"],
    isOwn: false,
    arguments: { target: "1" },
    rewrite: squashAll,
  },
  {
    name: "the tail of a squash of squashes",
    applied: ["1", "2"],
    isOwn: true,
    arguments: { partlyApplied: "finish" },
    rewrite: squashAll,
  },
];

/** A project, what the resource is told, and what its state keeps of before; undefined for one that is new. */
export interface MigrationCase extends AsyncDisposable {
  readonly news: Props;
  readonly olds: Props | undefined;
  /** Makes the database as it is before the update. */
  prepare(): Promise<void>;
}

export async function openCase(emulator: Emulator, kind: MigrationKind): Promise<MigrationCase> {
  const project = await aProject(FOLDER);
  const { directory } = project;
  const checked = async (changes: Props) =>
    (await openHistory(emulator).check(aHistory(emulator, directory, changes))).inputs;
  const before = await checked({});
  const migrations = before["migrations"] as readonly Readonly<Record<string, string>>[];
  const versions = migrations
    .filter(({ version = "" }) => kind.applied.includes(version))
    .map(({ version, name, up: hash }) => ({ version, name, up: hash }));
  await kind.rewrite(directory);
  const prepare = () => apply(emulator, kind.applied);
  // The check looks at what stands there.
  await prepare();
  return {
    news: await checked(kind.arguments),
    olds: kind.isOwn ? { ...before, versions } : undefined,
    prepare,
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

async function apply(emulator: Emulator, applied: readonly string[]): Promise<void> {
  const isSquash = applied.includes("4");
  const versions = isSquash ? [1, 2, 3, 4] : applied.map(Number);
  for (const version of versions) await emulator.hasura.query(up(version));
  const listed = Object.fromEntries(applied.map((version) => [version, false]));
  await setCliState(emulator, { migrations: { default: listed } });
}
