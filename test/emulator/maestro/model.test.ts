import assert from "node:assert/strict";
import fc from "fast-check";
import { ordersPipeline, rowsOf, runOnce } from "./destination.js";
import { emulatedMaestro, type PipelineBody } from "./maestro-under-test.js";

type Emulated = Awaited<ReturnType<typeof emulatedMaestro>>;

/** Cursors at the source, cursors at the destination, and where the next run resumes. */
interface Model {
  source: readonly number[];
  loaded: readonly number[];
  bookmark: number | undefined;
}

interface Real {
  readonly maestro: Emulated;
  readonly pipeline: PipelineBody;
  readonly table: string;
}

type Step = fc.AsyncCommand<Model, Real>;

const insert = (cursor: number): Step => ({
  check: () => true,
  async run(model, { maestro, table }) {
    model.source = [...model.source, cursor];
    await maestro.emulator.source.run(`INSERT INTO cadastros.${table} VALUES (${cursor})`);
  },
  toString: () => `insert ${cursor}`,
});

const reset = (bookmark: number | undefined): Step => ({
  check: () => true,
  async run(model, { maestro, pipeline }) {
    model.bookmark = bookmark;
    const body = bookmark === undefined ? undefined : { incremental_column_value: bookmark };
    await maestro.send("POST", `/platform/jobs/${pipeline.id}-0/reset-state`, body);
  },
  toString: () => `reset ${bookmark}`,
});

const execute = (isDoomed: boolean): Step => ({
  check: () => true,
  async run(model, { maestro, pipeline, table }) {
    const from = model.bookmark ?? Number.NEGATIVE_INFINITY;
    const rows = isDoomed ? [] : model.source.filter((cursor) => cursor > from);
    model.loaded = [...model.loaded, ...rows];
    if (rows.length > 0) model.bookmark = Math.max(...rows);
    if (isDoomed) maestro.emulator.runs.failNext("told to fail");
    await runOnce(maestro, pipeline);
    assert.equal(maestro.emulator.bookmark(`${pipeline.id}-0`), model.bookmark?.toString());
    if (model.loaded.length === 0) return;
    const loaded = await rowsOf(maestro, `SELECT C FROM PUBLIC.${table} ORDER BY C`);
    assert.deepEqual(
      loaded.map(Number),
      model.loaded.toSorted((a, b) => a - b),
    );
  },
  toString: () => (isDoomed ? "execute, and fail" : "execute"),
});

describe("an emulated incremental job", () => {
  it("[D] agrees with a model of a source, a bookmark and a table, whatever happens in whatever order", async function () {
    this.timeout(30_000);
    await using maestro = await emulatedMaestro(this);
    const cursors = fc.integer({ min: 1, max: 20 });
    const steps = fc.commands(
      [
        cursors.map(insert),
        fc.option(cursors, { nil: undefined }).map(reset),
        fc.constant(execute(false)),
        fc.constant(execute(true)),
      ],
      { maxCommands: 12 },
    );
    let count = 0;

    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        count += 1;
        const table = `T${count}`;
        await maestro.emulator.source.run(`CREATE TABLE cadastros.${table} (c BIGINT)`);
        const pipeline = ordersPipeline({
          input: {
            table_name: table,
            incremental_column_name: "c",
            incremental_column_type: "bigint",
            column_include_list: ["c"],
          },
          output: { raw: { table_name: table } },
        });
        await maestro.create(pipeline);
        const model: Model = { source: [], loaded: [], bookmark: undefined };
        await fc.asyncModelRun(() => ({ model, real: { maestro, pipeline, table } }), commands);
      }),
      { numRuns: 30 },
    );
  });
});
