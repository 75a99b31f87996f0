import assert from "node:assert/strict";
import fc from "fast-check";
import { type ChosenColumn, chooseValues, ranksFor } from "#src/hasura/seeds/choice.js";
import type { SeedType } from "#src/hasura/seeds/seed-type.js";
import { orderTables } from "#src/hasura/seeds/table-order.js";
import { sameInAll, valuesOf } from "#src/hasura/seeds/values.js";
import { columnNames } from "../support/arbitraries.js";

const scalars = fc
  .constantFrom(
    "text",
    "varchar",
    "int2",
    "int4",
    "int8",
    "numeric",
    "float8",
    "date",
    "timestamptz",
    "uuid",
    "jsonb",
    "bool",
    "bytea",
  )
  .map((name): SeedType => ({ kind: "scalar", name, modifiers: [] }));
const enums = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 60 })
  .map((labels): SeedType => ({ kind: "enum", labels }));
const types = fc.oneof(
  scalars,
  enums,
  scalars.map((of): SeedType => ({ kind: "array", of })),
);

const columnOf = (name: string, type: SeedType, isNullable: boolean): ChosenColumn => ({
  name,
  isNullable,
  values: valuesOf(type) ?? sameInAll(["never"]),
});

/** A table whose columns share a few types, so that many could be mistaken for each other. */
const tables = fc
  .tuple(
    fc.uniqueArray(columnNames, { minLength: 1, maxLength: 20 }),
    fc.array(types, { minLength: 1, maxLength: 3 }),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  )
  .map(([names, some, nullable]) =>
    names.map((name, index) =>
      columnOf(
        name,
        some[index % some.length] ?? some[0] ?? TEXT,
        nullable[index % nullable.length] ?? true,
      ),
    ),
  );
const TEXT: SeedType = { kind: "scalar", name: "text", modifiers: [] };

const chosenFor = (columns: readonly ChosenColumn[]) => chooseValues(columns, ranksFor(columns));

describe("the choice of values", () => {
  it("is the same for the same columns", () => {
    fc.assert(
      fc.property(tables, (columns) => {
        assert.deepEqual(chosenFor(columns), chosenFor(columns));
      }),
    );
  });

  it("gives no two columns the same values in all rows, if their type has enough", () => {
    const wide = tables.filter((columns) =>
      columns.every(({ values }) => new Set(values.plain).size > 4),
    );

    fc.assert(
      fc.property(wide, (columns) => {
        const lists = [...chosenFor(columns).values()].map((list) => JSON.stringify(list));
        assert.equal(new Set(lists).size, columns.length);
      }),
    );
  });

  it("gives a nullable column one null, and no other any", () => {
    fc.assert(
      fc.property(tables, (columns) => {
        const chosen = chosenFor(columns);
        const nulls = columns.map(
          ({ name }) => chosen.get(name)?.filter((value) => value === null).length,
        );
        assert.deepEqual(
          nulls,
          columns.map(({ isNullable }) => (isNullable ? 1 : 0)),
        );
      }),
    );
  });

  it("gives every label of an enum", () => {
    fc.assert(
      fc.property(enums, columnNames, fc.boolean(), (type, name, isNullable) => {
        const column = columnOf(name, type, isNullable);
        const given = new Set(chosenFor([column]).get(name));
        assert.deepEqual(
          column.values.plain.filter((label) => !given.has(label)),
          [],
        );
      }),
    );
  });

  it("gives distinct values, for a unique key", () => {
    const keys = fc.constantFrom(
      "text",
      "int2",
      "int4",
      "int8",
      "numeric",
      "uuid",
      "timestamptz",
      "bytea",
    );

    fc.assert(
      fc.property(keys, columnNames, fc.boolean(), (type, name, isNullable) => {
        const column = columnOf(name, { kind: "scalar", name: type, modifiers: [] }, isNullable);
        const list = chosenFor([column]).get(name) ?? [];
        assert.equal(new Set(list).size, list.length);
      }),
    );
  });

  it("stays within the length of a text and the digits of a number", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        (length, digits) => {
          const texts = valuesOf({ kind: "scalar", name: "varchar", modifiers: [length] });
          const numbers = valuesOf({ kind: "scalar", name: "numeric", modifiers: [digits, 0] });
          const all = [texts?.plain, texts?.tricky, texts?.harsh].flatMap((list) => list ?? []);
          const wide = [numbers?.plain, numbers?.tricky, numbers?.harsh].flatMap(
            (list) => list ?? [],
          );
          assert.ok(all.every((text) => [...text].length <= length));
          assert.ok(wide.every((text) => text === "NaN" || Math.abs(Number(text)) <= 10 ** digits));
        },
      ),
    );
  });
});

describe("the order of tables", () => {
  const dependencies = fc.array(
    fc.record({
      table: fc.constantFrom("a", "b", "c", "d", "e"),
      parent: fc.constantFrom("a", "b", "c", "d", "e"),
      canWait: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  const names = ["a", "b", "c", "d", "e"];

  it("names each table once, and parents first unless a foreign key waits or the circle cannot be broken", () => {
    fc.assert(
      fc.property(dependencies, (given) => {
        const { tables: order, later } = orderTables(names, given);
        const early = given.filter(
          (one) =>
            one.table !== one.parent &&
            one.canWait &&
            !later.has(one) &&
            order.indexOf(one.parent) > order.indexOf(one.table),
        );
        assert.deepEqual([...order].sort(), names);
        assert.deepEqual(early, []);
      }),
    );
  });

  it("puts parents first wherever that can be", () => {
    const downwards = dependencies.map((given) =>
      given.filter(({ table, parent }) => table > parent),
    );

    fc.assert(
      fc.property(downwards, (given) => {
        const { tables: order, later } = orderTables([...names].reverse(), given);
        assert.equal(later.size, 0);
        assert.ok(given.every(({ table, parent }) => order.indexOf(parent) < order.indexOf(table)));
      }),
    );
  });

  it("lets a circle begin with a table whose foreign keys can wait", () => {
    const waits = { table: "b", parent: "a", canWait: true };

    const order = orderTables(["a", "b"], [{ table: "a", parent: "b", canWait: false }, waits]);

    assert.deepEqual(order, { tables: ["b", "a"], later: new Set([waits]) });
  });
});
