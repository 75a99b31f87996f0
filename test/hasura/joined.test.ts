import assert from "node:assert/strict";
import { type Scratch, SqlError } from "#src/hasura/scratch/scratch.js";
import { type SquashOutcome, squashOutcome } from "../support/squash-outcome.js";
import { findSweptPostgres15, sweptPglite } from "../support/swept-scratch.js";
import { migrationOf } from "../support/verdict-of.js";
import { type Joined, joined } from "./corpus/joined.js";

const EXPECTED = {
  joins: "is one file",
  split: "is not one file",
  differs: "is one file that says more than its parts, or says why it is none",
} as const satisfies Record<Joined["squash"], string>;

/** Copies are dear in PGlite: there one sequence of each outcome, all with `SHAPES=all`. */
const ENGINES = [
  ["PGlite", () => sweptPglite([]), process.env["SHAPES"] === "all" ? joined : oneOfEach()],
  ["PostgreSQL 15", findSweptPostgres15, joined],
] as const;

for (const [name, start, sequences] of ENGINES) {
  describe(`a squash of migrations that follow each other, on ${name}`, function () {
    this.timeout(600_000);
    let scratch: Scratch | undefined;

    before(async function () {
      scratch = await start();
      if (scratch === undefined) this.skip();
    });
    after(async () => scratch?.[Symbol.asyncDispose]());

    for (const sequence of sequences) {
      it(`${EXPECTED[sequence.squash]}: ${sequence.name}`, async () => {
        const migrations = sequence.migrations.map(({ up, down }, index) =>
          migrationOf(String(1_600_000_000_000 + index), { name: `part_${index}`, up, down }),
        );

        const outcome = await squashOutcome(scratch as Scratch, migrations, sequence.before);

        assertExpected(sequence, outcome);
        assert.equal(await plainFailure(scratch as Scratch, sequence), sequence.plainFails);
      });
    }
  });
}

function oneOfEach(): readonly Joined[] {
  const kinds = new Set(joined.map(({ squash }) => squash));
  return [...kinds].flatMap((kind) => joined.find(({ squash }) => squash === kind) ?? []);
}

function assertExpected({ squash, because = "" }: Joined, outcome: SquashOutcome): void {
  if (squash === "joins") assert.equal(outcome.kind, "proven", JSON.stringify(outcome));
  if (squash === "split") assert.equal(outcome.kind, "apart", JSON.stringify(outcome));
  if (outcome.kind === "proven") return;
  const said = outcome.reasons.join("; ");
  assert.ok(said.toLowerCase().includes(because), `${because} is not said: ${said}`);
}

/** The SQLSTATE of the ups as Hasura's CLI joins them, one text after the other; undefined where that succeeds. */
async function plainFailure(
  scratch: Scratch,
  { before = "", migrations }: Joined,
): Promise<string | undefined> {
  await using database = await scratch.database();
  await database.run(before);
  try {
    await database.run(migrations.map(({ up }) => up).join("\n"));
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error.sqlState;
    throw error;
  }
}
