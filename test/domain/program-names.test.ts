import assert from "node:assert/strict";
import fc from "fast-check";
import type { PipelineId } from "#src/domain/job-id.js";
import { pipelineId } from "#src/domain/job-id.js";
import { type Nameable, programNames } from "#src/domain/program-names.js";
import { pipelineIds, texts } from "../support/live-pipelines.js";

const nameables: fc.Arbitrary<readonly Nameable[]> = fc.uniqueArray(
  fc.record({
    id: pipelineIds,
    name: texts,
    tables: fc.array(fc.record({ tableSchema: texts, tableName: texts }), { maxLength: 2 }),
  }),
  { maxLength: 12, selector: ({ id }) => id },
);

describe("the names of pipelines in a program", () => {
  it("are identifiers and names of resources that no two share", () => {
    fc.assert(
      fc.property(nameables, (pipelines) => {
        const names = programNames(pipelines);

        const constants = names.map(({ constant }) => constant);
        assert.equal(new Set(constants).size, pipelines.length);
        assert.equal(new Set(names.map(({ resource }) => resource)).size, pipelines.length);
        assert.ok(constants.every((constant) => /^[a-z][a-zA-Z0-9]*$/.test(constant)));
        assert.ok(names.every(({ resource }) => /^[a-z0-9][a-z0-9-]*$/.test(resource)));
      }),
    );
  });

  it("do not depend on the order in which pipelines come", () => {
    fc.assert(
      fc.property(nameables, (pipelines) => {
        const backwards = programNames(pipelines.toReversed());

        assert.deepEqual(backwards.toReversed(), programNames(pipelines));
      }),
    );
  });

  it("follow from what people call them", () => {
    const called = [
      "Orders",
      "OrdersByDay",
      "Pedidos de São Paulo",
      "7 days",
      "class",
      "a/b_c.d",
      "订单",
      "index",
    ];

    assert.deepEqual(namesOf(...called), [
      "orders: orders",
      "orders-by-day: ordersByDay",
      "pedidos-de-sao-paulo: pedidosDeSaoPaulo",
      "7-days: pipeline7Days",
      "class: classPipeline",
      "a-b-c-d: aBCD",
      "pipeline-00000006: pipeline00000006",
      "index-00000007: index00000007",
    ]);
  });

  it("carry a part of the id where several would be the same", () => {
    const called = ["Orders", "orders!", "Items", "orders-00000000", "a 1", "a1"];

    assert.deepEqual(namesOf(...called), [
      `orders-${idAt(0)}: orders00000000000040008000000000000000`,
      "orders-00000001: orders00000001",
      "items: items",
      "orders-00000000-00000003: orders0000000000000003",
      "a-1-00000004: a100000004",
      "a1-00000005: a100000005",
    ]);
  });

  it("carry one too where only the resources of their jobs would be the same", () => {
    const [one, other] = programNames([
      { id: idAt(0), name: "a", tables: [{ tableSchema: "b-c", tableName: "d" }] },
      { id: idAt(1), name: "a b", tables: [{ tableSchema: "c", tableName: "d" }] },
    ]);

    assert.deepEqual(one?.jobs, ["a-00000000-b-c-d"]);
    assert.deepEqual(other?.jobs, ["a-b-00000001-c-d"]);
  });
});

function namesOf(...called: readonly string[]): readonly string[] {
  const names = programNames(called.map((name, index) => ({ id: idAt(index), name, tables: [] })));
  return names.map(({ resource, constant }) => `${resource}: ${constant}`);
}

function idAt(index: number): PipelineId {
  return pipelineId.parse(`${String(index).padStart(8, "0")}-0000-4000-8000-000000000000`);
}
