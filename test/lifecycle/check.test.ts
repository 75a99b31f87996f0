import assert from "node:assert/strict";
import { providersOf } from "#src/adapter/provider.js";
import { aJob, aPipeline, type Props, withTelefone } from "../support/world.js";

const TABLE = "Will not apply the job of table cadastros.pedidos";
const COLUMNS = ["id", "cliente_id", "valor", "status", "created_at", "updated_at"];

describe("a job's own description is refused", () => {
  it("without a cursor", async () => {
    const { incrementalColumnName: _name, ...input } = aJob()["input"] as Props;

    assert.deepEqual(await refusals("Job", {}, { ...aJob(), input }), [
      `${TABLE}: \`incremental\` needs a cursor, and \`incrementalColumnName\` or \`incrementalColumnType\` is missing.\n` +
        "Nothing was changed.\n" +
        "Name the column that grows with each insert and update, and its type at the source.",
    ]);
  });

  it("with a cursor and a key that it does not load", async () => {
    assert.deepEqual(await refusals("Job", {}, aJob({ input: { columnIncludeList: ["valor"] } })), [
      `${TABLE}: its cursor "updated_at" is not among the columns it loads.\nNothing was changed.\nAdd "updated_at" to \`columnIncludeList\`.`,
      `${TABLE}: the primary key "id" is not among the columns it loads.\nNothing was changed.\nAdd "id" to \`columnIncludeList\`.`,
    ]);
  });

  it("with no column, or one twice", async () => {
    const none = aJob({
      input: { columnIncludeList: [], loadType: "full_load" },
      primaryKeys: ["id"],
    });
    const twice = aJob({ input: { columnIncludeList: [...COLUMNS, "id"] } });

    assert.equal(
      (await refusals("Job", {}, none))[0],
      `${TABLE}: \`columnIncludeList\` is empty.\nNothing was changed.\nList the columns to load, or leave \`columnIncludeList\` out to load them all.`,
    );
    assert.deepEqual(await refusals("Job", {}, twice), [
      `${TABLE}: "id" is listed more than once.\nNothing was changed.\nList each column once.`,
    ]);
  });

  it("without the keys that deduplication needs", async () => {
    const { primaryKeys: _keys, ...job } = aJob({
      input: { loadType: "incremental_with_qualify" },
    });

    assert.deepEqual(await refusals("Job", {}, job), [
      `${TABLE}: \`incremental_with_qualify\` keeps one row per key, and \`primaryKeys\` is missing.\nNothing was changed.\nName the columns of the source table's primary key in \`primaryKeys\`.`,
    ]);
  });

  it("with a bookmark that its cursor could not hold", async () => {
    assert.deepEqual(await refusals("Job", {}, withTelefone({ after: "yesterday" })), [
      `${TABLE}: the bookmark "yesterday" is not a timestamp (YYYY-MM-DD HH:MM:SS in UTC), which this cursor holds.\nNothing was changed.\nGive \`backfill.rows.after\` as a value that the cursor could hold.`,
    ]);
  });

  it("with a bookmark where each run loads everything", async () => {
    const full = aJob({
      input: { loadType: "full_load" },
      backfill: { columns: ["status"], rows: { after: "2025-12-17 16:49:00" } },
    });

    assert.deepEqual(await refusals("Job", {}, full), [
      `${TABLE}: \`full_load\` knows no \`{ after }\`: each of its runs loads every row.\nNothing was changed.\nSay \`rows: "all"\`.`,
    ]);
  });
});

describe("a change of a job is refused", () => {
  it("that says nothing about the rows already loaded", async () => {
    const { backfill: _backfill, ...news } = withTelefone();

    assert.deepEqual(await refusals("Job", aJob(), news), [
      `${TABLE}: "telefone" is new, and nothing says what happens to the rows already loaded.\n` +
        "Nothing was changed.\n" +
        'Add `backfill: { columns: ["telefone"], rows: "none" | "all" | { after: … } }`.',
    ]);
  });

  it("whose backfill speaks of other columns", async () => {
    const news = { ...withTelefone(), backfill: { columns: ["status"], rows: "all" } };

    assert.deepEqual(await refusals("Job", aJob(), news), [
      `${TABLE}: its \`backfill\` is for "status", but the columns being added are "telefone".\n` +
        "Nothing was changed.\n" +
        'Make it `backfill: { columns: ["telefone"], rows: "none" | "all" | { after: … } }`.',
    ]);
  });

  it("that adds a column which the source lacks", async () => {
    const news = { ...withTelefone(), sourceColumns: COLUMNS };

    assert.deepEqual(await refusals("Job", aJob(), news), [
      `${TABLE}: its source has no column "telefone", and a run would fail for it.\n` +
        "Nothing was changed.\n" +
        "Add the column to the source first, or correct its name: it cannot be taken out of the job later.",
    ]);
  });

  it("that drops a column, until the program says that it is retained", async () => {
    const without = COLUMNS.filter((column) => column !== "status");
    const news = aJob({ input: { columnIncludeList: without } });

    assert.deepEqual(await refusals("Job", aJob(), news), [
      'Will not take "status" out of the job of table cadastros.pedidos: Maestro cannot remove a column from a job.\n' +
        'Nothing was changed; "status" is still loaded at every run.\n' +
        'Put it back into `columnIncludeList`, or say that you know: `retainedColumns: ["status"]`.',
    ]);
    assert.deepEqual(await refusals("Job", aJob(), { ...news, retainedColumns: ["status"] }), []);
  });

  it("that lists columns where it loads all of them", async () => {
    const { columnIncludeList: _list, ...input } = aJob()["input"] as Props;

    const [first] = await refusals("Job", { ...aJob(), input }, aJob());

    assert.equal(
      first,
      `${TABLE}: it loads every column of its source, and Maestro cannot narrow it to a list.\nNothing was changed.\nLeave \`columnIncludeList\` out, or make a new pipeline with the list.`,
    );
  });

  it("that no longer lists columns", async () => {
    const { columnIncludeList: _list, ...input } = aJob()["input"] as Props;

    assert.deepEqual(await refusals("Job", aJob(), { ...aJob(), input }), [
      `${TABLE}: \`columnIncludeList\` was taken out, and Maestro cannot widen a list to every column.\nNothing was changed.\nPut \`columnIncludeList\` back and list the columns to add.`,
    ]);
  });

  it("that Maestro has no operation for", async () => {
    assert.deepEqual(await refusals("Job", aJob(), aJob({ input: { tableName: "itens" } })), [
      `${TABLE}: \`input.tableName\` changed, and Maestro has no operation that changes it and keeps the job's state.\nNothing was changed.\nSet \`input.tableName\` back to "pedidos", or make a new pipeline for the table.`,
    ]);
  });

  it("that repeats a backfill which is not there", async () => {
    assert.deepEqual(await refusals("Job", aJob(), aJob({ triggers: ["again"] })), [
      `${TABLE}: \`triggers\` changed, which repeats the backfill, and there is none.\nNothing was changed.\nAdd the \`backfill\` to repeat, or set \`triggers\` back.`,
    ]);
  });
});

describe("arguments that cannot be read are refused", () => {
  it("all at once, each by its name", async () => {
    const news = aPipeline({ cron: "every day", paused: "yes", colunas: [] });

    const said = await refusals("Pipeline", {}, news);

    assert.deepEqual(
      said.map((text) => text.split("\n")[0]),
      [
        'Cannot use the arguments of this resource: `cron` is not a schedule: Maestro takes five cron fields, "@once", or null for manual execution only.',
        "Cannot use the arguments of this resource: `paused` Invalid input: expected boolean, received string.",
        'Cannot use the arguments of this resource: Unrecognized key: "colunas".',
      ],
    );
  });

  it("with the choices there are", async () => {
    const [first] = await refusals("Job", aJob(), withTelefone("some"));

    assert.equal(
      first,
      'Cannot use the arguments of this resource: `backfill.rows` is none of "none", "all" and { after: <cursor value> }.\n' +
        "Nothing was changed.\n" +
        "Correct the program; the argument's documentation says what it takes.",
    );
  });
});

const providers = providersOf(() => assert.fail("check asks nobody"));

/** The reasons as Pulumi shows them: no property beside them, and three lines each. */
async function refusals(
  resource: "Pipeline" | "Job",
  olds: Props,
  news: Props,
): Promise<readonly string[]> {
  const failures = (await providers[resource].check?.(olds, news))?.failures ?? [];
  assert.ok(failures.every(({ property }) => property === ""));
  assert.ok(failures.every(({ reason }) => reason.split("\n").length === 3));
  return failures.map(({ reason }) => reason);
}
