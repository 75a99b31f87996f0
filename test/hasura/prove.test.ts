import assert from "node:assert/strict";
import { proveSquash } from "#src/hasura/squash/prove.js";
import { migrationsOf, type Pair, sharedScratch } from "../support/verified.js";

const start = sharedScratch();
const TABLE: Pair = ["CREATE TABLE a (id serial PRIMARY KEY, t text NOT NULL)", "DROP TABLE a"];

async function proofOf(parts: readonly Pair[], squash?: Pair) {
  const [first, ...rest] = migrationsOf(TABLE, ...parts);
  const joined = (sql: readonly (string | undefined)[]) => sql.join(";\n");
  const ups = joined(parts.map(([up]) => up));
  const downs = joined(parts.map(([, down]) => down).toReversed());
  const [up = ups, down = downs] = squash ?? [];
  return proveSquash(await start(), {
    before: first === undefined ? [] : [first],
    parts: rest,
    squash: { up, down },
    prelude: undefined,
    seeds: [],
  });
}

function reasonsOf(answer: Awaited<ReturnType<typeof proofOf>>): string {
  return answer.kind === "refuted" ? answer.reasons.join("\n") : answer.kind;
}

describe("a squash", () => {
  it("is proven where it does the same as its parts, over rows, with what their downs lose", async () => {
    const answer = await proofOf([
      ["ALTER TABLE a ADD n int", "ALTER TABLE a DROP n"],
      ["UPDATE a SET t = upper(t)", "UPDATE a SET t = lower(t)"],
    ]);

    assert.equal(answer.kind, "proven");
    assert.ok(answer.kind === "proven" && answer.tables === 1 && answer.rows > 5);
    assert.match(answer.losses.join(), /a\.t: \d+ of \d+ values differ/);
  });

  it("is not proven where a migration before it does not run here", async () => {
    const [before, ...parts] = migrationsOf(["SELECT * FROM nowhere", "SELECT 1"], TABLE);

    const answer = await proveSquash(await start(), {
      before: before === undefined ? [] : [before],
      parts,
      squash: { up: TABLE[0] ?? "", down: TABLE[1] ?? "" },
      prelude: undefined,
      seeds: [],
    });

    assert.match(reasonsOf(answer), /stands before the parts and does not run here/);
  });

  it("is proven though both read a clock or draw lots", async () => {
    const answer = await proofOf([
      ["ALTER TABLE a ADD at timestamptz DEFAULT clock_timestamp()", "ALTER TABLE a DROP at"],
      [
        "CREATE TABLE b (id text PRIMARY KEY DEFAULT md5(random()::text)); INSERT INTO b DEFAULT VALUES",
        "DROP TABLE b",
      ],
    ]);

    assert.equal(reasonsOf(answer), "proven");
  });

  it("is refuted where parts see that they are in one transaction", async () => {
    const answer = await proofOf([
      [
        "CREATE TABLE b (at timestamptz DEFAULT now()); INSERT INTO b DEFAULT VALUES",
        "DROP TABLE b",
      ],
      ["DELETE FROM b WHERE at < now()", "SELECT 1"],
    ]);

    assert.match(
      reasonsOf(answer),
      /^after the up, the squash differs from its parts: b: 1 row was left over/,
    );
  });

  it("is refuted where its up, its down or its second up leads elsewhere", async () => {
    const add: Pair = ["ALTER TABLE a ADD n int", "ALTER TABLE a DROP n"];
    const ask = async (squash: Pair) => reasonsOf(await proofOf([add], squash));

    assert.match(
      await ask(["ALTER TABLE a ADD n bigint", "ALTER TABLE a DROP n"]),
      /after the up, .* a\.n: type/,
    );
    assert.match(
      await ask([add[0], "UPDATE a SET t = 'x'; ALTER TABLE a DROP n"]),
      /after the down, .* a\.t: /,
    );
    assert.match(await ask([add[0], "SELECT 1"]), /after the down, .* a\.n: column was left over/);
    assert.match(
      await ask(["ALTER TABEL a", "SELECT 1"]),
      /the up of the squash fails in one transaction/,
    );
  });

  it("does not pass off rows made up here for rows that its parts removed", async () => {
    const answer = await proofOf([["DELETE FROM a", "SELECT 1"]]);

    assert.match(
      answer.kind === "proven" ? answer.losses.join() : "",
      /a: (\d+) of \1 rows are gone/,
    );
  });

  it("is proven over what its parts take, where they refuse some rows", async () => {
    const cast: Pair = [
      "ALTER TABLE a ALTER t TYPE numeric USING t::numeric",
      "ALTER TABLE a ALTER t TYPE text",
    ];

    const taken = await proofOf([cast]);
    const ending = await proofOf([
      ["BEGIN; ALTER TABLE a ALTER t TYPE numeric USING t::numeric; COMMIT", cast[1]],
    ]);

    assert.equal(taken.kind, "proven");
    assert.match(reasonsOf(ending), /^2_m: invalid input syntax for type numeric/);
  });
});
