import assert from "node:assert/strict";
import fc from "fast-check";
import type { CatalogueObject } from "#src/domain/catalogue.js";
import { standingAmong } from "#src/domain/catalogue-standing.js";

const text = fc.constantFrom("a", "b", null);
/** Objects of few names and few traits, so that two draws meet often. */
const objects: fc.Arbitrary<readonly CatalogueObject[]> = fc
  .dictionary(
    fc.constantFrom("one", "two", "three", "four"),
    fc.record({ type: text, default: text }),
  )
  .map((found) =>
    Object.entries(found).map(([name, traits]) => ({ kind: "column" as const, name, traits })),
  );
/** What a live database holds beside its migrations. */
const others: fc.Arbitrary<readonly CatalogueObject[]> = fc
  .uniqueArray(fc.constantFrom("five", "six", "seven"))
  .map((names) => names.map((name) => ({ kind: "table" as const, name, traits: {} })));
const elsewhere = fc.record({ position: text, owner: text, value: text });

/** The same objects on a server with other roles, and columns in other places. */
function moved(
  found: readonly CatalogueObject[],
  traits: CatalogueObject["traits"],
): readonly CatalogueObject[] {
  return found.map((one) => ({ ...one, traits: { ...one.traits, ...traits } }));
}

function differs(before: readonly CatalogueObject[], after: readonly CatalogueObject[]): boolean {
  const inOrder = (found: readonly CatalogueObject[]) =>
    JSON.stringify(found.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
  return inOrder(before) !== inOrder(after);
}

describe("a database in which a change was begun", () => {
  it("stands after it where it is as after it, whatever else it holds", () => {
    fc.assert(
      fc.property(objects, objects, others, elsewhere, (before, after, more, traits) => {
        fc.pre(differs(before, after));

        const standing = standingAmong({ before, after, live: [...moved(after, traits), ...more] });

        assert.deepEqual(standing, { kind: "applied" });
      }),
    );
  });

  it("stands before it where it is as before it, whatever else it holds", () => {
    fc.assert(
      fc.property(objects, objects, others, elsewhere, (before, after, more, traits) => {
        fc.pre(differs(before, after));

        const standing = standingAmong({
          before,
          after,
          live: [...more, ...moved(before, traits)],
        });

        assert.deepEqual(standing, { kind: "not applied" });
      }),
    );
  });

  it("is never said to stand on one side while a part of the change is as on the other", () => {
    fc.assert(
      fc.property(objects, objects, objects, (before, after, live) => {
        const { kind } = standingAmong({ before, after, live });

        fc.pre(kind !== "unclear");
        const other = standingAmong({ before: after, after: before, live });
        assert.equal(other.kind, kind === "applied" ? "not applied" : "applied");
      }),
    );
  });

  it("cannot be told where the change shows in no object", () => {
    fc.assert(
      fc.property(objects, objects, elsewhere, (before, live, traits) => {
        const standing = standingAmong({ before, after: moved(before, traits), live });

        assert.deepEqual(standing, {
          kind: "unclear",
          differences: [
            "what it changes (rows, owners or the values of sequences) does not show in the catalogue",
          ],
        });
      }),
    );
  });

  it("is told by what servers write alike where they write the rest otherwise", () => {
    const column = (name: string) => ({ kind: "column" as const, name, traits: {} });
    const view = (definition: string) => ({
      kind: "view" as const,
      name: "passed",
      traits: { definition },
    });
    const before = [column("score"), view("SELECT students.score")];
    const after = [column("mark"), view("SELECT students.mark AS score")];

    const old = standingAmong({ before, after, live: [column("score"), view("SELECT score")] });
    const nothing = standingAmong({ before: [view("a")], after: [view("b")], live: [view("c")] });

    assert.deepEqual(old, { kind: "not applied" });
    assert.deepEqual(nothing, {
      kind: "unclear",
      differences: [
        "view passed is not as it would be if it were applied",
        "view passed is not as it would be if it were not applied",
      ],
    });
  });
});
