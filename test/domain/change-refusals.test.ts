import assert from "node:assert/strict";
import { refusalsOfChange } from "#src/domain/change-refusals.js";
import { aJob, linesOf } from "../support/samples.js";

const refused = "Will not apply the job of table cadastros.pedidos:";
const unchanged = "Nothing was changed.";
const listed = (...more: readonly string[]) => ({
  columnIncludeList: ["id", "valor", "updated_at", ...more],
});

describe("columns", () => {
  it("that were applied and are listed no longer are refused", () => {
    const refusals = refusalsOfChange(aJob({ input: listed("telefone", "fax") }), aJob());

    assert.deepEqual(linesOf(refusals), [
      [
        'Will not take "telefone", "fax" out of the job of table cadastros.pedidos: Maestro cannot remove a column from a job.',
        'Nothing was changed; "telefone", "fax" are still loaded at every run.',
        'Put them back into `columnIncludeList`, or say that you know: `retainedColumns: ["telefone","fax"]`.',
      ],
    ]);
  });

  it("may leave the list once they are retained", () => {
    const news = aJob({ retainedColumns: ["telefone"] });

    assert.deepEqual(refusalsOfChange(aJob({ input: listed("telefone") }), news), []);
  });

  it("that were retained may not be forgotten either", () => {
    const codes = refusalsOfChange(aJob({ retainedColumns: ["telefone"] }), aJob());

    assert.equal(codes[0]?.code, "CHANGE_REFUSED");
  });

  it("cannot be narrowed from all to a list", () => {
    const refusals = refusalsOfChange(aJob({ input: { columnIncludeList: null } }), aJob());

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} it loads every column of its source, and Maestro cannot narrow it to a list.`,
        unchanged,
        "Leave `columnIncludeList` out, or make a new pipeline with the list.",
      ],
    ]);
  });

  it("cannot be widened from a list to all", () => {
    const refusals = refusalsOfChange(aJob(), aJob({ input: { columnIncludeList: undefined } }));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} \`columnIncludeList\` was taken out, and Maestro cannot widen a list to every column.`,
        unchanged,
        "Put `columnIncludeList` back and list the columns to add.",
      ],
    ]);
  });
});

describe("an added column", () => {
  it("is refused in silence about the rows already loaded", () => {
    const refusals = refusalsOfChange(aJob(), aJob({ input: listed("telefone") }));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} "telefone" is new, and nothing says what happens to the rows already loaded.`,
        unchanged,
        'Add `backfill: { columns: ["telefone"], rows: "none" | "all" | { after: … } }`.',
      ],
    ]);
  });

  it("is refused with the backfill of an earlier one", () => {
    const backfill = { columns: ["telefone"], rows: "all" } as const;
    const olds = aJob({ backfill, input: listed("telefone") });
    const news = aJob({ backfill, input: listed("telefone", "email") });

    assert.deepEqual(linesOf(refusalsOfChange(olds, news)), [
      [
        `${refused} its \`backfill\` is for "telefone", but the columns being added are "email".`,
        unchanged,
        'Make it `backfill: { columns: ["email"], rows: "none" | "all" | { after: … } }`.',
      ],
    ]);
  });

  it("is accepted with a backfill of its own, in whatever order", () => {
    const backfill = { columns: ["email", "telefone"], rows: "none" } as const;
    const news = aJob({ backfill, input: listed("telefone", "email") });

    assert.deepEqual(refusalsOfChange(aJob(), news), []);
  });

  it("is refused when its source does not have it", () => {
    const backfill = { columns: ["telefoen"], rows: "none" } as const;
    const sourceColumns = ["id", "valor", "updated_at", "telefone"];
    const news = aJob({ backfill, sourceColumns, input: listed("telefoen") });

    assert.deepEqual(linesOf(refusalsOfChange(aJob(), news)), [
      [
        `${refused} its source has no column "telefoen", and a run would fail for it.`,
        unchanged,
        "Add the column to the source first, or correct its name: it cannot be taken out of the job later.",
      ],
    ]);
  });
});

describe("a changed trigger", () => {
  it("is refused without a backfill to repeat", () => {
    const refusals = refusalsOfChange(aJob(), aJob({ triggers: ["again"] }));

    assert.deepEqual(linesOf(refusals), [
      [
        `${refused} \`triggers\` changed, which repeats the backfill, and there is none.`,
        unchanged,
        "Add the `backfill` to repeat, or set `triggers` back.",
      ],
    ]);
  });
});

describe("what Maestro cannot change in a job", () => {
  const qualify = { loadType: "incremental_with_qualify" } as const;
  const auth = { authType: "connection_manager", configId: "config-2" } as const;
  const output = { plugin: "dadosfera_snowflake", raw: { tableName: "PEDIDOS" } } as const;
  const fixed = [
    ["input.plugin", '"mysql"', {}, { input: { plugin: "postgresql" } }],
    ["input.tableSchema", '"cadastros"', {}, { input: { tableSchema: "vendas" } }],
    ["input.tableName", '"pedidos"', {}, { input: { tableName: "clientes" } }],
    [
      "input.authParameters",
      '{"authType":"connection_manager","configId":"config-1"}',
      {},
      { input: { authParameters: auth } },
    ],
    ["input.networkConfig", "null", {}, { input: { networkConfig: { vpn: "a" } } }],
    ["input.incrementalColumnName", '"updated_at"', {}, { input: { incrementalColumnName: "id" } }],
    [
      "input.incrementalColumnType",
      '"timestamp"',
      {},
      { input: { incrementalColumnType: "date" } },
    ],
    ["output", '{"plugin":"dadosfera_snowflake"}', {}, { output }],
    ["transformations", "[]", {}, { transformations: [{ kind: "mask" }] }],
    ["primaryKeys", '["id"]', { input: qualify }, { input: qualify, primaryKeys: ["valor"] }],
  ] as const;

  for (const [field, value, before, after] of fixed) {
    it(`is refused, naming ${field} and what it was`, () => {
      assert.deepEqual(linesOf(refusalsOfChange(aJob(before), aJob(after))), [
        [
          `${refused} \`${field}\` changed, and Maestro has no operation that changes it and keeps the job's state.`,
          unchanged,
          `Set \`${field}\` back to ${value}, or make a new pipeline for the table.`,
        ],
      ]);
    });
  }

  it("is refused, naming the job id", () => {
    const news = aJob({ jobId: "7b8b3399-b8c0-4fc5-9116-142cd9f4e7ae-1" });

    assert.match(refusalsOfChange(aJob(), news)[0]?.happened ?? "", /`jobId` changed/);
  });

  it("is not the cursor of a job that becomes incremental", () => {
    const olds = aJob({
      input: {
        loadType: "full_load",
        incrementalColumnName: undefined,
        incrementalColumnType: undefined,
      },
    });

    assert.deepEqual(refusalsOfChange(olds, aJob()), []);
  });

  it("is not the keys that serve verification only", () => {
    assert.deepEqual(refusalsOfChange(aJob(), aJob({ primaryKeys: ["valor"] })), []);
  });
});
