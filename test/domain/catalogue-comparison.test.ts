import assert from "node:assert/strict";
import fc from "fast-check";
import type { CatalogueObject, ObjectKind, Row, Snapshot } from "#src/domain/catalogue.js";
import { compareSnapshots } from "#src/domain/catalogue-comparison.js";

const names = fc.stringMatching(/^[a-z]{1,4}$/);
const texts = fc.option(fc.constantFrom("1", "2", "text", "'007'"), { nil: null });

const columnObjects = (table: string, columns: readonly string[]): readonly CatalogueObject[] =>
  columns.map((column, at) => ({
    kind: "column",
    name: `${table}.${column}`,
    traits: { table, column, type: "text", notNull: "false", position: String(at + 1) },
  }));

/** A table `t` with a key, some columns and some rows; beside it, objects of other kinds. */
const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    columns: fc.uniqueArray(names, { minLength: 1, maxLength: 5 }),
    isKeyed: fc.boolean(),
    values: fc.array(fc.array(texts, { minLength: 5, maxLength: 5 }), { maxLength: 6 }),
    others: fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom<ObjectKind[]>("index", "view", "trigger", "function", "enum"),
        name: names,
        definition: texts,
      }),
      { selector: ({ kind, name }) => `${kind} ${name}`, maxLength: 5 },
    ),
  })
  .map(({ columns, isKeyed, values, others }) => ({
    objects: [
      { kind: "table" as const, name: "t", traits: { comment: null } },
      ...columnObjects("t", ["id_", ...columns]),
      ...others.map(({ kind, name, definition }) => ({ kind, name, traits: { definition } })),
    ],
    rows: [
      {
        table: "t",
        key: isKeyed ? ["id_"] : [],
        rows: values.map(
          (row, at): Row => ({
            id_: String(at),
            ...Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null])),
          }),
        ),
      },
    ],
  }));

describe("the comparison of snapshots", () => {
  it("finds nothing between a snapshot and itself in another order", () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const [table] = snapshot.rows;
        const turned: Snapshot = {
          objects: snapshot.objects.toReversed(),
          rows: [{ table: "t", key: table?.key ?? [], rows: table?.rows.toReversed() ?? [] }],
        };

        const differences = compareSnapshots(snapshot, turned);

        assert.deepEqual(differences, []);
      }),
    );
  });

  it("finds any one trait that changed, and any object that is gone", () => {
    fc.assert(
      fc.property(snapshots, fc.nat(), fc.nat(), (snapshot, which, trait) => {
        const object = snapshot.objects[which % snapshot.objects.length] as CatalogueObject;
        const keys = Object.keys(object.traits).filter(
          (key) => !["table", "column", "position"].includes(key),
        );
        const key = keys[trait % keys.length] ?? "";
        const others = snapshot.objects.filter((one) => one !== object);
        const changed = {
          ...object,
          traits: { ...object.traits, [key]: "changed", labels: '["b"]' },
        };

        const differs = compareSnapshots(snapshot, { ...snapshot, objects: [...others, changed] });
        const gone = compareSnapshots(snapshot, { ...snapshot, objects: others });

        assert.ok(differs.some((one) => one.object === object.name && one.aspect === "schema"));
        assert.ok(gone.some((one) => one.object === object.name && one.aspect === "schema"));
      }),
    );
  });

  it("finds any one value that changed and any one row that is gone, with their numbers", () => {
    fc.assert(
      fc.property(snapshots, fc.nat(), fc.nat(), (snapshot, which, where) => {
        const [table] = snapshot.rows;
        fc.pre(table !== undefined && table.rows.length > 0);
        const at = which % table.rows.length;
        const row = table.rows[at] as Row;
        const columns = Object.keys(row);
        const column = columns[where % columns.length] ?? "";
        const left = table.rows.toSpliced(at, 1);
        const changed = left.toSpliced(at, 0, { ...row, [column]: "another" });

        const differs = compareSnapshots(snapshot, {
          ...snapshot,
          rows: [{ ...table, rows: changed }],
        });
        const gone = compareSnapshots(snapshot, { ...snapshot, rows: [{ ...table, rows: left }] });

        assert.ok(
          differs.length > 0 && differs.every((one) => one.aspect === "rows" && one.count === 1),
        );
        assert.deepEqual(
          gone.map(({ aspect, object, count, of }) => ({ aspect, object, count, of })),
          [{ aspect: "rows", object: "t", count: 1, of: table.rows.length }],
        );
      }),
    );
  });

  it("finds nothing one way if and only if it finds nothing the other way", () => {
    fc.assert(
      fc.property(snapshots, snapshots, (one, other) => {
        const [there, back] = [compareSnapshots(one, other), compareSnapshots(other, one)];

        assert.equal(there.length === 0, back.length === 0);
      }),
    );
  });

  it("says of columns in another order just that, once", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(names, { minLength: 2, maxLength: 6 }),
        fc.nat(),
        (columns, by) => {
          const cut = 1 + (by % (columns.length - 1));
          const turned = [...columns.slice(cut), ...columns.slice(0, cut)];
          const rows = [{ table: "t", key: [], rows: [] }];

          const differences = compareSnapshots(
            { objects: columnObjects("t", columns), rows },
            { objects: columnObjects("t", turned), rows },
          );

          assert.deepEqual(
            differences.map(({ aspect, object }) => ({ aspect, object })),
            [{ aspect: "position", object: "t" }],
          );
        },
      ),
    );
  });

  it("shows three values that differ, shortened", () => {
    const rows = (values: readonly string[]) => [
      { table: "t", key: ["id"], rows: values.map((value, at) => ({ id: String(at), v: value })) },
    ];

    const differences = compareSnapshots(
      { objects: [], rows: rows(["007", " 8 ", "1e1", "x".repeat(50)]) },
      { objects: [], rows: rows(["7", "8", "10", "y"]) },
    );

    assert.deepEqual(differences, [
      {
        aspect: "rows",
        object: "t.v",
        words:
          "t.v: 4 of 4 values differ ('007' became '7', ' 8 ' became '8', '1e1' became '10', …)",
        count: 4,
        of: 4,
      },
    ]);
  });
});
