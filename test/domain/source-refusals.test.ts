import assert from "node:assert/strict";
import fc from "fast-check";
import { sourceRefusals } from "#src/domain/source-refusals.js";
import { columnsOf, compacted } from "#src/domain/source-table.js";
import { columnNames } from "../support/arbitraries.js";
import { aJob } from "../support/samples.js";

const column = (name: string, type = "integer", migration = "1_orders") => ({
  name,
  type,
  migration,
});
const TABLE = {
  columns: [column("id"), column("valor", "text"), column("updated_at", "timestamp")],
};
const without = (name: string) => ({
  columns: TABLE.columns.filter((one) => one.name !== name),
  removed: [{ name, migration: "7_rename_valor" }],
});

describe("a job whose source is migrated", () => {
  it("goes on while the source has every column that it loads, of the type that it had", () => {
    const olds = aJob({ sourceColumns: compacted(TABLE) });

    assert.deepEqual(sourceRefusals(olds, aJob({ sourceColumns: TABLE })), []);
  });

  it("is refused for a column that a migration takes away, naming job, table and migration", () => {
    const olds = aJob({ sourceColumns: compacted(TABLE) });

    const refusals = sourceRefusals(olds, aJob({ sourceColumns: without("valor") }));

    assert.deepEqual(refusals, [
      {
        code: "SOURCE_COLUMN_LOST",
        happened:
          'Will not go on with the job 7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-0 of table cadastros.pedidos: it loads "valor", and migration 7_rename_valor removes or renames it at the source.',
        now: "Nothing was changed. Without the column every run of the job would fail, and Maestro cannot take a column out of a job.",
        next: 'Keep "valor" at the source: add what is new beside it, or take the migration out of this change.',
      },
    ]);
  });

  it("is refused for a column that gets another type", () => {
    const olds = aJob({ sourceColumns: compacted(TABLE) });
    const columns = [
      column("id"),
      column("valor", "numeric", "8_cast"),
      column("updated_at", "timestamp"),
    ];

    const [refusal, ...more] = sourceRefusals(olds, aJob({ sourceColumns: { columns } }));

    assert.deepEqual(more, []);
    assert.match(
      refusal?.happened ?? "",
      /"valor", whose type changes from text to numeric at the source by migration 8_cast/,
    );
  });

  it("is refused for a column that is only retained: it is still loaded", () => {
    const news = aJob({ retainedColumns: ["status"], sourceColumns: TABLE });

    assert.match(
      sourceRefusals(aJob({ retainedColumns: ["status"] }), news)[0]?.happened ?? "",
      /"status"/,
    );
  });

  it("leaves a column that is new to the job to the check of its backfill", () => {
    const columnIncludeList = ["id", "valor", "updated_at", "graded_at"];

    assert.deepEqual(
      sourceRefusals(aJob(), aJob({ input: { columnIncludeList }, sourceColumns: TABLE })),
      [],
    );
  });

  it("is not refused where only names are given, as before", () => {
    fc.assert(
      fc.property(fc.array(columnNames), (sourceColumns) => {
        assert.deepEqual(sourceRefusals(aJob(), aJob({ sourceColumns })), []);
      }),
    );
  });

  it("keeps names and types of its source in the state, and nothing else", () => {
    const kept = compacted(without("valor"));

    assert.deepEqual(kept, { id: "integer", updated_at: "timestamp" });
    assert.deepEqual(
      columnsOf(kept).map(({ name }) => name),
      ["id", "updated_at"],
    );
  });
});
