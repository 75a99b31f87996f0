import assert from "node:assert/strict";
import fc from "fast-check";
import type { Migration } from "#src/domain/migration.js";
import { findFolder, readProject } from "#src/hasura/folder/project.js";
import type { Scratch, ScratchDatabase } from "#src/hasura/scratch/scratch.js";
import { proposeSquash, type SquashOutcome } from "#src/hasura/squash/squash.js";
import { runFile } from "#src/hasura/verify/run-file.js";
import type { Judged, VerdictCache } from "#src/hasura/verify/verdict-cache.js";
import { verifyFolder } from "#src/hasura/verify/verify-folder.js";
import { DumpServer } from "../support/dump.js";
import { HasuraFolder } from "../support/hasura-folder.js";
import { findSweptPostgres15 } from "../support/swept-scratch.js";
import type { RandomMigration } from "./random/step.js";
import { randomMigrations } from "./random-migrations.js";

const RUNS = Number(process.env["RUNS"] ?? 3);

describe("a squash of random migrations", function () {
  this.timeout(3_600_000);
  let scratch: Scratch | undefined;
  let elsewhere: DumpServer | undefined;

  before(async function () {
    scratch = await findSweptPostgres15();
    elsewhere = scratch && (await DumpServer.find());
    if (elsewhere === undefined) this.skip();
  });
  after(async () => {
    await scratch?.[Symbol.asyncDispose]();
    await elsewhere?.[Symbol.asyncDispose]();
  });

  it("is refused, or leaves on another server what its parts leave: the same dump, the same rows, up and down", async () => {
    const counts = { proven: 0, refuted: 0, refused: 0 };
    const sequence = randomMigrations({ minLength: 3, maxLength: 10 });
    const property = fc.asyncProperty(
      sequence,
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      async (migrations, one, other, isLossAccepted) => {
        const range = rangeOf(migrations, one, other);
        const { all, outcome } = await proposed(scratch as Scratch, migrations, {
          ...range,
          isLossAccepted,
        });
        counts[outcome.kind] += 1;
        if (outcome.kind !== "proven") return;

        const originals = await replayed(elsewhere as DumpServer, all.map(stepOf), range);
        const squashed = await replayed(elsewhere as DumpServer, foldedOf(all, outcome), range);

        assert.deepEqual(squashed, originals);
      },
    );

    await fc.assert(property, { numRuns: RUNS, ...seedOf(process.env["SEED"]) });

    if (process.env["RUNS"] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
    assert.ok(RUNS < 12 || counts.proven > 0, JSON.stringify(counts));
  });
});

function seedOf(seed: string | undefined) {
  return seed === undefined ? {} : { seed: Number(seed) };
}

interface Range {
  readonly from: string;
  readonly to: string;
}

function rangeOf(migrations: readonly RandomMigration[], one: number, other: number): Range {
  const places = [one % migrations.length, other % migrations.length].sort((a, b) => a - b);
  const [from = "", to = ""] = places.map((at) => migrations[at]?.version ?? "");
  return { from, to };
}

async function proposed(
  scratch: Scratch,
  random: readonly RandomMigration[],
  { from, to, isLossAccepted }: Range & { readonly isLossAccepted: boolean },
): Promise<{ readonly all: readonly Migration[]; readonly outcome: SquashOutcome }> {
  using files = new HasuraFolder(filesOf(random));
  files.commit();
  const folder = findFolder(await readProject(files.root));
  const ground = { prelude: undefined, seeds: [] };
  const { engine, database } = scratch;
  const start = async () => ({ engine, database, [Symbol.asyncDispose]: async () => undefined });
  const cache = memory();
  const { verdicts } = await verifyFolder({
    ...ground,
    migrations: folder.migrations,
    isJudged: ({ version }) => version >= from && version <= to,
    start,
    cache,
    jobs: 1,
  });
  const findings = isLossAccepted ? verdicts.flatMap((verdict) => verdict.findings) : [];
  const outcome = await proposeSquash({
    ...ground,
    folder,
    from,
    to,
    name: "all",
    policy: { kind: "last" },
    acceptedLosses: findings.flatMap(({ object = [] }) => object),
    starts: [start],
    cache,
  });
  return { all: folder.migrations, outcome };
}

function filesOf(random: readonly RandomMigration[]): Readonly<Record<string, string>> {
  const texts = random.flatMap(({ version, name, up, down }) => [
    [`migrations/default/${version}_${name}/up.sql`, up] as const,
    [`migrations/default/${version}_${name}/down.sql`, down] as const,
  ]);
  return {
    "config.yaml": "version: 3\n",
    "metadata/version.yaml": "version: 3\n",
    ...Object.fromEntries(texts),
  };
}

function memory(): VerdictCache {
  const kept = new Map<string, Judged>();
  return {
    read: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const judged = kept.get(key);
          return judged === undefined ? [] : [[key, judged] as const];
        }),
      ),
    write: async (judged) => {
      for (const [key, one] of judged) kept.set(key, one);
    },
  };
}

interface Step {
  readonly version: string;
  readonly up: string;
  readonly down: string;
}

/** The folder with the squashes in the place of their parts. */
function foldedOf(
  all: readonly Migration[],
  { groups }: Extract<SquashOutcome, { readonly kind: "proven" }>,
): readonly Step[] {
  const squashes = groups.flatMap((group) => (group.kind === "squash" ? [group.squash] : []));
  const folded = new Set(squashes.flatMap(({ parts }) => parts.map(({ version }) => version)));
  const kept = all.filter(({ version }) => !folded.has(version)).map(stepOf);
  return [...kept, ...squashes].toSorted((one, other) => (one.version < other.version ? -1 : 1));
}

function stepOf({ version, up, down }: Migration): Step {
  return { version, up: up?.sql ?? "", down: down?.sql ?? "" };
}

/** The dumps after the ups of all until the end of the range, and after the downs of the range. */
async function replayed(server: DumpServer, steps: readonly Step[], { from, to }: Range) {
  const until = steps.filter(({ version }) => version <= to);
  const within = until.filter(({ version }) => version >= from).toReversed();
  const database = await server.empty();
  await play(
    database,
    until.map(({ up }) => up),
  );
  const up = await server.dump();
  await play(
    database,
    within.map(({ down }) => down),
  );
  return { up, down: await server.dump() };
}

async function play(database: ScratchDatabase, texts: readonly string[]): Promise<void> {
  for (const sql of texts) await runFile(database, sql);
}
