import assert from "node:assert/strict";
import { refusalsOfJob } from "#src/domain/job-refusals.js";
import { aJob, linesOf } from "../support/samples.js";

const refused = "Will not apply the job of table cadastros.pedidos:";
const unchanged = "Nothing was changed.";

describe("a job", () => {
  it("is accepted as the walkthrough describes it", () => {
    assert.deepEqual(refusalsOfJob(aJob()), []);
  });

  it("without a cursor is refused where it loads incrementally", () => {
    const job = aJob({ input: { incrementalColumnName: undefined } });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [
        `${refused} \`incremental\` needs a cursor, and \`incrementalColumnName\` or \`incrementalColumnType\` is missing.`,
        unchanged,
        "Name the column that grows with each insert and update, and its type at the source.",
      ],
    ]);
  });

  it("without its cursor among the columns it loads is refused", () => {
    const job = aJob({ input: { columnIncludeList: ["id", "valor"] } });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [
        `${refused} its cursor "updated_at" is not among the columns it loads.`,
        unchanged,
        'Add "updated_at" to `columnIncludeList`.',
      ],
    ]);
  });

  it("may retain its cursor without listing it", () => {
    const job = aJob({
      input: { columnIncludeList: ["id", "valor"] },
      retainedColumns: ["updated_at"],
    });

    assert.deepEqual(refusalsOfJob(job), []);
  });

  it("that keeps one row per key is refused without keys", () => {
    const job = aJob({ primaryKeys: undefined, input: { loadType: "incremental_with_qualify" } });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [
        `${refused} \`incremental_with_qualify\` keeps one row per key, and \`primaryKeys\` is missing.`,
        unchanged,
        "Name the columns of the source table's primary key in `primaryKeys`.",
      ],
    ]);
  });

  it("is refused when a key is not among the columns it loads", () => {
    assert.deepEqual(linesOf(refusalsOfJob(aJob({ primaryKeys: ["id", "filial"] }))), [
      [
        `${refused} the primary key "filial" is not among the columns it loads.`,
        unchanged,
        'Add "filial" to `columnIncludeList`.',
      ],
    ]);
  });

  it("is refused with an empty list of columns", () => {
    const job = aJob({
      primaryKeys: undefined,
      input: { loadType: "full_load", columnIncludeList: [] },
    });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [
        `${refused} \`columnIncludeList\` is empty.`,
        unchanged,
        "List the columns to load, or leave `columnIncludeList` out to load them all.",
      ],
    ]);
  });

  it("is refused when a column is listed twice, retained ones included", () => {
    const job = aJob({
      input: { columnIncludeList: ["id", "valor", "valor", "updated_at"] },
      retainedColumns: ["id"],
    });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [`${refused} "valor", "id" are listed more than once.`, unchanged, "List each column once."],
    ]);
  });

  it("that loads every row at each run is refused with a bookmark", () => {
    const backfill = { columns: ["telefone"], rows: { after: "2025-12-17 16:49:00" } };
    const job = aJob({ backfill, input: { loadType: "full_load" } });

    assert.deepEqual(linesOf(refusalsOfJob(job)), [
      [
        `${refused} \`full_load\` knows no \`{ after }\`: each of its runs loads every row.`,
        unchanged,
        'Say `rows: "all"`.',
      ],
    ]);
  });

  it("is refused with a bookmark that its cursor cannot hold", () => {
    const backfill = { columns: ["telefone"], rows: { after: "2025-12-17" } };

    assert.deepEqual(linesOf(refusalsOfJob(aJob({ backfill }))), [
      [
        `${refused} the bookmark "2025-12-17" is not a timestamp (YYYY-MM-DD HH:MM:SS in UTC), which this cursor holds.`,
        unchanged,
        "Give `backfill.rows.after` as a value that the cursor could hold.",
      ],
    ]);
  });

  it("is told everything that is wrong at once", () => {
    const job = aJob({ input: { columnIncludeList: ["valor", "valor"] } });

    assert.equal(refusalsOfJob(job).length, 3);
  });
});
